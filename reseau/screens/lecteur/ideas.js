"use strict";
// What residents say by touch: a need, a reason, perhaps a spot. Never a word, never who.
Ecran.ideas = (() => {
  const { html, draw, wait } = Ecran;
  const IDLE = 60e3;
  const THANKS = 8e3;
  const THOUSANDTHS = 1000;
  let leave = null; // ends the visit under way
  let timer = 0;

  function counted({ words, content }) {
    const { counts } = content.ideas;
    return Object.keys(counts).filter((key) => words.language.needs[key]).sort((a, b) => counts[b] - counts[a])
      .map((key) => draw.card({
        kind: "counted", lead: draw.icon(key), title: words.need(key),
        lines: [html("p", { class: "status" }, words.say("ideas_said", { n: String(counts[key]) }))],
      }));
  }

  function button(name, drawn, said, act) {
    const made = html("button", { type: "button", class: `touch ${name}` }, drawn, html("span", { class: "fit" }, said));
    made.addEventListener("click", act);
    return made;
  }

  function view(ctx) {
    const { content, words, visit } = ctx;
    const icon = "avis";
    if (!content.screen.touch || !content.ideas.needs.length) {
      return { icon, title: () => words.say("ideas_counts"), items: counted(ctx) };
    }
    const needs = content.ideas.needs.filter((key) => words.language.needs[key]);
    return {
      kind: "touches", icon, title: () => words.say("ideas_title"), note: () => words.say("ideas_intro"), most: 18,
      items: needs.map((key) => button("need", draw.icon(key), words.need(key),
        () => reasons(ctx, visit(stop), key))),
    };
  }

  function stop() {
    clearTimeout(timer);
    leave = null;
  }

  // Nobody touches any more: the screen goes back to its slides.
  function idle(page, milliseconds = IDLE) {
    clearTimeout(timer);
    leave = page.leave;
    timer = setTimeout(() => leave && leave(), wait(milliseconds));
  }

  function reasons(ctx, page, need) {
    const { words } = ctx;
    const items = Object.keys(words.language.reasons).map((key) =>
      button("reason", null, words.say(key, {}, "reasons"), () => {
        if (ctx.content.map) spot(ctx, page, need, key);
        else send(ctx, page, need, key, null);
      }));
    items.push(button("back", null, words.say("ideas_back"), page.leave));
    page.show({
      kind: "touches", icon: need, title: () => words.need(need),
      note: () => words.say("ideas_reason"), items,
    });
    idle(page);
  }

  function spot(ctx, page, need, reason) {
    const { words, content: { map } } = ctx;
    const skip = button("back", null, words.say("ideas_skip"), () => send(ctx, page, need, reason, null));
    page.show({
      kind: "plan pointing", icon: "ici", title: () => words.need(need), note: () => words.say("ideas_dot"), items: [skip],
      drawn: (box) => {
        Ecran.map.draught(box, map, words, [], []);
        const drawn = box.querySelector(".map");
        drawn.addEventListener("click", (event) => {
          const seen = drawn.getBoundingClientRect();
          const across = (event.clientX - seen.left) / seen.width;
          send(ctx, page, need, reason, degrees(map, across, (event.clientY - seen.top) / seen.height));
        });
      },
    });
    idle(page);
  }

  // Longitude and latitude, which outlive the plan, to about a hundred metres: never a door.
  function degrees({ corners: [first, right, below] }, across, down) {
    return [0, 1].map((axis) => {
      const value = first[axis] + across * (right[axis] - first[axis]) + down * (below[axis] - first[axis]);
      return Math.round(value * THOUSANDTHS) / THOUSANDTHS;
    });
  }

  function send({ words }, page, need, reason, place) {
    const idea = { key: Ecran.randomKey(), need, reason, spot: place };
    // A preview counts nobody.
    if (!Ecran.held) Ecran.store.push(idea).then(Ecran.refresh.soon);
    page.show({
      kind: "big", icon: "open", title: () => words.say("ideas_title"),
      items: [html("p", { class: "message" }, words.say("ideas_thanks"))],
    });
    idle(page, THANKS);
  }

  return { view, stop };
})();

"use strict";
// The loop: one page after the other, for weeks, whatever happens.
Ecran.player = (() => {
  const { clock, rotation, scene, store, slides, words, ideas, refresh, wait, held } = Ecran;
  const SECOND = 1000;
  const RESUME = 300e3;
  const LATE = 20e3;
  const dark = document.getElementById("dark");
  const pauseButton = document.getElementById("pause");
  const embedded = Ecran.shape.parse((document.getElementById("contenu") || { textContent: "" }).textContent);

  const now = {
    content: null, confirmed: 0, confirmedMono: null, next: null,
    step: null, view: null, ctx: null, cut: { pages: [], unit: "" }, page: 0, shown: 0, calm: "",
    paused: false, visiting: false, failed: false, signature: "", due: 0,
  };
  let timer = 0;
  let resuming = 0;
  let saved = 0;

  const id = () => `${Ecran.folder}|${embedded ? embedded.screen.key : ""}`;
  const elapsed = () => performance.now() - (now.confirmedMono === null ? 0 : now.confirmedMono);
  const moment = () => rotation.moment(now.content, now.confirmed, elapsed());

  function adopt(content, confirmed) {
    Ecran.draw.use(content.pictograms);
    now.content = content;
    now.confirmed = Math.max(confirmed, Date.parse(content.made_at));
    clock.learn(content, now.confirmed);
    scene.paint(content);
    loadFonts(content.languages);
  }

  const loadFonts = (languages) => Promise.all(languages.flatMap(({ font, name }) =>
    ["400", "700"].map((weight) => document.fonts.load(`${weight} 40px ${font}`, name).catch(() => null))));

  // Builds a step's view out of sight; false when it has nothing to show or cannot be shown.
  function open(step) {
    try {
      const when = moment();
      const said = words.create(step.language);
      const ctx = {
        slide: step.slide, content: now.content, words: said, when, confirmed: now.confirmed,
        last: Ecran.hours.lastDay(now.content), visit, invite: invite(step.language),
      };
      const view = slides.view(ctx);
      if (!view) return false;
      Object.assign(now, { step, view, ctx, cut: scene.measure(view, ctx), page: 0 });
      now.signature = signature(when).whole;
      if (step.slide.kind !== "emergency") now.calm = step.key;
      draw();
      return true;
    } catch {
      now.failed = true;
      return false;
    }
  }

  function draw() {
    now.ctx.when = moment();
    const characters = scene.show(now.view, now.ctx, now.cut, now.page);
    now.shown += 1;
    const seconds = rotation.seconds(now.content, characters, now.cut.pages[now.page].length);
    plan(seconds * SECOND);
  }

  function plan(milliseconds) {
    clearTimeout(timer);
    now.due = performance.now() + wait(milliseconds);
    if (!now.paused && !held) timer = setTimeout(turn, wait(milliseconds), 1);
  }

  // The next page, the previous one, or (0) the same slide again.
  function turn(delta) {
    try {
      ideas.stop();
      now.visiting = false;
      if (now.next) replace();
      const page = now.page + delta;
      // What was cut into pages before the moment changed is not shown any more.
      const same = signature(moment()).whole === now.signature;
      if (delta && same && now.view && page >= 0 && page < now.cut.pages.length && current()) {
        now.page = page;
        draw();
      } else {
        seek(same ? delta : 0);
      }
    } catch {
      plan(5 * SECOND);
    }
  }

  const steps = () => rotation.steps(now.content, moment());
  const current = () => now.step && steps().some(({ key }) => key === now.step.key);

  function replace() {
    adopt(now.next.content, now.next.confirmed);
    now.next = now.view = null;
  }

  function seek(delta) {
    const all = steps();
    const key = now.step && all.some((step) => step.key === now.step.key) ? now.step.key : now.calm;
    const from = all.findIndex((step) => step.key === key);
    const start = from < 0 ? (delta < 0 ? all.length : -1) + (delta ? 0 : 1) : from;
    for (let count = 0; count < all.length; count += 1) {
      const at = start + delta + (delta < 0 ? -count : count);
      const step = all[((at % all.length) + all.length) % all.length];
      if (open(step)) return;
    }
    nothing();
  }

  // No slide to show: the place's own name. A kept content that cannot be drawn gives way to the page's own.
  function nothing() {
    if (now.failed && embedded && now.content !== embedded) adopt(embedded, 0);
    now.failed = false;
    const language = now.content.languages[0];
    const ctx = {
      slide: { id: "", kind: "rest" }, content: now.content, words: words.create(language), when: moment(),
      confirmed: now.confirmed, last: "", visit,
    };
    const view = { note: null, foot: null, ...slides.rest(ctx) };
    const step = { key: "", slide: ctx.slide, language };
    Object.assign(now, { step, view, ctx, page: 0, cut: { pages: [view.items], unit: "" } });
    now.signature = signature(ctx.when).whole;
    draw();
  }

  // Goes to what residents can say, in the language they are reading; null where they can say nothing.
  function invite(language) {
    const { screen, ideas: { needs }, slides: all } = now.content;
    const slide = screen.touch && needs.length && all.find(({ kind }) => kind === "ideas");
    return slide ? guarded(() => open({ key: `${slide.id} ${language.code}`, slide, language })) : null;
  }

  // Somebody touches: the loop waits until they leave.
  function visit(stop) {
    clearTimeout(timer);
    now.visiting = true;
    const leave = () => {
      stop();
      now.visiting = false;
      turn(0);
    };
    const show = (view) => {
      const ctx = now.ctx;
      const whole = { note: null, foot: null, most: Infinity, ...view };
      scene.show(whole, ctx, scene.measure(whole, ctx), 0);
    };
    return { show, leave };
  }

  function pause(on) {
    now.paused = on;
    clearTimeout(resuming);
    const said = now.ctx ? now.ctx.words : words.create(now.content.languages[0]);
    pauseButton.replaceChildren(Ecran.draw.icon("pause"), said.say("paused"));
    pauseButton.setAttribute("aria-pressed", String(on));
    if (on) {
      clearTimeout(timer);
      resuming = setTimeout(pause, wait(RESUME), false);
    } else {
      plan(SECOND);
    }
  }

  // What must change the page at once: an emergency, a clock lost or found, a document grown too old.
  function signature(when) {
    const urgent = (now.next ? [now.next.content, now.content] : [now.content])
      .map((content) => rotation.active(content, when, true).map((message) => message.id).join()).join(";");
    return { urgent, whole: `${when.local !== null} ${when.old} ${urgent}` };
  }

  // Every second, whatever the slides do.
  function tick() {
    if (clock.watch()) refresh.soon();
    const when = moment();
    scene.tick(when);
    dark.hidden = Boolean(held) || rotation.lit(now.content, when);
    const { urgent, whole } = signature(when);
    const changed = whole !== now.signature;
    now.signature = whole;
    if (changed && !(now.visiting && !urgent)) {
      if (now.paused) pause(false);
      turn(0);
    } else if (!now.paused && !held && !now.visiting && performance.now() > now.due + LATE) {
      turn(1);
    }
  }

  const guarded = (work) => (...given) => {
    try {
      work(...given);
    } catch {
      // The next second tries again.
    }
  };

  function offer(content) {
    const confirmed = clock.now() ?? Date.parse(content.made_at);
    now.next = { content, confirmed };
    now.confirmedMono = performance.now();
    saved = performance.now();
    store.keep({ id: id(), content, saved: Date.now() });
    store.confirm(id(), content.version, confirmed);
  }

  function confirmed(made) {
    now.confirmed = Math.max(clock.now() ?? 0, made, Date.parse(now.content.made_at));
    now.confirmedMono = performance.now();
    now.next = null;
    clock.learn(now.content, now.confirmed);
    if (saved && performance.now() - saved < wait(6 * 3600e3)) return;
    saved = performance.now();
    store.confirm(id(), now.content.version, now.confirmed);
  }

  // The newest of what came with the page and what was kept from the network.
  async function choose() {
    if (held) return { content: embedded, confirmed: 0 };
    const [kept, seen] = await Promise.all([store.kept(id()), store.confirmation(id())]);
    const rank = (content) => Math.max(Date.parse(content.made_at),
      seen && seen.version === content.version && Number.isFinite(seen.confirmed) ? seen.confirmed : 0);
    const known = [embedded, kept && Ecran.shape.readable(kept.content) ? kept.content : null].filter(Boolean);
    const [content] = known.sort((a, b) => rank(b) - rank(a));
    return content ? { content, confirmed: rank(content) } : { content: null, confirmed: 0 };
  }

  const patience = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  async function start() {
    const { content, confirmed: at } = await choose();
    if (!content) return;
    adopt(content, at);
    const [first] = rotation.steps(content, moment());
    await Promise.race([loadFonts([first ? first.language : content.languages[0]]), patience(1500)]);
    pause(false);
    seek(1);
    setInterval(guarded(tick), SECOND);
    if (held) return;
    const asking = { content: () => (now.next ? now.next.content : now.content), offer, confirmed };
    refresh.start(asking);
  }

  const state = () => ({
    slide: now.step && now.step.slide.id, kind: now.step && now.step.slide.kind,
    language: now.step && now.step.language.code, page: now.page + 1, pages: now.cut.pages.length, shown: now.shown,
    version: now.content && now.content.version, made_at: now.content && now.content.made_at,
    confirmed: now.confirmed, paused: now.paused, dark: !dark.hidden,
    ...(now.content ? (({ local, old }) => ({ local, old }))(moment()) : {}),
  });

  return {
    start, state, turn: guarded(turn), pause: guarded(pause), redraw: guarded(() => turn(0)),
    paused: () => now.paused, visiting: () => now.visiting,
  };
})();
window.ecran = { state: Ecran.player.state };

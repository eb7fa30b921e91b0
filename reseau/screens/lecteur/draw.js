"use strict";
// The pieces of a slide.
Ecran.draw = (() => {
  const { html, svg } = Ecran;
  // The drawings of the project come with the content; a tick and a house are the player's own.
  const OWN = {
    open: "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zM10.6 17L5.8 12.200l2-2l2.8 2.800l5.6-5.600l2 2z",
    home: "M12 2L1.5 11.500H5V22h5v-6.500h4V22h5V11.500h3.500z",
  };
  let given = {};

  function use(pictograms) {
    given = pictograms;
  }

  // Words always stand beside a drawing: voices skip it.
  function icon(sign) {
    const own = OWN[sign] ? [OWN[sign]] : [];
    const paths = Object.hasOwn(given, sign) ? given[sign] : own;
    const drawn = paths.map((d) => svg("path", { d }));
    return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, ...drawn);
  }

  const badge = (number) => (number === null ? null : html("span", { class: "badge" }, html("bdi", null, String(number))));

  function walk(words, minutes) {
    if (minutes === null) return null;
    const said = words.say("walk", { n: html("bdi", { class: "count" }, String(minutes)) });
    return html("p", { class: "walk" }, icon("marche"), said);
  }

  function qr(path, size) {
    if (!path || !(size > 0)) return null;
    return svg("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", focusable: "false" },
      svg("path", { class: "qr-ground", d: `M0 0h${size}v${size}H0z` }), svg("path", { class: "qr-code", d: path }));
  }

  const mark = (sign, ...said) => html("li", { class: "mark" }, icon(sign), html("span", null, ...said));

  function phone(words, number) {
    if (!number) return null;
    return html("span", { class: "phone" }, icon("telephone"), html("bdi", { dir: "ltr" }, number));
  }

  function marks(words, place) {
    const found = [];
    if (place.free) found.push(mark("gratuit", words.say("free")));
    if (place.no_appointment === true) found.push(mark("sans-rendez-vous", words.say("no_appointment")));
    if (place.no_appointment === false) found.push(mark("rendez-vous", words.say("with_appointment")));
    if (place.accessible) found.push(mark("fauteuil", words.say("accessible")));
    const spoken = words.spoken((place.languages || []).filter((code) => code !== "fr"));
    if (spoken) found.push(mark("langue", words.say("spoken", { languages: spoken })));
    return found.length ? html("ul", { class: "marks" }, ...found) : null;
  }

  // Open or not: a sign and words, never a colour alone.
  function status(words, found, today) {
    if (!found) return null;
    if (found.state === "open") {
      const end = found.always ? words.say("always") : words.say("closes_at", { time: words.time(found.end) });
      return html("p", { class: "status" },
        html("span", { class: "pill pill-open" }, icon("open"), words.say("open_now")), end);
    }
    const said = found.state === "later" ? words.say("opens_at", { time: words.time(found.at) })
      : words.say("next_open", { day: words.near(found.day, today), time: words.time(found.at) });
    return html("p", { class: "status" }, html("span", { class: "pill" }, icon("ouvert"), said));
  }

  // `lead`, `side`: what stands before and after the words; `lines`: the words; `more`: the rest of them, below
  // or beside, `code` with it.
  function card({ lead, title, lines = [], more, code, side, kind }) {
    return html("article", { class: kind ? `card ${kind}` : "card" },
      lead && html("div", { class: "lead" }, lead),
      html("div", { class: "words" }, title && html("h2", { class: "name fit" }, title), ...lines),
      more && html("div", { class: "base" }, html("div", { class: "more" }, ...more), code),
      side && html("div", { class: "side" }, side));
  }

  function number(words, content, key) {
    const { dial, always, free } = content.numbers[key];
    const about = [];
    if (always) about.push(mark("ouvert", words.say("always")));
    if (free) about.push(mark("gratuit", words.say("free_call")));
    const shown = html("bdi", { class: "dial", dir: "ltr" }, dial);
    return card({
      kind: "call", lead: icon("telephone"), title: words.say("call", { number: shown }),
      more: [html("p", { class: "text fit" }, words.say(key, {}, "numbers")),
        about.length ? html("ul", { class: "marks" }, ...about) : null],
    });
  }

  return { use, icon, badge, walk, qr, marks, mark, phone, status, card, number };
})();

"use strict";
// The pieces of a slide.
Ecran.draw = (() => {
  const { html, svg } = Ecran;
  // Signs of the player itself, on a grid of 24 by 24; holes by the even-odd rule.
  const SIGNS = {
    open: "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zM10.6 17L5.8 12.200l2-2l2.8 2.800l5.6-5.600l2 2z",
    clock: "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zm0 2.500a7.5 7.5 0 1 1 0 15a7.5 7.5 0 0 1 0-15zM10.8 7h2.400v4.500l3.3 2-1.2 2-4.5-2.700z",
    walk: "M13.5 1.500a2.2 2.2 0 1 1 0 4.400a2.2 2.2 0 0 1 0-4.400zM9 7.600l4.2-1 1.9 3.6 3.4 1.4-.8 1.9-4.3-1.7-.7-1.1-.7 3.3 2.8 2.700v5.800h-2.200v-4.800L9.7 15l-1.1 4-3.5 3.6-1.6-1.5 3.1-3.3 1.5-6.7-1.5.7-.9 3-2-.6 1.2-4z",
    phone: "M6.8 2.200l3.3 4.5-2 2.600c1.3 2.9 3.7 5.3 6.6 6.600l2.6-2 4.5 3.3-1.7 4.600C10.6 22.4 1.6 13.4 2.2 3.900z",
    wheelchair: "M10 1.500a2.2 2.2 0 1 1 0 4.400a2.2 2.2 0 0 1 0-4.400zM8.8 7h2.600v3h4.800v2.200h-4.800v1.800h6l2.6 6 1.8-.7.8 2-3.7 1.5-3-6.600H8.800zM7.4 11.700v2.400a3.9 3.9 0 1 0 5.5 5.100h2.300a6.1 6.1 0 1 1-7.8-7.500z",
    pin: "M12 1.500a7.5 7.5 0 0 0-7.5 7.500c0 5.5 7.5 13.5 7.5 13.500s7.5-8 7.5-13.500a7.5 7.5 0 0 0-7.5-7.500zm0 4.700a2.8 2.8 0 1 1 0 5.600a2.8 2.8 0 0 1 0-5.600z",
    warning: "M12 1.500L.8 22h22.400zM10.8 9h2.400v6.500h-2.400zM10.8 17.200h2.400v2.400h-2.400z",
    calendar: "M3 4h4V2h2.400v2h5.200V2H17v2h4v18H3zM5.4 10v9.600h13.200V10z",
    bubble: "M2 3h20v14H12.500L7 22v-5H2z",
    home: "M12 2L1.5 11.500H5V22h5v-6.500h4V22h5V11.500h3.500z",
    pause: "M5 3.500h5v17H5zM14 3.500h5v17h-5z",
    star: "M12 1.800l3.1 6.8 7.4.8-5.5 5 1.5 7.300L12 18l-6.5 3.700L7 14.400l-5.5-5 7.4-.8z",
  };

  // Words always stand beside a drawing: voices skip it.
  function icon(paths, name = "icon") {
    const drawn = (Array.isArray(paths) ? paths : [SIGNS[paths]]).map((d) => svg("path", { d }));
    return svg("svg", { class: name, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, ...drawn);
  }

  const badge = (number) => (number === null ? null : html("span", { class: "badge" }, html("bdi", null, String(number))));

  function walk(words, minutes) {
    if (minutes === null) return null;
    const said = words.say("walk", { n: html("bdi", { class: "count" }, String(minutes)) });
    return html("p", { class: "walk" }, icon("walk"), said);
  }

  function qr(path, size) {
    if (!path || !(size > 0)) return null;
    return svg("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true", focusable: "false" },
      svg("path", { class: "qr-ground", d: `M0 0h${size}v${size}H0z` }), svg("path", { class: "qr-code", d: path }));
  }

  const mark = (sign, ...said) => html("li", { class: "mark" }, icon(sign), html("span", null, ...said));

  function phone(words, number) {
    if (!number) return null;
    return html("span", { class: "phone" }, icon("phone"), html("bdi", { dir: "ltr" }, number));
  }

  function marks(words, place) {
    const found = [];
    if (place.free) found.push(mark("open", words.say("free")));
    if (place.no_appointment === true) found.push(mark("open", words.say("no_appointment")));
    if (place.no_appointment === false) found.push(mark("calendar", words.say("with_appointment")));
    if (place.accessible) found.push(mark("wheelchair", words.say("accessible")));
    const spoken = words.spoken((place.languages || []).filter((code) => code !== "fr"));
    if (spoken) found.push(mark("bubble", words.say("spoken", { languages: spoken })));
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
    return html("p", { class: "status" }, html("span", { class: "pill" }, icon("clock"), said));
  }

  // `lead`, `side`: what stands before and after the words; `lines`: the words; `base`: below all of it.
  function card({ lead, title, lines, side, base, kind }) {
    return html("article", { class: kind ? `card ${kind}` : "card" },
      html("div", { class: "across" }, lead && html("div", { class: "lead" }, lead),
        html("div", { class: "words" }, title && html("h2", { class: "name fit" }, title), ...lines),
        side && html("div", { class: "side" }, side)),
      base);
  }

  function number(words, content, key) {
    const { dial, always, free } = content.numbers[key];
    const about = [];
    if (always) about.push(mark("clock", words.say("always")));
    if (free) about.push(mark("open", words.say("free_call")));
    const shown = html("bdi", { class: "dial", dir: "ltr" }, dial);
    return card({
      kind: "call", lead: icon("phone"), title: words.say("call", { number: shown }),
      lines: [html("p", { class: "text fit" }, words.say(key, {}, "numbers")),
        about.length ? html("ul", { class: "marks" }, ...about) : null],
    });
  }

  return { icon, badge, walk, qr, marks, mark, phone, status, card, number };
})();

"use strict";
// Texts of one language, as nodes: what has to be said in French is marked as French.
Ecran.words = (() => {
  const { html } = Ecran;
  const LONGEST = 1500;
  const SECTIONS = { interface: "interface", needs: "besoins", numbers: "numeros", reasons: "avis" };

  // Longer than any page can show: measuring it would stop the screen for seconds.
  // A sign of punctuation never starts a line (as `bound` of reseau/screens/texts.py); a number stays whole.
  const shortened = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
    .replace(/ (?=[:;!?»])|(?<=«) |(?<=\d) (?=\d)/g, "\u00a0");

  function create(language) {
    const missing = new Set(language.missing);
    const foreign = language.code !== "fr";
    const names = namer(language.code);
    const join = joiner(language.code);
    const lacks = (section, key) => foreign
      && (missing.has(`${SECTIONS[section]}.${key}`) || missing.has(`${section}.${key}`));
    const words = { language };

    // In French inside a text of another language: a reader and a voice must know.
    function inFrench(...children) {
      if (!foreign) return html("span", null, ...children);
      return html("bdi", { class: "in-french", lang: "fr", dir: "ltr" }, ...children);
    }

    // Names, addresses and numbers belong to no language of the page and keep their own direction.
    words.own = (raw) => own(shortened(raw));
    const own = (text) => (foreign ? html("bdi", { lang: "fr", dir: "auto" }, text) : html("bdi", null, text));
    words.raw = (key) => language.interface[key] || "";

    words.say = (key, values = {}, section = "interface") => {
      const text = language[section][key] || "";
      const nodes = fillIn(text, values);
      return lacks(section, key) ? inFrench(...nodes) : html("span", null, ...nodes);
    };
    words.need = (key) => words.say(key, {}, "needs");

    // A text of the team, by language.
    words.team = (texts) => {
      const said = shortened((texts[language.code] || "").trim());
      if (said) return html("span", { dir: "auto" }, said);
      const french = shortened((texts.fr || "").trim());
      return french ? inFrench(french) : null;
    };
    words.inFrench = inFrench;

    words.time = (minutes) => {
      const [h, m] = [Math.floor(minutes / 60), minutes % 60];
      return html("bdi", { class: "time" }, words.say(m ? "time_minutes" : "time_hour", {
        h: String(h), mm: String(m).padStart(2, "0"),
      }));
    };
    words.span = ([start, end]) => words.say("from_to", { start: words.time(start), end: words.time(end) });
    words.date = (day) => words.say("date", {
      day: language.days[Ecran.clock.weekday(day)],
      n: String(Number(day.slice(8))),
      month: language.months[Number(day.slice(5, 7)) - 1],
    });
    words.near = (day, today) => {
      if (day === today) return words.say("today");
      if (day === Ecran.clock.plus(today, 1)) return words.say("tomorrow");
      return words.date(day);
    };
    words.spoken = (codes) => join(codes.map(names).filter(Boolean));
    return words;
  }

  function fillIn(template, values) {
    return template.split(/\{(\w+)\}/).map((part, index) => {
      if (index % 2 === 0) return part;
      const value = values[part];
      return typeof value === "string" ? html("bdi", null, value) : value;
    });
  }

  // Languages in their reader's words; this browser may know fewer than the screen.
  function namer(code) {
    let known = null;
    try {
      known = new Intl.DisplayNames([code, "fr"], { type: "language", fallback: "none" });
    } catch {
      // Without names, codes are left out.
    }
    return (language) => {
      try {
        return known ? known.of(language) || "" : "";
      } catch {
        return "";
      }
    };
  }

  // «A, B et C», as each language writes it.
  function joiner(code) {
    try {
      const list = new Intl.ListFormat([code, "fr"], { type: "conjunction" });
      return (items) => list.format(items);
    } catch {
      return (items) => items.join(", ");
    }
  }

  return { create };
})();

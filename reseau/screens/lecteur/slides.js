"use strict";
// One slide in one language: a title, and items that are then cut into pages.
Ecran.slides = (() => {
  const { html, draw, hours } = Ecran;
  const MANY = 60;
  const WEEK = 7;
  const FIRST_PAGE = 3;
  const LINK_RANK = 5;
  const { icon, badge, walk, qr, marks, phone, status, card, number } = draw;

  const placesOf = ({ slide, content }) => {
    const known = new Map(content.places.map((place) => [place.id, place]));
    return slide.places.map((id) => known.get(id)).filter(Boolean);
  };
  const hoursOf = ({ content, when, last }, place) => (when.local && !when.old && place.calendar !== null
    ? hours.status(content.calendars[place.calendar], when.local, last) : null);
  const note = ({ words, content, confirmed, when }) => {
    if (!when.old) return null;
    const day = Ecran.clock.local(Math.max(confirmed, Date.parse(content.made_at))).day;
    return () => words.say("data_old", { date: words.date(day) });
  };

  // A professional's own name is never shown: the trade then stands for it, or what is done there.
  function placeTitle(words, place) {
    return place.name ? words.own(place.name) : words.team(place.role) || words.team(place.text);
  }

  function reach(words, place) {
    if (place.minutes !== null) return walk(words, place.minutes);
    return place.xy ? null : html("p", { class: "walk comes" }, icon("home"), words.say("comes"));
  }

  function contact(words, place) {
    const address = place.address && html("span", { class: "address" }, words.own(place.address));
    const pieces = [address, phone(words, place.phone)];
    return pieces.some(Boolean) ? html("p", { class: "contact" }, ...pieces) : null;
  }

  // Old content says so once, above all places.
  function doubtful({ words, when }, place) {
    return place.phone && !when.old ? html("p", { class: "status" }, words.say("phone_first")) : null;
  }

  function fullCard(ctx, place) {
    const { words, when } = ctx;
    const found = hoursOf(ctx, place);
    const text = place.name || words.team(place.role) ? words.team(place.text) : null;
    return card({
      lead: badge(place.number), title: placeTitle(words, place),
      lines: [found ? status(words, found, when.local.day) : doubtful(ctx, place)],
      side: reach(words, place),
      more: [text && html("p", { class: "text fit" }, text), contact(words, place), marks(words, place)],
      code: qr(place.qr, place.qr_size),
    });
  }

  const plainCard = ({ words }, place, found, today) => card({
    kind: "short", lead: badge(place.number), title: placeTitle(words, place),
    lines: [found ? status(words, found, today) : contact(words, place)],
    side: reach(words, place),
  });

  // Somewhere to read more, where the team gave an address.
  function linkCard({ content: { screen }, words }) {
    if (!screen.link_qr) return [];
    return [card({
      kind: "link", lead: qr(screen.link_qr, screen.link_qr_size), title: words.say("more"),
      lines: [html("p", { class: "contact" }, html("bdi", { dir: "ltr" }, screen.link.replace(/^https?:\/\//, "")))],
    })];
  }

  function open(ctx) {
    const { words, when } = ctx;
    const places = placesOf(ctx);
    if (!when.local || when.old) {
      return {
        icon: "carte", title: () => words.say("map_title"), note: note(ctx),
        items: places.slice(0, MANY).map((place) => plainCard(ctx, place, null, "")),
      };
    }
    const today = when.local.day;
    const found = places.map((place) => ({ place, found: hoursOf(ctx, place) })).filter((item) => item.found);
    const of = (state) => found.filter((item) => item.found.state === state);
    const later = of("later").sort((a, b) => a.found.at - b.found.at);
    const shown = [...of("open"), ...later];
    const next = of("next").sort((a, b) => a.found.day.localeCompare(b.found.day) || a.found.at - b.found.at);
    const items = (shown.length ? shown : next).slice(0, MANY)
      .map((item) => plainCard(ctx, item.place, item.found, today));
    // On one of the first pages: what comes after the third one is not shown.
    items.splice(LINK_RANK, 0, ...linkCard(ctx));
    return {
      icon: "ouvert", title: () => words.say("open_title"),
      note: shown.length ? null : () => words.say("open_nothing"),
      items,
    };
  }

  function numbersOf({ words, content, slide }) {
    return slide.numbers.filter((key) => content.numbers[key] && words.language.numbers[key])
      .map((key) => number(words, content, key));
  }

  // Numbers stand on the first page, after the nearest places.
  function need(ctx) {
    const { slide, words } = ctx;
    const cards = placesOf(ctx).slice(0, MANY).map((place) => fullCard(ctx, place));
    const numbers = numbersOf(ctx);
    cards.splice(Math.max(0, FIRST_PAGE - numbers.length), 0, ...numbers);
    return {
      kind: "rows", icon: slide.need, title: () => words.need(slide.need), note: note(ctx),
      items: cards,
    };
  }

  // Numbers only: no place, no distance, no plan.
  function safe(ctx) {
    const { slide, words } = ctx;
    return {
      kind: "safe rows", icon: slide.need, title: () => words.need(slide.need),
      note: () => words.say("safe_note"), items: numbersOf(ctx),
      foot: slide.numbers.includes("17") ? () => words.say("emergency_call") : null,
    };
  }

  // The leaf of a calendar.
  function leaf({ words, when }, day) {
    const { language } = words;
    const names = day === when.local.day ? words.say("today") : language.days[Ecran.clock.weekday(day)];
    return html("p", { class: "leaf" }, html("span", { class: "leaf-day" }, names),
      html("bdi", { class: "leaf-number" }, String(Number(day.slice(8)))),
      html("span", { class: "leaf-month" }, language.months[Number(day.slice(5, 7)) - 1]));
  }

  const ahead = (when, items, days, over) => items
    .filter(({ day }) => day >= when.local.day && day < Ecran.clock.plus(when.local.day, days))
    .filter((item) => item.day > when.local.day || !over(item, when.local.minutes))
    .sort((a, b) => a.day.localeCompare(b.day)).slice(0, MANY);

  const where = (words, place, rank) => html("p", { class: "contact where" }, badge(rank),
    html("span", { class: "address" }, words.own(place)));

  function permanences(ctx) {
    const { words, when, content } = ctx;
    const over = ({ spans }, minutes) => spans.length > 0 && spans.every(([, end]) => end <= minutes);
    const known = new Map(content.places.map((place) => [place.id, place]));
    return {
      kind: "rows", icon: "permanences", title: () => words.say("permanences_title"),
      items: ahead(when, content.permanences, WEEK, over).map((item) => card({
        kind: "dated", lead: leaf(ctx, item.day), title: words.team(item.text),
        lines: [html("p", { class: "status" }, ...item.spans.flatMap((span) => [words.span(span), " "]))],
        more: [where(words, item.place, (known.get(item.place_id) || { number: null }).number), marks(words, item)],
        side: walk(words, item.minutes),
      })),
    };
  }

  function actions(ctx) {
    const { words, when, content } = ctx;
    const over = ({ span }, minutes) => span !== null && span[1] > span[0] && span[1] <= minutes;
    const at = ([start, end]) => (end > start ? words.span([start, end]) : words.time(start));
    return {
      kind: "rows", icon: "actions", title: () => words.say("actions_title"),
      items: ahead(when, content.actions, 400, over).map((item) => card({
        kind: "dated", lead: leaf(ctx, item.day), title: words.inFrench(item.title),
        lines: [item.span && html("p", { class: "status" }, at(item.span))],
        more: [item.place && where(words, item.place, null), marks(words, item)],
      })),
    };
  }

  const spoken = (words, message) => html("p", { class: "message" }, words.team(message.text));

  function messages(ctx) {
    const { words, content, when } = ctx;
    const shown = Ecran.rotation.active(content, when, false).filter(({ text }) => words.team(text));
    return {
      kind: "big", most: 1, icon: "message", title: () => words.say("message_title"),
      items: shown.map((message) => spoken(words, message)),
    };
  }

  function emergency({ words, slide }) {
    return {
      kind: "big alert", most: 1, icon: "urgence", title: () => words.say("emergency_title"),
      items: [spoken(words, slide.message)],
    };
  }

  // Nothing else to show: where we are, so that the screen never looks broken.
  function rest({ words, content }) {
    return {
      kind: "big", most: 1, icon: "ici", title: () => words.own(content.screen.quartier || content.screen.name),
      items: [html("p", { class: "message" }, words.own(content.screen.name))],
    };
  }

  const VIEWS = { open, need, safe, permanences, actions, messages, emergency };

  // A view, or null when the slide has nothing to say.
  function view(ctx) {
    const { slide } = ctx;
    const make = { ...VIEWS, map: Ecran.map.view, ideas: Ecran.ideas.view }[slide.kind];
    const made = make ? make(ctx) : null;
    return made && made.items.length ? { kind: "cards", note: null, foot: null, most: Infinity, ...made } : null;
  }

  return { view, rest, placesOf, placeTitle };
})();

"use strict";
// What the document must look like (reseau/screens/content.py) before a word of it is shown.
Ecran.shape = (() => {
  const SCHEMA = 1;
  const str = (value) => typeof value === "string";
  const num = (value) => typeof value === "number" && Number.isFinite(value);
  const bool = (value) => typeof value === "boolean";
  const opt = (shape) => (value) => value === null || shape(value);
  const list = (shape) => (value) => Array.isArray(value) && value.every(shape);
  const row = (shape, size) => (value) => list(shape)(value) && value.length === size;
  const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const dict = (shape) => (value) => plain(value) && Object.values(value).every(shape);
  const rec = (shapes) => (value) =>
    plain(value) && Object.entries(shapes).every(([key, shape]) => shape(value[key]));
  const one = (...words) => (value) => words.includes(value);
  const day = (value) => str(value) && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
  const moment = (value) => value === "" || (str(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value));
  const instant = (value) => str(value) && !Number.isNaN(Date.parse(value));
  const colour = (value) => str(value) && /^#[0-9a-f]{6}$/i.test(value);
  const span = row((value) => num(value) && value >= 0 && value <= 1440, 2);
  const texts = dict(str);
  const point = row(num, 2);

  const whole = rec({
    schema: (value) => Number.isInteger(value) && value >= 1 && value <= SCHEMA,
    version: (value) => str(value) && value !== "",
    made_at: instant,
    zone: str,
    valid_days: num,
    screen: rec({
      key: str, name: str, quartier: str, address: str, link: str, link_qr: str, link_qr_size: num, logo: str,
      colours: rec({ background: colour, ink: colour, accent: colour, on_accent: colour }),
      language_order: str, min_seconds: num, pace: num, touch: bool, lit: list(span), fictional: bool,
    }),
    languages: (value) => list(rec({
      code: str, name: str, dir: one("ltr", "rtl"), font: str,
      interface: texts, needs: texts, numbers: texts, reasons: texts,
      days: row(str, 7), months: row(str, 12), missing: list(str),
    }))(value) && value.length > 0,
    slides: list(rec({
      id: str, kind: str, need: str, places: list(num), numbers: list(str),
      when: list(rec({ days: list(num), span })),
    })),
    places: list(rec({
      id: num, number: opt(num), name: str, role: texts, text: texts, needs: list(str), address: str, phone: str,
      website: str, qr: str, qr_size: num, minutes: opt(num), xy: opt(point), calendar: opt(num),
      free: opt(bool), no_appointment: opt(bool), accessible: opt(bool), languages: list(str),
    })),
    calendars: list(rec({ days: dict(list(span)), unsure: list(day) })),
    map: opt(rec({
      width: (value) => num(value) && value > 0, height: (value) => num(value) && value > 0,
      metres: (value) => num(value) && value > 0,
      corners: row(point, 3), areas: list(str), streets: list(str), here: opt(point), credit: str,
    })),
    permanences: list(rec({
      day, spans: list(span), text: texts, place: str, place_id: opt(num), minutes: opt(num),
      no_appointment: opt(bool), free: opt(bool),
    })),
    actions: list(rec({ day, span: opt(span), title: str, place: str, languages: list(str) })),
    messages: list(rec({ id: num, emergency: bool, text: texts, starts: moment, ends: moment })),
    numbers: dict(rec({ dial: str, always: bool, free: bool })),
    ideas: rec({ needs: list(str), counts: dict(num), since: str }),
    pictograms: dict(list(str)),
  });

  // Any error is an answer: the document is not one this player can read.
  function readable(document) {
    try {
      return whole(document) && document.places.every((place) => place.calendar === null
        || document.calendars[place.calendar] !== undefined);
    } catch {
      return false;
    }
  }

  function parse(text) {
    try {
      const read = JSON.parse(text);
      return readable(read) ? read : null;
    } catch {
      return null;
    }
  }

  return { readable, parse, SCHEMA };
})();

"use strict";
// Local time at the place, or null while it cannot be believed. Pacing never depends on it.
Ecran.clock = (() => {
  const { wait } = Ecran;
  const HOUR = 3600e3;
  const DAY = 24 * HOUR;
  const JUMP = 120e3;
  const STEADY = 600e3;
  let server = null; // { date, mono }: what the server said, and when
  let before = null; // { date, mono } before a jump nobody explained
  let doubt = null; // mono of that jump
  let last = { date: Date.now(), mono: performance.now() };
  let known = { from: 0, until: 0, zone: "" };
  let formatter = null;

  const expected = (seen, mono) => seen.date + mono - seen.mono;
  const credible = (date) => date >= known.from && date <= known.until;

  function format(zone) {
    const options = {
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", hourCycle: "h23",
    };
    for (const timeZone of [zone, "Europe/Paris"]) {
      try {
        return new Intl.DateTimeFormat("en-GB", { ...options, timeZone });
      } catch {
        // A zone this browser does not know: the next one.
      }
    }
    return new Intl.DateTimeFormat("en-GB", options);
  }

  // What content makes credible: not before it was made or confirmed, not more than 400 days after.
  function learn(content, confirmed) {
    const made = Date.parse(content.made_at);
    known = { from: made - DAY, until: Math.max(made, confirmed) + 400 * DAY, zone: content.zone };
    if (confirmed > made) known.from = Math.max(known.from, confirmed - HOUR);
    formatter = format(content.zone);
  }

  // Every second. True when the clock has just jumped: asking the server is then worth it.
  function watch() {
    const seen = { date: Date.now(), mono: performance.now() };
    const slip = seen.date - expected(last, seen.mono);
    const previous = last;
    last = seen;
    if (Math.abs(slip) < JUMP) return false;
    // Going forward may be a machine that slept: what the server said then no longer tells the time.
    if (server && slip > 0 && Math.abs(seen.date - expected(server, seen.mono)) > JUMP) server = null;
    if (before && Math.abs(seen.date - expected(before, seen.mono)) < JUMP) {
      before = doubt = null;
    } else if (credible(previous.date)) {
      if (!before) before = previous;
      doubt = seen.mono;
    }
    return true;
  }

  function set(date) {
    if (!Number.isFinite(date) || !credible(date)) return;
    server = { date, mono: performance.now() };
    before = doubt = null;
  }

  function now() {
    const mono = performance.now();
    if (server && mono - server.mono < DAY) return expected(server, mono);
    if (!credible(Date.now())) return null;
    if (doubt !== null && mono - doubt < wait(STEADY)) return null;
    return Date.now();
  }

  // { day: "YYYY-MM-DD", minutes, weekday: 0 for Monday }.
  function local(date) {
    const parts = {};
    for (const { type, value } of formatter.formatToParts(new Date(date))) parts[type] = value;
    const day = `${parts.year.padStart(4, "0")}-${parts.month.padStart(2, "0")}-${parts.day.padStart(2, "0")}`;
    return { day, minutes: Number(parts.hour) * 60 + Number(parts.minute), weekday: weekday(day) };
  }

  const weekday = (day) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const plus = (day, count) => new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);

  return { learn, watch, set, now, local, weekday, plus, DAY };
})();

"use strict";
// What is open, from days and minutes counted when the bundle was made. Pure: no clock in here.
Ecran.hours = (() => {
  const CALENDAR_DAYS = 38;
  const AHEAD = 7;
  const MIDNIGHT = 1440;

  // Spans of a day, or null when nobody knows: unsure, or beyond the days that were counted.
  function spans(calendar, day, last) {
    if (day > last || calendar.unsure.includes(day)) return null;
    return (calendar.days[day] || []).filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0]);
  }

  function until(calendar, day, span, last) {
    let [, end] = span;
    for (const [start, next] of spans(calendar, day, last)) if (start <= end && next > end) end = next;
    if (end < MIDNIGHT) return { end };
    const after = spans(calendar, Ecran.clock.plus(day, 1), last);
    const following = after && after.find(([start]) => start === 0);
    if (!following) return { end };
    return following[1] === MIDNIGHT ? { always: true } : { end: following[1] };
  }

  // { state: "open", end | always } | { state: "later", at } | { state: "next", day, at } | null: unknown.
  function status(calendar, now, last) {
    if (!calendar) return null;
    const today = spans(calendar, now.day, last);
    if (!today) return null;
    const current = today.find(([start, end]) => start <= now.minutes && now.minutes < end);
    if (current) return { state: "open", ...until(calendar, now.day, current, last) };
    const later = today.find(([start]) => start > now.minutes);
    if (later) return { state: "later", at: later[0] };
    for (let ahead = 1; ahead <= AHEAD; ahead += 1) {
      const day = Ecran.clock.plus(now.day, ahead);
      const found = spans(calendar, day, last);
      if (!found) return null;
      if (found.length) return { state: "next", day, at: found[0][0] };
    }
    return null;
  }

  const lastDay = (content) => Ecran.clock.plus(Ecran.clock.local(Date.parse(content.made_at)).day, CALENDAR_DAYS - 1);

  return { status, lastDay };
})();

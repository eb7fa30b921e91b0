"use strict";
// What comes next, from the document and the moment. Pure: nothing is drawn in here.
Ecran.rotation = (() => {
  const { clock } = Ecran;
  const LONGEST = 60;
  const TITLE_SECONDS = 2;
  const pad = (value) => String(value).padStart(2, "0");
  const stamp = ({ day, minutes }) => `${day}T${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;

  // `local`: null while the clock cannot be believed; `old`: nobody confirmed the document for too long.
  // `least`: the earliest moment it can be, for what has a beginning and an end.
  function moment(content, confirmed, elapsed) {
    const now = clock.now();
    const least = confirmed + elapsed;
    const age = Math.max(now === null ? 0 : now - confirmed, elapsed);
    const old = age > content.valid_days * clock.DAY;
    return { local: now === null ? null : clock.local(now), least: clock.local(least), old };
  }

  function active(content, when, emergency) {
    const at = stamp(when.local || when.least);
    return content.messages.filter((message) => message.emergency === emergency
      && (!message.starts || message.starts <= at) && (!message.ends || at < message.ends)
      // Without an end, an emergency lasts as long as the document is believed.
      && !(emergency && !message.ends && when.old));
  }

  function shown(slide, when) {
    if (["permanences", "actions"].includes(slide.kind) && (!when.local || when.old)) return false;
    if (!slide.when.length || !when.local) return true;
    const { weekday, minutes } = when.local;
    return slide.when.some(({ days, span: [start, end] }) =>
      (!days.length || days.includes(weekday)) && start <= minutes && minutes < end);
  }

  function lit(content, when) {
    const { lit: spans } = content.screen;
    if (!spans.length || !when.local) return true;
    return spans.some(([start, end]) => start <= when.local.minutes && when.local.minutes < end);
  }

  function spokenLanguages(content) {
    const asked = content.languages.filter(({ code }) => code === Ecran.language);
    return asked.length ? asked : content.languages;
  }

  const step = (slide, language) => ({ key: `${slide.id} ${language.code}`, slide, language });

  function inOrder(slides, languages, order) {
    return order === "tour"
      ? languages.flatMap((language) => slides.map((slide) => step(slide, language)))
      : slides.flatMap((slide) => languages.map((language) => step(slide, language)));
  }

  const urgent = (content, when) => active(content, when, true).map((message) => ({
    id: `urgence:${message.id}`, kind: "emergency", message, need: "", places: [], numbers: [], when: [],
  }));

  // Steps in turn: emergencies alone while there are any.
  function steps(content, when) {
    const languages = spokenLanguages(content);
    const emergencies = urgent(content, when);
    if (Ecran.held) {
      const found = [...content.slides, ...emergencies].filter(({ id }) =>
        id === Ecran.held || id.startsWith(`${Ecran.held}:`));
      return inOrder(found.slice(0, 1), languages, "diapositive");
    }
    if (emergencies.length) return inOrder(emergencies, languages, "diapositive");
    const slides = content.slides.filter((slide) => shown(slide, when));
    return inOrder(slides, languages, content.screen.language_order);
  }

  // Seconds a page stays: its reading time, within what the team chose.
  function seconds(content, characters, items) {
    const { min_seconds: least, pace } = content.screen;
    const reading = Math.max(least, TITLE_SECONDS + characters / 12 + items * 1.5);
    return Ecran.clamp(reading * Ecran.clamp(pace, 0.25, 4), 2, LONGEST);
  }

  return { moment, active, steps, lit, seconds };
})();

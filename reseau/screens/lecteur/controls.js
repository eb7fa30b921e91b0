"use strict";
// Remote control, touch, and everything a browser does on its own that nobody must see.
(() => {
  const { player, held, served } = Ecran;
  const KEYS = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", MediaTrackNext: "next", ChannelDown: "next",
    ArrowLeft: "previous", ArrowUp: "previous", PageUp: "previous", MediaTrackPrevious: "previous",
    ChannelUp: "previous", " ": "pause", MediaPlayPause: "pause", MediaPause: "pause", MediaPlay: "pause",
    Pause: "pause",
  };
  const ACTS = {
    next: () => player.turn(1),
    previous: () => player.turn(-1),
    pause: () => player.pause(!player.paused()),
  };
  const quiet = (event) => event.preventDefault();
  const onButton = (event) => event.target instanceof Element && event.target.closest("button, .map");

  addEventListener("error", quiet);
  addEventListener("unhandledrejection", quiet);
  for (const name of ["contextmenu", "dragstart", "selectstart", "gesturestart"]) addEventListener(name, quiet);
  for (const name of ["wheel", "touchmove"]) addEventListener(name, quiet, { passive: false });

  addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey || (event.key === " " && onButton(event))) return;
    event.preventDefault();
    ACTS[act]();
  });
  // The thirds stay where they are in every language: a hand learns them once.
  addEventListener("click", (event) => {
    if (onButton(event) || player.visiting()) return;
    const third = event.clientX / innerWidth;
    ACTS[third < 1 / 3 ? "previous" : third > 2 / 3 ? "next" : "pause"]();
  });
  document.getElementById("pause").addEventListener("click", ACTS.pause);

  addEventListener("hashchange", () => location.reload());
  let resized = 0;
  addEventListener("resize", () => {
    clearTimeout(resized);
    resized = setTimeout(player.redraw, 300);
  });
  // A preview of the application is looked at for a minute: it keeps nothing in the browser of the team.
  const passing = /\/ecran\/apercu\//.test(location.pathname);
  if (served && isSecureContext && !held && !passing && "serviceWorker" in navigator) {
    navigator.serviceWorker.register("sw.js").catch(() => null);
  }
  player.start().catch(() => null);
})();

"use strict";
// Something newer? Asked every few minutes; whatever is not a whole, valid answer is no answer.
Ecran.refresh = (() => {
  const { wait, folder, served, store, shape, clock } = Ecran;
  const EVERY = 300e3;
  const SOON = 10e3;
  const PATIENCE = 10e3;
  const LARGEST = 20e6;
  let timer = 0;
  let asking = false;
  let on = null; // { content(), confirmed(made), offer(content) }
  let player = "";

  const jitter = () => 0.9 + Math.random() * 0.2;

  function bases() {
    const { address } = on.content().screen;
    const own = served ? [folder] : [];
    return [...new Set(/^https?:\/\//.test(address) ? [address, ...own] : own)];
  }

  async function ask(url, options = {}) {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(url, {
        cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", signal: stop.signal, ...options,
      });
      const text = Number(answer.headers.get("content-length")) > LARGEST ? "" : await answer.text();
      return { ok: answer.ok, status: answer.status, text, date: Date.parse(answer.headers.get("date")) };
    } catch {
      return { ok: false, status: 0, text: "", date: NaN };
    } finally {
      clearTimeout(late);
    }
  }

  // What `version.json` says, or null.
  async function asked(base) {
    const answer = await ask(`${base}version.json`);
    try {
      const said = answer.ok ? JSON.parse(answer.text) : null;
      const whole = said && typeof said.version === "string" && said.version && !Number.isNaN(Date.parse(said.made_at));
      return whole ? { ...said, date: answer.date } : null;
    } catch {
      return null;
    }
  }

  async function take(base, said) {
    if (!(said.schema <= shape.SCHEMA)) return;
    const answer = await ask(`${base}contenu.json`);
    const found = answer.ok && answer.text.length < LARGEST ? shape.parse(answer.text) : null;
    const { key } = on.content().screen;
    // Another screen's content, or files caught while they were being replaced, are left for later.
    if (found && found.version === said.version && (!key || found.screen.key === key)) on.offer(found);
  }

  // A newer player: only from where the page itself comes, only once, only if it is really there.
  async function renew(base, said) {
    if (base !== folder || typeof said.player !== "string" || !said.player) return;
    player = player || said.player;
    if (player === said.player || sessionStorage.getItem("player") === said.player) return;
    const page = await ask(`${base}index.html`);
    if (!page.ok || !page.text.includes("player.js")) return;
    sessionStorage.setItem("player", said.player);
    location.reload();
  }

  async function send(base) {
    for (const idea of await store.waiting()) {
      const { status } = await ask(`${base}avis`, {
        method: "POST", headers: { "Content-Type": "text/plain" }, body: JSON.stringify(idea),
      });
      const refused = status >= 400 && status < 500 && status !== 408 && status !== 429;
      if (!refused && !(status >= 200 && status < 300)) return;
      await store.forget(idea.key);
    }
  }

  async function check() {
    for (const base of bases()) {
      const said = await asked(base);
      if (!said) continue;
      clock.set(said.date);
      if (said.version === on.content().version) on.confirmed(Date.parse(said.made_at));
      else await take(base, said);
      await send(base);
      await renew(base, said);
      return;
    }
  }

  async function round() {
    if (asking) return;
    asking = true;
    try {
      await check();
    } catch {
      // No network, no answer: next time.
    } finally {
      asking = false;
      plan(EVERY);
    }
  }

  function plan(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(round, wait(milliseconds * jitter()));
  }

  function start(callbacks) {
    on = callbacks;
    const told = document.getElementById("contenu");
    player = (told && told.dataset.player) || "";
    plan(SOON);
  }

  const soon = () => on && plan(1e3);

  return { start, soon };
})();

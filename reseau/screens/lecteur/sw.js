"use strict";
// The page comes back after a power cut even when its server does not. Network first: never an old page by choice.
const CACHE = "reseau-ecran";
const PATIENCE = 8000;
const LIVE = /\/(version\.json|contenu\.json|avis)$/;

async function install() {
  const answer = await fetch("version.json", { cache: "no-store" });
  const { files } = await answer.json();
  const own = (files || []).filter((name) => /\.(html|css|js|woff2)$/.test(name) && name !== "sw.js");
  await (await caches.open(CACHE)).addAll(["./", ...own]);
}

self.addEventListener("install", (event) => {
  event.waitUntil(install().catch(() => null).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function answer(request) {
  const cache = await caches.open(CACHE);
  const key = request.url.split(/[?#]/)[0];
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const fresh = await fetch(request, { signal: stop.signal });
    if (!fresh.ok) throw new Error("not there");
    await cache.put(key, fresh.clone());
    return fresh;
  } catch {
    return (await cache.match(key)) || Response.error();
  } finally {
    clearTimeout(late);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  const own = address.href.startsWith(self.registration.scope) && !LIVE.test(address.pathname);
  if (request.method === "GET" && own) event.respondWith(answer(request));
});

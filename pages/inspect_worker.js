// SPDX-License-Identifier: AGPL-3.0-or-later
// Keeps the phone's page of inspections and what it loads, so that it opens where there is no network. It keeps no
// records: those lie with the page itself (inspect.js).
"use strict";
const KEPT = "inspect";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));

// The page says what it is made of; what it is not made of any more goes.
async function keep(urls) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(urls.map((url) => new URL(url, self.location).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
  for (const url of wanted) {
    const there = await cache.match(url);
    if (there && url.includes("/assets/")) continue;
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(url, answer);
  }
}
self.addEventListener("message", (e) => e.waitUntil(keep(e.data.keep)));

// The page anew where there is a network, else as it was kept; assets never change under their name.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(new URL(request.url).pathname);
    if (kept) return kept;
    throw error;
  }
}
self.addEventListener("fetch", (e) => {
  const { pathname } = new URL(e.request.url);
  if (e.request.mode === "navigate") e.respondWith(page(e.request));
  else if (pathname.startsWith("/assets/")) e.respondWith(caches.match(e.request).then((kept) => kept ?? fetch(e.request)));
});

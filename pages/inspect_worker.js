// SPDX-License-Identifier: AGPL-3.0-or-later
// Keeps the phone's page of inspections and what it loads, so that it opens at once, and where there is no network. It
// keeps no records: those lie with the page itself (inspect.js).
"use strict";
const KEPT = "inspect", PAGE = "/inspections/phone";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));

// The page as it is now, once all that it loads is there; then what it does not load any more goes.
async function keep() {
  const cache = await caches.open(KEPT), page = await fetch(PAGE);
  if (!page.ok || page.redirected) return;
  const parts = new Set((await page.clone().text()).match(/\/assets\/[^"#]+/g));
  for (const part of parts) if (!await cache.match(part)) await cache.add(part);
  await cache.put(PAGE, page);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== PAGE && !parts.has(pathname)) await cache.delete(request);
  }
}
self.addEventListener("message", (e) => e.waitUntil(keep()));

// As it was kept: it asks to be kept anew each time, and fetches by itself what it shows.
const answer = async (request) => (await caches.match(new URL(request.url).pathname)) ?? fetch(request);
self.addEventListener("fetch", (e) => {
  const { pathname } = new URL(e.request.url);
  if (pathname === PAGE || pathname.startsWith("/assets/")) e.respondWith(answer(e.request));
});

// A world of one's own and a browser to look at it. Whatever the console complains of on any page (script errors,
// refusals of the content policy, missing files) fails the test that closes it.
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import path from 'node:path';
import { startWorld } from '../world.js';

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const DESK = { width: 1366, height: 900 };
const PHONE = { width: 390, height: 844 };

function listen(page, complaints) {
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
  page.on('console', (message) => {
    // A page that answers 403, 404, 409 or 422 on purpose is reported by the browser, too.
    const isRefusal = message.text().startsWith('Failed to load resource') &&
      (message.location().url === page.url() || page.refusals?.test(message.text() + message.location().url));
    if (message.type() === 'error' && !isRefusal) complaints.push(`${page.url()}: ${message.text()}`);
  });
}

async function openBrowser(options) {
  const world = await startWorld(options);
  const browser = await chromium.launch({ executablePath: process.env.LUYUE_CHROMIUM || '/usr/bin/chromium', args: ARGS });
  const complaints = [];
  const clients = new Map();
  const client = (account) => {
    if (!clients.has(account)) clients.set(account, world.signIn(account));
    return clients.get(account);
  };
  return {
    world,
    client,
    // A page for this account (none: nobody is signed in) in a context of its own.
    async page(account, options = {}) {
      const context = await browser.newContext({
        baseURL: world.url, locale: 'zh-CN', viewport: DESK, reducedMotion: 'reduce', ...options,
      });
      context.setDefaultTimeout(Number(process.env.LUYUE_WAIT) || 30000);
      const page = await context.newPage();
      listen(page, complaints);
      await this.become(page, account);
      return page;
    },
    // From its next page on, another account's.
    async become(page, account) {
      await page.context().clearCookies();
      if (!account) return;
      const value = (await client(account)).token;
      await page.context().addCookies([{ name: 'luyue', value, url: world.url }]);
    },
    async id(account, resource, query) {
      const reply = await (await client(account)).get(`/${resource}?limit=1&${query}`);
      assert.ok(reply.body.items?.length, `${account} ${resource} ${query}: ${reply.text}`);
      return reply.body.items[0].id;
    },
    // The same world at another time: everybody signs in anew.
    async later(clock) {
      await this.leave();
      assert.equal(await world.halt(), 0, world.log);
      world.args = ['--clock', clock];
      clients.clear();
      await world.start();
    },
    // Closes its pages, after each test.
    async leave() {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    async close() {
      await browser.close();
      await world.stop();
      assert.deepEqual(complaints, []);
    },
  };
}

// True where nothing reaches past the right edge; charts follow the width of the page with its next frames.
function fits(page) {
  return page.evaluate(async () => {
    const fit = () => document.scrollingElement.scrollWidth <= document.documentElement.clientWidth;
    for (let frame = 0; frame < 60 && !fit(); frame += 1) await new Promise(requestAnimationFrame);
    return fit();
  });
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
// What the page says of what was just done.
const told = (page, words) => page.locator('.bar-note[role=status]').getByText(words).waitFor();

// A form by its controls' names, each by its kind.
async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = page.locator(`main [name="${name}"]:visible`);
    const { tag, type } = await control.first().evaluate(({ tagName, type: of }) => ({ tag: tagName, type: of }));
    if (tag === 'SELECT') await control.selectOption(value);
    else if (type === 'checkbox') await control.setChecked(value);
    else await control.fill(value);
  }
}

// Fits; and pictures of it, when somebody wants to look at them.
const SHOTS = process.env.LUYUE_SHOTS;
async function shown(page, name) {
  for (const viewport of SHOTS ? [PHONE, DESK] : []) {
    await page.setViewportSize(viewport);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: path.join(SHOTS, `${name}-${viewport.width}.png`), fullPage: true });
  }
  assert.ok(await fits(page), name);
}

// A picture larger than it needs to be, as phones make them.
async function photo(page, name) {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [3200, 2400];
    canvas.getContext('2d').fillRect(200, 200, 900, 900);
    const blob = await new Promise((done) => { canvas.toBlob(done, 'image/png'); });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return { name: `${name}.png`, mimeType: 'image/png', buffer: Buffer.from(bytes) };
}

// The form sends a picture no larger than it needs to be.
const shrunk = (page, input) => page.waitForFunction(async (id) => {
  const [file] = document.getElementById(id).files;
  return file.type === 'image/jpeg' && (await createImageBitmap(file)).width === 1600;
}, input);

export { openBrowser, fill, fits, photo, press, shown, shrunk, told, DESK, PHONE };

// Every page of every role, with the same questions: nothing that axe-core calls serious, in both themes; nothing wider
// than a phone; no key of the text catalogue where words should be. (The console is watched by ./browser.js.)
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ACCOUNTS = ['admin', 'security', 'ops', 'audit', 'finance', 'division', 'pm', 'executor', 'client', 'resident',
  'provider', 'duty', 'supervisor', 'qa', 'agent', 'cleaner', 'survey'];
const KEYS = /\b(contracts|page|fault|record|flash|task|home|own|nav)\.[a-z_]+(\.[a-z_]+)*\b/g;

let browser, contract, draft, briefing, person, organisation;
before(async () => {
  browser = await openBrowser();
  const client = await browser.client('ops');
  [contract, draft, briefing, person, organisation] = await Promise.all([
    browser.id('division', 'amendments', 'sort=id').then(async (id) => (await client.get(`/amendments/${id}`)).body.contract_id),
    browser.id('division', 'contracts', 'state=draft'), browser.id('executor', 'briefings', 'state=draft'),
    browser.id('ops', 'people', 'sort=id'), browser.id('ops', 'organisations', 'side=provider'),
  ]);
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'contracts', subject_id: contract, retention: 'short' })) form.set(name, value);
  form.set('file', new Blob(['会议纪要']), '一个名字很长的会议纪要之关于地下二层停车场移交与保洁面积增加的说明（第二稿，已会签）.txt');
  assert.equal((await client.post('/documents', form)).status, 201);
});
afterEach(() => browser.leave());
after(() => browser.close());

async function serious(page, rules) {
  const found = await page.evaluate(([source, only]) => {
    if (!window.axe) (0, eval)(source);
    return window.axe.run(document, { resultTypes: ['violations'], preload: false, ...(only && { runOnly: only }) });
  }, [AXE, rules]);
  return found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

// What a page is built of. One of the same shape has been asked before: only its data differ.
const shapes = new Set();
async function isNewShape(page) {
  const shape = await page.evaluate(() => [...new Set([...document.querySelectorAll('*')]
    .map((element) => `${element.tagName}.${element.className.baseVal ?? element.className}`))].sort().join(' '));
  if (shapes.has(shape)) return false;
  shapes.add(shape);
  return true;
}

const fold = (page, open) => page.locator('details').evaluateAll((all, on) => { for (const one of all) one.open = on; }, open);

async function barriers(page) {
  const found = await serious(page);
  await fold(page, true);
  found.push(...await serious(page, ['color-contrast', 'aria-hidden-focus']));
  await page.locator('html').evaluate((root) => { root.dataset.bsTheme = 'dark'; });
  found.push(...(await serious(page, ['color-contrast'])).map((words) => `dark ${words}`));
  await fold(page, false);
  await page.setViewportSize(PHONE);
  found.push(...(await serious(page, ['target-size', 'scrollable-region-focusable'])).map((words) => `phone ${words}`));
  return found;
}

// What is wrong with the page that is open.
async function findings(page, what) {
  const found = [];
  await page.locator('nav.tabs[hx-trigger]').waitFor({ state: 'detached' }); // the ledger's counts have come
  const keys = what.endsWith('/rights') ? null : (await page.locator('body').innerText()).match(KEYS); // rights have keys for names
  if (keys) found.push(`catalogue keys: ${keys.join(' ')}`);
  if (await isNewShape(page)) found.push(...await barriers(page));
  await page.setViewportSize(PHONE);
  if (!await fits(page)) found.push('wider than the phone');
  await page.setViewportSize(DESK);
  return found.map((words) => `${what}: ${words}`);
}

async function visit(account, paths) {
  const page = await browser.page(account, { bypassCSP: true });
  const found = [];
  for (const path of paths) {
    await page.goto(path);
    found.push(...await findings(page, `${account} ${path}`));
  }
  return found;
}

for (const account of ACCOUNTS) {
  test(`what ${account} finds in the navigation is clear to everybody`, async () => {
    const page = await browser.page(account);
    await page.goto('/');
    const links = await page.locator('.side nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    assert.ok(links.includes('/'));
    assert.deepEqual(await visit(account, links), []);
  });
}

const MORE = {
  division: () => ['/contracts?q=zzz', '/contracts/new', `/contracts/${contract}`, `/contracts/${contract}/amend`,
    `/contracts/${contract}/history`, `/contracts/${draft}`, `/contracts/${draft}/edit`, `/terms?contract_id=${draft}`,
    `/terms/new?contract_id=${draft}`, '/amendments', `/briefings/new?contract_id=${draft}`, '/own', '/password', '/rights'],
  executor: () => [`/briefings/${briefing}`, `/contracts/${contract}`],
  ops: () => [`/organisations/${organisation}`, `/organisations/${organisation}/judge`, '/organisations/new',
    '/qualifications/new', `/people/${person}`, `/people/${person}/edit`, '/units/new', '/documents/new', '/documents?q=纪要'],
  admin: () => ['/accounts/new', '/accounts/1'],
  security: () => ['/accounts/1/roles', '/events/1'],
  cleaner: () => [`/contracts/999999`, '/accounts'],
};
for (const [account, paths] of Object.entries(MORE))
  test(`so is what lies behind it for ${account}`, async () => assert.deepEqual(await visit(account, paths()), []));

test('so are single records, by their first links', async () => {
  const lists = { ops: ['/documents', '/qualifications', '/units', '/terms', '/amendments'], audit: ['/events'] };
  for (const [account, places] of Object.entries(lists)) {
    const page = await browser.page(account);
    const paths = [];
    for (const place of places) {
      await page.goto(place);
      paths.push(await page.locator('tbody a').first().getAttribute('href'));
    }
    assert.deepEqual(await visit(account, paths), []);
  }
});

test('so is the sign-in page', async () => assert.deepEqual(await visit(null, ['/login']), []));

test('so are the main pages in English', async () => {
  const page = await browser.page('division', { bypassCSP: true, locale: 'en-GB' });
  const found = [];
  await page.goto('/own');
  await page.getByRole('button', { name: 'EN', exact: true }).click();
  for (const path of ['/', '/contracts', `/contracts/${contract}`, `/contracts/${draft}`, '/contracts/new', '/rights', '/own']) {
    await page.goto(path);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    found.push(...await findings(page, `English ${path}`));
  }
  assert.deepEqual(found, []);
});

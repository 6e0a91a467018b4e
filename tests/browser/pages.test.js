// Every page of the program (`luyue routes` says which there are, so a new one is asked on the day it comes) with the
// same questions: it opens; nothing that axe-core calls serious, in both themes; nothing wider than a phone; words, and
// no keys of the text catalogue. (The console is watched by ./browser.js.)
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { lawfulDeeds } from '../deeds.js';
import { hung, report, tokenAt } from '../report.js';
import { BINARY } from '../world.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Files and parts of pages; a check wants the code of a printed letter (see ./letters.test.js).
const NO_PAGES = ['/documents/{id}/content', '/imports/{id}/bad', '/imports/{id}/creates', '/contracts/figures', '/notices/bell', '/regulation/report.pdf',
  '/issue_figures', '/issue_links/{id}/qr', '/letters/figures', '/letters/{id}/print.pdf', '/supervision_reports/{id}/print.pdf', '/letters/{id}/evidence.zip',
  '/check/{code}', '/recordings/{id}/audio', '/reviews/{id}/audio', '/reviews/figures', '/deletion_certificates/{id}/print.pdf', '/gate/live',
  '/inspections/figures', '/inspection_tasks/figures', '/rectifications/figures',
  '/standards/figures', '/standards/{id}/print.pdf', '/division_rules/{id}/print.pdf', '/areas/{id}/qr', '/p/{publication}/qr', '/s/{survey}/qr',
  '/acceptances/figures', '/acceptances/{id}/print.pdf', '/acceptance_defects/figures',
  '/settlements/figures', '/settlements/{id}/print.pdf', '/settlements/{id}/statement.xlsx', '/evaluations/figures', '/surveys/figures', '/leaves/figures', '/attendance_corrections/figures', '/shift_swaps/figures'];
const PAGES = spawnSync(BINARY, ['routes'], { encoding: 'utf8' }).stdout.trim().split('\n').map(JSON.parse)
  .filter(({ method, path, page }) => method === 'GET' && page && !NO_PAGES.includes(path));
const ACCOUNTS = ['ops', 'division', 'admin', 'security', 'audit', 'executor', 'pm', 'finance', 'client', 'resident',
  'provider', 'duty', 'supervisor', 'qa', 'agent', 'cleaner', 'survey'];
const LONG_NAME = '一个名字很长的会议纪要之关于地下二层停车场移交与保洁面积增加的说明（第二稿，已会签）.txt';

let browser, prefixes, token, code, codes;
const roles = new Map(); // account → its roles
const holders = new Map(); // right → roles that have it
const ids = new Map(); // resource → one that has something to show

async function attach(contract) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'contracts', subject_id: contract, retention: 'short' })) form.set(name, value);
  form.set('file', new Blob(['会议纪要']), LONG_NAME);
  const { status, body } = await (await browser.client('ops')).post('/documents', form);
  assert.equal(status, 201);
  return body.id;
}

async function upload() {
  const form = new FormData();
  form.set('resource', 'contracts');
  form.set('file', new Blob(['合同编号,合同名称\nHT-1,保洁\n']), '台帐.csv');
  const { status, body, text } = await (await browser.client('ops')).post('/imports', form);
  assert.equal(status, 201, text);
  return body.id;
}

// What the demo world has none of: a record in quarantine, and an export.
async function quarantined() {
  const clients = {};
  for (const account of ACCOUNTS) clients[account] = await browser.client(account);
  const deeds = lawfulDeeds(browser.world, (account) => ({ account, api: clients[account] }));
  await deeds['POST /quarantine/{id}/discard']();
  assert.equal((await clients.ops.post('/contracts/export?format=csv')).status, 200);
}

// Nor a correction of a month. (The lawful way would reopen one, and its pages with it.)
function corrected() {
  browser.world.sql(`INSERT INTO adjustments (version, created_at, updated_at, month_id, contract_id, kind, about_month, person_id, points, reason, maker_id, state)
    SELECT 1, 0, 0, m.id, m.contract_id, 'correction', m.month, s.subject_id, 100, '漏计一次表扬', s.subject_id, 'proposed'
      FROM months m JOIN sheets s ON s.month_id = m.id ORDER BY m.id DESC, s.id LIMIT 1`);
}

before(async () => {
  browser = await openBrowser();
  corrected();
  await quarantined();
  for (const account of ACCOUNTS) roles.set(account, (await (await browser.client(account)).get('/session')).body.roles);
  const { body } = await (await browser.client('ops')).get('/rights');
  for (const { name, roles: of } of body.rights) holders.set(name, of);
  prefixes = new RegExp(`\\b(page|fault|flash|record|${[...new Set(PAGES.map(({ path }) => path.split('/')[1]).filter(Boolean))].join('|')})(\\.[a-z_]+)+\\b`, 'g');
  const amendment = await browser.id('division', 'amendments', 'sort=id');
  const contract = (await (await browser.client('division')).get(`/amendments/${amendment}`)).body.contract_id;
  token = await tokenAt(await browser.client('ops'));
  code = await report(browser.world, token);
  codes = await hung(await browser.client('pm'));
  ids.set('contracts', contract).set('documents', await attach(contract)).set('imports', await upload());
});
afterEach(() => browser.leave());
after(() => browser.close());

// ---- what is asked of a page ----

// The frame around is the same for an account on every page: it is looked at once.
const framed = new Set();
async function serious(page, options) {
  const account = await page.evaluate(() => document.querySelector('main')?.dataset.signedIn), key = `${account} ${JSON.stringify(options)}`;
  const found = await page.evaluate(([source, within, chosen]) => {
    if (!window.axe) (0, eval)(source);
    return window.axe.run(within ?? document, { resultTypes: ['violations'], preload: false, ...chosen });
  }, [AXE, framed.has(key) ? { exclude: ['.side', '.top', '.tabbar'] } : null, options]);
  framed.add(key);
  return found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

// What a page is built of, and how what stands in what looks. A page of the same parts has been asked before: only its
// data differ; and colours are looked at again where something stands in something else than ever before.
const shapes = new Set(), looks = new Set();
async function isNew(page) {
  const found = await page.evaluate(() => {
    const part = (element) => `${element.tagName}.${element.className.baseVal ?? element.className}`;
    const all = [...document.querySelectorAll('*')];
    const sorted = (list) => [...new Set(list)].sort();
    return { shape: sorted(all.map(part)).join(' '),
      looks: sorted(all.filter((element) => element.parentElement).map((element) => `${part(element.parentElement)} > ${part(element)}`)) };
  });
  const isNewShape = !shapes.has(found.shape), isNewLook = found.looks.some((look) => !looks.has(look));
  shapes.add(found.shape);
  for (const look of found.looks) looks.add(look);
  return { isNewShape, isNewLook };
}

// All rows of a table are built alike: three of them answer for all.
const fewRows = (page) => page.locator('tbody').evaluateAll((bodies) => {
  for (const body of bodies) for (const row of [...body.rows].slice(3)) row.remove();
});
const fold = (page, open) => page.locator('details').evaluateAll((all, on) => { for (const one of all) one.open = on; }, open);

async function barriers(page, isNewLook) {
  await fewRows(page);
  await fold(page, true);
  const found = await serious(page, isNewLook ? {} : { rules: { 'color-contrast': { enabled: false } } });
  await fold(page, false);
  if (!isNewLook) return found;
  await page.locator('html').evaluate((root) => { root.dataset.bsTheme = 'dark'; });
  await page.setViewportSize(PHONE);
  const narrow = await serious(page, { runOnly: ['color-contrast', 'target-size', 'scrollable-region-focusable'] });
  return [...found, ...narrow.map((words) => `dark and narrow ${words}`)];
}

// What is wrong with the page that is open.
async function findings(page, what) {
  const found = [];
  await page.locator('nav.tabs[hx-trigger]').waitFor({ state: 'detached' }); // the ledger's counts have come
  const keys = what.endsWith('/rights') ? null : (await page.locator('body').innerText()).match(prefixes); // rights have keys for names
  if (keys) found.push(`catalogue keys: ${keys.join(' ')}`);
  if (!await fits(page)) found.push('wider than the desk');
  await page.setViewportSize(PHONE);
  if (!await fits(page)) found.push('wider than the phone');
  await page.setViewportSize(DESK);
  const { isNewShape, isNewLook } = await isNew(page);
  if (isNewShape) {
    found.push(...await barriers(page, isNewLook));
    await page.setViewportSize(DESK);
  }
  return found.map((words) => `${what}: ${words}`);
}

async function visit(account, paths, { status = 200, on } = {}) {
  const page = on ?? await browser.page(account, { bypassCSP: true });
  const found = [];
  for (const path of paths) {
    const reply = await page.goto(path);
    const closed = path.endsWith('/edit') && [403, 409, 422].includes(reply.status()); // says why, and is as clear
    if (reply.status() !== status && !closed) found.push(`${account} ${path}: answered ${reply.status()}`);
    found.push(...await findings(page, `${account ?? 'nobody'} ${path}`));
  }
  return found;
}

// ---- all pages ----

// Who writes records that no provider of ACCOUNTS has any of.
const WRITERS = { pest_treatments: 'suqing', maintenance_works: 'denggong', acceptances: 'denggong' };
function reader({ right }) {
  if (right === 'public') return null;
  const [resource, verb] = right.split('.');
  if (verb === 'write' && WRITERS[resource]) return WRITERS[resource];
  return ACCOUNTS.find((account) => right === 'signed_in' || holders.get(right).some((role) => roles.get(account).includes(role)));
}

async function place(account, path) {
  const resource = path.split('/')[1];
  const known = () => ids.get(resource) ?? browser.id(account, resource, 'sort=-id');
  const open = path.replace('{token}', token).replace('{report}', code).replace('{clause}', 'V5.1.1')
    .replace('{publication}', codes.publication).replace('{area}', codes.area).replace('{survey}', codes.survey);
  return path.includes('{id}') ? path.replace('{id}', await known()) : open;
}

test('every page is clear to everybody who may see it', async () => {
  const perReader = new Map();
  for (const route of PAGES) {
    const account = reader(route);
    perReader.set(account, [...(perReader.get(account) ?? []), await place(account, route.path)]);
  }
  const found = [];
  for (const [account, paths] of perReader) found.push(...await visit(account, paths));
  assert.deepEqual(found, []);
});

test('everybody has a home and a navigation that leads somewhere', async () => {
  const found = [];
  for (const account of ACCOUNTS) {
    const page = await browser.page(account);
    await page.goto('/');
    const links = await page.locator('.side nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    assert.ok(links.includes('/'));
    await Promise.all(links.map(async (link) => {
      const reply = await page.request.get(link);
      if (reply.status() !== 200) found.push(`${account} ${link}: ${reply.status()}`);
    }));
    if (!await fits(page)) found.push(`${account} / is too wide`);
  }
  assert.deepEqual(found, []);
});

test('so are states that a page may be in', async () => {
  const draft = await browser.id('division', 'contracts', 'state=draft&briefing=half');
  const briefing = await browser.id('executor', 'briefings', 'state=draft');
  const found = await visit('division', ['/', '/contracts?q=zzz', `/contracts/${draft}`, `/contracts/${draft}/edit`,
    `/terms?contract_id=${draft}`, `/briefings/new?contract_id=${draft}`, '/own']);
  found.push(...await visit('executor', ['/', `/briefings/${briefing}`]), ...await visit('cleaner', ['/', '/contracts']));
  const standard = await browser.id('executor', 'standards', 'state=draft');
  const uncovered = (await (await browser.client('executor')).get(`/standards/${standard}`)).body.terms.find(({ items }) => !items);
  const centre = (await browser.id('division', 'units', 'q=澄江中心'));
  found.push(...await visit('executor', [`/standards/${standard}`, `/standard_items/new?standard_id=${standard}&term_id=${uncovered.term_id}`]),
    ...await visit('pm', [`/standards/${standard}`, '/areas/new']), ...await visit('division', [`/standards/${standard}`, `/areas/matrix?unit_id=${centre}`]),
    ...await visit('cleaner', [`/standards/${await browser.id('cleaner', 'standards', '')}`, '/areas']));
  // Items to be judged, an appeal to be written and to be decided, marks beside each other.
  const review = (account, query) => browser.id(account, 'reviews', query);
  const session = (state) => browser.id('duty', 'calibrations', `state=${state}`);
  found.push(...await visit('qa', ['/reviews/next', `/calibrations/${await session('open')}`]),
    ...await visit('agent', [`/reviews/${await review('agent', 'state=published')}`]),
    ...await visit('duty', [`/reviews/${await review('duty', 'state=appealed')}`, `/calibrations/${await session('compared')}`]),
    ...await visit('client', [`/reviews/${await review('client', 'fatal=true')}`]));
  assert.deepEqual(found, []);
});

test('so are refusals', async () => {
  const found = [...await visit('cleaner', ['/contracts/999999', '/nowhere'], { status: 404 }),
    ...await visit('agent', ['/contracts/new', '/accounts'], { status: 403 })];
  assert.deepEqual(found, []);
});

test('so are the main pages in English', async () => {
  const on = await browser.page('division', { bypassCSP: true });
  await on.goto('/own');
  await on.getByRole('button', { name: 'EN', exact: true }).click();
  await on.locator('html[lang=en]').waitFor();
  const places = ['/', '/contracts', `/contracts/${ids.get('contracts')}`, '/contracts/new', '/rights', '/own', '/areas/matrix',
    `/standards/${await browser.id('division', 'standards', 'state=draft')}`];
  assert.deepEqual(await visit('division', places, { on }), []);
});

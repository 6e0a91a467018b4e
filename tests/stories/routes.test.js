// Every route of every slice, on both faces: whoever has its right is let in and does it, who has not is refused, and
// so is who has not signed in. `luyue routes` says which there are, so a new route is covered on the day it comes.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { lawfulDeeds } from '../deeds.js';
import { hung } from '../report.js';
import { startWorld, Browser, Client, day, routes } from '../world.js';

const ROUTES = routes();
const ACCOUNTS = ['admin', 'security', 'ops', 'audit', 'finance', 'division', 'pm', 'executor', 'client', 'resident',
  'provider', 'duty', 'supervisor', 'qa', 'agent', 'cleaner', 'survey'];

// Of providers that have records of a kind of their own.
const FURTHER = ['suqing', 'denggong'];

let world, people, further, rights, deeds, scanned;
before(async () => {
  world = await startWorld();
  const everybody = (accounts) => Promise.all(accounts.map(async (account) => {
    const api = await world.signIn(account);
    const { roles, csrf, side } = (await api.get('/session')).body;
    const page = new Browser(world.url, api.token);
    page.csrf = csrf;
    return { account, api, page, roles, side };
  }));
  [people, further] = [await everybody(ACCOUNTS), await everybody(FURTHER)];
  const { body } = await one('ops').api.get('/rights');
  rights = new Map(body.rights.map((right) => [right.name, right.roles]));
  deeds = lawfulDeeds(world, one);
  scanned = { ...await deeds['POST /r/{token}/{report}'](), ...await hung(one('pm').api) };
  await deeds['POST /reviews/{id}/appeal'](); // published, with its form and its sample, so that there are some to be read
  for (const key of ['POST /documents', 'POST /imports', 'POST /recordings']) { // the demo world has none
    const { by, file } = await deeds[key]();
    assert.equal((await by.api.post(key.split(' ')[1], file())).status, 201);
  }
  await one('ops').api.post('/contracts/export'); // there is a log of these
  await deeds['POST /call_exceptions/{id}/explain'](); // a worker finds one
  await deeds['POST /quarantine/{id}/discard']();
});
after(() => world.stop());

// A program of somebody who has the right himself.
async function programFor(route) {
  const { api } = people.find((person) => may(person, route));
  const { token } = (await api.post('/tokens', { name: '报表', rights: 'all', expires_on: day(9) })).body;
  return { api: new Client(world.url, token), page: new Browser(world.url, token) };
}

function one(account) { return [...people, ...further].find((person) => person.account === account); }

// The rights that a route asks for: exports also that of reading what is exported.
function demanded({ right, path }) {
  return path.endsWith('/export') ? [right, `${path.split('/')[1]}.read`] : [right];
}

function holds(person, right) {
  return right === 'public' || right === 'signed_in' || rights.get(right).some((role) => person.roles.includes(role));
}

function may(person, route) { return demanded(route).every((right) => holds(person, right)); }

function filled(path, { id = 999999, row = 2, step = 'suspend', code = '0000-0000-0000', token, report, publication, area, survey, clause = 'V5.1.1' }) {
  return path.replace('{id}', id).replace('{row}', row).replace('{step}', step).replace('{code}', code)
    .replace('{token}', token).replace('{report}', report)
    .replace('{publication}', publication).replace('{area}', area).replace('{survey}', survey).replace('{clause}', clause);
}

// What a form sends: lists of records by number, lists of words one by one.
function formOf(body) {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    if (!Array.isArray(value)) form.append(name, value);
    else value.forEach((item, i) => {
      if (typeof item === 'string') form.append(name, item);
      else Object.entries(item).forEach(([member, text]) => form.append(`${name}.${i}.${member}`, text));
    });
  }
  return form;
}

async function callAs(person, face, route, place, { body = {}, file } = {}) {
  if (face === 'api') return person.api.call(route.method, place, route.method === 'GET' ? undefined : file?.() ?? body);
  if (route.method === 'GET') return person.page.get(place);
  const form = file?.() ?? formOf(body);
  form.append('_csrf', person.page.csrf ?? '');
  if (route.method !== 'POST') form.append('_method', route.method);
  return person.page.call('POST', place, form);
}

function checkHeaders(reply, what) {
  const policy = reply.headers.get('content-security-policy');
  assert.match(policy, /^default-src 'none'; (script-src 'self'; style-src 'self'; .*)?frame-ancestors 'none'/, what);
  assert.doesNotMatch(policy, /unsafe|\*/, what);
  assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', what);
}

function checkPage(reply, what) {
  if (!reply.headers.get('content-type')?.startsWith('text/html')) return;
  assert.doesNotMatch(reply.text, /<script(?![^>]*\ssrc=)|<script[^>]*>[^<]/i, `${what}: script in the page`);
  assert.doesNotMatch(reply.text, /<style|<[^>]+\sstyle\s*=/i, `${what}: style in the page`);
  assert.doesNotMatch(reply.text, /<[^>]+\son[a-z]+\s*=|javascript:/i, `${what}: handler in the page`);
}

function checkReply(reply, what) {
  checkHeaders(reply, what);
  checkPage(reply, what);
}

function checkRefused(reply, face, code, what) {
  assert.equal(reply.status, 403, `${what}: ${reply.text.slice(0, 300)}`);
  if (face === 'api') assert.equal(reply.body.error.code, code, what);
  checkReply(reply, what);
}

/* ---- let in ---- */

// Of a letter that was sent: what is printed on it.
async function printedCode() {
  const client = people.find((person) => person.account === 'client');
  return (await client.api.get('/letters?limit=1&state=sent')).body.items[0].code;
}

// A PDF takes long to set: of everybody who may read it, one of each side.
function readers(route) {
  const all = [...people, ...further].filter((person) => may(person, route));
  return route.path.endsWith('.pdf') ? all.filter(({ side }, i) => all.findIndex((other) => other.side === side) === i) : all;
}

// Everybody who may read; a record that somebody does not see is not there for him, but it is for one of them.
async function checkReading(face, route) {
  const resource = route.path.split('/')[1];
  let place;
  for (const person of readers(route)) {
    const found = route.path.includes('{id}') ? (await person.api.get(`/${resource}?limit=1`)).body?.items?.[0]?.id : 1;
    const asked = filled(route.path, { ...scanned, id: found, code: route.path.includes('{code}') ? await printedCode() : undefined });
    const what = `${person.account} ${face} GET ${asked}`;
    const reply = await callAs(person, face, route, asked);
    const sentOn = route.path === '/login'; // who is signed in is sent on
    checkReply(reply, what);
    // Whoever has the right, but not to this record as it stands, is not given its form.
    if (route.path.endsWith('/edit') && [403, 409, 422].includes(reply.status)) continue;
    assert.equal(reply.status, sentOn ? 303 : found ? 200 : 404, `${what}: ${reply.text.slice(0, 300)}`);
    if (found) place = asked;
  }
  assert.ok(place, `${route.path}: nobody sees any`);
  return place;
}

async function checkWriting(face, route) {
  const deed = await deeds[`${route.method} ${route.path}`]?.();
  assert.ok(deed, 'tests/deeds.js has a lawful call of every route that writes');
  const place = filled(route.path, deed);
  const reply = await callAs(deed.by, face, route, place, deed);
  const what = `${deed.by.account} ${face} ${route.method} ${place}: ${reply.status} ${reply.text.slice(0, 600)}`;
  const lawful = deed.status ? [deed.status] : face === 'api' ? [200, 201] : [200, 303];
  assert.ok(lawful.includes(reply.status), what);
  if (route.path !== '/session/end') assert.doesNotMatch(reply.headers.get('location') ?? '', /^\/login/, what);
  checkReply(reply, what);
  return place;
}

/* ---- kept out ---- */

async function checkUnknown(face, route, place) {
  const nobody = { api: new Client(world.url), page: new Browser(world.url) };
  const reply = await callAs(nobody, face, route, place);
  const what = `nobody ${face} ${route.method} ${place}`;
  if (face === 'api') {
    assert.deepEqual([reply.status, reply.body.error.code], [401, 'request.sign_in'], what);
  } else {
    assert.equal(reply.status, 303, what);
    assert.match(reply.headers.get('location'), /^\/login/, what);
  }
}

async function checkFace(face, route) {
  const place = route.method === 'GET' ? await checkReading(face, route) : await checkWriting(face, route);
  const what = `${face} ${route.method} ${place}`;
  for (const person of people.filter((candidate) => !may(candidate, route)))
    checkRefused(await callAs(person, face, route, place), face, 'request.no_right', `${person.account} ${what}`);
  if (route.session_only) checkRefused(await callAs(await programFor(route), face, route, place), face, 'request.not_by_token', `a program ${what}`);
  if (route.right !== 'public') await checkUnknown(face, route, place);
}

for (const route of ROUTES) {
  test(`${route.method} ${route.path} is for ${route.right}`, async () => {
    for (const face of ['api', 'page'])
      if (route[face]) await checkFace(face, route);
  });
}

test('the trail has words for all that was done', async () => {
  const nameless = new Set();
  for (let next = '/events?limit=200'; next;) {
    const { status, text } = await one('audit').page.get(next);
    assert.equal(status, 200, text);
    for (const [key] of text.matchAll(/\b[a-z_]+\.(did|do)\.[a-z_]+/g)) nameless.add(key);
    next = /href="(\/events\?[^"]*after=[^"]*)"/.exec(text)?.[1].replaceAll('&amp;', '&');
  }
  assert.deepEqual([...nameless], []);
});

test('every lawful deed is one of a route', () => {
  const known = ROUTES.map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(Object.keys(deeds).filter((key) => !known.includes(key)), []);
});

test('every right that a route asks for is one that roles can hold', () => {
  assert.ok(ROUTES.length > 50);
  const unknown = ROUTES.map((route) => route.right).filter((right) => !rights.has(right));
  assert.deepEqual(unknown.filter((right) => right !== 'public' && right !== 'signed_in'), []);
});

test('a path of which only another method is known says which, and one that is not known says so', async () => {
  const { api } = one('ops');
  const wrong = await api.call('DELETE', '/contracts');
  assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'GET, HEAD, POST, OPTIONS']);
  assert.equal((await api.get('/no-such-place')).status, 404);
  assert.equal((await api.get('/contracts/seven')).status, 404);
});

test('health and figures are answered without signing in', async () => {
  for (const place of ['/healthz', '/metrics']) assert.equal((await fetch(world.url + place)).status, 200, place);
});

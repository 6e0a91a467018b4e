// Every route of every slice, on both faces: who has its right is let in, who has not is refused, and so is who has not
// signed in. `luyue routes` says which there are, so a new route is covered on the day it comes.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { startWorld, Browser, Client, BINARY, PASSWORD } from '../world.js';

const ROUTES = spawnSync(BINARY, ['routes'], { encoding: 'utf8' }).stdout.trim().split('\n').map(JSON.parse);
const ACCOUNTS = ['admin', 'security', 'ops', 'audit', 'finance', 'division', 'pm', 'executor', 'client', 'resident',
  'provider', 'duty', 'supervisor', 'qa', 'agent', 'cleaner', 'survey'];
// Who writes, when several may: first those whom no deeper rule refuses.
const WRITERS = ['ops', 'division', 'security', 'admin', 'audit', ...ACCOUNTS];
// A deeper rule: only its two parties.
const PARTY = { '/briefings/{id}/sign': 'division', '/briefings/{id}/refuse': 'division' };
// What has to be sent so that nobody's failed passwords are counted.
const BODIES = {
  'POST /session': { account: 'ops', password: PASSWORD },
  'POST /own/otp/stop': { password: PASSWORD },
  'POST /briefings/{id}/sign': { password: PASSWORD },
};
const ENDS_SESSION = ['/session', '/session/end'];

let world, people, rights, target;
before(async () => {
  world = await startWorld();
  people = await Promise.all(ACCOUNTS.map(async (account) => {
    const api = await world.signIn(account);
    const { roles, csrf } = (await api.get('/session')).body;
    const page = new Browser(world.url, api.token);
    page.csrf = csrf;
    return { account, api, page, roles, ids: {} };
  }));
  const { body } = await one('ops').api.get('/rights');
  rights = new Map(body.rights.map((right) => [right.name, right.roles]));
  target = (await one('admin').api.get('/accounts?q=liangshu')).body.items[0].id; // an account that the writes may spoil
  await attach();
});
after(() => world.stop());

function one(account) { return people.find((person) => person.account === account); }

async function attach() {
  const { api } = one('ops');
  const [contract] = (await api.get('/contracts?limit=1')).body.items;
  const form = new FormData();
  form.set('subject', 'contracts');
  form.set('subject_id', contract.id);
  form.set('retention', 'short');
  form.set('file', new Blob(['第一页']), '纪要.txt');
  assert.equal((await api.post('/documents', form)).status, 201);
}

// The rights that a route asks for: exports also that of reading what is exported.
function demanded({ right, path }) {
  return path.endsWith('/export') ? [right, `${path.split('/')[1]}.read`] : [right];
}

function holds(person, right) {
  return right === 'public' || right === 'signed_in' || rights.get(right).some((role) => person.roles.includes(role));
}

function may(person, route) { return demanded(route).every((right) => holds(person, right)); }

// The path with an id that this person may know of, and whether there is such a record.
async function placeOf(person, { path }) {
  const resource = path.split('/')[1];
  let id = person.ids[resource];
  if (path.includes('{id}') && id === undefined) {
    const found = (await person.api.get(`/${resource}?limit=1`)).body?.items;
    id = resource === 'accounts' ? target : found?.[0]?.id ?? 0;
    person.ids[resource] = id;
  }
  const place = path.replace('{id}', id || 999999).replace('{step}', 'suspend').replace('{row}', '2');
  return { place, real: !path.includes('{id}') || (id > 0 && !path.startsWith('/own/')) };
}

async function callAs(person, face, route, place) {
  const body = BODIES[`${route.method} ${route.path}`] ?? {};
  if (face === 'api') return person.api.call(route.method, place, route.method === 'GET' ? undefined : body);
  if (route.method === 'GET') return person.page.get(place);
  return person.page.post(place, route.method === 'POST' ? body : { _method: route.method, ...body });
}

// One whose session may end by what is called.
async function visitor(person, route) {
  if (!ENDS_SESSION.includes(route.path) || route.method === 'GET') return person;
  const page = await world.browse(person.account);
  return { ...person, page, api: new Client(world.url, page.cookie) };
}

function checkHeaders(reply, what) {
  const policy = reply.headers.get('content-security-policy');
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/, what);
  assert.doesNotMatch(policy, /unsafe|\*/, what);
  assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', what);
}

function checkPage(reply, what) {
  if (!reply.headers.get('content-type')?.startsWith('text/html')) return;
  assert.doesNotMatch(reply.text, /<script(?![^>]*\ssrc=)|<script[^>]*>[^<]/i, `${what}: script in the page`);
  assert.doesNotMatch(reply.text, /<style|<[^>]+\sstyle\s*=/i, `${what}: style in the page`);
  assert.doesNotMatch(reply.text, /<[^>]+\son[a-z]+\s*=|javascript:/i, `${what}: handler in the page`);
}

function checkAllowed(reply, route, real, what) {
  const missing = !real && reply.status === 404;
  const accepted = route.method === 'GET' ? [200] : [200, 201, 303, 409, 422];
  const said = `${what}: ${reply.status} ${reply.text.slice(0, 300)}`;
  if (route.path === '/login' && reply.status === 303) return; // who is signed in is sent on
  assert.ok(missing || accepted.includes(reply.status), said);
  checkHeaders(reply, what);
  checkPage(reply, what);
}

function checkRefused(reply, face, what) {
  assert.equal(reply.status, 403, `${what}: ${reply.text.slice(0, 300)}`);
  if (face === 'api') assert.equal(reply.body.error.code, 'request.no_right', what);
  checkHeaders(reply, what);
  checkPage(reply, what);
}

async function checkUnknown(face, route, place) {
  const nobody = { api: new Client(world.url), page: new Browser(world.url) };
  const reply = await callAs(nobody, face, route, place);
  const what = `nobody ${face} ${route.method} ${place}`;
  if (route.right === 'public') {
    checkAllowed(reply, route, true, what);
  } else if (face === 'api') {
    assert.deepEqual([reply.status, reply.body.error.code], [401, 'request.sign_in'], what);
  } else {
    assert.equal(reply.status, 303, what);
    assert.match(reply.headers.get('location'), /^\/login/, what);
  }
}

async function checkFace(face, route) {
  const order = [PARTY[route.path], ...WRITERS];
  const ordered = [...people].sort((a, b) => order.indexOf(a.account) - order.indexOf(b.account));
  const holders = ordered.filter((person) => may(person, route));
  assert.ok(holders.length > 0, 'somebody has the right');
  for (const holder of route.method === 'GET' ? holders : holders.slice(0, 1)) {
    const person = await visitor(holder, route);
    const { place, real } = await placeOf(person, route);
    checkAllowed(await callAs(person, face, route, place), route, real, `${person.account} ${face} ${route.method} ${place}`);
  }
  const { place } = await placeOf(holders[0], route);
  for (const person of ordered.filter((candidate) => !may(candidate, route)))
    checkRefused(await callAs(person, face, route, place), face, `${person.account} ${face} ${route.method} ${place}`);
  await checkUnknown(face, route, place);
}

for (const route of ROUTES) {
  test(`${route.method} ${route.path} is for ${route.right}`, async () => {
    for (const face of ['api', 'page'])
      if (route[face]) await checkFace(face, route);
  });
}

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

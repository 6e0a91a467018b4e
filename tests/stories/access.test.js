// Who gets in, who may do what, and who says so: passwords, second factors, sessions, tokens, roles.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { newWorld, startWorld, Browser, Client, PASSWORD, day, totp } from '../world.js';

const OWN_PASSWORD = 'own-Choice-2718';
let world, admin, security, group, provider;
before(async () => {
  world = await startWorld({ args: ['--proxies', '127.0.0.1'] }); // so that every guesser may have an address
  [admin, security] = await Promise.all(['admin', 'security'].map((account) => world.signIn(account)));
  const organisations = (await admin.get('/organisations?limit=200')).body.items;
  group = organisations.find((item) => item.name === '澄江服务集团有限公司').id;
  provider = organisations.find((item) => item.name === '净安保洁服务有限公司').id;
});
after(() => world.stop());

let count = 0;
async function person(organisation = group) {
  count += 1;
  const made = await admin.post('/people', { name: `来人${count}`, organisation_id: organisation, job: 'other' });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

// An account as the administrator makes it, and its initial password.
async function fresh(organisation) {
  const { id } = await person(organisation);
  const made = await admin.post('/accounts', { name: `story${count}`, person_id: id });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

async function current(account) { return (await security.get(`/accounts/${account.id}`)).body; }

async function give(account, roles, giver = security) {
  return giver.post(`/accounts/${account.id}/roles`, { roles, version: (await current(account)).version });
}

function signIn(name, password, { otp, address = '10.1.0.1' } = {}) {
  return new Client(world.url).post('/session', { account: name, password, ...(otp && { otp }) }, { 'x-forwarded-for': address });
}

// An account with these roles whose owner chose the password: who may do what these roles may.
async function member(roles = []) {
  const account = await fresh();
  if (roles.length) assert.equal((await give(account, roles)).status, 200);
  const first = new Client(world.url, (await signIn(account.name, account.initial_password)).body.token);
  const changed = await first.post('/password', { current: account.initial_password, new: OWN_PASSWORD });
  assert.equal(changed.status, 200, changed.text);
  return { ...account, client: new Client(world.url, changed.body.token) };
}

async function entries(account) { return (await security.get(`/accounts/${account.id}/history`)).body.items; }

function fields(reply) { return reply.body.error.fields.map(({ field, code, clause }) => [field, code, clause ?? '']); }

/* ---- accounts and roles ---- */

test('V3.2 an account is made by the system administrator and given its roles by the security administrator alone', async () => {
  const account = await fresh();
  assert.deepEqual([account.roles, account.must_change, account.state], [[], true, 'active']);
  assert.match(account.initial_password, /^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
  const byAdmin = await give(account, ['ops'], admin);
  assert.deepEqual([byAdmin.status, byAdmin.body.error.code], [403, 'account.roles_by_security']);
  assert.equal((await security.post('/accounts', { name: 'x1', person_id: 1 })).status, 403);
  assert.equal((await give(account, ['ops'])).status, 200);
  assert.deepEqual((await current(account)).roles, ['ops']);
  const direct = await admin.post('/accounts', { name: 'story-direct', person_id: (await person()).id, roles: ['ops'] });
  assert.deepEqual(fields(direct).map(([field, code]) => [field, code]), [['roles', 'unknown']]);
});

test('V3.2 who scores does not audit', async () => {
  const account = await fresh();
  for (const scores of ['ops', 'division', 'pm', 'executor', 'finance']) {
    const refused = await give(account, ['audit', scores]);
    assert.equal(refused.status, 422, scores);
    assert.deepEqual(fields(refused), [['roles', 'roles_exclude', 'V3.2']], scores);
  }
  assert.equal((await give(account, ['audit'])).status, 200);
  const audit = (await security.get('/rights')).body.rights.filter((right) => right.roles.includes('audit')).map((right) => right.name);
  // Others' duties (unit), whole numbers and rankings are only looked at, too; what audit says of an evaluation or acceptance, draws and finds is its own.
  const own = ['evaluations.audit', 'acceptances.audit', 'audit_samples.write', 'audit_findings.write'];
  assert.deepEqual(audit.filter((right) => !/\.(read|hold|make|unit|whole|rank)$/.test(right) && !own.includes(right)), [],
    'audit sees everything and changes nothing');
});

test('V3.3 who scores does not apply the money', async () => {
  const account = await fresh();
  for (const scores of ['ops', 'division', 'pm', 'executor'])
    assert.deepEqual(fields(await give(account, ['finance', scores])), [['roles', 'roles_exclude', 'V3.3']], scores);
  assert.equal((await give(account, ['finance'])).status, 200);
  assert.equal((await give(account, ['pm', 'executor'])).status, 200);
});

test('C3.3 an agent sees the own calls alone: with no role of another trade beside it', async () => {
  assert.deepEqual(fields(await give(await fresh(provider), ['agent', 'cleaner'])), [['roles', 'roles_exclude', 'C3.3']]);
});

test('the three administrators stay three persons, and none of them does business', async () => {
  const account = await fresh();
  for (const pair of [['admin', 'security'], ['admin', 'audit'], ['security', 'audit'], ['admin', 'ops'], ['security', 'pm']]) {
    const refused = await give(account, pair);
    assert.deepEqual(fields(refused).map(([field, code]) => [field, code]), [['roles', 'roles_exclude']], pair.join());
  }
  assert.equal((await admin.get('/contracts')).status, 403);
  assert.equal((await security.get('/contracts')).status, 403);
});

test('roles belong to a side', async () => {
  const theirs = await fresh(provider);
  assert.deepEqual(fields(await give(theirs, ['ops'])), [['roles', 'role_side', '']]);
  assert.deepEqual(fields(await give(theirs, ['audit'])), [['roles', 'role_side', '']]);
  assert.equal((await give(theirs, ['provider', 'duty'])).status, 200);
  assert.deepEqual(fields(await give(await fresh(), ['provider'])), [['roles', 'role_side', '']]);
});

test('nobody changes the own account, and the last administrator of a kind stays', async () => {
  const own = (await security.get('/accounts?q=security')).body.items.find((item) => item.name === 'security');
  const refused = await give(own, []);
  assert.deepEqual([refused.status, refused.body.error.code], [403, 'account.own']);
  const other = (await security.get('/accounts?q=admin')).body.items.find((item) => item.name === 'admin');
  assert.deepEqual(fields(await give(other, [])), [['roles', 'last_holder', '']]);
  const disabled = await admin.patch(`/accounts/${other.id}`, { version: other.version, state: 'disabled' });
  assert.ok(fields(disabled).some(([field, code]) => field === 'state' && code === 'own_account'));
  const guard = await admin.patch(`/accounts/${own.id}`, { version: own.version, state: 'disabled' });
  assert.deepEqual(fields(guard), [['state', 'last_holder', '']]);
});

test('a person with an account is neither removed nor moved to another organisation, and only the administrator lets one go', async () => {
  const { person_id: id } = await fresh();
  const ops = await world.signIn('ops');
  const { version } = (await admin.get(`/people/${id}`)).body;
  assert.equal((await admin.call('DELETE', `/people/${id}`)).status, 405);
  assert.deepEqual(fields(await admin.patch(`/people/${id}`, { version, organisation_id: provider })), [['organisation_id', 'fixed', '']]);
  assert.deepEqual(fields(await ops.patch(`/people/${id}`, { version, left_on: day(-1) })), [['left_on', 'account_holder', '']]);
  assert.equal((await admin.patch(`/people/${id}`, { version, left_on: day(-1) })).status, 200);
});

test('the last administrator of a kind does not leave either', async () => {
  for (const name of ['admin', 'security']) {
    const { person_id: id } = (await security.get(`/accounts?q=${name}`)).body.items.find((item) => item.name === name);
    const { version } = (await admin.get(`/people/${id}`)).body;
    const refused = await admin.patch(`/people/${id}`, { version, left_on: day(30) });
    assert.deepEqual(fields(refused), [['left_on', 'last_holder', '']], name);
  }
});

test('a person has one account, and a name is taken once', async () => {
  const account = await fresh();
  const again = await admin.post('/accounts', { name: 'story-again', person_id: account.person_id });
  assert.deepEqual(fields(again).map(([field, code]) => [field, code]), [['person_id', 'has_account']]);
  const same = await admin.post('/accounts', { name: account.name, person_id: (await person()).id });
  assert.deepEqual(fields(same).map(([field, code]) => [field, code]), [['name', 'taken']]);
});

/* ---- the first sign-in ---- */

test('an initial password opens nothing but the form for an own one', async () => {
  const account = await fresh();
  await give(account, ['ops']);
  const shown = await current(account);
  assert.ok(!('initial_password' in shown) && !('password' in shown));
  const signedIn = await signIn(account.name, account.initial_password);
  assert.deepEqual([signedIn.status, signedIn.body.must_change], [200, true]);
  const client = new Client(world.url, signedIn.body.token);
  for (const target of ['/contracts', '/tasks', '/own', '/tokens']) {
    const refused = await client.get(target);
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'access.password_first'], target);
  }
  const page = await new Browser(world.url, signedIn.body.token).get('/contracts');
  assert.deepEqual([page.status, page.headers.get('location')], [303, '/password']);
  const short = await client.post('/password', { current: account.initial_password, new: 'short' });
  assert.deepEqual(fields(short).map(([field, code]) => [field, code]), [['new', 'too_short']]);
  for (const weak of [account.initial_password, `${account.name}-12345`])
    assert.equal((await client.post('/password', { current: account.initial_password, new: weak })).status, 422, weak);
  assert.equal((await client.post('/password', { current: 'not the password', new: OWN_PASSWORD })).status, 422);
  const changed = await client.post('/password', { current: account.initial_password, new: OWN_PASSWORD });
  assert.deepEqual([changed.status, changed.body.must_change], [200, false]);
  assert.equal((await new Client(world.url, changed.body.token).get('/contracts')).status, 200);
  assert.equal((await signIn(account.name, account.initial_password)).status, 401);
  assert.equal((await signIn(account.name, OWN_PASSWORD)).status, 200);
});

test('the page that makes an account shows its password this once', async () => {
  const { id } = await person();
  const browser = await world.browse('admin');
  const made = await browser.post('/accounts', { name: `story${count}`, person_id: id });
  assert.equal(made.status, 200);
  const [password] = /[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}/.exec(made.text);
  assert.equal((await signIn(`story${count}`, password)).body.must_change, true);
  const account = (await security.get(`/accounts?q=story${count}`)).body.items[0];
  assert.doesNotMatch((await browser.get(`/accounts/${account.id}`)).text, new RegExp(password));
  assert.doesNotMatch((await browser.get(`/accounts/${account.id}/history`)).text, new RegExp(password));
});

test('the security administrator gives a new initial password, and everything from before ends', async () => {
  const account = await member(['ops']);
  const reset = await security.post(`/accounts/${account.id}/reset`);
  assert.equal(reset.status, 200, reset.text);
  assert.equal((await account.client.get('/session')).status, 401);
  assert.equal((await signIn(account.name, OWN_PASSWORD)).status, 401);
  assert.equal((await signIn(account.name, reset.body.initial_password)).body.must_change, true);
  assert.equal((await admin.post(`/accounts/${account.id}/reset`)).status, 403);
});

/* ---- wrong passwords ---- */

// Until it has to wait; the refusal that says so. After n failures beyond the free ones the delay has grown to 2^n s.
async function lock(name, address) {
  for (let tries = 0; tries < 16; tries += 1) {
    const reply = await signIn(name, 'not the password', { address });
    if (reply.status === 429) return reply;
    assert.deepEqual([reply.status, reply.body.error.code], [401, 'access.wrong']);
  }
  throw new Error(`${name} is never locked`);
}

test('after wrong passwords even the right one has to wait, until security opens the account', async () => {
  const account = await member();
  const locked = await lock(account.name, '10.2.0.1');
  assert.equal(locked.body.error.code, 'access.locked');
  assert.ok(Number(locked.headers.get('retry-after')) >= 1);
  for (let i = 0; i < 3; i += 1) await lock(account.name, '10.2.0.1'); // the delay is long by now
  const right = await signIn(account.name, OWN_PASSWORD, { address: '10.2.0.2' });
  assert.equal(right.status, 429, 'from another address, too');
  assert.equal((await account.client.get('/session')).status, 200, 'who is in stays in');
  assert.equal((await admin.post(`/accounts/${account.id}/unlock`)).status, 403);
  assert.equal((await security.post(`/accounts/${account.id}/unlock`)).status, 200);
  assert.equal((await signIn(account.name, OWN_PASSWORD, { address: '10.2.0.2' })).status, 200);
  const actions = (await entries(account)).map((entry) => entry.action);
  for (const action of ['login', 'unlock', 'lock', 'login_failed']) assert.ok(actions.includes(action), action);
});

/* ---- passwords are hashed in processes of their own ---- */

// The children of a process, [pid, state] each; also those that ended and nobody waited for.
function children(parent) {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    let stat = '';
    try { stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8'); } catch { /* it ended meanwhile */ }
    const [, state, of] = /^\d+ \(.*\) (\w) (\d+)/s.exec(stat) ?? [];
    return Number(of) === parent ? [[Number(pid), state]] : [];
  });
}

function alive(pid) {
  try { return process.kill(pid, 0); } catch { return false; }
}

async function gone(pid) {
  while (alive(pid)) await new Promise(setImmediate);
}

test('a killed hasher of passwords is replaced, and the last one ends with the server, however that ends', async () => {
  const own = await startWorld();
  try {
    const tries = () => Promise.all([PASSWORD, 'wrong-Choice-2718'].map((password) => new Client(own.url).post('/session', { account: 'finance', password })));
    const statuses = async () => (await tries()).map(({ status }) => status);
    assert.deepEqual(await statuses(), [200, 401]);
    const hashers = children(own.process.pid).map(([pid]) => pid);
    assert.ok(hashers.length > 0);
    for (const pid of hashers) process.kill(pid, 'SIGSTOP');
    const stopped = tries();
    for (const pid of hashers) process.kill(pid, 'SIGKILL');
    assert.deepEqual((await stopped).map(({ status }) => status), [200, 401]);
    assert.deepEqual(await statuses(), [200, 401]);
    const next = children(own.process.pid);
    assert.ok(next.length > 0 && next.every(([pid, state]) => !hashers.includes(pid) && state !== 'Z'), next.join(' '));
    assert.equal(await own.halt('SIGKILL'), 'SIGKILL');
    for (const [pid] of next) await gone(pid);
  } finally { await own.stop(); }
});

test('an account that does not exist answers like one that does', async () => {
  const account = await member();
  const known = await signIn(account.name, 'not the password', { address: '10.3.0.1' });
  const unknown = await signIn('nobody-at-all', 'not the password', { address: '10.3.0.1' });
  assert.deepEqual({ ...unknown.body.error, request: '' }, { ...known.body.error, request: '' });
  assert.equal((await lock('nobody-at-all', '10.3.0.2')).body.error.code, 'access.locked');
});

test('what somebody typed as account name is nowhere kept in clear', async () => {
  const typed = 'my-secret-password-in-the-wrong-box';
  assert.equal((await signIn(typed, 'x', { address: '10.3.0.3' })).status, 401);
  assert.doesNotMatch(world.sql('SELECT subject FROM failures'), /account|address|my-secret|10\.3\.0\.3/);
  assert.match(world.sql('SELECT subject FROM failures'), /^[0-9a-f]{32}$/m);
  assert.equal(world.sql(`SELECT count(*) FROM events WHERE title LIKE '%my-secret%' OR note LIKE '%my-secret%'`), '0');
});

test('an address that tries many accounts has to wait, others need not', async () => {
  const account = await member();
  let refused;
  for (let i = 0; i < 40 && refused?.status !== 429; i += 1) refused = await signIn(`nobody-${i}`, 'guess', { address: '10.4.0.1' });
  assert.equal(refused.status, 429);
  assert.equal((await signIn(account.name, OWN_PASSWORD, { address: '10.4.0.2' })).status, 200);
});

/* ---- sessions ---- */

test('every session ends when the password changes', async () => {
  const account = await member();
  const other = new Client(world.url, (await signIn(account.name, OWN_PASSWORD)).body.token);
  assert.equal((await other.get('/session')).status, 200);
  const changed = await account.client.post('/password', { current: OWN_PASSWORD, new: `${OWN_PASSWORD}-new` });
  assert.equal(changed.status, 200, changed.text);
  assert.equal((await other.get('/session')).status, 401);
  assert.equal((await account.client.get('/session')).status, 401);
  assert.equal((await new Client(world.url, changed.body.token).get('/session')).status, 200);
});

test('signing out ends this session, and one may end the others one by one', async () => {
  const account = await member();
  const second = new Client(world.url, (await signIn(account.name, OWN_PASSWORD)).body.token);
  const { sessions, session_id: own } = (await account.client.get('/own')).body;
  const other = sessions.find((session) => session.id !== own && session.id === Math.max(...sessions.map(({ id }) => id)));
  assert.equal((await second.call('DELETE', '/session')).status, 200);
  assert.equal((await second.get('/session')).status, 401);
  assert.equal((await account.client.post(`/own/sessions/${other.id}/end`)).status, 404);
  const foreign = (await admin.get('/own')).body.session_id;
  assert.equal((await account.client.post(`/own/sessions/${foreign}/end`)).status, 404);
  assert.equal((await account.client.post(`/own/sessions/${own}/end`)).status, 200);
  assert.equal((await account.client.get('/session')).status, 401);
});

test('the browser’s cookie is out of reach for scripts, and signing in again ends the former session', async () => {
  const account = await member();
  const form = { account: account.name, password: OWN_PASSWORD };
  const first = await new Browser(world.url).call('POST', '/session', new URLSearchParams(form));
  assert.equal(first.status, 303);
  const [, key] = /^luyue=([^;]+); Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/.exec(first.headers.get('set-cookie'));
  const browser = new Browser(world.url, key);
  browser.csrf = (await new Client(world.url, key).get('/session')).body.csrf;
  assert.equal((await browser.post('/session', form)).status, 303);
  assert.equal((await browser.get('/tasks')).status, 303);
  const behind = await new Browser(world.url).call('POST', '/session', new URLSearchParams(form), { 'x-forwarded-proto': 'https' });
  assert.match(behind.headers.get('set-cookie'), /^__Host-luyue=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure;/);
});

test('signing out on the page takes the cookie away', async () => {
  const browser = await world.browse('agent');
  const out = await browser.post('/session/end');
  assert.deepEqual([out.status, out.headers.get('location')], [303, '/login']);
  assert.match(out.headers.getSetCookie().find((cookie) => cookie.startsWith('luyue=')), /^luyue=;.*Max-Age=0/);
  assert.equal((await browser.get('/tasks')).status, 303);
});

test('a disabled account is out at once, and so is a person who left', async () => {
  const account = await member(['ops']);
  const token = (await account.client.post('/tokens', { name: 't', rights: 'all', expires_on: day(9) })).body.token;
  const disabled = await admin.patch(`/accounts/${account.id}`, { version: (await current(account)).version, state: 'disabled' });
  assert.equal(disabled.status, 200, disabled.text);
  assert.equal((await account.client.get('/session')).status, 401);
  assert.equal((await new Client(world.url, token).get('/contracts')).status, 401);
  assert.equal((await signIn(account.name, OWN_PASSWORD)).body.error.code, 'access.wrong');
  await admin.patch(`/accounts/${account.id}`, { version: (await current(account)).version, state: 'active' });
  const back = new Client(world.url, (await signIn(account.name, OWN_PASSWORD)).body.token);
  assert.equal((await back.get('/session')).status, 200);
  const { version } = (await admin.get(`/people/${account.person_id}`)).body;
  assert.equal((await admin.patch(`/people/${account.person_id}`, { version, left_on: day(-1) })).status, 200);
  assert.equal((await back.get('/session')).status, 401);
  assert.equal((await signIn(account.name, OWN_PASSWORD)).status, 401);
});

/* ---- second factor ---- */

test('with a second factor the password alone is not enough, and a code works once', async () => {
  const account = await member();
  const { client } = account;
  assert.equal((await client.post('/own/otp/confirm', { code: '000000' })).body.error.code, 'access.otp_off');
  for (const password of ['', 'not the password'])
    assert.equal((await client.post('/own/otp/start', { password })).body.error.code, 'access.wrong_password');
  const { secret, uri } = (await client.post('/own/otp/start', { password: OWN_PASSWORD })).body;
  assert.match(uri, new RegExp(`^otpauth://totp/Luyue:${account.name}\\?secret=${secret}&issuer=Luyue$`));
  assert.equal((await signIn(account.name, OWN_PASSWORD)).status, 200, 'not in force before it is confirmed');
  assert.deepEqual(fields(await client.post('/own/otp/confirm', { code: 'abcdef' })), [['code', 'wrong_code', '']]);
  assert.equal((await client.post('/own/otp/confirm', { code: totp(secret) })).status, 200);
  assert.equal((await client.post('/own/otp/start', { password: OWN_PASSWORD })).body.error.code, 'access.otp_on');
  assert.equal((await signIn(account.name, OWN_PASSWORD)).body.error.code, 'access.otp_required');
  assert.equal((await signIn(account.name, OWN_PASSWORD, { otp: 'abcdef' })).body.error.code, 'access.otp_wrong');
  const otp = totp(secret, Date.now() + 30_000); // the next one: the one before it has been used
  assert.equal((await signIn(account.name, 'not the password', { otp })).body.error.code, 'access.wrong');
  assert.equal((await signIn(account.name, OWN_PASSWORD, { otp })).status, 200);
  assert.equal((await signIn(account.name, OWN_PASSWORD, { otp })).body.error.code, 'access.otp_wrong');
  assert.equal((await client.post('/own/otp/stop', { password: 'not the password' })).body.error.code, 'access.wrong_password');
  assert.equal((await client.post('/own/otp/stop', { password: OWN_PASSWORD })).status, 200);
  assert.equal((await signIn(account.name, OWN_PASSWORD)).status, 200);
  const actions = (await entries(account)).map((entry) => entry.action);
  for (const action of ['otp_start', 'otp_wrong', 'otp_on', 'otp_off', 'proof_failed']) assert.ok(actions.includes(action), action);
});

test('who lost the second factor gets a new password, and begins without one', async () => {
  const account = await member();
  const { secret } = (await account.client.post('/own/otp/start', { password: OWN_PASSWORD })).body;
  await account.client.post('/own/otp/confirm', { code: totp(secret) });
  const { initial_password: password } = (await security.post(`/accounts/${account.id}/reset`)).body;
  assert.equal((await signIn(account.name, password)).status, 200);
});

/* ---- tokens ---- */

async function token(client, rights, expires = day(30)) {
  const made = await client.post('/tokens', { name: '报表', rights, expires_on: expires });
  assert.equal(made.status, 201, made.text);
  assert.match(made.body.token, /^ly_/);
  return { ...made.body, client: new Client(world.url, made.body.token) };
}

test('a token may do a part of what its account may, and never what takes the person', async () => {
  const account = await member(['division']);
  const reading = await token(account.client, 'contracts.read terms.read');
  assert.equal((await reading.client.get('/contracts')).status, 200);
  assert.equal((await reading.client.get('/people')).status, 403);
  assert.equal((await reading.client.post('/contracts', {})).status, 403);
  const all = await token(account.client, 'all');
  assert.equal((await all.client.post('/contracts', {})).status, 422);
  const [briefing] = (await all.client.get('/briefings?limit=1')).body.items;
  for (const [target, body] of [['/tokens', { name: 'x', rights: 'all', expires_on: day(9) }], ['/own/otp/start', { password: OWN_PASSWORD }],
    [`/tokens/${reading.id}/revoke`, {}], ['/session/end', {}], ['/password', { current: OWN_PASSWORD, new: `${OWN_PASSWORD}x` }], [`/briefings/${briefing?.id ?? 1}/sign`, { password: OWN_PASSWORD }]]) {
    const refused = await all.client.post(target, body);
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'request.not_by_token'], target);
  }
  for (const target of ['/own', '/tokens', `/tokens/${all.id}`])
    for (const { client } of [reading, all])
      assert.equal((await client.get(target)).body.error.code, 'request.not_by_token', target);
  assert.equal((await give(account, ['executor'])).status, 200);
  assert.equal((await all.client.post('/contracts', {})).status, 403, 'it never has more than its account');
});

test('a token names rights that its account has, for a year at most, and its key is shown once', async () => {
  const account = await member(['pm']);
  const ask = (values) => account.client.post('/tokens', { name: '报表', rights: 'all', expires_on: day(9), ...values });
  for (const rights of ['contracts.write', 'contracts.reed', 'accounts.read contracts.read'])
    assert.equal(fields(await ask({ rights }))[0][1], 'not_held', rights);
  assert.deepEqual(fields(await ask({ expires_on: day(-1) })), [['expires_on', 'in_past', '']]);
  assert.deepEqual(fields(await ask({ expires_on: day(400) })), [['expires_on', 'within_a_year', '']]);
  assert.equal((await ask({ expires_on: undefined })).status, 422);
  const made = await token(account.client, 'all');
  const shown = await account.client.get(`/tokens/${made.id}`);
  assert.ok(!shown.text.includes(made.token) && !shown.text.includes('key_hash'));
  assert.equal((await security.get(`/tokens/${made.id}`)).status, 404);
});

test('a revoked token is nobody’s', async () => {
  const account = await member(['pm']);
  const made = await token(account.client, 'all');
  assert.equal((await made.client.get('/contracts')).status, 200);
  assert.equal((await account.client.post(`/tokens/${made.id}/revoke`)).body.state, 'revoked');
  assert.equal((await made.client.get('/contracts')).status, 401);
  assert.equal((await account.client.post(`/tokens/${made.id}/revoke`)).body.error.code, 'token.revoked');
});

test('tokens end with the password that they were made under, and their owner is told', async () => {
  const account = await member(['pm']);
  const [first, second] = [await token(account.client, 'all'), await token(account.client, 'contracts.read')];
  const browser = new Browser(world.url, account.client.token);
  browser.csrf = (await account.client.get('/session')).body.csrf;
  const changed = await browser.post('/password', { current: OWN_PASSWORD, new: `${OWN_PASSWORD}-new` });
  assert.equal(changed.status, 303, changed.text);
  for (const { client } of [first, second]) assert.equal((await client.get('/contracts')).status, 401);
  const client = new Client(world.url, (await signIn(account.name, `${OWN_PASSWORD}-new`)).body.token);
  assert.deepEqual((await client.get('/own')).body.tokens.map(({ state }) => state), ['revoked', 'revoked']);
  const third = await token(client, 'all');
  assert.equal((await third.client.get('/contracts')).status, 200);
  assert.equal((await security.post(`/accounts/${account.id}/reset`)).status, 200);
  assert.equal((await third.client.get('/contracts')).status, 401, 'not even as one whose password must change');
  const told = (await entries(account)).filter((entry) => entry.action === 'tokens_revoked').map((entry) => entry.note);
  assert.deepEqual(told, ['1', '2']);
});

/* ---- time ---- */

// The clock of a server begins where --clock says and runs on.
function later(hours) {
  return new Date(Date.now() + (8 + hours) * 3600e3).toISOString().replace(/\.\d+Z/, '+08:00');
}

test('sessions, tokens and delays end with time', async () => {
  const place = newWorld({ args: [] });
  const again = async (hours) => {
    await place.halt();
    place.args = ['--clock', later(hours)];
    await place.start();
  };
  const guess = () => new Client(place.url).post('/session', { account: 'pm', password: 'not the password' });
  await place.start();
  try {
    const { token: session } = await place.signIn('ops');
    const made = await new Client(place.url, session).post('/tokens', { name: 't', rights: 'contracts.read', expires_on: day(2) });
    const status = async (key) => (await new Client(place.url, key).get('/contracts')).status;
    for (let i = 0; i < 5; i += 1) assert.equal((await guess()).status, 401);
    await again(11);
    assert.deepEqual([await status(session), await status(made.body.token)], [200, 200]);
    await again(13);
    assert.deepEqual([await status(session), await status(made.body.token)], [401, 200]);
    assert.equal((await guess()).status, 401);
    await again(13.4); // another delay is over, but not forgotten
    for (let i = 0; i < 4; i += 1) assert.equal((await guess()).status, 401);
    const watcher = await place.signIn('security');
    const locks = async () => (await watcher.get('/events?action=lock')).body.items.map((entry) => entry.note);
    assert.deepEqual(await locks(), ['account, 1 s', 'account, 1 s']);
    for (const [hours, delays] of [[13.5, 3], [13.6, 4], [13.7, 5]]) {
      await again(hours);
      assert.equal((await guess()).status, 401);
      const notes = (await new Client(place.url, watcher.token).get('/events?action=lock')).body.items.map((entry) => entry.note);
      assert.equal(notes.length, delays);
      assert.equal(notes[0], `account, ${2 ** (delays - 2)} s`);
    }
    await again(24 * 4);
    assert.equal(await status(made.body.token), 401);
    await place.signIn('pm');
  } finally {
    await place.stop();
  }
});

/* ---- the first account ---- */

test('V3.2 the first account appoints the first security administrator, and no other role', async () => {
  const place = newWorld({ demo: false });
  try {
    assert.equal(place.luyue(['init', '--admin', 'root'], 'short\n').status, 1);
    assert.equal(place.luyue(['init', '--admin', 'root'], `${OWN_PASSWORD}\n`).status, 0);
    const twice = place.luyue(['init', '--admin', 'other'], `${OWN_PASSWORD}\n`);
    assert.equal(twice.status, 1);
    await place.start();
    const root = await place.signIn('root', OWN_PASSWORD);
    const [own] = (await root.get('/people')).body.items;
    const make = async (name) => {
      const made = await root.post('/people', { name, organisation_id: own.organisation_id, job: 'manager' });
      return (await root.post('/accounts', { name, person_id: made.body.id })).body;
    };
    const guard = await make('guard'), other = await make('other');
    const appoint = async (account, roles) => root.post(`/accounts/${account.id}/roles`, { roles });
    assert.equal((await appoint(other, ['ops'])).body.error.code, 'account.roles_by_security');
    assert.equal((await appoint(guard, ['security'])).status, 200);
    assert.equal((await appoint(other, ['security'])).body.error.code, 'account.roles_by_security');
    assert.equal((await appoint({ id: (await root.get('/accounts?q=root')).body.items[0].id }, ['admin'])).body.error.code, 'account.own');
  } finally {
    await place.stop();
  }
});

/* ---- the second step on pages ---- */

test('the second step asks for the code alone, takes what an office types, and a recovery code once', async () => {
  const account = await member();
  const { secret } = (await account.client.post('/own/otp/start', { password: OWN_PASSWORD })).body;
  const wide = (code) => [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('');
  const confirmed = await account.client.post('/own/otp/confirm', { code: ` ${wide(totp(secret))} ` });
  assert.equal(confirmed.status, 200, confirmed.text);
  const codes = confirmed.body.recovery_codes;
  assert.equal(new Set(codes).size, 10);
  const page = (step, path, form) => fetch(`${world.url}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form),
    headers: { 'x-forwarded-for': '10.9.0.1', ...(step && { cookie: `luyue_step=${step}` }) } });
  const password = async () => {
    const reply = await page('', '/session', { account: account.name, password: OWN_PASSWORD, next: '/contracts' });
    assert.deepEqual([reply.status, reply.headers.get('location')], [303, '/session/code?next=%2Fcontracts']);
    return /luyue_step=([^;]+)/.exec(reply.headers.get('set-cookie'))[1];
  };
  const step = await password();
  const wrong = await page(step, '/session/code', { otp: '000000', next: '/contracts' });
  assert.equal(wrong.status, 401);
  assert.doesNotMatch(await wrong.text(), /type="password"/);
  const code = wide(totp(secret, Date.now() + 30_000));
  const right = await page(step, '/session/code', { otp: `${code.slice(0, 3)} ${code.slice(3)}`, next: '/contracts' });
  assert.deepEqual([right.status, right.headers.get('location')], [303, '/contracts']);
  const again = await page(step, '/session/code', { otp: codes[0], next: '/contracts' });
  assert.match(again.headers.get('location'), /^\/login/); // a step is used up
  assert.equal((await page(await password(), '/session/code', { otp: codes[0].toUpperCase() })).headers.get('location'), '/');
  const twice = await page(await password(), '/session/code', { otp: codes[0] });
  assert.equal(twice.status, 401);
  assert.equal((await signIn(account.name, OWN_PASSWORD, { otp: codes[1] })).status, 200);
  const { recovery_codes: fresh } = (await account.client.post('/own/otp/codes', { password: OWN_PASSWORD })).body;
  assert.equal((await page(await password(), '/session/code', { otp: codes[2] })).status, 401); // the former ones have ended
  assert.equal((await page(await password(), '/session/code', { otp: fresh[0] })).status, 303);
  assert.equal((await account.client.get('/own')).body.recovery_codes_left, 9);
  const actions = (await entries(account)).map((entry) => entry.action);
  assert.equal(actions.filter((action) => action === 'otp_recovery').length, 3);
  assert.equal(world.sql('SELECT count(*) FROM recovery_codes WHERE hash LIKE \'%-%\''), '0');
});

test('wrong codes of the second step are counted, and a step ends after minutes', async () => {
  const account = await member();
  const { secret } = (await account.client.post('/own/otp/start', { password: OWN_PASSWORD })).body;
  await account.client.post('/own/otp/confirm', { code: totp(secret) });
  const page = (step, path, form) => fetch(`${world.url}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form),
    headers: { 'x-forwarded-for': '10.9.0.2', ...(step && { cookie: `luyue_step=${step}` }) } });
  const begin = async () => /luyue_step=([^;]+)/.exec((await page('', '/session', { account: account.name, password: OWN_PASSWORD }))
    .headers.get('set-cookie'))[1];
  const step = await begin();
  world.sql('UPDATE second_steps SET expires_at = 1');
  const late = await page(step, '/session/code', { otp: totp(secret, Date.now() + 30_000) });
  assert.match(late.headers.get('location'), /^\/login/);
  const other = await begin();
  const statuses = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await page(other, '/session/code', { otp: '111111' })).status);
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
});

test('the operator lets somebody in again: no second factor, nobody else comes in, the password is to be changed', async () => {
  const account = await member();
  const { secret } = (await account.client.post('/own/otp/start', { password: OWN_PASSWORD })).body;
  await account.client.post('/own/otp/confirm', { code: totp(secret) });
  const { status, stdout, stderr } = world.luyue(['account', account.name]);
  assert.equal(status, 0, stderr);
  assert.equal((await account.client.get('/session')).status, 401);
  assert.equal((await signIn(account.name, OWN_PASSWORD)).status, 401);
  const again = await signIn(account.name, stdout.trim());
  assert.equal(again.status, 200, again.text);
  assert.equal(again.body.must_change, true);
  assert.equal((await entries(account)).filter((entry) => entry.action === 'reset').length, 1);
  assert.equal(world.luyue(['account', 'no-such-name']).status, 1);
  assert.equal(world.luyue(['account']).status, 2);
});

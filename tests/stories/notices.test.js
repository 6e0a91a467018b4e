// What people are told: in the app, by mail, in the groups of their chat services.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { newWorld, startWorld, PASSWORD, day } from '../world.js';
import { mailServer, groupRobot } from '../receivers.js';

const NOON = `${day()}T12:00:00+08:00`, NIGHT = `${day()}T22:00:00+08:00`;
const SITE = 'https://luyue.example.com';
const CLEANER = '净安保洁服务有限公司';

let mail, world;
const flags = (clock) => ['--clock', clock, '--site', SITE, '--robots-inside', '--mail-host', '127.0.0.1', '--mail-port', String(mail.port),
  '--mail-security', 'plain', '--mail-from', 'luyue@example.com'];
before(async () => {
  mail = await mailServer();
  world = await startWorld({ args: flags(NOON) });
});
after(async () => {
  mail.close();
  await world.stop();
});

async function again(place, clock, signal) {
  await place.halt(signal);
  place.args = flags(clock);
  await place.start();
}

async function idOf(client, resource, name) {
  const { body } = await client.get(`/${resource}?q=${encodeURIComponent(name)}`);
  return body.items.find((item) => item.name === name).id;
}

async function choose(client, values) {
  const { version } = (await client.get('/own/notices')).body;
  const reply = await client.call('PATCH', '/own/notices', { ...(version && { version }), ...values });
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

async function robot(client, url, channel, values = {}) {
  const reply = await client.post('/robots', { name: `${channel}群`, channel, url, ...values });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

let count = 0;
// A contract in draft, with terms and executor: all that a briefing needs.
async function drafted(place = world) {
  const division = await place.signIn('division');
  count += 1;
  const made = await division.post('/contracts', {
    number: `HT-NOTICE-${count}`, name: `滨河花园夜间保洁 ${count}`, kind: 'one_off', service: 'cleaning', no_subcontracting: true,
    provider_id: await idOf(division, 'organisations', CLEANER), unit_id: await idOf(division, 'units', '滨河花园'),
    executor_id: await idOf(division, 'people', '何书琴'), starts_on: day(-5), ends_on: day(360), amount_fen: 12000000,
  });
  assert.equal(made.status, 201, made.text);
  const term = await division.post('/terms', { contract_id: made.body.id, number: '1.1', topic: 'scope', text: '地下车库。' });
  assert.equal(term.status, 201, term.text);
  return made.body;
}

async function prepared(contract, place = world) {
  const made = await (await place.signIn('division')).post('/briefings', { contract_id: contract.id, held_on: day(), place: '会议室' });
  assert.equal(made.status, 201, made.text);
  return made.body;
}

async function signed(briefing, account, place = world) {
  const reply = await (await place.signIn(account)).post(`/briefings/${briefing.id}/sign`, { password: PASSWORD, sha256: briefing.sha256 });
  assert.equal(reply.status, 200, reply.text);
}

async function active(place = world) {
  const contract = await drafted(place);
  const briefing = await prepared(contract, place);
  await signed(briefing, 'division', place);
  await signed(briefing, 'executor', place);
  const reply = await (await place.signIn('division')).post(`/contracts/${contract.id}/activate`);
  assert.equal(reply.status, 200, reply.text);
  return contract;
}

async function told(client, subject, id) {
  const { body } = await client.get(`/notices?subject=${subject}&subject_id=${id}`);
  return body.items.map(({ kind }) => kind).reverse();
}

// The next mail to that address: other stores count their deliveries from 1 as well.
async function mailTo(address) {
  for (;;) {
    const came = await mail.next();
    if (came.to.includes(address)) return came;
  }
}

// What the clock tells of comes between, when it does.
const deliveries = (body) => body.deliveries.filter(({ kind }) => !kind.startsWith('duty.'));

// The last delivery (or an older one), once its worker has done what it had to do.
async function settled(client, place, tries, older = 0) {
  for (let looks = 0; looks < 3000; looks += 1) {
    const { body } = await client.get(place);
    const last = deliveries(body)[older];
    if (last?.tries === tries && (last.state !== 'waiting' || last.fault)) return last;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return assert.fail(`${place}: no delivery after ${tries} tries`);
}

/* ---- in the app ---- */

test('V5.1.2 the executor is told of a briefing, and when it is the own turn to sign; whoever acts is not', async () => {
  const [executor, division] = await Promise.all(['executor', 'division'].map((account) => world.signIn(account)));
  const briefing = await prepared(await drafted());
  assert.deepEqual(await told(executor, 'briefings', briefing.id), ['briefing.prepared']);
  await signed(briefing, 'division');
  assert.deepEqual(await told(executor, 'briefings', briefing.id), ['briefing.prepared', 'briefing.signed']);
  assert.deepEqual(await told(division, 'briefings', briefing.id), []);
});

test('a step of a contract is told once to each whom it concerns, and to nobody else', async () => {
  const contract = await active();
  for (const [account, kinds] of [['executor', ['contract.activate']], ['cleaner', ['contract.activate']], ['provider', []], ['pm', []], ['division', []]])
    assert.deepEqual(await told(await world.signIn(account), 'contracts', contract.id), kinds, account);
});

test('a notice is read once it was opened, or with all others up to the newest that was seen', async () => {
  const cleaner = await world.signIn('cleaner');
  await active();
  await active();
  const { body } = await cleaner.get('/notices?unread=true&limit=200');
  assert.equal(body.unread, body.items.length);
  const [newest, next] = body.items;
  const opened = await cleaner.post(`/notices/${next.id}/read`);
  assert.equal(opened.body.unread, false);
  assert.match(opened.body.read_at, /\+08:00$/);
  const page = await world.browse('cleaner');
  const click = await page.post(`/notices/${newest.id}/read`);
  assert.deepEqual([click.status, click.headers.get('location')], [303, `/contracts/${newest.subject_id}`]);
  world.sql(`UPDATE news SET kind = 'duty.overdue.many', subject = '', subject_id = NULL, detail = '12'
     WHERE id = (SELECT news_id FROM notices WHERE id = ${newest.id})`); // what one tells of many leads to their list
  assert.equal((await page.post(`/notices/${newest.id}/read`)).headers.get('location'), '/tasks');
  const left = await cleaner.post('/notices/read', { up_to: next.id });
  assert.equal(left.body.unread, 0);
});

test('nobody reads, or marks, what another was told', async () => {
  const [cleaner, provider] = await Promise.all(['cleaner', 'provider'].map((account) => world.signIn(account)));
  await active();
  const [mine] = (await cleaner.get('/notices?unread=true')).body.items;
  assert.equal((await provider.get(`/notices/${mine.id}`)).status, 404);
  assert.equal((await provider.post(`/notices/${mine.id}/read`)).status, 404);
  await provider.post('/notices/read');
  assert.equal((await cleaner.get(`/notices/${mine.id}`)).body.unread, true);
});

test('the bell says nothing while its number holds, and to whoever has signed out', async () => {
  const page = await world.browse('cleaner');
  const unread = (await (await world.signIn('cleaner')).get('/notices')).body.unread;
  assert.equal((await page.get(`/notices/bell?known=${unread}`)).status, 204);
  const changed = await page.get(`/notices/bell?known=${unread + 1}`, { 'HX-Request': 'true' });
  assert.match(changed.text, new RegExp(`^<a [^>]*known=${unread}"`));
  page.cookie = '';
  assert.equal((await page.get('/notices/bell?known=3', { 'HX-Request': 'true' })).status, 204);
});

/* ---- by mail ---- */

test('a mail says what happened and where, to the address that was chosen', async () => {
  const executor = await world.signIn('executor');
  await choose(executor, { mail: 'he@example.com', takes: 'all' });
  const briefing = await prepared(await drafted());
  const came = await mail.next();
  assert.deepEqual([came.from, came.to], ['luyue@example.com', ['he@example.com']]);
  assert.match(came.subject, /李蔚发起了合同 HT-NOTICE-\d+ 的交底/);
  assert.ok(came.text.includes(`${SITE}/briefings/${briefing.id}`), came.text);
  assert.equal((await settled(executor, '/own/notices', 1)).state, 'sent');
  await choose(executor, { takes: 'urgent' });
  await prepared(await drafted());
  assert.equal((await executor.get('/own/notices')).body.deliveries.length, 1);
});

test('mails and messages to groups speak the language that their receiver chose', async () => {
  const executor = await world.signIn('executor');
  assert.equal((await choose(executor, { mail: 'he@example.com', takes: 'all', lang: 'en' })).lang, 'en');
  await prepared(await drafted());
  const came = await mail.next();
  assert.doesNotMatch(came.subject, /发起了合同/);
  assert.match(came.subject, /HT-NOTICE-\d+/);
  await choose(executor, { takes: 'none', lang: 'zh' });
  const group = await groupRobot('webhook', '');
  const cleaner = await world.signIn('cleaner');
  try {
    const made = await robot(cleaner, `http://127.0.0.1:${group.port}/send`, 'webhook', { lang: 'en' });
    assert.equal((await cleaner.post(`/robots/${made.id}/test`)).status, 200);
    assert.doesNotMatch((await group.next()).shown, /测试消息/);
    const contract = await active();
    assert.ok(!(await group.next()).shown.includes(`合同“${contract.name}”已生效`));
    const { version } = (await cleaner.get(`/robots/${made.id}`)).body;
    await cleaner.patch(`/robots/${made.id}`, { version, takes: 'none' });
  } finally { group.close(); }
});

test('a choice is refused with the field that is wrong', async () => {
  const executor = await world.signIn('pm');
  const refused = async (values) => (await executor.call('PATCH', '/own/notices', values)).body.error.fields.map(({ field, code }) => [field, code]);
  assert.deepEqual(await refused({ takes: 'all' }), [['mail', 'required']]);
  assert.deepEqual(await refused({ takes: 'all', mail: 'he@example.com\r\nBcc: x@example.com' }), [['mail', 'malformed']]);
  assert.deepEqual(await refused({ quiet_from: '25:00' }), [['quiet_from', 'malformed']]);
});

test('without a mail server mail cannot be chosen', async () => {
  const place = await startWorld();
  try {
    const executor = await place.signIn('executor');
    assert.equal((await executor.get('/own/notices')).body.mail_available, false);
    const refused = await executor.call('PATCH', '/own/notices', { takes: 'all', mail: 'he@example.com' });
    assert.deepEqual(refused.body.error.fields.map(({ field, code }) => [field, code]), [['takes', 'no_mail_server']]);
    assert.match((await (await place.browse('executor')).get('/own/notices')).text, /还没有配置邮件服务器/);
  } finally { await place.stop(); }
});

/* ---- to groups ---- */

for (const [channel, kind, secret] of [['wecom', 'markdown', ''], ['dingtalk', 'markdown', 'SEC0123456789'], ['feishu', 'post', 'feishu-secret'],
  ['webhook', 'json', 'whsec_MDEyMzQ1Njc4OWFiY2RlZg==']]) {
  test(`the group of ${channel} is sent what its service documents, once, and a test`, async () => {
    const group = await groupRobot(channel, secret);
    const cleaner = await world.signIn('cleaner');
    try {
      const made = await robot(cleaner, `http://127.0.0.1:${group.port}/send?key=0`, channel, secret ? { secret } : {});
      assert.ok(!JSON.stringify(made).includes(String(group.port)), 'the URL is masked');
      assert.equal((await cleaner.post(`/robots/${made.id}/test`)).status, 200);
      assert.match((await group.next()).shown, /测试消息/);
      const contract = await active();
      const came = await group.next();
      assert.deepEqual([came.kind, came.signed], [kind, true]);
      assert.ok(came.shown.includes(`合同“${contract.name}”已生效`), came.shown);
      assert.ok(came.shown.includes(`${SITE}/contracts/${contract.id}`), came.shown);
      assert.equal((await settled(cleaner, `/robots/${made.id}`, 1)).state, 'sent');
      assert.equal(group.came.length, 2);
      const { version } = (await cleaner.get(`/robots/${made.id}`)).body;
      assert.equal((await cleaner.patch(`/robots/${made.id}`, { version, takes: 'none' })).body.takes, 'none');
    } finally { group.close(); }
  });
}

test('a test that is not taken says why', async () => {
  const cleaner = await world.signIn('cleaner');
  const group = await groupRobot('wecom');
  group.answers = [404];
  const made = await robot(cleaner, `http://127.0.0.1:${group.port}/`, 'wecom', { takes: 'none' });
  const refused = await cleaner.post(`/robots/${made.id}/test`);
  group.close();
  assert.deepEqual([refused.status, refused.body.error.code], [409, 'robot.test_failed']);
  assert.match(refused.body.error.message, /404/);
});

test('a division keeps robots for its own units alone, and a provider does not see them', async () => {
  const [division, ops, cleaner] = await Promise.all(['division', 'ops', 'cleaner'].map((account) => world.signIn(account)));
  const values = { name: '监管群', channel: 'wecom', url: 'https://robot.example.com/send', takes: 'none' };
  const whole = await division.post('/robots', values);
  assert.deepEqual(whole.body.error.fields.map(({ field, code }) => [field, code]), [['unit_id', 'required']]);
  const other = await division.post('/robots', { ...values, unit_id: await idOf(ops, 'units', '华南事业部') });
  assert.deepEqual(other.body.error.fields.map(({ field, code }) => [field, code]), [['unit_id', 'unknown_record']]);
  const own = await division.post('/robots', { ...values, unit_id: await idOf(division, 'units', '华东事业部') });
  assert.equal(own.status, 201, own.text);
  assert.equal((await cleaner.get(`/robots/${own.body.id}`)).status, 404);
});

/* ---- again, later, and after a fall ---- */

// The demo world owes things of which its clock tells at the start: what a test counts begins after that.
async function begun(place, clock) {
  await place.start();
  for (let looks = 0; looks < 1000; looks += 1) {
    if (place.sql(`SELECT count(*) FROM duties WHERE next_at > 0 AND next_at < ${Date.parse(clock) + 60_000}`) === '0') return;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  assert.fail('the clock has not told of all that is due');
}

test('a robot that fails twice is tried again until it takes it', async () => {
  const place = newWorld({ args: flags(NOON) });
  const group = await groupRobot('wecom');
  try {
    group.answers = [500, 503];
    await begun(place, NOON);
    const made = await robot(await place.signIn('cleaner'), `http://127.0.0.1:${group.port}/`, 'wecom');
    await active(place);
    for (const [tries, minute] of [[1, '12:03'], [2, '12:20'], [3, '12:30']]) {
      await group.next();
      const last = await settled(await place.signIn('cleaner'), `/robots/${made.id}`, tries);
      assert.deepEqual([last.state, last.fault], tries < 3 ? ['waiting', 'outbox.busy'] : ['sent', '']);
      await again(place, `${day()}T${minute}:00+08:00`);
    }
    assert.equal(group.came.length, 3);
  } finally { group.close(); await place.stop(); }
});

test('what a group cannot take now waits with all that it is still to be sent', async () => {
  const place = newWorld({ args: flags(NIGHT) });
  const group = await groupRobot('wecom');
  try {
    group.answers = [500];
    await begun(place, NIGHT);
    const made = await robot(await place.signIn('cleaner'), `http://127.0.0.1:${group.port}/`, 'wecom');
    await active(place);
    await active(place);
    await again(place, `${day(1)}T08:00:01+08:00`);
    const cleaner = await place.signIn('cleaner');
    await settled(cleaner, `/robots/${made.id}`, 1, 1);
    const [second, first] = deliveries((await cleaner.get(`/robots/${made.id}`)).body);
    assert.deepEqual([first.tries, second.tries, second.next_at], [1, 0, first.next_at]);
    await again(place, `${day(1)}T08:10:00+08:00`);
    assert.equal((await settled(await place.signIn('cleaner'), `/robots/${made.id}`, 1)).state, 'sent');
    assert.equal(group.came.filter(({ shown }) => shown.includes('已生效')).length, 3);
  } finally { group.close(); await place.stop(); }
});

test('in quiet hours a mail waits for the morning', async () => {
  const place = newWorld({ args: flags(NIGHT) });
  try {
    await begun(place, NIGHT);
    await choose(await place.signIn('executor'), { mail: 'night@example.com', takes: 'all' });
    await prepared(await drafted(place), place);
    const [waiting] = deliveries((await (await place.signIn('executor')).get('/own/notices')).body);
    assert.deepEqual([waiting.state, waiting.next_at], ['waiting', `${day(1)}T08:00:00+08:00`]);
    await again(place, `${day(1)}T08:00:01+08:00`);
    assert.ok(await mailTo('night@example.com'));
    assert.equal((await settled(await place.signIn('executor'), '/own/notices', 1)).state, 'sent');
  } finally { await place.stop(); }
});

// Servers share a PostgreSQL store; an embedded one has one server.
test('each mail is sent once, by however many servers', async () => {
  const one = newWorld({ args: flags(NOON) });
  const other = newWorld({ args: flags(NOON), data: one.data, db: one.db });
  try {
    await begun(one, NOON);
    if (one.db.url !== 'sqlite') await other.start();
    await choose(await one.signIn('executor'), { mail: 'once@example.com', takes: 'all' });
    const contract = await drafted(one);
    for (let i = 0; i < 8; i += 1) await prepared(contract, one);
    const ids = new Set();
    for (let i = 0; i < 8; i += 1) ids.add((await mailTo('once@example.com')).id);
    assert.equal(ids.size, 8);
    const executor = await one.signIn('executor');
    await settled(executor, '/own/notices', 1);
    assert.deepEqual(one.sql("SELECT max(tries), count(*) FROM deliveries WHERE address = 'once@example.com'"), '1|8');
  } finally { await other.stop(); await one.stop(); }
});

test('what was being sent when the server was killed is sent again under the same id', async () => {
  const place = newWorld({ args: flags(NOON) });
  try {
    await begun(place, NOON);
    await choose(await place.signIn('executor'), { mail: 'killed@example.com', takes: 'all' });
    mail.deaf = true;
    await prepared(await drafted(place), place);
    const first = await mailTo('killed@example.com');
    mail.deaf = false;
    await again(place, `${day()}T12:10:00+08:00`, 'SIGKILL');
    const second = await mailTo('killed@example.com');
    assert.equal(second.id, first.id);
    assert.equal((await settled(await place.signIn('executor'), '/own/notices', 2)).state, 'sent');
  } finally { mail.deaf = false; await place.stop(); }
});

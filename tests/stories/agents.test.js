// Agents and caller numbers over the API: nobody changes them but by letter, an owner keeps its numbers, and the call
// system hears of every change.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { startWorld, Client, PASSWORD, day } from '../world.js';

let people = 0;
let world, client, division, ops, provider, otherProvider, resident, supervisor, audit, folder;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-calls-'));
  fs.mkdirSync(path.join(folder, 'ack'));
  world = await startWorld({ args: ['--call-system', folder] });
  [client, division, ops, provider, otherProvider, resident, supervisor, audit] = await Promise.all(
    ['client', 'division', 'ops', 'provider', 'cleaner', 'resident', 'supervisor', 'audit'].map((account) => world.signIn(account)));
});
after(async () => {
  await world.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function codes(reply) { return reply.body.error.fields.map(({ field, code }) => [field, code]); }

async function first(by, list) {
  const { body, text } = await by.get(`/${list}`);
  assert.ok(body.items?.length, `${list}: ${text}`);
  return body.items[0];
}

// Until it is so: the worker looks after every commit.
async function until(what, holds) {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await holds();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return assert.fail(what);
}

/* ---- by letter ---- */

const contractId = async () => (await first(provider, 'contracts?service=outbound_call&state=active')).id;

async function newcomer(by = provider) {
  const reply = await by.post('/people', { name: `新话务员${process.pid}${people += 1}`, job: 'agent' });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

async function draft(type, lines, by = client) {
  return by.post('/letters', { type, contract_id: await contractId(), subject: '关于工号与号码的函', body: '请核实后办理。', lines });
}

async function sendNow(letter) {
  const { sha256 } = (await client.get(`/letters/${letter.id}`)).body;
  return client.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD });
}

async function sent(type, lines) {
  const made = await draft(type, lines);
  assert.equal(made.status, 201, made.text);
  return sendNow(made.body);
}

async function executed(type, lines) {
  const letter = await sent(type, lines);
  assert.equal(letter.status, 200, letter.text);
  const approved = await provider.post(`/letters/${letter.body.id}/approve`, { reason: '已核实' });
  assert.equal(approved.status, 200, approved.text);
  const done = await provider.post(`/letters/${letter.body.id}/execute`);
  assert.equal(done.status, 200, done.text);
  return done.body;
}

/* ---- no other path ---- */

test('C1.1 nobody changes an agent directly: it is refused, names the clause and stands in the trail', async () => {
  const agent = await first(provider, 'agents?code=1001');
  for (const by of [client, division, provider]) {
    for (const reply of [
      await by.post('/agents', { contract_id: agent.contract_id, code: '9001', person_id: agent.person_id }),
      await by.patch(`/agents/${agent.id}`, { version: agent.version, state: 'disabled' }),
    ]) {
      assert.equal(reply.status, 403);
      assert.equal(reply.body.error.code, 'agent.only_by_letter');
      assert.deepEqual(reply.body.error.fields.map(({ clause }) => clause), ['C1.1']);
    }
  }
  const same = (await provider.get(`/agents/${agent.id}`)).body;
  assert.deepEqual([same.version, same.state], [agent.version, 'active']);
  await until('the refusal is not in the trail', async () => (await audit.get('/events?action=refused&limit=10')).body.items
    .some(({ note, account }) => note === `/api/agents/${agent.id}` && account === 'provider'));
});

test('C1.1 both sides of the contract see its agents, and nobody else', async () => {
  for (const by of [client, provider, supervisor]) {
    const { items } = (await by.get('/agents?limit=200')).body;
    assert.equal(items.length, 60);
    assert.ok(items.every(({ person_name: name, permissions, from }) => name && permissions.length && from));
  }
  const agent = await first(provider, 'agents');
  assert.deepEqual((await otherProvider.get('/agents')).body.items, []);
  assert.equal((await otherProvider.get(`/agents/${agent.id}`)).status, 404);
  const disabled = await first(client, 'agents?state=disabled');
  const history = (await client.get(`/agents/${disabled.id}/history`)).body.items;
  assert.deepEqual(history.map(({ action }) => action), ['disable', 'create']);
});

test('C1.2 number permissions have no other path than a letter either', async () => {
  const permission = await first(provider, 'number_permissions?state=active');
  for (const reply of [
    await client.post('/number_permissions', { number_id: permission.number_id, contract_id: permission.contract_id }),
    await provider.patch(`/number_permissions/${permission.id}`, { version: permission.version, to: day(400) }),
  ]) {
    assert.equal(reply.status, 403);
    assert.equal(reply.body.error.code, 'number_permission.only_by_letter');
    assert.deepEqual(reply.body.error.fields.map(({ clause }) => clause), ['C1.2']);
  }
});

test('C1.2 an owner registers its own numbers, once, with their proof', async () => {
  const body = { number: '0571-8899 7766', carrier: '浙江电信', proof: '固话入网协议 9 号', purpose: '回访' };
  const made = await client.post('/numbers', body);
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.number, made.body.shown, made.body.owner_name, made.body.state],
    ['+8657188997766', '0571-8899 7766', '澄江服务集团有限公司', 'active']);
  assert.deepEqual(codes(await client.post('/numbers', { ...body, number: '+86 571 88997766' })), [['number', 'number_registered']]);
  assert.deepEqual(codes(await client.post('/numbers', { ...body, number: '8899 7755' })), [['number', 'malformed']]);
  assert.deepEqual(codes(await client.post('/numbers', { number: '0571-8899 7755', carrier: '浙江电信' })), [['proof', 'required']]);
  const caller = (await first(provider, 'numbers')).owner_id;
  assert.ok(caller);
  const theirs = (await ops.get(`/organisations?q=${encodeURIComponent('远声')}`)).body.items[0].id;
  assert.deepEqual(codes(await client.post('/numbers', { ...body, number: '0571-8899 7755', owner_id: theirs })), [['owner_id', 'not_owner']]);
  assert.equal((await resident.post('/numbers', body)).status, 403);
  assert.equal((await otherProvider.get(`/numbers/${made.body.id}`)).status, 404);
});

test('C1.2 a number is suspended by its owner alone, with a reason, and then shows so at once', async () => {
  const number = await first(client, 'numbers?state=active');
  const strange = await provider.post(`/numbers/${number.id}/suspend`, { reason: '不让用' });
  assert.deepEqual([strange.status, strange.body.error.code], [403, 'number.not_yours']);
  assert.deepEqual(codes(await client.post(`/numbers/${number.id}/suspend`, {})), [['reason', 'required']]);
  const suspended = await client.post(`/numbers/${number.id}/suspend`, { reason: '客户投诉，核查' });
  assert.deepEqual([suspended.status, suspended.body.state, suspended.body.state_reason], [200, 'suspended', '客户投诉，核查']);
  assert.equal((await client.post(`/numbers/${number.id}/suspend`, { reason: '再' })).body.error.code, 'number.wrong_state');
  assert.equal((await client.post(`/numbers/${number.id}/resume`, {})).body.state, 'active');
});

test('C1.2 the provider\'s numbers are seen by the client only where they were permitted', async () => {
  const own = (await provider.get('/numbers?limit=200')).body.items.filter(({ owner_name: owner }) => owner === '远声信息服务有限公司');
  assert.equal(own.length, 2);
  const seen = (await client.get('/numbers?limit=200')).body.items.map(({ id }) => id);
  const permitted = (await client.get('/number_permissions?limit=200')).body.items.map(({ number_id: id }) => id);
  assert.deepEqual(own.map(({ id }) => seen.includes(id)), own.map(({ id }) => permitted.includes(id)));
  assert.ok(own.some(({ id }) => !seen.includes(id)));
});

test('C3.3 who need not know a number in full sees its ends', async () => {
  const whole = await first(client, 'number_permissions?state=active');
  const masked = (await supervisor.get(`/number_permissions/${whole.id}`)).body;
  for (const field of ['number', 'shown']) {
    assert.match(whole[field], /^[+0-9 -]+$/);
    assert.match(masked[field], /\*{4}/);
    assert.equal(masked[field].slice(-4), whole[field].slice(-4));
  }
  assert.equal((await supervisor.get(`/numbers/${whole.number_id}/history`)).status, 403);
});

test('C1.2 calls that nobody permitted are kept as breaches of their contract', async () => {
  const { items } = (await client.get('/breaches')).body;
  const atTheGate = items.filter(({ source }) => source === 'gate'); // others are found in the demo world's records of calls
  assert.deepEqual(atTheGate.map(({ kind }) => kind).sort(), ['agent_disabled', 'caller_not_assigned']);
  assert.deepEqual((await otherProvider.get('/breaches')).body.items, []);
});

test('C1.1 the call system finds every change in its folder, and acknowledges it by file or by token', async () => {
  const sent = await until('nothing was sent', async () => (await provider.get('/provisionings?state=sent')).body.items.at(-1));
  const file = `change-${String(sent.id).padStart(12, '0')}.json`;
  const told = JSON.parse(fs.readFileSync(path.join(folder, file)));
  assert.deepEqual([told.id, told.data.change, told.data.agent.code], [sent.id, 'agent_change', sent.code]);
  const snapshot = await until('there is no snapshot', () => {
    const name = path.join(folder, 'snapshot.json');
    return fs.existsSync(name) && JSON.parse(fs.readFileSync(name));
  });
  assert.equal(snapshot.agents.length, 59);
  assert.ok(snapshot.numbers.every(({ number }) => /^\+86\d+$/.test(number)));
  fs.writeFileSync(path.join(folder, 'ack', file), '');
  await until('the file was not taken', async () => (await provider.get(`/provisionings/${sent.id}`)).body.state === 'acknowledged');

  const next = await first(provider, 'provisionings?state=sent');
  const { token } = (await provider.post('/tokens', { name: '外呼系统', rights: 'provisioning.acknowledge', expires_on: day(30) })).body;
  const system = new Client(world.url, token);
  assert.equal((await system.get('/agents')).status, 403);
  assert.equal((await client.post(`/provisionings/${next.id}/acknowledge`)).status, 403);
  const refused = await system.post(`/provisionings/${next.id}/acknowledge`, { failure: '坐席不存在' });
  assert.deepEqual([refused.status, refused.body.state, refused.body.failure], [200, 'failed', '坐席不存在']);
  assert.equal((await provider.post(`/provisionings/${next.id}/retry`)).status, 200);
  const done = await system.post(`/provisionings/${next.id}/acknowledge`);
  assert.deepEqual([done.status, done.body.state], [200, 'acknowledged']);
  assert.equal((await system.post(`/provisionings/${next.id}/acknowledge`)).body.error.code, 'provisioning.wrong_state');
});

test('C1.1 the call system\'s list beside ours shows what differs', async () => {
  const agents = (await provider.get('/agents?limit=200&sort=id')).body.items;
  const contract = agents[0].contract_id;
  const lines = agents.filter(({ code }) => code !== '1002')
    .map(({ code, permissions }) => `${code},${code === '1001' ? 'conference' : permissions.join(' ')},启用`);
  const form = new FormData();
  form.set('contract_id', contract);
  form.set('file', new Blob([['工号,权限,状态', ...lines, '7777,手动拨打,启用'].join('\n')]), '坐席.csv');
  const { status, body, text } = await provider.post('/agents/compare', form);
  assert.equal(status, 200, text);
  assert.deepEqual(body.items.map(({ kind, code }) => [kind, code]),
    [['unknown_here', '7777'], ['open_there', '1027'], ['missing_there', '1002'], ['permissions', '1001']]);
  const foreign = await otherProvider.post('/agents/compare', { contract_id: contract, items: [{ code: '1001' }] });
  assert.equal(foreign.status, 404);
});

test('C1.1 a call system that is posted to can tell that it was us, and what changed', async () => {
  const key = crypto.randomBytes(24);
  const posts = [];
  const receiver = http.createServer(async (request, reply) => {
    let body = '';
    for await (const bytes of request) body += bytes;
    posts.push({ headers: request.headers, body });
    reply.writeHead(204).end();
  });
  await new Promise((resolve) => { receiver.listen(0, '127.0.0.1', resolve); });
  const own = await startWorld({
    args: ['--call-system', `http://127.0.0.1:${receiver.address().port}/agents`, '--call-secret', `whsec_${key.toString('base64')}`],
  });
  try {
    const by = await own.signIn('provider');
    await until('nothing was posted', async () => (await by.get('/provisionings?state=waiting')).body.items.length === 0);
    const { headers, body } = posts[0];
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    assert.equal(headers['webhook-signature'], `v1,${crypto.createHmac('sha256', key).update(signed).digest('base64')}`);
    const { data } = JSON.parse(body);
    assert.equal(data.change, 'agent_change');
    assert.deepEqual(Object.keys(data.agent), ['contract_number', 'code', 'person_name', 'permissions', 'state', 'from', 'to']);
    assert.deepEqual(posts.map((post) => JSON.parse(post.body).data.agent.code), ['1041', '1042', '1043', '1044']);
    assert.equal((await by.get('/provisionings?state=sent')).body.items.length, 4);
  } finally {
    await own.stop();
    receiver.close();
  }
});

/* ---- by letter, after what counts the demo world ---- */

test('C1.1 a letter opens, changes and disables an agent; each takes effect with its execution and is told', async () => {
  const person = await newcomer();
  const code = `${7000 + people}`;
  const letter = await executed('agent_change', [{ act: 'add', code, person_id: person.id, permissions: ['manual_dial'] }]);
  assert.equal(letter.state, 'answered');
  assert.equal(letter.answer, `开通 1 个工号：${code}`);
  assert.match(letter.number, /^工号-\d{4}-\d{4}$/);
  const agent = await first(client, `agents?code=${code}`);
  assert.deepEqual([agent.person_name, agent.state, agent.permissions, agent.letter_id], [person.name, 'active', ['manual_dial'], letter.id]);

  await executed('agent_change', [{ act: 'change', code, permissions: ['manual_dial', 'transfer'], from: day(), to: day(90) }]);
  const changed = (await client.get(`/agents/${agent.id}`)).body;
  assert.deepEqual([changed.permissions, changed.to], [['manual_dial', 'transfer'], day(90)]);
  await executed('agent_change', [{ act: 'disable', code }]);
  assert.equal((await client.get(`/agents/${agent.id}`)).body.state, 'disabled');
  const told = (await provider.get(`/provisionings?agent_id=${agent.id}&sort=id`)).body.items;
  assert.deepEqual(told.map(({ change }) => change), ['agent_add', 'agent_change', 'agent_disable']);
});

test('C1.1 the client asks, and the provider alone decides and executes', async () => {
  const lines = [{ act: 'add', code: '7901', person_id: (await newcomer()).id, permissions: ['manual_dial'] }];
  assert.notEqual((await draft('agent_change', lines, provider)).status, 201);
  const letter = (await sent('agent_change', lines)).body;
  for (const action of ['approve', 'execute'])
    assert.equal((await client.post(`/letters/${letter.id}/${action}`, { reason: '同意' })).body.error.code, 'letter.other_side');
  assert.equal((await provider.post(`/letters/${letter.id}/execute`)).body.error.code, 'letter.wrong_state');
  assert.equal((await provider.post(`/letters/${letter.id}/refuse`, { reason: '未经培训' })).body.state, 'refused');
  assert.deepEqual((await client.get('/agents?code=7901')).body.items, []);
});

test('C1.1 a letter that does not fit the roster or the codes is refused line by line', async () => {
  const stranger = await newcomer(otherProvider);
  const own = await newcomer();
  const refused = await sent('agent_change', [
    { act: 'add', code: '7902', person_id: own.id, permissions: ['manual_dial'] },
    { act: 'add', code: '1001', person_id: (await newcomer()).id, permissions: ['manual_dial'] },
    { act: 'add', code: '7903', person_name: stranger.name, permissions: ['manual_dial'] },
    { act: 'disable', code: '9999' },
    { act: 'change', code: '7902', permissions: ['transfer'] },
  ]);
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(codes(refused), [['lines.1.code', 'code_taken'], ['lines.2.person_name', 'not_on_roster'],
    ['lines.3.code', 'code_unknown'], ['lines.4.code', 'code_twice']]);
  assert.ok(refused.body.error.fields.every(({ clause, message }) => clause === 'C1.1' && message));
});

test('C1.2 the client\'s own number is permitted, changed and stopped by letter', async () => {
  const made = await client.post('/numbers', { number: '0571-8866 5544', carrier: '浙江电信', proof: '固话入网协议 11 号' });
  const number = '0571-8866 5544';
  const letter = await executed('number_change', [{ act: 'add', number, from: day(), to: day(20) }]);
  assert.match(letter.number, /^号码-/);
  const permission = await first(client, `number_permissions?number_id=${made.body.id}`);
  assert.deepEqual([permission.state, permission.from, permission.to, permission.letter_id, permission.days_left],
    ['active', day(), day(20), letter.id, 20]);
  const owed = (await client.get('/duties?limit=200')).body.items.filter(({ subject, subject_id: id }) => subject === 'number_permissions' && id === permission.id);
  assert.deepEqual(owed.map(({ rule, clause, state }) => [rule, clause, state]), [['renew_number', 'C1.2', 'open']]);
  assert.deepEqual(codes(await sent('number_change', [{ act: 'add', number }])), [['lines.0.number', 'already_permitted']]);
  await executed('number_change', [{ act: 'stop', number }]);
  assert.equal((await client.get(`/number_permissions/${permission.id}`)).body.state, 'ended');
  assert.deepEqual(codes(await sent('number_change', [{ act: 'change', number, to: day(60) }])), [['lines.0.number', 'not_permitted']]);
});

test('C1.2 an expired period, a number of another and one that is not registered are refused', async () => {
  const refused = await sent('number_change', [
    { act: 'change', number: '0571-8766 2301', from: day(-30), to: day(-1) },
    { act: 'add', number: '0571-5610 8801' },
    { act: 'add', number: '0571-1111 2222' },
  ]);
  assert.deepEqual(codes(refused), [['lines.0.to', 'period_over'], ['lines.1.number', 'number_of_another'],
    ['lines.2.number', 'number_not_registered']]);
});

test('C1.2 the provider\'s number is permitted only with proof, the law acknowledged, and the provider\'s consent', async () => {
  const line = { number: '0571-5610 8801', to: day(30), purpose: '高峰应急' };
  const bare = await draft('number_permission', [line]);
  assert.equal(bare.status, 201, bare.text);
  const refused = await sendNow(bare.body);
  assert.deepEqual(codes(refused), [['attachments', 'needs_attachment'], ['lines.0.acknowledged', 'must_acknowledge']]);
  const { version } = (await client.get(`/letters/${bare.body.id}`)).body;
  const mended = await client.patch(`/letters/${bare.body.id}`, { version, lines: [{ ...line, acknowledged: true }] });
  assert.equal(mended.status, 200, mended.text);
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'letters', subject_id: bare.body.id, retention: 'long' })) form.set(name, value);
  form.set('file', new Blob(['线路使用授权书，已报运营商备案']), '授权书.txt');
  assert.equal((await client.post('/documents', form)).status, 201);
  const letter = await sendNow(bare.body);
  assert.equal(letter.status, 200, letter.text);
  assert.deepEqual((await client.get(`/numbers?q=${encodeURIComponent('56108801')}`)).body.items, []);
  await provider.post(`/letters/${bare.body.id}/approve`, { reason: '已备案' });
  assert.equal((await provider.post(`/letters/${bare.body.id}/execute`)).status, 200);
  assert.equal((await first(client, `numbers?q=${encodeURIComponent('56108801')}`)).state, 'active');
});

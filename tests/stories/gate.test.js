// Calling rules, the do-not-call list and consents: written over the API, in force at the gate within a second.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { Browser, startWorld, Client, day } from '../world.js';
import { workbookOf } from '../workbook.js';

let world, provider, other, client, ops, audit, contract, agent;
before(async () => {
  world = await startWorld();
  [provider, other, client, ops, audit] = await Promise.all(
    ['provider', 'cleaner', 'client', 'ops', 'audit'].map((account) => world.signIn(account)));
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  [agent] = (await provider.get(`/agents?contract_id=${contract.id}&state=active&limit=1`)).body.items;
});
after(() => world.stop());
const codes = ({ body }) => body.error.fields.map(({ field, code }) => [field, code]);

let asked = 0;
const question = (callee) => ({
  node: 'story', call_id: `${process.pid}-${asked += 1}`, contract: contract.number, agent: agent.code, callee,
});
const ask = async (callee, at = provider) => (await at.post('/gate', question(callee))).body;
// A change reaches the gate with the next turn of its worker.
async function reason(callee, wanted, at = provider) {
  for (let i = 0; ; i += 1) {
    const answer = await ask(callee, at);
    if (answer.reason === wanted || i === 2000) {
      assert.equal(answer.reason, wanted);
      assert.match(answer.message, /\p{Script=Han}/u);
      return answer;
    }
  }
}
let numbers = 0;
const callee = () => `136${String(process.pid % 10000).padStart(4, '0')}${String(numbers += 1).padStart(4, '0')}`;

test('C1.1 a call id is an answer to the same question alone, and only while its call lasts', async () => {
  const first = question(callee());
  const { body: decided } = await provider.post('/gate', first);
  assert.equal(decided.reason, 'ok');
  assert.deepEqual((await provider.post('/gate', first)).body, decided);
  const refused = callee();
  await provider.post('/do_not_call', { contract_id: contract.id, number: refused, source: 'called_person', reason: '不要再打' });
  await reason(refused, 'callee_dnc');
  for (const [change, reason_] of [[{ callee: refused }, 'callee_dnc'], [{ callee: `+860${refused}` }, 'callee_dnc'], [{ callee: `9${refused}` }, 'callee_invalid'],
    [{ agent: 'nobody' }, 'agent_unknown'], [{ caller: '057100000000' }, 'caller_unknown']]) {
    const { body } = await provider.post('/gate', { ...first, ...change });
    assert.deepEqual([body.allow, body.reason], [false, reason_]);
  }
  assert.equal((await provider.post('/gate/release', { gate_id: decided.gate_id })).status, 200);
  assert.notEqual((await provider.post('/gate', first)).body.gate_id, decided.gate_id);
  const late = await provider.post('/gate/bind', { gate_id: decided.gate_id, agent: agent.code });
  assert.deepEqual([late.status, late.body.error.code], [409, 'gate.over'], late.text);
});

test('C3.3 a number whose owner refused is refused at once, and called again only when the client lifts it', async () => {
  const number = callee();
  await reason(number, 'ok');
  const made = await provider.post('/do_not_call', { contract_id: contract.id, number, source: 'called_person', reason: '不要再打' });
  assert.equal(made.status, 201, made.text);
  assert.equal(made.body.number, `136****${number.slice(-4)}`);
  assert.ok(!made.text.includes(number));
  await reason(number, 'callee_dnc');
  assert.deepEqual((await ops.get(`/do_not_call?number=${number}`)).body.items.map(({ id }) => id), [made.body.id]);
  assert.match((await new Browser(world.url, ops.token).get(`/do_not_call?number=${number}`)).text, /长期/); // what a blank means
  assert.equal((await provider.post(`/do_not_call/${made.body.id}/lift`, { reason: '误登' })).status, 403);
  assert.deepEqual(codes(await client.post(`/do_not_call/${made.body.id}/lift`, {})), [['reason', 'required']]);
  assert.equal((await client.post(`/do_not_call/${made.body.id}/lift`, { reason: '本人书面同意' })).body.state, 'lifted');
  assert.equal((await client.post(`/do_not_call/${made.body.id}/lift`, { reason: '再' })).body.error.code, 'do_not_call.wrong_state');
  await reason(number, 'ok');
});

test('C3.3 the list is nobody else\'s, and nothing is deleted from it', async () => {
  const { body } = await ops.post('/do_not_call', { number: callee(), source: 'regulator' });
  const bound = await client.post('/do_not_call', { number: callee(), source: 'complaint', contract_id: contract.id });
  assert.equal((await other.get(`/do_not_call/${bound.body.id}`)).status, 404);
  assert.equal((await provider.get(`/do_not_call/${body.id}`)).status, 200);
  assert.equal((await ops.call('DELETE', `/do_not_call/${body.id}`)).status, 405);
  assert.deepEqual(codes(await provider.post('/do_not_call', { number: callee(), source: 'called_person' })), [['contract_id', 'required']]);
  assert.deepEqual(codes(await ops.post('/do_not_call', { number: 'anonymous', source: 'complaint' })), [['number', 'malformed']]);
  assert.equal((await audit.post('/do_not_call', { number: callee(), source: 'complaint' })).status, 403);
});

test('C3.3 what the list says already is not entered again, so that nothing stays when it is lifted; more than that is', async () => {
  const number = callee(), entry = (more) => client.post('/do_not_call', { number, source: 'complaint', ...more });
  assert.equal((await entry({ contract_id: contract.id, until: day(9) })).status, 201);
  assert.deepEqual(codes(await entry({ contract_id: contract.id, until: day(9) })), [['number', 'listed_already']]);
  assert.equal((await entry({ until: day(9) })).status, 201); // of all contracts
  assert.equal((await entry({})).status, 201); // for good
  assert.deepEqual(codes(await entry({ contract_id: contract.id })), [['number', 'listed_already']]);
});

test('C3.3 a refusal on a call is noted on the call, for all contracts of the client', async () => {
  const number = callee();
  const line = { source: 'story', uid: `refused-${process.pid}`, contract: contract.number, agent: agent.code, callee: number,
    started_at: `${day(-1)}T10:00:00+08:00`, duration_s: 9, talk_s: 4, result: 'refused' };
  assert.equal((await provider.post('/calls', [line])).body.accepted, 1);
  const { items: [call] } = (await provider.get(`/calls?callee=${number}`)).body;
  for (let i = 0; i < 2; i += 1) // said twice, kept once
    assert.equal((await provider.post(`/calls/${call.id}/do_not_call`, { reason: '请勿再打' })).status, 200);
  const { items } = (await ops.get(`/do_not_call?number=${number}`)).body;
  assert.deepEqual(items.map(({ call_id: id, contract_id: on }) => [id, on]), [[call.id, null]]);
  const { text } = await (await world.browse('client')).get(`/calls/${call.id}`);
  assert.match(text, new RegExp(`已在禁呼名单[^]*href="/do_not_call/${items[0].id}"`));
  assert.ok(!text.includes(`/calls/${call.id}/do_not_call`));
  await reason(number, 'callee_dnc');
});

test('a rule bounds the calls to a number, and says where it comes from', async () => {
  const number = callee();
  const made = await client.post('/call_rules', { contract_id: contract.id, hours_from: '00:00', hours_to: '23:59', gated_from: day(30) });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual([made.body.per_day, made.body.per_week, made.body.basis], [2, 3, '企业内控']);
  assert.equal((await provider.post('/call_rules', {})).status, 403);
  assert.equal((await provider.get(`/call_rules/${made.body.id}`)).status, 200);
  assert.equal((await other.get(`/call_rules/${made.body.id}`)).status, 404);
  await reason(number, 'callee_frequency');
  const { version } = (await client.patch(`/call_rules/${made.body.id}`, { version: made.body.version, consent_required: true })).body;
  await reason(callee(), 'callee_consent');
  const agreed = callee();
  const consent = await provider.post('/consents', { contract_id: contract.id, number: agreed, obtained_on: day(), proof: '会员章程' });
  assert.equal(consent.status, 201, consent.text);
  await reason(agreed, 'ok');
  await client.patch(`/call_rules/${made.body.id}`, { version, consent_required: false });
});

test('what one provider asked for does not exist for another, even under the same names', async () => {
  const asked = question(callee());
  const { body: decided } = await provider.post('/gate', asked);
  const { body: own } = await other.post('/gate', asked);
  assert.deepEqual([own.allow, own.reason], [false, 'contract_unknown']);
  assert.notEqual(own.gate_id, decided.gate_id);
  for (const [deed, body] of [['bind', { agent: agent.code }], ['release', {}]])
    assert.equal((await other.post(`/gate/${deed}`, { gate_id: decided.gate_id, ...body })).status, 404);
  assert.deepEqual((await provider.post('/gate', asked)).body, decided);
});

test('C1.2 the gate page counts for everybody what they see, and no more', async () => {
  const ask_ = question(callee());
  await provider.post('/gate', ask_);
  await provider.post('/gate', { ...question(callee()), contract: 'HT-nowhere' });
  const [whole, own, others] = await Promise.all([ops, provider, other].map(async (by) => (await by.get('/gate/live')).body));
  assert.ok(own.open > 0 && own.refused > 0 && whole.open >= own.open && whole.refused >= own.refused);
  // The open calls themselves, with whom and since when; the number called is masked.
  assert.equal(own.open_calls.length, Math.min(own.open, 20));
  for (const call of own.open_calls) {
    assert.deepEqual([call.agent_code, call.contract_id, call.seconds < 600], [agent.code, contract.id, true]);
    assert.match(`${call.callee} ${call.caller}`, /^136\*{4}\d{4} 0571-/);
  }
  assert.deepEqual(others.open_calls, []);
  const refusedOwn = (await other.post('/gate', ask_)).body; // its own, of a contract that it does not have
  assert.equal(refusedOwn.reason, 'contract_unknown');
  assert.equal(others.open, 0);
  const after_ = (await other.get('/gate/live')).body;
  assert.deepEqual([after_.open, after_.reasons.map(({ reason: why }) => why)], [0, ['contract_unknown']]);
  const [unknown] = whole.reasons.filter(({ reason: why }) => why === 'contract_unknown');
  assert.equal(unknown.href, '/call_exceptions?kind=contract_unknown');
});

test('V2 a provider that does not call for the client does not see its list', async () => {
  assert.equal((await ops.post('/do_not_call', { number: callee(), source: 'regulator' })).status, 201);
  assert.equal((await other.get('/do_not_call')).body.items.length, 0);
  assert.ok((await provider.get('/do_not_call')).body.items.length > 0);
});

/* ---- a client's list, as it comes from an office ---- */

const LIST = 10_000;
const listed = (i) => `187${String(process.pid % 1000).padStart(3, '0')}${String(i).padStart(5, '0')}`;

// The import once its worker has done what it had to do.
async function settled(id) {
  for (;;) {
    const { body } = await ops.get(`/imports/${id}`);
    if (!['checking', 'running'].includes(body.state)) return body;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
async function checked(bytes, name) {
  const form = new FormData();
  form.append('resource', 'do_not_call');
  form.append('file', new Blob([bytes]), name);
  const made = await ops.post('/imports', form);
  assert.equal(made.status, 201, made.text);
  assert.equal((await ops.post(`/imports/${made.body.id}/mapping`, {})).status, 200);
  return settled(made.body.id);
}

test('C3.3 a list of ten thousand numbers goes in from CSV or XLSX, its broken rows named, and holds at the gate', async () => {
  const rows = Array.from({ length: LIST }, (_, i) => [listed(i), '甲方名单', i % 2 ? '客户名单' : '']);
  for (const [at, wrong] of [[17, '不详'], [4321, '138O0138000']]) rows[at][0] = wrong;
  rows[9000][1] = '听说';
  const head = ['电话号码', '来源', '备注'];
  const csv = await checked([head, ...rows].map((row) => row.join(',')).join('\n'), 'list.csv');
  const bad = [[19, 'number', 'malformed'], [4323, 'number', 'malformed'], [9002, 'source', 'bad_choice']];

  assert.deepEqual(csv.bad.map(({ row, field, code }) => [row, field, code]), bad);
  assert.deepEqual([csv.rows, csv.good, csv.bad_rows], [LIST, LIST - 3, 3]);
  const refused = await ops.post(`/imports/${csv.id}/run`, {});
  assert.equal(refused.status, 409, refused.text);
  assert.equal((await ops.post(`/imports/${csv.id}/run`, { good_rows: true })).status, 200);
  assert.equal((await settled(csv.id)).state, 'done');
  await reason(listed(LIST - 1), 'callee_dnc');
  const { items: [last] } = (await ops.get(`/do_not_call?number=${listed(LIST - 1)}`)).body;
  assert.deepEqual([last.source, last.reason], ['client_list', '客户名单']);
  const book = await checked(workbookOf([head, ...rows]), 'list.xlsx'); // the same again: nothing is new
  assert.deepEqual([book.rows, book.unchanged, book.bad.map(({ row }) => row)], [LIST, LIST - 3, bad.map(([row]) => row)]);
});

// ---- two processes on one database; the second listens at a Unix socket, too ----

// At that process it is known what another one decided.
async function heard(at, { gate_id: gateId }) {
  for (let i = 0; ; i += 1) {
    const { status } = await at.post('/gate/release', { gate_id: gateId });
    if (status === 200 || i === 5000) { assert.equal(status, 200); return; }
  }
}

const socketOf = (place) => path.join(place.data, 'gate.sock');
function askAtSocket(place, token, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: socketOf(place), path: '/api/gate', method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` } }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () => resolve({ status: reply.statusCode, body: JSON.parse(Buffer.concat(parts)) }));
    });
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

test('several processes decide as one, and hear the same again after a kill', async (t) => {
  const second = await startWorld({ data: world.data, db: world.db, demo: false, args: ['--gate', path.join(world.data, 'gate.sock')] });
  t.after(() => second.stop());
  const there = new Client(second.url, provider.token);

  // a change at one is in force at the other
  const number = callee();
  await reason(number, 'ok', there);
  await provider.post('/do_not_call', { contract_id: contract.id, number, source: 'called_person', reason: '不要再打' });
  await reason(number, 'callee_dnc', there);

  // their ids differ by their places, and a question repeated at the other hears the same
  const first = question(callee());
  const { body: decided } = await provider.post('/gate', first);
  await heard(there, await ask(callee())); // which is heard of later; `heard` ends the call, and what is over is no answer
  assert.deepEqual((await there.post('/gate', first)).body, decided);
  const own = await ask(callee(), there);
  const placeOf = ({ gate_id: id }) => Math.floor(id / 256) % 32;
  assert.notEqual(placeOf(own), placeOf(decided));

  // what one allowed counts at the other: two calls a day to a number
  const often = callee();
  for (let i = 0; i < 2; i += 1) await heard(there, await reason(often, 'ok'));
  assert.equal((await ask(often, there)).reason, 'callee_frequency');

  // killed: what it answered is answered again, whatever the rule says by now
  const { items: [rule] } = (await client.get(`/call_rules?contract_id=${contract.id}`)).body;
  const { body: { version } } = await client.patch(`/call_rules/${rule.id}`, { version: rule.version, record: false });
  let last;
  for (let i = 0; i < 2000 && last?.body.record !== false; i += 1) {
    last = { question: question(callee()) };
    last.body = (await there.post('/gate', last.question)).body;
  }
  assert.deepEqual([last.body.allow, last.body.record], [true, false]);
  await client.patch(`/call_rules/${rule.id}`, { version, record: true });
  await second.halt('SIGKILL');
  await second.start();
  const again = new Client(second.url, provider.token);
  assert.deepEqual((await again.post('/gate', last.question)).body, last.body);

  // the Unix socket that the killed process left is taken over; it asks for a key as the port does
  assert.equal(fs.statSync(socketOf(second)).mode & 0o777, 0o660);
  assert.deepEqual((await askAtSocket(second, provider.token, last.question)).body, last.body);
  assert.equal((await askAtSocket(second, 'nobody', last.question)).status, 401);
  await second.halt();
  assert.ok(!fs.existsSync(socketOf(second)));
});

test('a Unix socket that is in use, or that is a file, is left alone', async () => {
  const place = { data: world.data, db: world.db, demo: false };
  const socket = path.join(world.data, 'taken.sock');
  fs.writeFileSync(socket, 'mine');
  await assert.rejects(startWorld({ ...place, args: ['--gate', socket] }), /cannot listen on .*taken\.sock/);
  assert.equal(fs.readFileSync(socket, 'utf8'), 'mine');
  const one = await startWorld({ ...place, args: ['--gate', socketOf(world)] });
  await assert.rejects(startWorld({ ...place, args: ['--gate', socketOf(world)] }), /cannot listen on .*gate\.sock/);
  assert.equal((await askAtSocket(world, 'nobody', {})).status, 401);
  await one.stop();
});

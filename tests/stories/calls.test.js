// Records of calls over the API and on the command line: each exactly once, whoever sends it, in the words of any call
// system; figures that agree with a count of the files; nothing of one provider for another.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, day } from '../world.js';

const SAMPLES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/samples');
const absent = fs.existsSync(SAMPLES) ? false : 'the samples are not here';

let world, provider, other, division, ops, resident, contract, agent, number;
before(async () => {
  world = await startWorld();
  [provider, other, division, ops, resident] = await Promise.all(
    ['provider', 'cleaner', 'division', 'ops', 'resident'].map((account) => world.signIn(account)));
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  [agent] = (await provider.get(`/agents?contract_id=${contract.id}&state=active`)).body.items;
  const { items } = (await provider.get(`/number_permissions?contract_id=${contract.id}&state=active`)).body;
  number = items.find(({ to }) => !to || to > day(1)).shown;
});
after(() => world.stop());

let made = 0;
const call = (values = {}) => ({
  source: 'dialer', uid: `story-${process.pid}-${made += 1}`, contract: contract.number, agent: agent.code, caller: number,
  callee: '13812345678', started_at: `${day(-1)}T10:00:00+08:00`, duration_s: 30, talk_s: 12, result: 'contacted', ...values,
});
const send = (by, body, query = '') => by.post(`/calls${query}`,
  typeof body === 'string' ? body : body.map((one) => JSON.stringify(one)).join('\n'), { 'content-type': 'application/x-ndjson' });
const figures = async (by, query) => (await by.get(`/call_figures?contract=${contract.number}&${query}`)).body.items;

test('C2.4 a call that is sent twice counts once, and its figures follow at once', async () => {
  const calls = [call(), call({ result: 'success' }), call({ result: 'busy', talk_s: 0 })];
  const before_ = (await figures(provider, `by=agent&from=${day(-1)}&to=${day(-1)}`)).find(({ key }) => key === agent.code);
  const first = await send(provider, calls);
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(first.body, { accepted: 3, duplicates: 0, rejected: [] });
  const again = await send(provider, calls);
  assert.deepEqual(again.body, { accepted: 0, duplicates: 3, rejected: [] });
  const after_ = (await figures(provider, `by=agent&from=${day(-1)}&to=${day(-1)}`)).find(({ key }) => key === agent.code);
  for (const [figure, more] of Object.entries({ dials: 3, connected: 2, success: 1, talk_s: 24, duration_s: 90 })) {
    assert.equal(after_[figure] - (before_?.[figure] ?? 0), more, figure);
  }
});

test('C2.4 bad lines are named with their reason, the good ones kept', async () => {
  const good = call();
  const reply = await send(provider, `${JSON.stringify(good)}\nnonsense\n${JSON.stringify(call({ callee: 'anonymous' }))}\n`);
  assert.equal(reply.body.accepted, 1);
  assert.deepEqual(reply.body.rejected.map(({ row, code }) => [row, code]), [[2, 'not_json'], [3, 'callee_malformed']]);
  for (const { message } of reply.body.rejected) assert.match(message, /\p{Script=Han}/u);
  const whole = await send(provider, '[1,');
  assert.equal(whole.status, 422, whole.text);
});

test('C3.3 a number that was called is masked, and found again by who knows it', async () => {
  const callee = `139${String(process.pid).padStart(8, '0')}`;
  const one = call({ callee });
  await send(provider, [one, call()]);
  const { items } = (await division.get(`/calls?callee=${callee}`)).body;
  assert.deepEqual(items.map(({ uid }) => uid), [one.uid]);
  assert.equal(items[0].callee, `139****${callee.slice(-4)}`);
  const { text } = await division.get(`/calls/${items[0].id}`);
  assert.ok(!text.includes(callee.slice(3)));
});

test('V2 another provider sees no call, no figure, and cannot add to them', async () => {
  const one = call();
  await send(provider, [one]);
  const { items: [mine] } = (await provider.get('/calls?limit=1')).body;
  assert.equal((await other.get('/calls')).body.items.length, 0);
  assert.equal((await other.get(`/calls/${mine.id}`)).status, 404);
  assert.equal((await other.get(`/call_figures?contract=${contract.number}`)).status, 404);
  assert.equal((await send(resident, [call()])).status, 403);
});

test('C2.4 lists go on over months, page by page, without gap or repeat', async () => {
  const uids = [];
  const calls = [0, 40, 80].map((back) => call({ started_at: `${day(-back - 2)}T09:00:00+08:00`, source: 'pages' }));
  await send(provider, calls);
  for (let after = ''; after !== null;) {
    const { items, next } = (await provider.get(`/calls?limit=1&agent_id=${agent.id}${after && `&after=${after}`}`)).body;
    uids.push(...items.map(({ uid }) => uid));
    after = next;
  }
  assert.equal(new Set(uids).size, uids.length);
  for (const { uid } of calls) assert.ok(uids.includes(uid), uid);
});

/* ---- the call systems' own files ---- */

const FILES = [['calls-plain.csv', 'plain'], ['asterisk-Master.csv', 'asterisk_csv'], ['freeswitch-cdr.ndjson', 'freeswitch_json']];

// The call centre that the files are of, in place of the demo world's own.
function becomeTheirs({ contract: theirs, agents, numbers }) {
  const { person_id: person } = agent;
  world.sql(`UPDATE contracts SET number = '${theirs}' WHERE id = ${contract.id}`);
  const rows = (all, columns) => all.map((one, i) => `(${90000 + i}, 1, 0, 0, ${columns(one, 90000 + i)})`).join(', ');
  world.sql(`INSERT INTO agents (id, version, created_at, updated_at, contract_id, person_id, code, permissions, state, "from", "to", search_key)
    VALUES ${rows(Object.keys(agents), (code) => `${contract.id}, ${person}, '${code}', 'manual_dial', 'active', '2026-01-01', '', ''`)}`);
  world.sql(`INSERT INTO numbers (id, version, created_at, updated_at, owner_id, number, shown, carrier, proof, purpose, state, state_reason,
    search_key) VALUES ${rows(numbers, (one) => `${contract.client_id}, '+86${one.slice(1)}', '${one}', '', '', '', 'active', '', ''`)}`);
  world.sql(`INSERT INTO number_permissions (id, version, created_at, updated_at, number_id, contract_id, state, "from", "to")
    VALUES ${rows(numbers, (one, id) => `${id}, ${contract.id}, 'active', '2026-01-01', ''`)}`);
}

test('three call systems\' files import to what they hold, and twice changes nothing', { skip: absent }, async () => {
  const truth = JSON.parse(fs.readFileSync(path.join(SAMPLES, 'calls.truth.json')));
  becomeTheirs(truth);
  for (const round of [0, 1]) {
    for (const [file, profile] of FILES) {
      const run = world.luyue(['import', 'calls', path.join(SAMPLES, file), '--profile', profile]);
      assert.equal(run.status, 0, run.stderr);
      assert.match(run.stdout, new RegExp(`^rows 4000, good 4000, unchanged ${round ? 4000 : 0}, refused 0`));
    }
  }
  const items = (await provider.get(`/call_figures?contract=${truth.contract}&from=2026-09-01&to=2026-09-30&by=agent`)).body.items;
  const theirs = items.filter(({ key }) => key in truth.agents);
  const found = Object.fromEntries(theirs.map(({ key, dials, talk_s, success }) => [key, { dials, talk_s, success }]));
  assert.deepEqual(found, truth.agents);
});

test('a file with one line in a hundred broken names each of them', { skip: absent }, () => {
  const lines = fs.readFileSync(path.join(SAMPLES, 'calls-plain.csv'), 'utf8').split('\n').slice(0, 1001);
  const broken = [];
  for (let i = 50; i <= 1000; i += 100) {
    lines[i] = lines[i].replace(/2026-09-\d\dT/, '2026-19-99T').replace('dialer,d-', 'broken,d-');
    broken.push(i + 1);
  }
  const file = path.join(world.data, 'broken.csv');
  const report = path.join(world.data, 'report.json');
  fs.writeFileSync(file, lines.join('\n'));
  const run = world.luyue(['import', 'calls', file, '--report', report]);
  assert.equal(run.status, 3, run.stderr);
  const { rows, good, bad } = JSON.parse(fs.readFileSync(report));
  assert.equal(rows, 1000);
  assert.equal(good, 990);
  assert.deepEqual(bad.map(({ row, code }) => [row, code]), broken.map((row) => [row, 'malformed']));
});

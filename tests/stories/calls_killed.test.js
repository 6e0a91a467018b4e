// The power goes while calls are asked for and reported: no record that was acknowledged is lost, none is there twice,
// the roll-ups equal a count of the rows, and every decision that the gate answered is in the store as it was answered.
//
// The moment is no time but a number of answers: the kill comes behind a random number of them.
//
//     LUYUE_KILLS=1000 node --test tests/stories/calls_killed.test.js
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, day } from '../world.js';

const PLACES = 30; // about: there are 32, each lent for a minute
const KILLS = Number(process.env.LUYUE_KILLS || 30);
const SENDERS = 6;
const BATCH = 25;
const ANSWERS = 40; // between two kills, at most
const LONGEST = 120_000 + KILLS * 15_000; // ms: it has ended long before, or something waits for ever

let world, provider, contract, agents, number;
before(async () => {
  world = await startWorld();
  provider = await world.signIn('provider');
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  agents = (await provider.get(`/agents?contract_id=${contract.id}&state=active`)).body.items.map(({ code }) => code);
  const { items } = (await provider.get(`/number_permissions?contract_id=${contract.id}&state=active`)).body;
  number = items.find(({ to }) => !to || to > day(1)).shown;
});
after(() => world.stop());

/* ---- what is on its way ---- */

const told = new Map(); // uid -> whether it was acknowledged
const decided = new Map(); // gate_id -> allowed or not
let made = 0, kills = 0;

function record() {
  made += 1;
  const uid = `killed-${made}`;
  const talk = made % 3 ? 0 : 5 + made % 60;
  return { source: 'killed', uid, contract: contract.number, agent: agents[made % agents.length], caller: number, callee: '13905710000',
    started_at: `${day(-1)}T${String(9 + made % 9).padStart(2, '0')}:${String(made % 60).padStart(2, '0')}:${String(made % 59).padStart(2, '0')}+08:00`, duration_s: 10 + talk, talk_s: talk,
    result: talk ? ['success', 'contacted'][made % 2] : 'no_answer' };
}

async function report(batch) {
  for (const { uid } of batch) if (!told.has(uid)) told.set(uid, false);
  const reply = await provider.post('/calls', batch);
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.body.accepted + reply.body.duplicates, batch.length);
  for (const { uid } of batch) told.set(uid, true);
}

async function ask() {
  made += 1;
  const reply = await provider.post('/gate', { node: 'killed', call_id: `ask-${made}`, contract: contract.number, callee: '13905710000',
    agent: made % 4 ? agents[made % agents.length] : 'nobody', caller: number });
  // More than 32 were killed within a minute: this one has no place among those that decide, and permits nothing.
  if (reply.status === 503 && kills > PLACES) return;
  assert.equal(reply.status, 200, reply.text);
  decided.set(reply.body.gate_id, reply.body.allow);
}

// Sends on until the server is gone; what was not acknowledged is sent again first.
async function sender(unsure, answered) {
  let batch = unsure.pop();
  try {
    for (;;) {
      batch ??= Array.from({ length: BATCH }, record);
      await report(batch);
      batch = undefined;
      answered();
      await ask();
      answered();
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return batch; // the connection was cut
  }
}

test('whatever was acknowledged is there exactly once, however often the server is killed', { timeout: LONGEST }, async () => {
  let unsure = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    let left = 1 + Math.floor(Math.random() * ANSWERS);
    let cut;
    const now = new Promise((resolve) => { cut = resolve; });
    const over = new AbortController();
    provider.signal = over.signal;
    const senders = Array.from({ length: SENDERS }, () => sender(unsure, () => { left -= 1; if (left === 0) cut(); }));
    await Promise.race([now, Promise.all(senders)]);
    await world.halt('SIGKILL');
    kills += 1;
    over.abort(); // nobody answers any more: a request that was not told so would be waited for without end
    unsure = (await Promise.all(senders)).filter(Boolean);
    await world.start();
    provider.url = world.url;
    provider.signal = undefined;
  }
  for (const batch of unsure) await report(batch);
  await world.halt(); // folds what the gate decided
  await world.start();
  provider.url = world.url;
  await checkCalls();
  await checkFound();
  await checkDecisions();
});

const month = () => day(-1).slice(0, 7);

async function checkCalls() {
  const rows = world.sql(`SELECT c.uid, c.agent_id, c.talk_s, c.duration_s, c.result FROM calls c JOIN call_sources s ON s.id = c.source_id
    WHERE s.name = 'killed'`, month()).split('\n').map((row) => row.split('|'));
  const seen = new Map();
  for (const [uid] of rows) seen.set(uid, (seen.get(uid) ?? 0) + 1);
  for (const [uid, acknowledged] of told) if (acknowledged) assert.equal(seen.get(uid), 1, `${uid} was acknowledged`);
  for (const [uid, times] of seen) assert.equal(times, 1, `${uid} is there twice`);
  assert.equal(seen.size, told.size);
  assert.ok(seen.size > KILLS * BATCH / 2, `${seen.size} calls`);
  const counted = (columns, table, group) => world.sql(`SELECT ${columns} FROM ${table} GROUP BY ${group} ORDER BY 1`, month());
  const figures = 'COUNT(*), SUM(CASE WHEN result < 3 THEN 1 ELSE 0 END), SUM(CASE WHEN result = 1 THEN 1 ELSE 0 END), SUM(talk_s), SUM(duration_s)';
  const sums = 'SUM(dials), SUM(connected), SUM(success), SUM(talk_s), SUM(duration_s)';
  assert.equal(counted(`agent_id, ${sums}`, 'agent_days', 'agent_id'), counted(`agent_id, ${figures}`, 'calls', 'agent_id'));
  assert.equal(counted(`number_id, ${sums}`, 'number_days', 'number_id'), counted(`number_id, ${figures}`, 'calls', 'number_id'));
  assert.equal(counted(`contract_id, ${sums}`, 'contract_hours', 'contract_id'), counted(`contract_id, ${figures}`, 'calls', 'contract_id'));
}

// Hours that were sorted before a kill or after, or not yet, name the same calls as the rows.
async function checkFound() {
  const [{ id }] = (await provider.get(`/agents?contract_id=${contract.id}&state=active&limit=1`)).body.items;
  const found = new Set();
  for (let next = ''; next !== null;) {
    const { body } = await provider.get(`/calls?agent_id=${id}&started_at_from=${day(-1)}&started_at_to=${day(-1)}&limit=200${next && `&after=${next}`}`);
    for (const call of body.items) found.add(call.id);
    assert.notEqual(body.next, next, 'each page leads on');
    next = body.next;
  }
  const from = BigInt(Date.parse(`${day(-1)}T00:00:00+08:00`) - 1577836800000) * 8192n, to = from + 86400000n * 8192n;
  assert.equal(found.size, Number(world.sql(`SELECT COUNT(*) FROM calls WHERE agent_id = ${id} AND id >= ${from} AND id < ${to}`, month())));
}

async function checkDecisions() {
  const rows = world.sql("SELECT id, reason FROM gate_decisions WHERE node = 'killed'", day().slice(0, 7)).split('\n');
  const kept = new Map(rows.map((row) => row.split('|')).map(([id, reason]) => [Number(id), reason === 'ok']));
  assert.ok(decided.size > Math.min(KILLS, PLACES), `${decided.size} decisions`);
  for (const [id, allowed] of decided) assert.equal(kept.get(id), allowed, `decision ${id}`);
}

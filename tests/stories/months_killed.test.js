// The power goes while a month is computed, published and locked: it is in exactly one state, the one before the step or the
// one after it, and its sheets, places, nominations, duties, notices and the trail say the same.
//
// The moment is no time but a number of answers: while the step is on its way, another connection asks whether the server
// lives, and the kill comes behind a random number of its answers, up to somewhat more than the step takes.
//
//     LUYUE_KILLS=200 node --test tests/stories/months_killed.test.js
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, month } from '../world.js';

const KILLS = Number(process.env.LUYUE_KILLS || 12);
const MONTH = month(0);
const CLOCK = ['--clock', `${month(1)}-15T09:00:00+08:00`]; // this month is over, its evidence is closed
const STEPS = ['compute', 'publish', 'lock']; // each from the state before it in STATES to the next one
const STATES = ['evidence_closed', 'computed', 'published', 'locked'];

let world, provider, id, first;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };

before(async () => {
  world = await startWorld();
  await again('SIGTERM');
  provider = await world.signIn('provider');
  await topOfThree();
  [{ id }] = done(await provider.get(`/months?month=${MONTH}`)).items;
});
after(() => world.stop());

async function again(signal) {
  await world.halt(signal);
  world.args = CLOCK;
  await world.start();
  if (provider) provider.url = world.url;
}

const monthOf = async (of) => done(await provider.get(`/months?month=${of}`)).items[0];
const step = async (at, name) => done(await provider.post(`/months/${at.id}/${name}`, name === 'publish' ? { reason: '当月没有安排' } : {}));

// The server's clock may have been first.
async function closeEvidence(at) {
  const { status, body, text } = await provider.post(`/months/${at.id}/close_evidence`);
  assert.ok(status === 200 || body.error.code === 'month.wrong_state', text);
}

// Whoever was first in the month before the last is lifted to the top of both that follow: a nomination (C2.10).
async function topOfThree() {
  const [oldest, last, now] = await Promise.all([month(-2), month(-1), MONTH].map(monthOf));
  const [{ subject_id: person_id }] = done(await provider.get(`/sheets?month_id=${oldest.id}&subject=agent&sort=rank&limit=1`)).items;
  if (now.state === 'open') await closeEvidence(now);
  for (const { id: piece } of done(await provider.get('/penalties?state=proposed')).items)
    await provider.post(`/penalties/${piece}/reject`, { reason: '不属实' }); // late ones wait for nobody
  for (const { state } = last; state !== 'published'; last.state = 'published') {
    if (last.state === 'open') await closeEvidence(last);
    await step(last, 'compute');
    await step(last, 'publish');
  }
  const duty = await world.signIn('duty');
  done(await provider.post(`/months/${last.id}/reopen`, { reason: '更正' }));
  done(await duty.post(`/months/${last.id}/reopen`));
  for (const { id: month_id } of [last, now]) {
    const correction = done(await provider.post('/adjustments', { month_id, about_month: month(-2), person_id, points: '99', reason: '更正' }), 201);
    done(await duty.post(`/adjustments/${correction.id}/approve`));
  }
  await step(last, 'compute');
  await step(last, 'publish');
}

/* ---- what the store says of the month ---- */

const number = (sql) => Number(world.sql(sql));
const rows = (table, where) => number(`SELECT count(*) FROM ${table} WHERE ${where}`);
const TOLD = () => `news_id IN (SELECT id FROM news WHERE kind = 'month.published' AND title = '${MONTH}')`;
const owed = () => Object.fromEntries(['compute_month', 'publish_month', 'lock_month'].map((rule) => {
  const state = world.sql(`SELECT state FROM duties WHERE subject = 'months' AND subject_id = ${id} AND rule = '${rule}'`);
  return [rule, state === 'overdue' ? 'open' : state];
}));

function found() {
  const of = `month_id = ${id}`;
  return {
    state: world.sql(`SELECT state FROM months WHERE id = ${id}`),
    digest: world.sql(`SELECT sha256 FROM months WHERE id = ${id}`),
    sheets: rows('sheets', of),
    digests: world.sql(`SELECT subject_id, rank, sha256 FROM sheets WHERE ${of} ORDER BY subject, subject_id`),
    published: rows('sheets', `${of} AND state = 'published'`),
    acknowledged: rows('sheets', `${of} AND state = 'acknowledged' AND silent = TRUE AND acknowledged_at > 0`),
    nominations: rows('rewards', `month = '${MONTH}' AND kind = 'three_months' AND state = 'proposed'`),
    told: rows('notices', TOLD()),
    owed: owed(),
  };
}

// What belongs to each state, by what the first whole way through them gave.
function expected(state) {
  const at = STATES.indexOf(state);
  const has = (from, value, none = 0) => (at >= STATES.indexOf(from) ? value : none);
  return {
    state,
    digest: has('computed', first.digest, ''),
    sheets: has('computed', first.sheets),
    digests: has('computed', first.digests, ''),
    published: state === 'published' ? first.sheets : 0,
    acknowledged: has('locked', first.sheets),
    nominations: has('published', first.nominations),
    told: has('published', first.told),
    owed: { compute_month: has('computed', 'met', 'open'), publish_month: has('published', 'met', at === 1 ? 'open' : ''),
      lock_month: has('locked', 'met', at === 2 ? 'open' : '') },
  };
}

const taken = (name) => rows('events', `resource = 'months' AND record_id = ${id} AND action = '${name === 'lock' ? 'lock_month' : name}'`);

// As it was before it was first computed: no step of the product leads back from a locked month.
function turnBack() {
  for (const statement of [
    `DELETE FROM notices WHERE ${TOLD()}`,
    `DELETE FROM rewards WHERE month = '${MONTH}' AND kind = 'three_months'`,
    `DELETE FROM sheets WHERE month_id = ${id}`,
    `DELETE FROM duties WHERE subject = 'months' AND subject_id = ${id} AND rule IN ('publish_month', 'lock_month')`,
    `UPDATE duties SET state = 'open', live = TRUE, met_at = 0 WHERE subject = 'months' AND subject_id = ${id} AND rule = 'compute_month'`,
    `UPDATE months SET state = 'evidence_closed', sha256 = '', people = 0, computed_at = 0, published_at = 0, appeal_by = 0, locked_at = 0 WHERE id = ${id}`,
  ]) world.sql(statement);
}

const overAppeals = () => world.sql(`UPDATE months SET appeal_by = 1 WHERE id = ${id}`); // nobody waits three days here

/* ---- the kill ---- */

const spans = {}; // answers that each step takes, about: so that every fourth one comes to its end before the kill
async function killWhile(name) {
  const span = spans[name];
  const most = span === undefined ? Infinity : Math.random() * span;
  let answers = 0, over = false, reply;
  const stepping = provider.post(`/months/${id}/${name}`, name === 'publish' ? { reason: '当月没有安排' } : {}).catch(() => null).then((answer) => { over = true; reply = answer; });
  for (; answers < most && !over; answers += 1) await fetch(`${world.url}/healthz`).then((answer) => answer.text());
  spans[name] = span === undefined ? answers + 1 : Math.max(2, span * (over ? 0.7 : 1.15));
  await again('SIGKILL');
  await stepping;
  return reply;
}

test('the way without a kill, which the others are compared with', async () => {
  assert.equal(found().owed.compute_month, 'open');
  const sheets = {};
  for (const name of STEPS) {
    if (name === 'lock') overAppeals();
    await step({ id }, name);
    sheets[name] = found();
  }
  first = { ...sheets.publish, digest: sheets.compute.digest };
  assert.ok(first.sheets >= 30 && first.nominations === 1 && first.told > 1, JSON.stringify({ ...first, digests: '' }));
  for (const [i, name] of STEPS.entries()) assert.deepEqual(sheets[name], expected(STATES[i + 1]));
  turnBack();
  assert.deepEqual(found(), expected('evidence_closed'));
});

test('a kill at any moment leaves the month wholly before the step or wholly after it', async (t) => {
  let at = 0, interrupted = 0;
  const went = Object.fromEntries(STEPS.map((name) => [name, 0]));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const name = STEPS[at], before_ = taken(name);
    if (name === 'lock') overAppeals();
    const reply = await killWhile(name);
    if (reply) done(reply);
    interrupted += !reply;
    const now = found();
    assert.ok([STATES[at], STATES[at + 1]].includes(now.state), `${now.state} after ${name}`);
    if (reply) assert.equal(now.state, STATES[at + 1], 'what was answered is there');
    assert.deepEqual(now, expected(now.state));
    const moved = now.state !== STATES[at];
    assert.equal(taken(name), before_ + moved, 'the trail tells each step that was taken, and no other');
    went[name] += moved;
    at = (at + moved) % STEPS.length;
    if (moved && at === 0) turnBack();
  }
  const { status, stdout, stderr } = world.luyue(['verify']);
  assert.equal(status, 0, stdout + stderr);
  assert.ok(interrupted > KILLS / 5 && went.compute > 0, JSON.stringify({ interrupted, went }));
  t.diagnostic(`${KILLS} kills, ${interrupted} of them before the answer; went on: ${JSON.stringify(went)}`);
});

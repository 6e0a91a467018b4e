// SPDX-License-Identifier: AGPL-3.0-or-later
// What it costs to compute the month of ten thousand people by twelve indicators, and to look at it. bench/README.md says what.
//
//     node bench/months.mjs [--build DIR] [--rounds 5] [--only sqlite|postgres] [--people 10000] [--raw 20]
//
// --raw: as many million calls themselves beside the roll-ups, which must make no difference.
import path from 'node:path';
import { ROOT, PORT, ROUNDS, options, run, stop, product, timeOf, idle, signIn, makeStore, makePostgres, median, note, get, measure, withPostgres, build } from './common.mjs';

const PEOPLE = Number(options.people), RAW = Number(options.raw) * 1e6;
const COMPUTE_MS = 1000 * PEOPLE / 10000;
const ALIKE = 1.1;
const PAGE_MS = 50;
const MEASURES = ['calls.success', 'calls.talk_hours', 'calls.dials', 'calls.connected', 'calls.duration_hours', 'calls.connect_rate', 'calls.success_rate',
  'trainings.score', 'reviews.score', 'calls.success', 'calls.talk_hours', 'calls.dials'];
const INDICATORS = JSON.stringify(MEASURES.map((measure, i) => ({ code: `i${i}`, name: `指标 ${i + 1}`, measure, nothing: 'reweigh',
  ...(measure.endsWith('rate') ? { method: 'rank' } : { method: 'ratio_cap', target: '150.00' }), weight: i < 4 ? '9.00' : '8.00' })));

const before = (months) => { // the month so many before this one, in Shanghai
  const now = new Date(Date.now() + 8 * 36e5);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
};

// A row for each person and day of the month, as calls roll them up; and twelve indicators.
function fill(store) {
  const month = before(1), part = `calls_${month.replace('-', '_')}`;
  run(path.join(ROOT, 'bench/fill'), String(PEOPLE), store.place, 'months.sql');
  const days = (agents, into) => `INSERT INTO ${into} (id, day, contract_id, agent_id, person_id, dials, connected, success, talk_s, duration_s)
    SELECT CAST(1 AS BIGINT) * d.n * 4294967296 + a.id + 9000000, '${month}-' || CASE WHEN d.n < 10 THEN '0' ELSE '' END || d.n, a.contract_id, a.id, a.person_id,
      60 + a.id % 40, 20 + a.id % 17, 2 + a.id % 9 + d.n % 3, 1500 + a.id % 700, 3000 + a.id % 900
    FROM ${agents} a JOIN (WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 30) SELECT n FROM n) d ON 1 = 1 WHERE a.code LIKE 'B%'`;
  const scheme = `UPDATE schemes SET indicators = '${INDICATORS}' WHERE state = 'in_force'`;
  if (store.db === 'sqlite') run('sqlite3', '-bail', store.place, `ATTACH '${store.data}/${part}.db' AS part; ${days('agents', 'part.agent_days')}; ${scheme};`);
  else run('psql', '-q', '-v', 'ON_ERROR_STOP=1', '-d', store.db, '-c', `${days('agents', `public_${part}.agent_days`)}; ${scheme};`, '-c', 'VACUUM ANALYZE');
}

// The calls themselves, evenly over 30 days: an id is the moment since 2020 with 8192 places in each millisecond.
function fillCalls(store) {
  const month = before(1), part = `calls_${month.replace('-', '_')}`, schema = store.db === 'sqlite' ? 'part' : `public_${part}`;
  const first = (Date.parse(`${month}-01`) - Date.parse('2020-01-01')) * 8192, step = Math.floor(30 * 864e5 * 8192 / RAW);
  const sql = `INSERT INTO ${schema}.call_sources (provider_id, name) SELECT min(provider_id), 'bench' FROM contracts;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${RAW})
    INSERT INTO ${schema}.calls (id, source_id, uid, contract_id, agent_id, callee_key, callee_code, duration_s, talk_s, result, recording)
    SELECT CAST(${first} AS BIGINT) + n.i * CAST(${step} AS BIGINT), s.id, 'bench' || n.i, b.contract_id, b.id + n.i % ${PEOPLE}, n.i, n.i, 60, 30, 1, ''
    FROM n JOIN (SELECT contract_id, id FROM agents WHERE code LIKE 'B%' ORDER BY id LIMIT 1) b ON 1 = 1
    JOIN ${schema}.call_sources s ON s.name = 'bench'`;
  if (store.db === 'sqlite') run('sqlite3', '-bail', store.place, `PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; ATTACH '${store.data}/${part}.db' AS part; ${sql}`);
  else run('psql', '-q', '-v', 'ON_ERROR_STOP=1', '-d', store.db, '-c', sql, '-c', 'VACUUM ANALYZE');
}

// Time for appeals is over, and nobody's is open.
function lockable(store, id) {
  const sql = `UPDATE months SET appeal_by = 1 WHERE id = ${id}; UPDATE appeals SET state = 'rejected' WHERE state = 'open'`;
  if (store.db === 'sqlite') run('sqlite3', '-bail', store.place, sql);
  else run('psql', '-q', '-v', 'ON_ERROR_STOP=1', '-d', store.db, '-c', sql);
}

async function post(server, token, place, body = {}) {
  const began = performance.now();
  const answer = await fetch(`${server.url}/api${place}`, { method: 'POST', body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } });
  const text = await answer.text();
  if (answer.status !== 200 && answer.status !== 201) throw new Error(`${place}: ${answer.status} ${text}`);
  return { ms: performance.now() - began, body: JSON.parse(text) };
}

// Published, locked and paid: everybody's wage worked out, and once more by whoever approves it; a scheme tried with pay.
async function measurePay(server, engine, month) {
  const [provider, duty] = [await signIn(server, 'provider'), await signIn(server, 'duty')];
  const timed = async (by, place, body) => {
    await idle(server);
    const began = timeOf(server), { ms, body: answer } = await post(server, by, place, body);
    return { processor: (timeOf(server) - began) / 1e6, ms, answer };
  };
  const told = ({ processor, ms }) => `${Math.round(processor)} ms of processor, ${Math.round(ms)} by the clock`;
  note('locked', engine, '', told(await timed(provider, `/months/${month.id}/lock`)), '', '', true);
  const drafted = await timed(duty, '/pay_sheets', { month_id: month.id });
  if (drafted.answer.people < PEOPLE) throw new Error(`${drafted.answer.people} people are paid`);
  note(`the pay sheet of ${PEOPLE} people, drafted`, engine, '', told(drafted), '', `≤ ${COMPUTE_MS} ms`, drafted.processor <= COMPUTE_MS);
  const approved = await timed(provider, `/pay_sheets/${drafted.answer.id}/approve`, { version: drafted.answer.version });
  note('and approved, which works it out once more', engine, '', told(approved), '', `≤ ${COMPUTE_MS} ms`, approved.processor <= COMPUTE_MS);
  const { items: [scheme] } = JSON.parse(await get(server, provider, '/api/schemes?subject=agent&state=draft'));
  const began = timeOf(server), start = performance.now();
  const trial = JSON.parse(await get(server, provider, `/api/schemes/${scheme.id}/pay_trial?month=${before(1)}`));
  if (trial.people < PEOPLE) throw new Error(`${trial.people} people are tried`);
  note('a scheme tried with pay beside the one that holds', engine, '', told({ processor: (timeOf(server) - began) / 1e6, ms: performance.now() - start }), '', `≤ ${2 * COMPUTE_MS} ms`, (timeOf(server) - began) / 1e6 <= 2 * COMPUTE_MS);
  return drafted.processor;
}

// Milliseconds of processor and by the clock, the first time and the same again.
async function compute(server, provider, month) {
  const computed = [], clock = [], digests = new Set();
  for (let round = 0; round < ROUNDS; round++) {
    await idle(server);
    const began = timeOf(server);
    const { ms, body } = await post(server, provider, `/months/${month.id}/compute`);
    computed.push((timeOf(server) - began) / 1e6);
    clock.push(ms);
    digests.add(body.sha256);
    if (body.people < PEOPLE) throw new Error(`${body.people} people`);
  }
  return { once: computed[0], onceClock: clock[0], again: median(computed), againClock: median(clock), digests };
}

async function measureOn(engine, store) {
  fill(store);
  let server = await product(PORT, store);
  let [provider, duty] = [await signIn(server, 'provider'), await signIn(server, 'duty')];
  const { items: [month] } = JSON.parse(await get(server, provider, `/api/months?month=${before(1)}`));
  await post(server, provider, `/months/${month.id}/reopen`, { reason: '测量' });
  await post(server, duty, `/months/${month.id}/reopen`);
  const few = await compute(server, provider, month);
  note(`compute and rank ${PEOPLE} people × ${MEASURES.length} indicators, the first time`, engine, '', `${Math.round(few.once)} ms of processor, ${Math.round(few.onceClock)} by the clock`, '', `≤ ${COMPUTE_MS} ms`, few.once <= COMPUTE_MS);
  note('the same again, median', engine, `${few.digests.size} digest`, `${Math.round(few.again)} ms of processor, ${Math.round(few.againClock)} by the clock`, '', `≤ ${COMPUTE_MS} ms`, few.again <= COMPUTE_MS && few.digests.size === 1);
  if (RAW) {
    await stop(server);
    fillCalls(store);
    server = await product(PORT, store);
    provider = await signIn(server, 'provider');
    const many = await compute(server, provider, month);
    note(`again with ${options.raw} million calls in the month, limit without`, engine, `${Math.round(few.again)} ms`, `${Math.round(many.again)} ms`, (many.again / few.again).toFixed(2), `≤ ${ALIKE}`, many.again <= few.again * ALIKE);
  }
  const page = async (what, place) => {
    const pages = [], used = timeOf(server);
    for (let round = 0; round < ROUNDS * 4; round++) {
      const began = performance.now();
      await get(server, provider, place);
      pages.push(performance.now() - began);
    }
    const processor = (timeOf(server) - used) / 1e6 / pages.length;
    note(what, engine, '', `${median(pages).toFixed(1)} ms, ${processor.toFixed(1)} of processor`, '', `≤ ${PAGE_MS} ms`, median(pages) <= PAGE_MS);
  };
  for (const sort of ['rank', '-total', 'agent_code', '-points.i0', 'points.i11']) {
    const place = `/sheets?month_id=${month.id}&sort=${sort}`;
    await page(`first page of the results by ${sort}`, place);
    let next = '';
    for (let seen = 0; seen < PEOPLE / 2; seen += 200) ({ next } = JSON.parse(await get(server, provider, `/api${place}&limit=200${next && `&after=${next}`}`)));
    await page('one in the middle of it', `${place}&after=${next}`);
  }
  const { ms } = await post(server, provider, `/months/${month.id}/publish`, { reason: '没有复核，指标 9 没有数据' });
  note('published', engine, '', `${Math.round(ms)} ms by the clock`, '', '', true);
  await stop(server);
  lockable(store, month.id);
  server = await product(PORT, store);
  const drafted = await measurePay(server, engine, month);
  note('computed, ranked and paid', engine, '', `${Math.round(few.once + drafted)} ms of processor`, '', `≤ ${COMPUTE_MS} ms`, few.once + drafted <= COMPUTE_MS);
  await stop(server);
}

await measure(async () => {
  build();
  if (options.only !== 'postgres') await measureOn('sqlite', makeStore(0, 'sqlite'));
  if (options.only !== 'sqlite') await withPostgres(async (server) => measureOn('postgres', makePostgres(0, server)));
});

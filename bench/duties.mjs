// SPDX-License-Identifier: AGPL-3.0-or-later
// What a million open duties and a hundred thousand letters cost, beside ten thousand and a thousand: home page, lists
// and bell, and the clock while somebody writes. One table with targets and verdicts; bench/README.md says what.
//
//     node bench/duties.mjs [--build DIR] [--rounds 5] [--only sqlite|postgres] [--part size|clock]
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, PORT, options, run, stop, product, timeOf, signIn, makeStore, makePostgres, median, note, get, compareCosts, measure, withPostgres,
  build } from './common.mjs';

const SMALL = 1000;
const LARGE = 100000;
const WORDS = { [SMALL]: '1,000 letters', [LARGE]: '100,000' };

// ---- against the size ----

const PLACES = {
  '/': ['ops', 'division', 'provider', 'executor'],
  '/tasks?of=unit': ['ops', 'division', 'provider'],
  '/duties': ['ops', 'division', 'provider'],
  '/letters': ['ops', 'division', 'provider'],
  '/notices': ['ops'],
  '/notices/bell': ['ops'],
};
const DUTIES = ['', 'state=open', 'state=overdue', 'state=met', 'live=true', 'live=false', 'rule=brief_executor', 'rule=renew_number',
  'clause=V5.1.2', 'clause=C2.7', 'subject=contracts', 'subject=letters', 'contract_id=CONTRACT', 'subject_id=CONTRACT', 'owner_role=ops',
  'owner_role=client', 'owner_id=EXECUTOR', 'owner_side=provider', 'unit_id=8', 'organisation_id=5', 'due_at_to=SOON', 'sort=due_at',
  'sort=due_at&state=overdue', 'period=2026-11', 'after=DEEP'];
const LETTERS = ['', 'state=sent', 'state=returned', 'type=general', 'type=agent_change', 'turn=client', 'from_side=provider', 'provider_id=5',
  'unit_id=8', 'contract_id=CONTRACT', 'sort=due_at', 'sort=due_at&state=sent', 'after=DEEP', 'q=安排', 'q=1000777'];
const LISTS = { duties: DUTIES, letters: LETTERS };
const LISTED_FOR = ['ops', 'division', 'provider'];

const items = async (side, place) => JSON.parse(await get(side.server, side.token, place)).items;

async function concrete(side, resource, query) {
  const place = `/api/${resource}?`;
  let done = query.replace(/q=(.*)/, (_, word) => `q=${encodeURIComponent(word)}`);
  if (done.includes('CONTRACT')) done = done.replace('CONTRACT', (await items(side, place))[0].contract_id);
  if (done.includes('EXECUTOR')) done = done.replace('EXECUTOR', (await items(side, '/api/people?job=resident&limit=1'))[0]?.id ?? 1);
  if (done.includes('SOON')) done = done.replace('SOON', encodeURIComponent(`${new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10)}T00:00:00+08:00`));
  if (done.includes('DEEP')) done = done.replace('DEEP', JSON.parse(await get(side.server, side.token, `${place}limit=100`)).next);
  return place + done;
}

async function againstSize(engine, sides) {
  const signedIn = {};
  for (const account of ['ops', 'division', 'provider', 'executor'])
    signedIn[account] = await Promise.all(sides.map(async (side) => ({ ...side, token: await signIn(side.server, account) })));
  for (const [place, accounts] of Object.entries(PLACES))
    for (const account of accounts) await compareCosts(`${place}, as ${account}`, engine, ...signedIn[account].map((side) => ({ ...side, place })));
  for (const [resource, queries] of Object.entries(LISTS))
    for (const account of LISTED_FOR)
      for (const query of queries) {
        const placed = signedIn[account];
        for (const side of placed) side.place = await concrete(side, resource, query);
        await compareCosts(`${resource} ?${query}, as ${account}`, engine, ...placed);
      }
}

// ---- the clock ----

const TICK_MS = 2000;
const WAIT_MS = 50; // at the worst, for the transaction that runs and the next one, which comes along
const DUE = [4000, 100000]; // become overdue at once; a million over a year's working days are 4,000 a day

// Past the server, as the store's owner.
const sql = (store, statement) => (store.db === 'sqlite'
  ? run('sqlite3', '-bail', '-cmd', '.timeout 60000', store.place, statement)
  : run('psql', '-qAt', '-v', 'ON_ERROR_STOP=1', '-d', store.db, '-c', statement)).trim();

const mark = (store, count) => sql(store, `UPDATE duties SET due_at = 1700000000000, next_at = 1700000000001, state = 'open', live = TRUE, level = 0
  WHERE id IN (SELECT id FROM duties WHERE period LIKE 'b%' ORDER BY id LIMIT ${count})`);
const waits = (store) => sql(store, 'SELECT count(*) FROM (SELECT 1 FROM duties WHERE next_at > 0 AND next_at < 1700000000002 LIMIT 1) waiting') !== '0';
const lastEntry = (store) => Number(sql(store, 'SELECT max(id) FROM events'));
// The most duties of one transaction of the clock since that entry: each has its own moment.
const most = (store, entry) => Number(sql(store, `SELECT max(entries) FROM (SELECT count(*) AS entries FROM events WHERE id > ${entry} AND action = 'overdue' GROUP BY at) held`));

let made = 0;
// One small change by the API, which waits for the writer: milliseconds.
async function change(server, token) {
  const began = performance.now();
  made += 1;
  const answer = await fetch(`${server.url}/api/organisations`, { method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: `计时 ${made}`, side: 'provider' }) });
  await answer.arrayBuffer();
  if (answer.status !== 201) throw new Error(`change: ${answer.status}`);
  return performance.now() - began;
}

// Until nothing waits for the clock any more: its milliseconds by the clock and of processor time, and those that the
// longest of its transactions held the writer, by its share of the duties.
async function tick({ server, token, store }, count) {
  mark(store, count);
  const entry = lastEntry(store);
  const [began, used] = [performance.now(), timeOf(server)];
  await change(server, token); // the clock looks whenever somebody has written
  while (waits(store)) await sleep(20);
  const cpu = (timeOf(server) - used) / 1e6;
  return { took: performance.now() - began, cpu, held: cpu * most(store, entry) / count };
}

// Changes one after the other meanwhile, or as many without the clock: how long each took.
async function beside(side, count) {
  const times = [];
  if (count) mark(side.store, count);
  do {
    for (let i = 0; i < 10; i++) times.push(await change(side.server, side.token));
  } while (count ? waits(side.store) : times.length < 200);
  return times.sort((a, b) => a - b);
}

const ms = (number) => `${number.toFixed(number < 10 ? 1 : 0)} ms`;

async function againstTheClock(engine, side) {
  const alone = await beside(side, 0);
  for (const count of DUE) {
    const { took, cpu, held } = await tick(side, count);
    const many = count.toLocaleString('en');
    note(`tick: ${many} of a million become overdue`, engine, '', `${ms(cpu)} of processor`, `${ms(took)} by the clock`, `< ${TICK_MS} ms`, cpu < TICK_MS);
    note('its longest transaction', engine, '', `${ms(held)} of processor`, '', `< ${WAIT_MS / 2} ms`, held < WAIT_MS / 2);
    const times = await beside(side, count);
    note(`a change beside it, the longest of ${times.length}`, engine, `${ms(alone.at(-1))} without it`, ms(times.at(-1)), `median ${ms(median(times))}, without it ${ms(median(alone))}`,
      `< ${WAIT_MS} ms`, times.at(-1) < WAIT_MS);
  }
}

// ---- all ----

async function compare(engine, smallStore, largeStore) {
  const sides = [];
  for (const [store, count] of [[smallStore, SMALL], [largeStore, LARGE]]) {
    run(path.join(ROOT, 'bench/fill'), String(count), store.place, 'duties.sql');
    sides.push({ store, words: WORDS[count], server: await product(PORT + sides.length, store) });
  }
  if (options.part !== 'clock') await againstSize(engine, sides);
  if (options.part !== 'size') {
    sides[1].token = await signIn(sides[1].server, 'ops');
    await againstTheClock(engine, sides[1]);
  }
  for (const { server } of sides) await stop(server);
}

async function main() {
  build();
  const wants = (what) => !options.only || options.only === what;
  if (wants('sqlite')) await compare('sqlite', makeStore(SMALL, 'sqlite'), makeStore(LARGE, 'sqlite'));
  if (wants('postgres'))
    await withPostgres((server) => compare('postgres', makePostgres(SMALL, server), makePostgres(LARGE, server)));
}

await measure(main);

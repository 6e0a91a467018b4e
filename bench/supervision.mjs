// SPDX-License-Identifier: AGPL-3.0-or-later
// What it costs to look at the supervision of a thousand projects, and to evaluate all their contracts. bench/README.md says what.
//
//     node bench/supervision.mjs [--build DIR] [--projects 1000] [--rounds 5] [--only sqlite|postgres]
import path from 'node:path';
import { ROOT, PORT, ROUNDS, options, run, stop, product, timeOf, signIn, makeStore, makePostgres, median, note, get, measure, withPostgres, build } from './common.mjs';

process.env.LUYUE_DEMO_CALLS = '0'; // a demo world without calls, which are measured by records.mjs
const PROJECTS = Number(options.projects);
const DASHBOARD_MS = 300;
const EVALUATE_MS = 5000;
const MATRIX_MS = 100;
const FLAT = 1.3;
// All that can be measured, and nothing by hand.
const MEASURES = ['contract.inspected', 'contract.rectified', 'contract.complaints', 'contract.solved', 'contract.duties', 'contract.subcontracting'];
const INDICATORS = JSON.stringify(MEASURES.map((measure, i) => ({ code: `i${i}`, name: `指标 ${i + 1}`, measure, nothing: 'full',
  weight: i < 4 ? '17.00' : '16.00', method: 'banded', bands: '80=100, 60=50' })));

function fill(store) {
  run(path.join(ROOT, 'bench/fill'), String(PROJECTS), store.place, 'supervision.sql');
  const scheme = `UPDATE schemes SET indicators = '${INDICATORS}' WHERE subject = 'contract'`;
  if (store.db === 'sqlite') run('sqlite3', '-bail', store.place, scheme);
  else run('psql', '-q', '-v', 'ON_ERROR_STOP=1', '-d', store.db, '-c', scheme);
}

async function call(server, token, method, place, body) {
  const answer = await fetch(`${server.url}/api${place}`, { method, body: body && JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } });
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`${place}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

// Milliseconds by the clock, the median of so many.
async function timed(server, token, place, rounds = ROUNDS * 4) {
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await get(server, token, place);
    times.push(performance.now() - began);
  }
  return median(times);
}

async function within(server, token, engine, what, place, most) {
  const ms = await timed(server, token, place);
  note(what, engine, place, `${ms.toFixed(1)} ms`, '', `≤ ${most} ms`, ms <= most);
}

// The cursor of a page in the middle of a list by id.
async function flat(server, token, engine, list, filter = '') {
  const { items: [newest] } = JSON.parse(await get(server, token, `/api/${list}?sort=-id&limit=1${filter}`));
  const deep = `/api/${list}?sort=-id&after=${Math.floor(newest.id / 2)}${filter}`, first = `/api/${list}?sort=-id${filter}`;
  const ratios = [], firsts = [], deeps = [];
  for (let round = 0; round < ROUNDS; round++) {
    firsts.push(await timed(server, token, first, 10));
    deeps.push(await timed(server, token, deep, 10));
    ratios.push(deeps.at(-1) / firsts.at(-1));
  }
  note(`list ${list}${filter}, half of it before the page`, engine, `${median(firsts).toFixed(2)} ms at its begin`, `${median(deeps).toFixed(2)} ms`, median(ratios).toFixed(2), `≤ ${FLAT}`, median(ratios) <= FLAT);
}

// The sums are counted by the program's clock, once after it was filled; who signs in meanwhile waits for it.
async function recounted(server, token, engine) {
  for (;;) {
    const { months } = JSON.parse(await get(server, token, '/api/dashboard'));
    if (months.every(({ planned }) => planned >= PROJECTS * 40)) break;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  note(`count all sums once more, ${PROJECTS * 400} inspections of 25 items`, engine, '', `${Math.round(timeOf(server) / 1e6)} ms of processor, ${Math.round(performance.now() - server.began)} by the clock`, '', 'once', true);
}

// The campaign of the last month: its drafts, worked out together, and then some of them alone.
async function evaluate(server, token, engine) {
  const { items } = JSON.parse(await get(server, token, '/api/evaluation_campaigns?state=open&sort=-id'));
  const campaign = items.find(({ subject }) => subject === 'contract');
  const opening = timeOf(server), opened = performance.now();
  await call(server, token, 'POST', `/evaluation_campaigns/${campaign.id}/open`);
  const took = (timeOf(server) - opening) / 1e6;
  note('open the evaluation of all contracts of a month, and work all out', engine, `${PROJECTS * 5} drafts`, `${Math.round(took)} ms of processor, ${Math.round(performance.now() - opened)} by the clock`, '', `≤ ${EVALUATE_MS} ms`, took <= EVALUATE_MS);
  const again = timeOf(server), worked = performance.now();
  await call(server, token, 'POST', `/evaluation_campaigns/${campaign.id}/work_out`);
  const took_again = (timeOf(server) - again) / 1e6;
  note('work all of them out again', engine, '', `${Math.round(took_again)} ms of processor, ${Math.round(performance.now() - worked)} by the clock`, '', `≤ ${EVALUATE_MS} ms`, took_again <= EVALUATE_MS);
  const SAMPLE = 50;
  const { items: drafts } = JSON.parse(await get(server, token, `/api/evaluations?campaign_id=${campaign.id}&limit=${SAMPLE}`));
  const began = timeOf(server), since = performance.now();
  for (const { id } of drafts) await get(server, token, `/api/evaluations/${id}`);
  const each = (timeOf(server) - began) / 1e6 / drafts.length, clock = (performance.now() - since) / drafts.length;
  note(`look at one of them (the mean of ${drafts.length})`, engine, '', `${each.toFixed(2)} ms of processor, ${clock.toFixed(2)} by the clock`, '', '', true);
}

async function measureOn(engine, store) {
  fill(store);
  const server = await product(PORT, store);
  const ops = await signIn(server, 'ops');
  await recounted(server, ops, engine);
  const { divisions, projects } = JSON.parse(await get(server, ops, '/api/dashboard'));
  const division = divisions.sort((a, b) => b.projects - a.projects)[0].unit_id;
  const project = projects.find(({ division_id }) => division_id === division).unit_id;
  await within(server, ops, engine, `board of ${PROJECTS} projects as JSON`, '/api/dashboard', DASHBOARD_MS);
  await within(server, ops, engine, 'the same as page', '/dashboard', DASHBOARD_MS);
  await within(server, ops, engine, 'board of a division', `/dashboard?unit=${division}`, DASHBOARD_MS);
  await within(server, ops, engine, 'board of a project', `/dashboard?unit=${project}`, DASHBOARD_MS);
  await within(server, ops, engine, 'area matrix of a project', `/areas/matrix?unit_id=${project}`, MATRIX_MS);
  await within(server, ops, engine, 'ranking of providers', '/evaluation_ranking', DASHBOARD_MS);
  for (const list of ['inspections', 'inspection_tasks', 'rectifications', 'evaluations', 'settlements', 'deduction_events', 'duties', 'areas'])
    await flat(server, ops, engine, list);
  await flat(server, ops, engine, 'rectifications', '&state=closed');
  await flat(server, ops, engine, 'inspections', `&unit_id_under=${division}`);
  await evaluate(server, ops, engine);
  await stop(server);
}

await measure(async () => {
  build();
  if (options.only !== 'postgres') await measureOn('sqlite', makeStore(0, 'sqlite'));
  if (options.only !== 'sqlite') await withPostgres(async (server) => measureOn('postgres', makePostgres(0, server)));
});

// SPDX-License-Identifier: AGPL-3.0-or-later
// What a million open duties cost: the home page beside one with a thousand, and the clock while somebody writes.
//
//     LUYUE_BINARY=build/luyue [LUYUE_TEST_PG=postgres://…] node bench/duties.mjs [--large 1000000] [--seconds 3] [--rounds 5]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { newWorld } from '../tests/world.js';

const { values } = parseArgs({
  options: {
    large: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
  },
});
const SMALL = 1000;
const DUE = 2000; // become overdue at once
const ACCOUNTS = ['ops', 'division', 'pm', 'executor'];
const PAGES = ['/', '/api/tasks'];
const FILL = fs.readFileSync(new URL('duties.sql', import.meta.url), 'utf8').replace(/^--.*\n/gm, '');
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const judged = (value, fits) => `${value}${fits ? '' : ' **missed**'}`;

async function filled(count) {
  const world = await newWorld().start();
  await world.halt();
  world.sql(FILL.replace('COUNT', count).replaceAll('NOW', Date.now()));
  if (world.db.url !== 'sqlite') world.sql('ANALYZE');
  return world.start();
}

// Requests per second.
function load(world, path, token) {
  const key = path.startsWith('/api/') ? `Authorization: Bearer ${token}` : `Cookie: luyue=${token}`;
  const run = spawnSync('wrk', ['-t1', '-c16', `-d${values.seconds}s`, '-H', key, world.url + path], { encoding: 'utf8' });
  if (/Non-2xx|Socket errors/.test(run.stdout)) throw new Error(run.stdout);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(run.stdout)[1]);
}

async function comparePages(small, large) {
  console.log(`| page | account | requests/s at ${SMALL} | at ${values.large} | cost, ≤ 1.3 |\n|---|---|---|---|---|`);
  for (const account of ACCOUNTS) {
    const [few, many] = await Promise.all([small, large].map(async (world) => {
      const client = await world.signIn(account);
      const { items } = (await client.get('/tasks')).body;
      if (items.length !== 50) throw new Error(`${account} has ${items.length} duties on the page`);
      return { world, token: client.token };
    }));
    for (const path of PAGES) {
      const rates = [];
      for (let round = 0; round < Number(values.rounds); round += 1)
        rates.push([few, many].map(({ world, token }) => load(world, path, token)));
      const cost = median(rates.map(([fast, slow]) => fast / slow));
      console.log(`| ${path} | ${account} | ${Math.round(median(rates.map((rate) => rate[0])))} | ${Math.round(median(rates.map((rate) => rate[1])))} | ${judged(cost.toFixed(2), cost <= 1.3)} |`);
    }
  }
}

// Seconds of processor time so far.
function worked(world) {
  const fields = fs.readFileSync(`/proc/${world.process.pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// How long it takes until nothing waits for the clock any more, and one change by the API beside it at the most: a
// change waits for the writer.
async function clock(world) {
  await world.halt();
  world.sql(`UPDATE duties SET due_at = 1700000000000, next_at = 1700000000001 WHERE id IN (SELECT id FROM duties WHERE period LIKE 'b%' ORDER BY id LIMIT ${DUE})`);
  await world.start();
  const began = performance.now();
  const ops = await world.signIn('ops');
  const late = async () => (await ops.get('/duties?sort=due_at&due_at_to=2023-11-16T00:00:00%2B08:00&state=open&limit=1')).body.items.length;
  let longest = 0;
  for (let i = 0; await late(); i += 1) {
    const start = performance.now();
    const reply = await ops.post('/organisations', { name: `计时 ${i}`, side: 'provider' });
    if (reply.status !== 201) throw new Error(reply.text);
    longest = Math.max(longest, performance.now() - start);
  }
  const took = performance.now() - began;
  console.log(`\n${DUE} duties became overdue in ${judged(`${Math.round(took)} ms`, took < 2000)} (< 2000 ms) after the start, `
    + `${worked(world)} s of processor time since then; the longest change beside it took ${judged(`${Math.round(longest)} ms`, longest < 50)} (< 50 ms).`);
}

const small = await filled(SMALL);
const large = await filled(Number(values.large));
try {
  await comparePages(small, large);
  await clock(large);
} finally {
  await small.stop();
  await large.stop();
}

// SPDX-License-Identifier: AGPL-3.0-or-later
// What records of calls cost to take in, to find and to add up, against the limit. One table with targets and verdicts;
// bench/README.md says what.
//
//     node bench/records.mjs [--build DIR] [--only sqlite|postgres|http] [--millions 20] [--port 18400]
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { ROOT, PORT, options, scratch, run, stop, product, timeOf, memory, mib, signIn, makeStore, get, note, measure, withPostgres, build } from './common.mjs';

const MILLIONS = Number(options.millions);
const RECORDS = path.join(options.build, 'bench/records');
const rate = (number) => `${(Math.round(number / 1000) * 1000).toLocaleString('en')}/s`;

function inProcess(url, millions) {
  const folder = fs.mkdtempSync(path.join(scratch, 'records-'));
  const text = run(RECORDS, folder, url, String(millions));
  fs.rmSync(folder, { recursive: true });
  return JSON.parse(text.slice(text.indexOf('{"rows"')));
}

function noteRatio(what, engine, limit, ours, target, words = rate) {
  note(what, engine, words(limit), words(ours), (ours / limit).toFixed(2), `≥ ${target}`, ours / limit >= target);
}

function noteMost(what, engine, ours, most, unit) {
  note(what, engine, '', `${ours} ${unit}`, '', `≤ ${most} ${unit}`, ours <= most);
}

// ---- in one process ----

const us = (number) => `${Math.round(number)} µs`;
function notePages(engine, small, large) {
  for (const [what, name] of [['by agent and day', 'agent_us'], ['by number called and day', 'callee_us']])
    note(`list of 50 ${what}, 1 and ${MILLIONS} million`, engine, us(small[name]), us(large[name]), (large[name] / small[name]).toFixed(2), '≤ 1.3',
      large[name] / small[name] <= 1.3);
}

function sqlite() {
  const small = inProcess('sqlite', 1), large = inProcess('sqlite', MILLIONS);
  noteRatio('batches of 10,000, of processor', 'sqlite', large.bare, large.first, 0.55);
  noteRatio('batches of 10,000, by the clock', 'sqlite', large.bare_clock, large.first_clock, 0.55);
  noteRatio(`million ${MILLIONS} against the first, of processor`, 'sqlite', large.first, large.last, 0.9);
  noteMost('bytes of the file for a record', 'sqlite', large.bytes, 110, 'B');
  noteMost('bytes written for a record', 'sqlite', large.written, 300, 'B');
  notePages('sqlite', small, large);
  note('a month of 10,000 agents, limit: a step over the roll-ups', 'sqlite', `${large.step_ms} ms`, `${large.figures_ms} ms`,
    (large.figures_ms / large.step_ms).toFixed(2), '≤ 2', large.figures_ms / large.step_ms <= 2);
  return large;
}

function postgres(server) {
  const database = (name) => {
    run('psql', '-q', '-d', server, '-c', `CREATE DATABASE ${name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'`);
    return server.replace('/postgres?', `/${name}?`);
  };
  const most = Math.min(10, MILLIONS);
  const small = inProcess(database('one'), 1), large = inProcess(database('many'), most);
  noteRatio('batches of 10,000 with roll-ups, limit without', 'postgres', large.bare_clock, large.first_clock, 0.8);
  noteRatio(`million ${most} against the first`, 'postgres', large.first_clock, large.last_clock, 0.9);
  notePages('postgres', small, large);
}

// ---- over HTTP ----

const SENDERS = 8, ROWS = 1000, BODIES = 400;

function body(contract, agents, caller, day, number) {
  const lines = [];
  for (let i = 0; i < ROWS; i++) {
    const n = number * ROWS + i; // a hundred calls begin in a second
    const at = new Date(Date.parse(`${day}T09:00:00+08:00`) + n * 10).toISOString();
    lines.push(JSON.stringify({ source: 'bench', uid: `n${n}`, contract, agent: agents[n % agents.length], caller, callee: `139${String(n % 1e8).padStart(8, '0')}`,
      started_at: at, duration_s: 20 + n % 60, talk_s: 1 + n % 19, result: ['success', 'contacted', 'no_answer', 'busy'][n % 4] }));
  }
  return Buffer.from(lines.join('\n'));
}

function post(server, token, agent, bytes) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, path: '/api/calls', method: 'POST', agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson', 'content-length': bytes.length } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const reply = JSON.parse(Buffer.concat(parts));
        if (reply.accepted === ROWS) resolve();
        else reject(new Error(`${answer.statusCode} ${JSON.stringify(reply).slice(0, 300)}`));
      });
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

async function batches(server, token, contract, agents, caller, day) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: SENDERS });
  const bodies = Array.from({ length: BODIES }, (_, number) => body(contract, agents, caller, day, number));
  const before = timeOf(server), began = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: SENDERS }, async () => { while (next < BODIES) await post(server, token, agent, bodies[next++]); }));
  const clock = (performance.now() - began) / 1000, processor = (timeOf(server) - before) / 1e9;
  agent.destroy();
  return { processor: BODIES * ROWS / processor, clock: BODIES * ROWS / clock };
}

// The most memory of its own that the server has while it writes the calls until then into a file.
async function exportPeak(server, token, format, day, until) {
  let peak = 0;
  const look = setInterval(() => { peak = Math.max(peak, memory(server, 'RssAnon')); }, 10);
  const answer = await fetch(`${server.url}/api/calls/export?format=${format}&started_at_from=${day}T09:00:00%2B08:00&started_at_to=${day}T${until}%2B08:00`,
    { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  let bytes = 0;
  for await (const part of answer.body) bytes += part.length;
  clearInterval(look);
  if (answer.status !== 200) throw new Error(`export: ${answer.status}`);
  return { peak, bytes };
}

async function exports(server, token, day) {
  await exportPeak(server, token, 'csv', day, '23:59:59'); // meanwhile the hours that just came are sorted
  for (const format of ['csv', 'xlsx']) {
    const few = await exportPeak(server, token, format, day, '09:06:39'), all = await exportPeak(server, token, format, day, '23:59:59');
    const growth = (all.peak - few.peak) / 2 ** 20;
    note(`memory of an export of ${BODIES / 10},000 and of ${BODIES},000 calls, ${format}`, 'sqlite', mib(few.peak), `${mib(all.peak)} (${mib(all.bytes)} sent)`,
      `${growth.toFixed(1)} MiB more`, '≤ 8 MiB more', growth <= 8);
  }
}

async function overHttp(limit) {
  const store = makeStore(0, 'sqlite');
  const server = await product(PORT, store);
  const token = await signIn(server, 'provider');
  const [contract] = JSON.parse(await get(server, token, '/api/contracts?service=outbound_call&state=active')).items;
  const agents = JSON.parse(await get(server, token, `/api/agents?contract_id=${contract.id}&state=active&limit=200`)).items.map(({ code }) => code);
  const { items: permitted } = JSON.parse(await get(server, token, `/api/number_permissions?contract_id=${contract.id}&state=active`));
  const caller = permitted.find(({ to }) => !to).shown;
  const day = new Date(Date.now() - 86400000 + 8 * 3600000).toISOString().slice(0, 10);
  const many = await batches(server, token, contract.number, agents, caller, day);
  noteRatio(`NDJSON, ${SENDERS} senders of ${ROWS} rows, of processor`, 'sqlite', limit.bare, many.processor, 0.35);
  noteRatio(`NDJSON, ${SENDERS} senders of ${ROWS} rows, by the clock`, 'sqlite', limit.bare_clock, many.clock, 0.35);
  const text = run('env', `TOKEN=${token}`, `CONTRACT=${contract.number}`, `AGENT=${agents[0]}`, `CALLER=${caller}`, `DAY=${day}`, 'taskset', '-c', '1', 'wrk', '-t1', '-c64',
    `-d${options.seconds}s`, '-s', path.join(ROOT, 'bench/records.lua'), server.url);
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(text);
  const single = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
  note('a row a request, 64 senders, limit: a transaction each', 'sqlite', `${Math.round(limit.single)}/s`, `${Math.round(single)}/s`,
    (single / limit.single).toFixed(1), '≥ 6', single / limit.single >= 6);
  await exports(server, await signIn(server, 'ops'), day);
  await stop(server);
}

build('bench/records');
await measure(async () => {
  let limit;
  if (!options.only || options.only === 'sqlite') limit = sqlite();
  if (!options.only || options.only === 'http') await overHttp(limit ?? inProcess('sqlite', 1));
  if (!options.only || options.only === 'postgres') await withPostgres(async (server) => postgres(server));
});

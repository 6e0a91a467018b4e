// SPDX-License-Identifier: AGPL-3.0-or-later
// What the benchmarks share: the command line, servers on a core of their own and their processor time, stores, and
// the table of results.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: {
    build: { type: 'string', default: path.join(ROOT, 'build') },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    part: { type: 'string', default: '' },
    port: { type: 'string', default: '18400' },
    millions: { type: 'string', default: '20' },
    people: { type: 'string', default: '10000' },
    raw: { type: 'string', default: '0' },
    projects: { type: 'string', default: '1000' },
    photos: { type: 'string', default: '10000' },
  },
});
const ROUNDS = Number(options.rounds);
const LUYUE = path.join(options.build, 'luyue');
const BARE = path.join(options.build, 'bench/bare');
const PORT = Number(options.port);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-bench-'));
fs.chmodSync(scratch, 0o755); // PostgreSQL's own user looks into it

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

function run(command, ...args) {
  const done = spawnSync(command, args, { encoding: 'utf8', cwd: ROOT, maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

// ---- servers ----

const running = new Set();

async function start(port, command, ...args) {
  const server = spawn('taskset', ['-c', '0', command, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  server.port = port;
  server.url = `http://127.0.0.1:${port}`;
  server.began = performance.now();
  running.add(server);
  while (server.exitCode === null) {
    const answer = await fetch(`${server.url}/healthz`).catch(() => null);
    if (answer) {
      await answer.arrayBuffer();
      server.startMs = performance.now() - server.began;
      return server;
    }
    await sleep(1);
  }
  throw new Error(`${command} ${args.join(' ')} did not start`);
}

async function stop(server) {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
  running.delete(server);
}

const product = (port, store) =>
  start(port, LUYUE, 'serve', '--data', store.data, '--db', store.db, '--listen', `127.0.0.1:${port}`);

// Nanoseconds of processor time of a process and all its threads until now.
function processorTime(pid) {
  const folder = `/proc/${pid}/task`;
  try {
    return fs.readdirSync(folder).reduce((sum, thread) => sum + Number(fs.readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]), 0);
  } catch {
    return 0; // it has ended meanwhile
  }
}

// What a database server's processes have used; they stay for as long as the connections do.
let databaseFolder = null;
function databaseTime() {
  if (!databaseFolder) return 0;
  const parent = fs.readFileSync(`${databaseFolder}/data/postmaster.pid`, 'utf8').split('\n')[0];
  return run('ps', '--ppid', parent, '-o', 'pid=').trim().split(/\s+/).reduce((sum, pid) => sum + processorTime(pid), 0);
}

const timeOf = (server) => processorTime(server.pid) + databaseTime();

// Until what was done before has no more to follow: its notices, sums and snapshots.
const IDLE_MS = 300, IDLE_NS = 15e6;
async function idle(server) {
  for (let before = timeOf(server); ; ) {
    await sleep(IDLE_MS);
    const now = timeOf(server);
    if (now - before < IDLE_NS) return;
    before = now;
  }
}

// "VmRSS", or "RssAnon" without the pages of mapped files, in bytes.
function memory(server, what) {
  const status = fs.readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)[1]) * 1024;
}

async function signIn(server, account) {
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password: 'Luyue-demo-1' }),
  });
  if (answer.status !== 200) throw new Error(`sign-in of ${account}: ${answer.status}`);
  return (await answer.json()).token;
}

// ---- stores ----

function makeStore(count, db, name = `data-${count}-${db === 'sqlite' ? 'sqlite' : 'postgres'}`) {
  const store = { data: path.join(scratch, name), db };
  run(LUYUE, 'demo', '--data', store.data, '--db', db);
  if (count) run(path.join(ROOT, 'bench/fill'), String(count), db === 'sqlite' ? `${store.data}/luyue.db` : db);
  store.place = db === 'sqlite' ? `${store.data}/luyue.db` : db;
  return store;
}

function makePostgres(count, server) {
  const name = `luyue_${count}`;
  run('psql', '-q', '-d', server, '-c', `CREATE DATABASE ${name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'`);
  return makeStore(count, server.replace('/postgres?', `/${name}?`));
}

// ---- results ----

const results = [];
function note(...words) {
  const row = [...words.slice(0, -1), words.at(-1) ? 'reached' : '**missed**'];
  results.push(row);
  console.error(row.join(' | '));
}

function printResults() {
  const head = ['what', 'store', 'limit', 'product', 'measured', 'target', 'verdict'];
  for (const row of [head, head.map(() => '---'), ...results]) console.log(`| ${row.join(' | ')} |`);
}

// ---- requests, one after the other ----

const COST_MOST = 1.3;
const REQUESTS = 40;
const REQUESTS_MS = 500; // a slow list is asked less often
const keepAlive = new http.Agent({ keepAlive: true });

// A page or (/api/…) its document, as the one whose token it is.
function get(server, token, place) {
  return new Promise((resolve, reject) => {
    const headers = place.startsWith('/api/') ? { authorization: `Bearer ${token}` } : { cookie: `luyue=${token}` };
    const request = http.get({ host: '127.0.0.1', port: server.port, path: place, agent: keepAlive, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => answer.statusCode === 200 ? resolve(Buffer.concat(parts).toString()) : reject(new Error(`${place}: ${answer.statusCode} ${parts}`)));
    });
    request.on('error', reject);
  });
}

// Microseconds of processor time of a request.
async function cost(server, token, place) {
  const before = timeOf(server);
  const began = performance.now();
  let asked = 0;
  for (; asked < REQUESTS && performance.now() - began < REQUESTS_MS; asked++) await get(server, token, place);
  return (timeOf(server) - before) / asked / 1000;
}

// The same request on a small and on a large store: {server, token, place, words} each.
async function compareCosts(what, engine, small, large) {
  const sides = [small, large];
  for (const side of sides) {
    side.costs = [];
    await get(side.server, side.token, side.place);
  }
  for (let round = 0; round < ROUNDS; round++)
    for (const side of sides) side.costs.push(await cost(side.server, side.token, side.place));
  const growth = median(large.costs.map((at, round) => at / small.costs[round]));
  const shown = (side) => `${Math.round(median(side.costs))} µs at ${side.words}`;
  note(what, engine, shown(small), shown(large), growth.toFixed(2), `≤ ${COST_MOST}`, growth <= COST_MOST);
}

// Whatever happens, no server and no store stays behind.
async function measure(main) {
  try {
    await main();
    printResults();
  } finally {
    for (const server of running) server.kill();
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

// PostgreSQL of one's own while `work` runs, which gets its URL.
async function withPostgres(work) {
  const folder = path.join(scratch, 'pg');
  const server = run('tools/pg-temp', 'start', folder).trim();
  databaseFolder = folder;
  try {
    await work(server);
  } finally {
    databaseFolder = null;
    run('tools/pg-temp', 'stop', folder);
  }
}

// The release build, with what benchmarks need.
function build(...also) {
  run('tools/setup', 'bench');
  if (!fs.existsSync(path.join(options.build, 'build.ninja'))) run('meson', 'setup', options.build, '--buildtype=release');
  run('ninja', '-C', options.build, 'luyue', 'bench/bare', ...also);
}

export { ROOT, ROUNDS, LUYUE, BARE, PORT, COST_MOST, options, scratch, median, mib, run, running, start, stop, product, processorTime, timeOf, idle, memory, signIn,
  makeStore, makePostgres, note, get, compareCosts, measure, withPostgres, build };

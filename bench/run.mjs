// SPDX-License-Identifier: AGPL-3.0-or-later
// Measures the product against the bare handler of bare.c, in the same run.
//
//     node bench/run.mjs [--build DIR] [--rounds 5] [--seconds 3] [--only sqlite|postgres|program]
//
// The servers are pinned to the first core, wrk to the second. What is compared runs alternately,
// round by round, and medians are taken: other work on the machine then moves both.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
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
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const ROUNDS = Number(options.rounds);
const LUYUE = path.join(options.build, 'luyue');
const BARE = path.join(options.build, 'bench/bare');
const PORT = 18400;
const SMALL = 1000;
const LARGE = 100000;
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

// "VmRSS" or "VmHWM", in bytes.
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

function makeStore(count, db) {
  const store = { data: path.join(scratch, `data-${count}-${db === 'sqlite' ? 'sqlite' : 'postgres'}`), db };
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

// ---- load ----

const LOADS = [
  { name: 'ledger, 50 as JSON', path: '/api/contracts?state=active', bare: '/list', least: { sqlite: 0.6, postgres: 0.5 } },
  { name: 'ledger, 50 as page', path: '/contracts?state=active', bare: '/list', least: { sqlite: 0.35, postgres: 0.3 } },
  { name: 'one contract as JSON', path: '/api/contracts/ID', bare: '/one?id=ID', least: { sqlite: 0.7, postgres: 0.6 } },
];
const ACCOUNTS = ['ops', 'division'];
const COST_MOST = 1.3;

// Requests per second.
function load(url, token) {
  const key = token ? ['-H', url.includes('/api/') ? `Authorization: Bearer ${token}` : `Cookie: luyue=${token}`] : [];
  const text = run('taskset', '-c', '1', 'wrk', '-t1', '-c64', `-d${options.seconds}s`, ...key, url);
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`${url}\n${text}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
}

async function firstSeen(server, token) {
  const answer = await fetch(`${server.url}/api/contracts?state=active`, { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()).items.at(-1).id;
}

// What is compared: one request on the bare handler, on the large store and on the small one.
async function comparisons(small, large, bare) {
  const all = [];
  for (const account of ACCOUNTS) {
    const sides = [];
    for (const server of [large, small]) {
      const token = await signIn(server, account);
      sides.push({ server, token, id: await firstSeen(server, token) });
    }
    for (const one of LOADS) {
      const [atLarge, atSmall] = sides.map(({ server, token, id }) => ({ url: server.url + one.path.replace('ID', id), token, rates: [] }));
      const atBare = { url: bare.url + one.bare.replace('ID', sides[0].id), rates: [] };
      all.push({ one, account, bare: atBare, large: atLarge, small: atSmall });
    }
  }
  return all;
}

async function compare(engine, small, large) {
  const servers = [
    await product(PORT, small),
    await product(PORT + 1, large),
    await start(PORT + 2, BARE, large.place, String(PORT + 2)),
  ];
  const all = await comparisons(...servers);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { bare, large, small } of all)
      for (const side of [bare, large, small]) side.rates.push(load(side.url, side.token));
    console.error(`${engine}: round ${round + 1} of ${ROUNDS}`);
  }
  for (const server of servers) await stop(server);
  report(engine, all);
}

// ---- reports ----

const judged = (value, fits) => `${value}${fits ? '' : ' **missed**'}`;

function table(head, rows) {
  console.log(`| ${head.join(' | ')} |`);
  console.log(`|${head.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  console.log();
}

// Ratios are taken between neighbours within a round, so that what disturbs one side disturbs both.
function report(engine, all) {
  const ratio = (over, under) => median(over.rates.map((rate, round) => rate / under.rates[round]));
  const rows = all.map(({ one, account, bare, large, small }) => {
    const share = ratio(large, bare);
    const cost = ratio(small, large);
    return [one.name, account, Math.round(median(bare.rates)), Math.round(median(large.rates)),
      judged(share.toFixed(2), share >= one.least[engine]), `≥ ${one.least[engine].toFixed(2)}`,
      judged(cost.toFixed(2), cost <= COST_MOST), `≤ ${COST_MOST}`];
  });
  console.log(`### ${engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'}\n`);
  table(['request', 'account', 'bare req/s', 'product req/s', 'product / bare', 'target', 'cost at 100,000 / at 1,000', 'target'], rows);
}

// ---- the program by itself ----

async function coldStart(store) {
  const times = [];
  let idle = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const server = await product(PORT, store);
    times.push(server.startMs);
    await fetch(`${server.url}/login`).then((answer) => answer.text());
    idle = Math.max(idle, memory(server, 'VmRSS'));
    await stop(server);
  }
  return { ms: median(times), idle };
}

async function exported(store) {
  const server = await product(PORT, store);
  const token = await signIn(server, 'ops');
  await stop(server); // the peak shall be the export's, not that of hashing the password
  const fresh = await product(PORT, store);
  const began = performance.now();
  const answer = await fetch(`${fresh.url}/api/contracts/export?format=xlsx`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  const bytes = (await answer.arrayBuffer()).byteLength;
  if (answer.status !== 200) throw new Error(`export: ${answer.status}`);
  const done = { seconds: (performance.now() - began) / 1000, bytes, peak: memory(fresh, 'VmHWM') };
  await stop(fresh);
  return done;
}

async function program(large) {
  const demo = makeStore(0, 'sqlite');
  const { ms, idle } = await coldStart(demo);
  const size = fs.statSync(LUYUE).size;
  const sheet = await exported(large);
  console.log('### The program\n');
  table(['what', 'measured', 'target'], [
    ['cold start to the first answer, demo world', judged(`${Math.round(ms)} ms`, ms < 300), '< 300 ms'],
    ['memory when idle (RSS)', judged(mib(idle), idle < 40 * 2 ** 20), '< 40 MiB'],
    ['size of the binary', judged(mib(size), size < 12 * 2 ** 20), '< 12 MiB'],
    [`export of 100,000 contracts to XLSX (${mib(sheet.bytes)}, ${sheet.seconds.toFixed(1)} s): peak RSS`, mib(sheet.peak), ''],
  ]);
}

// ---- all ----

async function main() {
  run('tools/setup', 'bench');
  run('ninja', '-C', options.build, 'luyue', 'bench/bare');
  const wants = (what) => !options.only || options.only === what;
  const small = wants('sqlite') ? makeStore(SMALL, 'sqlite') : null;
  const large = wants('sqlite') || wants('program') ? makeStore(LARGE, 'sqlite') : null;
  if (wants('sqlite')) await compare('sqlite', small, large);
  if (wants('postgres')) {
    const server = run('tools/pg-temp', 'start', path.join(scratch, 'pg')).trim();
    try {
      await compare('postgres', makePostgres(SMALL, server), makePostgres(LARGE, server));
    } finally {
      run('tools/pg-temp', 'stop', path.join(scratch, 'pg'));
    }
  }
  if (wants('program')) await program(large);
}

try {
  await main();
} finally {
  for (const server of running) server.kill();
  fs.rmSync(scratch, { recursive: true, force: true });
}

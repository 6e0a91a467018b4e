// SPDX-License-Identifier: AGPL-3.0-or-later
// Measures the product and prints one table with targets and verdicts; bench/README.md says what.
//
//     node bench/run.mjs [--build DIR] [--rounds 5] [--seconds 2] [--only sqlite|postgres|program] [--port 18400]
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
    port: { type: 'string', default: '18400' }, // and the two behind it
  },
});
const ROUNDS = Number(options.rounds);
const LUYUE = path.join(options.build, 'luyue');
const BARE = path.join(options.build, 'bench/bare');
const PORT = Number(options.port);
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

// ---- results ----

const results = [];
const note = (what, engine, limit, product, measured, target, fits) =>
  results.push([what, engine, limit, product, measured, target, fits ? 'reached' : '**missed**']);

function printResults() {
  const head = ['what', 'store', 'limit', 'product', 'measured', 'target', 'verdict'];
  for (const row of [head, head.map(() => '---'), ...results]) console.log(`| ${row.join(' | ')} |`);
}

// ---- against the limit: as many requests as the server answers ----

const LOADS = [
  { name: 'ledger, 50 rows as JSON', path: '/api/contracts?state=active', bare: '/list', least: { sqlite: 0.6, postgres: 0.5 } },
  { name: 'ledger, 50 rows as page', path: '/contracts?state=active', bare: '/list', least: { sqlite: 0.35, postgres: 0.3 } },
  { name: 'one contract as JSON', path: '/api/contracts/ID', bare: '/one?id=ID', least: { sqlite: 0.7, postgres: 0.6 } },
];
const ACCOUNTS = ['ops', 'division'];

function load(server, path, token, into) {
  const key = token ? ['-H', path.startsWith('/api/') ? `Authorization: Bearer ${token}` : `Cookie: luyue=${token}`] : [];
  const before = timeOf(server);
  const text = run('taskset', '-c', '1', 'wrk', '-t1', '-c64', `-d${options.seconds}s`, ...key, server.url + path);
  const used = timeOf(server) - before;
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`${path}\n${text}`);
  into.rates.push(Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]));
  into.costs.push(used / Number(/(\d+) requests in/.exec(text)[1]) / 1000);
}

async function againstLimit(engine, server, bare) {
  const pairs = [];
  for (const account of ACCOUNTS) {
    const token = await signIn(server, account);
    const { items } = JSON.parse(await get(server, token, '?state=active'));
    for (const one of LOADS)
      pairs.push({ one, account, token, id: items.at(-1).id, bare: { rates: [], costs: [] }, product: { rates: [], costs: [] } });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const pair of pairs) {
      load(bare, pair.one.bare.replace('ID', pair.id), null, pair.bare);
      load(server, pair.one.path.replace('ID', pair.id), pair.token, pair.product);
    }
    console.error(`${engine}: round ${round + 1} of ${ROUNDS}`);
    await sleep(10); // what the server ended meanwhile is noticed before it is used again
  }
  for (const { one, account, bare: atBare, product: atProduct } of pairs) {
    const share = median(atBare.costs.map((cost, round) => cost / atProduct.costs[round]));
    const rates = median(atProduct.rates.map((rate, round) => rate / atBare.rates[round]));
    const least = one.least[engine];
    const side = (one) => `${Math.round(median(one.rates))}/s, ${Math.round(median(one.costs))} µs`;
    note(`${one.name}, as ${account}`, engine, side(atBare), side(atProduct), `${share.toFixed(2)} (by rate ${rates.toFixed(2)})`, `≥ ${least.toFixed(2)}`, share >= least);
  }
}

// ---- against the size: the same request on a small and on a large ledger ----

const COST_MOST = 1.3;
const LISTS = ['', 'state=active', 'service=cleaning', 'service=greening', 'briefing=signed', 'briefing=missing', 'kind=one_off',
  'executor_id=EXECUTOR', 'provider_id=7', 'unit_id=8', 'state=active,suspended', 'ends_on_from=2027-02-01', 'sort=ends_on', 'sort=-amount_fen',
  'sort=ends_on&service=greening', 'sort=ends_on&state=draft', 'ends_on_to=2026-12-31', 'after=DEEP', 'sort=ends_on&after=DEEP',
  'q=日常', 'q=1000777'];
const REQUESTS = 40;
const REQUESTS_MS = 500; // a slow list is asked less often
const keepAlive = new http.Agent({ keepAlive: true });

function get(server, token, query) {
  return new Promise((resolve, reject) => {
    const path = `/api/contracts${query}`;
    const request = http.get({ host: '127.0.0.1', port: server.port, path, agent: keepAlive, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => answer.statusCode === 200 ? resolve(Buffer.concat(parts).toString()) : reject(new Error(`${path}: ${answer.statusCode} ${parts}`)));
    });
    request.on('error', reject);
  });
}

// The mark behind the first half of a list, which is walked page by page.
async function deepMark(server, token, query, count) {
  let mark = null;
  for (let seen = 0; seen < count / 2; seen += 200)
    mark = JSON.parse(await get(server, token, `?limit=200&${query}${mark ? `&after=${encodeURIComponent(mark)}` : ''}`)).next;
  return encodeURIComponent(mark);
}

async function concrete(server, token, list, count) {
  let query = list.replace('q=日常', `q=${encodeURIComponent('日常')}`);
  if (query.includes('EXECUTOR'))
    query = query.replace('EXECUTOR', JSON.parse(await get(server, token, '?limit=1')).items[0].executor_id);
  if (query.includes('DEEP'))
    query = query.replace('DEEP', await deepMark(server, token, query.replace('after=DEEP', ''), count));
  return `?${query}`;
}

async function cost(server, token, query) {
  const before = timeOf(server);
  const began = performance.now();
  let asked = 0;
  for (; asked < REQUESTS && performance.now() - began < REQUESTS_MS; asked++) await get(server, token, query);
  return (timeOf(server) - before) / asked / 1000;
}

async function againstSize(engine, small, large) {
  const sides = [{ server: small, count: SMALL }, { server: large, count: LARGE }];
  for (const account of ACCOUNTS) {
    for (const side of sides) side.token = await signIn(side.server, account);
    for (const list of LISTS) {
      for (const side of sides) {
        side.query = await concrete(side.server, side.token, list, account === 'ops' ? side.count : side.count / 2);
        side.costs = [];
        await get(side.server, side.token, side.query);
      }
      for (let round = 0; round < ROUNDS; round++)
        for (const side of sides) side.costs.push(await cost(side.server, side.token, side.query));
      const [atSmall, atLarge] = sides.map((side) => side.costs);
      const growth = median(atLarge.map((at, round) => at / atSmall[round]));
      note(`list ?${list}, as ${account}`, engine, `${Math.round(median(atSmall))} µs at 1,000`, `${Math.round(median(atLarge))} µs at 100,000`, growth.toFixed(2), `≤ ${COST_MOST}`, growth <= COST_MOST);
    }
  }
}

async function compare(engine, small, large) {
  const atSmall = await product(PORT, small);
  const atLarge = await product(PORT + 1, large);
  const bare = await start(PORT + 2, BARE, large.place, String(PORT + 2));
  await againstLimit(engine, atLarge, bare);
  await againstSize(engine, atSmall, atLarge);
  for (const server of [atSmall, atLarge, bare]) await stop(server);
}

// ---- the program by itself ----

async function coldStart(store) {
  const times = [], costs = [];
  let idle = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const server = await product(PORT, store);
    times.push(server.startMs);
    costs.push(processorTime(server.pid) / 1e6);
    await fetch(`${server.url}/login`).then((answer) => answer.text());
    idle = Math.max(idle, memory(server, 'VmRSS'));
    await stop(server);
  }
  return { ms: median(times), cost: median(costs), idle };
}

async function exported(store) {
  const server = await product(PORT, store);
  const token = await signIn(server, 'ops');
  await stop(server); // the peak shall be the export's, not that of hashing the password
  const fresh = await product(PORT, store);
  let peak = 0;
  const watch = setInterval(() => { peak = Math.max(peak, memory(fresh, 'RssAnon')); }, 20);
  const began = performance.now();
  const answer = await fetch(`${fresh.url}/api/contracts/export?format=xlsx`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  let bytes = 0;
  for await (const part of answer.body) bytes += part.length;
  clearInterval(watch);
  if (answer.status !== 200) throw new Error(`export: ${answer.status}`);
  const done = { seconds: (performance.now() - began) / 1000, bytes, peak };
  await stop(fresh);
  return done;
}

const SHEET_HEAD = '合同编号,合同名称,服务类别,服务种类,项目,供方,供方联系人及电话,签订日期,开始日期,结束日期,合同金额,付款方式,监管执行人,被服务方评价条款';
const sheetRow = (i) => `HT-I-${1000000 + i},第${i}号日常服务合同,长期连续性,保洁,澄江中心,净安保洁服务有限公司,韩立春 139${10000000 + i},2025-03-10,2025-03-20,2027-03-20,${1000000 + i}.50,按月支付,何书琴,业主每季度评价`;

// Processor time of the command that imports `LARGE` rows into the demo world.
function imported(store) {
  const file = path.join(scratch, 'ledger.csv');
  fs.writeFileSync(file, `${SHEET_HEAD}\n${Array.from({ length: LARGE }, (_, i) => sheetRow(i)).join('\n')}\n`);
  // utime and stime of the children that were waited for, in ticks of 10 ms
  const childTime = () => fs.readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ').slice(13, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
  const used = childTime();
  const began = performance.now();
  run(LUYUE, 'import', 'contracts', file, '--data', store.data, '--db', store.db);
  return { seconds: (performance.now() - began) / 1000, cpu: childTime() - used };
}

async function program(small, large) {
  const demo = makeStore(0, 'sqlite');
  const { ms, cost: work, idle } = await coldStart(demo);
  const size = fs.statSync(LUYUE).size;
  note('cold start to the first answer, demo world', 'sqlite', '', `${Math.round(work)} ms of processor`, `${Math.round(ms)} ms by the clock`, '< 300 ms', work < 300);
  note('memory when idle', 'sqlite', '', mib(idle), '', '< 40 MiB', idle < 40 * 2 ** 20);
  note('size of the binary', '', '', mib(size), '', '< 12 MiB', size < 12 * 2 ** 20);
  const few = await exported(small);
  const many = await exported(large);
  note(`XLSX export of 100,000 contracts (${mib(many.bytes)} in ${many.seconds.toFixed(1)} s), peak memory`, 'sqlite', `${mib(few.peak)} at 1,000`, mib(many.peak), (many.peak / few.peak).toFixed(2), `≤ ${COST_MOST}`, many.peak <= COST_MOST * few.peak);
  const { seconds, cpu } = imported(demo);
  note('import of 100,000 contracts', 'sqlite', '', `${cpu.toFixed(1)} s of processor`, `${seconds.toFixed(1)} s by the clock`, '< 20 s', cpu < 20);
}

// ---- all ----

async function main() {
  run('tools/setup', 'bench');
  if (!fs.existsSync(path.join(options.build, 'build.ninja'))) run('meson', 'setup', options.build, '--buildtype=release');
  run('ninja', '-C', options.build, 'luyue', 'bench/bare');
  const wants = (what) => !options.only || options.only === what;
  const embedded = wants('sqlite') || wants('program');
  const small = embedded ? makeStore(SMALL, 'sqlite') : null;
  const large = embedded ? makeStore(LARGE, 'sqlite') : null;
  if (wants('sqlite')) await compare('sqlite', small, large);
  if (wants('postgres')) {
    const folder = path.join(scratch, 'pg');
    const server = run('tools/pg-temp', 'start', folder).trim();
    databaseFolder = folder;
    try {
      await compare('postgres', makePostgres(SMALL, server), makePostgres(LARGE, server));
    } finally {
      databaseFolder = null;
      run('tools/pg-temp', 'stop', folder);
    }
  }
  if (wants('program')) await program(small, large);
  printResults();
}

try {
  await main();
} finally {
  for (const server of running) server.kill();
  fs.rmSync(scratch, { recursive: true, force: true });
}

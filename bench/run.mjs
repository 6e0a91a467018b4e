// SPDX-License-Identifier: AGPL-3.0-or-later
// Measures the product and prints one table with targets and verdicts; bench/README.md says what.
//
//     node bench/run.mjs [--build DIR] [--rounds 5] [--seconds 2] [--only sqlite|postgres|program] [--port 18400]
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROUNDS, LUYUE, BARE, PORT, COST_MOST, options, scratch, median, mib, run, start, stop, product, timeOf, memory, signIn, makeStore,
  makePostgres, note, get, compareCosts, measure, withPostgres, build } from './common.mjs';

const SMALL = 1000;
const LARGE = 100000;

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
    const { items } = JSON.parse(await get(server, token, '/api/contracts?state=active'));
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

const LISTS = ['', 'state=active', 'service=cleaning', 'service=greening', 'briefing=signed', 'briefing=missing', 'kind=one_off',
  'executor_id=EXECUTOR', 'provider_id=7', 'unit_id=8', 'state=active,suspended', 'ends_on_from=2027-02-01', 'sort=ends_on', 'sort=-amount_fen',
  'sort=ends_on&service=greening', 'sort=ends_on&state=draft', 'ends_on_to=2026-12-31', 'after=DEEP', 'sort=ends_on&after=DEEP',
  'q=日常', 'q=1000777'];
// The mark behind the first half of a list, which is walked page by page.
async function deepMark(server, token, query, count) {
  let mark = null;
  for (let seen = 0; seen < count / 2; seen += 200)
    mark = JSON.parse(await get(server, token, `/api/contracts?limit=200&${query}${mark ? `&after=${encodeURIComponent(mark)}` : ''}`)).next;
  return encodeURIComponent(mark);
}

async function concrete(server, token, list, count) {
  let query = list.replace('q=日常', `q=${encodeURIComponent('日常')}`);
  if (query.includes('EXECUTOR'))
    query = query.replace('EXECUTOR', JSON.parse(await get(server, token, '/api/contracts?limit=1')).items[0].executor_id);
  if (query.includes('DEEP'))
    query = query.replace('DEEP', await deepMark(server, token, query.replace('after=DEEP', ''), count));
  return `/api/contracts?${query}`;
}

async function againstSize(engine, small, large) {
  const sides = [{ server: small, count: SMALL, words: '1,000' }, { server: large, count: LARGE, words: '100,000' }];
  for (const account of ACCOUNTS) {
    for (const side of sides) side.token = await signIn(side.server, account);
    for (const list of LISTS) {
      for (const side of sides)
        side.place = await concrete(side.server, side.token, list, account === 'ops' ? side.count : side.count / 2);
      await compareCosts(`list ?${list}, as ${account}`, engine, ...sides);
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
    costs.push(timeOf(server) / 1e6);
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
  build();
  const wants = (what) => !options.only || options.only === what;
  const embedded = wants('sqlite') || wants('program');
  const small = embedded ? makeStore(SMALL, 'sqlite') : null;
  const large = embedded ? makeStore(LARGE, 'sqlite') : null;
  if (wants('sqlite')) await compare('sqlite', small, large);
  if (wants('postgres'))
    await withPostgres((server) => compare('postgres', makePostgres(SMALL, server), makePostgres(LARGE, server)));
  if (wants('program')) await program(small, large);
}

await measure(main);

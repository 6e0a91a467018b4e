// SPDX-License-Identifier: AGPL-3.0-or-later
// Measures the gate against nginx and Redis and prints one table with targets and verdicts; bench/README.md says what.
//
//     node bench/gate.mjs [--build DIR] [--rounds 5] [--seconds 2] [--part speed|paced|swap] [--port 18400]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LUYUE, PORT, ROOT, ROUNDS, build, makeStore, measure, median, memory, mib, note, options, run, running, scratch, signIn, start, stop, timeOf } from './common.mjs';

const CONTRACT = 'HT-2026-0150'; // of the demo world
const CONNECTIONS = 64;
const RATE = 20000;
const SIGN_INS = 8; // a second
const AGENTS = 100000;
const LOAD = path.join(options.build, 'bench/load');
const wants = (part) => !options.part || options.part === part;

// ---- servers ----

// With a place of its own for those who ask: `place`. In the morning: at night the demo's rules refuse.
async function startGate(store, port, place) {
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const server = await start(port, LUYUE, 'serve', '--data', store.data, '--listen', `127.0.0.1:${port}`,
    '--gate', typeof place === 'number' ? `127.0.0.1:${place}` : place, '--clock', `${today}T10:00:00+08:00`);
  server.key = await signIn(server, 'provider');
  return Object.assign(server, { place });
}

// One worker that answers every request with the same bytes, as many as the gate's answer has.
async function startNginx(port) {
  const folder = path.join(scratch, 'nginx');
  fs.mkdirSync(folder);
  const answer = '{"allow":true,"reason":"ok","message":"可以拨打","gate_id":1752000000000000,"caller":"+8657188880001","max_s":7200,"record":true}';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join(' ');
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/errors;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 1000000000; ${temporary}
  server { listen 127.0.0.1:${port}; default_type application/json; location / { return 200 '${answer}'; } } }`);
  return start(port, 'nginx', '-c', path.join(folder, 'nginx.conf'));
}

// A GET of as many bytes.
async function startRedis(port) {
  const server = spawn('taskset', ['-c', '0', 'redis-server', '--port', String(port), '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  running.add(server);
  for (;;) {
    const said = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => socket.write(`SET call ${'x'.repeat(140)}\r\n`));
      socket.on('data', (bytes) => { resolve(String(bytes)); socket.end(); });
      socket.on('error', () => resolve(''));
    });
    if (said.startsWith('+OK')) return server;
    await sleep(20);
  }
}

// ---- loads ----

// What bench/load found, with the processor time that the server took for each request; the gate's decisions are in the
// database by then.
async function load(server, peer, place, { seconds = Number(options.seconds), rate = 0, settle = 0, agents = [1001, 10] } = {}) {
  const before = timeOf(server);
  const words = [peer, String(place), String(seconds), String(CONNECTIONS), String(rate), server.key ?? '', CONTRACT, ...agents.map(String)];
  const child = spawn('taskset', ['-c', '1', LOAD, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes) => { text += bytes; });
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`load ${words.join(' ')} ended with ${status}`);
  if (settle) await sleep(settle);
  const result = JSON.parse(text);
  if (result.refused) throw new Error(`load ${words.join(' ')}: ${result.refused} were refused`);
  const idle = (server.idle ?? 0) * (seconds + settle / 1000);
  result.cost = (timeOf(server) - before - idle) / result.answered / 1000;
  return result;
}

// What its workers use in a second while nobody asks is not the requests'.
async function measureIdle(server) {
  const seconds = 5;
  const before = timeOf(server);
  await sleep(seconds * 1000);
  server.idle = (timeOf(server) - before) / seconds;
}

const FOLDED_MS = 2500; // the journal is folded every second
const micro = (us) => (us < 1000 ? `${us.toFixed(us < 20 ? 1 : 0)} µs` : `${(us / 1000).toFixed(1)} ms`);

// ---- as fast as it goes ----

async function speed(gate, local, nginx, redis) {
  const sides = {
    nginx: { ask: () => load(nginx, 'same', nginx.port) },
    gate: { ask: () => load(gate, 'gate', gate.place, { settle: FOLDED_MS }) },
    socket: { ask: () => load(local, 'gate', local.place, { settle: FOLDED_MS }) },
    redis: { ask: () => load(redis, 'redis', PORT + 2) },
  };
  for (const side of Object.values(sides)) side.runs = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of Object.values(sides)) side.runs.push(await side.ask());
    console.error(`round ${round + 1} of ${ROUNDS}`);
  }
  const shown = ({ runs }) => `${median(runs.map(({ cost }) => cost)).toFixed(1)} µs, ${Math.round(median(runs.map(({ rate }) => rate)))}/s`;
  const compare = (what, ours, peer, least) => {
    const share = median(ours.runs.map(({ cost }, round) => peer.runs[round].cost / cost));
    const rates = median(ours.runs.map(({ rate }, round) => rate / peer.runs[round].rate));
    note(what, 'sqlite', shown(peer), shown(ours), `${share.toFixed(2)} (by rate ${rates.toFixed(2)})`, `≥ ${least.toFixed(2)}`, share >= least);
  };
  compare(`gate, ${CONNECTIONS} connections, against nginx`, sides.gate, sides.nginx, 0.7);
  compare('the same against redis GET', sides.gate, sides.redis, 1);
  compare('gate at its Unix socket, against nginx over TCP', sides.socket, sides.nginx, 1.2);
}

// ---- at a rate ----

// People sign in meanwhile, one after the other at even distances.
function signingIn(gate) {
  const tried = [];
  const timer = setInterval(() => tried.push(signIn(gate, 'ops')), 1000 / SIGN_INS);
  return async () => { clearInterval(timer); return (await Promise.all(tried)).length; };
}

async function paced(gate, nginx) {
  const wait = { rate: RATE, settle: 1000 };
  const runs = { nginx: [], gate: [], beside: [] };
  for (let round = 0; round < ROUNDS; round++) {
    runs.nginx.push(await load(nginx, 'same', nginx.port, wait));
    runs.gate.push(await load(gate, 'gate', gate.place, wait));
    const done = signingIn(gate);
    runs.beside.push(await load(gate, 'gate', gate.place, wait));
    await done();
    console.error(`paced: round ${round + 1} of ${ROUNDS}`);
  }
  // The best round on each side: what else the machine does only ever adds.
  const best = (side, what) => Math.min(...runs[side].map((one) => one[what]));
  const rate = (side) => Math.round(median(runs[side].map((one) => one.rate)));
  const compare = (name, side, what, most) => {
    const ratio = best(side, what) / best('nginx', what);
    note(`${name}, ${what}`, 'sqlite', micro(best('nginx', what)), micro(best(side, what)), `${ratio.toFixed(2)} at ${rate(side)}/s, nginx at ${rate('nginx')}/s`, `≤ ${most}`, ratio <= most);
  };
  for (const [side, name] of [['gate', `gate at ${RATE}/s`], ['beside', `while ${SIGN_INS} people a second sign in`]]) {
    compare(name, side, 'p50', 1.1);
    compare(name, side, 'p99', 2);
  }
}

// ---- a large directory, and a new one in its place ----

// A rule is changed twice a second: each time the whole directory is read again.
function changing(gate, key) {
  const api = (method, target, body) => fetch(`${gate.url}/api${target}`, { method, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) }).then((answer) => answer.json());
  let going = true, changes = 0;
  const work = (async () => {
    let { items: [rule] } = await api('GET', '/call_rules');
    for (; going; changes++) {
      rule = await api('PATCH', `/call_rules/${rule.id}`, { version: rule.version, max_s: 3600 + changes % 2 });
      if (!rule.id) throw new Error(JSON.stringify(rule));
      await sleep(500);
    }
  })();
  return async () => { going = false; await work; return changes; };
}

async function swap(small) {
  const store = makeStore(0, 'sqlite', 'large');
  run(path.join(ROOT, 'bench/fill'), String(AGENTS), store.place, 'directory.sql');
  const gate = await startGate(store, PORT + 3, PORT + 4);
  const size = memory(gate, 'RssAnon') - small;
  const key = await signIn(gate, 'ops');
  const slow = { rate: 2000, seconds: 4, settle: 1000, agents: [10001, AGENTS] };
  const calm = [], changed = [];
  let changes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    calm.push((await load(gate, 'gate', gate.place, slow)).most);
    const done = changing(gate, key);
    changed.push((await load(gate, 'gate', gate.place, slow)).most);
    changes += await done();
    console.error(`swap: round ${round + 1} of ${ROUNDS}`);
  }
  await stop(gate);
  note(`directory of ${AGENTS.toLocaleString('en')} agents and ${(AGENTS / 10).toLocaleString('en')} numbers`, 'sqlite', '', mib(size), 'beyond the demo world\'s', '< 64 MiB', size < 64 * 2 ** 20);
  note(`the longest answer while it is renewed (${changes} times in all), best round`, 'sqlite', `${micro(Math.min(...calm))} without`, micro(Math.min(...changed)), `median ${micro(median(changed))}, without ${micro(median(calm))}`, '≤ 5 ms', Math.min(...changed) <= 5000);
}

// ---- all ----

async function main() {
  build('bench/load');
  const store = makeStore(0, 'sqlite');
  const gate = await startGate(store, PORT, PORT + 5);
  const small = memory(gate, 'RssAnon');
  if (wants('speed') || wants('paced')) {
    const nginx = await startNginx(PORT + 1);
    const redis = await startRedis(PORT + 2);
    await measureIdle(gate);
    if (wants('speed')) {
      const other = makeStore(0, 'sqlite', 'local');
      const local = Object.assign(await startGate(other, PORT + 6, path.join(other.data, 'gate.sock')), { idle: gate.idle });
      await speed(gate, local, nginx, redis);
      await stop(local);
    }
    if (wants('paced')) await paced(gate, nginx);
    await stop(nginx);
    await stop(redis);
  }
  await stop(gate);
  if (wants('swap')) await swap(small);
}

await measure(main);

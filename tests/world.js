// A server of one's own: the demo world on a fresh store, on SQLite or (LUYUE_TEST_PG) PostgreSQL.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BINARY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', process.env.LUYUE_BINARY || 'build/luyue');
const LEAKS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), 'leaks.txt');
const PASSWORD = 'Luyue-demo-1';

// A finished demo to copy, where tests/demo.js made one: making it takes most of a story's time.
const MADE = process.env.LUYUE_DEMO_MADE;
const MADE_DATABASE = 'luyue_demo_made';

function freshDatabase(name = `luyue_story_${process.pid}_${Math.random().toString(36).slice(2, 8)}`, template = 'template0') {
  const server = process.env.LUYUE_TEST_PG;
  if (!server) return { url: 'sqlite', drop() {} };
  const psql = (sql) => {
    const run = spawnSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', server, '-c', sql], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
  };
  psql(`CREATE DATABASE ${name} TEMPLATE ${template} LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'`);
  const url = server.replace(/^(\w+:\/\/[^/]*)\/[^?]*/, `$1/${name}`); // a socket's folder stands in the query
  return { url, drop: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

// A server that a failed test left behind neither keeps the runner waiting nor outlives it.
const servers = new Set();
process.on('exit', () => servers.forEach((server) => server.kill('SIGKILL')));
const hold = (server, how) => [server, server.stdin, server.stdout, server.stderr].forEach((held) => held[how]());

function luyue(world, args, input = '') {
  return spawnSync(BINARY, [args[0], '--data', world.data, '--db', world.db.url, ...args.slice(1)], { input, encoding: 'utf8', maxBuffer: 1 << 24 });
}

// A place for a server that does not run yet. Options: demo (true), args (further flags; world.args may be set to
// others before the next world.start()).
function newWorld({ demo = true, args = [], data, db } = {}) {
  const copied = MADE && demo && !data && !db && !args.includes('--clock'); // the made one was made today
  const world = {
    data: data || fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-')),
    db: db || freshDatabase(undefined, copied ? MADE_DATABASE : undefined),
    args,
    log: '',
  };
  if (copied) fs.cpSync(MADE, world.data, { recursive: true, preserveTimestamps: true });
  world.luyue = (words, input) => luyue(world, words, input);
  // Waits for the line that says where it serves.
  world.start = () => new Promise((resolve, reject) => {
    world.process = spawn(BINARY, ['serve', '--data', world.data, '--db', world.db.url, '--listen', '127.0.0.1:0',
      ...(demo ? ['--demo', '--demo-calls', '1'] : []), ...world.args], { env: { ...process.env, LSAN_OPTIONS: `suppressions=${LEAKS}:print_suppressions=0` } });
    servers.add(world.process);
    world.process.stderr.on('data', (bytes) => { world.log += bytes; });
    world.process.stdout.on('data', (bytes) => {
      const match = /serving on (\S+)/.exec(bytes);
      if (match) { world.url = match[1]; hold(world.process, 'unref'); resolve(world); }
    });
    world.process.once('exit', (code) => reject(new Error(`luyue ended with ${code}\n${world.log}`)));
  });
  // How it ended: a status, or the name of a signal.
  world.halt = (signal = 'SIGTERM') => new Promise((resolve) => {
    const { process } = world;
    const ended = () => process.exitCode ?? process.signalCode;
    if (!process || ended() !== null) { resolve(process ? ended() : 0); return; }
    hold(process, 'ref');
    process.removeAllListeners('exit');
    process.once('close', () => resolve(ended()));
    process.kill(signal);
  });
  world.stop = async () => {
    const end = await world.halt();
    if (!db) world.db.drop();
    if (!data) fs.rmSync(world.data, { recursive: true, force: true });
    if ((end && end !== 'SIGKILL') || /ERROR: AddressSanitizer|runtime error:|LeakSanitizer/.test(world.log))
      throw new Error(`luyue ended with ${end}\n${world.log}`);
  };
  world.signIn = async (account, password = PASSWORD) => {
    const client = new Client(world.url);
    const reply = await client.post('/session', { account, password });
    if (reply.status !== 200 && reply.status !== 201) throw new Error(`sign-in of ${account}: ${reply.status} ${reply.text}\n${world.log}`);
    client.token = reply.body.token;
    return client;
  };
  world.browse = async (account, password) => {
    const { token } = await world.signIn(account, password);
    const browser = new Browser(world.url, token);
    browser.csrf = (await new Client(world.url, token).get('/session')).body.csrf;
    return browser;
  };
  // As somebody with access to the database would. `month`: "2026-11", among that month's calls.
  world.sql = (statement, month) => {
    const part = month && `calls_${month.replace('-', '_')}`;
    const words = world.db.url === 'sqlite'
      ? ['sqlite3', ['-bail', '-cmd', '.timeout 5000', path.join(world.data, `${part ?? 'luyue'}.db`), statement]]
      : ['psql', ['-qAt', '-v', 'ON_ERROR_STOP=1', '-d', world.db.url, '-c', `SET search_path = ${part ? `public_${part}, ` : ''}public`, '-c', statement]];
    const run = spawnSync(...words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout.trim();
  };
  return world;
}

async function startWorld(options) { return newWorld(options).start(); }

// The API as one account uses it. Every call answers {status, body, text, headers}.
class Client {
  constructor(url, token) { this.url = url; this.token = token; }

  // `signal`, when it is set, ends what is still waited for.
  async call(method, target, body, headers = {}) {
    const sent = { ...headers };
    if (this.token) sent.authorization = `Bearer ${this.token}`;
    let payload;
    if (body instanceof FormData || typeof body === 'string' || body instanceof Uint8Array) payload = body;
    else if (body !== undefined) { payload = JSON.stringify(body); sent['content-type'] = 'application/json'; }
    const reply = await fetch(`${this.url}/api${target}`, { method, headers: sent, body: payload, redirect: 'manual', signal: this.signal });
    const text = await reply.text();
    let parsed;
    try { parsed = JSON.parse(text); } catch { parsed = undefined; }
    return { status: reply.status, headers: reply.headers, text, body: parsed };
  }

  get(target, headers) { return this.call('GET', target, undefined, headers); }
  post(target, body = {}, headers) { return this.call('POST', target, body, headers); }
  patch(target, body, headers) { return this.call('PATCH', target, body, headers); }
}

// The pages as a browser uses them: a cookie, and forms that carry the session's CSRF token.
class Browser {
  constructor(url, cookie) { this.url = url; this.cookie = cookie; }

  async call(method, target, form, headers = {}) {
    const sent = { ...headers };
    if (this.cookie) sent.cookie = `luyue=${this.cookie}`;
    let payload = form;
    if (form && form.constructor === Object) payload = new URLSearchParams({ _csrf: this.csrf, ...form });
    const reply = await fetch(`${this.url}${target}`, { method, headers: sent, body: payload, redirect: 'manual' });
    return { status: reply.status, headers: reply.headers, text: await reply.text() };
  }

  get(target, headers) { return this.call('GET', target, undefined, headers); }
  post(target, form = {}, headers) { return this.call('POST', target, form, headers); }
}

// What there is to call: {method, path, right, api, page, session_only}.
function routes() {
  return spawnSync(BINARY, ['routes'], { encoding: 'utf8' }).stdout.trim().split('\n').map(JSON.parse);
}

// YYYY-MM-DD, so many days from today in Shanghai.
function day(offset = 0) {
  return new Date(Date.now() + 8 * 3600e3 + offset * 864e5).toISOString().slice(0, 10);
}

// YYYY-MM, so many months after this one in Shanghai.
function month(offset = 0) {
  const [year, inYear] = day().split('-').map(Number);
  const index = year * 12 + inYear - 1 + offset;
  return `${Math.floor(index / 12)}-${String(index % 12 + 1).padStart(2, '0')}`;
}

// What an authenticator app shows at that moment.
function totp(secret, at = Date.now()) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export { MADE_DATABASE, freshDatabase, newWorld, startWorld, Client, Browser, PASSWORD, BINARY, day, month, routes, totp };

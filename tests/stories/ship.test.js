// luyue-ship carries records to a receiver that fails, loses answers and restarts: nothing is lost, and nothing comes
// twice but what was not acknowledged.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { BINARY } from '../world.js';

const SHIP = path.join(path.dirname(BINARY), 'luyue-ship');
let folder, receiver;
const running = new Set(), servers = new Set();

// Answers as `answers` says, one after the other and then 200: a status, or 'lost' (taken, but the answer does not arrive).
async function receive(answers = [], port = 0) {
  const taken = [];
  const server = http.createServer((request, reply) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const answer = answers.length ? answers.shift() : 200;
      const body = Buffer.concat(parts).toString();
      if (answer === 200 || answer === 'lost') taken.push({ body, token: request.headers.authorization });
      if (answer === 'lost') request.socket.destroy();
      else reply.writeHead(answer).end('{}');
      server.emit('answered');
    });
  });
  servers.add(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, taken, port: server.address().port, close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}

function ship(...args) {
  const child = spawn(SHIP, ['--url', `http://127.0.0.1:${receiver.port}/calls`, ...args], { env: { ...process.env, LUYUE_TOKEN: 'ly_x' }, stdio: ['ignore', 'ignore', 'pipe'] });
  child.words = '';
  child.stderr.on('data', (bytes) => { child.words += bytes; });
  child.ended = new Promise((done) => { child.once('close', (code) => { running.delete(child); done(code); }); });
  running.add(child);
  return child;
}
const place = (name) => path.join(folder, name);
const follow = (...more) => ship('--state', place('state'), ...more, place('cdr*.log'));
const lines = (from, to) => Array.from({ length: to - from }, (_, i) => `record ${from + i}\n`).join('');
const all = () => receiver.taken.map(({ body }) => body).join('');

before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-ship-')); });
after(async () => {
  for (const server of servers) { server.closeAllConnections(); server.close(); } // those of tests that failed, too
  for (const child of running) { child.kill('SIGKILL'); await child.ended; }
  fs.rmSync(folder, { recursive: true, force: true });
});

test('files are carried line by line, each once, from where it was left', async () => {
  receiver = await receive();
  fs.writeFileSync(place('cdr.log'), `${lines(0, 3)}half of`);
  assert.equal(await follow('--once').ended, 0);
  assert.equal(all(), lines(0, 3));
  assert.equal(receiver.taken[0].token, 'Bearer ly_x');
  fs.appendFileSync(place('cdr.log'), ` a line\n${lines(3, 5)}`);
  assert.equal(await follow('--once').ended, 0);
  assert.equal(all(), `${lines(0, 3)}half of a line\n${lines(3, 5)}`);
  assert.equal(await follow('--once').ended, 0);
  assert.equal(receiver.taken.length, 2);
  await receiver.close();
});

test('a file that was rotated is finished before the new one', async () => {
  receiver = await receive();
  fs.appendFileSync(place('cdr.log'), lines(5, 7));
  fs.renameSync(place('cdr.log'), place('cdr.1.log'));
  fs.utimesSync(place('cdr.1.log'), Date.now() / 1000 - 60, Date.now() / 1000 - 60);
  fs.writeFileSync(place('cdr.log'), lines(7, 9));
  assert.equal(await follow('--once').ended, 0);
  assert.equal(all(), lines(5, 9));
  await receiver.close();
});

test('more than a batch holds goes in several, cut between lines', async () => {
  receiver = await receive();
  fs.appendFileSync(place('cdr.log'), lines(100_000, 200_000));
  assert.equal(await follow('--once').ended, 0);
  assert.ok(receiver.taken.length > 1);
  for (const { body } of receiver.taken) assert.ok(body.endsWith('\n') && body.startsWith('record '));
  assert.equal(all(), lines(100_000, 200_000));
  await receiver.close();
});

test('a receiver that refuses, loses its answer, goes away and comes back has everything', async () => {
  receiver = await receive([503, 401, 'lost', 500]);
  const { port } = receiver;
  fs.appendFileSync(place('cdr.log'), lines(200, 210));
  const shipper = follow();
  while (receiver.taken.length < 2) await once(receiver.server, 'answered');
  // Lost once, so it came twice: the same bytes.
  assert.deepEqual(receiver.taken.map(({ body }) => body), [lines(200, 210), lines(200, 210)]);
  await receiver.close();
  fs.appendFileSync(place('cdr.log'), lines(210, 220));
  await once(shipper.stderr, 'data');
  receiver = await receive([], port);
  await once(receiver.server, 'answered');
  assert.equal(all(), lines(210, 220));
  shipper.kill('SIGTERM');
  assert.equal(await shipper.ended, 0);
  await receiver.close();
});

test('a shipper that is killed goes on where it was acknowledged last', async () => {
  receiver = await receive();
  const shipper = follow();
  fs.appendFileSync(place('cdr.log'), lines(300, 301));
  await once(receiver.server, 'answered');
  shipper.kill('SIGKILL');
  await shipper.ended;
  fs.appendFileSync(place('cdr.log'), lines(301, 302));
  assert.equal(await follow('--once').ended, 0);
  assert.deepEqual([...new Set(receiver.taken.map(({ body }) => body).join('').trim().split('\n'))], ['record 300', 'record 301']);
  await receiver.close();
});

test('C2.4 another file under an inode that was known is carried from its head', async () => {
  receiver = await receive();
  fs.writeFileSync(place('cdr.log'), lines(400, 404));
  assert.equal(await follow('--once').ended, 0);
  fs.writeFileSync(place('cdr.log'), lines(500, 510)); // the same inode, and longer
  assert.equal(await follow('--once').ended, 0);
  assert.equal(all(), lines(400, 404) + lines(500, 510));
  await receiver.close();
});

test('C2.4 of a file that was rotated away the last line goes, too', async () => {
  receiver = await receive();
  fs.appendFileSync(place('cdr.log'), 'cut off');
  fs.renameSync(place('cdr.log'), place('cdr.2.log'));
  fs.utimesSync(place('cdr.2.log'), Date.now() / 1000 - 70, Date.now() / 1000 - 70);
  fs.writeFileSync(place('cdr.log'), `${lines(510, 511)}half of`);
  assert.equal(await follow('--once').ended, 0);
  assert.equal(all(), `cut off${lines(510, 511)}`);
  assert.equal(await follow('--once').ended, 0);
  assert.equal(receiver.taken.length, 2);
  await receiver.close();
});

test('a spool folder is emptied of what is whole, and only after it was taken', async () => {
  receiver = await receive([503]);
  const spool = place('spool');
  fs.mkdirSync(spool);
  const old = Date.now() / 1000 - 60;
  for (const name of ['a.json', 'b.json', 'new.json']) fs.writeFileSync(path.join(spool, name), `{"uuid":"${name}"}`);
  for (const [i, name] of ['a.json', 'b.json'].entries()) fs.utimesSync(path.join(spool, name), old + i, old + i);
  assert.equal(await ship('--spool', spool, '--once').ended, 0);
  assert.deepEqual(receiver.taken.map(({ body }) => body), ['{"uuid":"a.json"}', '{"uuid":"b.json"}']);
  assert.deepEqual(fs.readdirSync(spool), ['new.json']);
  await receiver.close();
});

test('without an address, a token or anything to carry it says how it is used', async () => {
  receiver = { port: 1 };
  const child = ship('--spool');
  assert.equal(await child.ended, 2);
  assert.match(child.words, /LUYUE_TOKEN/);
});

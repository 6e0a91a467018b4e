// The edge as it stands in a call centre: sipp as telephones and as carrier, Kamailio between them, Luyue asked for every
// call. Afterwards the records are compared one by one with what the telephones saw, also when Luyue or Kamailio died in
// the middle.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, day, BINARY } from '../world.js';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CONFIGURATION = path.resolve(HERE, '../../telephony/kamailio');
const SHIP = path.join(path.dirname(BINARY), 'luyue-ship');
const found = (program) => spawnSync('which', [program]).status === 0;
const absent = ['kamailio', 'sipp'].filter((program) => !found(program));
const silent = ['kamailio', 'baresip'].filter((program) => !found(program));
const skip = absent.length ? `not installed: ${absent.join(', ')}` : false;
const NUMBER_OF_NOBODY = '057156108899';
const SETTING_UP_MOST = 15; // calls of one moment, at thirty a second

let world, provider, token, contract, agents, number, folder, ports, carrier, kamailio;

const tcpPort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});
const udpPort = () => new Promise((resolve) => {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1', () => { const { port } = socket.address(); socket.close(() => resolve(port)); });
});
const ended = (child) => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) resolve();
  else child.once('exit', resolve);
});

async function until(what, words) {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    if (await what()) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.fail(`in vain: ${typeof words === 'function' ? words() : words}`);
}

// Does somebody speak SIP there?
function answersOptions(port) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    const done = (answer) => { clearTimeout(timer); socket.close(); resolve(answer); };
    const timer = setTimeout(() => done(false), 200);
    socket.on('error', () => done(false));
    socket.on('message', () => done(true));
    socket.bind(0, '127.0.0.1', () => {
      const mine = `127.0.0.1:${socket.address().port}`;
      socket.send(['OPTIONS sip:x@calls.test SIP/2.0', `Via: SIP/2.0/UDP ${mine};branch=z9hG4bK${Math.random()}`, `From: <sip:t@calls.test>;tag=${Math.random()}`,
        'To: <sip:x@calls.test>', `Call-ID: ${Math.random()}`, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', ''].join('\r\n'), port, '127.0.0.1');
    });
  });
}

// What is answered to an INVITE that pretends to belong to a call which passed.
function pretend(callee) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4');
    socket.on('message', (bytes) => {
      const status = Number(/^SIP\/2\.0 (\d+)/.exec(bytes)?.[1]);
      if (status >= 200) { socket.close(); resolve(status); }
    });
    socket.bind(0, '127.0.0.1', () => {
      const mine = `127.0.0.1:${socket.address().port}`;
      socket.send([`INVITE sip:${callee}@127.0.0.1:${ports.carrier} SIP/2.0`, `Via: SIP/2.0/UDP ${mine};branch=z9hG4bK${Math.random()}`,
        `Route: <sip:127.0.0.1:${ports.edge};lr>`, `From: <sip:${NUMBER_OF_NOBODY}@calls.test>;tag=${Math.random()}`, `To: <sip:${callee}@calls.test>;tag=made-up`,
        `Call-ID: ${Math.random()}`, 'CSeq: 1 INVITE', `Contact: <sip:x@${mine}>`, 'Max-Forwards: 70', 'Content-Length: 0', '', ''].join('\r\n'), ports.edge, '127.0.0.1');
    });
  });
}

/* ---- Kamailio ---- */

function configure() {
  const settings = {
    LISTEN: `udp:127.0.0.1:${ports.edge}`, CARRIER: `sip:127.0.0.1:${ports.carrier}`, DOMAIN: 'calls.test', NODE: 'edge',
    LUYUE: `http://edge:${token}@127.0.0.1:${ports.luyue}/api`, DIALLER: '127.0.0.1', RECORDS: `${folder}/records`, STATE: `${folder}/state`,
  };
  const shipped = fs.readFileSync(path.join(CONFIGURATION, 'settings.cfg'), 'utf8');
  for (const name of shipped.match(/(?<=substdef "!)[A-Z]+/g)) assert.ok(settings[name], `setting ${name}`);
  fs.copyFileSync(path.join(CONFIGURATION, 'gate.cfg'), path.join(folder, 'gate.cfg'));
  fs.writeFileSync(path.join(folder, 'settings.cfg'), Object.entries(settings).map(([name, value]) => `#!substdef "!${name}!${value}!g"\n`).join(''));
  fs.mkdirSync(`${folder}/records`);
  fs.mkdirSync(`${folder}/state`);
  for (const table of ['version', 'dialog', 'dialog_vars']) {
    const empty = fs.readFileSync(`/usr/share/kamailio/dbtext/kamailio/${table}`, 'utf8');
    fs.writeFileSync(`${folder}/state/${table}`, empty.replace('dialog_value(string)', 'dialog_value(string,null)'));
  }
}

async function startKamailio() {
  const file = path.join(folder, 'kamailio.log'), log = fs.openSync(file, 'a');
  kamailio = spawn('kamailio', ['-DD', '-m', '256', '-f', path.join(folder, 'gate.cfg'), '-A', 'WITH_PUSH', '-Y', folder, '-w', folder],
    { stdio: ['ignore', log, log], detached: true }); // a group of its own: its processes die together
  fs.closeSync(log);
  await until(() => answersOptions(ports.edge), () => `Kamailio\n${fs.readFileSync(file, 'utf8').slice(-2000)}`);
}
async function stopKamailio() {
  kamailio.kill('SIGTERM');
  await ended(kamailio);
}
async function killKamailio() {
  process.kill(-kamailio.pid, 'SIGKILL');
  await ended(kamailio);
}

/* ---- telephones ---- */

let dialled = 0;
// A row for each call, every one to a number of its own.
function calls(count, caller) {
  return Array.from({ length: count }, () => {
    const agent = agents[dialled % agents.length];
    dialled += 1;
    return { ...agent, caller, callee: `139${String(10_000_000 + dialled)}` };
  });
}

// Dials them, and says what each telephone saw: {callee: 'answered' | 'refused' | 'unavailable'}.
async function dial(rows, rate = 50, scenario = path.join(HERE, 'sipp/caller.xml')) {
  const name = path.join(folder, `calls-${dialled}`);
  fs.writeFileSync(`${name}.csv`, `SEQUENTIAL\n${rows.map(({ code, caller, callee, password }) => `${code};${caller};${callee};`
    + `[authentication username=${code} password=${password}];${contract.number};`).join('\n')}\n`);
  const port = await udpPort();
  const sipp = spawn('sipp', ['-sf', scenario, '-inf', `${name}.csv`, `127.0.0.1:${ports.edge}`, '-i', '127.0.0.1', '-p', String(port),
    '-m', String(rows.length), '-r', String(rate), '-nostdin', '-trace_logs', '-log_file', `${name}.log`, '-trace_err', '-error_file', `${name}.err`, '-timeout', '40s'],
  { stdio: ['ignore', 'ignore', 'ignore'], cwd: folder });
  await ended(sipp);
  const lines = fs.readFileSync(`${name}.log`, 'utf8').trim().split('\n').map((line) => line.split(' '));
  return Object.fromEntries(lines.map(([callee, what]) => [callee, what]));
}

/* ---- records ---- */

const ship = (args = []) => spawn(SHIP, ['--url', `${world.url}/api/calls?profile=kamailio_flat`, '--state', `${folder}/shipped`, ...args,
  `${folder}/records/*.log`], { env: { ...process.env, LUYUE_TOKEN: token }, stdio: ['ignore', 'ignore', 'inherit'] });

const records = () => fs.readdirSync(`${folder}/records`).flatMap((name) => fs.readFileSync(`${folder}/records/${name}`, 'utf8').split('\n').slice(0, -1));

const has = (lines, { callee }) => lines.some((line) => line.includes(`|${callee}|`));

// Everything that was answered is there, once, as it was; and nothing else. `lost`: so many records Kamailio may not have
// written, which it says.
async function compare(rows, seen, lost = 0) {
  const written = () => { const lines = records(); return rows.filter((row) => seen[row.callee] === 'answered' && has(lines, row)); };
  const expected = rows.filter(({ callee }) => seen[callee] === 'answered').length - lost;
  await until(() => written().length >= expected, () => `records of all calls on the disk of the edge: ${written().length} of ${expected}`);
  const answered = written();
  const last = ship(['--once']);
  await ended(last);
  assert.equal(last.exitCode, 0);
  for (const { callee, code, caller } of rows) {
    const { items } = (await provider.get(`/calls?callee=${callee}`)).body;
    if (!answered.some((row) => row.callee === callee)) { assert.deepEqual(items, [], `${callee} ${seen[callee]}`); continue; }
    assert.equal(items.length, 1, callee);
    const [{ agent_code: agent, caller: shown, result, talk_s: talk, contract_number: on, gate_id: gate }] = items;
    assert.deepEqual({ agent, shown: shown.replace(/^\+86/, '0').replace(/\D/g, ''), result, on }, { agent: code, shown: caller, result: 'contacted', on: contract.number }, callee);
    assert.ok(talk >= 0 && talk < 20 && gate > 0, callee);
  }
  return answered.length;
}

before(async () => {
  if (skip) return;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-edge-'));
  ports = { luyue: await tcpPort(), edge: await udpPort(), carrier: await udpPort() };
  world = await startWorld({ args: ['--listen', `127.0.0.1:${ports.luyue}`] });
  provider = await world.signIn('provider');
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  ({ body: { token } } = await provider.post('/tokens', { name: 'edge', rights: 'all', expires_on: day(9) }));
  const { items } = (await provider.get(`/agents?contract_id=${contract.id}&state=active&limit=40`)).body;
  agents = [];
  for (const { code } of items) {
    const reply = await provider.post('/adapters/phones', { contract: contract.number, agent: code });
    assert.equal(reply.status, 200, reply.text);
    agents.push({ code, password: reply.body.password });
  }
  const permitted = (await provider.get(`/number_permissions?contract_id=${contract.id}&state=active`)).body.items;
  number = permitted.find(({ to }) => !to || to > day(1)).shown.replace(/\D/g, '');
  configure();
  carrier = spawn('sipp', ['-sf', path.join(HERE, 'sipp/carrier.xml'), '-i', '127.0.0.1', '-p', String(ports.carrier), '-nostdin'],
    { stdio: ['ignore', 'ignore', 'ignore'], cwd: folder });
  await startKamailio();
});
after(async () => {
  if (skip) return;
  if (kamailio) await stopKamailio();
  if (carrier) { carrier.kill('SIGKILL'); await ended(carrier); }
  if (world) await world.stop();
  if (process.env.KEEP) fs.cpSync(folder, process.env.KEEP, { recursive: true });
  fs.rmSync(folder, { recursive: true, force: true });
});

test('C1.2 a hundred permitted calls pass, and each has its record', { skip }, async () => {
  const rows = calls(100, number);
  const seen = await dial(rows);
  assert.deepEqual(rows.filter(({ callee }) => seen[callee] !== 'answered').map(({ callee }) => `${callee} ${seen[callee]}`), []);
  assert.equal(await compare(rows, seen), 100);
});

test('C1.2 a hundred calls under a number that nobody permitted are refused', { skip }, async () => {
  const rows = calls(100, NUMBER_OF_NOBODY);
  const seen = await dial(rows);
  assert.deepEqual(rows.filter(({ callee }) => seen[callee] !== 'refused').map(({ callee }) => `${callee} ${seen[callee]}`), []);
  assert.equal(await compare(rows, seen), 0);
});

test('C1.2 nobody gets past the gate by pretending that the call has begun', { skip }, async () => {
  assert.equal(await pretend('13900000099'), 481);
});

test('C1.2 Luyue killed in the middle: no call without it, every call that was made is there once', { skip }, async () => {
  const rows = calls(150, number);
  const shipper = ship();
  const dialling = dial(rows, 30);
  await until(() => has(records(), rows[5]), 'the first calls');
  await world.halt('SIGKILL');
  await until(() => answersOptions(ports.edge), 'Kamailio without Luyue');
  await world.start();
  const seen = await dialling;
  shipper.kill('SIGTERM');
  await ended(shipper);
  const answered = await compare(rows, seen);
  assert.ok(answered > 0);
  assert.deepEqual(rows.filter(({ callee }) => !['answered', 'unavailable'].includes(seen[callee])).map(({ callee }) => `${callee} ${seen[callee]}`), []);
});

// Calls that lasted go on and have their record; of those that were just being set up Kamailio forgets the record, and
// Luyue knows them by its decisions, which wait for one.
test('C1.2 Kamailio restarted in the middle: calls go on, and every one is there once or known to be missing', { skip }, async () => {
  const rows = calls(100, number);
  const open = async () => (await provider.get('/gate/live')).body.open;
  const before_ = await open();
  const dialling = dial(rows, 30);
  await until(() => has(records(), rows[5]), 'the first calls');
  await stopKamailio();
  const { length: ended_ } = rows.filter((row) => has(records(), row));
  await startKamailio();
  const seen = await dialling;
  assert.deepEqual(rows.filter(({ callee }) => seen[callee] !== 'answered').map(({ callee }) => `${callee} ${seen[callee]}`), []);
  const settled = await compare(rows, seen, SETTING_UP_MOST);
  assert.ok(settled > ended_ + 40, `${ended_} had ended, ${settled} have a record`);
  assert.equal(await open() - before_, rows.length - settled);
});

// Killed, it forgets the calls that it carried. What it had acknowledged by a record stays, once; of every other call that
// was permitted Luyue knows by its decision that the record is missing.
test('C1.2 Kamailio killed in the middle: each record that it wrote is there once, each other permitted call is waited for', { skip }, async () => {
  const rows = calls(100, number);
  const open = async () => (await provider.get('/gate/live')).body.open;
  const before_ = await open();
  const dialling = dial(rows, 30);
  await until(() => has(records(), rows[5]), 'the first calls');
  await killKamailio();
  const survived = rows.filter((row) => has(records(), row));
  await startKamailio();
  await dialling;
  await until(() => has(records(), rows.at(-1)), 'the last call');
  const last = ship(['--once']);
  await ended(last);
  assert.equal(last.exitCode, 0);
  let recorded = 0;
  for (const row of rows) {
    const { items } = (await provider.get(`/calls?callee=${row.callee}`)).body;
    const written = has(records(), row);
    assert.deepEqual(items.map(({ agent_code: agent, caller }) => [agent, caller.replace(/\D/g, '')]), written ? [[row.code, number]] : [], row.callee);
    recorded += Number(written);
  }
  assert.ok(survived.length > 0 && survived.every((row) => has(records(), row)));
  assert.ok(recorded > survived.length, `${recorded} have a record`);
  assert.equal(await open() - before_, rows.length - recorded);
});

/* ---- a call that nobody ends ---- */

// Luyue, but that calls may last for a second only.
function hurried() {
  const server = http.createServer((request, response) => {
    const onward = http.request({ host: '127.0.0.1', port: ports.luyue, path: request.url, method: request.method, headers: request.headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part)).on('end', () => {
        const text = Buffer.concat(parts).toString().replace(/"max_s":\s*\d+/, '"max_s":1');
        response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? 'text/plain', 'content-length': Buffer.byteLength(text) });
        response.end(text);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  return new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(server)); });
}

// A telephone that does not hang up by itself: it waits until it hears that the call is over.
function patientTelephone() {
  const scenario = fs.readFileSync(path.join(HERE, 'sipp/caller.xml'), 'utf8');
  const [from, to] = [scenario.indexOf('<pause milliseconds="1000"/>'), scenario.indexOf('<nop next="end">')];
  const file = path.join(folder, 'patient.xml');
  fs.writeFileSync(file, `${scenario.slice(0, from)}<recv request="BYE" timeout="20000"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
${scenario.slice(to)}`);
  return file;
}

test('C1.2 a call that lasts longer than the gate allowed is ended on both sides', { skip }, async () => {
  const luyue = await hurried(), settings = path.join(folder, 'settings.cfg');
  const usual = fs.readFileSync(settings, 'utf8');
  const restart = async (text) => { await stopKamailio(); fs.writeFileSync(settings, text); await startKamailio(); };
  await restart(usual.replace(`@127.0.0.1:${ports.luyue}/api`, `@127.0.0.1:${luyue.address().port}/api`));
  const rows = calls(3, number);
  const seen = await dial(rows, 50, patientTelephone());
  assert.deepEqual(rows.map(({ callee }) => seen[callee]), ['answered', 'answered', 'answered']);
  await restart(usual);
  luyue.closeAllConnections();
  luyue.close();
  assert.equal(await compare(rows, seen), 3);
});

/* ---- a call that is really spoken and recorded ---- */

const RATE = 8000;
const SECONDS = 6;
// A tone for each party, so that it can be told who was heard on which side.
const TONES = { agent: 440, callee: 700 };

function wav(channels, samples) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0); head.writeUInt32LE(36 + samples.length * 2, 4); head.write('WAVEfmt ', 8); head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); head.writeUInt16LE(channels, 22); head.writeUInt32LE(RATE, 24); head.writeUInt32LE(RATE * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32); head.writeUInt16LE(16, 34); head.write('data', 36); head.writeUInt32LE(samples.length * 2, 40);
  return Buffer.concat([head, Buffer.from(Int16Array.from(samples).buffer)]);
}
const tone = (hertz) => Array.from({ length: SECONDS * RATE }, (_, i) => 8000 * Math.sin(2 * Math.PI * hertz * i / RATE));
function samplesOf(file) {
  const bytes = fs.readFileSync(file);
  const from = bytes.indexOf('data') + 8;
  return Array.from({ length: Math.floor((bytes.length - from) / 2) }, (_, i) => bytes.readInt16LE(from + i * 2));
}
// How much of that tone there is (Goertzel), beside all that there is.
function share(samples, hertz) {
  const factor = 2 * Math.cos(2 * Math.PI * hertz / RATE);
  let [before_, last] = [0, 0], all = 0;
  for (const sample of samples) { [before_, last] = [last, sample + factor * last - before_]; all += sample * sample; }
  return (2 * (last * last + before_ * before_ - factor * last * before_)) / (samples.length * all || 1);
}

// A telephone of baresip in a folder of its own: what it sends and what it hears lies in `rec` afterwards.
function telephone(name, port, account, hertz) {
  const home = path.join(folder, name);
  fs.mkdirSync(`${home}/rec`, { recursive: true });
  fs.writeFileSync(`${home}/said.wav`, wav(1, tone(hertz)));
  fs.writeFileSync(`${home}/accounts`, `${account}\n`);
  fs.writeFileSync(`${home}/config`, ['poll_method epoll', `sip_listen 127.0.0.1:${port}`, 'audio_path /usr/share/baresip', `audio_player aufile,${home}/heard.wav`,
    `audio_source aufile,${home}/said.wav`, `audio_alert aufile,${home}/alert.wav`, 'ausrc_srate 8000', 'auplay_srate 8000', 'ausrc_channels 1', 'auplay_channels 1',
    'rtp_ports 21320-21390', 'module_path /usr/lib/baresip/modules', ...['stdio', 'g711', 'aufile', 'uuid', 'sndfile'].map((one) => `module ${one}.so`),
    'module_tmp account.so', 'module_app menu.so', `snd_path ${home}/rec`, ''].join('\n'));
  return home;
}
const startTelephone = (home, args = []) => {
  const log = fs.openSync(`${home}/log`, 'a');
  const child = spawn('baresip', ['-f', home, '-s', ...args], { stdio: ['pipe', log, log] });
  fs.closeSync(log);
  return child;
};
const recorded = (home, side) => path.join(home, 'rec', fs.readdirSync(`${home}/rec`).find((name) => name.endsWith(`-${side}.wav`)));

test('C2.3 a call that was spoken is recorded on both sides, and its recording belongs to its record', { skip: silent.length ? `not installed: ${silent.join(', ')}` : skip }, async () => {
  const [{ code, password }] = agents, callee = '13800000042';
  carrier.kill('SIGKILL');
  await ended(carrier);
  const theirs = telephone('callee', ports.carrier, `<sip:${callee}@127.0.0.1>;regint=0;answermode=auto;audio_codecs=PCMA`, TONES.callee);
  const ours = telephone('agent', await udpPort(), `<sip:${number}@calls.test>;auth_user=${code};auth_pass=${password};regint=0;audio_codecs=PCMA;outbound="sip:127.0.0.1:${ports.edge}"`, TONES.agent);
  const answering = startTelephone(theirs);
  await until(() => answersOptions(ports.carrier), 'the telephone that is called');
  const calling = startTelephone(ours, ['-e', `/dial sip:${callee}@calls.test`, '-t', String(SECONDS)]);
  await ended(calling);
  answering.kill('SIGTERM');
  await ended(answering);
  const log = fs.readFileSync(`${ours}/log`, 'utf8').slice(-1500);
  assert.equal(fs.readdirSync(`${ours}/rec`).length, 2, log);
  const [said, heard] = ['enc', 'dec'].map((side) => samplesOf(recorded(ours, side)));
  assert.ok(heard.length > RATE, `${heard.length} samples`);
  assert.ok(share(said, TONES.agent) > 0.5 && share(heard, TONES.callee) > 0.5, `${share(said, TONES.agent)} ${share(heard, TONES.callee)}`);
  await until(() => has(records(), { callee }), () => `the record of the call\n${log}`);
  const last = ship(['--once']);
  await ended(last);
  const { items } = (await provider.get(`/calls?callee=${callee}`)).body;
  assert.deepEqual(items.map(({ agent_code: agent, result }) => [agent, result]), [[code, 'contacted']]);
  assert.ok(items[0].talk_s >= 1 && items[0].talk_s <= SECONDS + 2, `${items[0].talk_s} s`);

  const both = Array.from({ length: Math.min(said.length, heard.length) }, (_, i) => [said[i], heard[i]]).flat();
  const form = new FormData();
  form.append('call_id', String(items[0].id));
  form.append('file', new Blob([wav(2, both)], { type: 'audio/wav' }), 'call.wav');
  const kept = await (await world.signIn('qa')).call('POST', '/recordings', form);
  assert.equal(kept.status, 201, kept.text);
  const { items: peaks } = (await (await world.signIn('qa')).get(`/recordings/${kept.body.id}/peaks`)).body;
  assert.ok(peaks.some(({ left }) => left > 10) && peaks.some(({ right }) => right > 10));
});

// Asterisk itself asks our gate over FastAGI by the dialplan that we ship, and its own cdr_custom writes the records that
// are taken in. Debian's archive has no Asterisk at the moment: where the program is not installed this is skipped, and
// what it sends is replayed from what was captured (../stories/adapters.test.js).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, day } from '../world.js';

const CONFIGURATION = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../telephony/asterisk');
const skip = spawnSync('which', ['asterisk']).status === 0 ? false : 'no asterisk in the package archive';
const FOLDERS = ['etc', 'lib', 'db', 'keys', 'data', 'agi', 'spool', 'run', 'log'];

let world, provider, token, agent, agi, folder, asterisk;

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => resolve(port)); });
});
const console_ = (words) => spawnSync('asterisk', ['-C', `${folder}/etc/asterisk.conf`, '-rx', words], { encoding: 'utf8' }).stdout;
const records = () => { try { return fs.readFileSync(`${folder}/log/cdr-custom/luyue.csv`, 'utf8'); } catch { return ''; } };

async function until(what, words) {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    const found = what();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  return assert.fail(`in vain: ${words()}`);
}

function configure() {
  for (const name of FOLDERS) fs.mkdirSync(`${folder}/${name}`, { recursive: true });
  const [modules] = ['/usr/lib/x86_64-linux-gnu/asterisk/modules', '/usr/lib/asterisk/modules'].filter((one) => fs.existsSync(one));
  fs.writeFileSync(`${folder}/etc/asterisk.conf`, ['[directories](!)', `astetcdir => ${folder}/etc`, `astmoddir => ${modules}`, `astvarlibdir => ${folder}/lib`,
    `astdbdir => ${folder}/db`, `astkeydir => ${folder}/keys`, `astdatadir => ${folder}/data`, `astagidir => ${folder}/agi`, `astspooldir => ${folder}/spool`,
    `astrundir => ${folder}/run`, `astlogdir => ${folder}/log`, ''].join('\n'));
  fs.writeFileSync(`${folder}/etc/modules.conf`, '[modules]\nautoload=yes\n');
  for (const name of ['cdr.conf', 'cdr_custom.conf']) fs.copyFileSync(path.join(CONFIGURATION, name), `${folder}/etc/${name}`);
  const shipped = fs.readFileSync(path.join(CONFIGURATION, 'extensions.conf'), 'utf8');
  assert.match(shipped, /127\.0\.0\.1:4573\/ly_TOKEN/);
  fs.writeFileSync(`${folder}/etc/extensions.conf`, shipped.replace('127.0.0.1:4573/ly_TOKEN', `127.0.0.1:${agi}/${token}`));
}

before(async () => {
  if (skip) return;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-asterisk-'));
  agi = await freePort();
  world = await startWorld({ args: ['--agi', `127.0.0.1:${agi}`] });
  provider = await world.signIn('provider');
  const [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  [agent] = (await provider.get(`/agents?contract_id=${contract.id}&state=active`)).body.items;
  ({ body: { token } } = await provider.post('/tokens', { name: 'pbx-1', rights: 'all', expires_on: day(9) }));
  configure();
  asterisk = spawn('asterisk', ['-f', '-C', `${folder}/etc/asterisk.conf`], { stdio: 'ignore' });
  await until(() => /fully booted/i.test(console_('core waitfullybooted')), () => 'Asterisk does not start');
});
after(async () => {
  if (skip) return;
  if (asterisk) { asterisk.kill('SIGTERM'); await new Promise((resolve) => { asterisk.once('exit', resolve); }); }
  if (world) await world.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

// Who calls is a variable of the agent's endpoint; here a global one stands for it.
async function dial(callee, code) {
  console_(`dialplan set global CC_AGENT ${code}`);
  console_(`channel originate Local/${callee}@luyue-out/n application Wait 1`);
  return until(() => records().split('\n').find((line) => line.includes(callee) && line.includes('gate=')), () => `the record of ${callee}\n${records()}`);
}

test('C1.1 C1.2 a real Asterisk asks the gate over FastAGI, and its cdr_custom records come in with the decision', { skip }, async () => {
  const refused = await dial('13800000041', '9999');
  assert.match(refused, /gate=\d+;deny=agent_unknown/);
  const allowed = await dial('13800000042', agent.code);
  assert.match(allowed, /gate=\d+;rec=/);
  const reply = await provider.post('/calls?profile=asterisk_custom', records());
  assert.deepEqual(reply.body.rejected, []);
  const { items: [call] } = (await provider.get('/calls?callee=13800000042')).body;
  assert.deepEqual([String(call.gate_id), call.agent_code], [/gate=(\d+)/.exec(allowed)[1], agent.code]);
});

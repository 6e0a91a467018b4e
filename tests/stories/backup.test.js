// A copy of the embedded store while it serves, and back again.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startWorld } from '../world.js';

const embedded = !process.env.LUYUE_TEST_PG;
let world, folder;
before(async () => {
  world = await startWorld();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-backup-'));
});
after(async () => {
  await world.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

test('a backup of PostgreSQL is refused with the way to make one', { skip: embedded }, () => {
  const refused = world.luyue(['backup', path.join(folder, 'pg')]);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /pg_dump/);
});

test('a backup made while serving is restored with its documents, and its trail is whole', { skip: !embedded }, async () => {
  const division = await world.signIn('division');
  const form = new FormData();
  form.set('subject', 'contracts');
  form.set('subject_id', '1');
  form.set('retention', 'long');
  form.set('file', new Blob([PNG], { type: 'image/png' }), '现场.png');
  const stored = await division.call('POST', '/documents', form);
  assert.equal(stored.status, 201, stored.text);

  const copy = path.join(folder, 'copy');
  const made = world.luyue(['backup', copy]);
  assert.equal(made.status, 0, made.stderr);
  assert.match(fs.readFileSync(path.join(copy, 'SHA256SUMS'), 'utf8'), /luyue\.db\n[^]*files\//);
  assert.notEqual(world.luyue(['backup', copy]).status, 0);

  const data = path.join(folder, 'restored');
  const restored = { data, db: { url: 'sqlite', drop() {} } };
  const restore = () => world.luyue(['restore', copy, '--data', data]);
  assert.match(restore().stderr, /key/);
  fs.mkdirSync(path.join(data, 'keys'), { recursive: true });
  fs.copyFileSync(path.join(world.data, 'keys/master.key'), path.join(data, 'keys/master.key'));
  const done = restore();
  assert.equal(done.status, 0, done.stderr);
  assert.match(restore().stderr, /holds a store/);

  const again = await startWorld({ ...restored, demo: false });
  try {
    const client = await again.signIn('division');
    const content = await fetch(`${again.url}/api/documents/${stored.body.id}/content`, { headers: { authorization: `Bearer ${client.token}` } });
    assert.deepEqual(Buffer.from(await content.arrayBuffer()), PNG);
    const verified = again.luyue(['verify']);
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  } finally {
    await again.halt();
  }
});

// A killed server leaves what it decided in the gate's journal; what was folded before lies in a month.
test('a backup holds the months of calls and what the gate decided last', { skip: !embedded }, async () => {
  const own = await startWorld();
  const data = path.join(folder, 'called');
  try {
    const provider = await own.signIn('provider');
    const { items: [contract] } = (await provider.get('/contracts?service=outbound_call&state=active')).body;
    const figures = async (by) => (await by.get(`/call_figures?contract=${contract.number}&by=agent`)).body.items;
    const known = await figures(provider);
    assert.ok(known.some(({ dials }) => dials > 0));
    const ask = { node: 'backup', call_id: 'last', contract: contract.number, agent: '1002', callee: '13812345678' };
    const decided = await provider.post('/gate', ask);
    assert.equal(decided.status, 200, decided.text);
    assert.equal(await own.halt('SIGKILL'), 'SIGKILL');

    const copy = path.join(folder, 'calls');
    const made = own.luyue(['backup', copy]);
    assert.equal(made.status, 0, made.stderr);
    const sums = fs.readFileSync(path.join(copy, 'SHA256SUMS'), 'utf8');
    for (const name of fs.readdirSync(own.data).filter((one) => /^calls_\d{4}_\d\d\.db$/.test(one))) assert.ok(sums.includes(name), name);
    for (const name of fs.readdirSync(path.join(own.data, 'gate'))) assert.ok(sums.includes(`gate/${name}`), name);
    assert.match(sums, /calls_\d{4}_\d\d\.db/);
    assert.match(sums, /gate\/.+\.journal/);

    fs.mkdirSync(path.join(data, 'keys'), { recursive: true });
    fs.copyFileSync(path.join(own.data, 'keys/master.key'), path.join(data, 'keys/master.key'));
    const done = own.luyue(['restore', copy, '--data', data]);
    assert.equal(done.status, 0, done.stderr);
    const again = await startWorld({ data, db: { url: 'sqlite', drop() {} }, demo: false });
    try {
      const client = await again.signIn('provider');
      assert.deepEqual(await figures(client), known);
      assert.equal((await client.post('/gate', ask)).body.gate_id, decided.body.gate_id);
    } finally {
      await again.halt();
    }
  } finally {
    await own.stop();
  }
});

test('a backup that was altered is not restored', { skip: !embedded }, () => {
  const copy = path.join(folder, 'altered');
  assert.equal(world.luyue(['backup', copy]).status, 0);
  fs.appendFileSync(path.join(copy, 'luyue.db'), 'x');
  const data = path.join(folder, 'unmade');
  fs.mkdirSync(path.join(data, 'keys'), { recursive: true });
  fs.copyFileSync(path.join(world.data, 'keys/master.key'), path.join(data, 'keys/master.key'));
  const refused = world.luyue(['restore', copy, '--data', data]);
  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /luyue\.db does not fit/);
  assert.equal(fs.existsSync(path.join(data, 'luyue.db')), false);
});

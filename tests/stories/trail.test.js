// The audit trail: every change is in it, nobody alters it unnoticed, and nothing that was acknowledged is ever lost.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomInt, verify } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { newWorld, startWorld, Client, PASSWORD, day } from '../world.js';

let world, division, executor, audit, unit, cleaner;
before(async () => {
  world = await startWorld();
  await signInAll();
  unit = (await division.get(`/units?q=${encodeURIComponent('滨河花园')}`)).body.items[0].id;
  cleaner = (await division.get(`/organisations?q=${encodeURIComponent('净安')}`)).body.items[0].id;
});
after(() => world.stop());

async function signInAll() {
  [division, executor, audit] = await Promise.all(['division', 'executor', 'audit'].map((account) => world.signIn(account)));
}

let count = 0;
function contract() {
  count += 1;
  return {
    number: `HT-TRAIL-${process.pid}-${count}`, name: '夜间保洁', kind: 'continuous', service: 'cleaning',
    provider_id: cleaner, unit_id: unit, starts_on: day(), ends_on: day(300), amount_fen: 100,
  };
}

async function made() {
  const reply = await division.post('/contracts', contract());
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

// Of those that the query asks for: the clock, too, leaves entries meanwhile.
async function last(query = '') { return (await audit.get(`/events?limit=1${query}`)).body.items[0]; }

async function history(record, resource = 'contracts') { return (await audit.get(`/${resource}/${record.id}/history`)).body.items; }

/* ---- what is in it ---- */

test('a change leaves an entry with who, when, from where, and every value before and after', async () => {
  const { id, version } = await made();
  const changed = await division.patch(`/contracts/${id}`, { version, name: '日间保洁', amount_fen: 250, provider_phone: '13905719876' });
  assert.equal(changed.status, 200, changed.text);
  const [entry, created] = await history({ id });
  assert.deepEqual([entry.action, entry.account, entry.person_name, entry.resource, entry.record_id, entry.origin],
    ['change', 'division', '李蔚', 'contracts', id, '127.0.0.1']);
  assert.match(entry.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/);
  const changes = Object.fromEntries(JSON.parse(entry.changes).map((change) => [change.field, [change.before, change.after]]));
  assert.deepEqual([changes.name, changes.amount_fen], [['夜间保洁', '日间保洁'], ['100', '250']]);
  assert.equal(changes.provider_phone[1], '139****9876');
  assert.equal(created.action, 'create');
  assert.ok(JSON.parse(created.changes).some((change) => change.field === 'number' && change.before === '' && change.after));
});

test('what changes nothing or is refused by a rule leaves no entry; what is forbidden does', async () => {
  const record = await made();
  const [before, refusedBefore] = [await last('&resource=contracts'), await last('&action=refused')];
  assert.equal((await division.patch(`/contracts/${record.id}`, { version: record.version, name: record.name })).status, 200);
  assert.equal((await division.patch(`/contracts/${record.id}`, { version: record.version, amount_fen: -1 })).status, 422);
  assert.equal((await division.patch(`/contracts/${record.id}`, { version: 99, name: 'x' })).status, 409);
  assert.equal((await division.get('/contracts')).status, 200);
  assert.equal((await last('&resource=contracts')).id, before.id);
  assert.equal((await executor.post('/contracts', contract())).status, 403);
  for (let tries = 0; tries < 500 && (await last('&action=refused'))?.id === refusedBefore?.id; tries += 1); // it is written after the answer
  const refused = await last('&action=refused');
  assert.deepEqual([refused.action, refused.account, refused.note], ['refused', 'executor', '/api/contracts']);
});

test('C3.3 an export leaves an entry, and says in itself who made it and when', async () => {
  const csv = await division.post('/contracts/export?format=csv&state=draft');
  assert.equal(csv.status, 200);
  assert.match(csv.text.split('\r\n')[0], /division.*\d{4}-\d\d-\d\d/);
  const entry = await last('&action=export');
  assert.deepEqual([entry.action, entry.account, entry.note], ['export', 'division', '/api/contracts/export?format=csv&state=draft']);
  assert.equal((await executor.post('/contracts/export')).status, 403);
});

test('an entry cannot be written, changed or deleted over the API', async () => {
  const { id } = await last();
  for (const [method, target] of [['POST', '/events'], ['PATCH', `/events/${id}`], ['DELETE', `/events/${id}`]])
    assert.equal((await audit.call(method, target, {})).status, 405, method);
});

test('no entry holds a password, a key or a sensitive value', async () => {
  const text = world.sql('SELECT changes, note, title FROM events');
  assert.doesNotMatch(text, /argon2|Luyue-demo-1|otp_secret|key_hash/);
  assert.doesNotMatch(text, /"1[3-9]\d{9}"/);
});

/* ---- the chain ---- */

async function everyEntry() {
  const entries = [];
  let next = '';
  do {
    const { body } = await audit.get(`/events?sort=id&limit=200${next && `&after=${next}`}`);
    entries.push(...body.items);
    next = body.next;
  } while (next);
  return entries;
}

const WITHHELD = ['shift_kinds', 'shifts', 'shift_swaps', 'clockings', 'leaves', 'attendance_corrections', 'attendance_rules',
  'pay_terms', 'pay_rules', 'minimum_wages', 'pay_entries', 'pay_sheets', 'pay_lines'];

function hashOf(entry) {
  const text = JSON.stringify(['luyue-event-1', entry.id, Date.parse(entry.at), entry.account_id ?? 0, entry.account, entry.person_name,
    entry.origin, entry.request, entry.action, entry.resource, entry.record_id ?? 0, entry.title, entry.changes, entry.note, entry.previous]);
  return createHash('sha256').update(text).digest('hex');
}

test('anybody can recompute the chain from what the API gives', async () => {
  await division.patch(`/contracts/${(await made()).id}`, { version: 1, remark: '引号"与反斜线\\，制表\t，两行\n第二行' });
  const entries = await everyEntry();
  assert.ok(entries.length > 100);
  let previous = '';
  for (const [i, entry] of entries.entries()) {
    // Of what the client's side may not know the entry says no more than its place in the chain.
    assert.deepEqual([entry.id, entry.previous, entry.hash], [i + 1, previous, entry.withheld ? entry.hash : hashOf(entry)]);
    assert.ok(!entry.withheld || WITHHELD.includes(entry.resource), entry.resource);
    previous = entry.hash;
  }
});

// `sign` is the head's text; node wants the raw key in its usual wrapping.
function signed(text, signature, key) {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]);
  return verify(null, Buffer.from(text), createPublicKey({ key: der, format: 'der', type: 'spki' }), Buffer.from(signature, 'hex'));
}

test('the head is signed, over the API and by luyue verify, with the same key', async () => {
  const { body: head } = await audit.get('/events/head');
  const text = `luyue-head-1 ${head.entries} ${head.hash} ${head.at}`;
  assert.equal(head.words, text);
  assert.ok(signed(text, head.signature, head.public_key));
  assert.ok(!signed(text.replace('1 ', '2 '), head.signature, head.public_key));
  assert.equal((await everyEntry())[head.entries - 1].hash, head.hash);
  const { stdout } = world.luyue(['verify']);
  const [, said, signature, key] = /head: (.+)\nsignature: (\w+)\npublic key: (\w+)\n/.exec(stdout);
  assert.ok(signed(said, signature, key));
  assert.equal(key, head.public_key);
});

test('it is whole while a server writes, also from many sides at once', async () => {
  const writing = Promise.all(Array.from({ length: 60 }, made));
  const during = world.luyue(['verify']);
  assert.equal(during.status, 0, during.stdout + during.stderr);
  await writing;
  const afterwards = world.luyue(['verify']);
  assert.match(afterwards.stdout, /^trail: \d+ entries, whole\n/);
});

/* ---- altered ---- */

function broken(reason, id) {
  const { status, stdout } = world.luyue(['verify']);
  assert.deepEqual([status, stdout], [4, `broken: entry ${id} (${reason})\n`]);
}

function whole() {
  const { status, stdout, stderr } = world.luyue(['verify']);
  assert.equal(status, 0, stdout + stderr);
}

test('an entry that was altered, removed, moved or cut off is named', async () => {
  const { id: end } = await last();
  const id = end - 20;
  for (const column of ['account', 'changes', 'at']) {
    const kept = world.sql(`SELECT ${column} FROM events WHERE id = ${id}`);
    const value = column === 'at' ? '7' : "'another'";
    world.sql(`UPDATE events SET ${column} = ${value} WHERE id = ${id}`);
    broken('altered', id);
    world.sql(`UPDATE events SET ${column} = '${kept.replaceAll("'", "''")}' WHERE id = ${id}`);
  }
  whole();
  world.sql(`CREATE TABLE put_aside AS SELECT * FROM events WHERE id >= ${id}`);
  const restore = () => {
    world.sql(`DELETE FROM events WHERE id >= ${id}`);
    world.sql('INSERT INTO events SELECT * FROM put_aside');
  };
  world.sql(`DELETE FROM events WHERE id = ${id}`);
  broken('missing', id + 1);
  restore();
  world.sql(`DELETE FROM events WHERE id >= ${id}`);
  broken('missing', id);
  restore();
  world.sql(`DELETE FROM events WHERE id = ${id}`);
  world.sql(`UPDATE events SET id = ${id} WHERE id = ${id + 1}`);
  broken('order', id);
  restore();
  whole();
});

test('whoever rewrites an entry with its hash is found out by the next one, and by the head', async () => {
  const { id: end } = await last();
  const forge = async (id) => {
    const kept = (await audit.get(`/events/${id}`)).body;
    world.sql(`UPDATE events SET note = 'forged', hash = '${hashOf({ ...kept, note: 'forged' })}' WHERE id = ${id}`);
    return () => world.sql(`UPDATE events SET note = '${kept.note.replaceAll("'", "''")}', hash = '${kept.hash}' WHERE id = ${id}`);
  };
  const undo = await forge(end - 5);
  broken('order', end - 4);
  undo();
  const restore = await forge(end);
  broken('missing', end + 1);
  restore();
  whole();
});

/* ---- the schema ---- */

test('a server refuses a store that is not this program’s, or not yet', async () => {
  await world.halt();
  const refused = (words, pattern) => {
    const { status, stderr } = world.luyue(words);
    assert.equal(status, 1, stderr);
    assert.match(stderr, pattern);
  };
  const row = world.sql('SELECT version, sha256 FROM schema_changes ORDER BY version DESC LIMIT 1');
  const [version, sha256] = row.split('|');
  world.sql(`UPDATE schema_changes SET sha256 = '${'0'.repeat(64)}' WHERE version = ${version}`);
  for (const command of ['migrate', 'serve', 'verify']) refused([command], /在执行后被修改或丢失/);
  refused(['serve', '--demo'], /在执行后被修改或丢失/);
  world.sql(`UPDATE schema_changes SET sha256 = '${sha256}' WHERE version = ${version}`);
  world.sql(`INSERT INTO schema_changes (version, name, sha256, applied_at) VALUES (9999, '9999_future', '', 0)`);
  for (const command of ['migrate', 'serve']) refused([command], /9999_future/);
  world.sql('DELETE FROM schema_changes WHERE version = 9999');
  world.sql(`DELETE FROM schema_changes WHERE version = ${version}`);
  refused(['serve'], /1 migrations are pending: run `luyue migrate`/);
  world.sql(`INSERT INTO schema_changes (version, name, sha256, applied_at) VALUES (${version}, 'x', '${sha256}', 0)`);
  await world.start();
  await signInAll();
  whole();
});

test('a store has to be made before it is served, and is made once', async () => {
  const place = newWorld({ demo: false });
  try {
    assert.match(place.luyue(['serve']).stderr, /cannot read .*master\.key/);
    assert.equal(place.luyue(['init', '--admin', 'root'], `${PASSWORD}\n`).status, 0);
    const key = fs.readFileSync(path.join(place.data, 'keys', 'master.key'));
    assert.equal(fs.statSync(path.join(place.data, 'keys', 'master.key')).mode & 0o777, 0o600);
    assert.equal(place.luyue(['init', '--admin', 'root'], `${PASSWORD}\n`).status, 1);
    assert.equal(place.luyue(['demo']).status, 0, 'a store with accounts is left as it is');
    assert.deepEqual(fs.readFileSync(path.join(place.data, 'keys', 'master.key')), key);
    assert.equal(place.luyue(['migrate']).status, 0);
    await place.start();
    const root = await place.signIn('root');
    assert.equal((await root.get('/accounts')).body.items.length, 1);
  } finally {
    await place.stop();
  }
});

test('a second start on the same data changes nothing', async () => {
  const before = await everyEntry();
  await world.halt();
  await world.start();
  assert.deepEqual((await new Client(world.url, audit.token).get('/events?limit=1')).body.items[0].id, before.at(-1).id);
  audit = new Client(world.url, audit.token);
  division = new Client(world.url, division.token);
});

/* ---- kill -9 ---- */

// Writes from several sides until `enough` are acknowledged, then ends the server without a word.
async function writeUntilKilled(enough) {
  const acknowledged = [];
  let killed;
  const write = async () => {
    while (!killed) {
      const reply = await division.post('/contracts', contract()).catch(() => undefined);
      if (reply?.status === 201) acknowledged.push(reply.body);
      if (acknowledged.length >= enough) killed ??= world.halt('SIGKILL');
    }
  };
  await Promise.all([write(), write(), write(), write()]);
  assert.equal(await killed, 'SIGKILL');
  return acknowledged;
}

test('what was acknowledged is there after a kill at any moment, and the trail is whole', async () => {
  for (let round = 0; round < 20; round += 1) {
    const acknowledged = await writeUntilKilled(randomInt(1, 25));
    await world.start();
    division = new Client(world.url, division.token);
    audit = new Client(world.url, audit.token);
    for (const record of acknowledged) {
      const reply = await division.get(`/contracts/${record.id}`);
      assert.deepEqual(reply.body, record, `round ${round}`);
    }
    const entries = await Promise.all(acknowledged.map((record) => history(record)));
    assert.ok(entries.every(([entry]) => entry?.action === 'create'));
  }
  whole();
  const unfounded = world.sql(`SELECT count(*) FROM contracts c WHERE NOT EXISTS
    (SELECT 1 FROM events e WHERE e.resource = 'contracts' AND e.record_id = c.id AND e.action = 'create')`);
  assert.equal(unfounded, '0', 'no record without its entry');
});

// Letters between the two sides of a contract, as people exchange them over the API: the lawful path and the refusals.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startWorld, Browser, Client, PASSWORD } from '../world.js';

const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

let world, client, division, pm, provider, duty, supervisor, cleaner, survey, contract;
before(async () => {
  world = await startWorld();
  [client, division, pm, provider, duty, supervisor, cleaner, survey] = await Promise.all(
    ['client', 'division', 'pm', 'provider', 'duty', 'supervisor', 'cleaner', 'survey'].map((account) => world.signIn(account)));
  contract = (await provider.get('/contracts?limit=1&state=active')).body.items[0];
});
after(() => world.stop());

async function draft(author = client, values = {}) {
  const reply = await author.post('/letters', {
    type: 'general', contract_id: contract.id, subject: '关于调整班次的函', body: '请说明夜班安排。', ...values,
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

async function fresh(letter, reader = client) { return (await reader.get(`/letters/${letter.id}`)).body; }

async function send(letter, sender = client, headers = {}) {
  const { sha256 } = await fresh(letter, sender);
  return sender.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }, headers);
}

async function sent(author = client, values = {}) {
  const letter = await draft(author, values);
  const reply = await send(letter, author);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

function step(letter, actor, action, body = { reason: '情况属实' }) {
  return actor.post(`/letters/${letter.id}/${action}`, body);
}

async function attach(letter, uploader = client, name = '清单.pdf', bytes = PDF) {
  const form = new FormData();
  form.set('subject', 'letters');
  form.set('subject_id', letter.id);
  form.set('retention', 'long');
  form.set('file', new Blob([bytes]), name);
  return uploader.post('/documents', form);
}

function codes(reply) { return reply.body.error.fields.map(({ field, code }) => [field, code]); }

test('a letter goes from draft to answer, and every step says who and when', async () => {
  const letter = await draft();
  assert.deepEqual([letter.state, letter.from_side, letter.number, letter.may.send], ['draft', 'client', '', true]);
  assert.equal((await provider.get(`/letters/${letter.id}`)).status, 404);

  const gone = (await send(letter)).body;
  assert.equal(gone.state, 'sent');
  assert.match(gone.number, /^函-\d{4}-\d{4}$/);
  assert.match(gone.code, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.match(gone.due_at, /\+08:00$/);
  assert.deepEqual(gone.signatures.map(({ party, account, sha256, valid }) => [party, account, sha256, valid]),
    [['sender', 'client', gone.sha256, true]]);

  const approved = await step(letter, provider, 'approve');
  assert.deepEqual([approved.body.state, approved.body.decided_by, approved.body.reason], ['approved', '方远', '情况属实']);
  assert.equal(approved.body.to_answer, true); // there is nothing to execute
  assert.match((await step(letter, provider, 'approve')).body.error.message, /已同意，待回复/);
  const answered = await step(letter, duty, 'answer', { answer: '夜班两人，名单附后。' });
  assert.deepEqual([answered.body.state, answered.body.answer, answered.body.due_at, answered.body.executed_at],
    ['answered', '夜班两人，名单附后。', null, null]);
  assert.match(answered.body.answered_at, /\+08:00$/);

  const history = await client.get(`/letters/${letter.id}/history`);
  assert.deepEqual(history.body.items.map((item) => item.action), ['answer', 'approve', 'send', 'sign', 'create']);
  const theirs = await provider.get(`/letters/${letter.id}/history`); // how it came to its words is the sender's own
  assert.deepEqual(theirs.body.items.map((item) => item.action), ['answer', 'approve', 'send']);
});

test('a step of the other side is refused with the reason, and the refusal stands in the trail', async () => {
  const letter = await sent();
  const own = await step(letter, division, 'approve');
  assert.equal(own.status, 403);
  assert.equal(own.body.error.code, 'letter.other_side');
  assert.match(own.body.error.message, /另一方/);
  assert.equal((await step(letter, provider, 'withdraw')).body.error.code, 'letter.other_side');
  assert.equal((await step(letter, supervisor, 'approve')).body.error.code, 'request.no_right');
  const audit = await world.signIn('audit');
  const entries = (await audit.get('/events?action=refused&limit=20')).body.items;
  assert.ok(entries.some((entry) => entry.account === 'division' && entry.note.endsWith(`/letters/${letter.id}/approve`)));
  assert.equal((await fresh(letter)).state, 'sent');
});

test('a step in the wrong state is refused, and a decision wants a reason', async () => {
  const letter = await sent();
  assert.equal((await step(letter, provider, 'answer', { answer: '好' })).body.error.code, 'letter.wrong_state');
  for (const action of ['approve', 'return', 'refuse']) {
    const mute = await step(letter, provider, action, { reason: ' ' });
    assert.equal(mute.status, 422);
    assert.deepEqual(codes(mute), [['reason', 'required']]);
  }
  assert.equal((await step(letter, provider, 'refuse', { reason: '不属本合同' })).body.state, 'refused');
  assert.equal((await step(letter, provider, 'approve')).body.error.code, 'letter.wrong_state');
  assert.equal((await step(letter, client, 'withdraw')).body.error.code, 'letter.wrong_state');
});

test('what a second person decided meanwhile is not overwritten', async () => {
  const letter = await sent();
  assert.equal((await step(letter, provider, 'return', { reason: '请补充日期' })).status, 200);
  const stale = await step(letter, duty, 'approve', { reason: '同意', version: letter.version });
  assert.equal(stale.status, 409);
  assert.equal(stale.body.error.code, 'record.stale');
});

test('a returned letter is corrected by its sender, keeps its number, and is signed anew', async () => {
  const letter = await sent();
  await step(letter, provider, 'return', { reason: '请注明日期' });
  const { version } = await fresh(letter);
  const alien = await provider.patch(`/letters/${letter.id}`, { version, body: '改' });
  assert.equal(alien.status, 403);
  const corrected = await client.patch(`/letters/${letter.id}`, { version, body: '自下月一日起。' });
  assert.equal(corrected.status, 200, corrected.text);
  assert.equal((await provider.get(`/letters/${letter.id}`)).status, 404);
  const again = (await send(letter)).body;
  assert.deepEqual([again.number, again.round, again.state], [letter.number, 2, 'sent']);
  assert.notEqual(again.sha256, letter.sha256);
  assert.deepEqual(again.signatures.map(({ valid }) => valid), [false, true]);
  assert.equal((await fresh(letter, provider)).body, '自下月一日起。');
});

test('what is signed is what was shown: another text, another attachment or a wrong password does not leave', async () => {
  const letter = await draft();
  const { sha256, version } = await fresh(letter);
  const post = (body) => client.post(`/letters/${letter.id}/send`, body);
  assert.equal((await post({ sha256, password: 'not the password' })).body.error.code, 'access.wrong_password');
  assert.equal((await attach(letter)).status, 201);
  assert.equal((await post({ sha256, password: PASSWORD })).body.error.code, 'letter.changed');
  const attached = (await fresh(letter)).sha256;
  await client.patch(`/letters/${letter.id}`, { version, subject: '另一事由' });
  assert.equal((await post({ sha256: attached, password: PASSWORD })).body.error.code, 'letter.changed');
  assert.equal((await fresh(letter)).state, 'draft');
});

test('a sent letter and its attachments never change', async () => {
  const letter = await draft();
  const document = (await attach(letter)).body;
  const gone = (await send(letter)).body;
  assert.equal(gone.attachments, `${document.sha256}  清单.pdf\n`);
  const rewritten = await client.patch(`/letters/${letter.id}`, { version: gone.version, body: '改' });
  assert.deepEqual([rewritten.status, rewritten.body.error.code], [409, 'letter.sealed']);
  assert.equal((await attach(letter)).body.error.code, 'letter.sealed');
  assert.equal((await attach(letter, provider)).status, 403);
  const removed = await client.post(`/documents/${document.id}/remove`, { reason: '误传' });
  assert.equal(removed.body.error.code, 'letter.sealed');
  assert.equal((await fresh(letter, provider)).documents.length, 1);
});

test('a replayed request is answered as the first time and does nothing again', async () => {
  const letter = await draft();
  const key = { 'Idempotency-Key': `send-${letter.id}` };
  const { sha256 } = await fresh(letter);
  const post = () => client.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }, key);
  const [first, again] = [await post(), await post()];
  assert.deepEqual([first.status, again.status], [200, 200]);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(again.body.number, first.body.number);
  const naked = await client.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD });
  assert.equal(naked.body.error.code, 'letter.wrong_state');
  assert.equal((await fresh(letter)).signatures.length, 1);
});

test('nobody outside the contract writes about it or sees its letters', async () => {
  const letter = await sent();
  const foreign = await cleaner.post('/letters', { type: 'general', contract_id: contract.id, subject: '越界', body: '越界' });
  assert.equal(foreign.status, 422);
  assert.deepEqual(codes(foreign), [['contract_id', 'unknown_record']]);
  assert.equal((await cleaner.get(`/letters/${letter.id}`)).status, 404);
  assert.equal((await cleaner.post(`/letters/${letter.id}/approve`, { reason: '同意' })).status, 404);
  assert.ok((await cleaner.get('/letters?limit=200')).body.items.every((item) => item.contract_id !== contract.id));
  assert.equal((await pm.get(`/letters/${letter.id}`)).status, 404); // a contract of the division, not of this project
  assert.equal((await survey.get('/letters')).status, 403);
});

test('whatever is tried against a letter is refused with its reason, and the audit centre reads who tried it', async () => {
  const audit = await world.signIn('audit');
  const letter = await draft();
  const document = (await attach(letter)).body;
  const gone = (await send(letter)).body;
  const place = `/api/letters/${letter.id}`;
  const tried = [ // by whom, what, and what it is refused for
    ['division', () => division.post(`/letters/${letter.id}/approve`, { reason: '同意' }), 403, 'letter.other_side', `${place}/approve`],
    ['client', () => client.post(`/letters/${letter.id}/send`, { sha256: gone.sha256, password: PASSWORD }), 409, 'letter.wrong_state', `${place}/send letter.wrong_state`],
    ['client', () => client.patch(`/letters/${letter.id}`, { version: gone.version, body: '改' }), 409, 'letter.sealed', `${place} letter.sealed`],
    ['client', () => attach(letter), 409, 'letter.sealed', '/api/documents letter.sealed'],
    ['client', () => client.post(`/documents/${document.id}/remove`, { reason: '误传' }), 409, 'letter.sealed', `/api/documents/${document.id}/remove letter.sealed`],
    ['duty', () => duty.post(`/letters/${letter.id}/approve`, { reason: '同意', version: gone.version - 1 }), 409, 'record.stale', `${place}/approve record.stale`],
    ['cleaner', () => cleaner.post(`/letters/${letter.id}/approve`, { reason: '同意' }), 404, 'record.not_found', `${place}/approve record.not_found`],
    ['cleaner', () => cleaner.post('/letters', { type: 'general', contract_id: contract.id, subject: '越界', body: '越界' }), 422, 'input.invalid', '/api/letters input.invalid'],
  ];
  for (const [account, attempt, status, code, note] of tried) {
    const reply = await attempt();
    assert.deepEqual([reply.status, reply.body.error.code], [status, code], note);
    assert.ok(reply.body.error.message, note);
    let entry;
    for (let tries = 0; tries < 500 && !entry; tries += 1) // it is written after the answer
      entry = (await audit.get('/events?action=refused&limit=20')).body.items.find((item) => item.account === account && item.note === note);
    assert.ok(entry, note);
  }
  assert.equal((await fresh(letter)).version, gone.version);
});

test('a contract may ask for two people of the side that sends', async () => {
  const ask = async (letters_countersigned) => {
    const { version } = (await division.get(`/contracts/${contract.id}`)).body;
    const reply = await division.patch(`/contracts/${contract.id}`, { version, letters_countersigned });
    assert.equal(reply.status, 200, reply.text);
  };
  await ask(true);
  const letter = await draft();
  assert.equal((await send(letter)).body.state, 'draft');
  assert.equal((await send(letter)).body.error.code, 'letter.same_signer');
  const gone = await send(letter, division);
  assert.deepEqual([gone.body.state, gone.body.signatures.map(({ party }) => party)], ['sent', ['sender', 'countersigner']], gone.text);
  await ask(false);
  await sent();
});

test('a form offers the types and the people that can be meant, and lists are narrowed by words', async () => {
  const page = async (account, target) => (await (await world.browse(account)).get(target)).text;
  const options = (text, id) => [...text.split(id)[1].split('</select>')[0].matchAll(/<option value="([^"]*)"[^>]*>([^<]*)/g)].map(([, value, words]) => [value, words]);
  const types = async (account, query = '') => options(await page(account, `/letters/new${query}`), 'id="type"').map(([value]) => value);
  assert.ok((await types('cleaner')).includes('general'));
  for (const type of ['month_rules', 'scheme_consent', 'agent_change']) assert.ok(!(await types('cleaner')).includes(type), type);
  const cleaning = (await client.get('/contracts?state=active&service=cleaning&limit=1')).body.items[0];
  assert.ok((await types('client')).includes('agent_change'));
  assert.ok(!(await types('client', `?contract_id=${cleaning.id}`)).includes('agent_change'));
  const drafts = (await division.get('/contracts?state=draft')).body.items.map(({ id }) => String(id));
  const offered = options(await page('division', '/letters/new'), 'id="contract_id"').map(([value]) => value);
  assert.ok(offered.length > 5 && !offered.some((id) => drafts.includes(id)));

  const letter = await draft(client, { type: 'agent_change' });
  const people = options(await page('client', `/letters/${letter.id}/edit`), 'name="lines.0.person_id"').slice(1).map(([value]) => value);
  assert.ok(people.length > 10);
  const theirs = (await client.get(`/people?organisation_id=${contract.provider_id}&limit=200`)).body.items.map(({ id }) => String(id));
  assert.deepEqual(people.filter((id) => !theirs.includes(id)), []);

  const list = await page('client', '/letters');
  assert.deepEqual(options(list, 'name="type"').find(([value]) => value === 'general'), ['general', '一般函件']);
  assert.ok(!options(list, 'name="from_side"').some(([value]) => value === 'third_party'));
  const duties = await page('client', '/duties');
  assert.deepEqual(options(duties, 'name="rule"').find(([value]) => value === 'decide_letter'), ['decide_letter', '核实函件']);
  assert.deepEqual(options(duties, 'name="owner_role"').find(([value]) => value === 'pm'), ['pm', '项目经理']);
  assert.deepEqual(options(duties, 'name="subject"').find(([value]) => value === 'letters'), ['letters', '函件']);
  assert.ok(options(await page('audit', '/events'), 'name="action"').some(([value, words]) => value === 'login' && words === '登录'));

  const { id } = await sent();
  assert.doesNotMatch((await page('client', `/letters/${id}`)).split('经过')[1], /[0-9a-f]{64}/);
});

test('without an agreement on electronic signatures nothing is sent', async () => {
  const letter = await draft();
  const agreement = (await division.get(`/signature_agreements?provider_id=${contract.provider_id}`)).body.items[0];
  const end = (ends_on) => division.patch(`/signature_agreements/${agreement.id}`, { version: agreement.version, ends_on });
  assert.equal((await end(agreement.signed_on)).status, 200);
  const refused = await send(letter);
  assert.deepEqual([refused.status, refused.body.error.code], [409, 'letter.no_agreement']);
  agreement.version += 1;
  assert.equal((await end(null)).status, 200);
  assert.equal((await send(letter)).status, 200);
});

test('a delegate decides in the name of the absent, and the letter and the trail say so', async () => {
  const letter = await sent();
  const people = (await provider.get('/people?q=罗芳')).body.items;
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const made = await provider.post('/delegations', { delegate_id: people[0].id, starts_on: today, ends_on: today, reason: '出差' });
  assert.equal(made.status, 201, made.text);
  const approved = await step(letter, supervisor, 'approve');
  assert.equal(approved.status, 200, approved.text);
  assert.deepEqual([approved.body.decided_by, approved.body.decided_for], ['罗芳', '方远']);
  const [entry] = (await client.get(`/letters/${letter.id}/history`)).body.items;
  assert.match(entry.changes, /"decided_for".*方远/);
  const { version } = made.body;
  await provider.patch(`/delegations/${made.body.id}`, { version, starts_on: '2025-01-01', ends_on: '2025-01-02' });
  assert.equal((await step(await sent(), supervisor, 'approve')).status, 403);
});

test('a delegate is told, sees what is to be done and hears of new letters, while the delegation holds', async () => {
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const person = async (actor, name) => (await actor.get(`/people?q=${encodeURIComponent(name)}`)).body.items[0].id;
  const give = (actor, delegate_id) => actor.post('/delegations', { delegate_id, starts_on: today, ends_on: today, reason: '出差' });
  const less = await give(client, await person(client, '周敏')); // below the unit: would not see the letters
  assert.deepEqual([less.status, codes(less)], [422, [['delegate_id', 'sees_less']]]);
  const none = await give(provider, await person(provider, '许娜'));
  assert.deepEqual([none.status, codes(none)], [422, [['delegate_id', 'sees_no_letters']]]);

  const before = await sent();
  const about = async (letter) => (await supervisor.get('/tasks')).body.items.filter((duty) => duty.subject === 'letters' && duty.subject_id === letter.id);
  const heard = async (kind, id) => (await supervisor.get(`/notices?kind=${kind}&limit=100`)).body.items.filter((notice) => notice.subject_id === id).length;
  assert.deepEqual(await about(before), []);
  assert.equal(await heard('letter.sent', before.id), 0);
  const made = (await give(provider, await person(provider, '罗芳'))).body;
  assert.equal(await heard('delegation.given', made.id), 1);
  const letter = await sent();
  assert.equal(await heard('letter.sent', letter.id), 1);
  for (const one of [before, letter]) assert.deepEqual((await about(one)).map(({ rule }) => rule), ['decide_letter']);
  assert.equal((await step(letter, supervisor, 'approve')).body.decided_for, '方远');
  assert.deepEqual((await about(letter)).map(({ rule }) => rule), ['answer_letter']);

  await provider.patch(`/delegations/${made.id}`, { version: made.version, starts_on: '2025-01-01', ends_on: '2025-01-02' });
  assert.equal(await heard('delegation.changed', made.id), 1);
  assert.deepEqual(await about(before), []);
});

test('urging tells once a day, and is for the side that waits', async () => {
  const letter = await sent();
  const own = await step(letter, provider, 'urge', {});
  assert.deepEqual([own.status, own.body.error.code], [403, 'letter.other_side']);
  assert.match(own.body.error.message, /委托方/);
  assert.equal((await step(letter, client, 'urge', {})).status, 200);
  assert.equal((await step(letter, client, 'urge', {})).body.error.code, 'letter.urged_today');
});

test('numbers run through the year without a gap, whoever sends at the same time', async () => {
  const letters = await Promise.all(Array.from({ length: 8 }, () => draft()));
  const fail = Promise.all(letters.map((letter) => client.post(`/letters/${letter.id}/send`, { sha256: '0'.repeat(64), password: PASSWORD })));
  await Promise.all([fail, ...letters.map((letter) => send(letter))]);
  const rows = world.sql("SELECT number FROM letters WHERE number LIKE '函-%' ORDER BY number").split('\n').map((number) => number.split('-'));
  const years = new Map(); // each begins with 1
  for (const [, year, sequence] of rows) {
    assert.equal(Number(sequence), (years.get(year) ?? 0) + 1);
    years.set(year, Number(sequence));
  }
});

/* ---- for those outside ---- */

async function bytesOf(reader, target) {
  const reply = await fetch(`${world.url}/api${target}`, { headers: { authorization: `Bearer ${reader.token}` } });
  return { status: reply.status, type: reply.headers.get('content-type'), bytes: Buffer.from(await reply.arrayBuffer()) };
}

test('evidence is checked with sha256sum and openssl alone', async () => {
  const letter = await draft();
  for (const name of ['清单.pdf', '清单.pdf']) assert.equal((await attach(letter, client, name)).status, 201);
  const { number, sha256, code } = (await send(letter)).body;
  await step(letter, provider, 'approve');
  const { status, type, bytes } = await bytesOf(client, `/letters/${letter.id}/evidence.zip`);
  assert.deepEqual([status, type], [200, 'application/zip']);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'evidence-'));
  const run = (program, ...words) => execFileSync(program, words, { cwd: folder, encoding: 'utf8' });
  const read = (name) => fs.readFileSync(path.join(folder, name));
  try {
    fs.writeFileSync(path.join(folder, 'all.zip'), bytes);
    run('unzip', '-q', 'all.zip');
    const verify = (name) => run('openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', 'trail-key.pem', '-rawin', '-in', name,
      '-sigfile', `${name.replace('.txt', '')}.sig`);
    assert.doesNotMatch(run('sha256sum', '-c', 'SHA256SUMS'), /FAILED/);
    assert.match(verify('SHA256SUMS'), /Verified Successfully/);
    const { public_key: key } = (await client.get(`/check/${code}`)).body;
    assert.equal(run('openssl', 'pkey', '-pubin', '-in', 'trail-key.pem', '-noout', '-text').split('pub:')[1].replaceAll(/[\s:]/g, ''), key);
    for (const event of JSON.parse(read('trail.json')).events) { // as README.txt says
      const words = ['luyue-event-1', event.id, Date.parse(event.at), event.account_id ?? 0, ...['account', 'person_name', 'origin', 'request',
        'action', 'resource'].map((name) => event[name]), event.record_id ?? 0, event.title, event.changes, event.note, event.previous];
      assert.equal(createHash('sha256').update(JSON.stringify(words)).digest('hex'), event.hash);
    }
    assert.equal(createHash('sha256').update(read('letter.txt')).digest('hex'), sha256);
    assert.equal(JSON.parse(read('letter.json')).number, number);
    assert.equal(JSON.parse(read('signatures.json')).signatures[0].sha256, sha256);
    for (const place of ['1', '2']) assert.deepEqual(read(`attachments/${place}/清单.pdf`), PDF);
    assert.match(verify('trail-head.txt'), /Verified Successfully/);
    const head = read('trail-head.txt').toString().split(' ');
    assert.ok(Number(head[1]) >= JSON.parse(read('trail.json')).events[0].id);

    const forged = read('letter.txt').toString().replace('夜班', '早班'); // with all sums made anew
    fs.writeFileSync(path.join(folder, 'letter.txt'), forged);
    fs.writeFileSync(path.join(folder, 'SHA256SUMS'), read('SHA256SUMS').toString().replace(sha256, createHash('sha256').update(forged).digest('hex')));
    assert.doesNotMatch(run('sha256sum', '-c', 'SHA256SUMS'), /FAILED/);
    assert.throws(() => verify('SHA256SUMS'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('a printed letter carries its number, digest and code, and a draft none', async () => {
  const letter = await sent();
  const text = (bytes) => execFileSync('pdftotext', ['-raw', '-', '-'], { input: bytes, encoding: 'utf8' });
  const printed = await bytesOf(provider, `/letters/${letter.id}/print.pdf`);
  assert.deepEqual([printed.status, printed.type], [200, 'application/pdf']);
  for (const words of [letter.number, letter.subject, letter.code, letter.sha256, '约定的电子签名']) assert.ok(text(printed.bytes).includes(words), words);
  assert.ok(!text(printed.bytes).includes('法律效力')); // which an agreed signature does not claim
  const unsent = await bytesOf(client, `/letters/${(await draft()).id}/print.pdf`);
  assert.ok(text(unsent.bytes).includes('草稿') && !text(unsent.bytes).includes('/check/'));
});

test('whoever holds the paper checks it without an account, and learns nothing else', async () => {
  const letter = await draft();
  const document = (await attach(letter)).body;
  const { code, sha256, number } = (await send(letter)).body;
  const anybody = new Client(world.url);
  const shown = (await anybody.get(`/check/${code}`)).body;
  assert.deepEqual(Object.keys(shown).sort(), ['answered_at', 'client_name', 'current', 'from_side', 'match', 'number', 'provider_name',
    'public_key', 'sent_at', 'sha256', 'type']);
  assert.deepEqual([shown.number, shown.sha256, shown.current], [number, sha256, true]);
  const typed = code.replaceAll('-', '').toLowerCase(); // as people type
  assert.equal((await anybody.get(`/check/${typed}`)).body.number, number);
  const stranger = new Browser(world.url);
  assert.match((await stranger.get('/check')).text, /name="code"/);
  assert.match((await stranger.get(`/check?code=${typed}`)).headers.get('location'), new RegExp(`^/check/${typed}$`));
  assert.match((await stranger.get('/check?code=ABC')).text, /没有这个核验码的函件/);
  const offline = world.luyue(['verify', '--letter', code]); // what the code says, without a file to compare
  assert.deepEqual([offline.status, offline.stdout.includes('current'), offline.stdout.includes('match')], [0, true, false], offline.stdout);
  const match = async (digest) => (await anybody.post(`/check/${code}`, { sha256: digest })).body.match;
  assert.deepEqual([await match(sha256), await match(document.sha256), await match('0'.repeat(64)), await match('')], ['text', 'attachment', 'none', '']);
  await step(letter, provider, 'return', { reason: '请补日期' });
  assert.equal((await anybody.get(`/check/${code}`)).body.current, false);
  assert.equal((await anybody.get('/check/0000-0000-0000')).body.error.code, 'letter.no_such_code');
  const statuses = [];
  while (statuses.length < 100 && !statuses.includes(429)) statuses.push((await anybody.get('/check/0000-0000-0000')).status);
  assert.ok(statuses.includes(429));
});

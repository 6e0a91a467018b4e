// Files at records: kept once, shown safely, handed out with an entry in the trail, and gone only when they may be.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { startWorld, day } from '../world.js';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=', 'base64');
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

let world, ops, pm, audit, caller, cleaner, contract;
before(async () => {
  world = await startWorld();
  [ops, pm, audit, caller, cleaner] = await Promise.all(
    ['ops', 'pm', 'audit', 'provider', 'cleaner'].map((account) => world.signIn(account)));
  contract = (await cleaner.get('/contracts?limit=1&state=active')).body.items[0];
});
after(() => world.stop());

function sha256(bytes) { return createHash('sha256').update(bytes).digest('hex'); }

function upload(client, name, bytes, { subject = 'contracts', id = contract.id, retention = 'standard' } = {}) {
  const form = new FormData();
  form.set('subject', subject);
  form.set('subject_id', id);
  form.set('retention', retention);
  form.set('file', new Blob([bytes]), name);
  return client.post('/documents', form);
}

async function kept(name, bytes, options, client = ops) {
  const made = await upload(client, name, bytes, options);
  assert.equal(made.status, 201, made.text);
  return made.body;
}

async function content(client, document, headers = {}) {
  const reply = await fetch(`${world.url}/api/documents/${document.id}/content`, { headers: { authorization: `Bearer ${client.token}`, ...headers } });
  return { status: reply.status, headers: reply.headers, bytes: Buffer.from(await reply.arrayBuffer()) };
}

/* ---- upload ---- */

test('a document is what its content says, kept as long as its retention', async () => {
  const text = `会议纪要 ${process.pid}`;
  const made = await kept('纪要.txt', text);
  assert.deepEqual([made.name, made.media_type, made.size, made.sha256, made.subject, made.subject_id, made.state, made.uploaded_by],
    ['纪要.txt', 'text/plain', Buffer.byteLength(text), sha256(text), 'contracts', contract.id, 'kept', '沈佳']);
  assert.equal((await kept('照片.jpg', PNG)).name, '照片.jpg.png');
  assert.equal((await kept('方案', PDF)).media_type, 'application/pdf');
  const until = async (retention) => (await kept(`${retention}.txt`, text, { retention })).keep_until;
  assert.equal(await until('short'), day(30));
  assert.equal(await until('permanent'), null);
  assert.ok(await until('standard') > day(180) && await until('long') > day(5 * 365));
  assert.equal((await content(ops, made)).bytes.toString(), text);
});

function stored(digest) {
  if (world.db.url === 'sqlite') return fs.existsSync(path.join(world.data, 'files', digest.slice(0, 2), digest.slice(2))) ? 1 : 0;
  return Number(world.sql(`SELECT count(*) FROM blobs WHERE sha256 = '${digest}'`));
}

test('the same content is stored once, and stays while one document needs it', async () => {
  const bytes = randomBytes(2000).toString('hex');
  const first = await kept('甲.txt', bytes, { retention: 'short' });
  const second = await kept('乙.txt', bytes);
  assert.equal(first.sha256, second.sha256);
  assert.notEqual(first.id, second.id);
  assert.equal(stored(first.sha256), 1);
  assert.equal((await ops.post(`/documents/${first.id}/remove`, { reason: '重复上传' })).status, 200);
  assert.equal((await content(ops, second)).bytes.toString(), bytes);
  const found = (await ops.get(`/documents?sha256=${first.sha256}&state=kept`)).body.items;
  assert.deepEqual(found.map((document) => document.id), [second.id]);
});

test('an upload without file, place or retention says what is missing', async () => {
  const codes = (reply) => reply.body.error.fields.map(({ field, code }) => `${field} ${code}`);
  const form = new FormData();
  form.set('subject', 'contracts');
  form.set('subject_id', contract.id);
  form.set('retention', 'short');
  assert.deepEqual(codes(await ops.post('/documents', form)), ['file required']);
  form.set('file', new Blob(['x']), 'x.txt');
  form.delete('retention');
  assert.deepEqual(codes(await ops.post('/documents', form)), ['retention required']);
  assert.equal((await upload(ops, 'x.txt', 'x', { id: 999999 })).status, 404);
  assert.equal((await upload(ops, 'x.txt', 'x', { subject: 'events', id: 1 })).body.error.code, 'document.subject');
});

test('a big file arrives and leaves as it is', async () => {
  const bytes = Buffer.concat([PNG, randomBytes(5 << 20)]);
  const made = await kept('全景.png', bytes);
  assert.equal(made.sha256, sha256(bytes));
  const back = await content(ops, made);
  assert.equal(back.bytes.length, bytes.length);
  assert.equal(sha256(back.bytes), made.sha256);
});

test('a file beyond the limit is refused by its length', async () => {
  const status = await new Promise((resolve, reject) => {
    const request = http.request(`${world.url}/api/documents`, { method: 'POST', headers: {
      authorization: `Bearer ${ops.token}`, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 70 << 20 } });
    request.on('response', (reply) => { resolve(reply.statusCode); request.destroy(); });
    request.on('error', reject);
    request.flushHeaders();
  });
  assert.equal(status, 413);
});

test('many uploads at once are all kept, the same content once', async () => {
  const same = randomBytes(5000).toString('hex');
  const contents = Array.from({ length: 24 }, (_, i) => (i % 2 ? same : randomBytes(40_000).toString('hex')));
  const made = await Promise.all(contents.map((bytes, i) => kept(`${i}.txt`, bytes)));
  assert.equal(new Set(made.map((document) => document.id)).size, contents.length);
  const back = await Promise.all(made.map((document) => content(ops, document)));
  assert.ok(back.every((reply, i) => reply.bytes.toString() === contents[i]));
  assert.equal(stored(sha256(same)), 1);
});

/* ---- download ---- */

test('a part of a file is given when one asks for it', async () => {
  const made = await kept('0-9.txt', '0123456789');
  const ask = async (range, more) => {
    const reply = await content(ops, made, { range, ...more });
    return [reply.status, reply.bytes.toString(), reply.headers.get('content-range')];
  };
  assert.deepEqual(await ask('bytes=0-4'), [206, '01234', 'bytes 0-4/10']);
  assert.deepEqual(await ask('bytes=7-'), [206, '789', 'bytes 7-9/10']);
  assert.deepEqual(await ask('bytes=-3'), [206, '789', 'bytes 7-9/10']);
  assert.deepEqual(await ask('bytes=8-99'), [206, '89', 'bytes 8-9/10']);
  for (const range of ['bytes=10-', 'bytes=-0', 'bytes=99-100']) assert.deepEqual(await ask(range), [416, '', 'bytes */10'], range);
  for (const range of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b', 'bytes=', 'bytes=99999999999999999999999-'])
    assert.deepEqual(await ask(range), [200, '0123456789', null], range);
  assert.deepEqual(await ask('bytes=0-4', { 'if-range': '"another"' }), [200, '0123456789', null]);
  assert.deepEqual(await ask('bytes=0-4', { 'if-range': `"${made.sha256}"` }), [206, '01234', 'bytes 0-4/10']);
});

test('a file that the browser has is not sent again', async () => {
  const made = await kept('旧.txt', '旧内容');
  const first = await content(ops, made);
  assert.equal(first.headers.get('etag'), `"${made.sha256}"`);
  assert.match(first.headers.get('cache-control'), /private/);
  assert.equal((await content(ops, made, { 'if-none-match': first.headers.get('etag') })).status, 304);
});

test('pictures and PDF are shown in place, all else is saved, and nothing is run', async () => {
  for (const [name, bytes, how] of [['a.png', PNG, 'inline'], ['a.pdf', PDF, 'inline'], ['a.txt', 'x', 'attachment'],
    ['a.csv', 'a,b\r\n1,2\r\n', 'attachment'], ['a.zip', Buffer.from('504b0506000000000000000000000000000000000000', 'hex'), 'attachment']]) {
    const made = await kept(name, bytes);
    const reply = await content(ops, made);
    assert.ok(reply.headers.get('content-disposition').startsWith(`${how}; filename="${name}"`), name);
    assert.equal(reply.headers.get('content-type'), made.media_type);
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
    assert.match(reply.headers.get('content-security-policy'), /default-src 'none'/);
  }
});

test('C3.3 every download leaves an entry with its reader', async () => {
  const made = await kept('名单.txt', '名单');
  await ops.get(`/documents/${made.id}`);
  assert.equal((await cleaner.get(`/documents/${made.id}`)).status, 200);
  await content(cleaner, made);
  const entries = (await audit.get(`/documents/${made.id}/history`)).body.items;
  assert.deepEqual(entries.map((entry) => [entry.action, entry.account]), [['download', 'cleaner'], ['create', 'ops']]);
});

/* ---- who ---- */

test('V2 another provider cannot know of a document, and who may not write its record cannot attach', async () => {
  const made = await kept('报价.txt', `报价 ${process.pid}`);
  for (const target of [`/documents/${made.id}`, `/documents/${made.id}/content`, `/documents/${made.id}/history`])
    assert.equal((await caller.get(target)).status, 404, target);
  assert.deepEqual((await caller.get(`/documents?sha256=${made.sha256}`)).body.items, []);
  assert.deepEqual((await caller.get(`/documents?subject=contracts&subject_id=${contract.id}`)).body.items, []);
  assert.equal((await caller.post(`/documents/${made.id}/remove`, { reason: 'x' })).status, 404);
  assert.equal((await upload(caller, 'x.txt', 'x')).status, 404);
  assert.equal((await upload(cleaner, 'x.txt', 'x')).status, 403);
  assert.equal((await cleaner.post(`/documents/${made.id}/remove`, { reason: 'x' })).status, 403);
  const [qualification] = (await cleaner.get('/qualifications?limit=1')).body.items;
  const own = await kept('执照.pdf', PDF, { subject: 'qualifications', id: qualification.id }, cleaner);
  assert.equal((await content(cleaner, own)).status, 200);
  const here = (await pm.get('/contracts?limit=1')).body.items[0];
  assert.equal((await upload(pm, 'x.txt', 'x', { id: here.id })).status, 403);
});

/* ---- retention ---- */

test('a document is not removed before its time, and never without a reason', async () => {
  const remove = (document, reason = '误传') => ops.post(`/documents/${document.id}/remove`, { reason });
  const standard = await kept('标准.txt', '标准');
  const refused = await remove(standard);
  assert.deepEqual([refused.status, refused.body.error.code], [409, 'document.retained']);
  assert.equal((await remove(await kept('永久.txt', '永久', { retention: 'permanent' }))).body.error.code, 'document.permanent');
  const short = await kept('短期.txt', '短期', { retention: 'short' });
  assert.equal((await remove(short, ' ')).status, 422);
  const removed = await remove(short);
  assert.deepEqual([removed.body.state, removed.body.reason], ['removed', '误传']);
  assert.equal((await content(ops, short)).status, 404);
  assert.equal((await remove(short)).body.error.code, 'document.removed');
  assert.equal((await ops.get(`/documents/${short.id}`)).status, 200, 'the row stays');
});

test('V3.2 audit holds a document that would be removed', async () => {
  const made = await kept('争议.txt', '争议', { retention: 'short' });
  const hold = (client, on, reason) => client.post(`/documents/${made.id}/hold`, { on, reason });
  assert.equal((await hold(cleaner, true, 'x')).status, 403);
  assert.equal((await hold(audit, true, '')).status, 422);
  assert.equal((await hold(audit, true, '审计抽查')).body.legal_hold, true);
  assert.equal((await hold(audit, true, '审计抽查')).body.error.code, 'document.on_hold');
  assert.equal((await ops.post(`/documents/${made.id}/remove`, { reason: 'x' })).body.error.code, 'document.on_hold');
  assert.equal((await hold(ops, false, '抽查结束')).body.legal_hold, false);
  assert.equal((await hold(ops, false, '抽查结束')).body.error.code, 'document.not_on_hold');
  assert.equal((await ops.post(`/documents/${made.id}/remove`, { reason: '误传' })).status, 200);
  const actions = (await audit.get(`/documents/${made.id}/history`)).body.items.map((entry) => entry.action);
  assert.deepEqual(actions, ['remove', 'release', 'hold', 'create']);
});

/* ---- what was acknowledged is there ---- */

test('a document whose upload was acknowledged survives a kill', async () => {
  for (let i = 0; i < 3; i += 1) {
    const bytes = randomBytes(30_000).toString('hex');
    const made = await kept(`${i}.txt`, bytes);
    assert.equal(await world.halt('SIGKILL'), 'SIGKILL');
    await world.start();
    ops = await world.signIn('ops');
    const back = await content(ops, made);
    assert.deepEqual([back.status, back.bytes.toString()], [200, bytes]);
  }
});

test('when its retention is over a document goes by itself, unless it is held', async () => {
  const bytes = randomBytes(2000).toString('hex');
  const due = await kept('到期.txt', bytes), held = await kept('保全.txt', `${bytes} `), long = await kept('长期.txt', '长期', { retention: 'long' });
  assert.equal((await ops.post(`/documents/${held.id}/hold`, { on: true, reason: '诉讼' })).status, 200);
  const restart = async (days) => {
    await world.halt();
    world.args = ['--clock', `${day(days)}T12:00:00+08:00`];
    await world.start();
    ops = await world.signIn('ops');
  };
  const becomes = async (wanted) => {
    for (let tries = 0; tries < 2000; tries += 1) {
      const { body } = await ops.get(`/documents/${due.id}`);
      if (wanted(body)) return;
    }
    assert.fail('the sweep has not come');
  };
  await restart(200);
  await becomes((document) => document.state === 'removed');
  await restart(203);
  await becomes((document) => document.erased);
  assert.equal(stored(due.sha256), 0);
  assert.deepEqual([(await content(ops, held)).status, (await content(ops, long)).status], [200, 200]);
  audit = await world.signIn('audit');
  const [erased, expired] = (await audit.get(`/documents/${due.id}/history`)).body.items;
  assert.deepEqual([erased.action, expired.action, expired.account], ['erase', 'expire', 'system']);
  assert.ok(erased.note.includes(due.sha256));
});

test('a thumbnail on a page is no opened document in the trail, opening one is', async () => {
  const made = await kept('墙面.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'));
  const browser = await world.browse('ops');
  const actions = async () => (await ops.get(`/documents/${made.id}/history`)).body.items.map((item) => item.action).filter((action) => action !== 'create');
  const page = (await browser.get(`/${made.subject}/${made.subject_id}`)).text;
  const thumbnail = new RegExp(`<img src="(/documents/${made.id}/content[^"]*)"`).exec(page)[1];
  assert.equal((await browser.get(thumbnail)).status, 200);
  assert.deepEqual(await actions(), ['preview']);
  assert.equal((await content(ops, made)).status, 200);
  assert.deepEqual((await actions()).sort(), ['download', 'preview']);
});

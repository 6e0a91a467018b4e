// What nobody with good intentions sends. Whatever it is, the server says no, stays up and shows nothing.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { workbook } from '../workbook.js';
import { startWorld, Browser, Client, PASSWORD, day } from '../world.js';

let world, division, ops, provider, otherProvider, browser, organisations, unit;
before(async () => {
  world = await startWorld();
  [division, ops, provider, otherProvider] = await Promise.all(
    ['division', 'ops', 'provider', 'cleaner'].map((account) => world.signIn(account)));
  browser = await world.browse('division');
  organisations = Object.fromEntries((await ops.get('/organisations?limit=200')).body.items.map((item) => [item.name, item.id]));
  unit = (await division.get(`/units?q=${encodeURIComponent('滨河花园')}`)).body.items[0].id;
});
after(() => world.stop());

afterEach(async () => {
  assert.equal(await (await fetch(`${world.url}/healthz`)).text(), 'ok');
  const metrics = await (await fetch(`${world.url}/metrics`)).text();
  const failures = [...metrics.matchAll(/luyue_requests_total\{face="\w+",status="5xx"\} (\d+)/g)].map((match) => match[1]);
  assert.deepEqual(failures, ['0', '0'], world.log);
});

const CLEANER = '净安保洁服务有限公司', CALLER = '远声信息服务有限公司', GROUP = '澄江服务集团有限公司';
let count = 0;
function contract(values = {}) {
  count += 1;
  return {
    number: `HT-HOSTILE-${process.pid}-${count}`, name: '夜间保洁', kind: 'continuous', service: 'cleaning',
    provider_id: organisations[CLEANER], unit_id: unit, starts_on: day(), ends_on: day(300), ...values,
  };
}

function connect() {
  const { hostname, port } = new URL(world.url);
  return net.connect(Number(port), hostname);
}

// 0: no reply.
function statusOf(text) { return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0); }

// Bytes as they are, on a connection of their own; all that comes back until the server ends it.
function raw(...pieces) {
  return new Promise((resolve, reject) => {
    const socket = connect();
    const chunks = [];
    socket.on('data', (bytes) => chunks.push(bytes));
    socket.on('error', (error) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ text, status: statusOf(text) });
    });
    for (const piece of pieces) socket.write(piece);
  });
}

// The same for what may not be a whole request: the server is not waited for, and serves others meanwhile.
async function poke(bytes) {
  const socket = connect();
  let text = '';
  socket.on('data', (more) => { text += more; });
  socket.on('error', () => {});
  await new Promise((resolve) => { socket.write(bytes, resolve); });
  await division.get('/contracts?limit=1');
  socket.destroy();
  return statusOf(text);
}

function request(method, target, headers = {}, body = '') {
  const lines = Object.entries({ Host: 'luyue', Connection: 'close', Authorization: `Bearer ${division.token}`, ...headers });
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1'),
    Buffer.from(body),
  ]);
}

function codes(reply) { return reply.body.error.fields.map(({ field, code }) => [field, code]); }

function sendJson(client, target, text) { return client.post(target, text, { 'content-type': 'application/json' }); }

/* ---- bodies ---- */

test('a body over the limit is refused before it is read', async () => {
  const long = { 'Content-Type': 'application/json', 'Content-Length': 3_000_000 };
  assert.equal((await raw(request('POST', '/api/contracts', long))).status, 413);
  const chunked = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const reply = await raw(request('POST', '/api/contracts', chunked), ...Array(24).fill(chunk), '0\r\n\r\n');
  assert.equal(reply.status, 413);
});

test('broken UTF-8 is refused wherever it stands', async () => {
  const type = (name) => ({ 'content-type': name });
  const json = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const cases = [
    await division.post('/contracts', json, type('application/json')),
    await division.post('/contracts', 'name=%C3%28', type('application/x-www-form-urlencoded')),
    await division.post('/contracts', '{"name":"\\ud800"}', type('application/json')),
    await division.get('/contracts?q=%FF'),
    await division.get('/contracts/%C0%AF'),
    await division.get('/contracts?q=%00'),
    await division.get('/contracts/1%00'),
  ];
  assert.deepEqual(cases.map((reply) => reply.status), cases.map(() => 400), cases.map((reply) => reply.text).join('\n'));
  assert.equal((await raw(request('GET', '/api/contracts?q=\xff'))).status, 400);
});

test('NUL is refused in every kind of body', async () => {
  const cases = [
    await sendJson(division, '/contracts', '{"name":"a\\u0000b"}'),
    await sendJson(division, '/contracts', '{"name":"a\0b"}'),
    await division.post('/contracts', 'name=a%00b', { 'content-type': 'application/x-www-form-urlencoded' }),
  ];
  assert.deepEqual(cases.map((reply) => reply.status), [400, 400, 400]);
});

test('JSON that is none, too deep or no object is refused', async () => {
  const deep = '['.repeat(1000) + ']'.repeat(1000);
  const nested = '{"a":'.repeat(1000) + '1' + '}'.repeat(1000);
  for (const text of [deep, nested, `{"name":${deep}}`, '[]', '"a"', '1', '{"a":1', '{"a":1}}', '{a:1}', '{"a":NaN}', "{'a':1}"])
    assert.equal((await sendJson(division, '/contracts', text)).status, 400, text.slice(0, 40));
});

test('a filter that is none or has no such value is said once, on both faces', async () => {
  for (const [query, field, code] of [['ends_on_to=soon', 'ends_on_to', 'bad_filter'], ['amount_fen_from=x', 'amount_fen_from', 'bad_filter'],
    ['state=cooking', 'state', 'bad_filter'], ['colour=red', 'colour', 'no_filter'],
    ['state=draft&state=active', 'state', 'repeated']]) {
    const refused = await division.get(`/contracts?${query}`);
    assert.deepEqual([refused.status, codes(refused)], [422, [[field, code]]], query);
    const page = await browser.get(`/contracts?${query}`);
    assert.equal(page.text.split(refused.body.error.fields[0].message).length - 1, 1, query);
  }
});

test('a refusal names the limit that was passed, in both languages', async () => {
  const message = async (body, language) => (await division.post('/contracts', contract(body), { 'accept-language': language }))
    .body.error.fields[0].message;
  for (const [body, limit] of [[{ number: 'x'.repeat(200) }, /40/], [{ remark: '长'.repeat(5000) }, /\d{4}/], [{ warranty_months: -1 }, /0/]])
    for (const [language, words] of [['zh', /最多|最小/], ['en', /at (most|least)/]]) {
      assert.match(await message(body, language), limit);
      assert.match(await message(body, language), words);
    }
});

test('unknown, repeated and own fields are named', async () => {
  const unknown = await division.post('/contracts', contract({ colour: 'red', state: 'active', id: 7, created_at: day(), search_key: 'x' }));
  assert.deepEqual(codes(unknown).sort(), ['colour', 'created_at', 'id', 'search_key', 'state'].map((field) => [field, 'unknown']));
  const repeated = await sendJson(division, '/contracts', JSON.stringify(contract()).replace('}', ',"name":"again"}'));
  assert.deepEqual(codes(repeated), [['name', 'repeated']]);
  const form = new URLSearchParams(contract());
  form.append('name', 'again');
  const sent = await division.post('/contracts', form.toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  assert.deepEqual(codes(sent), [['name', 'repeated']]);
  const hidden = await ops.post('/people', { name: '赵一', organisation_id: organisations[GROUP], job: 'other', phone_hash: 'x' });
  assert.deepEqual(codes(hidden), [['phone_hash', 'unknown']]);
  const fixed = await division.post('/contracts', contract());
  const moved = await division.patch(`/contracts/${fixed.body.id}`, { version: 1, provider_id: organisations[CALLER] });
  assert.deepEqual(codes(moved), [['provider_id', 'fixed']]);
});

test('values of the wrong kind or size are refused under their names', async () => {
  const wrong = {
    name: [7, true, {}, [], '', '  ', 'x'.repeat(101)],
    kind: ['no', 1, '', 'continuous '],
    provider_id: ['abc', -1, 0, 1.5, 1e30, '', 9223372036854775807n, [1]],
    starts_on: ['2026-02-30', '2026-2-3', 20260101, '0000-00-00', '99999-01-01', 'today'],
    amount_fen: [1.5, '1', {}, -1, 9223372036854775808n, 1e400, true],
    no_subcontracting: ['yes', 1, 'true'],
    warranty_months: [99999999999n, 121, '12'],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const shown = typeof value === 'bigint' ? String(value) : value === Infinity ? '1e400' : JSON.stringify(value);
      const text = JSON.stringify(contract({ [field]: '#' })).replace('"#"', shown);
      const reply = await sendJson(division, '/contracts', text);
      assert.equal(reply.status, 422, `${field} = ${shown}: ${reply.text}`);
      assert.ok(codes(reply).some(([name]) => name === field), `${field} = ${shown}: ${reply.text}`);
    }
  }
});

test('a body without its media type, or of a wrong one, is refused', async () => {
  const body = JSON.stringify(contract());
  for (const type of ['text/plain', 'application/xml', 'application/json; charset=gbk', 'multipart/mixed', '', 'application/jsonx'])
    assert.equal((await raw(request('POST', '/api/contracts', { 'Content-Length': Buffer.byteLength(body), ...(type && { 'Content-Type': type }) }, body))).status, 415, type);
  const broken = { 'content-type': 'multipart/form-data' };
  assert.equal((await division.post('/documents', 'x', broken)).status, 400);
  assert.equal((await division.post('/documents', '--a\r\nno end', { 'content-type': 'multipart/form-data; boundary=a' })).status, 400);
});

test('more fields than any form has are refused', async () => {
  const form = Array.from({ length: 1500 }, (_, i) => `f${i}=1`).join('&');
  assert.equal((await division.post('/contracts', form, { 'content-type': 'application/x-www-form-urlencoded' })).status, 400);
  assert.equal((await sendJson(division, '/contracts', `{${Array.from({ length: 1500 }, (_, i) => `"f${i}":1`).join()}}`)).status, 400);
  const many = await sendJson(division, '/contracts', `{${Array.from({ length: 900 }, (_, i) => `"f${i}":1`).join()}}`);
  assert.equal(many.status, 422);
  assert.ok(many.body.error.fields.length <= 120);
});

/* ---- other sites ---- */

test('a form without the session’s token changes nothing', async () => {
  const bare = new Browser(world.url, browser.cookie);
  const other = await world.browse('pm');
  for (const _csrf of ['', 'x', other.csrf, `${browser.csrf}0`])
    assert.equal((await bare.post('/contracts', { ...contract(), _csrf })).status, 403, _csrf);
  const json = JSON.stringify({ ...contract(), _csrf: browser.csrf });
  assert.equal((await bare.call('POST', '/api/contracts', json, { 'content-type': 'application/json' })).status, 403);
  const header = { 'content-type': 'application/json', 'x-csrf-token': browser.csrf };
  assert.equal((await bare.call('POST', '/api/contracts', JSON.stringify(contract()), header)).status, 201);
  assert.equal((await browser.post('/contracts', contract())).status, 303);
});

test('what another site sends is refused, even with the token', async () => {
  const ours = world.url, theirs = 'https://evil.example';
  for (const headers of [{ origin: theirs }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    assert.equal((await browser.post('/contracts', contract(), headers)).status, 403, JSON.stringify(headers));
    const login = new URLSearchParams({ account: 'ops', password: PASSWORD });
    assert.equal((await new Browser(world.url).call('POST', '/session', login, headers)).status, 403, JSON.stringify(headers));
  }
  assert.equal((await browser.post('/contracts', contract(), { origin: ours })).status, 303);
});

test('no reply leads away from this site or carries a header of somebody else’s', async () => {
  const places = ['https://evil.example/', '//evil.example', '/\\evil.example', '\\/evil.example', 'javascript:alert(1)', ' /x',
    '/x\r\nSet-Cookie: a=b', '/\tevil', 'evil', '/\r\n\r\n<script>'];
  for (const place of places) {
    const signedIn = await browser.get(`/login?next=${encodeURIComponent(place)}`);
    assert.equal(signedIn.headers.get('location'), '/', place);
    const back = await browser.post('/language', { lang: 'zh', back: place });
    assert.equal(back.headers.get('location'), '/', place);
    assert.doesNotMatch(back.headers.get('set-cookie'), /a=b/);
  }
  const shown = await new Browser(world.url).get(`/login?next=${encodeURIComponent('"><script>alert(1)</script>')}`);
  assert.doesNotMatch(shown.text, /<script>alert/);
  const lost = await browser.get(`/contracts?q=${encodeURIComponent('"><script>alert(1)</script>')}`);
  assert.doesNotMatch(lost.text, /<script>alert/);
  assert.match(lost.text, /&lt;script&gt;|&quot;&gt;/);
});

test('what somebody typed into a record is text on every page', async () => {
  const name = '<img src=x onerror=alert(1)>"\'{{name}}';
  const made = await division.post('/contracts', contract({ name, remark: '</textarea><script>alert(1)</script>' }));
  assert.equal(made.status, 201, made.text);
  for (const place of ['', '/edit', '/history']) {
    const page = await browser.get(`/contracts/${made.body.id}${place}`);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /<img src=x|<script>alert/);
  }
  const list = await browser.get(`/contracts?q=${encodeURIComponent('onerror')}`);
  assert.ok(list.text.includes('&lt;img src=x') && list.text.includes('{{name}}'));
});

/* ---- files ---- */

async function upload(client, name, bytes, { subject = 'organisations', id = organisations[CLEANER] } = {}) {
  const mark = '----luyue-hostile';
  const field = (key, value) => `--${mark}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`;
  const body = Buffer.concat([
    Buffer.from(field('subject', subject) + field('subject_id', id) + field('retention', 'short')),
    Buffer.from(`--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`),
    Buffer.from(bytes), Buffer.from(`\r\n--${mark}--\r\n`),
  ]);
  return client.post('/documents', body, { 'content-type': `multipart/form-data; boundary=${mark}` });
}

test('a file is called what it is, whatever path its name tries', async () => {
  const names = ['../../etc/passwd', '..\\\\..\\\\windows\\\\x.txt', '/etc/cron.d/x', '.', '..', '', 'a/b/c.txt', '\u202egpj.exe',
    `${'长'.repeat(300)}.txt`, 'x.html', 'x.png', '.htaccess', 'CON', 'a\\"; filename=\\"b.exe', 'a%0d%0aX-Evil: 1.txt', '~root'];
  for (const name of names) {
    const made = await upload(ops, name, '只是文字');
    assert.equal(made.status, 201, `${name}: ${made.text}`);
    assert.match(made.body.name, /^[^/\\\u202e\r\n]{1,200}\.txt$/, name);
    const content = await ops.get(`/documents/${made.body.id}/content`);
    assert.match(content.headers.get('content-disposition'), /^attachment; filename="[ -~]*"; filename\*=UTF-8''[\w.%~-]+$/, name);
    assert.equal(content.headers.get('x-evil'), null);
  }
  assert.deepEqual(fs.readdirSync(world.data).filter((name) => !/^(files|gate|keys|spool|(luyue|calls_\d{4}_\d\d)\.db(-wal|-shm)?)$/.test(name)), []);
});

test('what a browser or a machine would run is no document', async () => {
  const refused = {
    'page.html': '<!doctype html><script>alert(1)</script>', 'picture.png': '<html><body onload=alert(1)>',
    'x.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'x.xml': '<?xml version="1.0"?><a/>',
    'bom.txt': '\ufeff  <script>alert(1)</script>', 'x.sh': '#!/bin/sh\nrm -rf /', 'x.exe': 'MZ\x90\0\x03\0\0\0', 'x.bin': '\x7fELF\x02\x01\x01\0',
    'empty.txt': '', 'x.pdf': ' \n<html>',
  };
  for (const [name, text] of Object.entries(refused)) {
    const reply = await upload(ops, name, Buffer.from(text, name.startsWith('bom') ? 'utf8' : 'latin1'));
    assert.equal(reply.status, 422, `${name}: ${reply.text}`);
  }
  const unknown = await upload(ops, 'a.txt', 'x', { subject: 'accounts', id: 1 });
  assert.equal(unknown.status, 422);
  assert.equal((await upload(ops, 'a.txt', 'x', { subject: "contracts' OR 1=1 --", id: 1 })).status, 422);
});

test('a text that a spreadsheet would run is neutralised in exports', async () => {
  const formulas = ['=1+1', '+cmd|\' /C calc\'!A0', '@SUM(A1:A9)', '-2+3+cmd', '＝1+1', '=HYPERLINK("http://evil.example","x")'];
  const made = [];
  for (const name of formulas) made.push((await division.post('/contracts', contract({ name }))).body);
  assert.deepEqual(made.map((record) => record.name), formulas);
  const csv = await division.post('/contracts/export?format=csv&sort=-id');
  assert.equal(csv.status, 200);
  for (const name of formulas) {
    const cell = `'${name}`.replaceAll('"', '""');
    assert.ok(csv.text.includes(/[",]/.test(name) ? `"${cell}"` : `,${cell},`), name);
  }
  assert.doesNotMatch(csv.text, /(^|,)"?[=+@＝]/m);
  const sheet = await fetch(`${world.url}/api/contracts/export?format=xlsx`, { method: 'POST', headers: { authorization: `Bearer ${division.token}` } });
  const file = path.join(world.data, 'spool', 'export.xlsx');
  fs.writeFileSync(file, Buffer.from(await sheet.arrayBuffer()));
  const inside = spawnSync('python3', ['-c', 'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nfor n in z.namelist(): print(z.read(n).decode())', file], { encoding: 'utf8' });
  fs.unlinkSync(file);
  assert.equal(inside.status, 0, inside.stderr);
  assert.ok(inside.stdout.includes('HYPERLINK(&quot;') || inside.stdout.includes('HYPERLINK("'));
  assert.doesNotMatch(inside.stdout, /<f>|<f /);
});

test('a workbook that grows, refers outside or calls itself is refused or read as text', async () => {
  const sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';
  const cell = (value) => `<row r="1"><c r="A1" t="inlineStr"><is><t>${value}</t></is></c></row></sheetData></worksheet>`;
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  const books = {
    bomb: workbook(sheet, '<row></row>', 9_000_000, '</sheetData></worksheet>'),
    outside: workbook(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${sheet}${cell('&a;')}`),
    laughs: workbook(`<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${sheet}${cell('&l9;')}`),
  };
  for (const [name, bytes] of Object.entries(books)) {
    const form = new FormData();
    form.set('resource', 'contracts');
    form.set('file', new Blob([bytes]), `${name}.xlsx`);
    const reply = await division.post('/imports', form);
    assert.ok([201, 413, 422].includes(reply.status), `${name}: ${reply.text}`);
    if (name === 'bomb') assert.notEqual(reply.status, 201);
    assert.doesNotMatch(reply.text, /root:|haha/, name);
  }
});

/* ---- other people's records ---- */

test('V2 a reference to a record that one may not know of is unknown', async () => {
  const foreign = organisations[CLEANER];
  const own = organisations[CALLER];
  const licence = { kind: 'trade', name: '许可证', organisation_id: own };
  assert.equal((await provider.post('/qualifications', licence)).status, 201);
  assert.deepEqual(codes(await provider.post('/qualifications', { ...licence, organisation_id: foreign })), [['organisation_id', 'unknown_record']]);
  assert.deepEqual(codes(await provider.post('/qualifications', { ...licence, organisation_id: 999999 })), [['organisation_id', 'unknown_record']]);
  const someone = { name: '钱多', job: 'agent', organisation_id: foreign };
  assert.deepEqual(codes(await provider.post('/people', someone)), [['organisation_id', 'unknown_record']]);
  const site = (await ops.get(`/units?q=${encodeURIComponent('望江产业园')}`)).body.items[0].id;
  assert.deepEqual(codes(await division.post('/contracts', contract({ unit_id: site }))), [['unit_id', 'unknown_record']]);
  const theirs = (await otherProvider.get('/qualifications?limit=1')).body.items[0];
  assert.equal((await provider.get(`/qualifications/${theirs.id}`)).status, 404);
  assert.equal((await provider.patch(`/qualifications/${theirs.id}`, { version: theirs.version, name: 'x' })).status, 404);
  assert.equal((await upload(provider, 'a.txt', 'x', { id: foreign })).status, 404);
  assert.equal((await upload(provider, 'a.txt', 'x', { subject: 'qualifications', id: theirs.id })).status, 404);
  assert.deepEqual((await provider.get(`/qualifications?organisation_id=${foreign}`)).body.items, []);
});

test('V2 a provider writes nothing into its client’s organisation', async () => {
  const client = organisations[GROUP];
  assert.equal((await provider.get(`/organisations/${client}`)).status, 200);
  const person = await provider.post('/people', { name: '冒名', job: 'manager', organisation_id: client });
  assert.deepEqual(codes(person), [['organisation_id', 'other_organisation']]);
  const licence = await provider.post('/qualifications', { kind: 'trade', name: '许可证', organisation_id: client });
  assert.deepEqual(codes(licence), [['organisation_id', 'other_organisation']]);
});

/* ---- queries ---- */

const TRICKS = ["'", "' OR '1'='1", "'; DROP TABLE contracts; --", '1) OR (1=1', '"', '\\', '%', '_', '$1', '?', '/*', '--', '{{name}}', '${x}',
  "x' UNION SELECT password FROM accounts --", 'NULL', '，', '𠮷', 'a'.repeat(4000), '%27', '::text', ';'];

test('signs that mean something in SQL mean nothing in a search', async () => {
  const all = (await ops.get('/contracts?limit=200')).body.items.length;
  for (const trick of TRICKS) {
    for (const resource of ['contracts', 'organisations', 'people', 'documents', 'events']) {
      const client = resource === 'events' ? await auditor() : ops;
      const reply = await client.get(`/${resource}?q=${encodeURIComponent(trick)}`);
      assert.equal(reply.status, 200, `${resource} ${trick}: ${reply.text}`);
    }
  }
  for (const sign of ['%', "' OR '1'='1"]) assert.deepEqual((await ops.get(`/people?q=${encodeURIComponent(sign)}`)).body.items, []);
  assert.equal((await ops.get('/contracts?limit=200')).body.items.length, all);
});

let audit;
async function auditor() { audit ??= await world.signIn('audit'); return audit; }

test('a sort order, cursor, page size or filter that is none is refused', async () => {
  const client = await auditor();
  const wrong = { sort: [...TRICKS, '-', '--id', 'id desc', 'password', 'search_key', 'no_such', 'remark'],
    after: [...TRICKS, 'abc', '-1', '0', '99999999999999999999999', '1~~', '0x10', '1.5', '1 '],
    limit: [...TRICKS, '0', '-1', '201', '1e9', 'abc', '99999999999999999999', '1.5', ' 1'],
    executor_id: [...TRICKS, 'abc', '-1', '1.5', '0x1'], state: [...TRICKS, 'Draft', 'drafts'],
    ends_on_from: [...TRICKS, '2026-13-45', '2026'], amount_fen_to: [...TRICKS, 'x', '1e3', '99999999999999999999'] };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const reply = await client.get(`/contracts?${name}=${encodeURIComponent(value)}`);
      assert.ok([400, 422].includes(reply.status), `${name}=${value}: ${reply.status} ${reply.text.slice(0, 200)}`);
    }
  }
  for (const name of ['password', 'search_key', 'remark', 'state_from', 'no_such', 'provider_phone', '1=1', 'id) OR (1'])
    assert.equal((await client.get(`/contracts?${encodeURIComponent(name)}=1`)).status, 422, name);
  for (const query of ['password=a', 'sort=password', 'otp_secret=a', 'password_from=a'])
    assert.equal((await client.get(`/accounts?${query}`)).status, 422, query);
});

test('a query with very many values answers or refuses, and mixes nothing up', async () => {
  const states = (await ops.get(`/contracts?limit=200&state=${Array(500).fill('draft').join()}`));
  assert.ok([200, 400, 422].includes(states.status), states.text);
  if (states.status === 200) assert.ok(states.body.items.every((item) => item.state === 'draft'));
  const days = Array(200).fill(`ends_on_from=${day(-9000)}`).join('&');
  const ranges = await ops.get(`/contracts?${days}`);
  assert.ok([200, 400, 422].includes(ranges.status), ranges.text);
});

test('very long addresses and headers are refused', async () => {
  assert.equal((await division.get(`/contracts?q=${'a'.repeat(9000)}`)).status, 414);
  const endless = await raw(request('GET', `/api/contracts?q=${'a'.repeat(100_000)}`));
  assert.ok([0, 400, 413, 414, 431].includes(endless.status), endless.text.slice(0, 200));
  const heavy = await raw(request('GET', '/api/contracts', { 'X-Long': 'a'.repeat(100_000) }));
  assert.ok([0, 400, 413, 431].includes(heavy.status), heavy.text.slice(0, 200));
  const crowded = await raw(request('GET', '/api/contracts', Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`X-${i}`, 'aaaaaaaaaaaaaaa']))));
  assert.ok([0, 400, 413, 431].includes(crowded.status), crowded.text.slice(0, 200));
});

/* ---- the protocol ---- */

test('HEAD and OPTIONS answer like GET without its body; other methods are refused', async () => {
  const head = await division.call('HEAD', '/contracts');
  assert.deepEqual([head.status, head.text], [200, '']);
  assert.equal(head.headers.get('content-type'), 'application/json');
  const options = await division.call('OPTIONS', '/contracts');
  assert.equal(options.headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
  assert.equal(options.headers.get('access-control-allow-origin'), null);
  for (const method of ['PUT', 'DELETE', 'PROPFIND', 'get', 'X'])
    assert.equal((await raw(request(method, '/api/contracts'))).status, 405, method);
  assert.equal((await division.call('DELETE', '/contracts/1')).status, 405);
  assert.equal((await raw(request('GET', '/contracts/1/activate'))).status, 405);
});

test('requests that are no HTTP, or two at once, end the connection', async () => {
  const post = { 'Content-Type': 'application/json' };
  const before = (await division.get('/contracts?limit=1&sort=-id')).body.items[0].id;
  const body = JSON.stringify(contract());
  const hidden = request('POST', '/api/contracts', { ...post, 'Content-Length': Buffer.byteLength(body) }, body).toString();
  const pieces = [
    'nonsense\r\n\r\n', '\0\0\0\0', 'GET\r\n\r\n', 'GET /api/contracts\r\n\r\n', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00',
    `${request('GET', '/api/contracts').toString().trimEnd()}\r\nbroken header\r\n\r\n`,
    request('POST', '/api/contracts', { ...post, 'Content-Length': -5 }), request('POST', '/api/contracts', { ...post, 'Content-Length': '5x' }, 'hello'),
    request('POST', '/api/contracts', { ...post, 'Transfer-Encoding': 'chunked' }, 'zz\r\nhello\r\n'),
    request('POST', '/api/contracts', { ...post, 'Content-Length': 4, 'Transfer-Encoding': 'chunked' }, `0\r\n\r\n${hidden}`),
    request('POST', '/api/contracts', { ...post, 'Transfer-Encoding': 'xchunked' }, `0\r\n\r\n${hidden}`),
    request('POST', '/api/contracts', { ...post, 'Content-Length': 100 }, '{"name":'),
  ];
  for (const piece of pieces) {
    const status = await poke(piece);
    assert.ok(status < 500 || status === 505, `${status} ${piece.toString().slice(0, 60)}`); // 505: no such version of HTTP
  }
  assert.equal((await division.get('/contracts?limit=1&sort=-id')).body.items[0].id, before);
});

test('two hundred requests at once are all answered, and every record is there once', async () => {
  const wanted = Array.from({ length: 60 }, () => contract());
  const [made, read] = await Promise.all([
    Promise.all(wanted.map((values) => division.post('/contracts', values))),
    Promise.all(Array.from({ length: 140 }, () => division.get('/contracts?limit=20'))),
  ]);
  assert.ok(made.every((reply) => reply.status === 201), made.find((reply) => reply.status !== 201)?.text);
  assert.ok(read.every((reply) => reply.status === 200));
  assert.equal(new Set(made.map((reply) => reply.body.id)).size, wanted.length);
  for (const { number } of wanted.slice(0, 5)) assert.equal((await division.get(`/contracts?q=${number}&limit=200`)).body.items.filter((item) => item.number === number).length, 1);
});

/* ---- sent twice ---- */

test('a POST under the same key gives the same answer and makes one record', async () => {
  const key = { 'idempotency-key': `story-${process.pid}` };
  const values = contract();
  const first = await division.post('/contracts', values, key);
  const again = await division.post('/contracts', values, key);
  assert.deepEqual([first.status, again.status], [201, 201]);
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get('location'), first.headers.get('location'));
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  const other = await division.post('/contracts', contract(), key);
  assert.deepEqual([other.status, other.body.error.code], [409, 'request.key_reused']);
  const elsewhere = await division.post('/terms', values, key);
  assert.equal(elsewhere.status, 409);
  assert.equal((await ops.post('/contracts', contract(), key)).status, 201);
});

test('ten at once under one key make one record', async () => {
  const key = { 'idempotency-key': `story-${process.pid}-parallel` };
  const values = contract();
  const replies = await Promise.all(Array.from({ length: 10 }, () => division.post('/contracts', values, key)));
  assert.deepEqual([...new Set(replies.map((reply) => reply.body.id))].length, 1, replies.map((reply) => reply.text).join('\n'));
});

test('a refused POST leaves its key free, and a key that is none is refused', async () => {
  const key = { 'idempotency-key': `story-${process.pid}-refused` };
  assert.equal((await division.post('/contracts', {}, key)).status, 422);
  assert.equal((await division.post('/contracts', contract(), key)).status, 201);
  assert.equal((await division.post('/contracts', contract(), { 'idempotency-key': 'x'.repeat(101) })).status, 422);
});

/* ---- keys of somebody else ---- */

test('a session key that is none is nobody’s', async () => {
  for (const token of ['x', 'ly_x', 'a'.repeat(5000), "' OR 1=1 --", `${division.token}x`, division.token.slice(1), division.token.toUpperCase()])
    assert.equal((await new Client(world.url, token).get('/session')).status, 401, token.slice(0, 40));
  assert.equal((await new Browser(world.url, `${division.token}; luyue=x`).get('/tasks')).status, 200);
  assert.equal((await new Browser(world.url, `x; luyue=${division.token}`).get('/tasks')).status, 303);
});

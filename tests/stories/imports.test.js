// The import of a real office ledger: dry run, verdicts, mending, everything or nothing, twice the same.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, BINARY, day } from '../world.js';

const fixture = (name) => path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures', name);
const TRUTH = JSON.parse(fs.readFileSync(fixture('contract-ledger.truth.json'), 'utf8'));
const WRONG = TRUTH.filter((row) => row.problem);
const SERVICES = { 保洁: 'cleaning', 绿化: 'greening', 消杀: 'pest_control', 工程日常维护: 'engineering', 外呼: 'outbound_call', 一次性: 'other' };
const HEADER = '合同编号,合同名称,服务类别,服务种类,项目,供方,供方联系人及电话,签订日期,开始日期,结束日期,合同金额,监管执行人,被服务方评价条款';

let world, ops, division, executor, pm;
before(async () => {
  world = await startWorld();
  [ops, division, executor, pm] = await Promise.all(['ops', 'division', 'executor', 'pm'].map((account) => world.signIn(account)));
});
after(() => world.stop());

function upload(client, bytes, name = 'ledger.csv', resource = 'contracts') {
  const form = new FormData();
  form.append('resource', resource);
  form.append('file', new Blob([bytes]), name);
  return client.post('/imports', form);
}

// The import once its worker has done what it had to do.
async function settled(client, id) {
  for (;;) {
    const { body } = await client.get(`/imports/${id}`);
    if (!['checking', 'running'].includes(body.state)) return body;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function step(client, id, action, input = {}) {
  const reply = await client.post(`/imports/${id}/${action}`, input);
  assert.equal(reply.status, 200, reply.text);
  return settled(client, id);
}

async function checked(client, bytes, name, resource) {
  const made = await upload(client, bytes, name, resource);
  assert.equal(made.status, 201, made.text);
  return step(client, made.body.id, 'mapping');
}

async function ledger(client) {
  const all = [];
  let after = '';
  do {
    const { body } = await client.get(`/contracts?limit=200&sort=id${after && `&after=${encodeURIComponent(after)}`}`);
    all.push(...body.items);
    after = body.next;
  } while (after);
  return all;
}

const row = (number, values = {}) => Object.values({
  number, name: '测试保洁', kind: '长期连续性', service: '保洁', unit: '滨河花园', provider: '净安保洁服务有限公司',
  contact: '韩立春 13905710001', signed: '2026-01-02', starts: '2026-02-01', ends: '2027-01-31', amount: '12万元', executor: '何书琴', clause: '有', ...values,
}).join(',');
const table = (...rows) => [HEADER, ...rows].join('\n');
const codes = (body) => body.bad.map(({ row: number, field, code }) => [number, field, code]);

test('V5.1.1 the columns of an office ledger are recognised, with samples, and the rest is said to be left out', async () => {
  const { status, body } = await upload(division, fs.readFileSync(fixture('contract-ledger.gbk.csv')), '台帐.csv');
  assert.equal(status, 201);
  assert.deepEqual([body.state, body.header_row, body.file_name], ['uploaded', 3, '台帐.csv']);
  const fields = Object.fromEntries(body.columns.map((column) => [column.title, column.field]));
  assert.equal(fields.序号, '');
  assert.equal(fields.供方联系人及电话, 'provider_contact+provider_phone');
  assert.deepEqual([fields.合同编号, fields.项目, fields.供方, fields.监管执行人], ['number', 'unit_id', 'provider_id', 'executor_id']);
  assert.deepEqual(body.columns[1].samples, ['HT-2026-1001', 'HT-2026-1002', 'HT-2026-1003']);
});

test('V5.1.1 a dry run names every wrong cell by row, field and code, and what would be made along', async () => {
  const before = (await ledger(ops)).length;
  for (const name of ['contract-ledger.utf8.csv', 'contract-ledger.gbk.csv', 'contract-ledger.xlsx']) {
    const body = await checked(ops, fs.readFileSync(fixture(name)), name);
    assert.deepEqual([body.state, body.rows, body.good, body.unchanged, body.bad_rows], ['checked', 60, 54, 0, 6], name);
    assert.deepEqual(body.bad.map(({ row: number, code }) => [number, code]), WRONG.map((wrong) => [wrong.row, wrong.problem]));
    assert.ok(body.bad.every((bad) => bad.message && bad.field));
    assert.deepEqual([body.creates.organisations, body.creates.units], [6, 6]);
  }
  assert.equal((await ledger(ops)).length, before);
  assert.deepEqual((await ops.get(`/organisations?q=${encodeURIComponent('洁美')}`)).body.items, []);
});

test('V5.1.1 corrections of several rows go in together, and the trail says what stood there', async () => {
  const csv = table(row('HT-MEND-1', { starts: '2026年2月30日' }), row('HT-MEND-2', { executor: '' }), row('HT-MEND-3'));
  let body = await checked(division, csv);
  assert.deepEqual(codes(body).map(([number]) => number), [2, 3]);
  body = await step(division, body.id, 'rows', { cells: [
    { row: 2, field: 'starts_on', value: '2026-02-28' }, { row: 3, field: 'executor_id', value: '何书琴' }] });
  assert.deepEqual([body.good, body.bad], [3, []]);
  const notes = (await division.get(`/imports/${body.id}/history`)).body.items.filter((item) => item.action === 'mend').map((item) => item.note);
  assert.equal(notes.length, 2);
  assert.ok(notes.some((note) => /行 2 .*2026年2月30日 → 2026-02-28/.test(note)), notes.join('\n'));
  assert.ok(notes.some((note) => /行 3 .*— → 何书琴/.test(note)), notes.join('\n'));
});

test('V5.1.1 whoever is made along is confirmed, or withheld and then a wrong row to be mended', async () => {
  const csv = table(row('HT-NEW-1', { executor: '何书芹' }), row('HT-NEW-2'));
  let body = await checked(division, csv);
  assert.deepEqual([body.good, body.creates.people], [2, 1]);
  const unconfirmed = await division.post(`/imports/${body.id}/run`, {});
  assert.deepEqual([unconfirmed.status, unconfirmed.body.error.fields[0].code], [422, 'confirm_creates']);
  assert.match(unconfirmed.body.error.fields[0].message, /人员 1/);
  body = await step(division, body.id, 'mapping', { withheld: 'people' });
  assert.deepEqual([body.good, codes(body)], [1, [[2, 'executor_id', 'not_yours_to_make']]]);
  body = await step(division, body.id, 'rows', { cells: [{ row: 2, field: 'executor_id', value: '何书琴' }] });
  assert.deepEqual([body.good, body.bad, body.creates], [2, [], {}]);
  assert.equal((await step(division, body.id, 'run')).state, 'done');
  assert.deepEqual((await division.get(`/people?q=${encodeURIComponent('何书芹')}`)).body.items, []);
});

test('V5.1.1 all that is made along can be downloaded, however many there are', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => row(`HT-MANY-${i}`, { executor: `新同事${String(i).padStart(2, '0')}` }));
  const body = await checked(division, table(...rows));
  assert.equal(body.creates.people, 60);
  const browser = await world.browse('division');
  assert.match((await browser.get(`/imports/${body.id}`)).text, /新同事49 ……还有 10/);
  const book = await browser.get(`/imports/${body.id}/creates`);
  assert.deepEqual([book.status, book.headers.get('content-type').includes('spreadsheet')], [200, true]);
});

test('V5.1.1 everything or nothing: with one wrong row nothing goes in until it is mended', async () => {
  const csv = table(row('HT-ALL-1'), row('HT-ALL-2', { starts: '2026年2月30日', executor: '' }));
  let body = await checked(division, csv);
  assert.deepEqual(codes(body), [[3, 'starts_on', 'bad_date'], [3, 'executor_id', 'no_executor']]);
  const refused = await division.post(`/imports/${body.id}/run`, {});
  assert.deepEqual([refused.status, refused.body.error.code], [409, 'import.has_bad_rows']);
  const stranger = await division.post(`/imports/${body.id}/rows`, { cells: [{ row: 2, field: 'starts_on', value: '2026-02-28' }] });
  assert.equal(stranger.body.error.code, 'import.no_row');
  body = await step(division, body.id, 'rows', { cells: [{ row: 3, field: 'starts_on', value: '2026-02-28' }] });
  assert.deepEqual(codes(body), [[3, 'executor_id', 'no_executor']]);
  body = await step(division, body.id, 'rows', { cells: [{ row: 3, field: 'executor_id', value: '何书琴' }] });
  assert.deepEqual([body.good, body.bad], [2, []]);
  body = await step(division, body.id, 'run', { create: true });
  assert.deepEqual([body.state, body.imported], ['done', 2]);
  const found = (await ledger(division)).find((contract) => contract.number === 'HT-ALL-2');
  assert.deepEqual([found.starts_on, found.executor_name, found.state, found.amount_fen], ['2026-02-28', '何书琴', 'draft', 12000000]);
  assert.equal(found.provider_phone, '139****0001');
  assert.equal(found.provider_contact, '韩立春');
});

test('V5.1.1 the good rows go in as the truth has them, the bad ones come back as a workbook, and again changes nothing', async () => {
  const bytes = fs.readFileSync(fixture('contract-ledger.utf8.csv'));
  let body = await checked(ops, bytes);
  body = await step(ops, body.id, 'run', { good_rows: true, create: true });
  assert.deepEqual([body.state, body.imported, body.bad_rows], ['done', 54, 6]);
  const contracts = Object.fromEntries((await ledger(ops)).map((contract) => [contract.number, contract]));
  for (const truth of TRUTH.filter((one) => !one.problem)) {
    const contract = contracts[truth.number];
    assert.deepEqual([contract.starts_on, contract.ends_on, contract.amount_fen, contract.service],
      [truth.starts_on, truth.ends_on, truth.amount_fen, SERVICES[truth.service]], truth.number);
  }
  assert.equal(contracts['HT-2026-1001'].served_party_clause, '有（详见合同文本）');
  assert.equal(contracts['HT-2026-1006'].kind, 'one_off');
  const [provider] = (await ops.get(`/organisations?q=${encodeURIComponent('洁美')}`)).body.items;
  assert.deepEqual([provider.side, provider.state], ['provider', 'candidate']);
  const book = await fetch(`${world.url}/api/imports/${body.id}/bad`, { headers: { authorization: `Bearer ${ops.token}` } });
  assert.equal(book.status, 200);
  const rest = await checked(ops, new Uint8Array(await book.arrayBuffer()), 'rest.xlsx');
  assert.equal(rest.rows, 6);
  assert.ok(rest.bad_rows >= 5);
  const again = await checked(ops, bytes);
  assert.deepEqual([again.good, again.unchanged, again.bad_rows], [0, 54, 6]);
  assert.equal((await ops.post(`/imports/${again.id}/run`, { good_rows: true })).body.error.code, 'import.nothing');
  const events = (await ops.get(`/imports/${body.id}/history`)).body.items.map((event) => event.action);
  assert.deepEqual(events.slice(-4).reverse(), ['create', 'map', 'check', 'run']);
});

test('V5.1.1 a number that is registered with other content is refused and says what differs', async () => {
  let body = await checked(division, table(row('HT-DIFF-1')));
  await step(division, body.id, 'run', { create: true });
  body = await checked(division, table(row('HT-DIFF-1', { amount: '13万元', contact: '韩立春 13905710002' })));
  assert.deepEqual(codes(body), [[2, 'number', 'duplicate_number']]);
  assert.match(body.bad[0].message, /供方电话.*合同金额/);
});

test('V5.1.1 an export can be imported again, and says that nothing is new', async () => {
  const book = await fetch(`${world.url}/api/contracts/export?format=xlsx&state=active&service=cleaning`, { method: 'POST', headers: { authorization: `Bearer ${ops.token}` } });
  const active = (await ops.get('/contracts?limit=200&state=active&service=cleaning')).body.items;
  const body = await checked(ops, new Uint8Array(await book.arrayBuffer()), 'export.xlsx');
  assert.deepEqual([body.good, body.unchanged, body.bad], [0, active.length, []]);
});

test('V5.1.1 columns can be mapped by hand, and another row can be the header', async () => {
  const csv = ['单位:万元,,,,,,,,', 'a,b,c,d,e,f,g,h,i,j', 'HT-MAP-1,手工对应,长期,清洁,滨河花园,净安保洁服务有限公司,2026.2.1-2027.1.31,12.5,何书琴,x'].join('\n');
  const made = (await upload(division, csv)).body;
  assert.equal(made.header_row, 0);
  assert.equal((await division.post(`/imports/${made.id}/mapping`, {})).body.error.fields[0].code, 'header_missing');
  let body = await step(division, made.id, 'mapping', { header_row: 2 });
  assert.ok(body.bad.some((bad) => bad.code === 'missing'));
  const wrong = await division.post(`/imports/${made.id}/mapping`, { columns: [{ column: 1, field: 'number' }, { column: 2, field: 'number' }, { column: 99, field: 'name' }, { column: 3, field: 'state' }] });
  assert.deepEqual(wrong.body.error.fields.map((field) => field.code).sort(), ['column_twice', 'unknown', 'unknown']);
  const fields = ['number', 'name', 'kind', 'service', 'unit_id', 'provider_id', 'starts_on+ends_on', 'amount_fen', 'executor_id'];
  body = await step(division, made.id, 'mapping', { columns: fields.map((field, i) => ({ column: i + 1, field })) });
  assert.deepEqual([body.good, body.bad], [1, []]);
  await step(division, made.id, 'run', { create: true });
  const contract = (await ledger(division)).find((one) => one.number === 'HT-MAP-1');
  assert.deepEqual([contract.starts_on, contract.ends_on, contract.amount_fen], ['2026-02-01', '2027-01-31', 12500000]);
});

test('V2 an account makes along only what it may register, and sees its own imports alone', async () => {
  const body = await checked(division, table(row('HT-RIGHT-1', { unit: '新项目甲' }), row('HT-RIGHT-2', { unit: '望江产业园' })));
  assert.deepEqual(codes(body), [[3, 'unit_id', 'unknown_record']]);
  assert.equal((await ops.get(`/imports/${body.id}`)).status, 404);
  assert.ok(!(await ops.get('/imports?limit=200')).body.items.some((one) => one.id === body.id));
  for (const client of [executor, pm]) assert.equal((await upload(client, table(row('HT-RIGHT-3')))).status, 403);
  const token = (await ops.post('/tokens', { name: 'ledger', rights: 'imports.make contracts.write contracts.read', expires_on: day(30) })).body;
  assert.ok(token.key || token.token, JSON.stringify(token));
  const program = Object.assign(Object.create(Object.getPrototypeOf(ops)), { url: world.url, token: token.key || token.token });
  const narrow = await checked(program, table(row('HT-RIGHT-4', { provider: '令牌新供方' })));
  assert.deepEqual(codes(narrow), [[2, 'provider_id', 'not_yours_to_make']]);
});

test('V5.1.1 hostile and broken files are answered with words', async () => {
  const cases = [
    ['', 'file', 'required'], ['%PDF-1.7 x', null, 'sheet.kind'], ['PK\u0003\u0004broken', null, 'sheet.broken'],
    [`${'a,'.repeat(300)}b`, null, 'sheet.too_wide'],
  ];
  for (const [bytes, field, code] of cases) {
    const { status, body } = await upload(division, bytes, 'x.csv');
    assert.equal(status, 422, code);
    assert.equal(field ? body.error.fields[0].code : body.error.code, code);
    assert.ok(body.error.message);
  }
  assert.equal((await upload(division, 'a', 'x.csv', 'accounts')).body.error.fields[0].code, 'unknown');
  const empty = await checked(division, HEADER);
  assert.deepEqual([empty.state, empty.failure], ['uploaded', 'import.no_rows']);
});

test('X5 providers are imported by the same way, with their kinds of service', async () => {
  const csv = ['供方名录,,,,', '单位名称,统一社会信用代码,服务种类,联系人及电话,备注', `导入供方甲${process.pid},,保洁、绿化,王五 13905710003,x`, `导入供方乙${process.pid},123,保洁,,`].join('\n');
  let body = await checked(ops, csv, 'providers.csv', 'organisations');
  assert.deepEqual(codes(body), [[4, 'credit_code', 'malformed']]);
  body = await step(ops, body.id, 'run', { good_rows: true, create: true });
  assert.equal(body.imported, 1);
  const [made] = (await ops.get(`/organisations?q=${encodeURIComponent(`导入供方甲${process.pid}`)}`)).body.items;
  assert.deepEqual([made.side, made.state, made.services, made.contact_name], ['provider', 'candidate', ['cleaning', 'greening'], '王五']);
  const again = await checked(ops, csv, 'providers.csv', 'organisations');
  assert.deepEqual([again.good, again.unchanged], [0, 1]);
});

test('V5.1.1 the import survives a restart: what was asked for is done, or nothing of it', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => row(`HT-KILL-${i}`));
  const body = await checked(division, table(...rows));
  assert.equal(body.good, 1500);
  assert.equal((await division.post(`/imports/${body.id}/run`, { create: true })).status, 200);
  await world.halt('SIGKILL');
  await world.start();
  division.url = world.url;
  const after = await settled(division, body.id);
  assert.deepEqual([after.state, after.imported], ['done', 1500]);
});

test('V5.1.1 the command line imports a ledger into a fresh store, with a report', () => {
  const alone = { data: fs.mkdtempSync(path.join(world.data, 'alone-')) };
  const run = (args, input = '') => spawnSync(BINARY, [...args, '--data', alone.data], { encoding: 'utf8', input });
  assert.equal(run(['init', '--admin', 'root'], 'Luyue-story-1\n').status, 0);
  const report = path.join(alone.data, 'report.json');
  const read = () => JSON.parse(fs.readFileSync(report, 'utf8'));
  const file = fixture('contract-ledger.gbk.csv');
  const dry = run(['import', 'contracts', file, '--dry-run', '--report', report]);
  assert.equal(dry.status, 3, dry.stderr);
  assert.deepEqual(read().bad.map((bad) => [bad.row, bad.code]), WRONG.map((wrong) => [wrong.row, wrong.problem]));
  assert.equal(dry.stderr.trim().split('\n').length, 6);
  assert.match(run(['import', 'contracts', file]).stdout, /nothing was imported/);
  assert.equal(run(['import', 'contracts', file, '--good-rows', '--report', report]).status, 3);
  assert.deepEqual([read().rows, read().good, read().unchanged], [60, 54, 0]);
  const clean = path.join(alone.data, 'clean.csv');
  fs.writeFileSync(clean, table(row('HT-CLI-1', { unit: '总部', provider: '命令行供方', executor: '某人' })));
  assert.equal(run(['import', 'contracts', clean]).status, 0);
  const twice = run(['import', 'contracts', clean, '--report', report]);
  assert.deepEqual([twice.status, read().good, read().unchanged], [0, 0, 1]);
  assert.equal(run(['import', 'nothing', clean]).status, 2);
  assert.equal(run(['verify']).status, 0);
});

test('C3.3 a ledger written out by the command is what the browser exports, and stands in the log of exports', async () => {
  const ops = await world.signIn('ops');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-export-'));
  const file = path.join(folder, 'contracts.csv');
  try {
    const made = world.luyue(['export', 'contracts', file]);
    assert.equal(made.status, 0, made.stderr);
    const rows = (text) => text.split('\n').slice(1).sort().join('\n'); // the first line says who and when
    const { text } = await ops.post('/contracts/export?format=csv');
    assert.equal(rows(fs.readFileSync(file, 'utf8')), rows(text));
    const { items } = (await (await world.signIn('audit')).get('/exports?resource=contracts')).body;
    assert.ok(items.some((item) => item.account === 'system' && item.query === 'luyue export'), JSON.stringify(items));
    assert.equal(world.luyue(['export', 'nothing', file]).status, 2);
    assert.equal(world.luyue(['export', 'contracts', path.join(folder, 'no', 'where.csv')]).status, 1);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

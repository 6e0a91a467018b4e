// V5.1.4: personnel's own files become the roster, whole or not at all; whoever another company insures is looked into, by the client's side.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, Client, PASSWORD } from '../world.js';

const sample = (name) => path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures', name);
const COMPANY = '声联呼叫服务有限公司';
const HEADER = '工号,姓名,岗位,身份证号,手机,入职日期,社保缴纳单位';

let world, ops, division, executor, provider, personnel, company;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };

// Who keeps the roster of a provider that the world does not know yet.
async function keeper() {
  const [admin, security] = await Promise.all(['admin', 'security'].map((name) => world.signIn(name)));
  company = done(await ops.post('/organisations', { name: COMPANY, side: 'provider' }), 201);
  const person = done(await admin.post('/people', { name: '人事专员', job: 'manager', organisation_id: company.id }), 201);
  const account = done(await admin.post('/accounts', { name: 'personnel', person_id: person.id }), 201);
  done(await security.post(`/accounts/${account.id}/roles`, { version: account.version, roles: ['provider'] }));
  const first = new Client(world.url);
  first.token = done(await first.post('/session', { account: 'personnel', password: account.initial_password })).token;
  done(await first.post('/password', { current: account.initial_password, new: PASSWORD }));
  return world.signIn('personnel');
}

before(async () => {
  world = await startWorld();
  [ops, division, executor, provider] = await Promise.all(['ops', 'division', 'executor', 'provider'].map((name) => world.signIn(name)));
  personnel = await keeper();
});
after(() => world.stop());

async function settled(by, id) {
  for (;;) {
    const { body } = await by.get(`/imports/${id}`);
    if (!['checking', 'running'].includes(body.state)) return body;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
async function step(by, id, action, input = {}) {
  done(await by.post(`/imports/${id}/${action}`, input));
  return settled(by, id);
}
async function checked(by, bytes, name) {
  const form = new FormData();
  form.append('resource', 'people');
  form.append('file', new Blob([bytes]), name);
  const made = done(await by.post('/imports', form), 201);
  return step(by, made.id, 'mapping');
}
const roster = async (by, filter = '') => done(await by.get(`/people?organisation_id=${company.id}&limit=200&sort=id${filter}`)).items;
const cases = async (by) => done(await by.get(`/subcontracting_cases?organisation_id=${company.id}`)).items;
const table = (...rows) => [HEADER, ...rows].join('\n');

test('V5.1.4 personnel\'s file becomes the roster, with dates as offices write them; twice changes nothing', async () => {
  const read = await checked(personnel, fs.readFileSync(sample('roster.gbk.csv')), '花名册.csv');
  assert.deepEqual([read.rows, read.good, read.bad_rows], [60, 60, 0]);
  assert.equal((await step(personnel, read.id, 'run')).state, 'done');
  const people = await roster(personnel, '&job=agent');
  assert.equal(people.length, 50);
  const known = Object.fromEntries((await roster(personnel)).map((person) => [person.staff_number, person]));
  assert.deepEqual(['81002', '81004', '81008', '81009'].map((number) => known[number].joined_on), ['2025-10-09', '2024-05-22', '2025-02-28', '2024-07-07']);
  assert.match(known[81001].id_card, /^4403\*+1548$/);
  const again = await checked(personnel, fs.readFileSync(sample('roster.gbk.csv')), '花名册.csv');
  assert.deepEqual([again.good, again.unchanged, again.bad_rows], [0, 60, 0]);
  assert.equal(done(await personnel.get('/agents')).items.length, 0); // an agent is opened by letter alone
});

test('V5.1.4 an identity number that a spreadsheet made a number of is refused in words, never stored wrong', async () => {
  const read = await checked(personnel, fs.readFileSync(sample('roster.xlsx')), '花名册.xlsx');
  assert.deepEqual([read.good, read.unchanged, read.bad_rows], [0, 1, 59]); // the one that ends with X stayed a text
  assert.ok(read.bad.filter(({ code }) => code === 'digits_lost').every(({ field }) => field === 'id_card'), JSON.stringify(read.bad.slice(0, 3)));
  assert.match(read.bad[0].message, /第 15 位以后已经丢失/);
  const rows = ['4.40304E+17', '440304198809261000', '440304198809261547', '440304198809261548', '11010519491231002X', '11010519491231002X'].map((card, i) => `9${i},新人,话务员,${card},13905710000,2026-1-5,${COMPANY}`);
  const saved = await checked(personnel, table(...rows), '另存.csv');
  assert.deepEqual(saved.bad.map(({ row, field, code }) => [row, field, code]),
    [[2, 'id_card', 'digits_lost'], [3, 'id_card', 'digits_lost'], [4, 'id_card', 'malformed'], [5, 'id_card', 'taken'], [7, 'id_card', 'taken']]);
  // A person looked, and it does end in three zeros.
  const mended = await step(personnel, saved.id, 'rows', { cells: [{ row: 2, field: 'id_card', value: '440106199901205000' }] });
  assert.deepEqual([mended.good, mended.bad_rows], [2, 4]);
});

test('V5.1.4 a row without number, of no known job or in a company of another is refused by name', async () => {
  const read = await checked(personnel, table(`,无号,话务员,,,,${COMPANY}`, `91,无岗,飞行员,,,,${COMPANY}`, `92,无期,话务员,,,二月三十,${COMPANY}`), '错.csv');
  assert.deepEqual(read.bad.map(({ row, field, code }) => [row, field, code]), [[2, 'staff_number', 'missing'], [3, 'job', 'bad_choice'], [4, 'joined_on', 'bad_date']]);
  assert.equal((await (await world.signIn('finance')).post('/imports', new FormData())).status, 403);
  assert.equal((await roster(provider)).length, 0); // each provider sees its own
});

test('V5.1.4 who is insured by another company is looked into and decided by the client\'s side, with evidence', async () => {
  const [one, ...others] = await cases(ops);
  assert.equal(others.length, 0);
  assert.deepEqual([one.state, one.source, one.employed_by], ['suspected', 'roster', '众诚劳务派遣有限公司']);
  const owed = done(await ops.get('/duties?rule=investigate_case&state=open')).items;
  assert.ok(owed.some(({ subject_id: id }) => id === one.id));
  const at = (verb) => `/subcontracting_cases/${one.id}/${verb}`;
  assert.equal((await personnel.post(at('investigate'), { findings: '没事' })).status, 403);
  assert.equal((await ops.post(at('decide'), { state: 'dismissed', reason: '没事' })).body.error.code, 'subcontracting.not_investigated');
  assert.equal((await executor.post(at('investigate'), { findings: '' })).status, 422);
  assert.equal(done(await executor.post(at('investigate'), { findings: '劳动合同系众诚公司所签' })).state, 'investigated');
  assert.equal((await executor.post(at('decide'), { state: 'dismissed', reason: '同意' })).status, 403);
  const decide = (input, by = ops) => by.post(at('decide'), { state: 'confirmed', reason: '劳动合同、社保均在众诚公司', ...input });
  assert.equal((await decide({}, division)).body.error.code, 'subcontracting.judge_only'); // of no single contract
  const bare = await decide({});
  assert.deepEqual(bare.body.error.fields.map(({ field, clause }) => [field, clause]), [['sanction', 'V5.1.4'], ['documents', 'V5.1.4']]);
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'subcontracting_cases', subject_id: one.id, retention: 'long' })) form.append(name, value);
  form.append('file', new Blob(['社保缴纳证明']), '社保缴纳证明.txt');
  done(await executor.post('/documents', form), 201);
  const decided = done(await decide({ sanction: 'deduction', consequence: '限三日内清退，计入季度评价' }));
  assert.deepEqual([decided.state, decided.sanction, decided.consequence], ['confirmed', 'deduction', '限三日内清退，计入季度评价']);
  assert.equal((await decide({ sanction: 'warning' })).body.error.code, 'subcontracting.decided');
  const clause = done(await ops.get('/clauses/V5.1.4'));
  assert.equal(clause.state, 'breached');
  assert.ok(clause.figures.some(({ name, count }) => name === 'cases_confirmed' && count >= 1));
});

test('V5.1.4 somebody on site whom no roster names is a case, too; a provider does not report on itself', async () => {
  const found = { organisation_id: company.id, person_name: '不明人员', note: '夜班巡查时在二号机房，说是众诚派来的' };
  assert.equal((await personnel.post('/subcontracting_cases', found)).status, 403);
  const one = done(await executor.post('/subcontracting_cases', found), 201);
  assert.deepEqual([one.source, one.state], ['site', 'suspected']);
  assert.equal((await executor.post('/subcontracting_cases', { ...found, organisation_id: done(await ops.get('/organisations?side=client')).items[0].id })).status, 422);
  assert.ok((await cases(personnel)).some(({ id }) => id === one.id)); // it knows what is asked about it
  assert.equal((await provider.get(`/subcontracting_cases/${one.id}`)).status, 404);
  done(await executor.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '系设备厂家维修人员，有登记' }));
  assert.equal(done(await ops.post(`/subcontracting_cases/${one.id}/decide`, { state: 'dismissed', reason: '设备厂家人员' })).state, 'dismissed');
});

test('V5.1.4 the command line imports a roster for the company that is named', () => {
  const run = (...args) => world.luyue(['import', 'people', ...args]);
  const file = sample('roster.gbk.csv');
  assert.match(run(file).stderr, /--organisation/);
  assert.equal(run(file, '--organisation', '没有这家公司').status, 1);
  const known = run(file, '--organisation', COMPANY);
  assert.equal(known.status, 0, known.stderr);
  assert.match(known.stdout, /rows 60, good 0, unchanged 60, refused 0/);
  const spoilt = run(sample('roster.xlsx'), '--organisation', COMPANY);
  assert.equal(spoilt.status, 3);
  assert.equal(spoilt.stderr.match(/digits_lost/g).length, 59);
});

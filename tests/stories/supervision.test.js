// V5.1.3: each month a project reports on its supervision, from the records; the division receives the report under a
// number, the operations centre keeps it. What was filed never changes.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, Client, PASSWORD, month } from '../world.js';

let world, pm, division, ops, audit, provider, admin, security, garden;
before(async () => {
  world = await startWorld();
  [pm, division, ops, audit, provider, admin, security] = await Promise.all(
    ['pm', 'division', 'ops', 'audit', 'provider', 'admin', 'security'].map((account) => world.signIn(account)));
  garden = await unitOf('滨河花园');
});
after(() => world.stop());

async function unitOf(name) {
  return (await ops.get(`/units?q=${encodeURIComponent(name)}`)).body.items.find((unit) => unit.name === name).id;
}

let used = 3; // the demo world has the two months before this one
async function drafted(values = {}) {
  const reply = await pm.post('/supervision_reports', { unit_id: garden, month: month(-used), body: '本月按合同监管。', ...values });
  assert.equal(reply.status, 201, reply.text);
  used += 1;
  return reply.body;
}

const file = (client, { id, sha256 }) => client.post(`/supervision_reports/${id}/file`, { sha256, password: PASSWORD });

async function filed() {
  const reply = await file(pm, await drafted());
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

function refused(reply, status, code) {
  assert.deepEqual([reply.status, reply.body.error.code], [status, code], reply.text);
}

function rejected(reply, field, code) {
  refused(reply, 422, 'input.invalid');
  assert.deepEqual(reply.body.error.fields.map((fault) => [fault.field, fault.code]), [[field, code]]);
}

async function managerOf(unit) {
  const name = `pm-${unit}`;
  const person = (await admin.post('/people', { name: '丁一', job: 'manager', unit_id: unit })).body;
  const account = await admin.post('/accounts', { name, person_id: person.id });
  assert.equal(account.status, 201, account.text);
  assert.equal((await security.post(`/accounts/${account.body.id}/roles`, { roles: ['pm'] })).status, 200);
  const first = await world.signIn(name, account.body.initial_password);
  assert.equal((await first.post('/password', { current: account.body.initial_password, new: PASSWORD })).status, 200);
  return world.signIn(name);
}

test('V5.1.3 a report goes from the project to the division, which gives a receipt, and to the operations centre', async () => {
  const report = await filed();
  assert.equal(report.state, 'filed');
  assert.equal(report.filed_by, '周敏');
  const received = await division.post(`/supervision_reports/${report.id}/receive`, { version: report.version });
  assert.equal(received.status, 200, received.text);
  assert.match(received.body.receipt, /^回执-\d{4}-\d{4}$/);
  assert.equal(received.body.received_by, '李蔚');
  assert.match(received.body.received_at, /\+08:00$/);
  const noted = await ops.post(`/supervision_reports/${report.id}/note`);
  assert.equal(noted.status, 200, noted.text);
  assert.deepEqual([noted.body.state, noted.body.noted_by], ['noted', '沈佳']);
  assert.deepEqual(noted.body.signatures.map(({ account, sha256, valid }) => [account, sha256, valid]), [['pm', report.sha256, true]]);
  const { items } = (await audit.get(`/supervision_reports/${report.id}/history`)).body;
  assert.deepEqual(items.map(({ action }) => action).sort(), ['create', 'file', 'note', 'receive', 'sign']);
});

test('V5.1.3 receipts have numbers without gap', async () => {
  const numbers = [];
  for (let i = 0; i < 3; i += 1) {
    const { id } = await filed();
    numbers.push(Number((await division.post(`/supervision_reports/${id}/receive`)).body.receipt.slice(-4)));
  }
  assert.deepEqual(numbers, [numbers[0], numbers[0] + 1, numbers[0] + 2]);
});

test('V5.1.3 each figure leads to the records behind it, as they were when it was frozen', async () => {
  const report = await filed();
  const { figures } = (await audit.get(`/supervision_reports/${report.id}`)).body;
  const running = figures.find((figure) => figure.section === 'contracts' && figure.name === 'in_force');
  assert.ok(running.count > 0);
  const ids = running.records.split(' ').map(Number);
  assert.equal(ids.length, running.count);
  const behind = (await audit.get(`/supervision_reports/${report.id}/records?figure=contracts.in_force`)).body;
  assert.deepEqual(behind.items.map(({ id }) => id), ids);
  assert.equal(behind.items[0].href, `/contracts/${ids[0]}`);
  assert.equal((await audit.get(`/supervision_reports/${report.id}/records?figure=contracts.nothing`)).status, 404);
});

test('V5.1.3 a changed record changes the figures of a draft, and what was shown before is not filed', async () => {
  const running = month();
  const report = await drafted();
  const changed = await pm.patch(`/supervision_reports/${report.id}`, { version: report.version, body: `补充说明（${running}）。` });
  assert.equal(changed.status, 200, changed.text);
  assert.notEqual(changed.body.sha256, report.sha256);
  refused(await file(pm, report), 409, 'supervision_report.changed');
  assert.equal((await file(pm, changed.body)).status, 200);
});

test('V5.1.3 the manager of another project, a provider, and whoever has no password are refused', async () => {
  const report = await drafted();
  const stranger = await managerOf(await unitOf('望江产业园'));
  refused(await file(stranger, report), 404, 'record.not_found');
  rejected(await stranger.post('/supervision_reports', { unit_id: garden, month: month(-40) }), 'unit_id', 'unknown_record');
  refused(await provider.get('/supervision_reports'), 403, 'request.no_right');
  refused(await file(provider, report), 403, 'request.no_right');
  rejected(await division.post('/supervision_reports', { unit_id: garden, month: month(-41) }), 'unit_id', 'other_level');
  const blind = await pm.post(`/supervision_reports/${report.id}/file`, { sha256: report.sha256, password: 'wrong' });
  assert.ok(blind.status >= 400 && blind.status < 500, blind.text);
  assert.equal((await pm.get(`/supervision_reports/${report.id}`)).body.state, 'drafted');
});

test('V5.1.3 a month that is not over is not filed, and none twice', async () => {
  const running = await pm.post('/supervision_reports', { unit_id: garden, month: month(), body: '月中。' });
  assert.equal(running.status, 201, running.text);
  refused(await file(pm, running.body), 409, 'supervision_report.month_not_over');
  const report = await filed();
  refused(await file(pm, report), 409, 'supervision_report.wrong_state');
  rejected(await pm.post('/supervision_reports', { unit_id: garden, month: report.month }), 'month', 'report_exists');
});

test('V5.1.3 what is not filed is not received, what is not received not noted', async () => {
  const report = await drafted();
  refused(await division.post(`/supervision_reports/${report.id}/receive`), 409, 'supervision_report.wrong_state');
  await file(pm, report);
  refused(await ops.post(`/supervision_reports/${report.id}/note`), 409, 'supervision_report.wrong_state');
  assert.deepEqual((({ state, receipt }) => [state, receipt])((await pm.get(`/supervision_reports/${report.id}`)).body), ['filed', '']);
});

test('V5.1.3 a filed report never changes; a correction is a new revision that refers to it', async () => {
  const report = await filed();
  refused(await pm.patch(`/supervision_reports/${report.id}`, { version: report.version, body: '改写' }), 409, 'supervision_report.sealed');
  rejected(await pm.post(`/supervision_reports/${report.id}/correct`, { version: report.version }), 'reason', 'required');
  const correction = await pm.post(`/supervision_reports/${report.id}/correct`, { reason: '漏报一起投诉' });
  assert.equal(correction.status, 201, correction.text);
  assert.deepEqual([correction.body.revision, correction.body.corrects_id, correction.body.state], [2, report.id, 'drafted']);
  refused(await pm.post(`/supervision_reports/${report.id}/correct`, { reason: '再改' }), 409, 'supervision_report.corrected');
  assert.equal((await file(pm, correction.body)).status, 200);
  const before = (await pm.get(`/supervision_reports/${report.id}`)).body;
  assert.deepEqual([before.sha256, before.corrected_by_id], [report.sha256, correction.body.id]);
});

test('V5.1.3 filing meets the duty of the project, and the division owes the receipt', async () => {
  const report = await filed();
  const dutyOf = async (rule) => (await ops.get(`/duties?rule=${rule}&subject_id=${report.id}`)).body.items[0];
  const duty = await dutyOf('receive_report');
  assert.deepEqual([duty.state, duty.clause, duty.owner_role], ['open', 'V5.1.3', 'division']);
  await division.post(`/supervision_reports/${report.id}/receive`);
  assert.equal((await dutyOf('receive_report')).state, 'met');
  assert.equal((await dutyOf('note_report')).state, 'open');
});

test('V5.1.3 a report prints with its figures and signature', async () => {
  const report = await filed();
  const reply = await fetch(`${world.url}/api/supervision_reports/${report.id}/print.pdf`, { headers: { authorization: `Bearer ${division.token}` } });
  assert.equal(reply.status, 200);
  assert.equal(Buffer.from(await reply.arrayBuffer()).subarray(0, 5).toString(), '%PDF-');
  const bare = await new Client(world.url).get(`/supervision_reports/${report.id}/print.pdf`);
  assert.equal(bare.status, 401);
});

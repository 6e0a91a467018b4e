// Who owes what by when, as people meet it: duties open with what makes them owed, are met by what fulfils them, and
// climb to the managers when nobody does anything.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day } from '../world.js';

let world, division, pm, executor, ops, audit, provider, sweeper;
before(async () => {
  world = await startWorld();
  [division, pm, executor, ops, audit, provider, sweeper] = await Promise.all(
    ['division', 'pm', 'executor', 'ops', 'audit', 'provider', 'cleaner'].map((account) => world.signIn(account)));
});
after(() => world.stop());

async function idOf(client, resource, name) {
  const { body } = await client.get(`/${resource}?q=${encodeURIComponent(name)}`);
  return body.items.find((item) => item.name === name).id;
}

let count = 0;
async function draft(values = {}) {
  const [unit, cleaner] = await Promise.all([idOf(division, 'units', '滨河花园'), idOf(ops, 'organisations', '净安保洁服务有限公司')]);
  count += 1;
  const reply = await division.post('/contracts', {
    number: `HT-DUTY-${count}`, name: '滨河花园临时保洁', kind: 'continuous', service: 'cleaning', provider_id: cleaner,
    unit_id: unit, starts_on: day(20), ends_on: day(380), no_subcontracting: true, served_party_clause: '业主每季度扫码评价', ...values,
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

async function change(contract, values) {
  const { version } = (await division.get(`/contracts/${contract.id}`)).body;
  const reply = await division.patch(`/contracts/${contract.id}`, { version, ...values });
  assert.equal(reply.status, 200, reply.text);
}

async function dutiesOf(rule, query) {
  const reply = await ops.get(`/duties?rule=${rule}&${query}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.body.items;
}

async function onlyDuty(rule, query) {
  const items = await dutiesOf(rule, query);
  assert.equal(items.length, 1, JSON.stringify(items));
  return items[0];
}

const mine = async (client) => (await client.get('/tasks')).body.items;
const owes = async (client, duty) => (await mine(client)).some((item) => item.id === duty.id);
const lastMoment = (offset) => `${day(offset)}T23:59:59.999+08:00`;

test('V5.1.1 a contract without executor is owed one by the division until the day it starts, and then it is met', async () => {
  const contract = await draft();
  const duty = await onlyDuty('name_executor', `contract_id=${contract.id}`);
  assert.equal(duty.clause, 'V5.1.1');
  assert.equal(duty.state, 'open');
  assert.equal(duty.owner_role, 'division');
  assert.equal(new Date(duty.due_at).getTime(), new Date(lastMoment(20)).getTime());
  assert.ok(await owes(division, duty));
  assert.ok(!(await owes(pm, duty)));
  await change(contract, { executor_id: await idOf(division, 'people', '何书琴') });
  const met = await onlyDuty('name_executor', `contract_id=${contract.id}`);
  assert.equal(met.state, 'met');
  assert.match(met.met_at, /\+08:00$/);
  assert.ok(!(await owes(division, duty)));
});

test('V5.1.2 the executor is to be briefed, and whoever is next is to sign', async () => {
  const contract = await draft({ executor_id: await idOf(division, 'people', '何书琴') });
  const brief = await onlyDuty('brief_executor', `contract_id=${contract.id}`);
  assert.equal(brief.state, 'open');
  await division.post('/terms', { contract_id: contract.id, number: '1.1', topic: 'scope', text: '范围：地下车库与外围。' });
  const { id, sha256 } = (await division.post('/briefings', { contract_id: contract.id, held_on: day(), place: '会议室' })).body;
  const sign = await onlyDuty('sign_briefing', `subject_id=${id}`);
  assert.equal(sign.owner_name, '李蔚');
  assert.ok(await owes(division, sign));
  assert.equal((await division.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 })).status, 200);
  assert.ok(await owes(executor, sign));
  assert.ok(!(await owes(division, sign)));
  assert.equal((await executor.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 })).status, 200);
  assert.equal((await onlyDuty('sign_briefing', `subject_id=${id}`)).state, 'met');
  assert.equal((await onlyDuty('brief_executor', `contract_id=${contract.id}`)).state, 'met');
  const activate = await onlyDuty('activate', `contract_id=${contract.id}`);
  assert.ok(await owes(division, activate));
});

test('C2.7 an outbound contract is owed a dedicated contact', async () => {
  const contract = await draft({
    service: 'outbound_call', executor_id: await idOf(division, 'people', '何书琴'),
    provider_id: await idOf(ops, 'organisations', '远声信息服务有限公司'),
  });
  const duty = await onlyDuty('name_contact', `contract_id=${contract.id}`);
  assert.equal(duty.clause, 'C2.7');
  await change(contract, { contact_id: await idOf(division, 'people', '何书琴') });
  assert.equal((await onlyDuty('name_contact', `contract_id=${contract.id}`)).state, 'met');
});

test('X5 a certificate that ends is owed by the provider and watched by operations, until another takes over', async () => {
  const cleaner = await idOf(ops, 'organisations', '净安保洁服务有限公司');
  const certificate = {
    organisation_id: cleaner, kind: 'safety', name: '高处作业证', number: 'GC-1', valid_from: day(-300), valid_to: day(30), required: true,
  };
  const made = await ops.post('/qualifications', certificate);
  assert.equal(made.status, 201, made.text);
  const renew = await onlyDuty('renew_qualification', `subject_id=${made.body.id}`);
  const watch = await onlyDuty('watch_qualification', `subject_id=${made.body.id}`);
  assert.ok(await owes(sweeper, renew));
  assert.ok(!(await owes(provider, renew)));
  assert.ok(await owes(ops, watch));
  assert.equal((await provider.get(`/duties/${renew.id}`)).status, 404);
  assert.equal((await sweeper.post(`/duties/${renew.id}/waive`, { reason: '不办了' })).status, 403);
  await ops.post('/qualifications', { ...certificate, number: 'GC-2', valid_from: day(), valid_to: day(700) });
  assert.equal((await onlyDuty('renew_qualification', `subject_id=${made.body.id}`)).state, 'met');
  assert.equal((await onlyDuty('watch_qualification', `subject_id=${made.body.id}`)).state, 'met');
});

test('a duty is waived with a reason by the division or operations alone, and stays waived', async () => {
  const contract = await draft();
  const duty = await onlyDuty('name_executor', `contract_id=${contract.id}`);
  for (const client of [audit, pm, executor])
    assert.equal((await client.post(`/duties/${duty.id}/waive`, { reason: '不办了' })).status, 403);
  assert.equal((await division.post(`/duties/${duty.id}/waive`, { reason: ' ' })).status, 422);
  const waived = await division.post(`/duties/${duty.id}/waive`, { reason: '合同即将撤回', version: duty.version });
  assert.equal(waived.status, 200, waived.text);
  assert.equal(waived.body.state, 'waived');
  assert.equal((await division.post(`/duties/${duty.id}/waive`, { reason: '再免一次' })).status, 409);
  await change(contract, { remark: '等待撤回' });
  assert.equal((await onlyDuty('name_executor', `contract_id=${contract.id}`)).state, 'waived');
  const [entry] = (await division.get(`/duties/${duty.id}/history`)).body.items;
  assert.equal(entry.action, 'waive');
  assert.equal(entry.person_name, '李蔚');
});

test('what is owed around a manager is the manager\'s to see', async () => {
  const reply = await division.get('/tasks?of=unit');
  assert.equal(reply.status, 200);
  assert.ok(reply.body.items.some((item) => item.owner_role === 'executor'));
  assert.equal((await executor.get('/tasks?of=unit')).status, 403);
});

test('the calendar takes days that were announced since, and says which line is wrong', async () => {
  const lines = '2027-02-05,holiday,春节\n2027-02-20,workday,春节\n';
  assert.equal((await division.post('/calendar_days/import', { days: lines })).status, 403);
  const wrong = await ops.post('/calendar_days/import', { days: `${lines}2027-02-21,closed,春节\n` });
  assert.equal(wrong.status, 422);
  assert.deepEqual(wrong.body.error.fields.map(({ field, code }) => [field, code]), [['days', 'calendar_kind']]);
  const known = async () => (await division.get('/calendar_days')).body.items.filter((item) => item.date.startsWith('2027-02'));
  assert.deepEqual(await known(), []);
  const done = await ops.post('/calendar_days/import', { days: lines });
  assert.ok(done.status < 300, done.text);
  assert.deepEqual((await known()).map((item) => [item.date, item.kind]),
    [['2027-02-20', 'workday'], ['2027-02-05', 'holiday']]);
});

// The clock follows by itself; it began before the answer came.
async function until(read, holds) {
  for (;;) {
    const now = await read();
    if (holds(now)) return now;
  }
}

test('a day of the calendar that becomes a holiday moves what is due by working days, tells who owes it and says why', async () => {
  const client = await world.signIn('client');
  const contract = (await client.get('/contracts?limit=1&state=active&service=outbound_call')).body.items[0];
  const draft = (await client.post('/letters', { type: 'general', contract_id: contract.id, subject: '排班', body: '请说明。' })).body;
  const sent = await client.post(`/letters/${draft.id}/send`, { sha256: draft.sha256, password: PASSWORD });
  assert.equal(sent.status, 200, sent.text);
  const duty = await onlyDuty('decide_letter', `subject_id=${draft.id}`);
  assert.equal(duty.due_at, sent.body.due_at);
  const [due, plain] = [duty.due_at.slice(0, 10), (await dutiesOf('contract_ends', 'limit=1'))[0]];
  const read = async () => (await ops.get(`/duties/${duty.id}`)).body;

  assert.equal((await division.post('/calendar_days', { date: due, kind: 'holiday', name: '集团放假' })).status, 403);
  const made = await ops.post('/calendar_days', { date: due, kind: 'holiday', name: '集团放假' });
  assert.equal(made.status, 201, made.text);
  const moved = await until(read, (now) => now.due_at !== duty.due_at);
  assert.ok(moved.due_at > duty.due_at);
  assert.equal(moved.state, 'open');
  assert.equal((await client.get(`/letters/${draft.id}`)).body.due_at, moved.due_at);
  assert.equal((await dutiesOf('contract_ends', 'limit=1'))[0].due_at, plain.due_at);
  const [entry] = (await ops.get(`/duties/${duty.id}/history`)).body.items;
  assert.equal(entry.action, 'redate');
  assert.equal(entry.note, `${due} 集团放假`);
  assert.deepEqual(JSON.parse(entry.changes).map((change) => [change.field, Number(change.before), Number(change.after)]),
    [['due_at', Date.parse(duty.due_at), Date.parse(moved.due_at)]]);
  const told = (await provider.get('/notices?kind=duty.redated,duty.redated.many')).body.items;
  assert.ok(told.length, 'the provider is told');
  const page = (await (await world.browse('ops')).get(`/duties/${duty.id}`)).text;
  assert.match(page, new RegExp(`因工作日历有变，重新计算了期限.*${due} 集团放假`, 's'));

  const stale = await ops.post(`/calendar_days/${made.body.id}/remove`, { version: made.body.version + 1 });
  assert.equal(stale.status, 409, stale.text);
  assert.equal((await division.post(`/calendar_days/${made.body.id}/remove`)).status, 403);
  assert.equal((await ops.post(`/calendar_days/${made.body.id}/remove`)).status, 200);
  assert.equal((await ops.get(`/calendar_days/${made.body.id}`)).status, 404);
  await until(read, (now) => now.due_at === duty.due_at);
  assert.equal((await client.get(`/letters/${draft.id}`)).body.due_at, duty.due_at);
});

test('V5.1.1 what nobody does becomes overdue and climbs to the managers by itself', async () => {
  const contract = await draft();
  const duty = await onlyDuty('name_executor', `contract_id=${contract.id}`);
  await world.halt();
  world.args = ['--clock', `${day(60)}T09:00:00+08:00`];
  await world.start();
  ops = await world.signIn('ops');
  let now;
  do { // the clock begins as the server does
    now = (await ops.get(`/duties/${duty.id}`)).body;
  } while (now.level < 1);
  assert.equal(now.state, 'overdue');
  assert.ok(now.days_left < 0);
  const actions = (await ops.get(`/duties/${duty.id}/history`)).body.items.map((entry) => [entry.action, entry.person_name]);
  assert.deepEqual(actions, [['escalate', ''], ['overdue', '']]); // by nobody: the clock
});

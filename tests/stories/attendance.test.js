// C2.3: shifts and attendance are the provider's: a machine's file is read, late and early follow from the shift, what people ask a second
// person decides, and the client's side sees nothing of it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, Client, PASSWORD, day, month } from '../world.js';

const sample = (name) => path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures', name);
const COMPANY = '声联呼叫服务有限公司';
const HEADER = '工号,姓名,日期,上班,下班,备注';

let world, provider, duty, supervisor, agent, client, personnel, company;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.deepEqual([reply.status, reply.body.error.code], [status, code], reply.text); };
const fault = (reply, field, code) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === code && one.clause === 'C2.3'), reply.text);
};
const me = async (by) => done(await by.get('/session')).person_id;
const weekday = (at) => (new Date(`${at}T00:00:00Z`).getUTCDay() + 6) % 7;
// The Monday, so many weeks from this one.
const monday = (weeks = 0) => day(weeks * 7 - weekday(day()));

// Whoever keeps the people of a provider that the world does not know yet.
async function keeper(ops) {
  const [admin, security] = await Promise.all(['admin', 'security'].map((name) => world.signIn(name)));
  company = done(await ops.post('/organisations', { name: COMPANY, side: 'provider' }), 201);
  const person = done(await admin.post('/people', { name: '考勤专员', job: 'manager', organisation_id: company.id }), 201);
  const account = done(await admin.post('/accounts', { name: 'timekeeper', person_id: person.id }), 201);
  done(await security.post(`/accounts/${account.id}/roles`, { version: account.version, roles: ['provider'] }));
  const first = new Client(world.url);
  first.token = done(await first.post('/session', { account: 'timekeeper', password: account.initial_password })).token;
  done(await first.post('/password', { current: account.initial_password, new: PASSWORD }));
  return world.signIn('timekeeper');
}

before(async () => {
  world = await startWorld();
  const [ops, ...others] = await Promise.all(['ops', 'provider', 'duty', 'supervisor', 'agent', 'client'].map((name) => world.signIn(name)));
  [provider, duty, supervisor, agent, client] = others;
  personnel = await keeper(ops);
});
after(() => world.stop());

const run = (...words) => {
  const { status, stdout, stderr } = world.luyue(words);
  return { status, said: `${stdout}${stderr}` };
};
// What the file says, counted by hand: nine to six, five minutes of grace.
function counted() {
  const text = new TextDecoder('gb18030').decode(fs.readFileSync(sample('attendance.gbk.csv')));
  const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  const people = new Map();
  for (const line of text.trim().split(/\r?\n/).slice(1)) {
    const [, name, date, came, went, note] = line.split(',');
    const sums = people.get(name) ?? { due: 0, attended: 0, late: 0, late_min: 0, early: 0, absent: 0, leaves: [] };
    sums.due += 1;
    if (came) {
      sums.attended += 1;
      const late = minutes(came) - 540;
      if (late > 5) { sums.late += 1; sums.late_min += late; }
      if (minutes(went) < 1080) sums.early += 1;
    } else if (note === '事假') sums.leaves.push(date);
    else sums.absent += 1;
    people.set(name, sums);
  }
  return people;
}

test('C2.3 a clocking machine\'s file of a month: late, early and absent follow from the shift, to the minute', async () => {
  assert.equal(run('import', 'people', sample('roster.gbk.csv'), '--organisation', COMPANY).status, 0);
  const first = run('import', 'attendance', sample('attendance.gbk.csv'), '--organisation', COMPANY);
  assert.deepEqual([first.status, /rows 1300, good 1300, unchanged 0, refused 0/.test(first.said)], [0, true], first.said);
  const again = run('import', 'attendance', sample('attendance.gbk.csv'), '--organisation', COMPANY);
  assert.match(again.said, /rows 1300, good 0, unchanged 1300, refused 0/);

  const months = async () => new Map(done(await personnel.get('/attendance_months?month=2026-09&limit=200')).items.map((item) => [item.person_name, item]));
  const unjudged = [...(await months()).values()];
  assert.equal(unjudged.length, 50);
  assert.ok(unjudged.every(({ unjudged: days, due }) => days === 26 && due === '0.00'), 'without a shift nothing is judged');

  done(await personnel.post('/shift_kinds', { name: '日班', starts: '09:00', ends: '18:00', break_min: 60, late_grace: 5, usual_from: '2026-09-01' }), 201);
  // The machine's notes of leave wait for somebody's decision.
  for (const { id } of done(await personnel.get('/leaves?state=asked&limit=200')).items) done(await personnel.post(`/leaves/${id}/approve`));
  const found = await months();
  for (const [name, sums] of counted()) {
    const item = found.get(name);
    assert.deepEqual([item.due, item.attended, item.late, item.late_min, item.early, item.absent, item.on_leave],
      [`${sums.due}.00`, `${sums.attended}.00`, sums.late, sums.late_min, sums.early, `${sums.absent}.00`, `${sums.leaves.length}.00`], name);
  }
  const worst = done(await personnel.get('/attendance_months?month=2026-09&sort=-late_min&limit=1')).items[0];
  assert.equal(worst.late_min, Math.max(...[...counted().values()].map((sums) => sums.late_min)));
});

test('C2.3 odd rows of a file are refused one by one, each with its reason', async () => {
  const file = path.join(world.data, 'odd.csv');
  fs.writeFileSync(file, [HEADER, '81001,何静,2026-09-06,08:50,18:01,', '99999,不认识,2026-09-06,08:50,18:01,', '81002,何静,2026-09-06,08:50,18:01,',
    '81003,韩勇,2026-09-06,25:10,18:01,', '81003,韩勇,2099-09-06,08:50,18:01,', '81001,何静,2026-09-01,08:00,18:25,'].join('\n'));
  const report = path.join(world.data, 'odd.json');
  const { status } = run('import', 'attendance', file, '--organisation', COMPANY, '--good-rows', '--report', report);
  assert.equal(status, 3);
  const { good, bad } = JSON.parse(fs.readFileSync(report, 'utf8'));
  assert.equal(good, 1);
  assert.deepEqual(bad.map(({ row, code }) => [row, code]), [[3, 'clocking_nobody'], [4, 'clocking_other_name'], [5, 'malformed'], [6, 'not_yet'], [7, 'taken']]);
  const [sunday] = done(await personnel.get('/attendance?day_from=2026-09-06&day_to=2026-09-06')).items;
  assert.equal(sunday.kind, 'present');
});

test('C2.3 a week is planned, copied to the next one, and changes what became of a day', async () => {
  const [kind] = done(await duty.get('/shift_kinds')).items;
  const newcomer = done(await provider.post('/people', { name: '新排班', job: 'agent', phone: '13905710078' }), 201);
  const row = { person_id: newcomer.id, monday: kind.id, tuesday: kind.id };
  const plan = (by, body) => by.post('/shifts/plan', body);
  done(await plan(supervisor, { week: monday(2), rows: [row] }));
  const week = async (at) => done(await duty.get(`/shifts/week?week=${at}&q=${encodeURIComponent('新排班')}`)).items[0];
  assert.deepEqual([(await week(monday(2))).monday, (await week(monday(2))).wednesday], [kind.id, null]);
  done(await duty.post('/shifts/copy', { week: monday(3) }));
  assert.equal((await week(monday(3))).tuesday, kind.id);
  refused(await duty.post('/shifts/copy', { week: monday(3) }), 409, 'shift.nothing_before');
  assert.equal((await plan(agent, { week: monday(2), rows: [row] })).status, 403);
  refused(await plan(duty, { week: monday(-2), rows: [{ person_id: await me(duty) }] }), 403, 'shift.own_past');
  // A day past without a punch is absent, and free once it is planned so.
  done(await plan(duty, { week: monday(-1), rows: [row] }));
  const became = async () => done(await duty.get(`/attendance?person_id=${newcomer.id}&day_from=${monday(-1)}&day_to=${monday(-1)}`)).items[0].kind;
  assert.equal(await became(), 'absent');
  done(await plan(duty, { week: monday(-1), rows: [{ person_id: newcomer.id }] }));
  assert.equal(await became(), 'free');
});

test('C2.3 two agents swap: the other one agrees, the duty manager approves, not more often than the rule says', async () => {
  const own = await me(agent);
  const other = done(await duty.get(`/people?job=agent&limit=200`)).items.find(({ id }) => id !== own);
  const [early, late] = done(await duty.get('/shift_kinds')).items;
  const at = `${month(2)}-0`;
  const shifts = [1, 2, 3, 4].map((n) => `${at}${n}`);
  for (const date of shifts) {
    for (const [person, kind] of [[own, early.id], [other.id, late.id]])
      done(await duty.post('/shifts', { person_id: person, day: date, shift_kind_id: kind }), 201);
  }
  const ask = (date) => agent.post('/shift_swaps', { other_id: other.id, day: date, reason: '家里有事' });
  const swap = done(await ask(shifts[0]), 201);
  assert.equal(swap.plan, `${shifts[0]} ${early.name} ⇄ ${late.name}`);
  refused(await duty.post(`/shift_swaps/${swap.id}/approve`), 409, 'asked.wrong_state');
  refused(await agent.post(`/shift_swaps/${swap.id}/agree`), 403, 'asked.not_yours');
  assert.equal((await duty.post(`/shift_swaps/${swap.id}/refuse`, {})).status, 422);
  assert.equal(done(await duty.post(`/shift_swaps/${swap.id}/refuse`, { reason: '当天人手不够' })).decision, '当天人手不够');
  const colleague = await signInAs(other.id);
  for (const date of shifts.slice(0, 3)) {
    const { id } = done(await ask(date), 201);
    done(await colleague.post(`/shift_swaps/${id}/agree`));
    assert.equal((await colleague.post(`/shift_swaps/${id}/approve`)).status, 403);
    assert.equal(done(await duty.post(`/shift_swaps/${id}/approve`)).state, 'approved');
  }
  const [mine] = done(await agent.get(`/shifts?day_from=${shifts[0]}&day_to=${shifts[0]}`)).items;
  assert.equal(mine.shift_kind_id, late.id);
  fault(await ask(shifts[3]), 'day', 'swaps_used_up');
  const [rule] = done(await provider.get('/attendance_rules')).items;
  done(await provider.patch(`/attendance_rules/${rule.id}`, { version: rule.version, swaps_month: 5 }));
  done(await ask(shifts[3]), 201);
});

// An account for somebody of the provider's people.
async function signInAs(personId) {
  const [admin, security] = await Promise.all(['admin', 'security'].map((name) => world.signIn(name)));
  const name = `agent-${personId}`;
  const account = done(await admin.post('/accounts', { name, person_id: personId }), 201);
  done(await security.post(`/accounts/${account.id}/roles`, { version: account.version, roles: ['agent'] }));
  const first = new Client(world.url);
  first.token = done(await first.post('/session', { account: name, password: account.initial_password })).token;
  done(await first.post('/password', { current: account.initial_password, new: PASSWORD }));
  return world.signIn(name);
}

test('C2.3 leave and corrections are decided by another person, and what was stays readable', async () => {
  const own = await me(agent);
  const [one] = done(await agent.get('/attendance?kind=present&limit=1')).items;
  assert.equal(one.person_id, own);
  const correct = (by, body) => by.post('/attendance_corrections', { day: one.day, reason: '打卡机走时不准', ...body });
  fault(await correct(agent, {}), 'came', 'nothing_corrected');
  const asked = done(await correct(agent, { came: '09:40' }), 201);
  assert.deepEqual([asked.was_came, asked.was_went, asked.state], [one.came, one.went, 'asked']);
  assert.equal((await agent.post(`/attendance_corrections/${asked.id}/approve`)).status, 403);
  done(await duty.post(`/attendance_corrections/${asked.id}/approve`));
  const late = done(await agent.get(`/attendance/${one.id}`));
  assert.deepEqual([late.kind, late.came, late.clockings[0].came, late.attendance_corrections[0].reason], ['late', '09:40', one.came, '打卡机走时不准']);
  done(await duty.post(`/attendance_corrections/${asked.id}/withdraw`));
  assert.equal(done(await agent.get(`/attendance/${one.id}`)).kind, 'present');
  // Entered by the duty manager for an agent, it is not the duty manager who approves it.
  const leave = done(await duty.post('/leaves', { person_id: own, kind: 'sick', from: one.day, part: 'first_half', reason: '发烧' }), 201);
  refused(await duty.post(`/leaves/${leave.id}/approve`), 403, 'asked.own');
  fault(await agent.post('/leaves', { kind: 'personal', from: one.day, reason: '再请一次' }), 'from', 'leave_collides');
  fault(await agent.post('/leaves', { person_id: await me(duty), kind: 'personal', from: day(9), reason: '替别人请' }), 'person_id', 'own_only');
  done(await supervisor.post(`/leaves/${leave.id}/approve`));
  assert.deepEqual([done(await agent.get(`/attendance/${one.id}`)).on_leave, done(await agent.get(`/attendance/${one.id}`)).attended], ['0.50', '0.50']);
});

test('C2.3 everybody else sees the own days alone; the client\'s side sees nothing, by whichever way', async () => {
  const own = await me(agent);
  for (const list of ['attendance', 'attendance_months', 'shifts', 'clockings', 'leaves']) {
    const { items } = done(await agent.get(`/${list}?limit=200`));
    assert.ok(items.length && items.every(({ person_id: person }) => person === own), list);
  }
  const days = done(await duty.get('/attendance?kind=late&limit=1')).items;
  const [leave] = done(await duty.get('/leaves?limit=1')).items;
  const [shift] = done(await duty.get('/shifts?limit=1')).items;
  const outsiders = [client, ...await Promise.all(['ops', 'audit', 'division', 'resident', 'finance', 'pm'].map((name) => world.signIn(name)))];
  const paths = ['attendance', 'attendance_months', 'shifts', 'shift_kinds', 'shift_swaps', 'clockings', 'leaves', 'attendance_corrections', 'attendance_rules'];
  for (const by of outsiders) {
    for (const one of [...paths, ...paths.map((name) => `${name}?q=${encodeURIComponent(days[0].person_name)}`), 'shifts/week', 'shifts/own',
      `attendance/${days[0].id}`, `leaves/${leave.id}`, `leaves/${leave.id}/history`, `shifts/${shift.id}`]) {
      const reply = await by.get(`/${one}`);
      assert.equal(reply.status, 403, one);
      assert.ok(!reply.text.includes(days[0].person_name) && !reply.text.includes(leave.reason), one);
    }
    for (const one of ['attendance', 'leaves', 'shifts']) assert.equal((await by.post(`/${one}/export?format=csv`)).status, 403, one);
    assert.equal((await by.post('/leaves', { kind: 'sick', from: day(), reason: '代请' })).status, 403);
  }
  // The auditors' trail says that something was done, and neither what nor by whom.
  const audit = outsiders[2];
  const { items } = done(await audit.get('/events?resource=leaves&limit=200'));
  assert.ok(items.length && items.every(({ withheld, title, changes, note, person_name: who, record_id: what }) => withheld && !title && !changes && !note && !who && !what));
});

test('C2.3 the month is exported by whoever has the right, and measured for the appraisal', async () => {
  assert.equal((await agent.post('/attendance_months/export?format=xlsx')).status, 403);
  const file = await provider.post(`/attendance_months/export?format=xlsx&month=${month(-1)}`);
  assert.equal(file.status, 200);
  const [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
  const scheme = done(await provider.post('/schemes', { contract_id: contract.id, subject: 'agent', name: '劳动纪律', from_month: month(1),
    indicators: [{ code: 'late', name: '迟到', measure: 'attendance.late', method: 'deduct_per_event', weight: '100', step: '2', nothing: 'full' }] }), 201);
  const { items } = done(await provider.get(`/schemes/${scheme.id}/trial?month=${month(-1)}`));
  const sums = new Map(done(await provider.get(`/attendance_months?month=${month(-1)}&limit=200`)).items.map((item) => [item.person_id, item]));
  const measured = items.filter(({ lines: [line] }) => !line.nothing);
  assert.ok(measured.length > 30);
  for (const { person_id: person, lines: [line] } of measured) assert.equal(Number(line.value), sums.get(person).late);
});

// V3.4, V3.5, V5.1.6, V6.1.1, V6.1.2.1, V6.1.2.2, V6.1.2.3: a division files its rules, a project writes standards that
// cover the terms of its contracts, and divides them into areas whose persons are published.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { sendReport } from '../report.js';
import { startWorld, Browser, PASSWORD, day } from '../world.js';

let world, garden, centre;
const people = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.equal(reply.status, status, reply.text); assert.equal(reply.body.error.code, code, reply.text); };
const faults = (reply) => reply.body.error.fields.map(({ field, code, clause }) => `${field} ${code} ${clause}`);
const fault = (reply, field, code, clause) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(faults(reply).includes(`${field} ${code} ${clause}`), reply.text);
};
const first = async (by, place) => done(await by.get(place)).items[0];

before(async () => {
  world = await startWorld();
  const names = ['ops', 'audit', 'finance', 'division', 'pm', 'executor', 'resident', 'cleaner', 'provider', 'survey'];
  await Promise.all(names.map(async (name) => { people[name] = await world.signIn(name); }));
  const { items: units } = done(await people.ops.get('/units?kind=project&limit=200'));
  [garden, centre] = ['滨河花园', '澄江中心'].map((name) => units.find((unit) => unit.name === name));
});
after(() => world.stop());

/* ---- rules of divisions ---- */

let count = 0;
async function ruleBody(values = {}) {
  const parent = done(await people.ops.get('/units?kind=division')).items.find(({ name }) => name === '华东事业部').id;
  const unit = done(await people.ops.post('/units', { name: `分公司 ${count += 1}`, kind: 'subsidiary', parent_id: parent }), 201);
  return { unit_id: unit.id, name: '实施细则', from: day(), contracting: '台帐当月录入', standards: '逐条对应条款', evaluation: '优良合格不合格', assessment: '漏检扣绩效', ...values };
}
const file = ({ id, sha256 }, by = people.division) => by.post(`/division_rules/${id}/file`, { sha256, password: PASSWORD });

test('V3.4 rules of a division are signed, filed with the operations centre and received with a number by somebody else', async () => {
  const rules = done(await people.division.post('/division_rules', await ruleBody()), 201);
  refused(await file({ ...rules, sha256: 'seen before it changed' }), 409, 'division_rule.changed');
  const filed = done(await file(rules));
  assert.deepEqual([filed.state, filed.signatures.length], ['filed', 1]);
  assert.equal((await people.division.post(`/division_rules/${rules.id}/receive`)).status, 403);
  assert.ok(done(await people.ops.get('/duties?rule=receive_rules&live=true')).items.some(({ subject_id: id }) => id === rules.id));
  const received = done(await people.ops.post(`/division_rules/${rules.id}/receive`));
  assert.match(received.receipt, /^细则-\d{4}-\d{4}$/);
  refused(await people.division.patch(`/division_rules/${rules.id}`, { version: received.version, name: '改' }), 409, 'division_rule.wrong_state');
  const next = done(await people.division.post(`/division_rules/${rules.id}/revise`), 201);
  assert.deepEqual([next.revision, next.from, next.state], [2, day(1), 'draft']);
  done(await file(next));
  const former = done(await people.ops.get(`/division_rules/${rules.id}`));
  assert.deepEqual([former.state, former.to], ['retired', day()]);
  assert.equal((await people.cleaner.get(`/division_rules/${rules.id}`)).status, 403);
});

test('V6.1.1 rules without one of the four parts are not filed', async () => {
  const rules = done(await people.division.post('/division_rules', await ruleBody({ assessment: '', evaluation: '' })), 201);
  const reply = await file(rules);
  assert.equal(reply.status, 422);
  assert.deepEqual(faults(reply).sort(), ['assessment required V6.1.1', 'evaluation required V6.1.1']);
  fault(await people.division.post('/division_rules', await ruleBody({ mandatory: ['result'] })), 'mandatory', 'categories_least', 'V6.1.2.3');
  fault(await people.division.post('/division_rules', { ...await ruleBody(), unit_id: garden.id }), 'unit_id', 'writes_no_rules', 'V3.4');
});

/* ---- standards ---- */

const item = (standard, values = {}) => ({
  standard_id: standard, category: 'result', text: `地面无污迹 ${count += 1}`, method: 'sight', frequency: 'daily', points: '5', deduction: '1', ...values,
});
const add = async (standard, values) => done(await people.executor.post('/standard_items', item(standard, values)), 201);
const approve = ({ id, sha256 }, by = people.pm) => by.post(`/standards/${id}/approve`, { sha256, password: PASSWORD });
const read = async (id, by = people.executor) => done(await by.get(`/standards/${id}`));
// A draft for that service of the project; one that is there already comes to nothing.
async function draft(service, values = {}) {
  for (const { id } of done(await people.executor.get(`/standards?state=draft&service=${service}`)).items)
    done(await people.executor.post(`/standards/${id}/give_up`, { reason: '另起草' }));
  return done(await people.executor.post('/standards', { unit_id: garden.id, service, name: `标准 ${count += 1}`, from: day(count), ...values }), 201);
}

test('V6.1.2.1 a standard that leaves a term of the contract unchecked is not approved, and says which', async () => {
  const { id } = await draft('pest_control');
  done(await people.executor.post(`/standards/${id}/fill`));
  const begun = await read(id);
  assert.equal(begun.items.length, 10);
  assert.deepEqual(begun.terms.map(({ number, items }) => [number, items]), [['2.2', 0], ['3.3', 0], ['5.1', 0]]);
  const reply = await approve(begun);
  refused(reply, 409, 'standard.not_ready');
  assert.deepEqual(faults(reply), Array(3).fill('items term_uncovered V6.1.2.1'));
  assert.match(reply.text, /3\.3/);
  const term = (number) => begun.terms.find((one) => one.number === number).term_id;
  for (const [place, number] of [['鼠', '2.2'], ['频次', '3.3'], ['公告', '5.1']]) {
    const one = begun.items.find((candidate) => candidate.place === place);
    done(await people.executor.patch(`/standard_items/${one.id}`, { version: one.version, term_id: term(number) }));
  }
  const elsewhere = done(await people.executor.get('/contracts?service=greening&limit=1')).items[0];
  const foreign = await first(people.executor, `/terms?contract_id=${elsewhere.id}&limit=1`);
  fault(await people.executor.post('/standard_items', item(id, { term_id: foreign.id })), 'term_id', 'term_elsewhere', 'V6.1.2.1');
  const whole = await read(id);
  assert.ok(whole.terms.every(({ items }) => items === 1));
  assert.equal(done(await approve(whole)).state, 'in_force');
});

test('V6.1.2.3 a standard that lacks a mandatory category is not approved; points add up to 100', async () => {
  const { id } = await draft('other');
  await add(id, { points: '60' });
  await add(id, { category: 'personnel', points: '30' });
  const reply = await approve(await read(id));
  refused(reply, 409, 'standard.not_ready');
  const lacks = ['qualification', 'equipment', 'process', 'safety', 'records'].map((category) => `items lacks_${category} V6.1.2.3`);
  assert.deepEqual(faults(reply), [...lacks, 'items points_sum V3.5']);
  fault(await people.executor.post('/standard_items', item(id, { deduction: '6' })), 'deduction', 'more_than_points', 'V3.5');
  fault(await people.executor.post('/standard_items', item(id, { points: '0', deduction: '0' })), 'points', 'no_points', 'V3.5');
});

async function wholeDraft(values) {
  const { id } = await draft('other', values);
  for (const category of ['qualification', 'personnel', 'equipment', 'process', 'safety', 'records']) await add(id, { category, points: '10' });
  await add(id, { points: '40' });
  return read(id);
}

test('V3.5 a standard is approved by somebody who wrote nothing in it, is in force from its day, and never changes', async () => {
  const standard = await wholeDraft();
  assert.equal((await approve(standard, people.executor)).status, 403);
  const extra = done(await people.pm.post('/standard_items', item(standard.id)), 201);
  done(await people.pm.post(`/standard_items/${extra.id}/remove`)); // the project manager wrote in it, too
  refused(await approve(await read(standard.id)), 403, 'standard.own');
  refused(await approve({ ...standard, sha256: 'seen before it changed' }, people.division), 409, 'standard.changed');
  const approved = done(await approve(await read(standard.id), people.division));
  assert.deepEqual([approved.state, approved.approved_by, approved.rules_name.slice(0, 5)], ['in_force', '李蔚', '华东事业部']);
  const [one] = approved.items;
  refused(await people.executor.patch(`/standard_items/${one.id}`, { version: one.version, points: '1' }), 409, 'standard.wrong_state');
  refused(await people.executor.post(`/standard_items/${one.id}/remove`), 409, 'standard.wrong_state');
  refused(await people.executor.post('/standard_items', item(standard.id)), 409, 'standard.wrong_state');
  const next = done(await people.executor.post(`/standards/${standard.id}/revise`), 201);
  assert.deepEqual([next.revision, next.items.length, next.former_id], [2, 7, standard.id]);
  fault(await people.executor.post('/standards', { unit_id: garden.id, service: 'other', name: '又一份', from: day(9) }), 'service', 'standard_drafted', 'V3.5');
  const early = await approve(next);
  refused(early, 409, 'standard.not_ready');
  assert.deepEqual(faults(early), ['from before_former V3.5']);
  const later = done(await people.executor.patch(`/standards/${next.id}`, { version: next.version, from: day(200) }));
  done(await approve(await read(later.id)));
  const former = await read(standard.id);
  assert.deepEqual([former.state, former.to], ['retired', day(199)]);
});

test('V3.4 no standard takes force in a division whose rules are not filed', async () => {
  const liang = await world.signIn('liangshu'); // of a project in the south, whose division has but a draft
  const park = (await first(liang, '/units?kind=project')).id;
  const { id } = done(await liang.post('/standards', { unit_id: park, service: 'cleaning', name: '保洁标准', from: day(1) }), 201);
  done(await liang.post(`/standards/${id}/fill`));
  world.sql(`UPDATE accounts SET roles = 'division' WHERE name = 'ops'`);
  const { sha256 } = done(await liang.get(`/standards/${id}`));
  const lead = await world.signIn('ops');
  const reply = await approve({ id, sha256 }, lead);
  world.sql(`UPDATE accounts SET roles = 'ops' WHERE name = 'ops'`);
  people.ops = await world.signIn('ops');
  refused(reply, 409, 'standard.not_ready');
  assert.ok(faults(reply).includes('rules_id rules_not_filed V3.4'), reply.text);
});

test('V3.5 items come from a workbook, each once, and a term is found by its number', async () => {
  const standard = await draft('greening');
  assert.match((await (await world.browse('executor')).get(`/standards/${standard.id}`)).text, /href="\/imports\/new\?resource=standard_items"/);
  const head = '检查标准,类别,部位,标准要求,合同条款号,检查方法,频次,分值,每处扣分,须拍照,一票否决';
  const rows = [`${standard.name},作业过程,草坪,每月修剪两次,3.1,目测,每月,40,5,是,否`, `${standard.name},资料台帐,台帐,记录齐全,,查资料,月,20,2,,`,
    `${standard.name},安全,作业面,设围挡,9.9,目测,每次,40,40,是,是`];
  const form = new FormData();
  form.set('resource', 'standard_items');
  form.append('file', new Blob([`\ufeff${[head, ...rows].join('\r\n')}\r\n`]), '绿化标准.csv');
  const started = done(await people.pm.post('/imports', form), 201);
  const settled = async (action, input) => {
    done(await people.pm.post(`/imports/${started.id}/${action}`, input));
    for (;;) {
      const now = done(await people.pm.get(`/imports/${started.id}`));
      if (!['checking', 'running'].includes(now.state)) return now;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  };
  const checked = await settled('mapping');
  assert.deepEqual([checked.rows, checked.good, checked.bad.map(({ row, field, code }) => [row, field, code])], [3, 2, [[4, 'said_term', 'term_unknown']]]);
  assert.equal((await settled('run', { good_rows: true })).state, 'done');
  const foreign = new FormData();
  foreign.set('resource', 'contracts');
  foreign.append('file', new Blob(['\ufeff合同编号,合同名称\r\n1,甲\r\n']), '台帐.csv');
  assert.equal((await people.pm.post('/imports', foreign)).status, 403); // what one may not write one by one comes in no workbook either
  const { items } = await read(standard.id);
  assert.deepEqual(items.map(({ category, term_number: term, frequency, photo }) => [category, term, frequency, photo]),
    [['process', '3.1', 'monthly', true], ['records', '', 'monthly', false]]);
});

test('V3.5 whoever inspects sees the standard, a provider its own once it is in force, another provider nothing', async () => {
  const cleaning = await first(people.pm, '/standards?service=cleaning&state=in_force');
  const greening = await first(people.pm, '/standards?service=greening&state=in_force');
  assert.ok(done(await people.cleaner.get(`/standards/${cleaning.id}`)).items.length > 10);
  assert.equal(done(await people.cleaner.get(`/standards/${cleaning.id}`)).terms, undefined);
  assert.equal((await people.cleaner.get(`/standards/${greening.id}`)).status, 404);
  assert.equal((await people.cleaner.get(`/standard_items/${(await read(greening.id)).items[0].id}`)).status, 404);
  assert.equal((await people.provider.get(`/standards/${cleaning.id}`)).status, 404);
  const revision = await first(people.executor, '/standards?service=cleaning&state=draft');
  assert.equal((await people.cleaner.get(`/standards/${revision.id}`)).status, 404); // a draft is the project's alone
  assert.equal((await people.survey.get('/standards')).status, 403);
  assert.equal((await people.audit.post('/standards', {})).status, 403); // sees, and changes nothing
  assert.equal(done(await people.audit.get(`/standards/${cleaning.id}`)).id, cleaning.id);
  assert.equal((await people.resident.get(`/standards/${cleaning.id}`)).status, 404); // of another project
  const paper = await people.pm.get(`/standards/${cleaning.id}/print.pdf`);
  assert.deepEqual([paper.status, paper.headers.get('content-type'), paper.text.slice(0, 5)], [200, 'application/pdf', '%PDF-']);
});

/* ---- areas ---- */

const contractOf = (service, by = people.pm) => first(by, `/contracts?service=${service}&limit=1&unit_id=${garden.id}&state=active,suspended`);
async function areaBody(values = {}) {
  return { contract_id: (await contractOf('greening')).id, name: `片区 ${count += 1}`, size_m2: 900, from: day(), ...values };
}
const publish = (by = people.pm, channel = `物业服务台 0571-8600 ${1000 + (count += 1)}`) => by.post('/area_publications', { unit_id: garden.id, channel });
const executorId = async () => done(await people.executor.get('/session')).person_id;

test('V6.1.2.2 the size of an area demands persons; they are named from day to day', async () => {
  const area = done(await people.pm.post('/areas', await areaBody({ size_m2: 20001, persons: [{ person_id: await executorId() }] })), 201);
  assert.deepEqual([area.persons.length, area.persons_needed, area.persons_lacking], [1, 2, true]);
  const lacking = await publish();
  refused(lacking, 409, 'area_publication.not_ready');
  assert.deepEqual(faults(lacking), ['areas persons_lacking V6.1.2.2']);
  assert.ok(done(await people.pm.get('/duties?rule=name_persons&live=true')).items.some(({ subject_id: id }) => id === area.id));
  const name = (person, values = {}) => people.pm.post('/area_persons', { area_id: area.id, person_id: person, from: day(), ...values });
  fault(await name(await executorId()), 'person_id', 'named_already', 'V6.1.2.2');
  fault(await name(done(await people.cleaner.get('/session')).person_id), 'person_id', 'not_clients_person', 'V6.1.2.2');
  fault(await name(done(await people.pm.get('/session')).person_id, { from: day(-3) }), 'from', 'before_area', 'V6.1.2.2');
  const second = done(await name(done(await people.pm.get('/session')).person_id, { to: day(9) }), 201);
  assert.equal(done(await people.pm.get(`/areas/${area.id}`)).persons_lacking, false);
  const [owed] = done(await people.pm.get('/duties?rule=name_persons&state=open')).items.filter(({ subject_id: id }) => id === area.id);
  assert.equal(owed.due_at.slice(0, 10), day(10)); // when the second one ends
  const open = done(await people.pm.patch(`/area_persons/${second.id}`, { version: second.version, to: null }));
  assert.equal(open.to, null);
  assert.equal(done(await people.pm.get('/duties?rule=name_persons&state=open')).items.some(({ subject_id: id }) => id === area.id), false);
});

test('V6.1.2.2 areas are published without more of a person than name and job, and filed with receipt; a change is published anew', async () => {
  refused(await publish(people.pm, ''), 422, 'input.invalid');
  fault(await publish(people.pm, '何工 13905710001'), 'channel', 'private_number', 'V6.1.2.2');
  const body = await areaBody({ persons: [{ person_id: await executorId() }] });
  const area = done(await people.pm.post('/areas', body), 201);
  const one = done(await publish(), 201);
  refused(await publish(people.pm, one.channel), 409, 'area_publication.unchanged');
  assert.deepEqual(Object.keys(one.rows[0]).sort(), ['area', 'area_id', 'job', 'person', 'place', 'service', 'size_m2']);
  assert.equal((await people.pm.post(`/area_publications/${one.id}/receive`)).status, 403);
  const received = done(await people.division.post(`/area_publications/${one.id}/receive`));
  assert.match(received.receipt, /^片区-\d{4}-\d{4}$/);
  assert.equal(done(await people.pm.get('/duties?rule=publish_areas&live=true')).items.length, 0);
  const notes = async () => Promise.all([`/areas/matrix?unit_id=${garden.id}`, `/area_publications/${one.id}`].map(async (place) => (await (await world.browse('pm')).get(place)).text.includes('应当重新公示')));
  assert.deepEqual(await notes(), [false, false]);
  const { version } = done(await people.pm.get(`/areas/${area.id}`));
  done(await people.pm.patch(`/areas/${area.id}`, { version, name: `${body.name} 北侧` }));
  assert.equal(done(await people.pm.get('/duties?rule=publish_areas&live=true')).items[0].unit_name, '滨河花园');
  assert.deepEqual(await notes(), [true, true]);
  assert.match((await (await world.browse('pm')).get(`/area_publications/${one.id}`)).text, /href="\/areas\/matrix\?unit_id=\d+#publish"/);
  const two = done(await publish(), 201);
  assert.deepEqual(await notes(), [false, false]);
  assert.deepEqual([two.revision, two.url], [one.revision + 1, one.url]); // what hangs there leads to the new one
  assert.equal(done(await people.division.get(`/area_publications/${one.id}`)).state, 'superseded');
  // What was changed and changed back was published as it is now only once it is published anew.
  const renamed = done(await people.pm.get(`/areas/${area.id}`)), back = done(await people.pm.patch(`/areas/${area.id}`, { version: renamed.version, name: body.name }));
  done(await people.pm.patch(`/areas/${area.id}`, { version: back.version, name: renamed.name }));
  assert.equal(done(await publish(people.pm, two.channel), 201).revision, two.revision + 1);
  assert.equal(done(await people.pm.get('/duties?rule=publish_areas&live=true')).items.length, 0);
  assert.equal((await people.cleaner.get('/area_publications')).status, 403);
});

test('V6.1.2.2 whoever scans a code sees who is responsible, complains or praises without signing in, and the desk owes an answer', async () => {
  const published = done(await publish(), 201);
  const nobody = new Browser(world.url);
  const page = await nobody.get(new URL(published.url).pathname);
  assert.equal(page.status, 200);
  const [row] = published.rows;
  for (const shown of [row.area, row.person, published.channel]) assert.ok(page.text.includes(shown), shown);
  assert.doesNotMatch(page.text, /1[3-9]\d{9}/);
  const { url } = done(await people.pm.get(`/areas/${row.area_id}`));
  assert.ok((await nobody.get(new URL(url).pathname)).text.includes(row.area));
  for (const guessed of ['/p/guessed', '/a/guessed']) assert.equal((await nobody.get(guessed)).status, 404);
  const token = page.text.match(/\/r\/([\w-]+)\?kind=praise/)[1];
  assert.match((await nobody.get(`/r/${token}?kind=praise`)).text, /value="praise" checked/);
  const before = done(await people.pm.get('/issues?limit=200')).items.length;
  for (const kind of ['praise', 'complaint']) assert.equal((await sendReport(world, token, { kind, words: '来自片区公示' })).status, 303);
  const { items } = done(await people.pm.get('/issues?limit=200'));
  assert.equal(items.length, before + 2);
  const [praise] = items.filter(({ kind }) => kind === 'praise');
  assert.deepEqual([praise.priority, praise.place, praise.source], ['low', row.area, 'qr']);
  assert.ok(done(await people.pm.get('/duties?rule=answer_issue&live=true&limit=200')).items.some(({ subject_id: id }) => id === praise.id));
  for (let i = 0; i < 20; i += 1)
    if ((await sendReport(world, token, { kind: 'complaint' })).status === 429) return;
  assert.fail('anybody may send without end');
});

test('V5.1.6 the matrix shows who is responsible on a day; a contract that no area is of is a breach', async () => {
  const matrix = async (by, query) => done(await by.get(`/areas/matrix?${query}`));
  const now = await matrix(people.division, `unit_id=${centre.id}`);
  assert.deepEqual(now.uncovered.map(({ service }) => service), ['engineering']);
  assert.ok(now.items.every(({ persons, persons_lacking: lacking }) => persons.length && !lacking));
  const then = await matrix(people.division, `unit_id=${centre.id}&day=${day(-185)}`);
  assert.deepEqual([then.items.length, then.uncovered.length], [0, 2]); // before they were divided
  fault(await people.division.get('/areas/matrix?day=tomorrow'), 'day', 'malformed', undefined);
  assert.equal((await people.resident.get(`/areas/matrix?unit_id=${garden.id}`)).status, 404);
  const clause = done(await people.ops.get('/clauses/V5.1.6'));
  assert.equal(clause.state, 'breached');
  const { items: late } = done(await people.division.get('/duties?rule=cover_contract&state=overdue'));
  const [owed] = late.filter(({ unit_name: unit }) => unit === '澄江中心');
  const chief = done(await people.division.get(`/contracts/${owed.contract_id}`));
  assert.equal((await people.finance.post('/areas', await areaBody())).status, 403);
  const area = done(await people.resident.get('/areas?limit=1')).items[0];
  assert.equal(area.unit_id, centre.id);
  world.sql(`UPDATE accounts SET roles = 'executor' WHERE name = 'resident'`);
  const executor = await world.signIn('resident');
  const { person_id: person } = done(await executor.get('/session'));
  const body = { contract_id: chief.id, name: '消防泵房', size_m2: 300, from: day(), persons: [{ person_id: person }] };
  done(await executor.post('/areas', body), 201);
  const twice = done(await executor.post('/areas', body), 201); // the same place twice: shown, and not refused
  const after = await matrix(executor, `unit_id=${centre.id}`);
  assert.equal(after.uncovered.length, 0);
  assert.equal(after.items.filter(({ overlaps }) => overlaps).length, 2);
  done(await executor.patch(`/areas/${twice.id}`, { version: twice.version, to: day(-0) }));
  assert.equal(done(await people.division.get('/duties?rule=cover_contract&state=overdue')).items.some(({ id }) => id === owed.id), false);
});

test('V5.1.6 a provider sees the areas of its own contracts and who supervises them, and no other’s', async () => {
  const { items } = done(await people.cleaner.get('/areas?limit=200'));
  assert.ok(items.length && items.every(({ service }) => service === 'cleaning'));
  const greening = done(await people.pm.get('/areas?service=greening&limit=1')).items[0];
  assert.equal((await people.cleaner.get(`/areas/${greening.id}`)).status, 404);
  const [person] = done(await people.pm.get(`/areas/${greening.id}`)).persons;
  assert.equal((await people.cleaner.get(`/area_persons/${person.id}`)).status, 404);
  assert.equal((await people.cleaner.post('/areas', await areaBody())).status, 403);
});

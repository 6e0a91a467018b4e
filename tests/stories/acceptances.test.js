// X3, V3.2: a one-off service is presented, checked line by line, signed by both sides and seen by audit before anything of it is paid.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day, month } from '../world.js';

let world;
const people = {}, ids = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code, ...lacking) => {
  assert.equal(reply.status, status, reply.text);
  if (code) assert.equal(reply.body.error.code, code, reply.text);
  for (const [field, lack, clause] of lacking)
    assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === lack && (!clause || one.clause === clause)), `${lack}: ${reply.text}`);
};
const named = async (resource, name) => done(await people.division.get(`/${resource}?q=${encodeURIComponent(name)}&limit=1`)).items[0].id;
async function attach(by, subject, id, text = '试验报告：全部合格') {
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject, subject_id: id, retention: 'long' })) form.append(name, value);
  form.append('file', new Blob([text]), '资料.txt');
  done(await by.post('/documents', form), 201);
}
let count = 0;
// A one-off contract of the cleaners in force, 100,000 yuan, 5 % kept back for 12 months.
async function contract(values = {}) {
  const { division, executor } = people;
  const { id } = done(await division.post('/contracts', {
    number: `HT-ACC-${process.pid}-${count += 1}`, name: `滨河花园地库地坪修补 ${count}`, kind: 'one_off', service: 'cleaning', provider_id: ids.provider,
    unit_id: ids.project, starts_on: day(-30), ends_on: day(60), amount_fen: 10000000, warranty_months: 12, retention_share: '5',
    executor_id: ids.executor, no_subcontracting: true, provider_phone: '13905710001', ...values }), 201);
  for (const number of ['1.1', '2.4']) done(await division.post('/terms', { contract_id: id, number, topic: 'scope', text: `第 ${number} 条：地坪平整、无空鼓` }), 201);
  const briefing = done(await division.post('/briefings', { contract_id: id, held_on: day(), place: '会议室' }), 201);
  for (const by of [division, executor]) done(await by.post(`/briefings/${briefing.id}/sign`, { password: PASSWORD, sha256: briefing.sha256 }));
  const { version } = done(await division.get(`/contracts/${id}`));
  return done(await division.post(`/contracts/${id}/activate`, { version }));
}
const body = (of, values = {}) => ({ contract_id: of.id, completed_on: day(-1), work: '地坪修补 1200 平方米', claimed_fen: 10000000, ...values });
async function requested(of) {
  const { id } = done(await people.cleaner.post('/acceptances', body(of)), 201);
  await attach(people.cleaner, 'acceptances', id);
  return done(await people.cleaner.post(`/acceptances/${id}/request`));
}
const declare = (by, interest = 'none') => by.post('/interest_declarations', { provider_id: ids.provider, interest, words: interest === 'none' ? '' : '亲属任职' });
const name = (id, values) => people.division.post('/acceptance_members', { acceptance_id: id, ...values });
async function convened(of) {
  const { id } = await requested(of);
  for (const person of ['pm', 'executor', 'division']) done(await name(id, { person_id: ids[person] }), 201);
  return done(await people.pm.post(`/acceptances/${id}/convene`));
}
const judge = (by, item, values) => by.post(`/acceptance_items/${item.id}/judge`, { result: 'pass', ...values });
async function checked(of, first = {}) {
  const acceptance = await convened(of);
  for (const [at, item] of acceptance.items.entries()) done(await judge(people.executor, item, at ? {} : first));
  return acceptance;
}
const sign = (by, { id, sha256 }, step = 'sign', more = {}) => by.post(`/acceptances/${id}/${step}`, { password: PASSWORD, sha256, ...more });
async function signed(of, first, decision) {
  const { id } = await checked(of, first);
  const decided = done(await people.pm.post(`/acceptances/${id}/decide`, { conclusion: '同意', accepted_fen: 9800000, ...decision }));
  for (const by of [people.pm, people.executor, people.division]) done(await sign(by, decided));
  return done(await sign(people.cleaner, decided, 'countersign'));
}
const final = async (...how) => done(await people.audit.post(`/acceptances/${(await signed(...how)).id}/pass`));
const DEFECT = { result: 'defect', measured: '空鼓 2 处', note: '车位 B-17 空鼓', due_on: day(30) };
const FAIL = { result: 'fail', measured: '起砂 300 平方米', note: '大面积起砂' };

before(async () => {
  world = await startWorld();
  const names = ['ops', 'division', 'pm', 'executor', 'finance', 'audit', 'cleaner', 'provider'];
  await Promise.all(names.map(async (one) => { people[one] = await world.signIn(one); }));
  for (const [key, resource, called] of [['provider', 'organisations', '净安保洁服务有限公司'], ['project', 'units', '滨河花园'], ['pm', 'people', '周敏'], ['executor', 'people', '何书琴'], ['division', 'people', '李蔚']])
    ids[key] = await named(resource, called);
});
after(() => world.stop());

test('X3 only the provider presents its one-off contract, with documents, and within its amount', async () => {
  const of = await contract(), long = done(await people.pm.get(`/contracts?q=${encodeURIComponent('滨河花园保洁')}`)).items[0];
  assert.equal((await people.pm.post('/acceptances', body(of))).status, 403);
  refused(await people.cleaner.post('/acceptances', body(long)), 422, 'input.invalid', ['contract_id', 'one_off_only', 'X3']);
  refused(await people.cleaner.post('/acceptances', body(of, { claimed_fen: 10000001 })), 422, 'input.invalid', ['claimed_fen', 'beyond_contract', 'X3']);
  const { id } = done(await people.cleaner.post('/acceptances', body(of)), 201);
  assert.equal((await people.pm.get(`/acceptances/${id}`)).status, 404); // a draft is the provider's own
  refused(await people.cleaner.post(`/acceptances/${id}/request`), 409, 'acceptance.not_ready', ['documents', 'no_documents', 'X3']);
  refused(await people.cleaner.post('/acceptances', body(of)), 422, 'input.invalid', ['contract_id', 'acceptance_open', 'X3']);
  await attach(people.cleaner, 'acceptances', id);
  done(await people.cleaner.post(`/acceptances/${id}/request`));
  assert.equal(done(await people.division.post(`/acceptances/${id}/return`, { reason: '缺竣工图' })).state, 'drafted');
  assert.equal(done(await people.cleaner.post(`/acceptances/${id}/withdraw`, { reason: '补图后再提' })).state, 'withdrawn');
  assert.equal((await people.provider.get(`/acceptances/${id}`)).status, 404);
});

test('X3 V3.2 the panel has three, one not of the project, and nobody with an interest', async () => {
  const { id } = await requested(await contract());
  done(await name(id, { person_id: ids.pm }), 201);
  refused(await name(id, { person_id: ids.pm }), 422, 'input.invalid', ['person_id', 'on_panel_already', 'X3']);
  refused(await name(id, {}), 422, 'input.invalid', ['person_id', 'person_or_expert', 'X3']);
  refused(await name(id, { expert_name: '冯国栋', expert_of: '行业协会' }), 422, 'input.invalid', ['expert_interest', 'required', 'V3.2']);
  done(await name(id, { person_id: ids.executor }), 201);
  refused(await people.pm.post(`/acceptances/${id}/convene`), 409, 'acceptance.not_ready', ['panel', 'panel_too_small', 'X3'], ['panel', 'panel_of_project', 'X3']);
  const { id: kin } = done(await name(id, { expert_name: '冯国栋', expert_of: '行业协会', expert_interest: 'kin' }), 201);
  refused(await people.pm.post(`/acceptances/${id}/convene`), 409, 'acceptance.not_ready', ['panel', 'member_interested', 'V3.2']);
  done(await people.division.post(`/acceptance_members/${kin}/remove`, { reason: '回避' }));
  done(await name(id, { expert_name: '何专家', expert_of: '行业协会', expert_interest: 'none' }), 201);
  refused(await name(id, { expert_name: '何专家', expert_of: '行业协会', expert_interest: 'none' }), 422, 'input.invalid', ['expert_name', 'on_panel_already', 'X3']);
  refused(await people.division.post(`/acceptances/${id}/convene`), 403, 'acceptance.not_on_panel');
  const { items } = done(await people.pm.post(`/acceptances/${id}/convene`));
  assert.deepEqual(items.map(({ term }) => term), ['1.1', '2.4']);
  assert.equal((await people.cleaner.get(`/acceptance_members?acceptance_id=${id}`)).status, 403);
});

test('V3.2 who has not declared checks nothing, and who is not on the panel neither', async () => {
  await Promise.all([people.pm, people.executor, people.division].map((by) => declare(by)));
  const { id, items: [item] } = await convened(await contract());
  assert.deepEqual(done(await people.cleaner.get(`/acceptances/${id}`)).items, []); // the panel's work is not the provider's yet
  assert.deepEqual(done(await people.cleaner.get(`/acceptance_items?acceptance_id=${id}`)).items, []);
  assert.equal((await people.cleaner.get(`/acceptance_items/${item.id}`)).status, 404);
  refused(await judge(people.ops, item), 403, 'acceptance.not_on_panel');
  done(await declare(people.executor, 'kin'), 201);
  refused(await judge(people.executor, item), 403, 'evaluation.interested');
  refused(await people.pm.post(`/acceptances/${id}/decide`, { outcome: 'accepted', accepted_fen: 1, conclusion: '同意' }), 409, 'acceptance.not_ready',
    ['panel', 'member_interested', 'V3.2'], ['lines', 'lines_unjudged', 'X3']);
  done(await declare(people.executor), 201);
  refused(await judge(people.executor, item, { result: 'defect' }), 422, 'input.invalid', ['note', 'required', 'X3'], ['measured', 'measured_or_photo', 'X3'], ['due_on', 'required', 'X3']);
  refused(await judge(people.executor, item, { result: 'na' }), 422, 'input.invalid', ['note', 'required', 'X3']);
  assert.equal(done(await judge(people.executor, item, DEFECT)).result, 'defect');
});

test('X3 every term is on the list, and the outcome follows from the lines', async () => {
  const of = await contract();
  const { id } = await checked(of, DEFECT);
  done(await people.division.post('/terms', { contract_id: of.id, number: '9.9', topic: 'safety', text: '安全围挡', amended_on: day(), basis: '补充协议' }), 201);
  const decide = (values) => people.pm.post(`/acceptances/${id}/decide`, { outcome: 'accepted_with_defects', accepted_fen: 9800000, conclusion: '同意', ...values });
  const refusal = await decide();
  refused(refusal, 409, 'acceptance.not_ready', ['lines', 'terms_uncovered', 'X3']);
  assert.ok(refusal.text.includes('9.9'), refusal.text);
  const built = done(await people.pm.post(`/acceptances/${id}/build`));
  done(await judge(people.division, built.items.find(({ term }) => term === '9.9')));
  refused(await people.executor.post(`/acceptances/${id}/decide`, { outcome: 'accepted_with_defects', accepted_fen: 1, conclusion: '同意' }), 403, 'acceptance.not_lead');
  refused(await decide({ outcome: 'accepted' }), 422, 'input.invalid', ['outcome', 'outcome_against_lines', 'X3']);
  refused(await decide({ accepted_fen: 10000001 }), 422, 'input.invalid', ['accepted_fen', 'beyond_claim', 'X3']);
  refused(await decide({ outcome: 'refused' }), 422, 'input.invalid', ['accepted_fen', 'refused_for_nothing', 'X3']);
  const decided = done(await decide());
  assert.deepEqual([decided.state, decided.panel.length, decided.sha256.length], ['decided', 3, 64]);
  refused(await judge(people.executor, decided.items[0]), 409, 'acceptance.wrong_state');
});

test('X3 both sides sign what was decided, each for itself; V3.2 audit has its chance and changes nothing', async () => {
  const { id } = await checked(await contract());
  const decided = done(await people.pm.post(`/acceptances/${id}/decide`, { outcome: 'accepted', accepted_fen: 10000000, conclusion: '同意' }));
  assert.equal((await sign(people.pm, decided, 'countersign')).status, 403); // an inspector cannot sign for the provider
  assert.equal((await sign(people.cleaner, decided)).status, 403);
  refused(await sign(people.pm, { id, sha256: '0'.repeat(64) }), 409, 'acceptance.changed');
  refused(await people.pm.post(`/acceptances/${id}/sign`, { password: 'wrong', sha256: decided.sha256 }), 403, 'access.wrong_password');
  for (const by of [people.pm, people.executor, people.division]) assert.equal(done(await sign(by, decided)).state, 'decided');
  const before = done(await sign(people.cleaner, decided, 'countersign', { objection: '金额按合同应含税差' }));
  assert.deepEqual([before.state, before.signatures.length, before.objection], ['disputed', 4, '金额按合同应含税差']);
  refused(await people.audit.post(`/acceptances/${id}/pass`), 409, 'acceptance.wrong_state'); // X4: somebody decides about it first
  refused(await people.division.post(`/acceptances/${id}/reject`, { reason: '维持' }), 403, 'acceptance.on_panel');
  assert.equal((await people.cleaner.post(`/acceptances/${id}/uphold`, { reason: '有理' })).status, 403);
  assert.ok(done(await people.division.get('/duties?rule=settle_objection&live=true&limit=200')).items.some(({ subject_id: subject }) => subject === id));
  assert.match((await (await world.browse('ops')).get(`/acceptances/${id}`)).text, /裁定供方异议/);
  const settled = done(await people.ops.post(`/acceptances/${id}/reject`, { reason: '合同价为含税价' }));
  assert.deepEqual([settled.state, settled.objection_reason], ['signed', '合同价为含税价']);
  assert.equal(done(await people.cleaner.get(`/acceptances/${id}`)).objection_reason, '合同价为含税价');
  assert.equal((await people.finance.post(`/acceptances/${id}/audit`, { words: '缺依据' })).status, 403);
  const objected = done(await people.audit.post(`/acceptances/${id}/audit`, { words: '第 1.1 条没有实测值' }));
  assert.deepEqual([objected.state, objected.sha256, objected.accepted_fen], ['objected', before.sha256, before.accepted_fen]);
  refused(await people.audit.post(`/acceptances/${id}/pass`), 409, 'acceptance.wrong_state');
  const answered = done(await people.pm.post(`/acceptances/${id}/answer`, { answer: '实测值见检测报告第 2 页' }));
  assert.equal(answered.state, 'signed');
  const theirs = done(await people.cleaner.get(`/acceptances/${id}`)); // between audit and the panel the provider has no place
  assert.deepEqual([theirs.audit_words, theirs.answer, theirs.audited_by, theirs.items.length], ['', '', '', 2]);
  const told = (await people.cleaner.get(`/acceptances/${id}/history`)).text;
  assert.ok(!/audit_object|实测值/.test(told), told);
  assert.match((await people.pm.get(`/acceptances/${id}/history`)).text, /audit_object/);
  assert.equal(done(await people.audit.post(`/acceptances/${id}/pass`)).state, 'final');
  refused(await people.pm.post(`/acceptances/${id}/reopen`, { reason: '再看' }), 409, 'acceptance.wrong_state');
});

test('X3 from the acceptance to the payment: accepted less what is kept back, and that not before the warranty is over', async () => {
  const { pm, cleaner, finance } = people;
  const of = await contract();
  const one = done(await pm.post('/settlements', { contract_id: of.id, month: month() }), 201);
  const pay = (by, { id, sha256 }, step) => by.post(`/settlements/${id}/${step}`, { password: PASSWORD, sha256 });
  refused(await pay(pm, one, 'send'), 409, 'settlement.not_ready', ['acceptance_id', 'no_acceptance', 'X3']);
  const accepted = await final(of, DEFECT, { outcome: 'accepted_with_defects' });
  const ready = done(await pm.get(`/settlements/${one.id}`));
  assert.deepEqual([ready.acceptance_id, ready.fee_fen, ready.retained_fen, ready.payable_fen], [accepted.id, 9800000, 490000, 9310000]);
  done(await pay(pm, ready, 'send'));
  done(await pay(cleaner, ready, 'agree'));
  done(await pay(finance, ready, 'approve'));
  assert.equal(done(await finance.post(`/settlements/${one.id}/pay`, { paid_on: day(), voucher: '付-12' })).state, 'paid');
  refused(await pm.post('/settlements', { contract_id: of.id, month: month(-1), kind: 'acceptance' }), 422, 'input.invalid', ['month', 'settled_once', 'X3']);
  refused(await pm.post('/settlements', { contract_id: of.id, month: month(), kind: 'month' }), 422, 'input.invalid', ['kind', 'not_of_this_contract', 'X3']);
  const kept = done(await pm.post('/settlements', { contract_id: of.id, month: month(), kind: 'retention' }), 201);
  assert.equal(kept.payable_fen, 490000);
  const early = await pay(pm, kept, 'send');
  refused(early, 409, 'settlement.not_ready', ['kind', 'warranty_runs', 'X3'], ['kind', 'defects_open', 'X3']);
  assert.match(early.text, /质保期至 \d{4}-\d\d-\d\d，/);
});

test('X3 a refused service is not paid, and is presented anew', async () => {
  const of = await contract();
  const gone = await final(of, FAIL, { outcome: 'refused', accepted_fen: 0 });
  assert.deepEqual([gone.state, gone.outcome, gone.warranty_ends_on], ['final', 'refused', null]);
  const one = done(await people.pm.post('/settlements', { contract_id: of.id, month: month() }), 201);
  refused(await people.pm.post(`/settlements/${one.id}/send`, { password: PASSWORD, sha256: one.sha256 }), 409, 'settlement.not_ready', ['acceptance_id', 'no_acceptance', 'X3']);
  assert.equal((await requested(of)).round, 2);
});

test('X3 defects and claims are mended with photos, looked at again, or charged with the bill', async () => {
  const { pm, cleaner } = people;
  const { id, defects: [defect] } = await final(await contract(), DEFECT, { outcome: 'accepted_with_defects' });
  assert.deepEqual([defect.kind, defect.state, defect.due_on], ['defect', 'issued', DEFECT.due_on]);
  const step = (by, what, values) => by.post(`/acceptance_defects/${defect.id}/${what}`, values);
  refused(await step(cleaner, 'answer', { answer: '已修' }), 422, 'input.invalid', ['photos', 'photo_wanted', 'X3']);
  assert.equal((await step(pm, 'answer', { answer: '已修' })).status, 403);
  refused(await step(pm, 'charge', { cost_fen: 100, reason: '请人修了' }), 409, 'acceptance_defect.in_time');
  await attach(pm, 'acceptance_defects', defect.id, '照片：修补前');
  refused(await step(cleaner, 'answer', { answer: '已修' }), 422, 'input.invalid', ['photos', 'photo_wanted', 'X3']); // what the client put there is no answer
  await attach(cleaner, 'acceptance_defects', defect.id, '照片：修补后');
  done(await step(cleaner, 'answer', { answer: '已重做' }));
  assert.equal(done(await step(pm, 'again', { reason: '仍有空鼓' })).round, 2);
  refused(await step(cleaner, 'answer', { answer: '已修' }), 422, 'input.invalid', ['photos', 'photo_wanted', 'X3']); // the photo is of the first time
  await attach(cleaner, 'acceptance_defects', defect.id, '照片：再修补后');
  done(await step(cleaner, 'answer', { answer: '已再次重做' }));
  assert.equal((await step(cleaner, 'close', { reason: '好' })).status, 403);
  assert.equal(done(await step(pm, 'close', { reason: '复验合格' })).state, 'closed');
  const claim = { acceptance_id: id, term: '1.1', found: '车位 C-3 开裂', due_on: day(7) };
  assert.equal((await cleaner.post('/acceptance_defects', claim)).status, 403); // claims are the client's
  assert.equal(done(await pm.post('/acceptance_defects', claim), 201).kind, 'claim');
  const owed = done(await cleaner.get('/duties?rule=mend_defect&state=open')).items;
  assert.ok(owed.some(({ title }) => title === claim.found));
});

test('X3 the certificate is printed, and audit draws its samples from acceptances, too', async () => {
  const [one] = done(await people.audit.get('/acceptances?state=final&limit=1')).items;
  const reply = await fetch(`${world.url}/api/acceptances/${one.id}/print.pdf`, { headers: { Authorization: `Bearer ${people.audit.token}` } });
  assert.equal(reply.status, 200);
  assert.equal(Buffer.from(await reply.arrayBuffer()).subarray(0, 5).toString(), '%PDF-');
  const sample = done(await people.audit.post('/audit_samples', { source: 'acceptances', from: day(-300), to: day(), count: 2 }), 201);
  assert.ok(sample.pool >= 3 && sample.drawn.split(' ').length === 2, JSON.stringify(sample));
  const finding = done(await people.audit.post('/audit_findings', { acceptance_id: one.id, severity: 'minor', subject: '照片不全', words: '第 2.4 条没有照片' }), 201);
  assert.equal(finding.unit_id, one.unit_id);
});

test('X3 after the warranty what was kept back is released, less what others had to mend', async () => {
  const { pm } = people;
  const of = await contract();
  const { id } = await final(of, {}, { outcome: 'accepted', accepted_fen: 10000000 });
  const claim = done(await pm.post('/acceptance_defects', { acceptance_id: id, found: '车位 D-9 开裂', due_on: day(7) }), 201);
  await attach(pm, 'acceptance_defects', claim.id, '报价单：当时的'); // before the time was over: no bill of what others mended
  const settle = async (kind, when) => done(await people.pm.post('/settlements', { contract_id: of.id, month: when, kind }), 201);
  const through = async (one, on) => {
    for (const [by, step] of [[people.pm, 'send'], [people.cleaner, 'agree'], [people.finance, 'approve']])
      done(await by.post(`/settlements/${one.id}/${step}`, { password: PASSWORD, sha256: one.sha256 }));
    return done(await people.finance.post(`/settlements/${one.id}/pay`, { paid_on: on, voucher: '付-9' }));
  };
  assert.equal((await through(await settle('acceptance', month()), day())).payable_fen, 9500000);
  await world.halt();
  world.args = ['--clock', `${day(400)}T10:00:00+08:00`];
  await world.start();
  await Promise.all(['pm', 'cleaner', 'finance'].map(async (one) => { people[one] = await world.signIn(one); }));
  const kept = await settle('retention', month());
  refused(await people.pm.post(`/settlements/${kept.id}/send`, { password: PASSWORD, sha256: kept.sha256 }), 409, 'settlement.not_ready', ['kind', 'defects_open', 'X3']);
  refused(await people.pm.post(`/acceptance_defects/${claim.id}/charge`, { cost_fen: 80000, reason: '请人修复' }), 409, 'acceptance_defect.no_evidence');
  await attach(people.cleaner, 'acceptance_defects', claim.id, '供方说明');
  refused(await people.pm.post(`/acceptance_defects/${claim.id}/charge`, { cost_fen: 80000, reason: '请人修复' }), 409, 'acceptance_defect.no_evidence');
  await attach(people.pm, 'acceptance_defects', claim.id, '发票 0091：修复 800 元');
  assert.equal(done(await people.pm.post(`/acceptance_defects/${claim.id}/charge`, { cost_fen: 80000, reason: '请人修复' })).state, 'charged');
  const now = done(await people.pm.get(`/settlements/${kept.id}`));
  assert.deepEqual(now.deductions.map(({ kind, defect_id: which, amount_fen: fen }) => [kind, which, fen]), [['claim', claim.id, 80000]]);
  assert.equal((await through(now, day(400))).payable_fen, 420000);
});

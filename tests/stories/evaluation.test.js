// V3.1, V3.2, V5.1.2, V5.1.5, V6.1.1, X2, X4: contracts and supervision itself are evaluated by approved schemes; audit has
// its chance, the other party its word, somebody else decides, and what follows is told by letter.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day, month } from '../world.js';
import { inspectedOn } from '../inspected.js';

let world, cleaner, project;
const people = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.equal(reply.status, status, reply.text); assert.equal(reply.body.error.code, code, reply.text); };
const fault = (reply, field, code, clause) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === code && one.clause === clause), reply.text);
};
const items = async (by, place) => done(await by.get(place)).items;
const step = (by, { id }, action, body) => by.post(`/evaluations/${id}/${action}`, body);

before(async () => {
  world = await startWorld();
  const names = ['ops', 'audit', 'finance', 'division', 'pm', 'executor', 'cleaner', 'provider'];
  await Promise.all(names.map(async (name) => { people[name] = await world.signIn(name); }));
  cleaner = (await items(people.ops, '/organisations?q=净安')).at(0);
  project = (await items(people.ops, '/units?q=滨河花园')).at(0);
});
after(() => world.stop());

let number = 0;
// A long-term contract of the cleaners that ran last month; `briefed`: both signed.
async function contract({ briefed = true, name = '夜间保洁' } = {}) {
  const [executor] = await items(people.ops, '/people?q=何书琴');
  number += 1;
  const drafted = done(await people.division.post('/contracts', { number: `HT-E-${process.pid}-${number}`, name, kind: 'continuous', service: 'cleaning',
    provider_id: cleaner.id, unit_id: project.id, starts_on: day(-150), ends_on: day(200), executor_id: executor.id, no_subcontracting: true,
    served_party_clause: '业主每月评价', provider_phone: '13905710001' }), 201);
  done(await people.division.post('/terms', { contract_id: drafted.id, number: '1.1', topic: 'scope', text: '大堂与电梯厅。' }), 201);
  const { id, sha256 } = done(await people.division.post('/briefings', { contract_id: drafted.id, held_on: day(), place: '会议室' }), 201);
  done(await people.division.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 }));
  if (briefed) done(await people.executor.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 }));
  if (!briefed) return drafted;
  const { version } = done(await people.division.get(`/contracts/${drafted.id}`));
  return done(await people.division.post(`/contracts/${drafted.id}/activate`, { version }));
}
async function drafted({ inspected = true } = {}) {
  const { id } = await contract();
  if (inspected) inspectedOn(world, id, `${month(-1)}-12`);
  return done(await people.pm.post('/evaluations', { contract_id: id, period: month(-1) }), 201);
}
async function submitted(points = '24') {
  const { id } = await drafted();
  done(await step(people.pm, { id }, 'give', { indicator: 'site', points, reason: '现场有序' }));
  return done(await step(people.pm, { id }, 'submit', {}));
}
const SCHEME = { subject: 'contract', service: 'other', name: '其他服务评价办法', from_month: month(1) };
const SERVED = { code: 'served', name: '满意度', measure: 'contract.judged', method: 'banded', bands: '80=100, 60=50', weight: '60', nothing: 'reweigh' };
const COMPLAINTS = { code: 'complaints', name: '投诉', measure: 'contract.complaints', method: 'deduct_per_event', step: '5', weight: '40', nothing: 'full' };

test('V6.1.1 a division writes the scheme, the operations centre brings it into force, and four grades are left-closed', async () => {
  const { id, grades } = done(await people.division.post('/schemes', { ...SCHEME, indicators: [SERVED, COMPLAINTS] }), 201);
  assert.deepEqual(grades.map(({ grade, from }) => [grade, from]), [['excellent', '90.00'], ['good', '80.00'], ['pass', '70.00'], ['fail', '0.00']]);
  assert.equal((await people.pm.post('/schemes', SCHEME)).status, 403);
  fault(await people.ops.post('/schemes', { ...SCHEME, unit_id: project.id }), 'unit_id', 'not_a_division', 'V6.1.1');
  done(await people.division.post(`/schemes/${id}/put`));
  assert.equal((await people.division.post(`/schemes/${id}/approve`)).status, 403);
  done(await people.ops.post(`/schemes/${id}/return`, { reason: '分值不合适' }));
  done(await people.division.post(`/schemes/${id}/put`));
  assert.equal(done(await people.ops.post(`/schemes/${id}/approve`)).state, 'in_force');
  assert.equal(done(await people.cleaner.get(`/schemes/${id}`)).name, SCHEME.name); // by what it is evaluated
});

test('V5.1.5 no scheme of long-term contracts leaves out the served party, or measures them as people', async () => {
  const alone = [{ ...COMPLAINTS, weight: '100' }];
  const { id } = done(await people.division.post('/schemes', { ...SCHEME, service: 'engineering', indicators: alone }), 201);
  fault(await people.division.post(`/schemes/${id}/put`), 'indicators', 'served_party_missing', 'V5.1.5');
  const people_ = [SERVED, { ...COMPLAINTS, measure: 'calls.success' }];
  done(await people.division.patch(`/schemes/${id}`, { indicators: people_ }));
  fault(await people.division.post(`/schemes/${id}/put`), 'indicators.1.measure', 'unknown_measure', 'V6.1.1');
  assert.equal(done(await people.division.get(`/schemes/${id}`)).state, 'draft');
});

test('V3.1 a campaign opens drafts for all contracts of a period and shows who is missing', async () => {
  const lacking = async ({ id }, by = people.ops) => Object.fromEntries(done(await by.get(`/evaluation_campaigns/${id}`)).items.map(({ name, lacks }) => [name, lacks]));
  const [open] = await items(people.ops, `/evaluation_campaigns?state=open&sort=-id`);
  const of = await lacking(open);
  assert.equal(of['滨河花园保洁'], '');
  const { id } = await contract({ name: '未交底的保洁' });
  world.sql(`UPDATE contracts SET briefing = 'open' WHERE id = ${id}`); // no rule would do it
  assert.equal((await lacking(open))['未交底的保洁'], 'briefing');
  const year = await lacking(done(await people.ops.post('/evaluation_campaigns', { period: day().slice(0, 4) }), 201));
  assert.deepEqual([year['望江产业园日常保洁'], year['滨河花园保洁']], ['scheme', 'period']);
  assert.equal((await lacking(open, people.pm))['澄江中心消防维保'], undefined); // of another project
  assert.equal((await people.division.post('/evaluation_campaigns', { period: '2019' })).status, 403);
  fault(await people.ops.post('/evaluation_campaigns', { period: '2026-13' }), 'period', 'not_a_period', 'V3.1');
  const running = done(await people.ops.post('/evaluation_campaigns', { period: month(1) }), 201);
  refused(await people.ops.post(`/evaluation_campaigns/${running.id}/open`), 409, 'campaign.period_runs');
  const quarter = done(await people.ops.post('/evaluation_campaigns', { period: '2020-Q4' }), 201);
  assert.equal(done(await people.ops.post(`/evaluation_campaigns/${quarter.id}/open`)).state, 'open');
});

test('V6.1.1 what all drafts of a campaign would come to is worked out at once, each as it is alone', async () => {
  const open = (await items(people.ops, '/evaluation_campaigns?state=open&sort=-id')).find(({ period }) => period === month(-1));
  const all = `/evaluation_campaigns/${open.id}/work_out`;
  const { id } = await contract({ name: '试算的保洁' });
  done(await people.ops.post(`/evaluation_campaigns/${open.id}/open`));
  const kept = async () => (await items(people.ops, `/evaluations?campaign_id=${open.id}&contract_id=${id}`)).at(0);
  const why = (await kept()).ungraded;
  assert.equal(why, 'uninspected');
  inspectedOn(world, id, `${open.period}-12`);
  done(await step(people.pm, await kept(), 'give', { indicator: 'site', points: '24', reason: '现场有序' }));
  assert.deepEqual([(await kept()).scored, (await kept()).ungraded], [false, why]); // as it was worked out
  done(await people.pm.post(all)); // what lies in the own project
  assert.deepEqual([(await kept()).scored, (await kept()).ungraded], [true, null]);
  const { items: rows, worked_at: at } = done(await people.ops.post(all));
  const drafts = rows.filter(({ state }) => state === 'drafted');
  assert.ok(drafts.length > 1 && at);
  for (const { evaluation_id: evaluation, total, grade, scored } of drafts) {
    const one = done(await people.ops.get(`/evaluations/${evaluation}`));
    assert.deepEqual([scored, total, grade], [one.scored, one.total, one.grade ?? '']);
    const [listed] = await items(people.ops, `/evaluations?campaign_id=${open.id}&contract_id=${one.contract_id}`);
    assert.deepEqual([listed.total, listed.grade, listed.sha256], [one.total, one.grade, '']); // frozen is nothing of it
  }
  for (const name of ['cleaner', 'provider', 'audit', 'finance']) assert.equal((await people[name].post(all)).status, 403, name);
  const planned = done(await people.ops.post('/evaluation_campaigns', { period: '2020-Q3' }), 201);
  refused(await people.ops.post(`/evaluation_campaigns/${planned.id}/work_out`), 409, 'campaign.not_open');
});

test('V5.1.2 a contract without briefing, or a period that runs, is not evaluated', async () => {
  const { id } = await contract({ briefed: false });
  fault(await people.pm.post('/evaluations', { contract_id: id, period: month(-1) }), 'contract_id', 'contract_unbriefed', 'V5.1.2');
  const ready = await contract();
  fault(await people.pm.post('/evaluations', { contract_id: ready.id, period: month() }), 'period', 'period_runs', 'V6.1.1');
  fault(await people.pm.post('/evaluations', { contract_id: ready.id, period: '2019-Q1' }), 'period', 'not_in_force_then', 'V6.1.1');
  assert.equal((await people.pm.post('/evaluations', { contract_id: ready.id, period: month(-1) })).status, 201);
});

test('V6.1.1 each line says its value, formula and records; a missing voice is weighed into the others, and said', async () => {
  const { id } = await drafted();
  const without = done(await people.pm.get(`/evaluations/${id}`));
  assert.deepEqual([without.scored, without.grade, without.ungraded], [false, null, 'needed']);
  fault(await step(people.pm, { id }, 'submit', {}), 'without_grade', 'ungraded_needed', 'V6.1.1'); // silence is no word for it
  done(await step(people.pm, { id }, 'give', { indicator: 'site', points: '18', reason: '两次缺员' }));
  fault(await step(people.pm, { id }, 'give', { indicator: 'site', points: '31', reason: '过多' }), 'points', 'points_of_weight', 'V6.1.1');
  fault(await step(people.pm, { id }, 'give', { indicator: 'complaints', points: '1', reason: '不对' }), 'indicator', 'not_by_hand', 'V6.1.1');
  const now = done(await people.pm.get(`/evaluations/${id}`));
  const line = (code) => now.lines.find(({ indicator }) => indicator === code);
  assert.deepEqual([now.total, now.grade, now.ungraded], ['80.00', 'good', null]); // (10 + 20 + 18) of 60
  assert.deepEqual([line('served').nothing, line('served').max, line('site').points, line('site').reason], [true, '0.00', '18.00', '两次缺员']);
  assert.equal(line('complaints').formula, 'contract.complaints@1');
  assert.equal((await people.pm.get(line('complaints').evidence)).status, 200);
  refused(await step(people.pm, { id }, 'submit', { sha256: 'x'.repeat(64) }), 409, 'evaluation.changed');
  assert.equal(done(await step(people.pm, { id }, 'submit', { sha256: now.sha256 })).state, 'submitted');
  assert.equal(world.luyue(['verify']).stdout.match(/evaluations: (\d+), as they were/) !== null, true);
});

test('V3.5 V3.3 what nobody inspected has no grade, and without a grade nothing is paid', async () => {
  const { id, contract_id: of, period } = await drafted({ inspected: false });
  done(await step(people.pm, { id }, 'give', { indicator: 'site', points: '30', reason: '现场有序' }));
  const now = done(await people.pm.get(`/evaluations/${id}`));
  assert.deepEqual([now.scored, now.grade, now.ungraded], [false, null, 'uninspected']);
  fault(await step(people.pm, { id }, 'submit', {}), 'without_grade', 'ungraded_uninspected', 'V3.5');
  const page = await (await world.browse('pm')).get(`/evaluations/${id}`);
  assert.match(page.text, /没有检查，就没有评级，也不能付款.*V3\.5/);
  done(await step(people.pm, { id }, 'submit', { without_grade: true }));
  done(await step(people.audit, { id }, 'pass'));
  assert.equal(done(await step(people.cleaner, { id }, 'accept')).state, 'final');
  const statement = done(await people.pm.post('/settlements', { contract_id: of, month: period }), 201);
  const refusal = await people.pm.post(`/settlements/${statement.id}/send`, { sha256: statement.sha256, password: PASSWORD });
  refused(refusal, 409, 'settlement.not_ready');
  assert.deepEqual(refusal.body.error.fields.map(({ code, clause }) => [code, clause]), [['no_grade', 'V3.3']]);
});

test('V3.2 audit sees every step, changes nothing, objects in its time, and what is taken back stays in the history', async () => {
  const one = await submitted();
  const owed = await items(people.audit, '/duties?rule=audit_evaluation&limit=200');
  assert.ok(owed.some(({ subject_id: subject }) => subject === one.id));
  assert.match((await (await world.browse('audit')).get('/')).text, /滨河花园电梯维保 · \d{4}-\d\d/); // which one is to be audited
  for (const action of ['give', 'submit', 'withdraw', 'answer', 'accept', 'object']) assert.equal((await step(people.audit, one, action, {})).status, 403, action);
  for (const action of ['give', 'submit', 'pass', 'audit']) assert.equal((await step(people.finance, one, action, {})).status, 403, action);
  assert.equal((await people.cleaner.get(`/evaluations/${one.id}`)).status, 404); // nobody told it yet
  done(await step(people.pm, one, 'withdraw', { reason: '漏记一次投诉' }));
  done(await step(people.pm, one, 'submit', {}));
  assert.equal(done(await step(people.audit, one, 'audit', { line: 'site', words: '没有照片' })).state, 'objected');
  const again = await step(people.audit, one, 'pass');
  refused(again, 409, 'evaluation.wrong_state');
  assert.match(again.body.error.message, /的状态是“有异议待处理”/);
  done(await step(people.pm, one, 'give', { indicator: 'site', points: '20', reason: '按照片核减' }));
  const answered = done(await step(people.pm, one, 'answer', { answer: '已附照片' }));
  assert.deepEqual([answered.state, answered.total, answered.total_before], ['submitted', '83.33', '90.00']);
  const told = done(await people.audit.get(`/evaluations/${one.id}/history`)).items;
  const first = [].concat(JSON.parse(told.findLast(({ action }) => action === 'submit').changes)).find(({ field }) => field === 'total');
  assert.deepEqual([first.before, first.after], ['', '9000']); // nothing was before the first result
  const history = told.map(({ action }) => action);
  for (const action of ['withdraw', 'audit_object', 'give', 'resubmit']) assert.ok(history.includes(action), `${action}: ${history}`);
  assert.equal(done(await step(people.audit, one, 'pass')).state, 'audited');
  assert.equal((await items(people.cleaner, `/evaluation_objections?evaluation_id=${one.id}`)).length, 0); // between audit and the evaluator
});

test('V3.2 samples are drawn by a seed that nobody states, findings must be answered, and an interest keeps people out', async () => {
  const draw = (values) => people.audit.post('/audit_samples', { source: 'evaluations', from: day(-200), to: day(-1), count: 4, ...values });
  assert.equal((await draw({ seed: '甲' })).status, 422); // or the sample could be picked
  const [first, other] = [done(await draw(), 201), done(await draw(), 201)];
  assert.notEqual(first.seed, other.seed);
  assert.equal(first.drawn.split(' ').length, 4);
  assert.equal((await people.ops.post('/audit_samples', { source: 'evaluations' })).status, 403);
  fault(await people.audit.post('/audit_samples'), 'count', 'required');
  fault(await people.audit.post('/audit_samples', { source: 'evaluations', from: day(-200), to: day(-1), count: 99 }), 'count', 'beyond_pool', 'V3.2');
  const finding = done(await people.audit.post('/audit_findings', { evaluation_id: Number(first.drawn.split(' ')[0]), sample_id: first.id, severity: 'serious', subject: '评分无依据', words: '没有照片' }), 201);
  assert.ok((await items(people.division, '/duties?rule=answer_finding&limit=200')).some(({ subject_id: subject }) => subject === finding.id));
  refused(await people.audit.post(`/audit_findings/${finding.id}/close`, { reason: '已核' }), 409, 'audit_finding.wrong_state');
  done(await people.division.post(`/audit_findings/${finding.id}/answer`, { answer: '已补照片' }));
  done(await people.audit.post(`/audit_findings/${finding.id}/again`, { reason: '只补了一处' }));
  done(await people.division.post(`/audit_findings/${finding.id}/answer`, { answer: '全部补齐' }));
  assert.equal(done(await people.audit.post(`/audit_findings/${finding.id}/close`, { reason: '已核' })).state, 'closed');
  const { id } = await drafted();
  refused(await step(people.executor, { id }, 'submit', {}), 409, 'evaluation.declare_first');
  done(await people.executor.post('/interest_declarations', { provider_id: cleaner.id, interest: 'kin', words: '亲属任职' }), 201);
  refused(await step(people.executor, { id }, 'submit', {}), 403, 'evaluation.interested');
  // Nor does somebody with an interest inspect that provider, or settle what it is paid.
  const [contract_] = await items(people.pm, `/contracts?provider_id=${cleaner.id}&state=active&unit_id=${project.id}`);
  const [area] = await items(people.pm, '/areas?limit=1');
  refused(await people.executor.post('/inspections', { contract_id: contract_.id, area_id: area.id, uid: 'kin-1' }), 403, 'inspection.interested');
});

test('X4 a provider objects once to its own result; another one decides, it is worked out anew and goes before audit again', async () => {
  const one = await submitted('20');
  done(await step(people.audit, one, 'pass'));
  assert.equal(done(await people.cleaner.get(`/evaluations/${one.id}`)).grade, 'good');
  assert.equal((await people.provider.get(`/evaluations/${one.id}`)).status, 404); // provider A never sees B
  assert.ok((await items(people.provider, '/evaluations?limit=200')).every(({ provider_id: of }) => of !== cleaner.id));
  assert.equal((await people.cleaner.get('/evaluation_ranking')).status, 403);
  fault(await step(people.cleaner, one, 'object', { line: 'nothing', words: '不服' }), 'line', 'no_such_line', 'X4');
  done(await step(people.cleaner, one, 'object', { line: 'site', words: '缺员已补足' }));
  const [objection] = await items(people.division, `/evaluation_objections?evaluation_id=${one.id}`);
  assert.equal((await people.pm.post(`/evaluation_objections/${objection.id}/uphold`, { reason: '属实' })).status, 403);
  done(await people.division.post(`/evaluation_objections/${objection.id}/uphold`, { points: '6', reason: '签认在案' }));
  const upheld = done(await people.cleaner.get(`/evaluations/${one.id}`));
  assert.deepEqual([upheld.state, upheld.total, upheld.total_before], ['submitted', '89.33', '83.33']);
  assert.equal(done(await step(people.audit, one, 'pass')).state, 'final');
  refused(await step(people.cleaner, one, 'object', { words: '还不服' }), 409, 'evaluation.wrong_state');
});

test('V3.2 audit reopens what is final with its reason, but nothing that a sent statement rests on', async () => {
  const paid = (await items(people.finance, '/settlements?limit=200')).find(({ evaluation_id: by, state }) => by && !['drafted', 'dropped'].includes(state));
  refused(await step(people.audit, { id: paid.evaluation_id }, 'audit', { words: '抽查照片不足' }), 409, 'evaluation.paid_by');
  const rests = new Set((await items(people.finance, '/settlements?limit=200')).map(({ evaluation_id: by }) => by));
  const told = new Set((await items(people.division, '/consequences?limit=200')).map(({ evaluation_id: by }) => by));
  const free = (await items(people.audit, '/evaluations?state=final&limit=200')).find(({ id }) => !rests.has(id) && !told.has(id));
  assert.equal((await step(people.pm, free, 'audit', { words: '再看' })).status, 403);
  fault(await step(people.audit, free, 'audit', { words: '' }), 'words', 'required', undefined);
  assert.match((await (await world.browse('audit')).get(`/evaluations/${free.id}`)).text, /重开已定案的评价/);
  const reopened = done(await step(people.audit, free, 'audit', { words: '抽查照片不足' }));
  assert.deepEqual([reopened.state, reopened.final_at], ['objected', null]);
  assert.equal(done(await people.audit.get(`/evaluations/${free.id}/history`)).items[0].action, 'audit_reopen');
});

test('X4 whoever evaluated does not decide about the objection, and finance reads what is final', async () => {
  const { id } = await drafted();
  done(await step(people.division, { id }, 'give', { indicator: 'site', points: '22', reason: '一般' }));
  done(await step(people.division, { id }, 'submit', {}));
  done(await step(people.audit, { id }, 'pass'));
  done(await step(people.cleaner, { id }, 'object', { words: '与事实不符' }));
  const [objection] = await items(people.division, `/evaluation_objections?evaluation_id=${id}`);
  refused(await people.division.post(`/evaluation_objections/${objection.id}/reject`, { reason: '不属实' }), 403, 'evaluation.own_decision');
  done(await people.ops.post(`/evaluation_objections/${objection.id}/reject`, { reason: '不属实' }));
  assert.equal(done(await people.finance.get(`/evaluations/${id}`)).state, 'final');
});

test('X2 grades in sequence propose a step; people decide, a letter tells it, and a blacklisted provider gets no contract', async () => {
  const [interview] = await items(people.division, '/consequences?state=proposed&step=interview');
  assert.equal(interview.rule, 'below_good_twice');
  assert.match(interview.basis, /合格；.* 合格/);
  assert.equal((await people.finance.post(`/consequences/${interview.id}/decide`, { reason: '约谈' })).status, 403);
  fault(await people.ops.post(`/consequences/${interview.id}/decide`, { reason: '' }), 'reason', 'required', undefined);
  const decided = done(await people.ops.post(`/consequences/${interview.id}/decide`, { reason: '连续两期低于良' }));
  assert.equal((await people.cleaner.get(`/consequences/${interview.id}`)).status, 404); // not told yet
  const send = async (by, { letter_id: id }) => {
    const { sha256 } = done(await by.get(`/letters/${id}`));
    return done(await by.post(`/letters/${id}/send`, { sha256, password: PASSWORD }));
  };
  // The letter tells what was decided, and nothing else.
  const { lines: [line], ...draft } = done(await people.division.get(`/letters/${decided.letter_id}`));
  for (const [field, value] of [['step', '书面警告'], ['basis', '服务良好'], ['', '']]) {
    const { version } = done(await people.division.get(`/letters/${draft.id}`));
    const { sha256 } = done(await people.division.patch(`/letters/${draft.id}`, { version, lines: [field ? { ...line, [field]: value } : line] }));
    if (field) fault(await people.division.post(`/letters/${draft.id}/send`, { sha256, password: PASSWORD }), `lines.0.${field}`, 'consequence_changed', 'X2');
  }
  assert.match((await send(people.division, decided)).number, /^评价-/);
  assert.equal(done(await people.cleaner.get(`/consequences/${interview.id}`)).state, 'told');
  const black = done(await people.division.post('/consequences', { contract_id: interview.contract_id, step: 'blacklist', note: '转包属实' }), 201);
  refused(await people.division.post(`/consequences/${black.id}/decide`, { reason: '转包' }), 403, 'consequence.own_evaluation');
  await send(people.division, done(await people.ops.post(`/consequences/${black.id}/decide`, { reason: '转包属实' })));
  assert.equal(done(await people.ops.get(`/organisations/${cleaner.id}`)).state, 'blacklisted');
  fault(await people.division.post('/contracts', { number: `HT-E-${process.pid}-X`, name: '再来', kind: 'one_off', service: 'cleaning', provider_id: cleaner.id,
    unit_id: project.id, starts_on: day(), ends_on: day(30) }), 'provider_id', 'provider_unfit', 'X5');
});

test('V6.1.1 supervision itself is assessed by project, and not by the project', async () => {
  const [of] = await items(people.ops, '/evaluations?subject=project&state=final');
  assert.equal(of.contract_id, null);
  const own = done(await people.division.post('/evaluations', { subject: 'project', unit_id: project.id, period: month(-1) }), 201);
  refused(await step(people.pm, own, 'submit', {}), 403, 'evaluation.own_project');
  const seen = done(await people.division.get(`/evaluations/${own.id}`));
  assert.deepEqual(seen.lines.map(({ indicator }) => indicator), ['inspected', 'rectified', 'reports', 'evaluated', 'duties', 'found']);
  done(await step(people.division, own, 'submit', {}));
  done(await step(people.audit, own, 'pass'));
  refused(await step(people.cleaner, own, 'accept'), 404, 'record.not_found');
  assert.equal(done(await step(people.pm, own, 'accept')).state, 'final');
});

test('V3.1 providers are ranked by service and followed over time', async () => {
  const { items: ranked, trend } = done(await people.ops.get(`/evaluation_ranking?period=${month(-2)}`));
  assert.ok(ranked.length >= 3 && trend.length > ranked.length);
  assert.deepEqual(ranked.map(({ mean }) => Number(mean)), ranked.map(({ mean }) => Number(mean)).sort((a, b) => b - a));
  const greening = done(await people.ops.get(`/evaluation_ranking?period=${month(-2)}&service=greening`)).items;
  assert.deepEqual(greening.map(({ rank, contracts }) => [rank, contracts]), [[1, 2]]);
  assert.equal((await people.ops.get('/evaluation_ranking?period=2026-14')).status, 422);
});

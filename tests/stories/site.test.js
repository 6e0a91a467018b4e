// C2.3, C3.1, C3.2, C3.3: conduct is recorded by one and decided by another, patrols find people of either party, and
// nobody of the client's side opens project data unsigned.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day, month } from '../world.js';

let world, contract, rule, agentId, residentId;
const people = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.equal(reply.status, status, reply.text); assert.equal(reply.body.error.code, code, reply.text); };
const fault = (reply, field, code, clause) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === code && one.clause === clause), reply.text);
};
const me = async (by) => done(await by.get('/session')).person_id;
const now = () => new Date().toISOString();

before(async () => {
  world = await startWorld();
  const names = ['ops', 'client', 'resident', 'audit', 'provider', 'duty', 'supervisor', 'agent', 'cleaner'];
  await Promise.all(names.map(async (name) => { people[name] = await world.signIn(name); }));
  [contract] = done(await people.provider.get('/contracts?service=outbound_call&state=active')).items;
  rule = done(await people.provider.post('/conduct_rules', { number: `S-${process.pid}`, text: '不得私用外呼线路', points: '2.5', repeat: 'doubled' }), 201);
  [agentId, residentId] = [await me(people.agent), await me(people.resident)];
});
after(() => world.stop());

const record = (values = {}) => people.supervisor.post('/violations', { contract_id: contract.id, person_id: agentId, rule_id: rule.id, at: now(), fact: '用外呼线路打私人电话', ...values });
const state = (id, by = people.agent) => by.post(`/violations/${id}/state`, { statement: '家里有急事', acknowledged: true });
const decide = (id, by = people.duty, decision = 'confirm') => by.post(`/violations/${id}/decide`, { decision, reason: '录音属实' });
async function confirmed() {
  const { id } = done(await record(), 201);
  done(await state(id));
  return done(await decide(id));
}

test('C2.3 a violation is recorded by one, stated by the person concerned and decided by another', async () => {
  const { id, state: begun, points } = done(await record(), 201);
  assert.deepEqual([begun, points], ['open', '0.00']);
  refused(await decide(id), 409, 'violation.statement_awaited');
  refused(await state(id, people.duty), 403, 'violation.not_yours');
  assert.equal(done(await state(id)).state, 'stated');
  refused(await state(id), 409, 'violation.wrong_state');
  refused(await decide(id, people.supervisor), 403, 'violation.own_decision');
  const decided = done(await decide(id));
  assert.deepEqual([decided.state, decided.points, decided.acknowledged], ['confirmed', '2.50', true]);
  assert.equal((await confirmed()).points, '5.00'); // the second one of the month
  fault(await record({ person_id: residentId }), 'person_id', 'unknown_record', undefined); // whom the provider has no file of
  fault(await record({ at: new Date(Date.now() + 864e5).toISOString() }), 'at', 'in_the_future', 'C2.3');
});

test('C2.3 the client sees no conduct of the provider’s people, an agent the own alone, another provider nothing', async () => {
  const { id } = await confirmed();
  assert.equal((await people.client.get(`/violations/${id}`)).status, 403);
  assert.equal((await people.ops.get('/violations')).status, 403);
  assert.equal((await people.cleaner.get(`/violations/${id}`)).status, 404);
  const owed = '/duties?rule=state_view,decide_violation&limit=200';
  assert.ok(done(await people.duty.get(owed)).items.some(({ subject_id: subject }) => subject === id));
  assert.equal(done(await people.ops.get(owed)).items.length, 0); // whom it concerns stands in a duty, too
  const own = done(await people.agent.get('/violations?limit=200')).items;
  const all = done(await people.duty.get('/violations?limit=200')).items;
  assert.ok(own.length && own.every(({ person_id: person }) => person === agentId));
  assert.ok(all.length > own.length);
});

test('C2.3 a rule that was used is not changed: another edition takes over', async () => {
  const { id } = done(await record(), 201);
  const { version } = done(await people.provider.get(`/conduct_rules/${rule.id}`));
  refused(await people.provider.patch(`/conduct_rules/${rule.id}`, { version, points: '9' }), 409, 'conduct_rule.used');
  const again = (from) => people.provider.post('/conduct_rules', { number: rule.number, text: '不得私用线路', points: '3', from });
  fault(await again(day(-1)), 'from', 'not_backwards', 'C2.3');
  const next = done(await again(day(5)), 201);
  assert.equal(next.edition, 2);
  assert.equal(done(await people.provider.get(`/conduct_rules/${rule.id}`)).to, day(4));
  fault(await record({ rule_id: next.id }), 'rule_id', 'rule_not_in_force', 'C2.3');
  assert.equal((await people.duty.post('/conduct_rules', { number: '9', text: '无', points: '1' })).status, 403);
  done(await people.duty.post(`/violations/${id}/void`, { reason: '记录有误' }));
});

test('C2.3 points of confirmed violations are measured for the appraisal, and void ones are not', async () => {
  const indicators = [{ code: 'conduct', name: '行为规范', measure: 'conduct.points', method: 'deduct_per_event', weight: '100', step: '1', nothing: 'full' }];
  const scheme = done(await people.provider.post('/schemes', { contract_id: contract.id, subject: 'agent', name: '行为规范', from_month: month(1), indicators }), 201);
  const value = async () => Number(done(await people.provider.get(`/schemes/${scheme.id}/trial?month=${month()}`)).items
    .find(({ person_id: id }) => id === agentId).lines[0].value);
  const before = await value();
  const one = await confirmed();
  assert.equal(await value(), before + Number(one.points));
  done(await people.provider.post(`/violations/${one.id}/void`, { reason: '认错了人' }));
  assert.equal(await value(), before);
});

/* ---- patrols ---- */

const firstRule = async () => done(await people.duty.get('/site_rules?state=in_force')).items[0];
async function patrolled(person) {
  const findings = [{ rule_id: (await firstRule()).id, person_id: person, words: '未换拖鞋' }];
  return done(await people.duty.post('/patrols', { contract_id: contract.id, site: '二层作业区', findings }), 201);
}

test('C3.1 a finding about the client’s resident goes to the client, and into no score of the provider', async () => {
  const patrol = await patrolled(residentId);
  const [finding] = patrol.findings;
  assert.equal(finding.side, 'client');
  refused(await people.duty.post(`/patrol_findings/${finding.id}/violation`), 409, 'finding.clients_person');
  refused(await people.supervisor.post(`/patrol_findings/${finding.id}/acknowledge`, { answer: '知道了' }), 403, 'finding.other_side');
  refused(await people.ops.post(`/patrol_findings/${finding.id}/acknowledge`, { answer: '知道了' }), 403, 'finding.contact_only');
  const notices = done(await people.client.get('/notices')).items;
  assert.ok(notices.some(({ subject, subject_id: id }) => subject === 'patrol_findings' && id === finding.id));
  const owed = done(await people.client.get('/duties?rule=acknowledge_finding&live=true')).items;
  assert.ok(owed.some(({ subject_id: id, owner_side: side }) => id === finding.id && side === 'client'));
  const settled = done(await people.client.post(`/patrol_findings/${finding.id}/acknowledge`, { answer: '已谈话' }));
  assert.deepEqual([settled.state, settled.violation_id], ['acknowledged', null]);
});

test('C3.1 the provider patrols by its check list, and finds who is on site', async () => {
  const findings = [{ rule_id: (await firstRule()).id, person_id: await me(people.client) }];
  fault(await people.duty.post('/patrols', { contract_id: contract.id, site: '前台', findings }), 'findings.0.person_id', 'not_on_site', 'C3.1');
  assert.equal((await people.client.post('/patrols', { contract_id: contract.id, site: '前台' })).status, 403);
  refused(await people.provider.post('/site_rules/first'), 409, 'site_rule.not_first');
  const four = done(await people.client.get('/site_rules?state=in_force')).items;
  assert.ok(four.length >= 4 && four[0].text.includes('蓝大褂'), JSON.stringify(four));
  const first = done(await people.cleaner.post('/site_rules/first'), 201); // another provider begins
  assert.equal(first.items.length, 4);
});

test('C3.2 a finding about the provider’s person becomes a violation with one click, unknown to the client', async () => {
  const [finding] = (await patrolled(agentId)).findings;
  assert.equal((await people.client.get(`/patrol_findings/${finding.id}`)).status, 404);
  refused(await people.duty.post(`/patrol_findings/${finding.id}/acknowledge`, { answer: '好' }), 403, 'finding.own');
  done(await people.agent.post(`/patrol_findings/${finding.id}/acknowledge`, { answer: '已换' }));
  const violation = done(await people.duty.post(`/patrol_findings/${finding.id}/violation`), 201);
  assert.deepEqual([violation.state, violation.person_id, violation.finding_id, violation.fact], ['open', agentId, finding.id, '未换拖鞋']);
  refused(await people.duty.post(`/patrol_findings/${finding.id}/violation`), 409, 'finding.has_violation');
});

/* ---- confidentiality ---- */

const sign = async (by, { id, sha256 }, password = PASSWORD) => by.post(`/undertakings/${id}/sign`, { sha256, password });

test('C3.1 C2.8 a resident reads what is about the own person and what the own guidance is about, wherever the contract is', async () => {
  const me = done(await people.resident.get('/session')).person_id;
  const findings = done(await people.resident.get('/patrol_findings')).items;
  assert.ok(findings.length > 0 && findings.every(({ person_id: person }) => person === me));
  const [change] = done(await people.resident.get('/business_changes')).items, logs = done(await people.resident.get('/guidance_logs')).items;
  assert.ok(change && logs.length > 1 && logs.some(({ guide_id: guide }) => guide === me));
  const owed = logs.find(({ state, day: on }) => state === 'owed' && on <= day());
  if (owed) assert.equal(done(await people.resident.patch(`/guidance_logs/${owed.id}`, { version: owed.version, guided: '旁听 20 通' })).guide_id, me);
  assert.deepEqual(done(await people.resident.get('/sheets')).items, []);
});

test('C3.3 nobody of the client’s side opens project data before the edition in force is signed', async () => {
  assert.equal((await people.resident.get('/calls')).status, 200); // of the demo world everybody has signed
  const draft = done(await people.provider.post('/undertakings', { text: '新版：不得拍照。' }), 201);
  assert.equal((await people.client.get(`/undertakings/${draft.id}`)).status, 404); // a draft is the provider's
  done(await people.provider.post(`/undertakings/${draft.id}/enforce`));
  for (const place of ['/calls', '/recordings', '/reviews', '/call_board', '/listenings', '/sheets', '/appeals', '/training_scores'])
    refused(await people.client.get(place), 403, 'access.undertaking_first');
  refused(await people.resident.get('/calls'), 403, 'access.undertaking_first');
  assert.equal((await people.duty.get('/calls')).status, 200);
  assert.equal((await people.client.get('/contracts')).status, 200);
  const page = await world.browse('resident');
  const led = await page.get('/calls');
  assert.deepEqual([led.status, led.headers.get('location')], [303, `/undertakings/${draft.id}`]);
  const shown = done(await people.client.get(`/undertakings/${draft.id}`));
  refused(await sign(people.resident, shown, 'wrong-password'), 403, 'access.wrong_password');
  refused(await sign(people.resident, { id: draft.id, sha256: '0'.repeat(64) }), 409, 'undertaking.changed');
  assert.equal((await sign(people.provider, shown)).status, 403);
  assert.ok(done(await sign(people.resident, shown)).signatures.some(({ account }) => account === 'resident'));
  assert.equal((await people.resident.get('/calls')).status, 200);
  refused(await people.client.get('/calls'), 403, 'access.undertaking_first');
  for (const by of ['client', 'ops', 'audit']) done(await sign(people[by], shown));
  assert.equal((await people.client.get('/recordings')).status, 200);
});

test('C3.3 every export stands in a log that the provider reads of its own data; residents have none', async () => {
  assert.equal((await people.resident.post('/calls/export')).status, 403);
  const file = await people.ops.post(`/calls/export?contract_id=${contract.id}`);
  assert.equal(file.status, 200);
  assert.match(file.text, /导出人 ops/);
  assert.equal((await people.ops.post('/contracts/export')).status, 200);
  const [, own] = done(await people.audit.get('/exports?limit=2')).items;
  assert.deepEqual([own.account, own.resource, own.contract_id, own.confidential], ['ops', 'calls', contract.id, true]);
  assert.match(file.text, new RegExp(own.request));
  const seen = done(await people.provider.get('/exports?limit=50')).items;
  assert.ok(seen.some(({ id }) => id === own.id));
  assert.ok(seen.every(({ account, confidential }) => confidential || account === 'provider'));
  assert.ok(!done(await people.cleaner.get('/exports?limit=50')).items.some(({ id }) => id === own.id));
  assert.equal((await people.resident.get('/exports')).status, 403);
});

test('C3.3 a leak is investigated by the provider, and for its residents the client is liable', async () => {
  const leak = done(await people.client.post('/leaks', { contract_id: contract.id, channel: 'mail', what: '名单发到了私人邮箱', happened_at: now(), found_by: '监控', person_id: residentId }), 201);
  const investigate = (by, liability) => by.post(`/leaks/${leak.id}/investigate`, { investigation: '邮件网关记录属实', liability });
  assert.equal((await investigate(people.client, 'client')).status, 403);
  fault(await investigate(people.provider, 'provider'), 'liability', 'client_is_liable', 'C3.3');
  assert.equal(done(await investigate(people.provider, 'client')).state, 'investigated');
  refused(await people.provider.post(`/leaks/${leak.id}/close`, { measures: '停用' }), 403, 'leak.other_side');
  assert.equal(done(await people.client.post(`/leaks/${leak.id}/close`, { measures: '停用外发邮件' })).state, 'closed');
  assert.equal((await people.cleaner.get(`/leaks/${leak.id}`)).status, 404);
  const told = done(await people.provider.get('/notices')).items;
  assert.ok(told.some(({ subject, subject_id: id, kind }) => subject === 'leaks' && id === leak.id && kind === 'leak.closed'));
});

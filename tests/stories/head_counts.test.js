// V5.1.4: who of a provider is on site is counted by the client, answered by the provider, decided on by another; who stands
// on no roster, or on two, is looked into; what a confirmed case comes to stands at the contract.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, Client, PASSWORD, day } from '../world.js';

const IDENTITY = '11010519491231002X';
let world, people, contract, workers;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, code) => { assert.equal(reply.status, 403, reply.text); if (code) assert.equal(reply.body.error.code, code); };
const faults = (reply) => { assert.equal(reply.status, 422, reply.text); return reply.body.error.fields.map(({ field, code, clause }) => [field, code, clause]); };

before(async () => {
  world = await startWorld();
  people = {};
  for (const name of ['ops', 'division', 'executor', 'resident', 'finance', 'audit', 'cleaner', 'provider', 'suqing', 'agent']) people[name] = await world.signIn(name);
  const [counted] = done(await people.ops.get('/head_counts?limit=1')).items;
  contract = done(await people.ops.get(`/contracts/${counted.contract_id}`));
  workers = done(await people.cleaner.get('/people?job=worker&limit=200')).items.map(({ id }) => ({ person_id: id }));
});
after(() => world.stop());

const count = (by, input) => by.post('/head_counts', { contract_id: contract.id, place: '大堂', ...input });
const taken = async (input, by = people.resident) => done(await count(by, input), 201);
const cases = async (by, filter) => done(await by.get(`/subcontracting_cases?${filter}`)).items;

test('V5.1.4 a count says by job who was asked for and who was there, and each stranger opens a case with it as evidence', async () => {
  const made = await taken({ present: workers.slice(0, 2), strangers: [{ name: '自称老周', employer: '众诚劳务', note: '昨天来的' }], note: '早班' });
  assert.deepEqual([made.present, made.required, made.shortfall, made.strangers, made.state, made.day], [2, 5, 3, 1, 'counted', day()]);
  assert.deepEqual(made.by_job, [{ job: 'worker', required: 5, present: 2, shortfall: 3 }]);
  assert.deepEqual(made.people.map(({ name, person_id: id }) => [name, id > 0]).slice(2), [['自称老周', false]]);
  const [one] = await cases(people.ops, `head_count_id=${made.id}`);
  assert.deepEqual([one.source, one.state, one.person_name, one.employed_by, one.contract_id], ['site', 'suspected', '自称老周', '众诚劳务', contract.id]);
  assert.equal(made.people[2].case_id, one.id);
  assert.equal((await people.ops.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '众诚的人，替班', finding: '错字' })).status, 422);
  done(await people.ops.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '众诚的人，替班' }));
  const told = async () => [done(await people.cleaner.get(`/subcontracting_cases/${one.id}`)).findings, /众诚的人，替班/.test((await people.cleaner.get(`/subcontracting_cases/${one.id}/history`)).text)];
  assert.deepEqual(await told(), ['', false]); // the provider reads it with the decision
  const confirm = (by, input) => by.post(`/subcontracting_cases/${one.id}/decide`, { state: 'confirmed', reason: '查实', ...input });
  assert.deepEqual(faults(await confirm(people.division, {})), [['sanction', 'required', 'V5.1.4']]); // the count is evidence enough
  assert.deepEqual(faults(await confirm(people.division, { sanction: 'blacklist' })), [['sanction', 'judge_only', 'X5']]);
  assert.equal((await confirm(people.division, { sanction: 'prison' })).status, 422);
  const decided = done(await confirm(people.division, { sanction: 'termination' }));
  assert.deepEqual([decided.state, decided.sanction], ['confirmed', 'termination']);
  assert.deepEqual(await told(), ['众诚的人，替班', true]);
  const page = await (await world.browse('ops')).get(`/contracts/${contract.id}`);
  assert.match(page.text, /承包方有认定的转包分包/);
});

test('X2 a confirmed case proposes the step that it was confirmed with; another one decides, a letter tells it, and the case leads there', async () => {
  const confirmed = async (sanction) => {
    const { id } = await taken({ strangers: [{ name: `自称老${sanction}`, employer: '众诚劳务' }] });
    const [one] = await cases(people.ops, `head_count_id=${id}`);
    done(await people.ops.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '众诚的人' }));
    return done(await people.division.post(`/subcontracting_cases/${one.id}/decide`, { state: 'confirmed', reason: '查实', sanction, consequence: '三日内清退' }));
  };
  const proposed = async (one) => done(await people.division.get(`/consequences?case_id=${one.id}`)).items;
  for (const [sanction, step] of [['deduction', 'deduction'], ['termination', 'termination'], ['warning', 'warning']]) {
    const one = await confirmed(sanction);
    const [only, ...others] = await proposed(one);
    assert.deepEqual([only.step, only.rule, only.state, only.contract_id, only.note, others.length], [step, 'subcontracted', 'proposed', contract.id, '三日内清退', 0]);
    assert.equal(only.basis, `认定转包分包：自称老${sanction}（众诚劳务）`);
    assert.ok(done(await people.division.get('/duties?rule=decide_consequence&limit=200')).items.some(({ subject_id: subject }) => subject === only.id));
    const page = await (await world.browse('division')).get(`/subcontracting_cases/${one.id}`);
    assert.match(page.text, new RegExp(`href="/consequences\\?case_id=${one.id}"`));
  }
  const [warning] = done(await people.division.get('/consequences?step=warning')).items;
  refused(await people.ops.post(`/consequences/${warning.id}/decide`, { reason: '警告' }), 'consequence.own_evaluation'); // who looked into it
  assert.equal((await people.cleaner.get(`/consequences/${warning.id}`)).status, 404);
  const decided = done(await people.division.post(`/consequences/${warning.id}/decide`, { reason: '首次发现，书面警告' }));
  const { sha256, subject } = done(await people.division.get(`/letters/${decided.letter_id}`));
  assert.match(subject, /转包分包的措施：书面警告/);
  done(await people.division.post(`/letters/${decided.letter_id}/send`, { sha256, password: PASSWORD }));
  assert.equal(done(await people.cleaner.get(`/consequences/${warning.id}`)).state, 'told');
});

// Somebody of a division that has nothing to do with the contract.
async function stranger() {
  const [admin, security] = await Promise.all(['admin', 'security'].map((name) => world.signIn(name)));
  const own = contract.client_id;
  const [above] = done(await admin.get(`/units?organisation_id=${own}&kind=headquarters`)).items;
  const unit = done(await admin.post('/units', { organisation_id: own, parent_id: above.id, kind: 'division', name: '另一事业部' }), 201);
  const person = done(await admin.post('/people', { name: '旁人', job: 'manager', organisation_id: own, unit_id: unit.id }), 201);
  const account = done(await admin.post('/accounts', { name: 'other_division', person_id: person.id }), 201);
  done(await security.post(`/accounts/${account.id}/roles`, { version: account.version, roles: ['division'] }));
  const first = new Client(world.url);
  first.token = done(await first.post('/session', { account: 'other_division', password: account.initial_password })).token;
  done(await first.post('/password', { current: account.initial_password, new: PASSWORD }));
  return world.signIn('other_division');
}

test('V5.1.4 another division neither sees a contract\'s case nor decides it', async () => {
  const made = await taken({ present: workers.slice(0, 2), strangers: [{ name: '自称老吴' }] });
  const [one] = await cases(people.division, `head_count_id=${made.id}`);
  done(await people.ops.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '已离场' }));
  const other = await stranger();
  assert.equal((await cases(other, `head_count_id=${made.id}`)).length, 0);
  assert.equal((await other.get(`/subcontracting_cases/${one.id}`)).status, 404);
  const dismiss = (by) => by.post(`/subcontracting_cases/${one.id}/decide`, { state: 'dismissed', reason: '算了' });
  assert.equal((await dismiss(other)).status, 404);
  assert.equal((await other.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '没事' })).status, 404);
  assert.equal(done(await dismiss(people.division)).state, 'dismissed');
});

test('V5.1.4 the provider neither counts itself nor sees another one\'s; who is not of its roster is not ticked', async () => {
  const made = await taken({ present: workers.slice(0, 1) });
  for (const by of [people.cleaner, people.finance, people.audit, people.agent]) refused(await count(by, {}));
  for (const by of [people.provider, people.suqing]) assert.equal((await by.get(`/head_counts/${made.id}`)).status, 404);
  refused(await people.agent.get(`/head_counts/${made.id}`));
  assert.equal(done(await people.cleaner.get(`/head_counts/${made.id}`)).present, 1);
  assert.equal(done(await people.audit.get(`/head_counts/${made.id}`)).present, 1);
  const [foreign] = done(await people.suqing.get('/people?limit=1')).items;
  assert.deepEqual(faults(await count(people.ops, { present: [{ person_id: foreign.id }] })), [['present.0.person_id', 'not_on_roster', 'V5.1.4']]);
  assert.deepEqual(faults(await count(people.ops, { present: [workers[0], workers[0]] })), [['present.1.person_id', 'person_twice', 'V5.1.4']]);
  assert.deepEqual(faults(await count(people.ops, { place: '', strangers: [{ employer: '众诚' }] })).map(([field]) => field).sort(), ['place', 'strangers.0.name']);
  const [once] = done(await people.ops.get('/contracts?kind=one_off&state=active&limit=1')).items;
  assert.ok(faults(await count(people.ops, { contract_id: once.id })).some(([field, code]) => field === 'contract_id' && code === 'not_continuous'));
});

test('V5.1.4 an objection is decided by another than who counted; upheld, the count is held against nobody', async () => {
  const made = await taken({ present: workers.slice(0, 1) }, people.division);
  assert.equal((await people.provider.post(`/head_counts/${made.id}/answer`)).status, 404);
  refused(await people.ops.post(`/head_counts/${made.id}/answer`));
  assert.equal((await people.ops.post(`/head_counts/${made.id}/reject`, { reason: '没有异议' })).body.error.code, 'head_count.wrong_state');
  assert.ok(done(await people.cleaner.get('/duties?rule=answer_count&state=open')).items.some(({ subject_id: id }) => id === made.id));
  const objected = done(await people.cleaner.post(`/head_counts/${made.id}/answer`, { objection: '都在地下室' }));
  assert.deepEqual([objected.state, objected.objection], ['objected', '都在地下室']);
  assert.equal((await people.cleaner.post(`/head_counts/${made.id}/answer`)).body.error.code, 'head_count.wrong_state');
  refused(await people.division.post(`/head_counts/${made.id}/uphold`, { reason: '我说了算' }), 'head_count.own_decision');
  refused(await people.cleaner.post(`/head_counts/${made.id}/uphold`, { reason: '成立' }));
  assert.deepEqual(faults(await people.ops.post(`/head_counts/${made.id}/uphold`)), [['reason', 'required', undefined]].map(([field, code]) => [field, code, undefined]));
  assert.equal(done(await people.ops.post(`/head_counts/${made.id}/uphold`, { reason: '排班表与监控相符' })).state, 'upheld');
  const other = await taken({ present: [] });
  assert.equal(done(await people.cleaner.post(`/head_counts/${other.id}/answer`)).state, 'acknowledged');
});

test('V5.1.4 the person-days missing of a month are of the day, whoever counted where', async () => {
  const missing = async (from, to) => (await taken({ present: workers.slice(from, to), place: '车库' })).month_missing;
  const two = await missing(0, 2);
  assert.ok(two >= 3); // of five
  assert.equal(await missing(2, 3), two - 1);
  assert.equal(await missing(2, 3), two - 1); // the same one again
  assert.equal(await missing(3, 6), two - 3); // more than are asked for make up for no other day
  assert.equal(await missing(6, 8), two - 3);
});

test('V5.1.4 the same identity at two providers is a case that the client alone sees', async () => {
  const worker = (id) => ({ name: '双册人', job: 'worker', id_card: id });
  done(await people.cleaner.post('/people', worker(IDENTITY)), 201);
  const seen = { cleaner: (await cases(people.cleaner, 'limit=200')).length, suqing: (await cases(people.suqing, 'limit=200')).length };
  const twin = done(await people.suqing.post('/people', worker(IDENTITY)), 201);
  const [one, ...others] = await cases(people.ops, `person_id=${twin.id}`);
  assert.equal(others.length, 0);
  assert.deepEqual([one.source, one.state], ['identity', 'suspected']);
  assert.match(done(await people.ops.get(`/subcontracting_cases/${one.id}`)).other_organisation, /净安/);
  for (const name of ['cleaner', 'suqing']) {
    assert.equal((await people[name].get(`/subcontracting_cases/${one.id}`)).status, 404);
    assert.equal((await cases(people[name], 'limit=200')).length, seen[name]);
  }
  done(await people.division.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '本人承认' }));
  const own = await people.division.post(`/subcontracting_cases/${one.id}/decide`, { state: 'dismissed', reason: '算了' });
  refused(own, 'subcontracting.own_findings');
  const left = done(await people.suqing.patch(`/people/${twin.id}`, { version: twin.version, left_on: day(-1) }));
  assert.equal(left.left_on, day(-1));
});

test('V5.1.4 a worker\'s expired certificate is a duty and a mark, met by a newer one; another provider writes none', async () => {
  const worker = workers[0].person_id;
  const held = (values, by = people.cleaner) => by.post('/work_certificates', { person_id: worker, kind: 'welding', ...values });
  const old = done(await held({ number: 'H-1', valid_to: day(-3) }), 201);
  assert.deepEqual([old.needed, old.expired], [true, true]);
  const owed = async () => done(await people.cleaner.get(`/duties?rule=renew_work_certificate&subject_id=${old.id}`)).items[0].state;
  assert.match(await owed(), /open|overdue/);
  assert.equal((await held({}, people.suqing)).status, 422);
  refused(await held({}, people.executor));
  assert.deepEqual(faults(await held({ valid_from: day(3), valid_to: day(-3) })), [['valid_to', 'before_start', undefined]]);
  done(await held({ number: 'H-2', valid_to: day(400) }), 201);
  assert.equal(await owed(), 'met');
  assert.equal(done(await people.ops.get(`/work_certificates/${old.id}`)).expired, false);
  assert.equal((await people.suqing.get(`/work_certificates/${old.id}`)).status, 404);
  const figures = done(await people.ops.get('/clauses/V5.1.4')).figures.map(({ name }) => name);
  for (const name of ['head_counts', 'counts_open', 'certificates_over']) assert.ok(figures.includes(name), name);
});

test('V5.1.4 the operations centre puts a provider on the black list with the case that says why', async () => {
  const company = done(await people.ops.post('/organisations', { name: '转手物业服务有限公司', side: 'provider' }), 201);
  const one = done(await people.executor.post('/subcontracting_cases', { organisation_id: company.id, person_name: '众诚派来的人' }), 201);
  assert.deepEqual(faults(await people.executor.post('/subcontracting_cases', { organisation_id: company.id, person_name: '别处的人', contract_id: contract.id })).map(([field]) => field), ['contract_id']);
  done(await people.executor.post(`/subcontracting_cases/${one.id}/investigate`, { findings: '整体转包' }));
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'subcontracting_cases', subject_id: one.id, retention: 'long' })) form.append(name, value);
  form.append('file', new Blob(['转包协议']), '转包协议.txt');
  done(await people.executor.post('/documents', form), 201);
  done(await people.ops.post(`/subcontracting_cases/${one.id}/decide`, { state: 'confirmed', reason: '整体转包给众诚', sanction: 'blacklist' }));
  const judged = done(await people.ops.get(`/organisations/${company.id}`));
  assert.deepEqual([judged.state, judged.state_reason], ['blacklisted', '整体转包给众诚']);
});

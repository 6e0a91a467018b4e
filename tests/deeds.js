// For every route that writes: one lawful call of it, with whatever has to be there first, and by whom.
import assert from 'node:assert/strict';
import { report, tokenAt } from './report.js';
import { picture } from './inspected.js';
import { Browser, Client, PASSWORD, day, month, totp } from './world.js';

const OWN_PASSWORD = 'own-Choice-2718';
const LEDGER_HEAD = '合同编号,合同名称,服务类别,服务种类,项目,供方,开始日期,结束日期,合同金额,监管执行人';
const ledgerRow = (number, executor) => `${number},夜间保洁,长期,保洁,滨河花园,净安保洁服务有限公司,${day()},${day(200)},12万元,${executor}`;

// Answers {key of a route: async () => ({by, id, row, step, body, file})}; `one(account)` is who signed in as that one.
export function lawfulDeeds(world, one) {
  const [admin, security, ops, division, pm, executor, audit, client, provider] = ['admin', 'security', 'ops', 'division', 'pm', 'executor',
    'audit', 'client', 'provider'].map(one);
  let count = 0;
  const next = (word) => `${word}${process.pid}-${count += 1}`;

  async function made(by, resource, body) {
    const reply = await by.api.post(`/${resource}`, body);
    assert.equal(reply.status, 201, `${resource}: ${reply.text}`);
    return reply.body;
  }
  async function named(resource, name) {
    const { items } = (await ops.api.get(`/${resource}?q=${encodeURIComponent(name)}`)).body;
    return items.find((item) => item.name === name).id;
  }
  async function done(reply) {
    assert.equal(reply.status, 200, reply.text);
    return reply.body;
  }

  /* ---- people and accounts ---- */

  const person = async () => made(admin, 'people', { name: next('来人'), job: 'other', phone: '13905710000' });
  const account = async () => made(admin, 'accounts', { name: next('deed'), person_id: (await person()).id });
  async function signedIn(name, password) {
    const { token, csrf } = await done(await new Client(world.url).post('/session', { account: name, password }));
    const page = new Browser(world.url, token);
    page.csrf = csrf;
    return { account: name, api: new Client(world.url, token), page, token };
  }
  // Somebody whose own sessions, tokens and second factor may be spoilt.
  async function newcomer() {
    const { name, initial_password: initial } = await account();
    const first = await signedIn(name, initial);
    await done(await first.api.post('/password', { current: initial, new: OWN_PASSWORD }));
    return signedIn(name, OWN_PASSWORD);
  }
  const ownToken = async (by) => made(by, 'tokens', { name: 'deed', rights: 'all', expires_on: day(9) });
  const proof = { password: OWN_PASSWORD };

  /* ---- contracts ---- */

  const contractBody = async (values = {}) => ({
    number: next('HT-DEED-'), name: '夜间保洁', kind: 'one_off', service: 'cleaning', provider_id: await named('organisations', '净安保洁服务有限公司'),
    unit_id: await named('units', '滨河花园'), starts_on: day(), ends_on: day(300), ...values,
  });
  const draft = async (values) => made(division, 'contracts', await contractBody(values));
  const termBody = (contract) => ({ contract_id: contract.id, number: '1.1', topic: 'scope', text: '范围：地下车库。' });
  async function explained() {
    const contract = await draft({ executor_id: await named('people', '何书琴'), no_subcontracting: true, provider_phone: '13905710001' });
    await made(division, 'terms', termBody(contract));
    return contract;
  }
  const briefingBody = (contract) => ({ contract_id: contract.id, held_on: day(), place: '会议室' });
  const briefing = async () => made(division, 'briefings', briefingBody(await explained()));
  async function ready() {
    const { id, sha256, contract_id: contract } = await briefing();
    for (const { api } of [division, executor]) await done(await api.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 }));
    return done(await division.api.get(`/contracts/${contract}`));
  }
  async function binding() {
    const { id, version } = await ready();
    return done(await division.api.post(`/contracts/${id}/activate`, { version }));
  }

  /* ---- the issue desk ---- */

  const issueBody = async () => ({
    contract_id: (await binding()).id, kind: 'problem', priority: 'normal', source: 'site', subject: '地面积水', reporter_phone: '13905710003',
  });
  const issue = async () => made(division, 'issues', await issueBody());
  const solution = { solution: '已清理', responsibility: 'provider' };
  async function solved() {
    const { id } = await issue();
    return done(await ops.api.post(`/issues/${id}/solve`, solution));
  }
  const link = async () => made(division, 'issue_links', { contract_id: (await binding()).id, place: '大堂' });
  async function scanned() {
    const token = await tokenAt(ops.api);
    const code = await report(world, token);
    const [{ id }] = (await ops.api.get('/issues?source=qr&limit=1')).body.items;
    await done(await ops.api.post(`/issues/${id}/solve`, solution));
    return { by: ops, token, report: code, body: { satisfaction: 5 } };
  }

  const ownClauseBody = async () => ({
    number: next('补-'), title: '一个月内交底', text: '监管执行人指定后一个月内完成交底。', parent: 'V5.1.2', duty_rules: ['brief_executor'],
  });

  /* ---- notices and duties ---- */

  async function told() {
    await briefing(); // its executor hears of it
    return (await done(await executor.api.get('/notices'))).items[0];
  }
  async function choices() {
    const { version } = await done(await executor.api.get('/own/notices'));
    return version ? { version } : {};
  }
  const robotBody = () => ({ name: next('群'), channel: 'wecom', url: 'https://robot.example.com/send?key=1', takes: 'none' });
  const robot = async () => made(ops, 'robots', robotBody());
  async function duty() {
    const { id } = await draft();
    return (await done(await division.api.get(`/duties?rule=name_executor&contract_id=${id}`))).items[0];
  }
  const dayOff = () => ({ date: day(400 + (count += 1)), kind: 'holiday', name: '集团放假' });

  /* ---- evaluation ---- */

  // A long-term contract of the cleaners that was in force last month; its evaluation is the project manager's.
  const longTerm = () => activated({ kind: 'continuous', served_party_clause: '业主每月评价', monthly_fee_fen: 100000 });
  async function activated(values) {
    const contract = await draft({ starts_on: day(-150), executor_id: await named('people', '何书琴'), no_subcontracting: true, provider_phone: '13905710001', ...values });
    await made(division, 'terms', termBody(contract));
    const { id, sha256 } = await made(division, 'briefings', briefingBody(contract));
    for (const { api } of [division, executor]) await done(await api.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 }));
    const { version } = await done(await division.api.get(`/contracts/${contract.id}`));
    return done(await division.api.post(`/contracts/${contract.id}/activate`, { version }));
  }
  const evaluationBody = async () => ({ contract_id: (await longTerm()).id, period: month(-1) });
  const evaluation = async () => made(pm, 'evaluations', await evaluationBody());
  const evaluationStep = (by, from, action, body) => async () => done(await by.api.post(`/evaluations/${(await from()).id}/${action}`, body));
  const evaluated = evaluationStep(pm, evaluation, 'submit', { without_grade: true });
  const passedEvaluation = evaluationStep(audit, evaluated, 'pass');
  const auditObjected = evaluationStep(audit, evaluated, 'audit', { words: '缺依据' });
  const objectedEvaluation = evaluationStep(one('cleaner'), passedEvaluation, 'object', { words: '与事实不符' });
  const objection = async () => {
    const { id } = await objectedEvaluation();
    return (await done(await ops.api.get(`/evaluation_objections?evaluation_id=${id}`))).items[0];
  };

  /* ---- surveys ---- */

  const [surveyor] = ['survey'].map(one);
  const surveyBody = async (values) => ({ contract_id: (await longTerm()).id, kind: 'served_party', period: month(-1), ends_on: day(9), ...values });
  const survey = async (values) => made(pm, 'surveys', await surveyBody(values));
  const openSurvey = async () => done(await pm.api.post(`/surveys/${(await survey({ ends_on: day() })).id}/open`));
  const commissioned = async () => made(division, 'surveys', await surveyBody({ kind: 'third_party', surveyor_id: await named('organisations', '明察市场调查有限公司') }));
  const framed = async () => done(await surveyor.api.post(`/surveys/${(await commissioned()).id}/frame`, { rows: [{ code: '1-101' }, { code: '1-102' }] }));
  const inviting = async () => {
    const { id } = await done(await surveyor.api.post(`/surveys/${(await framed()).id}/draw`, { count: 1 }));
    return done(await surveyor.api.post(`/surveys/${id}/open`));
  };
  const invited = async () => (await surveyor.api.post(`/surveys/${(await inviting()).id}/invitations`)).text.match(/\/s\/([\w-]+)/)[1];
  const campaignBody = async () => {
    count += 1;
    return { period: `${1900 + Math.floor(count / 12)}-${String(count % 12 + 1).padStart(2, '0')}` };
  };
  const openedCampaign = async () => done(await ops.api.post(`/evaluation_campaigns/${(await made(ops, 'evaluation_campaigns', await campaignBody())).id}/open`));
  const consequenceBody = async () => ({ contract_id: (await longTerm()).id, step: 'interview', note: '连续缺员' });
  const consequence = async () => made(division, 'consequences', await consequenceBody());
  const findingBody = async () => ({ unit_id: await named('units', '滨河花园'), subject: '评分无依据', severity: 'minor', words: '没有照片' });
  const auditFinding = async () => made(audit, 'audit_findings', await findingBody());
  const answeredFinding = async () => done(await division.api.post(`/audit_findings/${(await auditFinding()).id}/answer`, { answer: '已补' }));
  const sampleDrawn = () => ({ source: 'evaluations', from: day(-60), to: day(), count: 2 });
  const evaluationScheme = async () => made(division, 'schemes', { subject: 'contract', service: 'other', name: next('评价办法'), from_month: month(1),
    indicators: [{ code: 'served', name: '满意度', measure: 'contract.judged', method: 'banded', bands: '80=100, 60=50', weight: '100', nothing: 'reweigh' }] });
  const schemePut = async () => done(await division.api.post(`/schemes/${(await evaluationScheme()).id}/put`));

  /* ---- reports on supervision ---- */

  // Of the year 2020 and before: the demo world has the last months.
  const reportBody = async () => ({
    unit_id: await named('units', '滨河花园'), month: `${2020 - Math.floor((count += 1) / 12)}-${String(count % 12 + 1).padStart(2, '0')}`, body: '本月按合同监管。',
  });
  const supervision = async () => made(pm, 'supervision_reports', await reportBody());
  async function filedReport() {
    const { id, sha256 } = await supervision();
    return done(await pm.api.post(`/supervision_reports/${id}/file`, { sha256, password: PASSWORD }));
  }
  async function receivedReport() {
    const { id } = await filedReport();
    return done(await division.api.post(`/supervision_reports/${id}/receive`));
  }

  /* ---- rules of divisions, standards, areas ---- */

  const rulesBody = async () => {
    const parent = await named('units', '华东事业部');
    const { id } = await made(ops, 'units', { name: next('分公司'), kind: 'subsidiary', parent_id: parent });
    return { unit_id: id, name: next('细则'), from: day(), contracting: '台帐', standards: '条款', evaluation: '四级', assessment: '扣绩效' };
  };
  const rules = async () => made(division, 'division_rules', await rulesBody());
  async function filedRules() {
    const { id, sha256 } = await rules();
    return done(await division.api.post(`/division_rules/${id}/file`, { sha256, password: PASSWORD }));
  }
  // A project has one draft for a service at a time, and each begins after the one before.
  const standardBody = async (service = 'other') => {
    const unit = await named('units', '滨河花园');
    const { items } = await done(await executor.api.get(`/standards?state=draft&service=${service}&unit_id=${unit}`));
    for (const { id } of items) await done(await executor.api.post(`/standards/${id}/give_up`, { reason: '重写' }));
    return { unit_id: unit, service, name: next('标准'), from: day(count += 1) };
  };
  const standard = async (service) => made(executor, 'standards', await standardBody(service));
  const itemBody = (standardId, values = {}) => ({
    standard_id: standardId, category: 'result', text: next('地面无积水'), method: 'sight', frequency: 'daily', points: '40', deduction: '5', ...values,
  });
  const item = async () => made(executor, 'standard_items', itemBody((await standard()).id));
  async function secondItem(first = false) {
    const { id } = await standard();
    const items = [await made(executor, 'standard_items', itemBody(id)), await made(executor, 'standard_items', itemBody(id))];
    return items[first ? 0 : 1];
  }
  async function wholeStandard() {
    const { id } = await standard();
    for (const category of ['qualification', 'personnel', 'equipment', 'process', 'safety', 'records'])
      await made(executor, 'standard_items', itemBody(id, { category, points: '10' }));
    await made(executor, 'standard_items', itemBody(id));
    return done(await executor.api.get(`/standards/${id}`));
  }
  async function standardInForce() {
    const { id, sha256 } = await wholeStandard();
    return done(await pm.api.post(`/standards/${id}/approve`, { sha256, password: PASSWORD }));
  }
  const areaBody = async () => {
    const { items: [contract] } = await done(await pm.api.get('/contracts?limit=1&state=active&service=greening'));
    return { contract_id: contract.id, name: next('片区'), size_m2: 900, from: day(), persons: [{ person_id: await named('people', '何书琴') }] };
  };
  const area = async () => made(pm, 'areas', await areaBody());
  const areaPersonBody = async () => ({ area_id: (await area()).id, person_id: await named('people', '周敏'), from: day() });
  const publicationBody = async () => {
    await area();
    return { unit_id: await named('units', '滨河花园'), channel: '物业服务台 0571-8600 1234' };
  };
  const publication = async () => made(pm, 'area_publications', await publicationBody());

  /* ---- letters ---- */

  const letterBody = async () => {
    const { items: [contract] } = await done(await provider.api.get('/contracts?limit=1&state=active'));
    return { type: 'general', contract_id: contract.id, subject: next('关于班次的函'), body: '请说明夜班安排。' };
  };
  const letter = async () => made(client, 'letters', await letterBody());
  const sending = async () => {
    const { id, sha256 } = await letter();
    return { by: client, id, body: { sha256, password: PASSWORD } };
  };
  async function sentLetter() {
    const { id, body } = await sending();
    return done(await client.api.post(`/letters/${id}/send`, body));
  }
  const agreementBody = async () => ({
    number: next('DQ-'), client_id: await named('organisations', '澄江服务集团有限公司'),
    provider_id: await named('organisations', '青禾园林绿化有限公司'), signed_on: day(-9),
  });
  const delegationBody = async () => {
    const { items: [delegate] } = await done(await provider.api.get(`/people?q=${encodeURIComponent('罗芳')}`));
    return { delegate_id: delegate.id, starts_on: day(40), ends_on: day(41), reason: '出差' };
  };

  /* ---- files ---- */

  const upload = (fields, name, text) => () => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new Blob([text]), name);
    return form;
  };
  const paper = async () => upload({ subject: 'contracts', subject_id: (await draft()).id, retention: 'short' }, '纪要.txt', '第一页');
  const document = async () => made(ops, 'documents', (await paper())());
  // A good row and one without its executor.
  const ledger = () => upload({ resource: 'contracts' }, 'ledger.csv',
    [LEDGER_HEAD, ledgerRow(next('HT-ROW-'), '何书琴'), ledgerRow(next('HT-ROW-'), '')].join('\n'));
  async function settled(id) {
    for (;;) {
      const body = await done(await ops.api.get(`/imports/${id}`));
      if (!['checking', 'running'].includes(body.state)) return body;
    }
  }
  async function checked() {
    const { id } = await made(ops, 'imports', ledger()());
    await done(await ops.api.post(`/imports/${id}/mapping`));
    const body = await settled(id);
    assert.deepEqual([body.state, body.good, body.bad_rows], ['checked', 1, 1]);
    return body;
  }

  /* ---- shapes that many have in common ---- */

  const create = (by, body) => async () => ({ by, body: await body() });
  const change = (by, record, values) => async () => {
    const { id, version } = await record();
    return { by, id, body: { version, ...values } };
  };
  const act = (by, record, body = {}) => async () => ({ by, id: (await record()).id, body });
  const own = (body) => async () => ({ by: await newcomer(), body });
  const exported = (by) => async () => ({ by });

  const organisation = async () => made(ops, 'organisations', { name: next('供方'), side: 'provider', contact_phone: '13905710002' });
  const qualificationBody = async () => ({ organisation_id: (await organisation()).id, kind: 'licence', name: '营业执照' });
  const qualification = async () => made(ops, 'qualifications', await qualificationBody());
  const unit = async () => made(ops, 'units', { name: next('项目'), kind: 'project' });

  /* ---- inspections: the cleaning of a project, by its resident, for which `cleaner` answers ---- */

  const inspector = one('resident'), cleaner = one('cleaner');
  const cleaned = async () => (await ops.api.get(`/contracts?q=${encodeURIComponent('澄江中心日常保洁')}`)).body.items[0];
  const areasOf = async (contract) => (await ops.api.get(`/areas?contract_id=${contract.id}&limit=200`)).body.items;
  async function begun() {
    const contract = await cleaned(), [area] = await areasOf(contract);
    return made(inspector, 'inspections', { contract_id: contract.id, area_id: area.id, uid: next('deed-') });
  }
  const passing = ({ items }) => ({ items: items.map(({ item_id: item }) => ({ item_id: item, result: 'pass' })) });
  async function ended(body = passing) {
    const inspection = await begun();
    return done(await inspector.api.post(`/inspections/${inspection.id}/finish`, body(inspection)));
  }
  const plainItem = ({ photo, fatal }) => !photo && !fatal;
  async function failing() {
    const fails = (inspection) => {
      const body = passing(inspection);
      Object.assign(body.items[inspection.items.findIndex(plainItem)], { result: 'fail', note: '水渍' });
      return body;
    };
    return ended(fails);
  }
  // A notice that waits for its answer: what is answered already is closed, so that the next finding is a new problem.
  async function notice() {
    const { items } = await failing();
    const { id, state } = await done(await ops.api.get(`/rectifications/${items.find(({ result }) => result === 'fail').rectification_id}`));
    if (state === 'issued') return { id };
    await done(await inspector.api.post(`/rectifications/${id}/judge`, { decision: 'pass', reason: '合格' }));
    return notice();
  }
  async function answeredNotice() {
    const { id } = await notice();
    return done(await cleaner.api.post(`/rectifications/${id}/answer`, { answer: '已清理' }));
  }
  async function findingAppeal() {
    const { id, items } = await failing();
    return { inspection_id: id, place: items.findIndex(({ result }) => result === 'fail') + 1, words: '当场已擦' };
  }
  const newPlan = async () => ({ contract_id: (await cleaned()).id, level: 'project', frequency: 'monthly' });
  async function freeArea() {
    const { items: known } = (await ops.api.get('/area_positions?limit=200')).body;
    const { items: areas } = (await ops.api.get('/areas?limit=200')).body;
    return { area_id: areas.find(({ id }) => !known.some(({ area_id: area }) => area === id)).id, latitude: 30274085, longitude: 120155070 };
  }
  const greens = one('suqing'), lifts = one('denggong');
  const contractOf = async (service) => (await ops.api.get(`/contracts?service=${service}&state=active&unit_id=${await named('units', '滨河花园')}`)).body.items[0].id;
  const treatmentBody = async () => ({
    contract_id: await contractOf('pest_control'), planned_on: day(3), places: '地下室', targets: ['rats'], agent: '杀鼠醚', registration: 'WP20130123',
    concentration: '0.0375%', method: '投放', first_aid: '送医' });
  const treatment = async () => made(greens, 'pest_treatments', await treatmentBody());
  const reported = { treated_on: day(), amount: '1 kg', workers: '王平', follower: '何书琴', remains: '无' };
  async function dueTreatment() {
    const { id } = await treatment();
    world.sql(`UPDATE pest_treatments SET planned_on = '${day()}' WHERE id = ${id}`);
    return { id };
  }
  async function doneTreatment() {
    const { id } = await dueTreatment();
    return done(await greens.api.post(`/pest_treatments/${id}/report`, reported));
  }
  const ago = (hours) => new Date(Date.now() - hours * 3600e3).toISOString();
  const workBody = async () => ({
    contract_id: await contractOf('engineering'), equipment: 'DT-07', kind: 'quarter', arrived_at: ago(3), finished_at: ago(2), results: '清洁润滑',
    worker: '邓工', licence: 'TS6' });
  const work = async () => made(lifts, 'maintenance_works', await workBody());

  /* ---- the call centre ---- */

  const some = async (by, list) => (await done(await by.api.get(`/${list}`))).items[0];
  const numberBody = () => ({ number: `0571-${80000000 + process.pid % 10000 * 100 + (count += 1)}`, carrier: '浙江电信', proof: '入网协议 7 号' });
  const number = async () => made(division, 'numbers', numberBody());
  const callContract = async () => (await some(provider, 'contracts?service=outbound_call&state=active')).id;
  const untold = () => some(provider, 'provisionings?state=waiting');
  async function failed() {
    const { id } = await untold();
    return done(await provider.api.post(`/provisionings/${id}/acknowledge`, { failure: '坐席不存在' }));
  }
  const gateBody = async () => ({ node: 'deeds', call_id: next('call-'), agent: '1001', callee: '13905710009' });
  const gated = async () => (await done(await provider.api.post('/gate', await gateBody()))).gate_id;
  const callBody = () => ({ source: 'deeds', uid: next('call-'), callee: '13905710009', started_at: `${day()}T00:00:01+08:00`, result: 'busy' });
  const ownCall = () => some(provider, `calls?limit=1`);
  async function quarantined() {
    await provider.api.post('/adapters/freeswitch/cdr', { nobody: next('knows-') });
    return some(provider, 'quarantine?state=waiting&limit=1');
  }
  const callRule = async () => (await some(ops, 'call_rules')) ?? made(ops, 'call_rules', { gated_from: day(300) });
  const retentionBody = async () => ({ contract_id: await callContract(), kind: 'recordings', days: 200, basis: '企业内控' });
  const retentionRule = async () => (await some(ops, 'retention_rules')) ?? made(ops, 'retention_rules', { kind: 'calls', days: 800, basis: '企业内控' });
  const holdBody = async () => ({ contract_id: await callContract(), to: day(-800), reason: '劳动仲裁' });
  const hold = async () => made(ops, 'legal_holds', await holdBody());
  const callee = () => `137${String(process.pid % 10000).padStart(4, '0')}${String(count += 1).padStart(4, '0')}`;
  const refusalBody = async () => ({ contract_id: await callContract(), number: callee(), source: 'called_person' });
  const refusal = async () => made(ops, 'do_not_call', { number: callee(), source: 'complaint' });
  const consentBody = async () => ({ contract_id: await callContract(), number: callee(), obtained_on: day(-1), proof: '会员章程第 3 条' });
  // A call on a contract that nobody knows; a worker finds it.
  async function exception() {
    const said = next('HT-NOWHERE-');
    await done(await provider.api.post('/calls', [{ ...callBody(), contract: said }]));
    for (let tries = 0; tries < 400; tries += 1) {
      const { items } = await done(await provider.api.get('/call_exceptions?state=open&limit=200'));
      const found = items.find(({ contract_said: contract }) => contract === said);
      if (found) return found;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    throw new Error('no worker carried what was found wrong with a call');
  }

  /* ---- recordings and reviews ---- */

  const [qa, dutyManager, agent, supervisor] = ['qa', 'duty', 'agent', 'supervisor'].map(one);
  // Two samples of sound.
  const sound = Buffer.from('524946462400000057415645666d74201000000001000100401f0000803e000002001000646174610400000000400040', 'hex');
  // A call that somebody answered, by whoever has the code, and its sound: whichever is drawn can be heard.
  async function talked(code = '1001') {
    const uid = next('talk-');
    const { number } = await done(await provider.api.get(`/contracts/${await callContract()}`));
    await done(await provider.api.post('/calls', [{ ...callBody(), uid, contract: number, agent: code, duration_s: 9, talk_s: 5, result: 'success' }]));
    for (let after = ''; ;) {
      const { items, next_cursor: cursor } = await done(await provider.api.get(`/calls?limit=200${after}`));
      const found = items.find((call) => call.uid === uid);
      if (found) {
        await made(qa, 'recordings', upload({ call_id: found.id }, '通话.wav', sound)());
        return found;
      }
      assert.ok(cursor, uid);
      after = `&after=${cursor}`;
    }
  }
  const heard = async () => upload({ call_id: (await talked()).id }, '通话.wav', sound);
  const recording = async () => made(qa, 'recordings', (await heard())());
  const formBody = async () => ({ name: next('评分表'), contract_id: await callContract(), items: [{ name: '业务', kind: 'score', weight: 100 }] });
  const reviewForm = async () => made(qa, 'review_forms', await formBody());
  const formInForce = async () => done(await qa.api.post(`/review_forms/${(await reviewForm()).id}/enforce`));
  const sampleBody = async () => {
    await talked();
    return { contract_id: await callContract(), form_id: (await formInForce()).id, from: day(), to: day(), newcomer_calls: 1, other_calls: 1 };
  };
  const subjectBody = async (tier = 'agents') => ({ contract_id: await callContract(), tier, name: next('科目'), pass_score: '80' });
  const trainingSubject = async (tier) => made(client, 'training_subjects', await subjectBody(tier));
  // The duty manager trains one agent.
  async function trainingBody() {
    const { items } = await done(await provider.api.get('/people?job=agent&limit=1'));
    return { subject_id: (await trainingSubject()).id, held_on: day(), trainer_id: (await done(await dutyManager.api.get('/session'))).person_id,
      trainees: [{ person_id: items[0].id, score: '88' }] };
  }
  const training = async () => made(dutyManager, 'trainings', await trainingBody());
  const confirmedTraining = async () => done(await dutyManager.api.post(`/trainings/${(await training()).id}/confirm`));
  const requirementBody = async () => ({ contract_id: await callContract(), job: 'supervisor', from: day(), to: day(5), count: 1 });
  const requirement = async () => made(client, 'staff_requirements', await requirementBody());
  // Sent by the client, approved by the provider.
  async function approvedLetter(type, lines, proof) {
    const { id } = await made(client, 'letters', { type, contract_id: await callContract(), subject: next('函'), body: '请办理。', lines });
    if (proof) await made(client, 'documents', upload({ subject: 'letters', subject_id: id, retention: 'long' }, `${proof}.txt`, proof)());
    const { sha256 } = await done(await client.api.get(`/letters/${id}`));
    await done(await client.api.post(`/letters/${id}/send`, { sha256, password: PASSWORD }));
    return done(await provider.api.post(`/letters/${id}/approve`, { reason: '已核实' }));
  }
  // Somebody of a job without agent ids, to be replaced by another one.
  async function handoverBody() {
    const [replaced, successor] = [await made(provider, 'people', { name: next('来人'), job: 'manager' }), await made(provider, 'people', { name: next('来人'), job: 'manager' })];
    const { id } = await approvedLetter('replacement', [{ person_id: replaced.id, reason: '态度恶劣' }], '监听记录');
    return { letter_id: id, person_id: replaced.id, successor_id: successor.id, handed_on: day(), notes: '名单与账号' };
  }
  const handover = async () => made(provider, 'handovers', await handoverBody());
  async function businessChange() {
    const name = next('业务');
    const { id } = await approvedLetter('business_change', [{ kind: 'large_change', name, train_by: day(), guide_from: day(), week: 'natural_days' }]);
    await done(await provider.api.post(`/letters/${id}/execute`));
    const [{ id: change }] = (await done(await client.api.get('/business_changes?limit=1'))).items;
    return done(await client.api.get(`/business_changes/${change}`));
  }
  const clientPerson = async () => (await done(await client.api.get('/session'))).person_id;
  async function managersTraining() {
    const { items: [inspector] } = await done(await provider.api.get('/people?job=qa&limit=1'));
    const { id } = await made(client, 'trainings', { subject_id: (await trainingSubject('managers')).id, held_on: day(), trainer_id: await clientPerson(),
      trainees: [{ person_id: inspector.id, score: '90' }] });
    return done(await client.api.post(`/trainings/${id}/confirm`));
  }
  /* ---- shifts and attendance: each deed has an agent and days of its own ---- */

  const newAgent = async () => made(provider, 'people', { name: next('新人'), job: 'agent', phone: '13905710000', staff_number: next('YS-') });
  const kindBody = () => ({ name: next('班'), starts: '09:00', ends: '18:00', late_grace: 5 });
  const shiftKind = async () => made(dutyManager, 'shift_kinds', kindBody());
  const shiftBody = async (at = day(2)) => ({ person_id: (await newAgent()).id, day: at, shift_kind_id: (await shiftKind()).id });
  const shift = async (at) => made(dutyManager, 'shifts', await shiftBody(at));
  async function weekBody() {
    const { person_id: person, shift_kind_id: kind } = await shift(day(-700));
    return { week: day(-700), rows: [{ person_id: person, monday: kind }] };
  }
  async function copyBody() {
    const before = 700 + 14 * (count += 1);
    await shift(day(before));
    return { week: day(before + 7) };
  }
  async function shiftChange() {
    const { id, version } = await shift();
    return { by: dutyManager, id, body: { version, shift_kind_id: (await shiftKind()).id } };
  }
  const clockingBody = async () => ({ number: (await newAgent()).staff_number, day: day(-3), came: '08:58', went: '18:01' });
  const leaveBody = async () => ({ person_id: (await newAgent()).id, kind: 'annual', from: day(3), reason: '年休' });
  const correctionBody = async () => ({ person_id: (await newAgent()).id, day: day(-3), came: '08:58', reason: '忘记打卡' });
  async function swapBody() {
    const at = `${month(2 + (count += 1))}-15`;
    const { person_id: person } = await shift(at);
    const { person_id: other } = await done(await agent.api.get('/session'));
    return { person_id: person, other_id: other, day: at, reason: '家里有事' };
  }
  const leave = async () => made(dutyManager, 'leaves', await leaveBody());
  const correction = async () => made(dutyManager, 'attendance_corrections', await correctionBody());
  const swap = async () => made(dutyManager, 'shift_swaps', await swapBody());
  const agreedSwap = async () => done(await agent.api.post(`/shift_swaps/${(await swap()).id}/agree`));
  const attendanceRule = async () => some(provider, 'attendance_rules');
  async function newRuler() { // of a provider that has none yet
    const organisation = await made(ops, 'organisations', { name: next('供方'), side: 'provider' });
    const manager = await made(admin, 'people', { name: next('经理'), job: 'manager', organisation_id: organisation.id });
    const { id, version, name, initial_password: initial } = await made(admin, 'accounts', { name: next('deed'), person_id: manager.id });
    await done(await security.api.post(`/accounts/${id}/roles`, { version, roles: ['provider'] }));
    const first = await signedIn(name, initial);
    await done(await first.api.post('/password', { current: initial, new: OWN_PASSWORD }));
    return { by: await signedIn(name, OWN_PASSWORD), body: { swaps_month: 2 } };
  }
  const suspicionBody = async () => ({ organisation_id: await named('organisations', '净安保洁服务有限公司'), person_name: next('来人') });
  const suspicion = async () => made(executor, 'subcontracting_cases', await suspicionBody());
  const investigatedCase = async () => done(await executor.api.post(`/subcontracting_cases/${(await suspicion()).id}/investigate`, { findings: '已核查' }));

  /* ---- who is on site ---- */

  const countedContract = async () => (await some(ops, 'head_counts')).contract_id;
  const countBody = async () => ({ contract_id: await countedContract(), place: next('大堂'), strangers: [{ name: next('来人') }] });
  const headCount = async () => made(division, 'head_counts', await countBody());
  const objectedCount = async () => done(await cleaner.api.post(`/head_counts/${(await headCount()).id}/answer`, { objection: '两人在地下室' }));
  const certificateBody = async () => ({ person_id: (await done(await cleaner.api.get('/people?job=worker&limit=1'))).items[0].id, kind: 'other', number: next('T-') });
  const workCertificate = async () => made(cleaner, 'work_certificates', await certificateBody());

  /* ---- conduct and the site ---- */

  const me = async (by) => (await done(await by.api.get('/session'))).person_id;
  const resident = async () => (await done(await ops.api.get('/people?job=resident&limit=1'))).items[0].id;
  const conductBody = async () => ({ number: next('R-'), text: '保持工位整洁', points: '1' });
  const conductRule = async () => made(provider, 'conduct_rules', await conductBody());
  const violationBody = async () => ({ contract_id: await callContract(), person_id: await me(agent), rule_id: (await conductRule()).id,
    at: new Date().toISOString(), fact: '工位上有食物' });
  const violation = async () => made(supervisor, 'violations', await violationBody());
  const statedViolation = async () => done(await agent.api.post(`/violations/${(await violation()).id}/state`, { statement: '已清理' }));
  const siteRuleBody = async () => ({ text: next('工位不放食物') });
  const siteRule = async () => made(provider, 'site_rules', await siteRuleBody());
  const found = async (person) => [{ rule_id: (await some(provider, 'site_rules?state=in_force')).id, person_id: await person(), words: '已当面指出' }];
  const ownAgent = () => me(agent);
  const patrolBody = async (person = ownAgent) => ({ contract_id: await callContract(), site: next('二层'), findings: await found(person) });
  const patrol = async () => made(dutyManager, 'patrols', await patrolBody());
  const finding = async (person) => (await made(dutyManager, 'patrols', await patrolBody(person))).findings[0];
  // Another provider's: it concerns nobody who opens call data.
  const undertaking = async () => made(cleaner, 'undertakings', { text: '不外传。' });
  const enforcedUndertaking = async () => done(await cleaner.api.post(`/undertakings/${(await undertaking()).id}/enforce`));
  const leakBody = async () => ({ contract_id: await callContract(), channel: 'usb', what: '名单被拷走', happened_at: new Date().toISOString(), found_by: '值班' });
  const leak = async () => made(client, 'leaks', await leakBody());
  const traced = { investigation: '属实', liability: 'client' };
  const investigatedLeak = async () => done(await provider.api.post(`/leaks/${(await leak()).id}/investigate`, traced));

  const schemeBody = async () => ({ contract_id: await callContract(), subject: 'agent', name: next('考核办法'), from_month: month(1),
    indicators: [{ code: 'all', name: '综合', method: 'manual', weight: '100', nothing: 'zero' }] });
  const scheme = async () => made(provider, 'schemes', await schemeBody());
  async function provenScheme() {
    const drafted = await scheme();
    await made(provider, 'documents', upload({ subject: 'schemes', subject_id: drafted.id, retention: 'long' }, '征求意见.txt', '已公示')());
    return drafted;
  }
  async function askedScheme() {
    const drafted = await provenScheme();
    const letter = await provider.api.post(`/schemes/${drafted.id}/consult`);
    assert.equal(letter.status, 201, letter.text);
    return { ...drafted, letter: letter.body };
  }
  // The client's account of the contract consents.
  async function schemeInForce() {
    const { id, letter } = await askedScheme();
    const { sha256 } = await done(await provider.api.get(`/letters/${letter.id}`));
    await done(await provider.api.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }));
    await done(await client.api.post(`/letters/${letter.id}/approve`, { reason: '同意' }));
    await done(await client.api.post(`/letters/${letter.id}/execute`));
    return done(await provider.api.get(`/schemes/${id}`));
  }
  const marksOf = ({ items }) => ({ items: items.map(({ kind, weight }, i) => (
    { place: i + 1, ...(kind === 'fatal' ? { mark: 'clear' } : { mark: 'points', points: String(weight) }) })) });
  // Of a sample of one's own; what was drawn before is judged first, as reviewers do not pick.
  async function nextReview() {
    const sample = await made(dutyManager, 'review_samples', await sampleBody());
    for (;;) {
      const reply = await qa.api.get('/reviews/next');
      if (reply.status === 404) return nextReview(); // all of it was another reviewer's turn
      const next_ = await done(reply);
      if (next_.sample_id === sample.id) return next_;
      await done(await qa.api.post(`/reviews/${next_.id}/mark`, { ...marksOf(next_), publish: '1' }));
    }
  }
  const marks = { items: [{ place: 1, mark: 'points', points: '90' }] };
  async function markedReview() {
    const { id } = await nextReview();
    return done(await qa.api.post(`/reviews/${id}/mark`, marks));
  }
  // A session about a call with sound, judged by so many.
  async function session(...judges) {
    const { call_id: call } = await recording();
    const opened = await made(dutyManager, 'calibrations', { call_id: call, form_id: (await formInForce()).id });
    for (const { api } of judges) await done(await api.post(`/calibrations/${opened.id}/score`, marks));
    return done(await qa.api.get(`/calibrations/${opened.id}`));
  }
  async function compared() {
    const { id } = await session(qa, dutyManager);
    return done(await dutyManager.api.post(`/calibrations/${id}/compare`));
  }
  const publishedReview = async () => done(await qa.api.post(`/reviews/${(await markedReview()).id}/publish`));

  /* ---- the month ---- */

  // The demo world's last month, brought into that state by its own steps; on the first days of a month it is still open, and
  // every step of it is refused.
  const lastMonth = async () => (await done(await provider.api.get(`/months?month=${month(-1)}`))).items[0];
  const own0 = async () => (await done(await agent.api.get('/session'))).person_id;
  async function noAppeals({ id }) {
    for (const appeal of (await done(await dutyManager.api.get(`/appeals?month_id=${id}&state=open`))).items) {
      await done(await dutyManager.api.post(`/appeals/${appeal.id}/reject`, { reason: '与记录一致' }));
    }
  }
  async function reopened(last) {
    await noAppeals(last);
    if (!last.reopen_asked_at) await done(await provider.api.post(`/months/${last.id}/reopen`, { reason: '通话补传' }));
    return done(await dutyManager.api.post(`/months/${last.id}/reopen`, {}));
  }
  const step = async ({ id }, name) => done(await provider.api.post(`/months/${id}/${name}`, name === 'publish' ? { reason: '当月没有安排' } : {}));
  async function unpublished() {
    const last = await lastMonth();
    return last.state === 'published' ? reopened(last) : last;
  }
  // Each correction of that month with a second person's word.
  async function looked({ id }) {
    for (const { id: waiting } of (await done(await provider.api.get(`/adjustments?month_id=${id}&state=proposed`))).items)
      await done(await dutyManager.api.post(`/adjustments/${waiting}/approve`));
  }
  async function adjustmentBody() {
    const { id } = await unpublished();
    return { month_id: id, about_month: month(-2), person_id: await own0(), points: '-0.01', reason: '上月一通重复计数' };
  }
  const adjustment = async () => made(provider, 'adjustments', await adjustmentBody());
  async function computedMonth() {
    const last = await unpublished();
    await looked(last);
    return last.state === 'open' ? last : step(last, 'compute');
  }
  // With another sheet for the agent, so that there is something to be read and answered.
  async function publishedMonth() {
    await adjustment();
    const last = await computedMonth();
    return last.state === 'open' ? last : step(last, 'publish');
  }
  const monthStep = (by, state, body, refused) => async () => {
    const { id, state: reached } = await state();
    return { by, id, body, ...(refused || reached === 'open' ? { status: 409 } : {}) };
  };
  async function ownSheet() {
    await publishedMonth();
    return (await done(await agent.api.get('/sheets?limit=1'))).items[0];
  }
  const sheetStep = (body) => async () => {
    const { id, state } = await ownSheet();
    return { by: agent, id, body, ...(state === 'published' ? {} : { status: 409 }) };
  };
  const appealStep = (body) => async () => {
    const { id, state } = await ownSheet();
    if (state === 'published') await done(await agent.api.post(`/sheets/${id}/appeal`, { line: 'success', words: '记录不全' }));
    const { items: [appeal] } = await done(await dutyManager.api.get('/appeals?limit=1'));
    return { by: dutyManager, id: appeal.id, body, ...(state === 'published' ? {} : { status: 409 }) };
  };
  async function evidence() {
    const { id } = await made(client, 'letters', { type: 'penalty_evidence', contract_id: await callContract(), subject: next('关于考核依据的函'),
      lines: [{ agent_code: '1001', month: month(0), fact: '未报身份' }] });
    const { sha256 } = await done(await client.api.get(`/letters/${id}`));
    await done(await client.api.post(`/letters/${id}/send`, { sha256, password: PASSWORD }));
    return (await done(await provider.api.get(`/penalties?letter_id=${id}`))).items[0];
  }
  async function manualBody() {
    const { id } = await unpublished();
    const person_id = (await made(provider, 'people', { name: next('新人'), job: 'agent', phone: '13905710078' })).id;
    return { month_id: id, person_id, indicator: 'order', points: '8', reason: '离席一次' };
  }
  const manual = async () => made(supervisor, 'manual_scores', await manualBody());
  const rewardBody = async () => ({ contract_id: await callContract(), person_id: await own0(), month: month(-1), amount_fen: 20000, reason: next('客户表扬') });
  const reward = async () => made(client, 'rewards', await rewardBody());
  async function askedReward() {
    const { id } = await reward();
    const letter = await client.api.post(`/rewards/${id}/ask`);
    assert.equal(letter.status, 201, letter.text);
    return { id, letter: letter.body };
  }
  async function agreedReward() {
    const { id, letter } = await askedReward();
    const { sha256 } = await done(await client.api.get(`/letters/${letter.id}`));
    await done(await client.api.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }));
    await done(await provider.api.post(`/letters/${letter.id}/approve`, { reason: '同意' }));
    await done(await provider.api.post(`/letters/${letter.id}/execute`));
    return { id };
  }

  // What nobody may do, as it is done by letter.

  /* ---- settlement: of the demo world's cleaning contract; its statement four months ago goes back and forth ---- */

  const cleaning = async () => (await done(await pm.api.get(`/contracts?q=${encodeURIComponent('滨河花园保洁')}`))).items[0];
  const ruleNamed = async (contract, name) => (await done(await pm.api.get(`/deduction_rules?contract_id=${contract.id}&limit=50`))).items
    .find((rule) => rule.name === name).id;
  async function deductionBody() {
    const contract = await cleaning();
    return { contract_id: contract.id, rule_id: await ruleNamed(contract, '垃圾满溢'), day: `${month(-1)}-11`, fact: '垃圾房满溢' };
  }
  const deduction = async () => made(pm, 'deduction_events', await deductionBody());
  async function proven() {
    const event = await deduction();
    await made(pm, 'documents', upload({ subject: 'deduction_events', subject_id: event.id, retention: 'long' }, '照片.txt', '照片')());
    return event;
  }
  const toldDeduction = async () => done(await pm.api.post(`/deduction_events/${(await proven()).id}/tell`));
  const objectedDeduction = async () => done(await one('cleaner').api.post(`/deduction_events/${(await toldDeduction()).id}/object`, { objection: '当日停运' }));
  async function statementOf(when) {
    const contract = await cleaning();
    const [found] = (await done(await pm.api.get(`/settlements?contract_id=${contract.id}&month=${when}`))).items;
    return found ? done(await pm.api.get(`/settlements/${found.id}`)) : made(pm, 'settlements', { contract_id: contract.id, month: when });
  }
  const strayBody = async () => ({ contract_id: (await some(pm, `contracts?q=${encodeURIComponent('滨河花园电梯维保')}`)).id, month: month(-(count += 1) % 90 - 5) });
  const strayStatement = async () => made(pm, 'settlements', await strayBody());
  const signing = ({ sha256 }) => ({ sha256, password: PASSWORD });
  const BACK = { sent: ['dispute', { objection: '请核对' }], disputed: ['uphold', { reason: '重新核对' }], agreed: ['return', { reason: '请补证据' }] };
  const FORTH = { drafted: 'send', sent: 'agree' };
  const whoBack = { sent: 'cleaner', disputed: 'division', agreed: 'finance' };
  async function statementIn(state, when = month(-4)) {
    let now = await statementOf(when);
    while (BACK[now.state] && now.state !== state && !(now.state === 'sent' && state === 'agreed')) {
      const [step, body] = BACK[now.state];
      now = await done(await one(whoBack[now.state]).api.post(`/settlements/${now.id}/${step}`, body));
      now = await statementOf(when);
    }
    while (now.state !== state && FORTH[now.state] && !(now.state === 'sent' && state === 'disputed')) {
      await done(await one(now.state === 'drafted' ? 'pm' : 'cleaner').api.post(`/settlements/${now.id}/${FORTH[now.state]}`, signing(now)));
      now = await statementOf(when);
    }
    if (state === 'disputed' && now.state === 'sent') now = await done(await one('cleaner').api.post(`/settlements/${now.id}/dispute`, { objection: '请核对' }));
    return now;
  }
  const signed = (by, state) => async () => { const now = await statementIn(state); return { by, id: now.id, body: signing(now) }; };
  // What is approved and paid is so for good: the second time it is refused.
  async function approving() {
    const now = await statementIn('agreed', month(-2));
    return { by: one('finance'), id: now.id, body: signing(now), ...now.state === 'agreed' ? {} : { status: 409 } };
  }
  async function paying() {
    const first = await approving();
    if (!first.status) await done(await first.by.api.post(`/settlements/${first.id}/approve`, first.body));
    const { state } = await statementOf(month(-2));
    return { by: first.by, id: first.id, body: { paid_on: day(), voucher: '付-7' }, ...state === 'approved' ? {} : { status: 409 } };
  }
  const settlementCorrectionBody = async () => ({ settlement_id: (await statementOf(month(-3))).id, amount_fen: -100, reason: '尾差' });
  const settlementCorrection = async () => made(pm, 'settlement_corrections', await settlementCorrectionBody());

  /* ---- acceptance: of one-off contracts of the cleaners, each of its own ---- */

  const presents = one('cleaner');
  const acceptanceBody = async () => ({ contract_id: (await activated({ amount_fen: 10000000, warranty_months: 12, retention_share: '5' })).id,
    completed_on: day(), work: '地坪修补', claimed_fen: 50000 }); // yuan in a form, and within the contract too
  const presented = async () => made(presents, 'acceptances', await acceptanceBody());
  const attached = async (by, subject, { id }) => made(by, 'documents', upload({ subject, subject_id: id, retention: 'long' }, '资料.txt', `资料 ${next('')}`)());
  const documented = async () => { const draft = await presented(); await attached(presents, 'acceptances', draft); return draft; };
  const requested = async () => done(await presents.api.post(`/acceptances/${(await documented()).id}/request`));
  const memberBody = async (acceptance, who) => ({ acceptance_id: acceptance.id, person_id: await named('people', who) });
  async function panelled() {
    const acceptance = await requested();
    const provider_id = await named('organisations', '净安保洁服务有限公司');
    for (const [by, who] of [[pm, '周敏'], [executor, '何书琴'], [division, '李蔚']]) {
      await made(division, 'acceptance_members', await memberBody(acceptance, who));
      await made(by, 'interest_declarations', { provider_id, interest: 'none' });
    }
    return acceptance;
  }
  const member = async () => (await done(await division.api.get(`/acceptance_members?acceptance_id=${(await panelled()).id}`))).items[2];
  const convenedPanel = async () => done(await pm.api.post(`/acceptances/${(await panelled()).id}/convene`));
  const checkLine = async () => (await convenedPanel()).items[0];
  async function checkedAll(judgement = { result: 'pass' }) {
    const acceptance = await convenedPanel();
    for (const { id } of acceptance.items) await done(await pm.api.post(`/acceptance_items/${id}/judge`, judgement));
    return acceptance;
  }
  const deciding = { outcome: 'accepted', accepted_fen: 500, conclusion: '同意验收' };
  const decidedOn = async (judgement, decision = deciding) => done(await pm.api.post(`/acceptances/${(await checkedAll(judgement)).id}/decide`, decision));
  async function signedByAll(...how) {
    const acceptance = await decidedOn(...how);
    for (const { api } of [pm, executor, division]) await done(await api.post(`/acceptances/${acceptance.id}/sign`, signing(acceptance)));
    return done(await presents.api.post(`/acceptances/${acceptance.id}/countersign`, signing(acceptance)));
  }
  const disputed = async () => {
    const acceptance = await decidedOn();
    for (const { api } of [pm, executor, division]) await done(await api.post(`/acceptances/${acceptance.id}/sign`, signing(acceptance)));
    return done(await presents.api.post(`/acceptances/${acceptance.id}/countersign`, { ...signing(acceptance), objection: '第二条已整改' }));
  };
  const auditedWith = async () => done(await audit.api.post(`/acceptances/${(await signedByAll()).id}/audit`, { words: '缺实测值' }));
  const acceptedFinally = async (...how) => done(await audit.api.post(`/acceptances/${(await signedByAll(...how)).id}/pass`));
  const claimBody = async () => ({ acceptance_id: (await acceptedFinally()).id, found: '车位开裂', due_on: day(3) });
  async function claimed() {
    const claim = await made(pm, 'acceptance_defects', await claimBody());
    await attached(presents, 'acceptance_defects', claim);
    return claim;
  }
  const mended = async () => done(await presents.api.post(`/acceptance_defects/${(await claimed()).id}/answer`, { answer: '已修补' }));
  const signedAs = (by) => async () => { const acceptance = await decidedOn(); return { by, id: acceptance.id, body: signing(acceptance) }; };

  /* ---- pay ---- */

  const payMonth = () => month(20 + (count += 1)); // each once, and long after all that was paid
  const termsBody = async () => ({ job: 'agent', from_month: payMonth(), base_fen: 300000, performance_base_fen: 200000 });
  const payRuleBody = async () => ({ contract_id: await callContract(), subject: 'agent', from_month: payMonth(), method: 'proportional', unscored: 'full',
    region: '杭州市区' });
  const minimumBody = async () => ({ region: '宁波', from_month: payMonth(), amount_fen: 226000, deduction_share: '20', basis: '公告' });
  const entryBody = async (kind = 'adjustment') => ({ contract_id: await callContract(), person_id: (await done(await one('agent').api.get('/session'))).person_id,
    kind, month: payMonth(), amount_fen: 1000, fact: '差额', basis: '核对表' });
  const payEntry = (kind) => async () => made(one('duty'), 'pay_entries', await entryBody(kind));
  const paySheet = async () => some(provider, 'pay_sheets');

  const never = (list) => async () => ({ by: ops, id: (await some(ops, list)).id, status: 403 });

  return {
    'POST /session': async () => {
      const by = await newcomer(); // whose former session ends
      return { by, body: { account: by.account, password: OWN_PASSWORD } };
    },
    'POST /session/code': async () => {
      const by = await newcomer();
      const { secret } = await done(await by.api.post('/own/otp/start', proof));
      await done(await by.api.post('/own/otp/confirm', { code: totp(secret) }));
      const asked = await by.page.post('/session', { account: by.account, password: OWN_PASSWORD });
      by.page.cookie += `; luyue_step=${/luyue_step=([^;]+)/.exec(asked.headers.get('set-cookie'))[1]}`;
      return { by, body: { otp: totp(secret, Date.now() + 30_000) } }; // the one before it has been used
    },
    'DELETE /session': own(),
    'POST /session/end': own(),
    'POST /password': own({ current: OWN_PASSWORD, new: `${OWN_PASSWORD}-new` }),
    'POST /language': async () => ({ by: ops, body: { lang: 'zh' } }),
    'POST /own/sessions/{id}/end': async () => {
      const by = await newcomer();
      return { by, id: (await done(await by.api.get('/own'))).session_id };
    },
    'POST /own/otp/start': own(proof),
    'POST /own/otp/confirm': async () => {
      const by = await newcomer();
      return { by, body: { code: totp((await done(await by.api.post('/own/otp/start', proof))).secret) } };
    },
    'POST /own/otp/stop': async () => {
      const by = await newcomer();
      const { secret } = await done(await by.api.post('/own/otp/start', proof));
      await done(await by.api.post('/own/otp/confirm', { code: totp(secret) }));
      return { by, body: proof };
    },
    'POST /own/otp/codes': async () => {
      const by = await newcomer();
      const { secret } = await done(await by.api.post('/own/otp/start', proof));
      await done(await by.api.post('/own/otp/confirm', { code: totp(secret) }));
      return { by, body: proof };
    },
    'POST /tokens': own({ name: '报表', rights: 'all', expires_on: day(9) }),
    'POST /tokens/{id}/revoke': async () => {
      const by = await newcomer();
      return { by, id: (await ownToken(by)).id };
    },
    'POST /accounts': create(admin, async () => ({ name: next('deed'), person_id: (await person()).id })),
    'PATCH /accounts/{id}': change(admin, account, { state: 'disabled' }),
    'POST /accounts/export': exported(audit),
    'POST /accounts/{id}/roles': change(security, account, { roles: ['pm'] }),
    'POST /accounts/{id}/reset': act(security, account),
    'POST /accounts/{id}/unlock': act(security, account),
    'POST /penalties/export': exported(provider),
    'POST /adjustments/export': exported(provider),
    'POST /manual_scores/export': exported(provider),
    'POST /rewards/export': exported(provider),
    'POST /appeals/export': exported(provider),
    'POST /training_scores/export': exported(provider),
    'POST /events/export': exported(audit),
    'POST /organisations': create(ops, async () => ({ name: next('供方'), side: 'provider' })),
    'PATCH /organisations/{id}': change(ops, organisation, { address: '滨江路 1 号' }),
    'POST /organisations/export': exported(ops),
    'POST /organisations/{id}/reveal': act(ops, organisation, { field: 'contact_phone' }),
    'POST /organisations/{id}/judge': act(ops, organisation, { state: 'approved', reason: '评审合格' }),
    'POST /qualifications': create(ops, qualificationBody),
    'PATCH /qualifications/{id}': change(ops, qualification, { number: 'B-7' }),
    'POST /qualifications/export': exported(ops),
    'POST /units': create(ops, async () => ({ name: next('项目'), kind: 'project' })),
    'PATCH /units/{id}': async () => change(ops, unit, { name: next('项目') })(),
    'POST /units/export': exported(ops),
    'POST /people': create(ops, async () => ({ name: next('来人'), job: 'other' })),
    'PATCH /people/{id}': change(ops, person, { employed_by: '澄江集团' }),
    'POST /people/export': exported(ops),
    'POST /people/{id}/reveal': act(ops, person, { field: 'phone' }),
    'POST /documents': async () => ({ by: ops, file: await paper() }),
    'POST /documents/export': exported(ops),
    'POST /documents/{id}/hold': act(audit, document, { on: true, reason: '稽核' }),
    'POST /documents/{id}/remove': act(ops, document, { reason: '重复上传' }),
    'POST /contracts': create(division, contractBody),
    'PATCH /contracts/{id}': change(division, draft, { remark: '改' }),
    'POST /contracts/export': exported(ops),
    'POST /contracts/{id}/reveal': act(ops, explained, { field: 'provider_phone' }),
    'POST /contracts/{id}/activate': change(division, ready, {}),
    'POST /contracts/{id}/amend': change(division, binding, { payment_terms: '按月支付', amended_on: day(), reason: '补充协议一' }),
    'POST /contracts/{id}/{step}': async () => ({ by: division, id: (await binding()).id, step: 'suspend', body: { reason: '连续缺员' } }),
    'POST /terms': create(division, async () => termBody(await draft())),
    'PATCH /terms/{id}': change(division, async () => made(division, 'terms', termBody(await draft())), { text: '范围：外围。' }),
    'POST /briefings': create(division, async () => briefingBody(await explained())),
    'PATCH /briefings/{id}': change(division, briefing, { place: '项目部' }),
    'POST /briefings/export': exported(ops),
    'POST /briefings/{id}/sign': async () => {
      const { id, sha256 } = await briefing();
      return { by: division, id, body: { password: PASSWORD, sha256 } };
    },
    'POST /briefings/{id}/refuse': act(division, briefing, { reason: '条款不清' }),
    'POST /notices/{id}/read': async () => ({ by: executor, id: (await told()).id }),
    'POST /notices/read': async () => ({ by: executor, body: { up_to: (await told()).id } }),
    'PATCH /own/notices': async () => ({ by: executor, body: { ...await choices(), quiet_from: '22:00' } }),
    'POST /robots': create(ops, async () => robotBody()),
    'PATCH /robots/{id}': change(ops, robot, { takes: 'urgent' }),
    'POST /robots/export': exported(ops),
    // Nobody is there to take it: that is said, and not that it went.
    'POST /robots/{id}/test': async () => ({ by: ops, id: (await robot()).id, status: 409 }),
    'POST /duties/export': exported(ops),
    'POST /duties/{id}/waive': act(division, duty, { reason: '合同即将撤回' }),
    'POST /calendar_days': create(ops, async () => dayOff()),
    'PATCH /calendar_days/{id}': change(ops, async () => made(ops, 'calendar_days', dayOff()), { name: '调休' }),
    'POST /calendar_days/{id}/remove': act(ops, async () => made(ops, 'calendar_days', dayOff())),
    'POST /calendar_days/import': async () => ({ by: ops, body: { days: `${dayOff().date},holiday,集团放假\n` } }),
    'POST /calendar_days/export': exported(ops),
    'POST /issues': create(division, issueBody),
    'POST /issues/export': exported(ops),
    'POST /issues/{id}/reveal': act(ops, issue, { field: 'reporter_phone' }),
    'POST /issues/{id}/answer': act(division, issue, { answer: '已安排' }),
    'POST /issues/{id}/assign': act(division, issue, { priority: 'high', reason: '有人滑倒' }),
    'POST /issues/{id}/solve': act(division, issue, solution),
    'POST /issues/{id}/confirm': act(division, solved, { satisfaction: 5 }),
    'POST /issues/{id}/reopen': act(division, solved, { reason: '又积水了' }),
    'POST /issue_links': create(division, async () => ({ contract_id: (await binding()).id })),
    'POST /issue_links/{id}/renew': act(division, link),
    'POST /issue_links/{id}/switch_off': act(division, link),
    'POST /issue_links/{id}/switch_on': act(division, async () => {
      const { id } = await link();
      return done(await division.api.post(`/issue_links/${id}/switch_off`));
    }),
    'POST /r/{token}': async () => ({ by: ops, token: await tokenAt(ops.api), body: { kind: 'problem', words: '会客区太冷' } }),
    'POST /r/{token}/{report}': scanned,
    'POST /division_rules': create(division, rulesBody),
    'PATCH /division_rules/{id}': change(division, rules, { evaluation: '优良合格不合格' }),
    'POST /division_rules/export': exported(ops),
    'POST /division_rules/{id}/file': async () => {
      const { id, sha256 } = await rules();
      return { by: division, id, body: { sha256, password: PASSWORD } };
    },
    'POST /division_rules/{id}/receive': act(ops, filedRules),
    'POST /division_rules/{id}/revise': act(division, filedRules),
    'POST /standards': create(executor, standardBody),
    'PATCH /standards/{id}': change(executor, standard, { note: '改' }),
    'POST /standards/export': exported(ops),
    'POST /standards/{id}/fill': act(executor, () => standard('greening')),
    'POST /standards/{id}/approve': async () => {
      const { id, sha256 } = await wholeStandard();
      return { by: pm, id, body: { sha256, password: PASSWORD } };
    },
    'POST /standards/{id}/revise': act(executor, standardInForce),
    'POST /standards/{id}/retire': act(pm, standardInForce, { reason: '服务终止' }),
    'POST /standards/{id}/give_up': act(executor, standard, { reason: '重写' }),
    'POST /standard_items': create(executor, async () => itemBody((await standard()).id)),
    'PATCH /standard_items/{id}': change(executor, item, { text: '地面无污迹' }),
    'POST /standard_items/export': exported(ops),
    'POST /standard_items/{id}/up': act(executor, secondItem),
    'POST /standard_items/{id}/down': act(executor, () => secondItem(true)),
    'POST /standard_items/{id}/remove': act(executor, item),
    'POST /areas': create(pm, areaBody),
    'PATCH /areas/{id}': change(pm, area, { place: '北侧' }),
    'POST /areas/export': exported(ops),
    'POST /area_persons': create(pm, areaPersonBody),
    'PATCH /area_persons/{id}': change(pm, async () => made(pm, 'area_persons', await areaPersonBody()), { to: day(30) }),
    'POST /area_persons/export': exported(ops),
    'POST /area_publications': create(pm, publicationBody),
    'POST /area_publications/export': exported(ops),
    'POST /area_publications/{id}/receive': act(division, publication),
    'POST /surveys': create(pm, surveyBody),
    'PATCH /surveys/{id}': change(pm, survey, { population: 40 }),
    'POST /surveys/export': exported(ops),
    'POST /surveys/{id}/open': act(pm, survey),
    'POST /surveys/{id}/close': act(pm, openSurvey),
    'POST /surveys/{id}/frame': async () => ({ by: surveyor, id: (await commissioned()).id, file: upload({}, '样本框.csv', '编号,分层\n1-101,1 号楼') }),
    'POST /surveys/{id}/draw': act(surveyor, framed, { count: 1 }),
    'POST /surveys/{id}/invitations': act(surveyor, inviting),
    'POST /survey_members/export': exported(audit),
    'POST /survey_results/export': exported(ops),
    'POST /survey_words/export': exported(ops),
    'POST /s/{survey}': async () => ({ by: ops, survey: await invited(), body: { q1: '5', q2: '5', q3: '4', q4: '5', q5: '9' } }),
    'POST /evaluations': create(pm, evaluationBody),
    'POST /evaluations/export': exported(ops),
    'POST /evaluations/{id}/give': act(pm, evaluation, { indicator: 'site', points: '24', reason: '现场有序' }),
    'POST /evaluations/{id}/submit': act(pm, evaluation, { note: '按办法评价', without_grade: true }),
    'POST /evaluations/{id}/withdraw': act(pm, evaluated, { reason: '漏记一次投诉' }),
    'POST /evaluations/{id}/answer': act(pm, auditObjected, { answer: '已补依据' }),
    'POST /evaluations/{id}/pass': act(audit, evaluated),
    'POST /evaluations/{id}/audit': act(audit, evaluated, { words: '缺依据' }),
    'POST /evaluations/{id}/object': act(one('cleaner'), passedEvaluation, { words: '与事实不符' }),
    'POST /evaluations/{id}/accept': act(one('cleaner'), passedEvaluation),
    'POST /evaluation_objections/{id}/uphold': act(division, objection, { points: '0', reason: '属实，按记录重算' }),
    'POST /evaluation_objections/{id}/reject': act(division, objection, { reason: '不属实' }),
    'POST /evaluation_campaigns': create(ops, campaignBody),
    'POST /evaluation_campaigns/{id}/close': act(ops, openedCampaign),
    'POST /evaluation_campaigns/{id}/open': act(ops, async () => made(ops, 'evaluation_campaigns', await campaignBody())),
    'POST /evaluation_campaigns/{id}/work_out': act(ops, openedCampaign),
    'POST /consequences': create(division, consequenceBody),
    'POST /consequences/export': exported(ops),
    'POST /consequences/{id}/decide': act(ops, consequence, { reason: '按规则约谈' }),
    'POST /consequences/{id}/drop': act(ops, consequence, { reason: '已整改' }),
    'POST /interest_declarations': create(pm, async () => ({ provider_id: await named('organisations', '净安保洁服务有限公司'), interest: 'none' })),
    'POST /audit_samples': create(audit, async () => sampleDrawn()),
    'POST /audit_findings': create(audit, findingBody),
    'POST /audit_findings/export': exported(ops),
    'POST /audit_findings/{id}/answer': act(division, auditFinding, { answer: '已补' }),
    'POST /audit_findings/{id}/close': act(audit, answeredFinding, { reason: '已核' }),
    'POST /audit_findings/{id}/again': act(audit, answeredFinding, { reason: '未附照片' }),
    'POST /schemes/{id}/put': act(division, evaluationScheme),
    'POST /schemes/{id}/approve': act(ops, schemePut),
    'POST /schemes/{id}/return': act(ops, schemePut, { reason: '分值不合适' }),
    'POST /supervision_reports': create(pm, reportBody),
    'PATCH /supervision_reports/{id}': change(pm, supervision, { body: '补充。' }),
    'POST /supervision_reports/export': exported(ops),
    'POST /supervision_reports/{id}/file': async () => {
      const { id, sha256 } = await supervision();
      return { by: pm, id, body: { sha256, password: PASSWORD } };
    },
    'POST /supervision_reports/{id}/receive': act(division, filedReport),
    'POST /supervision_reports/{id}/note': act(ops, receivedReport),
    'POST /supervision_reports/{id}/correct': act(pm, filedReport, { reason: '漏报一起投诉' }),
    'POST /letters': create(client, letterBody),
    'PATCH /letters/{id}': change(client, letter, { body: '请说明白班安排。' }),
    'POST /letters/export': exported(ops),
    'POST /letters/{id}/send': sending,
    'POST /letters/{id}/urge': act(client, sentLetter),
    'POST /letters/{id}/{step}': async () => ({ by: provider, id: (await sentLetter()).id, step: 'approve', body: { reason: '情况属实' } }),
    'POST /check/{code}': async () => ({ by: audit, code: (await sentLetter()).code, body: { sha256: '0'.repeat(64) } }),
    'POST /signature_agreements': create(division, agreementBody),
    'PATCH /signature_agreements/{id}': change(division, async () => made(division, 'signature_agreements', await agreementBody()), { ends_on: day(30) }),
    'POST /delegations': create(provider, delegationBody),
    'PATCH /delegations/{id}': change(provider, async () => made(provider, 'delegations', await delegationBody()), { reason: '休假' }),
    'POST /agents': never('agents'),
    'PATCH /agents/{id}': never('agents'),
    'POST /agents/export': exported(ops),
    'POST /agents/compare': async () => ({ by: provider, body: { contract_id: await callContract(), items: [{ code: '1001' }] } }),
    'POST /numbers': create(division, async () => numberBody()),
    'PATCH /numbers/{id}': change(division, number, { purpose: '回访' }),
    'POST /numbers/export': exported(ops),
    'POST /numbers/{id}/{step}': async () => ({ by: division, id: (await number()).id, step: 'suspend', body: { reason: '投诉' } }),
    'POST /number_permissions': never('number_permissions'),
    'PATCH /number_permissions/{id}': never('number_permissions'),
    'POST /number_permissions/export': exported(ops),
    'POST /breaches/export': exported(ops),
    'POST /breaches/{id}/letter': act(provider, async () => (await done(await provider.api.get('/breaches'))).items[0]),
    'POST /provisionings/export': exported(ops),
    'POST /provisionings/{id}/acknowledge': act(provider, untold),
    'POST /provisionings/{id}/retry': act(provider, failed),
    'POST /gate': create(provider, gateBody),
    'POST /gate/bind': async () => ({ by: provider, body: { gate_id: await gated(), agent: '1002' } }),
    'POST /gate/release': async () => ({ by: provider, body: { gate_id: await gated() } }),
    'POST /adapters/phones': async () => ({ by: provider, body: { agent: '1001' } }),
    'POST /adapters/kamailio/ha1': async () => ({ by: provider, body: { realm: 'calls.test', contract: '', agent: '1001' } }),
    'POST /adapters/asterisk/endpoints/{step}': async () => ({ by: provider, step: 'single', body: { id: '1001' } }),
    'POST /adapters/asterisk/auths/{step}': async () => ({ by: provider, step: 'single', body: { id: '1001' } }),
    'POST /adapters/asterisk/aors/{step}': async () => ({ by: provider, step: 'multi', body: { 'id LIKE': '10%' } }),
    'POST /adapters/freeswitch/xml': async () => ({ by: provider, body: { section: 'configuration' } }),
    'POST /adapters/freeswitch/cdr': async () => ({ by: provider, status: 204, body: { variables: { uuid: next('uuid-'), start_uepoch: `${Date.now()}000`,
      hangup_cause: 'USER_BUSY' }, callflow: [{ caller_profile: { destination_number: '13905710009' } }] } }),
    'POST /calls': create(provider, async () => [callBody()]),
    'POST /calls/import': async () => ({ by: provider, file: upload({ profile: 'plain' }, '话单.csv',
      `source,uid,callee,started_at,result\ndeeds,${next('call-')},13905710009,${day()}T00:00:01+08:00,busy\n`) }),
    'POST /calls/export': exported(ops),
    'POST /call_days/export': exported(ops),
    'POST /agent_states': create(provider, async () => [{ source: 'deeds', uid: next('state-'), agent: '1001', at: `${day()}T00:00:01+08:00`, state: 'idle' }]),
    'POST /quarantine/export': exported(ops),
    'POST /quarantine/{id}/reveal': act(provider, quarantined, { field: 'record' }),
    'POST /quarantine/{id}/discard': act(provider, quarantined, { reason: '测试数据' }),
    'POST /quarantine/{id}/retry': async () => ({ ...await act(provider, quarantined)(), status: 409 }), // it is as bad as it was
    'POST /calls/{id}/do_not_call': act(provider, ownCall, { reason: '请勿再打' }),
    'POST /call_rules': async () => {
      const known = (await done(await ops.api.get('/call_rules'))).items.find(({ contract_id: contract }) => !contract);
      return known ? { by: ops, body: { gated_from: day() }, status: 422 } : { by: ops, body: { gated_from: day(300) } };
    },
    'PATCH /call_rules/{id}': change(ops, callRule, { per_week: 5 }),
    'POST /call_rules/export': exported(ops),
    'POST /retention_rules': async () => {
      const known = (await done(await ops.api.get('/retention_rules'))).items.find(({ contract_id: contract }) => contract);
      return { by: ops, body: await retentionBody(), ...known && { status: 422 } };
    },
    'PATCH /retention_rules/{id}': change(ops, retentionRule, { days: 900 }),
    'POST /retention_rules/export': exported(ops),
    'POST /legal_holds': create(provider, holdBody),
    'POST /legal_holds/{id}/release': act(ops, hold, { reason: '已结案' }),
    'POST /legal_holds/export': exported(ops),
    'POST /deletion_certificates/export': exported(ops),
    'POST /do_not_call': create(provider, refusalBody),
    'POST /do_not_call/{id}/lift': act(ops, refusal, { reason: '本人书面同意' }),
    'POST /do_not_call/export': exported(ops),
    'POST /consents': create(provider, consentBody),
    'PATCH /consents/{id}': change(provider, async () => made(provider, 'consents', await consentBody()), { until: day(90) }),
    'POST /consents/export': exported(ops),
    'POST /call_exceptions/export': exported(ops),
    'POST /call_exceptions/{id}/explain': act(provider, exception, { reason: '拨号程序写错了合同编号' }),
    'POST /recordings': async () => ({ by: qa, file: await heard() }),
    'POST /recordings/export': exported(ops),
    'POST /recordings/{id}/letter': act(client, recording, { at_ms: 500 }),
    'POST /training_subjects': create(client, subjectBody),
    'PATCH /training_subjects/{id}': change(client, trainingSubject, { edition: '二版' }),
    'POST /trainings': create(dutyManager, trainingBody),
    'PATCH /trainings/{id}': change(dutyManager, training, { place: '一号培训室' }),
    'POST /trainings/{id}/confirm': act(dutyManager, training),
    'POST /trainings/{id}/void': act(dutyManager, confirmedTraining, { reason: '名单有误' }),
    'POST /trainings/export': exported(ops),
    'POST /staff_days/ask': async () => ({ by: client, body: { contract_id: await callContract(), job: 'qa', count: 1, reason: '抽样量增加' } }),
    'POST /handovers': create(provider, handoverBody),
    'PATCH /handovers/{id}': change(provider, handover, { notes: '名单、账号与工位' }),
    'POST /handovers/export': exported(ops),
    'POST /business_changes/export': exported(ops),
    'POST /business_changes/{id}/train': async () => ({ by: client, id: (await businessChange()).id, body: { training_id: (await managersTraining()).id } }),
    'PATCH /guidance_logs/{id}': async () => change(client, async () => (await businessChange()).logs[0], { guide_id: await clientPerson(), guided: '旁听' })(),
    'POST /guidance_logs/export': exported(ops),
    'POST /staff_requirements': create(client, requirementBody),
    'PATCH /staff_requirements/{id}': change(client, requirement, { note: '节前' }),
    'POST /staff_requirements/export': exported(ops),
    'POST /shift_kinds': create(dutyManager, async () => kindBody()),
    'PATCH /shift_kinds/{id}': change(dutyManager, shiftKind, { state: 'retired' }),
    'POST /shifts': create(dutyManager, async () => shiftBody()),
    'PATCH /shifts/{id}': shiftChange,
    'POST /shifts/plan': create(dutyManager, weekBody),
    'POST /shifts/copy': create(dutyManager, copyBody),
    'POST /shifts/export': exported(provider),
    'POST /clockings': create(provider, clockingBody),
    'POST /clockings/export': exported(provider),
    'POST /attendance/export': exported(provider),
    'POST /attendance_months/export': exported(provider),
    'POST /leaves': create(dutyManager, leaveBody),
    'POST /leaves/{id}/approve': act(supervisor, leave),
    'POST /leaves/{id}/refuse': act(supervisor, leave, { reason: '当天人手不够' }),
    'POST /leaves/{id}/withdraw': act(dutyManager, leave),
    'POST /leaves/export': exported(provider),
    'POST /attendance_corrections': create(dutyManager, correctionBody),
    'POST /attendance_corrections/{id}/approve': act(supervisor, correction),
    'POST /attendance_corrections/{id}/refuse': act(supervisor, correction, { reason: '没有旁证' }),
    'POST /attendance_corrections/{id}/withdraw': act(dutyManager, correction),
    'POST /attendance_corrections/export': exported(provider),
    'POST /shift_swaps': create(dutyManager, swapBody),
    'POST /shift_swaps/{id}/agree': act(agent, swap),
    'POST /shift_swaps/{id}/approve': act(supervisor, agreedSwap),
    'POST /shift_swaps/{id}/refuse': act(supervisor, agreedSwap, { reason: '当天人手不够' }),
    'POST /shift_swaps/{id}/withdraw': act(dutyManager, swap),
    'POST /shift_swaps/export': exported(provider),
    'POST /attendance_rules': newRuler,
    'PATCH /attendance_rules/{id}': change(provider, attendanceRule, { corrections_month: 4 }),
    'POST /subcontracting_cases': create(executor, suspicionBody),
    'POST /subcontracting_cases/export': exported(ops),
    'POST /subcontracting_cases/{id}/investigate': act(executor, suspicion, { findings: '已核查' }),
    'POST /subcontracting_cases/{id}/decide': act(ops, investigatedCase, { state: 'dismissed', reason: '误报' }),
    'POST /head_counts': create(ops, countBody),
    'POST /head_counts/export': exported(ops),
    'POST /head_counts/{id}/answer': act(cleaner, headCount),
    'POST /head_counts/{id}/uphold': act(ops, objectedCount, { reason: '排班表属实' }),
    'POST /head_counts/{id}/reject': act(ops, objectedCount, { reason: '与监控不符' }),
    'POST /work_certificates': create(cleaner, certificateBody),
    'PATCH /work_certificates/{id}': change(cleaner, workCertificate, { number: 'T-2' }),
    'POST /work_certificates/export': exported(ops),
    'POST /conduct_rules': create(provider, conductBody),
    'PATCH /conduct_rules/{id}': change(provider, conductRule, { text: '保持工位和过道整洁' }),
    'POST /conduct_rules/export': exported(ops),
    'POST /violations': create(supervisor, violationBody),
    'PATCH /violations/{id}': change(supervisor, violation, { fact: '工位上有食物和饮料' }),
    'POST /violations/{id}/state': act(agent, violation, { statement: '已清理' }),
    'POST /violations/{id}/decide': act(dutyManager, statedViolation, { decision: 'confirm', reason: '属实' }),
    'POST /violations/{id}/void': act(dutyManager, violation, { reason: '记错了人' }),
    'POST /violations/export': exported(provider),
    'POST /site_rules': create(provider, siteRuleBody),
    'PATCH /site_rules/{id}': change(provider, siteRule, { whom: 'provider' }),
    'POST /site_rules/export': exported(ops),
    'POST /exports/export': exported(audit),
    'POST /undertakings/export': exported(ops),
    // There are some already: that is said.
    'POST /site_rules/first': async () => ({ by: provider, status: 409 }),
    'POST /patrols': create(dutyManager, patrolBody),
    'POST /patrols/{id}/findings': async () => ({ by: dutyManager, id: (await patrol()).id, body: { findings: await found(ownAgent) } }),
    'POST /patrols/export': exported(ops),
    'POST /patrol_findings/{id}/acknowledge': act(client, () => finding(resident), { answer: '已谈话' }),
    'POST /patrol_findings/{id}/violation': act(dutyManager, () => finding(ownAgent)),
    'POST /patrol_findings/export': exported(ops),
    'POST /undertakings': create(cleaner, async () => ({ text: '不外传。' })),
    'PATCH /undertakings/{id}': change(cleaner, undertaking, { text: '一律不外传。' }),
    'POST /undertakings/{id}/enforce': act(cleaner, undertaking),
    'POST /undertakings/{id}/sign': async () => {
      const { id } = await enforcedUndertaking();
      const { sha256 } = await done(await client.api.get(`/undertakings/${id}`));
      return { by: client, id, body: { sha256, password: PASSWORD } };
    },
    'POST /leaks': create(client, leakBody),
    'PATCH /leaks/{id}': change(client, leak, { others: '两名同事' }),
    'POST /leaks/{id}/investigate': act(provider, leak, traced),
    'POST /leaks/{id}/close': act(client, investigatedLeak, { measures: '封闭 USB 口' }),
    'POST /leaks/export': exported(ops),
    // The clock closes the evidence of this month when it is over.
    'POST /months/{id}/close_evidence': async () => ({ by: provider, id: (await evidence()).month_id, status: 409 }),
    'POST /months/{id}/compute': monthStep(provider, async () => { const last = await unpublished(); await looked(last); return last; }),
    'POST /months/{id}/publish': monthStep(provider, computedMonth, { reason: '当月没有安排' }),
    'POST /months/{id}/lock': monthStep(provider, publishedMonth, {}, 'people still have time to appeal'),
    'POST /months/{id}/reopen': async () => {
      const last = await publishedMonth();
      return { by: provider, id: last.id, body: { reason: '通话补传' }, ...(last.state === 'open' ? { status: 409 } : {}) };
    },
    'POST /penalties/{id}/uphold': act(provider, evidence, { points: '2', reason: '录音属实' }),
    'POST /penalties/{id}/reject': act(provider, evidence, { reason: '录音中已报身份' }),
    'POST /adjustments': create(provider, adjustmentBody),
    'POST /adjustments/{id}/approve': act(dutyManager, adjustment),
    'POST /adjustments/{id}/refuse': act(dutyManager, adjustment, { reason: '没有依据' }),
    'POST /manual_scores': create(supervisor, manualBody),
    'PATCH /manual_scores/{id}': change(supervisor, manual, { points: '7', reason: '离席两次' }),
    'POST /sheets/{id}/acknowledge': sheetStep(),
    'POST /sheets/{id}/appeal': sheetStep({ line: 'success', words: '有两通记错' }),
    'POST /sheets/export': exported(ops),
    'POST /appeals/{id}/uphold': appealStep({ points: '1', reason: '核对属实' }),
    'POST /appeals/{id}/reject': appealStep({ reason: '与记录一致' }),
    'POST /rewards': create(client, rewardBody),
    'PATCH /rewards/{id}': change(client, reward, { channel: 'direct' }),
    'POST /rewards/{id}/ask': act(client, reward),
    'POST /rewards/{id}/retract': act(client, askedReward),
    'POST /rewards/{id}/settle': act(client, agreedReward, { settled_on: day() }),
    'POST /rewards/{id}/drop': act(client, reward, { reason: '本月不再奖励' }),
    'POST /schemes': create(provider, schemeBody),
    'PATCH /schemes/{id}': change(provider, scheme, { name: '改名' }),
    'POST /schemes/{id}/consult': act(provider, provenScheme),
    'POST /schemes/{id}/retract': act(provider, askedScheme),
    'POST /schemes/{id}/revise': act(provider, schemeInForce),
    'POST /deduction_rules/export': exported(pm),
    'POST /deduction_events': create(pm, deductionBody),
    'PATCH /deduction_events/{id}': change(pm, deduction, { fact: '垃圾房再次满溢' }),
    'POST /deduction_events/export': exported(pm),
    'POST /deduction_events/{id}/tell': act(pm, proven),
    'POST /deduction_events/{id}/accept': act(one('cleaner'), toldDeduction),
    'POST /deduction_events/{id}/object': act(one('cleaner'), toldDeduction, { objection: '当日停运' }),
    'POST /deduction_events/{id}/uphold': act(division, objectedDeduction, { reason: '停运属实' }),
    'POST /deduction_events/{id}/reject': act(division, objectedDeduction, { reason: '未告知' }),
    'POST /deduction_events/{id}/drop': act(pm, deduction, { reason: '记错地点' }),
    'POST /settlement_corrections': create(pm, settlementCorrectionBody),
    'POST /settlement_corrections/export': exported(pm),
    'POST /settlement_corrections/{id}/approve': act(division, settlementCorrection),
    'POST /settlement_corrections/{id}/drop': act(pm, settlementCorrection, { reason: '重复' }),
    'POST /acceptances': create(presents, acceptanceBody),
    'PATCH /acceptances/{id}': change(presents, presented, { work: '地坪修补 1200 平方米' }),
    'POST /acceptances/export': exported(pm),
    'POST /acceptances/{id}/request': act(presents, documented),
    'POST /acceptances/{id}/withdraw': act(presents, requested, { reason: '补资料' }),
    'POST /acceptances/{id}/return': act(division, requested, { reason: '缺竣工图' }),
    'POST /acceptances/{id}/convene': act(pm, panelled),
    'POST /acceptances/{id}/build': act(pm, convenedPanel),
    'POST /acceptances/{id}/decide': act(pm, checkedAll, deciding),
    'POST /acceptances/{id}/sign': signedAs(pm),
    'POST /acceptances/{id}/countersign': signedAs(presents),
    'POST /acceptances/{id}/reopen': act(pm, decidedOn, { reason: '重新查验' }),
    'POST /acceptances/{id}/uphold': act(ops, disputed, { reason: '有一条漏测' }),
    'POST /acceptances/{id}/reject': act(ops, disputed, { reason: '实测值属实' }),
    'POST /acceptances/{id}/pass': act(audit, signedByAll),
    'POST /acceptances/{id}/audit': act(audit, signedByAll, { words: '缺实测值' }),
    'POST /acceptances/{id}/answer': act(pm, auditedWith, { answer: '见检测报告' }),
    'POST /acceptance_members': create(division, async () => memberBody(await requested(), '周敏')),
    'POST /acceptance_members/{id}/remove': act(division, member, { reason: '出差' }),
    'POST /acceptance_items': create(pm, async () => ({ acceptance_id: (await convenedPanel()).id, term: '1.1', requirement: '伸缩缝' })),
    'POST /acceptance_items/{id}/judge': act(pm, checkLine, { result: 'pass' }),
    'POST /acceptance_defects': create(pm, claimBody),
    'POST /acceptance_defects/export': exported(pm),
    'POST /acceptance_defects/{id}/answer': act(presents, claimed, { answer: '已修补' }),
    'POST /acceptance_defects/{id}/close': act(pm, mended, { reason: '复验合格' }),
    'POST /acceptance_defects/{id}/again': act(pm, mended, { reason: '仍开裂' }),
    // Not before its time is over: that is another day than the claim's.
    'POST /acceptance_defects/{id}/charge': async () => ({ by: pm, id: (await claimed()).id, body: { cost_fen: 100, reason: '请人修复' }, status: 409 }),
    'POST /settlements': create(pm, strayBody),
    'POST /settlements/export': exported(pm),
    'POST /settlements/{id}/send': signed(pm, 'drafted'),
    'POST /settlements/{id}/drop': act(pm, strayStatement, { reason: '合同选错' }),
    'POST /settlements/{id}/agree': signed(one('cleaner'), 'sent'),
    'POST /settlements/{id}/dispute': act(one('cleaner'), () => statementIn('sent'), { objection: '请核对' }),
    'POST /settlements/{id}/uphold': act(division, () => statementIn('disputed'), { reason: '重新核对' }),
    'POST /settlements/{id}/reject': act(division, () => statementIn('disputed'), { reason: '维持' }),
    'POST /settlements/{id}/approve': approving,
    'POST /settlements/{id}/return': act(one('finance'), () => statementIn('agreed'), { reason: '请补证据' }),
    'POST /settlements/{id}/pay': paying,
    'POST /pay_terms': create(provider, termsBody),
    'PATCH /pay_terms/{id}': change(provider, async () => made(provider, 'pay_terms', await termsBody()), { note: '调薪' }),
    'POST /pay_terms/export': exported(provider),
    'POST /pay_rules': create(provider, payRuleBody),
    'PATCH /pay_rules/{id}': change(provider, async () => made(provider, 'pay_rules', await payRuleBody()), { note: '说明' }),
    'POST /pay_rules/export': exported(provider),
    'POST /minimum_wages': create(provider, minimumBody),
    'PATCH /minimum_wages/{id}': change(provider, async () => made(provider, 'minimum_wages', await minimumBody()), { basis: '新公告' }),
    'POST /minimum_wages/export': exported(provider),
    'POST /pay_entries': create(one('duty'), entryBody),
    'PATCH /pay_entries/{id}': change(one('duty'), payEntry('adjustment'), { fact: '差额更正' }),
    'POST /pay_entries/export': exported(provider),
    'POST /pay_entries/{id}/agree': act(one('agent'), payEntry('compensation')),
    'POST /pay_entries/{id}/approve': act(provider, payEntry('adjustment')),
    'POST /pay_entries/{id}/void': act(provider, payEntry('adjustment'), { reason: '登记有误' }),
    'POST /pay_sheets': async () => ({ by: provider, body: { month_id: (await paySheet()).month_id }, status: 409 }), // they are approved already
    'POST /pay_sheets/{id}/draft': async () => ({ ...await act(provider, paySheet)(), status: 409 }),
    'POST /pay_sheets/{id}/approve': async () => ({ ...await act(provider, paySheet)(), status: 409 }),
    'POST /pay_sheets/export': exported(provider),
    'POST /pay_lines/export': exported(provider),
    'POST /review_forms': create(qa, formBody),
    'PATCH /review_forms/{id}': change(qa, reviewForm, { name: '改名' }),
    'POST /review_forms/{id}/enforce': act(qa, reviewForm),
    'POST /review_forms/{id}/revise': act(qa, formInForce),
    'POST /review_samples': create(dutyManager, sampleBody),
    'POST /listenings/export': exported(ops),
    'POST /recording_arrivals/export': exported(ops),
    'POST /review_forms/export': exported(ops),
    'POST /review_samples/export': exported(ops),
    'POST /calibrations/export': exported(ops),
    'POST /calibrations': async () => ({ by: dutyManager, body: { call_id: (await recording()).call_id, form_id: (await formInForce()).id } }),
    'POST /calibrations/{id}/score': act(qa, session, marks),
    'POST /calibrations/{id}/compare': act(dutyManager, () => session(qa, dutyManager)),
    'POST /calibrations/{id}/close': act(dutyManager, compared, { outcome: '以后按此执行' }),
    'POST /reviews/export': exported(ops),
    'POST /reviews/{id}/mark': act(qa, nextReview, marks),
    'POST /reviews/{id}/skip': act(qa, nextReview, { reason: '串线，听不清' }),
    'POST /reviews/{id}/publish': act(qa, markedReview),
    // Nobody of these is the agent concerned, and nothing is appealed against: that is said.
    'POST /reviews/{id}/appeal': async () => ({ by: agent, id: (await publishedReview()).id, body: { appeal: '听错了' } }),
    'POST /reviews/{id}/decide': async () => {
      const { id } = await publishedReview();
      await done(await agent.api.post(`/reviews/${id}/appeal`, { appeal: '听错了' }));
      return { by: supervisor, id, body: { decision: 'uphold', reason: '维持' } };
    },
    'POST /reviews/{id}/letter': act(client, publishedReview),
    'POST /inspection_plans': create(ops, newPlan),
    'PATCH /inspection_plans/{id}': change(ops, async () => made(ops, 'inspection_plans', await newPlan()), { to: day(90) }),
    'POST /inspection_plans/export': exported(ops),
    'POST /inspection_tasks/export': exported(ops),
    'POST /area_positions': create(ops, freeArea),
    'PATCH /area_positions/{id}': change(ops, async () => (await ops.api.get('/area_positions')).body.items[0], { latitude: 30274086 }),
    'POST /area_positions/export': exported(ops),
    'POST /inspections': async () => {
      const contract = await cleaned(), [area] = await areasOf(contract);
      return { by: inspector, body: { contract_id: contract.id, area_id: area.id } };
    },
    // Of which item the picture is stands in the query; without it that is said.
    'POST /inspections/{id}/photos': async () => ({ by: inspector, id: (await begun()).id, file: () => picture(9), status: 422 }),
    'POST /inspections/{id}/finish': async () => { const inspection = await begun(); return { by: inspector, id: inspection.id, body: passing(inspection) }; },
    'POST /inspections/{id}/countersign': async () => {
      const { id, sha256 } = await ended();
      return { by: cleaner, id, body: { sha256, password: PASSWORD } };
    },
    'POST /inspections/{id}/companion': async () => {
      const { id, sha256 } = await ended();
      return { by: inspector, id, body: { account: 'cleaner', password: PASSWORD, sha256 } };
    },
    'POST /inspections/{id}/void': act(inspector, begun, { reason: '选错片区' }),
    'POST /inspections/export': exported(ops),
    'POST /inspection_marks/export': exported(ops),
    'POST /inspection_marks/{id}/judge': async () => {
      const { id } = await ended(); // in a moment: too fast
      const { items: [mark] } = (await ops.api.get(`/inspection_marks?inspection_id=${id}`)).body;
      return { by: ops, id: mark.id, body: { decision: 'explained', reason: '系统演示' } };
    },
    'POST /rectifications/export': exported(ops),
    'POST /rectifications/{id}/answer': act(cleaner, notice, { answer: '已清理' }),
    'POST /rectifications/{id}/judge': act(inspector, answeredNotice, { decision: 'pass', reason: '合格' }),
    'POST /inspection_appeals': create(cleaner, findingAppeal),
    'POST /inspection_appeals/export': exported(ops),
    'POST /inspection_appeals/{id}/decide': act(ops, async () => made(cleaner, 'inspection_appeals', await findingAppeal()), { decision: 'reject', reason: '照片属实' }),
    'POST /pest_treatments': create(greens, treatmentBody),
    'PATCH /pest_treatments/{id}': change(greens, treatment, { agent: '溴敌隆' }),
    'POST /pest_treatments/export': exported(ops),
    'POST /pest_treatments/{id}/report': act(greens, dueTreatment, reported),
    'POST /pest_treatments/{id}/cancel': act(greens, treatment, { reason: '下雨' }),
    'POST /pest_treatments/{id}/judge': act(executor, doneTreatment, { decision: 'confirm' }),
    'POST /maintenance_works': create(lifts, workBody),
    'PATCH /maintenance_works/{id}': change(lifts, work, { parts: '皮带' }),
    'POST /maintenance_works/export': exported(ops),
    'POST /maintenance_works/{id}/judge': act(pm, work, { decision: 'confirm' }),
    'POST /imports': async () => ({ by: ops, file: ledger() }),
    'POST /imports/{id}/mapping': act(ops, async () => made(ops, 'imports', ledger()())),
    'POST /imports/{id}/rows': async () => {
      const { id, bad } = await checked();
      return { by: ops, id, body: { cells: [{ row: bad[0].row, field: 'executor_id', value: '何书琴' }] } };
    },
    'POST /imports/{id}/run': act(ops, checked, { good_rows: true, create: true }),
    'POST /own_clauses': create(ops, ownClauseBody),
    'PATCH /own_clauses/{id}': change(ops, async () => made(ops, 'own_clauses', await ownClauseBody()), { state: 'in_force' }),
    'POST /own_clauses/export': exported(audit),
  };
}

// The contract ledger and its briefing, as people use it over the API: the lawful path and the refusals.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day } from '../world.js';

let world, division, pm, executor, ops, provider, otherProvider;
before(async () => {
  world = await startWorld();
  [division, pm, executor, ops, provider, otherProvider] = await Promise.all(
    ['division', 'pm', 'executor', 'ops', 'provider', 'cleaner'].map((account) => world.signIn(account)));
});
after(() => world.stop());

async function idOf(client, resource, name) {
  const reply = await client.get(`/${resource}?q=${encodeURIComponent(name)}`);
  const found = reply.body.items.find((item) => item.name === name);
  assert.ok(found, `${resource} ${name}: ${reply.text}`);
  return found.id;
}

let count = 0;
async function draft(values = {}) {
  const [unit, cleaner] = await Promise.all([idOf(division, 'units', '滨河花园'), idOf(ops, 'organisations', '净安保洁服务有限公司')]);
  count += 1;
  const reply = await division.post('/contracts', {
    number: `HT-TEST-${process.pid}-${count}`, name: '滨河花园夜间保洁', kind: 'continuous', service: 'cleaning',
    provider_id: cleaner, unit_id: unit, starts_on: day(-5), ends_on: day(360), amount_fen: 12000000, ...values,
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

async function person(name) { return idOf(division, 'people', name); }

async function fresh(contract) { return (await division.get(`/contracts/${contract.id}`)).body; }

async function change(contract, values) {
  const { version } = await fresh(contract);
  return division.patch(`/contracts/${contract.id}`, { version, ...values });
}

async function term(contract, number = '1.1') {
  const reply = await division.post('/terms', { contract_id: contract.id, number, topic: 'scope', text: '范围：地下车库与外围。' });
  assert.equal(reply.status, 201, reply.text);
}

async function briefed(contract) {
  const made = await division.post('/briefings', { contract_id: contract.id, held_on: day(), place: '项目会议室', questions: '无' });
  assert.equal(made.status, 201, made.text);
  const { id, sha256 } = made.body;
  for (const client of [division, executor]) {
    const reply = await client.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 });
    assert.equal(reply.status, 200, reply.text);
  }
  return id;
}

async function ready(values = {}) {
  const contract = await draft({
    executor_id: await person('何书琴'), no_subcontracting: true, served_party_clause: '业主每季度扫码评价', ...values,
  });
  await term(contract);
  return contract;
}

function codes(reply) { return reply.body.error.fields.map((field) => field.code); }

test('V5.1.1 a contract without an executor is kept in the ledger and cannot become active', async () => {
  const contract = await draft();
  assert.equal(contract.state, 'draft');
  const refused = await division.post(`/contracts/${contract.id}/activate`, { version: contract.version });
  assert.equal(refused.status, 409);
  assert.equal(refused.body.error.code, 'contract.not_ready');
  assert.deepEqual(codes(refused).sort(), ['no_briefing', 'no_declaration', 'no_executor', 'no_served_party_clause', 'no_terms']);
  assert.ok(refused.body.error.fields.every((field) => field.clause && field.message));
});

test('V5.1.1 a complete contract becomes active, and says when and by whom', async () => {
  const contract = await ready();
  await briefed(contract);
  const { version } = await fresh(contract);
  const active = await division.post(`/contracts/${contract.id}/activate`, { version });
  assert.equal(active.status, 200, active.text);
  assert.equal(active.body.state, 'active');
  assert.equal(active.body.state_by, '李蔚');
  assert.match(active.body.state_at, /\+08:00$/);
  const history = await division.get(`/contracts/${contract.id}/history`);
  assert.equal(history.body.items[0].action, 'activate');
});

test('V5.1.1 the same number twice is refused with the field and the reason', async () => {
  const first = await draft();
  const again = await division.post('/contracts', { ...first, number: first.number });
  assert.equal(again.status, 422);
  const copy = await division.post('/contracts', {
    number: first.number, name: first.name, kind: first.kind, service: first.service, provider_id: first.provider_id,
    unit_id: first.unit_id, starts_on: first.starts_on, ends_on: first.ends_on,
  });
  assert.equal(copy.status, 422);
  assert.deepEqual(copy.body.error.fields.map(({ field, code }) => [field, code]), [['number', 'duplicate_number']]);
});

test('V5.1.2 both sign the briefing in order, over the digest that they saw', async () => {
  const contract = await ready();
  const made = await division.post('/briefings', { contract_id: contract.id, held_on: day(), place: '会议室' });
  const { id, sha256 } = made.body;
  const early = await executor.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 });
  assert.equal(early.body.error.code, 'briefing.order');
  const stranger = await pm.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 });
  assert.equal(stranger.status, 403);
  const wrong = await division.post(`/briefings/${id}/sign`, { password: 'not the password', sha256 });
  assert.equal(wrong.body.error.code, 'access.wrong_password');
  const other = await division.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256: '0'.repeat(64) });
  assert.equal(other.body.error.code, 'briefing.changed');
  assert.equal((await division.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 })).status, 200);
  assert.equal((await fresh(contract)).briefing, 'half');
  const twice = await division.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 });
  assert.equal(twice.body.error.code, 'signature.twice');
  const signed = await executor.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 });
  assert.equal(signed.body.state, 'signed');
  assert.deepEqual(signed.body.signatures.map((signature) => signature.party), ['briefer', 'executor']);
  assert.ok(signed.body.signatures.every((signature) => signature.sha256 === sha256 && signature.valid));
  assert.equal((await fresh(contract)).briefing, 'signed');
});

test('V5.1.2 a changed briefing has to be signed again', async () => {
  const contract = await ready();
  const id = await briefed(contract);
  const { version, sha256 } = (await division.get(`/briefings/${id}`)).body;
  const changed = await division.patch(`/briefings/${id}`, { version, questions: '问：夜间照明？答：由项目负责。' });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.body.state, 'draft');
  assert.notEqual(changed.body.sha256, sha256);
  assert.ok(changed.body.signatures.every((signature) => !signature.valid));
  assert.equal((await fresh(contract)).briefing, 'open');
});

test('V5.1.2 an amendment keeps the old values and asks for a new briefing', async () => {
  const contract = await ready();
  await briefed(contract);
  let { version } = await fresh(contract);
  await division.post(`/contracts/${contract.id}/activate`, { version });
  const direct = await change(contract, { amount_fen: 13000000 });
  assert.equal(direct.status, 422);
  assert.deepEqual(codes(direct), ['needs_amendment']);
  ({ version } = await fresh(contract));
  const silent = await division.post(`/contracts/${contract.id}/amend`, { version, amount_fen: 13000000, amended_on: day() });
  assert.equal(silent.status, 422);
  const amended = await division.post(`/contracts/${contract.id}/amend`,
    { version, amount_fen: 13000000, amended_on: day(), reason: '增加夜班一人' });
  assert.equal(amended.status, 200, amended.text);
  assert.equal(amended.body.amount_fen, 13000000);
  assert.equal(amended.body.briefing, 'superseded');
  const [amendment] = (await division.get(`/amendments?contract_id=${contract.id}`)).body.items;
  assert.deepEqual(JSON.parse(amendment.changes), [{ field: 'amount_fen', before: '12000000', after: '13000000' }]);
});

test('V5.1.2 another executor has to be briefed anew', async () => {
  const contract = await ready();
  await briefed(contract);
  const changed = await change(contract, { executor_id: await person('周敏') });
  assert.equal(changed.body.briefing, 'superseded');
  const [briefing] = (await division.get(`/briefings?contract_id=${contract.id}`)).body.items;
  assert.equal(briefing.state, 'superseded');
});

test('V5.1.4 without the declaration against subcontracting no contract becomes active', async () => {
  const contract = await ready({ no_subcontracting: false });
  await briefed(contract);
  const { version } = await fresh(contract);
  const refused = await division.post(`/contracts/${contract.id}/activate`, { version });
  assert.deepEqual(codes(refused), ['no_declaration']);
  assert.equal(refused.body.error.fields[0].clause, 'V5.1.4');
  await change(contract, { no_subcontracting: true });
  const now = await fresh(contract);
  assert.equal((await division.post(`/contracts/${contract.id}/activate`, { version: now.version })).status, 200);
});

test('V5.1.5 a continuous contract says how the served party judges; a one-off need not', async () => {
  const continuous = await ready({ served_party_clause: '' });
  await briefed(continuous);
  const refused = await division.post(`/contracts/${continuous.id}/activate`, { version: (await fresh(continuous)).version });
  assert.deepEqual(codes(refused), ['no_served_party_clause']);
  const single = await ready({ served_party_clause: '', kind: 'one_off', warranty_months: 12 });
  await briefed(single);
  assert.equal((await division.post(`/contracts/${single.id}/activate`, { version: (await fresh(single)).version })).status, 200);
});

test('C2.7 an outbound-call contract needs its dedicated contact before it starts', async () => {
  const caller = await idOf(ops, 'organisations', '远声信息服务有限公司');
  const contract = await ready({ service: 'outbound_call', provider_id: caller });
  await briefed(contract);
  const refused = await division.post(`/contracts/${contract.id}/activate`, { version: (await fresh(contract)).version });
  assert.deepEqual(codes(refused), ['no_contact']);
  await change(contract, { contact_id: await person('顾海宁') });
  assert.equal((await division.post(`/contracts/${contract.id}/activate`, { version: (await fresh(contract)).version })).status, 200);
});

test('V4 a warranty belongs to one-off services only', async () => {
  const contract = await draft();
  const refused = await change(contract, { warranty_months: 12 });
  assert.deepEqual(codes(refused), ['one_off_only']);
});

test('X5 a blacklisted provider gets no contract, and one whose required qualification expired no activation', async () => {
  const made = await ops.post('/organisations', { name: `试用保洁${process.pid}`, side: 'provider' });
  const contract = await ready({ provider_id: made.body.id });
  await briefed(contract);
  const licence = { organisation_id: made.body.id, kind: 'licence', name: '营业执照', valid_to: day(-1), required: true };
  assert.equal((await ops.post('/qualifications', licence)).status, 201);
  const activate = async () => division.post(`/contracts/${contract.id}/activate`, { version: (await fresh(contract)).version });
  const judge = (state, reason) => ops.post(`/organisations/${made.body.id}/judge`, { state, reason });
  assert.deepEqual(codes(await activate()), ['provider_not_admitted', 'provider_not_fit']);
  assert.equal((await judge('approved', '评审合格')).status, 200);
  assert.deepEqual(codes(await activate()), ['provider_not_fit']);
  const silent = await ops.post(`/organisations/${made.body.id}/judge`, { state: 'blacklisted' });
  assert.equal(silent.status, 422);
  const judged = await ops.post(`/organisations/${made.body.id}/judge`, { state: 'blacklisted', reason: '转包查实' });
  assert.equal(judged.body.state, 'blacklisted');
  assert.match((await activate()).body.error.fields.find(({ code }) => code === 'provider_not_fit').message, /黑名单/);
  const again = await division.post('/contracts', {
    number: `HT-X5-${process.pid}`, name: '黑名单供方', kind: 'one_off', service: 'cleaning', provider_id: made.body.id,
    unit_id: contract.unit_id, starts_on: day(), ends_on: day(30),
  });
  assert.deepEqual(codes(again), ['provider_unfit', 'qualification_expired']);
});

test('X5 a candidate stands on a draft, and its contract takes effect once the operations centre has admitted it', async () => {
  const made = await ops.post('/organisations', { name: `待准入供方${process.pid}`, side: 'provider' });
  const contract = await ready({ provider_id: made.body.id });
  await briefed(contract);
  const step = async (action, more) => division.post(`/contracts/${contract.id}/${action}`, { version: (await fresh(contract)).version, ...more });
  const admitted = async () => (await division.get(`/contracts/${contract.id}/requirements`)).body.items
    .find((item) => item.code === 'provider_not_admitted').state;
  const judge = (client, state) => client.post(`/organisations/${made.body.id}/judge`, { state, reason: '评审' });
  const refused = await step('activate');
  assert.deepEqual([refused.status, codes(refused), await admitted()], [409, ['provider_not_admitted'], 'missing']);
  assert.match(refused.body.error.fields[0].message, /待准入.*调整准入状态/);
  assert.equal((await judge(division, 'approved')).status, 403);
  assert.equal((await judge(ops, 'approved')).status, 200);
  assert.deepEqual([(await step('activate')).status, await admitted()], [200, 'met']);
  assert.equal((await step('suspend', { reason: '整改' })).status, 200);
  world.sql(`UPDATE organisations SET state = 'candidate' WHERE id = ${made.body.id}`);
  assert.deepEqual(codes(await step('resume')), ['provider_not_admitted']);
  assert.equal((await judge(ops, 'watched')).status, 200);
  assert.equal((await step('resume')).status, 200);
});

test('V5.1.1 the page of a refused action knows a place to which the language switch comes back', async () => {
  const contract = await draft();
  const browser = await world.browse('division');
  for (const [path, place] of [[`/contracts/${contract.id}/activate`, `/contracts/${contract.id}`],
    [`/contracts/${contract.id}/amend`, `/contracts/${contract.id}/amend`], ['/contracts', '/contracts']]) {
    const refused = await browser.post(path, {});
    assert.ok([409, 422].includes(refused.status), `${path}: ${refused.status}`);
    const back = /name="back" value="([^"]*)"/.exec(refused.text)[1];
    assert.equal(back, place);
    const moved = await browser.post('/language', { lang: 'zh', back });
    assert.equal(moved.headers.get('location'), place);
    assert.equal((await browser.get(place)).status, 200);
  }
});

test('V5.1.1 an amount that nobody stated is a dash on pages and an empty cell in exports', async () => {
  const contract = await draft({ amount_fen: 0 });
  const browser = await world.browse('division');
  const find = `?q=${contract.number}`;
  const row = /<tbody>([^]*?)<\/tbody>/.exec((await browser.get(`/contracts${find}`)).text)[1];
  assert.match(row, /<td class="num">—<\/td>/);
  const page = (await browser.get(`/contracts/${contract.id}`)).text;
  assert.doesNotMatch(page, /0\.00/);
  const sheet = await division.post(`/contracts/export${find}&format=csv`);
  const [, head, line] = sheet.text.split('\r\n').map((one) => one.split(','));
  assert.equal(line[head.indexOf('合同金额（含税，元）')], '');
  assert.equal((await change(contract, { amount_fen: 1250 })).status, 200);
  const history = (await browser.get(`/contracts/${contract.id}/history`)).text;
  assert.match(history, /12\.50/);
  assert.doesNotMatch(history, /[^0-9]0\.00/);
});

test('V2 what an account sees follows from its unit and its side', async () => {
  const [here, company] = await Promise.all([pm, ops].map((client) => client.get('/contracts?limit=200')));
  assert.ok(here.body.items.length > 0);
  assert.ok(here.body.items.every((contract) => contract.unit_name === '滨河花园'));
  assert.ok(company.body.items.some((contract) => contract.unit_name === '望江产业园'));
});

test('V2 a provider sees nothing of another provider: not by list, id, search, history, reference or error', async () => {
  const own = (await provider.get('/contracts?limit=200')).body.items;
  assert.ok(own.length > 0 && own.every((contract) => contract.provider_name === '远声信息服务有限公司'));
  const foreign = (await otherProvider.get('/contracts?limit=200')).body.items[0];
  const missing = await provider.get('/contracts/999999');
  for (const target of [`/contracts/${foreign.id}`, `/contracts/${foreign.id}/history`, `/contracts/${foreign.id}/requirements`]) {
    const reply = await provider.get(target);
    assert.equal(reply.status, 404, target);
    assert.equal(reply.body.error.message, missing.body.error.message);
  }
  assert.deepEqual((await provider.get(`/contracts?q=${foreign.number}`)).body.items, []);
  assert.deepEqual((await provider.get(`/terms?contract_id=${foreign.id}`)).body.items, []);
  assert.deepEqual((await provider.get(`/organisations?q=${encodeURIComponent('净安')}`)).body.items, []);
  assert.equal((await provider.get(`/organisations/${foreign.provider_id}`)).status, 404);
  const drafts = own.filter((contract) => contract.state === 'draft');
  assert.deepEqual(drafts, []);
});

test('V5.1.1 a stale version is refused and nothing is lost', async () => {
  const contract = await draft();
  assert.equal((await change(contract, { remark: '甲' })).status, 200);
  const stale = await division.patch(`/contracts/${contract.id}`, { version: contract.version, remark: '乙' });
  assert.equal(stale.status, 409);
  assert.equal(stale.body.error.code, 'record.stale');
  assert.equal((await fresh(contract)).remark, '甲');
});

test('V5.1.1 a contract is suspended, resumed and terminated with the reason kept', async () => {
  const contract = await ready();
  await briefed(contract);
  await division.post(`/contracts/${contract.id}/activate`, { version: (await fresh(contract)).version });
  assert.equal((await division.post(`/contracts/${contract.id}/suspend`, {})).status, 422);
  const suspended = await division.post(`/contracts/${contract.id}/suspend`, { reason: '连续缺员' });
  assert.deepEqual([suspended.body.state, suspended.body.state_reason, suspended.body.state_by], ['suspended', '连续缺员', '李蔚']);
  assert.equal((await division.post(`/contracts/${contract.id}/resume`, {})).body.state, 'active');
  assert.equal((await division.post(`/contracts/${contract.id}/terminate`, { reason: '转包查实' })).body.state, 'terminated');
  const late = await division.post(`/contracts/${contract.id}/resume`, {});
  assert.equal(late.body.error.code, 'contract.wrong_state');
  const closed = await change(contract, { remark: '再改' });
  assert.deepEqual(codes(closed), ['closed']);
});

test('V5.1.1 pages of the ledger follow each other without gap or repeat, in every order', async () => {
  const all = (await ops.get('/contracts?limit=200&sort=id')).body.items.map((contract) => contract.id);
  for (const sort of ['id', '-id', 'number', 'ends_on', '-ends_on', 'amount_fen', '-signed_on']) {
    const seen = [];
    let after = '';
    do {
      const { body } = await ops.get(`/contracts?limit=5&sort=${sort}${after && `&after=${encodeURIComponent(after)}`}`);
      seen.push(...body.items.map((contract) => contract.id));
      after = body.next;
    } while (after);
    assert.deepEqual([...seen].sort((a, b) => a - b), all, sort);
  }
});

test('C3.3 sensitive values are masked, revealed only with the right, and the look leaves an entry', async () => {
  const [contract] = (await division.get('/contracts?limit=1&sort=id')).body.items;
  assert.match(contract.provider_phone, /^\d{3}\*{4}\d{4}$/);
  const revealed = await division.post(`/contracts/${contract.id}/reveal`, { field: 'provider_phone' });
  assert.match(revealed.body.value, /^1\d{10}$/);
  assert.equal((await (await world.signIn('resident')).post(`/contracts/${contract.id}/reveal`, { field: 'provider_phone' })).status, 403);
  const [entry] = (await division.get(`/contracts/${contract.id}/history`)).body.items;
  assert.deepEqual([entry.action, entry.note], ['reveal', 'provider_phone']);
});

// V3.1, V5.1.3: the board of supervision says what the lists behind it say, and to everybody the own part of it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, month } from '../world.js';

let world, ops, division, pm, audit, finance, admin, security;
before(async () => {
  world = await startWorld();
  [ops, division, pm, audit, finance, admin, security] = await Promise.all(
    ['ops', 'division', 'pm', 'audit', 'finance', 'admin', 'security'].map((account) => world.signIn(account)));
  // The clock has yet to say of what the demo world owes that it is overdue: until it has, the numbers run.
  const due = `/duties?state=open&live=1&limit=1&due_at_to=${encodeURIComponent(new Date().toISOString())}`;
  while ((await ops.get(due)).body.items.length);
});
after(() => world.stop());

const board = async (client, query = '') => {
  const reply = await client.get(`/dashboard${query}`);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
};

// How many a list has, over all of its pages.
async function counted(client, list) {
  let count = 0, after = '';
  do {
    const reply = await client.get(`/${list}&limit=200${after}`);
    assert.equal(reply.status, 200, reply.text);
    count += reply.body.items.length;
    after = reply.body.next && `&after=${encodeURIComponent(reply.body.next)}`;
  } while (after);
  return count;
}

async function newAccount(name, role, unit) {
  const person = (await admin.post('/people', { name: '丁一', job: 'manager', unit_id: unit })).body;
  const account = await admin.post('/accounts', { name, person_id: person.id });
  assert.equal(account.status, 201, account.text);
  assert.equal((await security.post(`/accounts/${account.body.id}/roles`, { roles: [role] })).status, 200);
  const first = await world.signIn(name, account.body.initial_password);
  assert.equal((await first.post('/password', { current: account.body.initial_password, new: PASSWORD })).status, 200);
  return world.signIn(name);
}

const sums = (rows, name) => rows.reduce((sum, row) => sum + row[name], 0);
const OPEN = ['overdue_duties', 'defects', 'overdue_defects', 'disputed', 'disputed_fen', 'told', 'told_fen', 'objected', 'objected_fen', 'retained', 'retained_fen'];

test('V3.1 a division is the sum of its projects and of what is its own, and the whole of its divisions', async () => {
  const { whole, divisions, projects } = await board(ops);
  assert.equal(whole.projects, projects.length);
  const own = (name) => name === 'overdue_duties'; // as duties may be a division's own, or the company's
  for (const name of ['contracts', 'amount_fen', ...OPEN]) {
    assert.ok(own(name) ? whole[name] >= sums(divisions, name) : whole[name] === sums(divisions, name), name);
    for (const one of divisions) {
      const below = sums(projects.filter(({ division_id }) => division_id === one.unit_id), name);
      assert.ok(own(name) ? one[name] >= below : one[name] === below, name);
    }
  }
  for (const one of [whole, ...divisions]) assert.equal(one.excellent + one.good + one.pass + one.fail + one.ungraded, one.projects);
});

test('V3.1 each number is that of the list behind it', async () => {
  const now = encodeURIComponent(`${new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 19)}+08:00`);
  for (const client of [ops, division, pm, audit, finance]) {
    const { projects } = await board(client);
    for (const { unit_id, overdue_duties, defects, disputed, told, objected, retained } of projects) {
      const of = `unit_id=${unit_id}`;
      assert.equal(await counted(client, `duties?state=overdue&${of}`), overdue_duties);
      assert.equal(await counted(client, `settlements?state=disputed&${of}`), disputed);
      assert.equal(await counted(client, `deduction_events?state=told&settlement_id=none&object_by_from=${now}&${of}`), told);
      assert.equal(await counted(client, `settlements?keeps_back=true&${of}`), retained);
      assert.equal(await counted(client, `deduction_events?state=objected&${of}`), objected);
      assert.equal(await counted(client, `rectifications?state=issued,answered&${of}`), defects);
    }
  }
  const { whole, divisions } = await board(ops);
  for (const { unit_id, overdue_duties } of divisions) assert.equal(await counted(ops, `duties?state=overdue&unit_id_under=${unit_id}`), overdue_duties);
  for (const client of [ops, division, pm]) assert.equal(await counted(client, 'duties?state=overdue'), (await board(client)).whole.overdue_duties);
  assert.ok(whole.overdue_duties > 0);
});

test('V3.1 months and grades are those of the records', async () => {
  const { months, projects, items } = await board(ops);
  assert.equal(months.length, 12);
  assert.equal(months.at(-1).month, month());
  for (const one of months.slice(-3)) {
    assert.equal(await counted(ops, `inspection_tasks?state=open,done,missed&month=${one.month}`), one.planned);
    assert.equal(await counted(ops, `inspections?state=finished,countersigned&month=${one.month}`), one.inspected);
    assert.equal(await counted(ops, `evaluations?subject=contract&state=final&grade=excellent,good,pass,fail&period=${one.month}`), one.evaluated);
  }
  const worst = { excellent: 1, good: 2, pass: 3, fail: 4 };
  for (const { unit_id, grade } of projects) {
    const running = (await ops.get(`/contracts?state=active,suspended&unit_id=${unit_id}&limit=200`)).body.items.map(({ id }) => id);
    const last = await Promise.all(running.map(async (id) =>
      (await ops.get(`/evaluations?contract_id=${id}&state=final&limit=50`)).body.items.sort((a, b) => (a.period < b.period ? 1 : -1))[0]?.grade));
    assert.equal(worst[grade] || 0, Math.max(0, ...last.map((one) => worst[one] || 0)));
  }
  assert.ok(items.length && items.every(({ failed }, i) => failed > 0 && (!i || failed <= items[i - 1].failed)));
  for (const { item_text } of items) assert.ok(await counted(ops, `rectifications?item_text=${encodeURIComponent(item_text)}`) > 0);
});

test('V2 a division never sees another one, a project only itself, a provider nothing', async () => {
  const all = await board(ops);
  const [east, south] = all.divisions;
  const other = await newAccount('division-b', 'division', south.unit_id);
  const names = (one) => one.projects.map(({ unit_name }) => unit_name).sort();
  assert.deepEqual(names(await board(division)), ['澄江中心', '滨河花园'].sort());
  assert.deepEqual(names(await board(other)), ['望江产业园']);
  assert.deepEqual((await board(other)).providers, []);
  assert.deepEqual(names(await board(pm)), ['滨河花园']);
  assert.equal((await other.get(`/dashboard?unit=${east.unit_id}`)).status, 404);
  assert.equal((await pm.get(`/dashboard?unit=${east.unit_id}`)).status, 404);
  assert.deepEqual(names(await board(ops, `?unit=${east.unit_id}`)), names(await board(division)));
  assert.deepEqual((await board(ops, `?unit=${east.unit_id}`)).months, (await board(division)).months);
  for (const account of ['provider', 'cleaner', 'agent', 'client', 'resident', 'survey'])
    assert.equal((await (await world.signIn(account)).get('/dashboard')).status, 403, account);
});

test('what is asked for badly is answered with the field', async () => {
  for (const [query, field] of [['unit=x', 'unit'], ['unit=-1', 'unit'], ['by=weather', 'by']]) {
    const reply = await ops.get(`/dashboard?${query}`);
    assert.deepEqual([reply.status, reply.body.error.fields[0].field], [422, field], reply.text);
  }
  assert.equal((await ops.get('/inspections?contract_id_under=1')).status, 422);
  assert.equal((await ops.get('/inspections?unit_id_under=x')).status, 422);
});

test('V5.1.3 a division files what its projects filed, and the operations centre gives the receipt', async () => {
  const { divisions: [east] } = await board(ops);
  const draft = await division.post('/supervision_reports', { unit_id: east.unit_id, month: month(-1), body: '已汇总。' });
  assert.equal(draft.status, 201, draft.text);
  const figure = (name) => draft.body.figures.find((one) => `${one.section}.${one.name}` === name);
  const theirs = (await ops.get(`/supervision_reports?month=${month(-1)}`)).body.items.filter(({ unit_kind, state }) => unit_kind === 'project' && state !== 'drafted');
  assert.equal(figure('reports.filed').count, theirs.length);
  assert.equal(figure('reports.filed').records, theirs.map(({ id }) => id).join(' '));
  const filed = await division.post(`/supervision_reports/${draft.body.id}/file`, { sha256: draft.body.sha256, password: PASSWORD });
  assert.equal(filed.status, 200, filed.text);
  assert.equal((await division.post(`/supervision_reports/${draft.body.id}/receive`)).status, 403);
  const received = await ops.post(`/supervision_reports/${draft.body.id}/receive`);
  assert.equal(received.status, 200, received.text);
  assert.match(received.body.receipt, /^回执-\d{4}-\d{4}$/);
  assert.equal(received.body.state, 'noted');
});

test('the sums are proved by a recount', () => {
  const proof = world.luyue(['verify']);
  assert.match(proof.stdout, /sums: \d+, as they were/);
});

// The living regulation: what a clause's state follows from, and for whom.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { lawfulDeeds } from '../deeds.js';
import { startWorld, Browser, PASSWORD, day } from '../world.js';

let world, people, deeds;
before(async () => {
  world = await startWorld();
  people = new Map(await Promise.all(['admin', 'security', 'ops', 'audit', 'division', 'pm', 'executor', 'client', 'provider', 'cleaner', 'agent']
    .map(async (account) => {
      const api = await world.signIn(account);
      return [account, { account, api, page: new Browser(world.url, api.token) }];
    })));
  deeds = lawfulDeeds(world, (account) => people.get(account));
});
after(() => world.stop());

const api = (account) => people.get(account).api;

async function clause(account, id, query = '') {
  const { status, body, text } = await api(account).get(`/clauses/${id}${query}`);
  assert.equal(status, 200, text);
  return body;
}

async function figures(account, id, query) {
  return Object.fromEntries((await clause(account, id, query)).figures.map(({ name, count }) => [name, count]));
}

async function draft() {
  const { by, body } = await deeds['POST /contracts']();
  const { status, body: contract, text } = await by.api.post('/contracts', body);
  assert.equal(status, 201, text);
  return contract;
}

async function activated() {
  const { by, id, body } = await deeds['POST /contracts/{id}/activate']();
  const reply = await by.api.post(`/contracts/${id}/activate`, body);
  assert.equal(reply.status, 200, reply.text);
  return reply.body;
}

test('V1 every clause of the regulation stands on one page, with its state and what it follows from', async () => {
  const { items, counts, total } = (await api('audit').get('/clauses')).body;
  const clauses = items.filter(({ chapter }) => !chapter);
  assert.equal(clauses.length, total);
  assert.equal(Object.values(counts).reduce((sum, count) => sum + count), total);
  for (const { id, state, figures: of } of clauses) {
    const kinds = of.filter(({ count }) => count).map(({ kind }) => kind);
    const expected = kinds.includes('breach') ? 'breached' : kinds.includes('due') ? 'open' : kinds.includes('kept') ? 'met' : 'idle';
    assert.equal(state, expected, id);
  }
  const page = (await people.get('audit').page.get('/regulation')).text;
  for (const { id, title } of items) assert.ok(page.includes(`id="${id}"`) || page.includes(`${id} ${title}`), id);
});

test('C1.2 a breach whose calls were all taken back is no breach', async () => {
  const before = await figures('ops', 'C1.2');
  assert.ok(before.number_breaches > 0);
  const { items } = (await api('ops').get('/breaches?kind=caller_unknown,caller_suspended,caller_not_assigned&count_from=1&limit=200')).body;
  world.sql(`UPDATE breaches SET count = 0 WHERE id = ${items[0].id}`);
  assert.equal((await figures('ops', 'C1.2')).number_breaches, before.number_breaches - 1);
  world.sql(`UPDATE breaches SET count = ${items[0].count} WHERE id = ${items[0].id}`);
});

test('V1 a changed record changes the page', async () => {
  const before = await figures('ops', 'V5.1.1');
  const contract = await draft();
  assert.equal((await figures('ops', 'V5.1.1')).draft_no_executor, before.draft_no_executor + 1);
  assert.equal((await clause('ops', 'V5.1.1', `?contract_id=${contract.id}`)).state, 'open');
  const running = await activated();
  assert.equal((await figures('ops', 'V5.1.1')).in_force, before.in_force + 1);
  assert.equal((await clause('ops', 'V5.1.1', `?contract_id=${running.id}`)).state, 'met');
  world.sql(`UPDATE contracts SET executor_id = NULL WHERE id = ${running.id}`);
  assert.equal((await clause('ops', 'V5.1.1', `?contract_id=${running.id}`)).state, 'breached');
  const page = (await people.get('ops').page.get(`/regulation?contract_id=${running.id}`)).text;
  assert.match(page, /class="cell breached" href="#V5\.1\.1"/);
});

/* ---- clauses that are kept in writing ---- */

async function done(reply) {
  assert.ok(reply.status === 200 || reply.status === 201, reply.text);
  return reply.body;
}

const callContract = async () => (await api('provider').get('/contracts?service=outbound_call&state=active')).body.items[0].id;

async function agentLetter() {
  const person = await done(await api('provider').post('/people', { name: `新话务员${process.pid}`, job: 'agent' }));
  const { id } = await done(await api('client').post('/letters', {
    type: 'agent_change', contract_id: await callContract(), subject: '关于增开工号的函',
    lines: [{ act: 'add', code: `9${process.pid}`, person_id: person.id, permissions: ['manual_dial'] }],
  }));
  const { sha256 } = await done(await api('client').get(`/letters/${id}`));
  return done(await api('client').post(`/letters/${id}/send`, { sha256, password: PASSWORD }));
}

// What differs of the figures that both have.
async function changed(id, before) {
  const now = await figures('ops', id);
  return Object.fromEntries(Object.keys(now).filter((name) => now[name] !== before[name]).map((name) => [name, now[name] - before[name]]));
}

test('C1.1 a letter about agents, its lateness, its execution and a breach change the clause', async () => {
  const before = await figures('ops', 'C1.1');
  const letter = await agentLetter();
  assert.deepEqual(await changed('C1.1', before), { agent_letters: 1 });
  world.sql(`UPDATE letters SET due_at = 1 WHERE id = ${letter.id}`);
  assert.deepEqual(await changed('C1.1', before), { agent_letters: 1, agent_letters_late: 1 });
  assert.equal((await clause('ops', 'C1.1')).state, 'breached');
  await done(await api('provider').post(`/letters/${letter.id}/approve`, { reason: '已核实' }));
  await done(await api('provider').post(`/letters/${letter.id}/execute`));
  assert.deepEqual(await changed('C1.1', before), { agents_active: 1 });
  const at = Date.now();
  world.sql(`INSERT INTO breaches (version, created_at, updated_at, kind, contract_id, agent_code, number, at, source)
    VALUES (1, ${at}, ${at}, 'agent_unknown', ${letter.contract_id}, '9999', '+8657187662301', ${at}, 'gate')`);
  assert.deepEqual(await changed('C1.1', before), { agents_active: 1, agent_breaches: 1 });
});

test('C1.2 a permission that ends, and one that is over, change the clause', async () => {
  const [permission] = (await api('client').get('/number_permissions?state=active')).body.items.filter(({ to }) => !to);
  const before = await figures('ops', 'C1.2');
  world.sql(`UPDATE number_permissions SET "to" = '${day(10)}' WHERE id = ${permission.id}`);
  assert.deepEqual(await changed('C1.2', before), { permissions_end: 1 });
  world.sql(`UPDATE number_permissions SET "to" = '${day(-1)}' WHERE id = ${permission.id}`);
  assert.deepEqual(await changed('C1.2', before), { permissions_over: 1 });
  assert.equal((await clause('ops', 'C1.2')).state, 'breached');
  assert.equal((await clause('ops', 'C1.2', `?contract_id=${permission.contract_id}`)).state, 'breached');
});

test('V5.1.3 a report that is filed, received, or filed late changes the clause', async () => {
  const before = await figures('ops', 'V5.1.3');
  const { by, id, body } = await deeds['POST /supervision_reports/{id}/file']();
  assert.deepEqual(await changed('V5.1.3', before), {});
  const report = await done(await by.api.post(`/supervision_reports/${id}/file`, body));
  assert.ok(report.late); // of a month long ago
  const filed = await changed('V5.1.3', before);
  assert.deepEqual([filed.reports_to_receive, filed.reports_late], [1, 1]);
  await done(await api('division').post(`/supervision_reports/${id}/receive`));
  const received = await changed('V5.1.3', before);
  assert.deepEqual([received.reports_to_receive, received.reports_kept, received.reports_to_note], [undefined, 1, 1]);
  assert.equal((await clause('ops', 'V5.1.3')).state, 'breached');
});

test('V1 what a figure counts is what its link lists', async () => {
  const { items } = (await api('ops').get('/clauses')).body;
  const all = items.flatMap((item) => item.figures).filter(({ more }) => !more);
  assert.ok(all.length > 20);
  for (const { name, href, count } of all) {
    const { status, body } = await api('ops').get(`${href}${href.includes('?') ? '&' : '?'}limit=200`);
    assert.equal(status, 200, href);
    assert.equal(body.items.length, count, `${name} ${href}`);
  }
});

test('V1 clauses are sought by state and by words', async () => {
  const open = (await api('ops').get('/clauses?state=open,breached')).body;
  assert.ok(open.items.every(({ state }) => state !== 'idle' && state !== 'met'));
  const found = (await api('ops').get(`/clauses?q=${encodeURIComponent('转包')}`)).body;
  assert.deepEqual(found.items.filter(({ chapter }) => !chapter).map(({ id }) => id), ['V5.1.4']);
  assert.equal(found.total, open.total);
  assert.equal((await api('ops').get('/clauses?state=good')).status, 422);
  assert.equal((await api('ops').get('/clauses?contract_id=x')).status, 422);
  assert.equal((await api('ops').get('/clauses/V9')).status, 404);
});

test('V1 who has no part in the supervision has no regulation to read', async () => {
  for (const account of ['admin', 'agent']) assert.equal((await api(account).get('/clauses')).status, 403);
});

test('V2 project, company and provider each see the figures of their own records', async () => {
  const [company, project, caller, cleaner] = await Promise.all(['audit', 'pm', 'provider', 'cleaner']
    .map(async (account) => (await figures(account, 'V1')).in_force));
  const own = async (account) => (await api(account).get('/contracts?state=active,suspended&limit=200')).body.items.length;
  assert.deepEqual([company, project, caller, cleaner], await Promise.all(['audit', 'pm', 'provider', 'cleaner'].map(own)));
  assert.ok(company > project && company > cleaner && cleaner > caller);
  const [foreign] = (await api('cleaner').get('/contracts?limit=1')).body.items;
  assert.equal((await api('provider').get(`/clauses?contract_id=${foreign.id}`)).status, 404);
});

test('V3.1 what is supervised is what is in force and briefed', async () => {
  const before = (await figures('ops', 'V3.1')).supervised;
  await activated();
  assert.equal((await figures('ops', 'V3.1')).supervised, before + 1);
  assert.equal((await clause('ops', 'V3.1')).state, 'open'); // evaluations wait to be submitted
});

test('V3.2 the audit centre sees the whole regulation, and the trail that others do not see', async () => {
  assert.ok((await figures('audit', 'V3.2')).trail > 0);
  const withheld = await clause('pm', 'V3.2');
  assert.equal(withheld.withheld, true);
  assert.ok(withheld.figures.every(({ name }) => name !== 'trail'));
});

test('V3.3 V3.4 V3.5 finance centre, divisions and projects stand in the unit tree that the clauses name', async () => {
  assert.equal((await figures('ops', 'V3.3')).finance_centres, 1);
  assert.equal((await figures('ops', 'V3.4')).divisions, 2);
  assert.equal((await figures('ops', 'V3.5')).projects, 3);
});

test('V3.4 rules of a division keep the clause once they are filed; a draft leaves it open', async () => {
  const { rules_filed: filed, rules_drafted: drafted } = await figures('ops', 'V3.4');
  assert.ok(filed && drafted);
  assert.equal((await clause('ops', 'V3.4')).state, 'open');
});

test('V3.5 a project appears in its clause when it is set up', async () => {
  const before = (await figures('ops', 'V3.5')).projects;
  const { by, body } = await deeds['POST /units']();
  assert.equal((await by.api.post('/units', body)).status, 201);
  assert.equal((await figures('ops', 'V3.5')).projects, before + 1);
});

test('V3.3 what finance paid, and what it has not yet, are counted as they stand in the list', async () => {
  const now = await figures('audit', 'V3.3');
  const listed = async (states) => (await api('audit').get(`/settlements?limit=200&state=${states}`)).body.items.length;
  assert.ok(now.settlements_paid > 0);
  assert.equal(now.settlements_paid, await listed('paid'));
  assert.equal(now.settlements_open, await listed('drafted,sent,disputed,agreed,approved'));
});

test('C3.3 exports and reveals are counted from the trail, and the report is one of them', async () => {
  const before = await figures('audit', 'C3.3');
  const reply = await people.get('audit').page.get('/regulation/report.pdf');
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get('content-type'), 'application/pdf');
  assert.ok(reply.text.startsWith('%PDF-'));
  assert.equal((await figures('audit', 'C3.3')).exports, before.exports + 1);
  const [entry] = (await api('audit').get('/events?action=export&limit=1')).body.items;
  assert.deepEqual([entry.resource, entry.account, entry.note], ['clauses', 'audit', '/regulation/report.pdf']);
  assert.equal((await people.get('executor').page.get('/regulation/report.pdf')).status, 403);
});

test('X5 a candidate and a certificate that ends are what is open about providers', async () => {
  const before = await figures('ops', 'X5');
  const { body: made } = await api('ops').post('/organisations', { name: `新供方${process.pid}`, side: 'provider' });
  const licence = { organisation_id: made.id, kind: 'licence', name: '营业执照', valid_to: day(20) };
  assert.equal((await api('ops').post('/qualifications', licence)).status, 201);
  const now = await figures('ops', 'X5');
  assert.deepEqual([now.candidates, now.qualification_ends], [before.candidates + 1, before.qualification_ends + 1]);
  await api('ops').post(`/organisations/${made.id}/judge`, { state: 'approved', reason: '试用合格' });
  assert.equal((await figures('ops', 'X5')).approved, before.approved + 1);
});

test('V1 a clause of the company stands in the regulation and follows its duties', async () => {
  const { by, body } = await deeds['POST /own_clauses']();
  const made = (await by.api.post('/own_clauses', body)).body;
  assert.equal(made.state, 'draft');
  assert.equal((await api('ops').get(`/clauses/${encodeURIComponent(made.number)}`)).status, 404);
  const barren = await api('ops').patch(`/own_clauses/${made.id}`, { version: made.version, state: 'in_force', duty_rules: [] });
  assert.deepEqual(barren.body.error.fields.map(({ field, code }) => [field, code]), [['duty_rules', 'no_duty']]);
  const valid = await api('ops').patch(`/own_clauses/${made.id}`, { version: made.version, state: 'in_force' });
  assert.equal(valid.status, 200, valid.text);
  const { items } = (await api('cleaner').get('/clauses')).body;
  const place = items.findIndex(({ id }) => id === made.number);
  assert.deepEqual([items[place].own, items[place].parent], [true, 'V5.1.2']);
  assert.ok(items.slice(items.findIndex(({ id }) => id === 'V5.1.2') + 1, place).every(({ own: isOwn }) => isOwn));
  const own = encodeURIComponent(made.number);
  const before = await figures('ops', own);
  const contract = await draft();
  const [{ id: executor }] = (await api('ops').get(`/people?q=${encodeURIComponent('何书琴')}`)).body.items;
  await api('division').patch(`/contracts/${contract.id}`, { version: contract.version, executor_id: executor });
  assert.equal((await figures('ops', own)).duties_open, before.duties_open + 1);
  assert.equal((await clause('ops', own, `?contract_id=${contract.id}`)).state, 'open');
  const page = (await people.get('ops').page.get(`/regulation/${own}?contract_id=${contract.id}`)).text;
  assert.ok(page.includes(contract.name) && page.includes(made.text));
  const stranger = await api('division').post('/own_clauses', { ...body, number: `${body.number}x` });
  assert.equal(stranger.status, 403);
});

test('V5.1.1 the page of a clause names what is owed and what carries it out', async () => {
  const contract = await draft();
  const one = await clause('ops', 'V5.1.1', `?contract_id=${contract.id}`);
  assert.deepEqual(one.owed.map(({ rule }) => rule), ['name_executor']);
  const controls = one.controls.map(({ name }) => name);
  for (const name of ['contracts', 'contracts.executor_id', 'contracts.activate']) assert.ok(controls.includes(name), name);
  assert.equal(one.controls.find(({ name }) => name === 'contracts.write').href, '/contracts/new');
  assert.ok(one.zh.text && one.en.text);
});

// C2.1 what the client asks for against the roster, day by day; C2.6 replacement; C2.8 new business; C2.9 more managers.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day } from '../world.js';

let world, ops, client, provider, duty, qa, agent, other, contract;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const fault = (reply, code, clause) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((field) => field.code === code && field.clause === clause), reply.text);
};

before(async () => {
  world = await startWorld();
  [ops, client, provider, duty, qa, agent, other] = await Promise.all(['ops', 'client', 'provider', 'duty', 'qa', 'agent', 'cleaner'].map((name) => world.signIn(name)));
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
});
after(() => world.stop());

const ask = (job, count, values = {}) => client.post('/staff_requirements', { contract_id: contract.id, job, count, from: day(), ...values });
const hired = async (job, values = {}) => done(await provider.post('/people', { name: '新人', job, joined_on: day(-1), ...values }), 201);
const days = async (from, to, job) => done(await provider.get(`/staff_days?contract_id=${contract.id}&from=${from}&to=${to}`)).items.filter((row) => row.job === job);
const owed = async (requirement) => done(await ops.get(`/duties?rule=fill_staff&subject_id=${requirement.id}`)).items;

test('C2.1 the head-count is the roster\'s of each day, and what is short is said by job and day', async () => {
  await hired('manager', { joined_on: day(-30), left_on: day(1) });
  await hired('manager', { joined_on: day(2) });
  const [before] = await days(day(), day(), 'manager');
  assert.equal(before, undefined);
  const now = done(await provider.get('/people?job=manager&limit=200')).items.filter((person) => person.joined_on <= day() && (!person.left_on || person.left_on >= day())).length;
  done(await ask('manager', now, { to: day(3) }), 201);
  const rows = await days(day(), day(4), 'manager');
  assert.deepEqual(rows.map((row) => row.actual), [now, now, now, now, now]); // one leaves, the next one comes
  assert.deepEqual(rows.map((row) => row.required), [now, now, now, now, 0]);
  assert.deepEqual(rows.map((row) => row.shortfall), [0, 0, 0, 0, 0]);
  done(await ask('manager', 2, { from: day(3), to: day(3) }), 201); // those of one day add up
  assert.deepEqual((await days(day(2), day(3), 'manager')).map((row) => [row.required, row.shortfall]), [[now, 0], [now + 2, 2]]);
});

test('C2.1 a shortfall is a duty of the provider, met when the roster fills it and owed again when somebody leaves', async () => {
  const asked = done(await ask('other', 2), 201);
  const [first] = await owed(asked);
  assert.deepEqual([first.state, first.clause, first.owner_side, first.owner_role], ['open', 'C2.1', 'provider', 'provider']);
  await hired('other');
  assert.equal((await owed(asked))[0].state, 'open');
  const second = await hired('other');
  assert.equal((await owed(asked))[0].state, 'met');
  done(await provider.patch(`/people/${second.id}`, { version: second.version, left_on: day(-1) }));
  const again = await owed(asked);
  assert.deepEqual(again.map(({ state }) => state).sort(), ['met', 'open']);
  done(await client.patch(`/staff_requirements/${asked.id}`, { version: asked.version, count: 1 }));
  assert.ok((await owed(asked)).every(({ state }) => state === 'met'));
});

test('C2.1 the client\'s side asks; wrong jobs, periods and contracts are refused', async () => {
  const body = { contract_id: contract.id, job: 'qa', count: 1, from: day() };
  for (const by of [provider, duty, qa, agent]) assert.equal((await by.post('/staff_requirements', body)).status, 403);
  fault(await ask('resident', 1), 'not_of_provider', 'C2.1');
  fault(await ask('qa', 1, { to: day(-1) }), 'ends_before_start', 'C2.1');
  assert.equal((await ask('qa', 0)).status, 422);
  const [cleaning] = done(await client.get('/contracts?service=cleaning&state=active')).items;
  if (cleaning) fault(await ask('qa', 1, { contract_id: cleaning.id }), 'not_outbound_call', 'C2.1');
  assert.equal((await provider.get(`/staff_days?contract_id=${contract.id}&from=${day()}&to=${day(200)}`)).status, 422);
  assert.equal((await other.get(`/staff_days?contract_id=${contract.id}`)).status, 404);
  assert.equal((await agent.get(`/staff_days?contract_id=${contract.id}`)).status, 403);
});

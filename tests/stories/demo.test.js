// The demo as ./run makes it, with all its calls: what a first visitor sees comes up, for each account on the sign-in page.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { newWorld } from '../world.js';

let world;
before(async () => {
  world = newWorld({ demo: false, args: ['--demo'] });
  await world.start();
});
after(() => world.stop());

test('the whole demo comes up, and everybody it names finds a home page', async () => {
  const page = await (await fetch(`${world.url}/login`)).text();
  const accounts = [...page.matchAll(/data-account="(\w+)"/g)].map(([, name]) => name);
  assert.ok(accounts.length >= 10, page);
  for (const account of accounts) assert.equal((await (await world.browse(account)).get('/')).status, 200, account);
});

test('its months hold as many calls as a centre makes', async () => {
  const counted = world.sql('SELECT count(*) FROM calls', new Date(Date.now() + 8 * 3600_000 - 20 * 86400_000).toISOString().slice(0, 7));
  assert.ok(Number(counted) > 1000, counted);
});

test('C1.2 its calls of the last days went through the gate, under a rule that says where it comes from', async () => {
  const ops = await world.signIn('ops');
  const { items: [contract] } = (await ops.get('/contracts?service=outbound_call&state=active')).body;
  const { items: [rule] } = (await ops.get(`/call_rules?contract_id=${contract.id}`)).body;
  assert.deepEqual([rule.hours_from, rule.hours_to, rule.basis], ['09:00', '20:30', '企业内控']);
  const { items: calls } = (await ops.get('/calls?limit=200')).body;
  const gated = calls.find(({ gate_id: id, contract_id: on }) => id && on === contract.id);
  const { decision: [decision], findings } = (await ops.get(`/calls/${gated.id}`)).body;
  assert.deepEqual([decision.reason, decision.node, findings], ['ok', 'dialer', []]);
  for (let i = 0; ; i += 1) { // a worker carries what was refused to where people see it
    const { items } = (await ops.get('/call_exceptions?limit=200')).body;
    const kinds = new Set(items.map(({ kind }) => kind));
    if ((kinds.has('contract_hours') && kinds.has('callee_invalid')) || i === 2000) { assert.ok(kinds.has('contract_hours') && !kinds.has('missing_record'), [...kinds].join()); break; }
  }
});

// A call centre that the demo world does not know: whoever keeps its roster, a contract in force, and accounts for its people.
import assert from 'node:assert/strict';
import { Client, PASSWORD } from './world.js';

const done = (reply) => { assert.ok(reply.status < 300, `${reply.status} ${reply.text}`); return reply.body; };

// An account for somebody, by that name, with a password like all others.
async function account(world, name, personId, role) {
  const [admin, security] = await Promise.all(['admin', 'security'].map((by) => world.signIn(by)));
  const made = done(await admin.post('/accounts', { name, person_id: personId }));
  done(await security.post(`/accounts/${made.id}/roles`, { version: made.version, roles: [role] }));
  const first = new Client(world.url);
  first.token = done(await first.post('/session', { account: name, password: made.initial_password })).token;
  done(await first.post('/password', { current: made.initial_password, new: PASSWORD }));
}

// The company, admitted, with the account `keeper` for its manager.
async function company(world, name, keeper, manager) {
  const [ops, admin] = await Promise.all(['ops', 'admin'].map((by) => world.signIn(by)));
  const { id } = done(await ops.post('/organisations', { name, side: 'provider' }));
  done(await ops.post(`/organisations/${id}/judge`, { state: 'approved', reason: '资料齐全，评审通过' }));
  const person = done(await admin.post('/people', { name: manager, job: 'manager', organisation_id: id }));
  await account(world, keeper, person.id, 'provider');
  return id;
}

// In force, like the demo world's contract of outbound calls, with another provider.
async function contract(world, provider, values) {
  const [division, executor] = await Promise.all(['division', 'executor'].map((by) => world.signIn(by)));
  const [like] = done(await division.get('/contracts?service=outbound_call&state=active')).items;
  const { unit_id, client_id, payment_terms, assessment_clause, served_party_clause } = like;
  const me = done(await executor.get('/session')).person_id;
  const made = done(await division.post('/contracts', { unit_id, client_id, payment_terms, assessment_clause, served_party_clause, provider_id: provider,
    kind: 'continuous', service: 'outbound_call', no_subcontracting: true, executor_id: me, contact_id: me, provider_phone: '18662728310', ...values }));
  done(await division.post('/terms', { contract_id: made.id, number: '3.1', topic: 'payment', text: '月度考核以 100 分为基数，依据得分发放绩效。' }));
  const briefing = done(await division.post('/briefings', { contract_id: made.id, held_on: values.signed_on, place: '三楼会议室' }));
  for (const by of [division, executor]) done(await by.post(`/briefings/${briefing.id}/sign`, { password: PASSWORD, sha256: briefing.sha256 }));
  done(await division.post('/signature_agreements', { number: `DQ-${values.number}`, client_id, provider_id: provider, signed_on: values.signed_on }));
  const { version } = done(await division.get(`/contracts/${made.id}`));
  return done(await division.post(`/contracts/${made.id}/activate`, { version }));
}

// A letter of the client that the provider agrees to and carries out.
async function letter(client, provider, body) {
  const { id } = done(await client.post('/letters', body));
  const { sha256 } = done(await client.get(`/letters/${id}`));
  done(await client.post(`/letters/${id}/send`, { sha256, password: PASSWORD }));
  done(await provider.post(`/letters/${id}/approve`, { reason: '已核实' }));
  return done(await provider.post(`/letters/${id}/execute`));
}

export { done, account, company, contract, letter };

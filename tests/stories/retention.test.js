// How long records of calls are kept, over the API: a hold keeps a month past its time; then it goes with a
// certificate, its sums stay, and what comes later for it is refused.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, day } from '../world.js';

let world, ops, client, provider, other, contract, agent, hold;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const codes = (reply) => { assert.equal(reply.status, 422, reply.text); return reply.body.error.fields.map(({ field, code }) => [field, code]); };
const OLD = day(-200), MONTH = OLD.slice(0, 7);
const FIRST = `${MONTH}-01`, LAST = `${MONTH}-28`;

before(async () => {
  world = await startWorld();
  [ops, client, provider, other] = await Promise.all(['ops', 'client', 'provider', 'cleaner'].map((name) => world.signIn(name)));
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
  [agent] = done(await provider.get(`/agents?contract_id=${contract.id}&state=active`)).items;
  const calls = ['a', 'b', 'c'].map((uid, i) => ({
    source: 'dialer', uid: `old-${uid}`, contract: contract.number, agent: agent.code, callee: `1381234567${i}`,
    started_at: `${OLD}T10:00:0${i}+08:00`, duration_s: 30, talk_s: 12, result: 'contacted' }));
  assert.equal(done(await provider.post('/calls', calls)).accepted, 3);
});
after(() => world.stop());

const month = async () => done(await ops.get('/call_months')).items.find((one) => one.month === MONTH);
const figures = async () => done(await provider.get(`/call_figures?contract=${contract.number}&from=${FIRST}&to=${LAST}`));
const kept = async () => done(await provider.get(`/calls?started_at_from=${FIRST}&started_at_to=${LAST}`)).items;
// A worker does it; the runner's limit ends a wait in vain.
async function until(what) {
  for (;;) {
    const found = await what();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

test('C2.4 records are kept as long as their rule says, and each rule says where it comes from', async () => {
  assert.deepEqual([(await month()).state, (await month()).days], ['kept', 731]);
  assert.match((await month()).basis, /工资支付暂行规定/);
  assert.equal((await provider.post('/retention_rules', {})).status, 403);
  assert.deepEqual(codes(await client.post('/retention_rules', { contract_id: contract.id, kind: 'calls', days: 29, basis: '合同' })), [['days', 'too_small']]);
  assert.deepEqual(codes(await client.post('/retention_rules', { contract_id: contract.id, kind: 'calls', days: 60 })), [['basis', 'required']]);
});

test('X4 a hold keeps a month past its time, until whoever placed it ends it', async () => {
  assert.deepEqual(codes(await provider.post('/legal_holds', { reason: '仲裁' })), [['contract_id', 'required']]);
  assert.deepEqual(codes(await provider.post('/legal_holds', { contract_id: contract.id, from: LAST, to: FIRST, reason: '仲裁' })), [['to', 'before_start']]);
  hold = done(await provider.post('/legal_holds', { contract_id: contract.id, from: FIRST, to: LAST, reason: '劳动仲裁 12 号' }), 201);
  assert.equal((await other.get(`/legal_holds/${hold.id}`)).status, 404);
  done(await client.post('/retention_rules', { contract_id: contract.id, kind: 'calls', days: 60, basis: '合同第 7.2 条' }), 201);
  const held = await until(async () => ((await month()).days === 60 ? month() : null));
  assert.deepEqual([held.state, held.hold_id, held.basis], ['held', hold.id, '合同第 7.2 条']);
  assert.equal((await kept()).length, 3);
  assert.equal((await client.post(`/legal_holds/${hold.id}/release`, { reason: '已结案' })).status, 403);
  assert.deepEqual(codes(await provider.post(`/legal_holds/${hold.id}/release`, {})), [['reason', 'required']]);
});

test('C2.4 then it goes as a whole with its certificate, and its sums stay', async () => {
  const [{ id }] = await kept();
  const before_ = await figures();
  assert.equal(done(await provider.post(`/legal_holds/${hold.id}/release`, { reason: '已结案' })).state, 'released');
  const { items: all } = await until(async () => {
    const reply = done(await provider.get('/deletion_certificates'));
    return reply.items.some(({ subject, state }) => subject === MONTH && state === 'deleted') && reply;
  });
  const certificate = all.find(({ subject }) => subject === MONTH);
  assert.deepEqual([certificate.kind, certificate.count, certificate.contract_id, certificate.rule_days, certificate.decided_by],
    ['calls', 3, contract.id, 60, 'system']);
  assert.match(certificate.sha256, /^[0-9a-f]{64}$/);
  assert.equal((await other.get(`/deletion_certificates/${certificate.id}`)).status, 404);
  const paper = await provider.get(`/deletion_certificates/${certificate.id}/print.pdf`);
  assert.ok(paper.status === 200 && paper.text.startsWith('%PDF'));
  assert.deepEqual(await kept(), []);
  const gone = await provider.get(`/calls/${id}`);
  assert.deepEqual([gone.status, gone.body.error.code], [404, 'calls.deleted']);
  const after_ = await figures();
  assert.deepEqual(after_.items, before_.items);
  assert.deepEqual(after_.deleted_months.map((one) => one.month), [MONTH]);
  assert.equal((await month()).state, 'deleted');
});

test('C2.4 what comes later for a deleted month is refused with its reason', async () => {
  const late = { source: 'dialer', uid: 'old-a', contract: contract.number, agent: agent.code, callee: '13812345670', started_at: `${OLD}T10:00:00+08:00`, result: 'busy' };
  const { accepted, duplicates, rejected } = done(await provider.post('/calls', [late, { ...late, uid: 'now', started_at: `${day(-1)}T10:00:00+08:00` }]));
  assert.deepEqual([accepted, duplicates, rejected.map(({ row, code }) => [row, code])], [1, 0, [[1, 'month_over']]]);
});

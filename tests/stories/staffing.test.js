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
  fault(await ask('resident', 1), 'job_not_of_provider', 'C2.1');
  fault(await ask('qa', 1, { to: day(-1) }), 'ends_before_start', 'C2.1');
  assert.equal((await ask('qa', 0)).status, 422);
  const [once] = done(await ops.get('/contracts?kind=one_off&limit=1')).items;
  fault(await ops.post('/staff_requirements', { ...body, contract_id: once.id }), 'not_continuous', 'C2.1');
  assert.equal((await provider.get(`/staff_days?contract_id=${contract.id}&from=${day()}&to=${day(200)}`)).status, 422);
  assert.equal((await other.get(`/staff_days?contract_id=${contract.id}`)).status, 404);
  assert.equal((await agent.get(`/staff_days?contract_id=${contract.id}`)).status, 403);
});

/* ---- letters ---- */

const draft = (type, lines) => client.post('/letters', { type, contract_id: contract.id, subject: '关于人员的函', body: '请核实办理。', lines });
async function send(by, id) {
  const { sha256 } = done(await by.get(`/letters/${id}`));
  return by.post(`/letters/${id}/send`, { sha256, password: PASSWORD });
}
const approve = (id) => provider.post(`/letters/${id}/approve`, { reason: '情况属实' });
const execute = (id) => provider.post(`/letters/${id}/execute`);

test('C2.9 more managers are asked for with the load of today, and required once the provider agrees', async () => {
  const ask = (input, by = client) => by.post('/staff_days/ask', { contract_id: contract.id, job: 'supervisor', count: 1, reason: '一名督导带不过来', ...input });
  assert.equal((await ask({}, qa)).status, 403);
  assert.equal((await ask({ count: 0 })).status, 422);
  const letter = done(await ask({}), 201);
  const [line] = done(await client.get(`/letters/${letter.id}`)).lines;
  const staffed = (await days(day(), day(), 'supervisor'))[0].actual;
  const agents = (await days(day(), day(), 'agent'))[0].actual;
  assert.deepEqual([line.staffed, line.work, Number(line.load)], [staffed, agents, agents / staffed]);
  fault(await send(client, done(await draft('manager_addition', [{ ...line, work: agents + 1 }]), 201).id), 'figure_differs', 'C2.9');
  fault(await send(client, done(await draft('manager_addition', [{ ...line, job: 'agent' }]), 201).id), 'no_manager', 'C2.9');
  done(await send(client, letter.id));
  assert.equal((await client.post(`/letters/${letter.id}/approve`, { reason: '同意' })).status, 403);
  const [{ required }] = await days(day(), day(), 'supervisor');
  done(await approve(letter.id));
  const { state, answer } = done(await execute(letter.id));
  assert.equal(state, 'answered');
  assert.match(answer, /项目督导 1 名/);
  assert.equal((await days(day(), day(), 'supervisor'))[0].required, required + 1);
  const [raised] = done(await client.get(`/staff_requirements?contract_id=${contract.id}&job=supervisor`)).items;
  assert.deepEqual([raised.letter_id, (await owed(raised))[0].state], [letter.id, 'open']);
  // Refused, nothing is required.
  const refused = done(await ask({ job: 'qa' }), 201);
  done(await send(client, refused.id));
  done(await provider.post(`/letters/${refused.id}/refuse`, { reason: '抽样计划未变' }));
  assert.equal((await execute(refused.id)).status, 409);
});

test('C2.8 a change of business makes the client owe a training on site and a log of each day of guidance', async () => {
  const line = { kind: 'new_business', name: '续费回访二期', train_by: day(), guide_from: day(), week: 'natural_days' };
  const announce = async (values) => send(client, done(await draft('business_change', [{ ...line, ...values }]), 201).id);
  fault(await announce({ train_by: day(3) }), 'trained_after_start', 'C2.8');
  fault(await announce({ train_by: day(-2), guide_from: day() }), 'period_over', 'C2.8');
  fault(await send(client, done(await draft('business_change', [line, line]), 201).id), 'one_change', 'C2.8');
  const { id } = done(await announce({}));
  done(await approve(id));
  assert.match(done(await execute(id)).answer, /现场指导 7 天/);
  const [change] = done(await provider.get(`/business_changes?contract_id=${contract.id}`)).items;
  const logs = async () => done(await provider.get(`/business_changes/${change.id}`)).logs;
  assert.deepEqual((await logs()).map((log) => log.day), [0, 1, 2, 3, 4, 5, 6].map((n) => day(n)));
  for (const { id: log } of await logs()) assert.equal(done(await ops.get(`/duties?rule=write_guidance&subject_id=${log}`)).items.length, 1);

  const [first, second] = await logs();
  const guide = done(await client.get('/session')).person_id;
  const write = (log, values, by = client) => by.patch(`/guidance_logs/${log.id}`, { version: log.version, guide_id: guide, guided: '旁听 30 通，纠正开场白', ...values });
  assert.equal((await write(first, {}, provider)).status, 403);
  fault(await write(first, { guided: '' }), 'required', 'C2.8');
  const [agentOne] = done(await provider.get('/people?job=agent&limit=1')).items;
  fault(await write(first, { guide_id: agentOne.id }), 'guide_of_client', 'C2.8');
  fault(await write(second, {}), 'day_to_come', 'C2.8');
  const written = done(await write(first, {}));
  assert.deepEqual([written.state, written.late], ['written', false]);
  assert.equal((await write(written, { guided: '改写' })).body.error.code, 'guidance_log.written');
  assert.equal(done(await ops.get(`/duties?rule=write_guidance&subject_id=${first.id}`)).items[0].state, 'met');

  const train = (training) => client.post(`/business_changes/${change.id}/train`, { training_id: training.id });
  const subject = done(await client.post('/training_subjects', { contract_id: contract.id, tier: 'managers', name: '续费二期业务', pass_score: '80' }), 201);
  const [inspector] = done(await provider.get('/people?job=qa&limit=1')).items;
  const held = done(await client.post('/trainings', { subject_id: subject.id, held_on: day(), trainer_id: guide, trainees: [{ person_id: inspector.id, score: '90' }] }), 201);
  fault(await train(held), 'no_training_by_client', 'C2.8'); // not confirmed yet
  done(await client.post(`/trainings/${held.id}/confirm`));
  assert.equal((await provider.post(`/business_changes/${change.id}/train`, { training_id: held.id })).status, 403);
  const trained = done(await train(held));
  assert.deepEqual([trained.training_id, trained.written, trained.state], [held.id, 1, 'running']);
  assert.equal((await train(held)).status, 409);
  assert.equal(done(await ops.get(`/duties?rule=train_on_site&subject_id=${change.id}`)).items[0].state, 'met');
  assert.equal((await other.get(`/business_changes/${change.id}`)).status, 404);
});

test('C2.6 a replacement is asked with evidence, handed over to a trained successor, and closes the old agent id', async () => {
  const code = `R${process.pid}`;
  const [gone, next, inspector] = [await hired('agent', { name: '要换的人' }), await hired('agent', { name: '接替的人' }), await hired('qa', { name: '别的岗位' })];
  const opening = done(await draft('agent_change', [{ act: 'add', code, person_id: gone.id, permissions: ['manual_dial'] }]), 201);
  done(await send(client, opening.id));
  done(await approve(opening.id));
  done(await execute(opening.id));

  fault(await send(client, done(await draft('replacement', [{ agent_code: 'nobody', reason: '态度' }]), 201).id), 'code_unknown', 'C2.6');
  const letter = done(await draft('replacement', [{ agent_code: code, reason: '拒访后仍继续推介' }]), 201);
  assert.equal((await send(client, letter.id)).status, 422); // without evidence
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'letters', subject_id: letter.id, retention: 'long' })) form.append(name, value);
  form.append('file', new Blob(['三通录音的监听记录']), '监听记录.txt');
  done(await client.post('/documents', form), 201);
  done(await send(client, letter.id));
  const body = { letter_id: letter.id, person_id: gone.id, successor_id: next.id, handed_on: day(), notes: '名单余 120 条' };
  const handOver = (values, by = duty) => by.post('/handovers', { ...body, ...values });
  fault(await handOver({}), 'no_replacement', 'C2.6'); // the provider has not verified it yet
  assert.equal((await client.post(`/letters/${letter.id}/approve`, { reason: '换' })).status, 403);
  done(await approve(letter.id));

  const [written] = done(await provider.get(`/duties?rule=write_handover&subject_id=${letter.id}`)).items;
  assert.deepEqual([written.state, written.owner_side, written.clause], ['open', 'provider', 'C2.6']);
  const early = await execute(letter.id);
  fault(early, 'handover_missing', 'C2.6');
  assert.equal((await handOver({}, client)).status, 403);
  fault(await handOver({ successor_id: gone.id }), 'oneself', 'C2.6');
  fault(await handOver({ successor_id: inspector.id }), 'other_job', 'C2.6');
  fault(await handOver({ person_id: next.id, successor_id: gone.id }), 'not_in_letter', 'C2.6');
  const subject = done(await client.post('/training_subjects', { contract_id: contract.id, tier: 'agents', name: '接替必修', pass_score: '80', required: true }), 201);
  fault(await handOver({}), 'untrained', 'C2.2');
  done(await client.patch(`/training_subjects/${subject.id}`, { version: subject.version, state: 'retired' }));
  const handover = done(await handOver({}), 201);
  fault(await handOver({}), 'taken', 'C2.6');
  assert.equal(done(await provider.get(`/duties?rule=write_handover&subject_id=${letter.id}`)).items[0].state, 'met');

  const { state, answer } = done(await execute(letter.id));
  assert.equal(state, 'answered');
  assert.match(answer, new RegExp(`要换的人（${code} 已停用）→ 接替的人`));
  const [closed] = done(await provider.get(`/agents?q=${code}`)).items;
  assert.deepEqual([closed.state, closed.letter_id], ['disabled', letter.id]);
  const after = done(await client.get(`/handovers/${handover.id}`));
  assert.equal(after.state, 'done');
  assert.equal((await duty.patch(`/handovers/${handover.id}`, { version: after.version, notes: '改写' })).body.error.code, 'handover.done');
  assert.equal((await other.get(`/handovers/${handover.id}`)).status, 404);
});

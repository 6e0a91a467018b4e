// The issue desk: problems and complaints are answered and solved in time by the client's dedicated contact, whoever
// reports them.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { report, sendReport, tokenAt } from '../report.js';
import { startWorld, Browser } from '../world.js';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
let world, client, division, provider, duty, otherProvider, ops, audit, calls, token;
before(async () => {
  world = await startWorld();
  [client, division, provider, duty, otherProvider, ops, audit] = await Promise.all(
    ['client', 'division', 'provider', 'duty', 'cleaner', 'ops', 'audit'].map((account) => world.signIn(account)));
  [calls] = (await client.get('/contracts?service=outbound_call&state=active')).body.items;
  token = await tokenAt(ops);
});
after(() => world.stop());

async function opened(by = duty, values = {}) {
  const reply = await by.post('/issues', {
    contract_id: calls.id, kind: 'problem', priority: 'high', source: 'agent', subject: '续费链接打不开', words: '会员点开显示活动已结束', ...values,
  });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

async function step(by, issue, action, body, status = 200) {
  const reply = await by.post(`/issues/${issue.id}/${action}`, body);
  assert.equal(reply.status, status, `${action}: ${reply.text}`);
  return reply.body;
}

const SOLUTION = { solution: '链接有效期延长到年底', responsibility: 'client' };
const codes = (body) => body.error.fields.map(({ field, code }) => [field, code]);
const newest = async () => (await client.get('/issues?source=qr&limit=1')).body.items[0];

test('C2.7 a problem found on site goes to the dedicated contact, is answered, solved and confirmed by who reported it', async () => {
  const issue = await opened();
  assert.match(issue.number, /^问题-\d{4}-\d{4}$/);
  assert.deepEqual([issue.state, issue.assigned_name, issue.opened_by], ['open', calls.contact_name, '唐静']);
  assert.ok(issue.answer_due_at < issue.due_at);
  const answered = await step(client, issue, 'answer', { answer: '已请信息中心检查' });
  assert.deepEqual([answered.state, answered.answered_late], ['answered', false]);
  const solved = await step(client, issue, 'solve', SOLUTION);
  assert.deepEqual([solved.state, solved.responsibility, solved.solved_late], ['solved', 'client', false]);
  const closed = await step(duty, issue, 'confirm', { satisfaction: 5, remark: '可以打开了' });
  assert.deepEqual([closed.state, closed.satisfaction], ['closed', 5]);
  const { items } = (await audit.get(`/issues/${issue.id}/history`)).body;
  assert.deepEqual(items.map(({ action }) => action), ['confirm', 'solve', 'answer', 'create']);
});

test('C2.7 issues are numbered without a gap', async () => {
  const [first, second] = [await opened(), await opened()];
  const number = (issue) => Number(issue.number.split('-').at(-1));
  assert.equal(number(second), number(first) + 1);
});

test('C2.7 another provider knows nothing of it, and the own one answers only what it was given', async () => {
  const issue = await opened(client);
  assert.equal((await otherProvider.get(`/issues/${issue.id}`)).status, 404);
  await step(otherProvider, issue, 'answer', { answer: '我们来' }, 404);
  assert.ok(!(await otherProvider.get('/issues?limit=200')).body.items.some(({ id }) => id === issue.id));
  assert.equal((await step(provider, issue, 'answer', { answer: '我们来' }, 403)).error.code, 'issue.not_in_charge');
  const [person] = (await client.get(`/people?q=${encodeURIComponent('唐静')}`)).body.items;
  const assigned = await step(client, issue, 'assign', { person_id: person.id, reason: '坐席线路，供方处理' });
  assert.equal(assigned.assigned_name, '唐静');
  await step(provider, issue, 'answer', { answer: '已更换耳机' });
  await step(duty, issue, 'solve', { ...SOLUTION, responsibility: 'provider' });
  assert.equal((await step(duty, issue, 'confirm', { satisfaction: 5 }, 403)).error.code, 'issue.own_solution');
  assert.equal((await step(provider, issue, 'confirm', { satisfaction: 5 }, 403)).error.code, 'issue.not_reporter');
});

test('C2.7 no step out of its order, and none without its reason', async () => {
  const issue = await opened();
  assert.equal((await step(client, issue, 'confirm', { satisfaction: 5 }, 409)).error.code, 'issue.wrong_state');
  assert.equal((await step(client, issue, 'reopen', { reason: '还没好' }, 409)).error.code, 'issue.wrong_state');
  assert.deepEqual(codes(await step(client, issue, 'answer', { answer: ' ' }, 422)), [['answer', 'required']]);
  assert.deepEqual(codes(await step(client, issue, 'assign', { priority: 'urgent' }, 422)), [['reason', 'required']]);
  assert.deepEqual(codes(await step(client, issue, 'solve', {}, 422)).sort(), [['responsibility', 'required'], ['solution', 'required']]);
  await step(client, issue, 'solve', SOLUTION);
  assert.deepEqual(codes(await step(duty, issue, 'confirm', { satisfaction: 0 }, 422)), [['satisfaction', 'one_to_five']]);
  assert.deepEqual(codes(await step(duty, issue, 'reopen', {}, 422)), [['reason', 'required']]);
  const reopened = await step(duty, issue, 'reopen', { reason: '还是打不开' });
  assert.deepEqual([reopened.state, reopened.reopened, reopened.solved_at], ['reopened', 1, null]);
});

test('C2.7 figures say how many were answered and solved in time, with what they are of', async () => {
  const before = (await client.get(`/issue_figures?contract=${calls.id}`)).body;
  const issue = await opened(duty, { priority: 'urgent' });
  await step(client, issue, 'solve', SOLUTION);
  await step(duty, issue, 'confirm', { satisfaction: 1 });
  const { total, items } = (await client.get(`/issue_figures?contract=${calls.id}`)).body;
  for (const figure of ['issues', 'answer_due', 'answered_in_time', 'solve_due', 'solved_in_time', 'rated'])
    assert.equal(total[figure], before.total[figure] + 1, figure);
  assert.equal(total.satisfaction_sum, before.total.satisfaction_sum + 1);
  assert.equal(items.reduce((sum, month) => sum + month.issues, 0), total.issues);
  assert.match(total.solved_in_time_percent, /^\d+\.\d\d$/);
  assert.equal((await otherProvider.get(`/issue_figures?contract=${calls.id}`)).status, 404);
  assert.equal((await client.get('/issue_figures?from=2026-13')).status, 422);
  assert.equal((await client.get('/issue_figures?from=2020-01&to=2026-01')).status, 422);
  const nothing = (await client.get(`/issue_figures?contract=${calls.id}&from=2001-01&to=2001-02`)).body;
  assert.deepEqual([nothing.total.issues, nothing.total.solved_in_time_percent, nothing.items], [0, null, []]);
});

test('C2.7 everybody concerned is told of each step', async () => {
  const told = async (by, issue) => (await by.get(`/notices?subject=issues&subject_id=${issue.id}`)).body.items.map(({ kind }) => kind).reverse();
  const issue = await opened();
  assert.deepEqual(await told(client, issue), ['issue.opened']);
  await step(client, issue, 'answer', { answer: '已请信息中心检查' });
  await step(client, issue, 'solve', SOLUTION);
  assert.deepEqual(await told(duty, issue), ['issue.answered', 'issue.solved']);
  await step(duty, issue, 'reopen', { reason: '还是打不开' });
  assert.deepEqual(await told(client, issue), ['issue.opened', 'issue.reopened']);
  assert.deepEqual(await told(otherProvider, issue), []);
});

test('C2.7 a missed deadline is the contact’s, and goes up to the client’s lead', async () => {
  const place = await startWorld({ args: ['--clock', '2026-11-23T10:00:00+08:00'] }); // a Monday
  let clients = {};
  const as = async (account) => { clients[account] ??= await place.signIn(account); return clients[account]; };
  const again = async (clock) => {
    clients = {};
    await place.halt();
    place.args = ['--clock', clock];
    await place.start();
  };
  const owed = async ({ id }, rule) => (await (await as('client')).get(`/duties?subject=issues&subject_id=${id}&rule=${rule}`)).body.items[0];
  // The worker looks at what is due by itself.
  const settled = async (issue, rule, state, level) => {
    for (;;) {
      const found = await owed(issue, rule);
      if (found.state === state && found.level === level) return found;
    }
  };
  try {
    const [contract] = (await (await as('duty')).get('/contracts?service=outbound_call')).body.items;
    const made = await (await as('duty')).post('/issues', {
      contract_id: contract.id, kind: 'problem', priority: 'urgent', source: 'site', subject: '坐席断线',
    });
    assert.equal(made.status, 201, made.text);
    const issue = made.body;
    assert.deepEqual([issue.answer_due_at, issue.due_at].map((at) => at.slice(0, 16)), ['2026-11-23T10:30', '2026-11-23T14:00']);
    const duty = await owed(issue, 'answer_issue');
    assert.deepEqual([duty.clause, duty.state, duty.owner_name], ['C2.7', 'open', contract.contact_name]);
    await again('2026-11-23T10:31:00+08:00');
    await settled(issue, 'answer_issue', 'overdue', 0);
    assert.equal((await owed(issue, 'solve_issue')).state, 'open');
    assert.equal((await (await as('client')).get(`/issues/${issue.id}`)).body.overdue, true);
    await again('2026-11-26T09:00:00+08:00');
    const late = await settled(issue, 'answer_issue', 'overdue', 1);
    const lead = await as('division');
    // What goes up at the same moment is told together.
    const told = (await lead.get('/notices?limit=200')).body.items.filter(({ created_at: at }) => at >= '2026-11-26');
    assert.ok(told.some(({ kind }) => kind.startsWith('duty.escalated')), JSON.stringify(told));
    const solved = await lead.post(`/issues/${issue.id}/solve`, SOLUTION);
    assert.deepEqual([solved.body.answered_late, solved.body.solved_late], [true, true], solved.text);
    for (const rule of ['answer_issue', 'solve_issue']) assert.equal((await owed(issue, rule)).state, 'met');
  } finally {
    await place.stop();
  }
});

test('C2.7 anybody on site reports by scanning a code, and sees by a reference what becomes of it', async () => {
  const code = await report(world, token, { kind: 'complaint', reporter: '路人甲', reporter_phone: '13905719999', consent: '1' },
    [{ name: 'wet.png', bytes: PIXEL }]);
  const issue = await newest();
  assert.deepEqual([issue.source, issue.kind, issue.assigned_name], ['qr', 'complaint', calls.contact_name]);
  assert.equal(issue.reporter_phone, '139****9999');
  const { documents } = (await client.get(`/issues/${issue.id}`)).body;
  assert.deepEqual(documents.map((document) => [document.name, document.media_type]), [['wet.png', 'image/png']]);
  const somebody = new Browser(world.url);
  const shown = async () => (await somebody.get(`/r/${token}/${code}`)).text;
  assert.match(await shown(), /已收到，等待答复/);
  await step(client, issue, 'solve', { ...SOLUTION, solution: '已清理并放警示牌' });
  const page = await shown();
  assert.match(page, /已清理并放警示牌/);
  for (const secret of [calls.name, calls.number, calls.contact_name, issue.number, '路人甲', '139'])
    assert.ok(!page.includes(secret), `${secret} is shown`);
  assert.equal((await somebody.post(`/r/${token}/${code}`, new URLSearchParams({ words: '' }))).status, 422);
  assert.equal((await somebody.post(`/r/${token}/${code}`, new URLSearchParams({ words: '又湿了' }))).status, 303);
  assert.equal((await client.get(`/issues/${issue.id}`)).body.state, 'reopened');
  await step(client, issue, 'solve', SOLUTION);
  assert.equal((await somebody.post(`/r/${token}/${code}`, new URLSearchParams({ satisfaction: 4 }))).status, 303);
  const closed = (await client.get(`/issues/${issue.id}`)).body;
  assert.deepEqual([closed.state, closed.satisfaction], ['closed', 4]);
});

test('C2.7 a report without consent, with a trap filled in, or with what is no photo is refused', async () => {
  const before = await newest();
  const refused = [
    await sendReport(world, token, { reporter: '路人甲' }),
    await sendReport(world, token, { reporter_phone: '12', consent: '1' }),
    await sendReport(world, token, { words: '  ' }),
    await sendReport(world, token, { website: 'http://example.test' }),
    await sendReport(world, token, { priority: 'urgent' }),
    await sendReport(world, token, {}, [{ name: 'x.png', bytes: '<html><script>alert(1)</script>' }]),
    await sendReport(world, token, {}, [{ name: 'x.txt', bytes: 'words' }]),
    await sendReport(world, token, {}, Array(7).fill({ name: 'x.png', bytes: PIXEL })),
  ];
  assert.deepEqual(refused.map(({ status }) => status), refused.map(() => 422));
  assert.equal((await newest()).id, before.id);
});

test('C2.7 a code that was switched off or renewed takes no reports, and wrong ones tell nothing', async () => {
  const made = await client.post('/issue_links', { contract_id: calls.id, place: '茶水间' });
  assert.equal(made.status, 201, made.text);
  const { id } = made.body;
  const old = await tokenAt(client, '茶水间');
  const code = await report(world, old);
  assert.equal((await client.post(`/issue_links/${id}/switch_off`)).status, 200);
  assert.equal((await sendReport(world, old)).status, 409);
  assert.equal((await new Browser(world.url).get(`/r/${old}`)).status, 404);
  assert.equal((await new Browser(world.url).get(`/r/${old}/${code}`)).status, 200);
  assert.equal((await client.post(`/issue_links/${id}/switch_on`)).status, 200);
  assert.equal((await client.post(`/issue_links/${id}/renew`)).status, 200);
  const wrong = [`/r/${old}`, `/r/${old}/${code}`, '/r/nothing', `/r/${token}/${code}`, `/r/${token}/k7fm-2xqe-9hta`];
  for (const place of wrong) assert.equal((await new Browser(world.url).get(place)).status, 404, place);
  assert.equal((await provider.get('/issue_links')).status, 403);
  assert.equal((await otherProvider.get(`/issue_links/${id}`)).status, 403);
});

test('C2.7 whoever reports too often has to wait, and is told how long', async () => {
  let reply;
  for (let i = 0; i < 11; i++) reply = await sendReport(world, token);
  assert.equal(reply.status, 429, reply.text.slice(0, 500));
  const seconds = Number(reply.headers.get('retry-after'));
  assert.ok(seconds > 0 && seconds <= 3600, `${seconds}`);
});

// C2.4: the provider writes the appraisal scheme, the client consents in writing, and a month can be tried by it; what it
// gives is worked out anew here, from the figures alone.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, month } from '../world.js';

let world, provider, client, duty, agent, other, contract;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const MONTH = month();

const INDICATORS = [
  { code: 'success', name: '成功访问量', measure: 'calls.success', method: 'ratio_cap', weight: '50', target: '150', share: '120', nothing: 'zero' },
  { code: 'talk', name: '呼出时长', measure: 'calls.talk_hours', method: 'linear_base_target', weight: '30', base: '5', target: '15', share: '70',
    nothing: 'reweigh' },
  { code: 'rate', name: '接通率', measure: 'calls.connect_rate', method: 'banded', weight: '20', bands: '60=100, 50=80, 40=60', nothing: 'full' },
];
const draft = async (values = {}) => done(await provider.post('/schemes', {
  contract_id: contract.id, subject: 'agent', name: '月度考核办法', from_month: month(1), indicators: INDICATORS, ...values }), 201);
async function prove(scheme) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ subject: 'schemes', subject_id: scheme.id, retention: 'long' })) body.set(name, value);
  body.set('file', new Blob(['征求意见记录']), '征求意见记录.txt');
  done(await provider.post('/documents', body), 201);
}
async function asked(scheme) {
  await prove(scheme);
  const letter = done(await provider.post(`/schemes/${scheme.id}/consult`), 201);
  const { sha256 } = done(await provider.get(`/letters/${letter.id}`));
  return done(await provider.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }));
}

before(async () => {
  world = await startWorld();
  [provider, client, duty, agent, other] = await Promise.all(['provider', 'client', 'duty', 'agent', 'cleaner'].map((name) => world.signIn(name)));
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
});
after(() => world.stop());

test('C2.4 a scheme is in force by the client\'s consent to just these words', async () => {
  const scheme = await draft();
  assert.deepEqual([scheme.state, scheme.revision, scheme.indicators.length, scheme.grades.length], ['draft', 1, 3, 4]);
  assert.equal((await client.get(`/schemes/${scheme.id}`)).status, 404);
  const letter = await asked(scheme);
  assert.match(letter.number, /^考核-/);
  assert.equal(done(await client.get(`/schemes/${scheme.id}`)).state, 'consulting');
  assert.equal((await provider.patch(`/schemes/${scheme.id}`, { name: '另一个' })).status, 409);
  assert.equal((await provider.post(`/letters/${letter.id}/approve`, { reason: '同意' })).body.error.code, 'letter.other_side');
  done(await client.post(`/letters/${letter.id}/approve`, { reason: '同意' }));
  const executed = done(await client.post(`/letters/${letter.id}/execute`));
  assert.equal(executed.answer, `同意《月度考核办法》，自 ${month(1)} 起施行`);
  const after = done(await provider.get(`/schemes/${scheme.id}`));
  assert.deepEqual([after.state, after.letter_number, after.sha256], ['in_force', letter.number, executed.lines[0].sha256]);
  assert.equal(done(await agent.get(`/schemes/${scheme.id}`)).state, 'in_force');
});

test('C2.4 consent is not asked for what is not whole', async () => {
  const scheme = await draft({ from_month: MONTH, indicators: [{ ...INDICATORS[0], weight: '60' }, { ...INDICATORS[1], base: '15' }] });
  const reply = await provider.post(`/schemes/${scheme.id}/consult`);
  assert.equal(reply.status, 422);
  const faults = Object.fromEntries(reply.body.error.fields.map(({ field, code }) => [field, code]));
  assert.deepEqual(faults, { 'indicators.1.target': 'same_as_base', indicators: 'weights_sum', from_month: 'month_begun', documents: 'consultation_missing' });
  assert.ok(reply.body.error.fields.every(({ clause }) => clause === 'C2.4'));
});

test('C2.4 a draft that is not whole is not tried either, and says what it lacks', async () => {
  const scheme = await draft({ indicators: [{ ...INDICATORS[0], target: undefined }, { ...INDICATORS[1], base: undefined, target: undefined }, INDICATORS[2]] });
  const faults = [['indicators.0.target', 'required'], ['indicators.1.target', 'same_as_base']];
  for (const trial of ['trial', 'pay_trial']) {
    const reply = await provider.get(`/schemes/${scheme.id}/${trial}?month=${MONTH}`);
    assert.equal(reply.status, 422, trial);
    assert.deepEqual(reply.body.error.fields.map(({ field, code }) => [field, code]), faults);
  }
  const page = await (await world.browse('provider')).get(`/schemes/${scheme.id}/trial?month=${MONTH}`);
  assert.equal(page.status, 422);
  assert.match(page.text, /name="indicators\.0\.target"/); // the scheme itself, to set it right
  assert.match(page.text, /目标值：必填/);
  assert.doesNotMatch(page.text, /按实际 ÷ 1 的/);
});

test('C2.4 a new scheme begins with what practice appraises by, for agents and for managers, and can be tried', async () => {
  for (const [subject, names, measures] of [['agent', ['劳动纪律：出勤', '成功访问量', '呼出时长', '培训成绩', '质检均分'], /^(attendance|conduct|calls|trainings|reviews)\./],
    ['manager', ['团队达成：人均成功访问量', '团队质检均分', '有责投诉', '培训辅导：团队培训成绩', '人员流失率', '报表与函件按时率'], /^(team|conduct)\./]]) {
    const scheme = await draft({ subject, indicators: undefined });
    assert.equal(scheme.indicators.reduce((sum, { weight }) => sum + Number(weight), 0), 100);
    for (const name of names) assert.ok(scheme.indicators.some((one) => one.name === name), name);
    assert.ok(scheme.indicators.every(({ measure }) => measures.test(measure)));
    assert.deepEqual(scheme.options, [{ who: 'too_short', days: 15, effect: 'unranked' }]);
    await prove(scheme);
    const { items } = done(await provider.get(`/schemes/${scheme.id}/trial?month=${month(-1)}`));
    assert.ok(items.some(({ total }) => Number(total) > 0), subject);
  }
});

test('C2.4 a team is what its people are together', async () => {
  const TEAM = [['team.success', 'calls.success'], ['team.talk_hours', 'calls.talk_hours'], ['team.score', 'reviews.score'], ['team.training', 'trainings.score'],
    ['team.attendance', 'attendance.rate'], ['team.violations', 'conduct.violations']];
  const BANDS = { method: 'banded', bands: '1=100', weight: '10', nothing: 'reweigh' };
  const scheme = await draft({ subject: 'manager', indicators: [...TEAM.map(([measure]) => ({ name: measure, measure, ...BANDS })),
    ...['team.complaints', 'team.turnover', 'team.duties'].map((measure) => ({ name: measure, measure, ...BANDS })), { name: '现场', method: 'manual', weight: '10', nothing: 'full' }] });
  assert.deepEqual(scheme.indicators.map(({ code }) => code), ['success', 'talk_hours', 'score', 'training', 'attendance', 'violations', 'complaints', 'turnover', 'duties', 'manual']);
  const people = await draft({ indicators: TEAM.map(([, measure]) => ({ name: measure, measure, ...BANDS, weight: measure === 'calls.success' ? '50' : '10' })) });
  const of = month(-1), [managers, agents] = await Promise.all([scheme, people].map(async ({ id }) => done(await provider.get(`/schemes/${id}/trial?month=${of}`)).items));
  const each = TEAM.map((_, i) => agents.map(({ lines }) => lines[i]).filter(({ nothing }) => !nothing).map(({ value }) => Number(value)));
  const sum = (values) => values.reduce((all, value) => all + value, 0);
  assert.ok(managers.length > 2);
  for (const { lines } of managers) {
    // A mean of those who have a value (of rates and scores only near the mean of theirs), violations all together.
    for (const at of [0, 1]) assert.ok(Math.abs(Number(lines[at].value) - sum(each[at]) / each[at].length) < 0.02, TEAM[at][0]);
    for (const at of [2, 3, 4]) assert.ok(lines[at].nothing === !each[at].length && (lines[at].nothing ||
      (Number(lines[at].value) >= Math.min(...each[at]) - 0.01 && Number(lines[at].value) <= Math.max(...each[at]) + 0.01)), TEAM[at][0]);
    assert.equal(Number(lines[5].value), sum(each[5]));
    assert.deepEqual(lines.map(({ value }) => value), managers[0].lines.map(({ value }) => value));
  }
  const [complaints, turnover, duties] = managers[0].lines.slice(6, 9), [year, number] = of.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const { items: open } = done(await provider.get(`/issues?contract_id=${contract.id}&kind=complaint&opened_at_from=${of}-01&opened_at_to=${of}-${last}&limit=200`));
  assert.equal(Number(complaints.value), open.filter(({ responsibility }) => ['', 'provider', null, undefined].includes(responsibility)).length);
  assert.equal(Number(turnover.value), 0);
  assert.ok(duties.nothing || Number(duties.value) <= 100);
});

test('C2.4 a refused scheme goes back to its author', async () => {
  const scheme = await draft();
  const letter = await asked(scheme);
  assert.equal((await provider.post(`/schemes/${scheme.id}/retract`)).body.error.code, 'scheme.asked');
  done(await client.post(`/letters/${letter.id}/refuse`, { reason: '成功访问量目标过高' }));
  assert.equal(done(await provider.post(`/schemes/${scheme.id}/retract`)).state, 'draft');
  done(await provider.patch(`/schemes/${scheme.id}`, { indicators: [{ ...INDICATORS[0], target: '100' }, ...INDICATORS.slice(1)] }));
});

test('schemes are written by the provider alone, and another one sees nothing of them', async () => {
  const [known] = done(await provider.get('/schemes?subject=agent')).items;
  for (const by of [client, agent, duty])
    assert.equal((await by.post('/schemes', { contract_id: contract.id, subject: 'agent', name: '办法', from_month: month(1) })).status, 403);
  assert.equal((await other.get(`/schemes/${known.id}`)).status, 404);
  assert.equal((await other.get(`/schemes/${known.id}/trial`)).status, 404);
  assert.deepEqual(done(await other.get('/schemes?subject=agent,manager')).items, []);
  assert.equal((await client.get(`/schemes/${known.id}/trial`)).status, 403); // what people come to is the provider's own
});

/* ---- a month tried: once more, from the figures, in whole hundredths ---- */

const half = (numerator, denominator) => (2n * numerator + denominator) / (2n * denominator);
const min = (a, b) => (a < b ? a : b);
const max = (a, b) => (a > b ? a : b);
const text = (hundredths) => `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;

function recomputed(figure) {
  const [success, talk, dials, connected] = [figure.success, figure.talk_s, figure.dials, figure.connected].map(BigInt);
  const first = min(half(5000n * success, 150n), 6000n);
  const way = min(max(talk - 5n * 3600n, 0n), 10n * 3600n);
  const second = half(3000n * (70n * 36000n + 30n * way), 100n * 36000n);
  const third = connected * 100n >= 60n * dials ? 2000n : connected * 100n >= 50n * dials ? 1600n : connected * 100n >= 40n * dials ? 1200n : 0n;
  return text(min(first, 5000n) + second + third + max(first - 5000n, 0n));
}

test('C2.4 a month by a scheme is what its figures come to, for everybody', async () => {
  const scheme = await draft();
  const { items, month: tried } = done(await provider.get(`/schemes/${scheme.id}/trial?month=${MONTH}`));
  assert.equal(tried, MONTH);
  assert.ok(items.length >= 50);
  const last = new Date(Date.UTC(Number(MONTH.slice(0, 4)), Number(MONTH.slice(5)), 0)).getUTCDate();
  const { items: figures } = done(await provider.get(`/call_figures?contract=${contract.number}&from=${MONTH}-01&to=${MONTH}-${last}&by=agent`));
  const byCode = new Map(figures.map((figure) => [figure.key, figure]));
  for (const { code, total } of items) {
    const figure = byCode.get(code);
    // Without a call: 0 of 50, all of 20, and 30 weighed into these.
    assert.equal(total, figure ? recomputed(figure) : text(half(10000n * 2000n, 7000n)), code);
  }
  const totals = items.map(({ total }) => Number(total));
  assert.deepEqual(totals, [...totals].sort((a, b) => b - a));
  items.forEach(({ total, rank }, at) => { assert.equal(rank, 1 + items.findIndex((one) => one.total === total), `place ${at}`); });
  assert.equal((await provider.get(`/schemes/${scheme.id}/trial?month=2026-13`)).status, 422);
});

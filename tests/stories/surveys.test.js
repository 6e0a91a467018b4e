// V5.1.5, V5.1.7: the served party judges by a code, a third party asks a sample that nobody else sees; answers are nobody's,
// results come with their interval, and what is representative is a voice in the evaluation.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, Browser, PASSWORD, day, month } from '../world.js';
import { workbookOf } from '../workbook.js';

let world, cleaner, surveyor, project;
const people = {}, pages = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.equal(reply.status, status, reply.text); assert.equal(reply.body.error.code, code, reply.text); };
const fault = (reply, field, code, clause) => {
  assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === code && (!clause || one.clause === clause)), reply.text);
};
const items = async (by, place) => done(await by.get(place)).items;

before(async () => {
  world = await startWorld({ args: ['--proxies', '127.0.0.1'] });
  const names = ['admin', 'security', 'ops', 'audit', 'division', 'pm', 'executor', 'cleaner', 'provider', 'survey', 'agent'];
  await Promise.all(names.map(async (name) => { people[name] = await world.signIn(name); }));
  await Promise.all(['pm', 'survey'].map(async (name) => { pages[name] = await world.browse(name); }));
  [cleaner] = await items(people.ops, '/organisations?q=净安');
  [surveyor] = await items(people.ops, '/organisations?side=third_party');
  [project] = await items(people.ops, '/units?q=滨河花园');
});
after(() => world.stop());

let number = 0;
// A long-term contract of the cleaners in force since half a year, briefed by both.
async function contract() {
  const [executor] = await items(people.ops, '/people?q=何书琴');
  number += 1;
  const drafted = done(await people.division.post('/contracts', { number: `HT-S-${process.pid}-${number}`, name: '夜间保洁', kind: 'continuous', service: 'cleaning',
    provider_id: cleaner.id, unit_id: project.id, starts_on: day(-150), ends_on: day(200), executor_id: executor.id, no_subcontracting: true,
    served_party_clause: '业主每季度扫码评价', provider_phone: '13905710001' }), 201);
  done(await people.division.post('/terms', { contract_id: drafted.id, number: '1.1', topic: 'scope', text: '大堂与电梯厅。' }), 201);
  const { id, sha256 } = done(await people.division.post('/briefings', { contract_id: drafted.id, held_on: day(), place: '会议室' }), 201);
  done(await people.division.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 }));
  done(await people.executor.post(`/briefings/${id}/sign`, { password: PASSWORD, sha256 }));
  const { version } = done(await people.division.get(`/contracts/${drafted.id}`));
  return done(await people.division.post(`/contracts/${drafted.id}/activate`, { version }));
}
const QUESTIONS = [{ kind: 'five', text: '总体满意吗？' }, { kind: 'ten', text: '愿意推荐吗？' }, { kind: 'choice', text: '多久来一次？', options: '每天；每周；偶尔' }, { kind: 'words', text: '哪里可以更好？' }];
const body = async (values = {}) => ({ contract_id: (await contract()).id, kind: 'served_party', period: month(-1), ends_on: day(7), questions: QUESTIONS, ...values });
const commissioned = async (values) => done(await people.division.post('/surveys', await body({ kind: 'third_party', surveyor_id: surveyor.id, ...values })), 201);
const opened = async (values) => {
  const { id } = done(await people.pm.post('/surveys', await body(values)), 201);
  return done(await people.pm.post(`/surveys/${id}/open`));
};
const place = ({ url }) => new URL(url).pathname;
const answer = (values = {}) => new URLSearchParams({ q1: '4', q2: '8', q3: '2', q4: '', ...values });
// A phone: no account, the cookie that the page gave, and an address of its own unless it says another.
let address = 0;
async function phone(where, from = `10.1.${(address += 1) >> 8}.${address & 255}`) {
  const headers = { 'x-forwarded-for': from };
  const somebody = new Browser(world.url);
  const shown = await somebody.get(where);
  const cookie = shown.headers.get('set-cookie')?.split(';')[0];
  if (cookie) headers.cookie = cookie;
  return { shown, send: (form) => somebody.post(where, form, headers), again: () => somebody.get(where, headers) };
}
async function answers(where, count, values) {
  for (let i = 0; i < count; i += 1) assert.equal((await (await phone(where)).send(answer(values?.(i)))).status, 303);
}
const frame = (count) => workbookOf([['编号', '姓名', '联系电话', '楼栋'], ...Array.from({ length: count }, (_, i) => [`${101 + i}`, `住户${i}`, '', i % 2 ? '1 号楼' : '2 号楼'])]);
const file = (bytes) => { const form = new FormData(); form.append('file', new Blob([bytes]), '样本框.xlsx'); return form; };
async function drawn(count, sample, values = {}) {
  const survey = await commissioned(values);
  done(await people.survey.post(`/surveys/${survey.id}/frame`, file(frame(count))));
  return done(await people.survey.post(`/surveys/${survey.id}/draw`, { count: sample }));
}
async function links({ id }) {
  const reply = await people.survey.post(`/surveys/${id}/invitations`);
  assert.equal(reply.status, 200, reply.text);
  return reply.text.match(/\/s\/[\w-]+/g);
}

test('V5.1.5 the served party judges on a phone, without account and once each, and it counts in the evaluation', async () => {
  const draft = done(await people.pm.post('/surveys', await body({ population: 50 })), 201);
  assert.equal(draft.questions.length, 4);
  assert.equal((await people.survey.get(`/surveys/${draft.id}`)).status, 404); // not of the third party
  const survey = done(await people.pm.post(`/surveys/${draft.id}/open`));
  const where = place(survey);
  const { shown, send, again } = await phone(where);
  assert.match(shown.text, /匿名作答/);
  assert.doesNotMatch(shown.text, / checked/); // nothing is chosen for anybody
  const incomplete = await send(new URLSearchParams({ q2: '8', q3: '2' }));
  assert.equal(incomplete.status, 422);
  assert.match(incomplete.text, /第 1 题未作答/);
  assert.equal((await send(answer({ q1: '6' }))).status, 422);
  assert.equal((await send(answer({ q4: '夜里 <b>灯</b> 不亮' }))).status, 303);
  assert.match((await again()).text, /您的评价已收到/);
  assert.equal((await send(answer())).status, 409);
  assert.equal((await new Browser(world.url).post(where, answer())).status, 422); // without its cookie
  await answers(where, 30, (i) => ({ q1: `${i % 2 ? 5 : 4}` }));
  const open = done(await people.pm.get(`/surveys/${survey.id}`));
  assert.deepEqual([open.answered_now, open.results, open.answered], [31, undefined, 0]); // how many, and nothing else
  assert.equal((await people.cleaner.get(`/surveys/${survey.id}`)).status, 404);
  const closed = done(await people.pm.post(`/surveys/${survey.id}/close`));
  const [whole] = closed.results;
  assert.deepEqual([whole.answered, whole.sample, whole.representative, closed.representative], [31, 50, true, true]);
  // 4 or 5 of five and 8 of ten: 80 and 90 per cent by turns.
  assert.equal(whole.mean, 84839);
  assert.ok(whole.low < whole.mean && whole.mean < whole.high);
  assert.equal((await (await phone(where)).send(answer())).status, 409);

  // As the provider sees it, and as the evaluation counts it.
  const seen = done(await people.cleaner.get(`/surveys/${survey.id}`));
  assert.equal(seen.results[0].mean, whole.mean);
  assert.deepEqual((await items(people.cleaner, `/survey_words?survey_id=${survey.id}`)).map(({ words }) => words), ['夜里 <b>灯</b> 不亮']);
  assert.equal((await people.provider.get(`/surveys/${survey.id}`)).status, 404);
  assert.deepEqual(await items(people.provider, `/survey_words?survey_id=${survey.id}`), []);
  assert.equal((await people.agent.get('/surveys')).status, 403);
  const evaluation = done(await people.pm.post('/evaluations', { contract_id: survey.contract_id, period: month(-1) }), 201);
  const served = evaluation.lines.find(({ indicator }) => indicator === 'served');
  assert.deepEqual([served.value, served.nothing, served.evidence_count], ['84.84', false, 1]);
  assert.deepEqual((await items(people.pm, served.evidence)).map(({ id }) => id), [survey.id]);
});

test('V5.1.5 a judgement too few took part in has no consequence, and the evaluation weighs the others openly', async () => {
  const survey = await opened({ population: 0, ends_on: day() });
  await answers(place(survey), 4, () => ({ q4: '别认出我' }));
  const few = done(await people.pm.post(`/surveys/${survey.id}/close`));
  assert.deepEqual([few.results[0].measured, few.results[0].answered, few.results[0].mean, few.representative], [false, 4, 0, false]);
  assert.deepEqual(await items(people.pm, `/survey_words?survey_id=${survey.id}`), []); // of four, each could be recognised
  const evaluation = done(await people.pm.post('/evaluations', { contract_id: survey.contract_id, period: month(-1) }), 201);
  assert.equal(evaluation.lines.find(({ indicator }) => indicator === 'served').nothing, true);
});

test('V5.1.5 nothing tells who answered: no entry in the trail, no time, no address', async () => {
  const survey = await opened();
  const newest = async () => (await items(people.audit, '/events?limit=1'))[0].id;
  const before = await newest();
  await answers(place(survey), 2);
  assert.equal(await newest(), before);
  fault(await people.division.post('/surveys', { ...await body(), contract_id: survey.contract_id }), 'period', 'surveyed_already', 'V5.1.5');
});

test('V5.1.7 once it is closed not even the tables join an answer to who gave it', async () => {
  const survey = await drawn(12, 12, { ends_on: day() });
  done(await people.survey.post(`/surveys/${survey.id}/open`));
  const invited = await links(survey);
  for (const [i, where] of invited.slice(0, 8).entries()) await answers(where, 1, () => ({ q1: `${1 + i * 3 % 5}`, q4: `意见 ${9 - i}` }));
  const byCode = await opened({ ends_on: day() });
  await answers(place(byCode), 6, (i) => ({ q1: `${1 + i * 3 % 5}` }));
  for (const [name, { id }] of [['survey', survey], ['pm', byCode]]) {
    const order = (by) => world.sql(`SELECT question, value, words FROM survey_marks WHERE survey_id = ${id} ORDER BY ${by}`);
    const said = 'question, stratum, picked, value, words';
    assert.notEqual(order('id'), order(said)); // they came one by one
    const before = order(said);
    done(await people[name].post(`/surveys/${id}/close`));
    assert.equal(order('id'), before);
    assert.equal(world.sql(`SELECT count(*) FROM survey_onces WHERE survey_id = ${id}`), '0');
    if (process.env.LUYUE_TEST_PG) {
      assert.equal(world.sql(`SELECT count(DISTINCT tx) FROM (SELECT xmin::text AS tx FROM survey_marks WHERE survey_id = ${id}
        UNION ALL SELECT xmin::text FROM survey_members WHERE survey_id = ${id}) AS written`), '1');
    }
  }
});

test('V5.1.7 a third party draws from a frame that nobody else sees, and each who was drawn answers once', async () => {
  assert.equal((await people.pm.post('/surveys', await body({ kind: 'third_party', surveyor_id: surveyor.id }))).status, 403);
  fault(await people.division.post('/surveys', await body({ kind: 'third_party' })), 'surveyor_id', 'required', 'V5.1.7');
  const survey = await commissioned();
  assert.equal((await people.survey.post('/surveys', await body())).status, 403);
  assert.equal((await people.division.post(`/surveys/${survey.id}/open`)).status, 403); // commissioned, not carried out
  refused(await people.survey.post(`/surveys/${survey.id}/draw`, { count: 3 }), 409, 'survey.no_frame');
  refused(await people.survey.post(`/surveys/${survey.id}/frame`, file(workbookOf([['甲', '乙'], ['1', '2']]))), 422, 'survey.no_header');
  fault(await people.survey.post(`/surveys/${survey.id}/frame`, { rows: [{ code: 'A' }, { code: 'A' }] }), 'rows.1.code', 'twice', 'V5.1.7');
  done(await people.survey.post(`/surveys/${survey.id}/frame`, file(frame(90))));
  fault(await people.survey.post(`/surveys/${survey.id}/frame`, { rows: [{ code: '101' }] }), 'rows.0.code', 'taken', 'V5.1.7');
  refused(await people.survey.post(`/surveys/${survey.id}/open`), 409, 'survey.not_ready');
  fault(await people.survey.post(`/surveys/${survey.id}/draw`, { count: 91 }), 'count', 'beyond_frame', 'V5.1.7');
  fault(await people.survey.post(`/surveys/${survey.id}/draw`, { count: 60, seed: '二〇二六' }), 'seed', 'unknown', undefined); // or the sample could be picked
  const drawnOne = done(await people.survey.post(`/surveys/${survey.id}/draw`, { count: 60 }));
  assert.deepEqual([drawnOne.population, drawnOne.sample, /^[0-9a-f]{16}$/.test(drawnOne.seed)], [90, 60, true]);
  refused(await people.survey.post(`/surveys/${survey.id}/draw`, { count: 60 }), 409, 'survey.drawn');
  assert.equal(done(await people.survey.get(`/surveys/${survey.id}/draw_again`)).same, true);
  const members = await items(people.survey, `/survey_members?survey_id=${survey.id}&drawn=true&limit=100`);
  assert.deepEqual(['1 号楼', '2 号楼'].map((one) => members.filter(({ stratum }) => stratum === one).length), [30, 30]);

  // The frame is the surveyor's and audit's alone.
  for (const name of ['division', 'pm', 'ops', 'cleaner', 'provider']) assert.equal((await people[name].get('/survey_members')).status, 403, name);
  assert.equal((await items(people.audit, `/survey_members?survey_id=${survey.id}&limit=100`)).length, 90);
  assert.doesNotMatch((await people.audit.get(`/survey_members?survey_id=${survey.id}`)).text, /token/);
  for (const path of ['open', 'close', 'draw', 'invitations']) assert.equal((await people.audit.post(`/surveys/${survey.id}/${path}`)).status, 403, path);

  done(await people.survey.post(`/surveys/${survey.id}/open`));
  assert.equal((await people.division.post(`/surveys/${survey.id}/invitations`)).status, 403);
  const invited = await links(survey);
  assert.equal(invited.length, 60);
  assert.match((await pages.survey.get(`/surveys/${survey.id}/invitations`)).text, new RegExp(invited[0]));
  const one = await phone(invited[0]);
  assert.equal(one.shown.headers.get('set-cookie'), null); // the invitation is enough
  assert.equal((await one.send(answer())).status, 303);
  assert.equal((await one.send(answer())).status, 409);
  assert.match((await one.again()).text, /您的评价已收到/);
  await Promise.all(invited.slice(1, 30).map(async (where, i) => assert.equal((await (await phone(where)).send(answer({ q1: `${3 + i % 3}` }))).status, 303)));
  const closed = done(await people.survey.post(`/surveys/${survey.id}/close`));
  const [whole] = closed.results;
  assert.deepEqual([whole.answered, whole.sample, whole.population, whole.representative], [30, 60, 90, true]); // 30, and half of them
  assert.deepEqual(closed.results.filter(({ stratum }) => stratum).map(({ stratum }) => stratum), ['1 号楼', '2 号楼']);
  assert.equal(done(await people.cleaner.get(`/surveys/${survey.id}`)).results[0].mean, whole.mean);
  const evaluation = done(await people.pm.post('/evaluations', { contract_id: survey.contract_id, period: month(-1) }), 201);
  const surveyed = evaluation.lines.find(({ indicator }) => indicator === 'surveyed');
  assert.deepEqual([surveyed.nothing, surveyed.evidence_count], [false, 1]);
});

test('V5.1.7 all who were drawn have their link in the table, and who was in the frame is not in the trail of administrators', async () => {
  const survey = await drawn(1100, 1010);
  done(await people.survey.post(`/surveys/${survey.id}/open`));
  assert.equal(new Set(await links(survey)).size, 1010);
  const told = async (name) => await items(people[name], '/events?resource=survey_members&limit=20');
  for (const name of ['admin', 'security']) assert.ok((await told(name)).every(({ withheld, title, changes, record_id: who }) => withheld && !title && !changes && !who), name);
  const seen = await told('audit');
  assert.ok(seen.length === 20 && seen.every(({ withheld, title }) => !withheld && title));
});

test('V5.1.7 less than half of the sample says nothing of all, and it is said', async () => {
  const survey = await drawn(80, 62);
  done(await people.survey.post(`/surveys/${survey.id}/open`));
  await answers((await links(survey))[0], 1);
  const invited = await links(survey);
  await Promise.all(invited.slice(1, 30).map(async (where) => assert.equal((await (await phone(where)).send(answer())).status, 303)));
  const closed = done(await people.survey.post(`/surveys/${survey.id}/close`));
  assert.deepEqual([closed.results[0].answered, closed.representative], [30, false]); // 30 of 62
  const page = (await pages.survey.get(`/surveys/${survey.id}`)).text;
  assert.match(page, /回收率不足 50%/);
  assert.match(page, /不计入评价/);
});

test('V5.1.5 a questionnaire says what is wrong with it, and is fixed once answers are taken', async () => {
  const draft = done(await people.pm.post('/surveys', await body()), 201);
  const change = (questions) => people.pm.patch(`/surveys/${draft.id}`, { questions, version: draft.version });
  fault(await change([{ kind: 'choice', text: '多久？', options: '每天' }]), 'questions.0.options', 'options_lacking');
  fault(await change([{ kind: 'five', text: '' }]), 'questions.0.text', 'required');
  const changed = done(await change([{ kind: 'words', text: '意见' }]));
  const unready = await people.pm.post(`/surveys/${draft.id}/open`);
  refused(unready, 409, 'survey.not_ready');
  fault(unready, 'questions', 'no_marks');
  done(await people.pm.patch(`/surveys/${draft.id}`, { questions: QUESTIONS, version: changed.version }));
  const survey = done(await people.pm.post(`/surveys/${draft.id}/open`));
  refused(await people.pm.patch(`/surveys/${draft.id}`, { intro: '晚了', version: survey.version }), 409, 'survey.wrong_state');
  fault(await people.pm.post('/surveys', await body({ period: '2026-13' })), 'period', 'not_a_period', 'V5.1.5');
  fault(await people.pm.post(`/surveys/${draft.id}/close`), 'answered', 'too_few_yet', 'V5.1.5');
  fault(await people.pm.post('/surveys', await body({ period: month(1) })), 'period', 'not_begun', 'V5.1.5');
  fault(await people.pm.post('/surveys', await body({ period: '2019' })), 'period', 'not_in_force_then', 'V5.1.5');
  assert.equal((await new Browser(world.url).get('/s/nothing')).status, 404);
});

test('V5.1.5 nobody answers by the hundred, and no more than are served', async () => {
  const counted = await opened({ population: 2 });
  await answers(place(counted), 2);
  assert.equal((await (await phone(place(counted))).send(answer())).status, 409);
});

test('V5.1.5 from one address ten answers a day are taken, nothing of it is kept but how many were turned away, and who reads the result is told', async () => {
  const survey = await opened({ population: 40 });
  const flooded = place(survey), from = '10.9.9.9';
  assert.equal((await (await phone(flooded, from)).send(answer({ q1: '' }))).status, 422); // what is not taken does not count
  let reply, taken = 0;
  for (; taken <= 20 && (reply = await (await phone(flooded, from)).send(answer())).status === 303; taken += 1); // two days may meet here
  assert.equal(reply.status, 429);
  assert.ok(taken >= 10 && reply.headers.get('retry-after'));
  assert.match(reply.text, /您所在网络的评价今天已满 10 份/);
  assert.match(reply.text, /value="4"[^>]* checked/); // and nothing is lost: it goes on over another network
  await answers(flooded, 30);
  const open = done(await people.pm.get(`/surveys/${survey.id}`));
  assert.deepEqual([open.answered_now, open.turned_away], [taken + 30, 1]);
  assert.doesNotMatch((await items(people.audit, `/events?resource=surveys&limit=50`)).map((one) => JSON.stringify(one)).join(), /10\.9\.9\.9/);
  done(await people.pm.post(`/surveys/${survey.id}/close`));
  assert.match((await pages.pm.get(`/surveys/${survey.id}`)).text, /有 1 次提交因同一网络当天超过 10 份未接收/);
});

test('V5.1.5 whom the answers stand for must be known: without it they are never representative and have no consequence', async () => {
  const survey = await opened();
  await answers(place(survey), 29);
  assert.doesNotMatch((await pages.pm.get(`/surveys/${survey.id}`)).text, /结束调查/); // not yet, and it says when
  assert.match((await pages.pm.get(`/surveys/${survey.id}`)).text, /满 30 份、应评人都已作答/);
  await answers(place(survey), 1);
  assert.match((await pages.pm.get(`/surveys/${survey.id}`)).text, /结束调查/);
  const closed = done(await people.pm.post(`/surveys/${survey.id}/close`));
  assert.deepEqual([closed.results[0].measured, closed.results[0].representative, closed.representative], [true, false, false]);
  assert.match((await pages.pm.get(`/surveys/${survey.id}`)).text, /应评人数未知/);
  const evaluation = done(await people.pm.post('/evaluations', { contract_id: survey.contract_id, period: month(-1) }), 201);
  assert.equal(evaluation.lines.find(({ indicator }) => indicator === 'served').nothing, true);
});

// Records of calls over the API and on the command line: each exactly once, whoever sends it, in the words of any call
// system; figures that agree with a count of the files; nothing of one provider for another.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, Browser, day } from '../world.js';

const SAMPLES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/samples');
const absent = fs.existsSync(SAMPLES) ? false : 'the samples are not here';

let world, provider, other, division, ops, resident, contract, agent, number;
before(async () => {
  world = await startWorld();
  [provider, other, division, ops, resident] = await Promise.all(
    ['provider', 'cleaner', 'division', 'ops', 'resident'].map((account) => world.signIn(account)));
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  [agent] = (await provider.get(`/agents?contract_id=${contract.id}&state=active`)).body.items;
  const { items } = (await provider.get(`/number_permissions?contract_id=${contract.id}&state=active`)).body;
  number = items.find(({ to }) => !to || to > day(1)).shown;
});
after(() => world.stop());

let made = 0;
const call = (values = {}) => ({
  source: 'dialer', uid: `story-${process.pid}-${made += 1}`, contract: contract.number, agent: agent.code, caller: number,
  callee: '13812345678', started_at: `${day(-1)}T10:00:00+08:00`, duration_s: 30, talk_s: 12, result: 'contacted', ...values,
});
const send = (by, body, query = '') => by.post(`/calls${query}`,
  typeof body === 'string' ? body : body.map((one) => JSON.stringify(one)).join('\n'), { 'content-type': 'application/x-ndjson' });
const figures = async (by, query) => (await by.get(`/call_figures?contract=${contract.number}&${query}`)).body.items;

test('C2.4 a call that is sent twice counts once, and its figures follow at once', async () => {
  const calls = [call(), call({ result: 'success' }), call({ result: 'busy', talk_s: 0 })];
  const before_ = (await figures(provider, `by=agent&from=${day(-1)}&to=${day(-1)}`)).find(({ key }) => key === agent.code);
  const first = await send(provider, calls);
  assert.equal(first.status, 200, first.text);
  assert.deepEqual(first.body, { accepted: 3, duplicates: 0, revised: 0, rejected: [] });
  const again = await send(provider, calls);
  assert.deepEqual(again.body, { accepted: 0, duplicates: 3, revised: 0, rejected: [] });
  const after_ = (await figures(provider, `by=agent&from=${day(-1)}&to=${day(-1)}`)).find(({ key }) => key === agent.code);
  for (const [figure, more] of Object.entries({ dials: 3, connected: 2, success: 1, talk_s: 24, duration_s: 90 })) {
    assert.equal(after_[figure] - (before_?.[figure] ?? 0), more, figure);
  }
});

test('C2.4 a call that is told again otherwise is corrected, its figures with it, and says what it was', async () => {
  const on = day(-4), one = call({ started_at: `${on}T11:00:00+08:00`, agent: '', result: 'no_answer', talk_s: 0 });
  const sums = async () => (await figures(provider, `by=day&from=${on}&to=${on}`))[0] ?? { dials: 0, success: 0, talk_s: 0 };
  const before_ = await sums();
  assert.equal((await send(provider, [one])).body.accepted, 1);
  const then = { ...one, agent: agent.code, result: 'success', talk_s: 21 };
  assert.deepEqual((await send(provider, [then])).body, { accepted: 0, duplicates: 0, revised: 1, rejected: [] });
  // another start makes no second call of it
  assert.deepEqual((await send(provider, [{ ...then, started_at: `${on}T11:00:01+08:00` }])).body, { accepted: 0, duplicates: 1, revised: 0, rejected: [] });
  const after_ = await sums();
  assert.deepEqual(['dials', 'success', 'talk_s'].map((name) => after_[name] - before_[name]), [1, 1, 21]);
  const { items } = (await provider.get(`/calls?agent_id=${agent.id}&started_at_from=${on}&started_at_to=${on}&limit=200`)).body;
  const { body } = await provider.get(`/calls/${items.find(({ uid }) => uid === one.uid).id}`);
  assert.deepEqual(body.revisions.map(({ change, result, agent_code: code }) => [change, result, code]), [['revised', 'no_answer', '']]);
  assert.deepEqual(body.findings.map(({ kind }) => kind), ['uid_again']);
  const page = await new Browser(world.url, provider.token).get(`/calls/${body.id}`);
  assert.match(page.text, /更正记录/);
});

test('C2.4 bad lines are named with their reason, the good ones kept', async () => {
  const good = call();
  const reply = await send(provider, `${JSON.stringify(good)}\nnonsense\n${JSON.stringify(call({ callee: 'anonymous' }))}\n`);
  assert.equal(reply.body.accepted, 1);
  assert.deepEqual(reply.body.rejected.map(({ row, code }) => [row, code]), [[2, 'not_json'], [3, 'callee_malformed']]);
  for (const { message } of reply.body.rejected) assert.match(message, /\p{Script=Han}/u);
});

// A shipper goes on behind what was acknowledged, and a switch mends nothing: people do.
test('C2.4 what a call system sends wrong is put aside as it came, and holds up nothing behind it', async () => {
  const aside = async () => (await provider.get('/quarantine?state=waiting&limit=200')).body.items;
  const text = async ({ id }) => (await provider.post(`/quarantine/${id}/reveal`, { field: 'record' })).body.value;
  const before = (await aside()).length;
  const bad = JSON.stringify(call({ callee: 'anonymous' }));
  assert.equal((await send(provider, `${JSON.stringify(call())}\nnonsense\n${bad}\r\n`)).body.accepted, 1);
  const [second, first] = await aside();
  assert.deepEqual([first.why, await text(first), second.why, (await text(second)).trim(), second.source], ['not_json', 'nonsense', 'callee_malformed', bad, 'plain']);
  const whole = await send(provider, '[1,');
  assert.deepEqual([whole.status, whole.body.accepted, whole.body.rejected.map(({ row, code }) => [row, code])], [200, 0, [[0, 'unreadable']]]);
  const array = JSON.stringify([call(), call({ callee: 'x' })]);
  assert.equal((await send(provider, array)).body.accepted, 1);
  const [kept, unread] = await aside();
  assert.deepEqual([await text(unread), await text(kept), (await aside()).length - before], ['[1,', array, 4]);
  const many = Array.from({ length: 101 }, () => bad).join('\n');
  assert.equal((await send(provider, many)).body.rejected.length, 101);
  assert.equal((await aside()).length - before, 5);
});

test('C2.4 a value that is wrong is named with what stands there, a call of a day is the longest, and a success without talk is shown', async () => {
  const reply = await send(provider, [call({ started_at: '28.11.2026' }), call({ duration_s: 'long' }), call({ result: 'great' }), call({ duration_s: 1e9 }),
    call({ duration_s: 5, talk_s: 6 }), call({ result: 'success', talk_s: 0 })]);
  assert.equal(reply.body.accepted, 1);
  assert.deepEqual(reply.body.rejected.map(({ row, code, field, value }) => [row, code, field, value]), [[1, 'malformed', 'started_at', '28.11.2026'],
    [2, 'malformed', 'duration_s', 'long'], [3, 'malformed', 'result', 'great'], [4, 'duration_range', 'duration_s', '1000000000'], [5, 'talk_longer_than_call', 'talk_s', '6']]);
  const { items } = (await provider.get(`/calls?agent_id=${agent.id}&result=success&started_at_from=${day(-1)}&started_at_to=${day(-1)}&limit=200`)).body;
  const { body } = await provider.get(`/calls/${items.find(({ talk_s: talk }) => !talk).id}`);
  assert.deepEqual(body.findings.map(({ kind }) => kind), ['success_untalked']);
});

test('C2.4 a sheet of the office goes in as it is: headings, results and times in its own words', async () => {
  const uid = `sheet-${process.pid}`, text = `序号,来源,编号,合同,工号,主叫,被叫,开始时间,呼叫时长,通话时长,结果\n1,表格,${uid},${contract.number},${agent.code},${number},13812345679,${day(-5).replaceAll('-', '/')} 9:05,60,40,成功访问\n`
    + `2,表格,${uid}-2,${contract.number},${agent.code},${number},13812345679,${day(-5)} 10:00:07,60,40,不清楚\n`;
  const { body } = await send(provider, text);
  assert.deepEqual([body.accepted, body.rejected.map(({ row, field, value }) => [row, field, value])], [1, [[3, '结果', '不清楚']]]);
  const { items } = (await provider.get(`/calls?callee=13812345679&started_at_from=${day(-5)}&started_at_to=${day(-5)}`)).body;
  assert.deepEqual(items.map((one) => [one.uid, one.result, one.started_at]), [[uid, 'success', `${day(-5)}T09:05:00+08:00`]]);
});

test('C2.4 a number is looked for whole', async () => {
  const { status, body } = await provider.get('/calls?callee=138');
  assert.deepEqual([status, body.error.fields.map(({ field, code }) => [field, code])], [422, [['callee', 'whole_number']]]);
});

test('C2.4 a call system\'s file is taken in like what it sends itself, and what is wrong with it is said line by line', async () => {
  const file = (text, profile = 'plain') => {
    const form = new FormData();
    form.set('profile', profile);
    if (text) form.set('file', new Blob([text]), '话单.csv');
    return form;
  };
  const [one, two] = [call(), call()];
  const columns = Object.keys(one), row = (values) => columns.map((name) => values[name]).join(',');
  const text = [columns.join(','), row(one), row(two), row({ ...call(), callee: 'anonymous' })].join('\n');
  const { body } = await provider.post('/calls/import', file(text));
  assert.deepEqual([body.accepted, body.duplicates, body.rejected.map(({ code }) => code)], [2, 0, ['callee_malformed']]);
  assert.equal((await send(provider, [one])).body.duplicates, 1); // the same call, whichever way it came
  assert.equal((await provider.post('/calls/import', file(''))).body.error.fields[0].code, 'required');
  assert.equal((await provider.post('/calls/import', file(text, 'nobodys'))).status, 422);
  assert.equal((await provider.post('/calls/import', file('nonsense'))).status, 422);
  assert.equal((await resident.post('/calls/import', file(text))).status, 403);
  // And found by whom it was: by person as by the ids that the person has.
  const found = async (by) => (await provider.get(`/calls?limit=200&started_at_from=${day(-1)}&started_at_to=${day(-1)}&${by}`)).body.items.map(({ uid }) => uid);
  const byPerson = await found(`person_id=${agent.person_id}`);
  assert.ok(byPerson.includes(one.uid) && byPerson.includes(two.uid));
  assert.deepEqual(byPerson, await found(`agent_id=${agent.id}`));
});

test('C3.3 a number that was called is masked in the name of its recording, wherever that is read', async () => {
  const callee = `137${String(process.pid).padStart(8, '0')}`;
  const one = call({ callee, recording: `/rec/${callee}-1.wav` });
  assert.equal((await send(provider, [one])).body.accepted, 1);
  const shown = `/rec/137****${callee.slice(-4)}-1.wav`;
  for (const by of [provider, division, ops]) {
    const [{ id, recording }] = (await by.get(`/calls?callee=${callee}`)).body.items;
    assert.equal(recording, shown);
    assert.equal((await by.get(`/calls/${id}`)).body.recording, shown);
    const csv = await by.post(`/calls/export?format=csv&callee=${callee}`);
    assert.equal(csv.status, 200, csv.text);
    assert.ok(csv.text.includes(`137****${callee.slice(-4)}`) && !csv.text.includes(callee));
    const page = await new Browser(world.url, by.token).get(`/calls/${id}`);
    assert.ok(page.text.includes(shown) && !page.text.includes(callee));
  }
});

test('C3.3 a number that was called is masked, and found again by who knows it', async () => {
  const callee = `139${String(process.pid).padStart(8, '0')}`;
  const one = call({ callee });
  await send(provider, [one, call()]);
  const { items } = (await division.get(`/calls?callee=${callee}`)).body;
  assert.deepEqual(items.map(({ uid }) => uid), [one.uid]);
  assert.equal(items[0].callee, `139****${callee.slice(-4)}`);
  const { text } = await division.get(`/calls/${items[0].id}`);
  assert.ok(!text.includes(callee.slice(3)));
});

test('V2 another provider sees no call, no figure, and cannot add to them', async () => {
  const one = call();
  await send(provider, [one]);
  const { items: [mine] } = (await provider.get('/calls?limit=1')).body;
  assert.equal((await other.get('/calls')).body.items.length, 0);
  assert.equal((await other.get(`/calls/${mine.id}`)).status, 404);
  assert.equal((await other.get(`/call_figures?contract=${contract.number}`)).status, 404);
  assert.equal((await send(resident, [call()])).status, 403);
});

test('C2.4 lists go on over months, page by page, without gap or repeat', async () => {
  const uids = [];
  const calls = [0, 40, 80].map((back) => call({ started_at: `${day(-back - 2)}T09:00:00+08:00`, source: 'pages' }));
  await send(provider, calls);
  for (let after = ''; after !== null;) {
    const { items, next } = (await provider.get(`/calls?limit=1&agent_id=${agent.id}${after && `&after=${after}`}`)).body;
    uids.push(...items.map(({ uid }) => uid));
    after = next;
  }
  assert.equal(new Set(uids).size, uids.length);
  for (const { uid } of calls) assert.ok(uids.includes(uid), uid);
});

/* ---- the face of calls ---- */

test('C2.4 the board says what the roll-ups hold, with the formula of each figure', async () => {
  const [from, to] = [day(-9), day(-1)];
  const { body: board } = await provider.get(`/call_board?contract=${contract.number}&from=${from}&to=${to}`);
  const days = await figures(provider, `by=day&from=${from}&to=${to}`);
  const sum = (name) => days.reduce((all, one) => all + one[name], 0);
  const value = Object.fromEntries(board.figures.map(({ name, value: is }) => [name, is]));
  for (const name of ['dials', 'connected', 'success', 'talk_s', 'duration_s']) assert.equal(value[name], sum(name), name);
  assert.equal(value.connect_rate, (Math.round(sum('connected') * 10000 / sum('dials')) / 100).toFixed(2));
  assert.equal(board.by_day.length, 9);
  for (const { key, dials } of board.by_day) assert.equal(dials, days.find((one) => one.key === key)?.dials ?? 0, key);
  for (const rows of [board.by_hour, board.by_weekday_hour.flatMap(({ hours }) => hours)])
    assert.equal(rows.reduce((all, { dials }) => all + dials, 0), sum('dials'));
  assert.deepEqual([board.before_from, board.before_to], [day(-18), day(-10)]);
  const rate = board.formulas.find(({ name }) => name === 'connect_rate');
  assert.deepEqual([rate.version, rate.unit, rate.formula], [1, 'percent', 'connected / dials']);
});

test('V2 the board of a contract is its parties\' alone, and a period that is none is refused', async () => {
  const seen = (by) => by.get(`/call_board?contract=${contract.number}&month=${day(-1).slice(0, 7)}`);
  assert.equal((await seen(division)).status, 200);
  assert.equal((await seen(other)).status, 404);
  assert.equal((await other.get('/call_board')).body.figures[0].value, 0);
  for (const bad of ['month=2026-13', 'from=2026-01-01', 'from=2026-02-01&to=2026-01-01', 'from=2020-01-01&to=2026-01-01'])
    assert.equal((await provider.get(`/call_board?${bad}`)).status, 422, bad);
  const page = await world.browse('provider');
  assert.match((await page.get(`/call_board?contract=${contract.number}`)).text, /接通量 ÷ 呼出量/);
  assert.equal((await page.get('/call_board?month=2026-13')).status, 422);
});

const sendStates = (by, states, query = '') => by.post(`/agent_states${query}`, states.map((one) => JSON.stringify(one)).join('\n'), { 'content-type': 'application/x-ndjson' });
const theDay = async (by, on) => (await by.get(`/call_days?agent_id=${agent.id}&day=${on}`)).body.items[0];

test('C2.4 agents\' states are taken once and make the agent\'s day, whatever their order', async () => {
  const on = day(-40); // the demo's own states are of later days
  const state = (at, name, values = {}) => ({ source: 'states', uid: `${on}-${at}-${name}`, contract: contract.number, agent: agent.code, at: `${on}T${at}:00+08:00`, state: name, ...values });
  const states = [state('12:00', 'signed_out'), state('09:00', 'signed_in'), state('11:00', 'pause', { reason: '午餐', until: `${on}T11:30:00+08:00` }), state('11:20', 'talking')];
  const bad = { ...states[0], uid: 'bad', agent: 'nobody' };
  const first = await sendStates(provider, [...states, bad]);
  assert.deepEqual([first.status, first.body.accepted, first.body.rejected.map(({ row, code }) => [row, code])], [200, 4, [[5, 'agent_unknown']]], first.text);
  assert.match(first.body.rejected[0].message, /\p{Script=Han}/u);
  assert.deepEqual((await sendStates(provider, states)).body, { accepted: 0, duplicates: 4, rejected: [] });
  const { id, signed_s: signed, pause_s: pause, talking_s: talking, overlap_s: overlap, unended, utilisation } = await theDay(provider, on);
  assert.deepEqual({ signed, pause, talking, overlap, unended, utilisation }, { signed: 10800, pause: 1200, talking: 2400, overlap: 600, unended: 0, utilisation: '22.22' });
  const { body: whole } = await provider.get(`/call_days/${id}`);
  assert.deepEqual(whole.states.map(({ state: name, reason }) => [name, reason]), [['signed_in', ''], ['pause', '午餐'], ['talking', ''], ['signed_out', '']]);
  assert.equal((await other.get(`/call_days/${id}`)).status, 404);
  assert.equal((await sendStates(resident, states)).status, 403);
  assert.equal((await provider.post('/agent_states?profile=nothing', '')).status, 422);
});

test('C2.4 a person\'s day shows calls, gaps and what was done in them, and leads from the call to it', async () => {
  const on = day(-41);
  await send(provider, [call({ started_at: `${on}T09:00:00+08:00` }), call({ started_at: `${on}T10:00:00+08:00` })]);
  await sendStates(provider, [{ source: 'states', uid: `gap-${on}`, agent: agent.code, contract: contract.number, at: `${on}T09:01:00+08:00`, until: `${on}T09:59:00+08:00`, state: 'pause', reason: '培训' }]);
  const { id, dials } = await theDay(provider, on);
  const { body: whole } = await provider.get(`/call_days/${id}`);
  assert.equal(whole.calls.length, dials);
  const gap = whole.gaps.find(({ reason }) => reason === '培训');
  assert.ok(gap.seconds >= 900 && gap.state === 'pause', JSON.stringify(whole.gaps));
  const page = await world.browse('provider');
  const { text } = await page.get(`/calls/${whole.calls[0].id}`);
  assert.ok(text.includes(`/call_days/${id}`) && text.includes(`/people/${agent.person_id}`) && text.includes(`/agents/${agent.id}`));
  assert.match((await page.get(`/call_days/${id}`)).text, /培训/);
});

test('C2.4 a day of agents that nobody knows shows its calls, and says that they are nobody\'s', async () => {
  const on = day(-43);
  const strange = [['09:00', '7771'], ['11:00', '7772'], ['12:00', '']].map(([at, of]) => call({ agent: of, started_at: `${on}T${at}:00+08:00` }));
  await send(provider, [...strange, call({ started_at: `${on}T10:00:00+08:00` })]);
  const [{ id, dials }] = (await provider.get(`/call_days?day=${on}&agent_id=none&contract_id=${contract.id}`)).body.items;
  const { body: whole } = await provider.get(`/call_days/${id}`);
  assert.equal(dials, 3);
  assert.deepEqual(whole.calls.map(({ uid }) => uid), strange.map(({ uid }) => uid));
  assert.deepEqual([whole.gaps, whole.states], [[], []]);
  assert.equal((await other.get(`/call_days/${id}`)).status, 404);
  const { text } = await (await world.browse('provider')).get(`/call_days/${id}`);
  assert.match(text, /查无此人/);
  assert.doesNotMatch(text, /这一天没有通话/);
});

test('C2.4 lists of calls and days are narrowed by names, and exports say for whom they were made', async () => {
  const page = await world.browse('provider');
  const { text } = await page.get(`/calls?contract_id=${contract.id}`);
  assert.match(text, new RegExp(`<option value="${agent.id}">${agent.code} `));
  assert.ok(text.includes(`<option value="${contract.id}" selected>${contract.number} ${contract.name}</option>`));
  assert.doesNotMatch(text, /日期与金额/);
  for (const list of ['calls', 'call_days']) {
    const csv = await provider.post(`/${list}/export?format=csv&contract_id=${contract.id}&agent_id=${agent.id}`);
    assert.equal(csv.status, 200);
    assert.match(csv.text.split('\n')[0], /导出人 provider \p{Script=Han}+，时间 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d，/u);
    assert.match(csv.headers.get('content-disposition'), /filename="download\.csv"/);
    assert.ok(csv.text.includes(agent.code), csv.text.slice(0, 300));
    assert.ok(!csv.text.includes('13812345678'));
  }
});

/* ---- the call systems' own files ---- */

const FILES = [['calls-plain.csv', 'plain'], ['asterisk-Master.csv', 'asterisk_csv'], ['freeswitch-cdr.ndjson', 'freeswitch_json']];

// The call centre that the files are of, in place of the demo world's own.
function becomeTheirs({ contract: theirs, agents, numbers }) {
  const { person_id: person } = agent;
  world.sql(`UPDATE contracts SET number = '${theirs}' WHERE id = ${contract.id}`);
  const rows = (all, columns) => all.map((one, i) => `(${90000 + i}, 1, 0, 0, ${columns(one, 90000 + i)})`).join(', ');
  world.sql(`INSERT INTO agents (id, version, created_at, updated_at, contract_id, person_id, code, permissions, state, "from", "to", search_key)
    VALUES ${rows(Object.keys(agents), (code) => `${contract.id}, ${person}, '${code}', 'manual_dial', 'active', '2026-01-01', '', ''`)}`);
  world.sql(`INSERT INTO numbers (id, version, created_at, updated_at, owner_id, number, shown, carrier, proof, purpose, state, state_reason,
    search_key) VALUES ${rows(numbers, (one) => `${contract.client_id}, '+86${one.slice(1)}', '${one}', '', '', '', 'active', '', ''`)}`);
  world.sql(`INSERT INTO number_permissions (id, version, created_at, updated_at, number_id, contract_id, state, "from", "to")
    VALUES ${rows(numbers, (one, id) => `${id}, ${contract.id}, 'active', '2026-01-01', ''`)}`);
}

const until = async (ask) => { // the runner's limit ends a wait in vain
  for (;;) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
};

test('C1.2 a breach leads to its calls, tells both sides, and is explained in a letter that the client answers', async () => {
  await send(provider, [call({ agent: '8801' }), call({ agent: '8801' })]);
  const breach = await until(async () => (await provider.get('/breaches')).body.items.find(({ agent_code: code, count }) => code === '8801' && count === 2));
  const page = await world.browse('provider');
  const { text } = await page.get(`/breaches/${breach.id}`);
  assert.match(text, new RegExp(`href="/calls/${breach.last_call_id}"`));
  const [, href] = /href="(\/calls\?contract_id=[^"]*)"/.exec(text);
  const listed = (await provider.get(href.replaceAll('&amp;', '&'))).body.items;
  assert.ok(listed.length >= 2 && listed.some(({ id }) => id === breach.last_call_id));
  for (const account of ['provider', 'duty', 'client']) {
    const { items } = (await (await world.signIn(account)).get('/notices')).body;
    assert.ok(items.some(({ kind }) => kind === 'breach.found'), account);
  }
  const letter = await provider.post(`/breaches/${breach.id}/letter`);
  assert.equal(letter.status, 201, letter.text);
  assert.deepEqual([letter.body.type, letter.body.contract_id, letter.body.subject], ['general', contract.id, `外呼违规${breach.id}：工号未开通`]);
  assert.match(letter.body.body, /8801.*\d/);
  const [, letters] = /href="(\/letters\?contract_id=[^"]*)"/.exec(text);
  assert.deepEqual((await provider.get(letters.replaceAll('&amp;', '&'))).body.items.map(({ id }) => id), [letter.body.id]);
  assert.equal((await other.post(`/breaches/${breach.id}/letter`)).status, 404);
});

test('C1.2 an open exception is owed an explanation until it has one, and again when more of it is found', async () => {
  const wrong = (i) => call({ contract: 'HT-nowhere-9', started_at: `${day(-1)}T10:0${i}:00+08:00` });
  const duty = await world.signIn('duty');
  const owed = async (id) => (await duty.get('/duties?rule=explain_exception&state=open')).body.items.some(({ subject_id: of }) => of === id);
  await send(provider, [wrong(0)]);
  const exception = await until(async () => (await provider.get('/call_exceptions')).body.items.find(({ contract_said: said }) => said === 'HT-nowhere-9'));
  assert.ok(await owed(exception.id));
  assert.equal((await duty.post(`/call_exceptions/${exception.id}/explain`, { reason: '合同编号填错' })).status, 200);
  assert.ok(!await owed(exception.id));
  await send(provider, [wrong(1)]);
  await until(() => owed(exception.id));
  assert.deepEqual((await duty.get(`/call_exceptions/${exception.id}/history`)).body.items.map(({ action }) => action), ['reopen', 'explain', 'create']);
});

test('three call systems\' files import to what they hold, and twice changes nothing', { skip: absent }, async () => {
  const truth = JSON.parse(fs.readFileSync(path.join(SAMPLES, 'calls.truth.json')));
  becomeTheirs(truth);
  for (const round of [0, 1]) {
    for (const [file, profile] of FILES) {
      const run = world.luyue(['import', 'calls', path.join(SAMPLES, file), '--profile', profile]);
      assert.equal(run.status, 0, run.stderr);
      assert.match(run.stdout, new RegExp(`^rows 4000, good 4000, unchanged ${round ? 4000 : 0}, refused 0`));
    }
  }
  const items = (await provider.get(`/call_figures?contract=${truth.contract}&from=2026-09-01&to=2026-09-30&by=agent`)).body.items;
  const theirs = items.filter(({ key }) => key in truth.agents);
  const found = Object.fromEntries(theirs.map(({ key, dials, talk_s, success }) => [key, { dials, talk_s, success }]));
  assert.deepEqual(found, truth.agents);
});

test('a file with one line in a hundred broken names each of them', { skip: absent }, () => {
  const lines = fs.readFileSync(path.join(SAMPLES, 'calls-plain.csv'), 'utf8').split('\n').slice(0, 1001);
  const broken = [];
  for (let i = 50; i <= 1000; i += 100) {
    lines[i] = lines[i].replace(/2026-09-\d\dT/, '2026-19-99T').replace('dialer,d-', 'broken,d-');
    broken.push(i + 1);
  }
  const file = path.join(world.data, 'broken.csv');
  const report = path.join(world.data, 'report.json');
  fs.writeFileSync(file, lines.join('\n'));
  const run = world.luyue(['import', 'calls', file, '--report', report]);
  assert.equal(run.status, 3, run.stderr);
  const { rows, good, bad } = JSON.parse(fs.readFileSync(report));
  assert.equal(rows, 1000);
  assert.equal(good, 990);
  assert.deepEqual(bad.map(({ row, code }) => [row, code]), broken.map((row) => [row, 'malformed']));
});

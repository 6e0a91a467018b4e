// C2.4, C2.5, C2.10, X4: a month from the client's evidence to a locked result, explained down to the record, with what is refused.
// The demo world's month before the last is locked, the last one published (on the first days of a month it is still open).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, Browser, PASSWORD, month } from '../world.js';

let world, client, provider, duty, supervisor, agent, other, contract, locked, last;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.body.error.code, code);
};
const fault = (reply, field, code) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === code), reply.text);
};
const list = async (by, path) => done(await by.get(path)).items;
const monthOf = async (of) => (await list(provider, `/months?month=${of}`))[0];

before(async () => {
  world = await startWorld();
  [client, provider, duty, supervisor, agent, other] = await Promise.all(
    ['client', 'provider', 'duty', 'supervisor', 'agent', 'cleaner'].map((name) => world.signIn(name)));
  [contract] = await list(provider, '/contracts?service=outbound_call&state=active');
  [locked, last] = await Promise.all([month(-2), month(-1)].map(monthOf));
});
after(() => world.stop());

async function evidence(line) {
  const letter = done(await client.post('/letters', { type: 'penalty_evidence', contract_id: contract.id, subject: '关于考核依据的函',
    lines: [{ agent_code: '1002', fact: '未报身份', ...line }] }), 201);
  const { sha256 } = done(await client.get(`/letters/${letter.id}`));
  return { ...letter, sent: await client.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }) };
}
const found = async ({ id, sent }) => { done(sent); return (await list(provider, `/penalties?letter_id=${id}`))[0]; };

test('C2.4 evidence in time is verified line by line before it is answered', async () => {
  const letter = await evidence({ month: month(0) });
  const piece = await found(letter);
  assert.deepEqual([piece.late, piece.state], [false, 'proposed']);
  done(await provider.post(`/letters/${letter.id}/approve`, { reason: '已调录音' }));
  refused(await provider.post(`/letters/${letter.id}/execute`), 409, 'penalty.undecided');
  assert.equal((await client.post(`/penalties/${piece.id}/uphold`, { points: '2', reason: '属实' })).status, 403); // proposes, decides nothing
  fault(await provider.post(`/penalties/${piece.id}/uphold`, { points: '0', reason: '属实' }), 'points', 'points_of_base');
  assert.equal((await provider.post(`/penalties/${piece.id}/uphold`, { points: '2' })).status, 422);
  assert.equal(done(await provider.post(`/penalties/${piece.id}/uphold`, { points: '2', reason: '录音属实' })).state, 'upheld');
  refused(await provider.post(`/penalties/${piece.id}/reject`, { reason: '再想想' }), 409, 'penalty.wrong_state');
  assert.match(done(await provider.post(`/letters/${letter.id}/execute`)).answer, /1002.*扣 2.00 分/);
});

test('C2.4 late evidence is kept, says so, and counts for no month', async () => {
  const late = await evidence({ month: month(-2) }), piece = await found(late);
  assert.deepEqual([piece.late, piece.state], [true, 'kept']);
  const { warning } = late; // told from the draft on, and of the letter, which nobody owes a verdict on
  assert.match(warning, /^迟到：工号 1002 的依据要在 \d{4}-\d\d-\d\d 23:59 前到达/);
  assert.equal(done(await provider.get(`/letters/${late.id}`)).warning, warning);
  const owed = async ({ id }) => (await list(provider, `/duties?rule=decide_letter&limit=200&sort=-id`)).filter(({ subject_id: of }) => of === id).length;
  assert.equal(await owed(late), 0);
  const timely = await evidence({ month: month(0), agent_code: '1003' });
  done(timely.sent);
  assert.equal(await owed(timely), 1);
  assert.equal(timely.warning, '');
  refused(await provider.post(`/penalties/${piece.id}/uphold`, { points: '2', reason: '属实' }), 409, 'penalty.late');
  fault((await evidence({ month: month(1) })).sent, 'lines.0.month', 'month_to_come');
  fault((await evidence({})).sent, 'lines.0.month', 'month_or_call');
  fault((await evidence({ month: month(0), agent_code: '9999' })).sent, 'lines.0.agent_code', 'unknown_agent');
  refused((await evidence({ month: '2020-01' })).sent, 409, 'month.no_scheme'); // no scheme was consented to
});

test('C2.4 a month keeps its order, and a locked one never changes', async () => {
  const now = await monthOf(month(0));
  assert.notEqual(done(await client.get(`/months/${now.id}`)).evidence_left, ''); // both sides see the time run
  assert.notEqual(done(await provider.get(`/months/${now.id}`)).evidence_left, '');
  refused(await provider.post(`/months/${now.id}/close_evidence`), 409, 'month.evidence_open');
  for (const step of ['compute', 'publish', 'lock']) refused(await provider.post(`/months/${now.id}/${step}`), 409, 'month.wrong_state');
  for (const step of ['close_evidence', 'compute', 'publish', 'lock', 'reopen']) {
    refused(await provider.post(`/months/${locked.id}/${step}`, { reason: '更正' }), 409, 'month.wrong_state');
  }
  assert.equal((await client.post(`/months/${last.id}/compute`)).status, 403);
  assert.equal((await other.get(`/months/${locked.id}`)).status, 404);
});

const hundredths = (text) => Math.round(Number(text) * 100);
const half = (a, b) => Math.floor((2 * a + b) / (2 * b)); // a : b, half up

test('C2.4 every total is worked out again from its lines, and every line leads to its records', async () => {
  const sheets = await list(provider, `/sheets?month_id=${locked.id}&subject=agent&sort=rank&limit=200`);
  assert.ok(sheets.length >= 30);
  for (const { id } of sheets) {
    const sheet = done(await provider.get(`/sheets/${id}`));
    // Of whoever was there for a part of the month the target is prorated by the days that it says.
    const [, there, of] = /part_month:prorate:(\d+)\/(\d+)/.exec(sheet.options) ?? [];
    for (const { indicator, target, value, points, max } of sheet.lines) {
      if (indicator !== 'success') continue;
      assert.equal(hundredths(target), there ? half(13000 * Number(there), Number(of)) : 0);
      if (there) assert.equal(hundredths(points), Math.min(hundredths(max), half(hundredths(max) * hundredths(value), hundredths(target))));
    }
    const sum = (kind, member) => sheet.lines.filter((line) => line.kind === kind).reduce((all, line) => all + hundredths(line[member]), 0);
    const base = half(10_000 * sum('indicator', 'points'), sum('indicator', 'max')) + sum('indicator', 'extra');
    assert.equal(hundredths(sheet.total), Math.min(10_000, Math.max(0, base + sum('penalty', 'points') + sum('adjustment', 'points'))), sheet.person_name);
  }
  const totals = sheets.map(({ total }) => hundredths(total));
  sheets.forEach(({ rank }, i) => assert.equal(rank, 1 + totals.filter((total) => total > totals[i]).length));
  const sheet = done(await provider.get(`/sheets/${sheets[0].id}`));
  const success = sheet.lines.find(({ indicator }) => indicator === 'success');
  const calls = await list(provider, success.evidence.replace('?', '?limit=200&'));
  assert.deepEqual([calls.length, calls.length], [Number(success.value), success.evidence_count]);
  for (const { evidence: records } of sheet.lines) if (records) done(await provider.get(records));
});

test('C2.4 the rule of places stands where they do, and a month to come is not tried', async () => {
  const page = await new Browser(world.url, provider.token).get(`/sheets?month_id=${locked.id}&subject=agent`);
  assert.match(page.text, /没有任何实测数据的人/);
  const sheets = await list(provider, `/sheets?month_id=${locked.id}&subject=agent&limit=200`);
  // Each indicator's points stand beside the total.
  for (const name of ['成功访问量', '呼出时长']) assert.match(page.text, new RegExp(`<th class="num of">(<a [^>]*>)?${name}<`));
  const [first] = sheets, { lines } = done(await provider.get(`/sheets/${first.id}`));
  const row = page.text.slice(page.text.indexOf(`/sheets/${first.id}"`)).split('</tr>')[0];
  for (const { kind, nothing, points } of lines) if (kind === 'indicator' && !nothing) assert.ok(row.includes(`<td class="num">${points}</td>`), points);
  for (const { rank, tied } of sheets) assert.equal(tied, rank && sheets.filter((one) => one.rank === rank).length - 1);
  const [scheme] = await list(provider, '/schemes?subject=agent&state=in_force');
  fault(await provider.get(`/schemes/${scheme.id}/trial?month=${month(1)}`), 'month', 'month_to_come');
});

test('C2.4 the table of results is sorted by place, whoever has none last, and by the points of each indicator', async () => {
  const all = await list(provider, `/sheets?month_id=${locked.id}&limit=200`);
  // Page by page, as people turn them.
  const sorted = async (sort, limit = 7) => {
    const rows = [];
    for (let after = ''; after !== undefined;) {
      const { items, next } = done(await provider.get(`/sheets?month_id=${locked.id}&sort=${sort}&limit=${limit}${after && `&after=${after}`}`));
      rows.push(...items);
      after = next ?? undefined;
    }
    assert.deepEqual(rows.map(({ id }) => id).toSorted((a, b) => a - b), all.map(({ id }) => id).toSorted((a, b) => a - b), sort);
    return rows;
  };
  const places = (await sorted('rank')).map(({ rank }) => rank || Infinity);
  assert.deepEqual(places, places.toSorted((a, b) => (a === b ? 0 : a - b)));
  world.sql(`UPDATE sheets SET place = 2147483647, rank = 0 WHERE month_id = ${locked.id} AND rank <= 2`);
  const without = (await sorted('rank')).map(({ rank }) => rank);
  assert.ok(without[0] > 0 && without.at(-1) === 0 && without.indexOf(0) === without.filter((rank) => rank).length);
  for (const { id, rank } of all) world.sql(`UPDATE sheets SET rank = ${rank}, place = ${rank || 2147483647} WHERE id = ${id}`);
  const { lines } = done(await provider.get(`/sheets/${all.find(({ subject }) => subject === 'agent').id}`));
  for (const { indicator, kind } of lines) {
    if (kind !== 'indicator') continue;
    const points = [];
    for (const { id } of await sorted(`-points.${indicator}`)) {
      const line = done(await provider.get(`/sheets/${id}`)).lines.find((one) => one.indicator === indicator);
      points.push(line && Number(line.max) + Number(line.extra) > 0 ? Number(line.points) + Number(line.extra) : -1);
    }
    assert.deepEqual(points, points.toSorted((a, b) => b - a), indicator);
  }
  const success = (await sorted('points.success', 200)).map(({ id }) => id), own = await list(provider, `/sheets?month_id=${locked.id}&subject=agent&q=10&sort=points.success&limit=200`);
  assert.deepEqual(own.map(({ id }) => id), success.filter((id) => own.some((one) => one.id === id)));
  fault(await provider.get('/sheets?sort=points.success'), 'sort', 'sort_in_a_month');
  fault(await provider.get(`/sheets?month_id=${locked.id}&sort=points.nothing`), 'sort', 'not_sortable');
  assert.equal((await provider.get(`/sheets?month_id=${locked.id}&sort=points.success&after=1~2`)).status, 422);
  const page = (await new Browser(world.url, provider.token).get(`/sheets?month_id=${locked.id}`)).text;
  assert.match(page, /<a class="plain" href="[^"]*sort=-points\.success">成功访问量/);
  assert.deepEqual((await list(agent, `/sheets?month_id=${locked.id}&sort=-points.success`)).length, 1); // the own one
});

test('C2.4 the board tells which months are late, and who lacks what with the way to enter it', async () => {
  const months = await list(provider, '/months');
  assert.deepEqual(months.map(({ month: of }) => of), months.map(({ month: of }) => of).toSorted().reverse());
  const overdue = await list(provider, '/duties?state=overdue&limit=200');
  for (const { id, overdue_since: since } of months) {
    const own = overdue.filter(({ subject, subject_id: of }) => subject === 'months' && of === id).map(({ due_at: at }) => at);
    assert.equal(since ?? undefined, own.toSorted()[0]);
  }
  const { missing, lacks } = done(await provider.get(`/months/${last.id}/missing`));
  for (const { indicator, people } of lacks) assert.equal(missing.filter(({ indicators }) => indicators.split(', ').includes(indicator)).length, people, indicator);
  assert.ok(lacks.some(({ measure }) => measure === 'reviews.score'));
  assert.match((await new Browser(world.url, provider.token).get(`/months/${last.id}/missing`)).text, /去导入或登记/);
});

test('C2.4 a history tells in words what changed: neither digests nor how many rows', async () => {
  const page = async (place) => (await new Browser(world.url, provider.token).get(`${place}/history`)).text;
  const told = await page(`/months/${locked.id}`);
  assert.match(told, /公布/);
  assert.doesNotMatch(told, /SHA-256/);
  const [next] = await list(provider, '/schemes?subject=agent&state=draft');
  assert.match(await page(`/schemes/${next.id}`), /指标[^]*改动 成功访问量、呼出时长/);
});

test('C2.4 points are seen by both sides, what lies behind them by whoever may read it', async () => {
  const [{ id }] = await list(agent, '/sheets');
  const [foreign] = (await list(provider, `/sheets?month_id=${locked.id}&limit=200`)).filter((one) => one.agent_code === '1002');
  assert.equal((await agent.get(`/sheets/${foreign.id}`)).status, 404);
  const order = (sheet) => sheet.lines.find(({ indicator }) => indicator === 'order');
  assert.equal(order(done(await agent.get(`/sheets/${id}`))).withheld, false);
  const scored = (await list(provider, `/manual_scores?month_id=${locked.id}`)).find(({ indicator }) => indicator === 'order');
  const [sheet] = await list(provider, `/sheets?month_id=${locked.id}&subject_id=${scored.person_id}`);
  const theirs = order(done(await client.get(`/sheets/${sheet.id}`)));
  assert.deepEqual([theirs.withheld, theirs.reason, theirs.evidence, theirs.points], [true, '', '', '6.00']);
  assert.equal(order(done(await provider.get(`/sheets/${sheet.id}`))).reason, scored.reason);
});

// The last month with another result for the agent, published anew; undefined on the first days of a month.
async function publishedAnew() {
  last = await monthOf(month(-1));
  if (last.state === 'open') return undefined;
  fault(await provider.post(`/months/${last.id}/reopen`, {}), 'reason', 'required');
  done(await provider.post(`/months/${last.id}/reopen`, { reason: '通话补传' }));
  refused(await provider.post(`/months/${last.id}/reopen`, { reason: '通话补传' }), 403, 'month.second_person');
  assert.equal(done(await duty.post(`/months/${last.id}/reopen`)).state, 'evidence_closed');
  const person = done(await agent.get('/session')).person_id;
  done(await supervisor.post('/manual_scores', { month_id: last.id, person_id: person, indicator: 'order', points: '1', reason: '一次迟到未说明' }), 201);
  const [colleague] = (await list(provider, `/sheets?month_id=${last.id}`)).filter(({ subject_id: whose }) => whose !== person);
  const body = { month_id: last.id, about_month: month(-2), person_id: colleague.subject_id, points: '-1', reason: '上月一通重复计数' };
  fault(await provider.post('/adjustments', { ...body, about_month: month(-1) }), 'about_month', 'month_not_locked');
  const correction = done(await provider.post('/adjustments', body), 201);
  assert.equal(correction.state, 'proposed');
  refused(await provider.post(`/months/${last.id}/compute`), 409, 'month.corrections_open');
  refused(await provider.post(`/adjustments/${correction.id}/approve`), 403, 'adjustment.second_person');
  assert.equal((await supervisor.post(`/adjustments/${correction.id}/approve`)).status, 403);
  const refusable = done(await provider.post('/adjustments', { ...body, points: '-100' }), 201);
  assert.equal((await duty.post(`/adjustments/${refusable.id}/refuse`)).status, 422);
  assert.equal(done(await duty.post(`/adjustments/${refusable.id}/refuse`, { reason: '没有依据' })).state, 'refused');
  assert.equal(done(await duty.post(`/adjustments/${correction.id}/approve`)).state, 'approved');
  refused(await provider.post(`/months/${last.id}/publish`), 409, 'month.wrong_state');
  const { sha256 } = done(await provider.post(`/months/${last.id}/compute`));
  assert.equal(done(await provider.post(`/months/${last.id}/compute`)).sha256, sha256); // the same bit for bit
  // What nobody has a value of is published only by somebody who says why.
  last = await monthOf(month(-1));
  if (last.blank) fault(await provider.post(`/months/${last.id}/publish`), 'reason', 'nobody_measured');
  const published = done(await provider.post(`/months/${last.id}/publish`, { reason: '当月没有安排' }));
  assert.equal(published.publish_reason, last.blank ? '当月没有安排' : '');
  return (await list(agent, `/sheets?period=${month(-1)}`))[0];
}

test('C2.4 results beside each other are what the sheets say: spread, trend, and two months indicator by indicator', async () => {
  const sheets = await list(provider, `/sheets?month_id=${locked.id}&subject=agent&limit=200`);
  const spread = done(await provider.get(`/months/${locked.id}`)).spread.filter(({ subject }) => subject === 'agent');
  const inBand = (from) => sheets.filter(({ appraised, total }) => appraised && Math.min(10, Math.floor(Number(total) / 10)) * 10 === from).length;
  assert.deepEqual(Object.fromEntries(spread.map(({ from, people }) => [from, people])),
    Object.fromEntries([...new Set(spread.map(({ from }) => from))].map((from) => [from, inBand(from)])));
  assert.equal(spread.reduce((sum, { people }) => sum + people, 0), sheets.filter(({ appraised }) => appraised).length);
  assert.ok(spread.every(({ team }) => team) && done(await client.get(`/months/${locked.id}`)).spread.every(({ team }) => !team));
  const [own] = await list(agent, '/sheets'), { trend } = done(await agent.get(`/sheets/${own.id}`));
  const mine = (await list(agent, '/sheets?limit=200')).filter(({ period }) => period <= own.period).sort((a, b) => (a.period < b.period ? -1 : 1));
  assert.deepEqual(trend.map(({ month: of, total, rank, sheet_id: id }) => [of, total, rank, id]), mine.map(({ period, total, rank, id }) => [period, total, rank, id]));
  if (last.state === 'open') return; // the first days of a month
  const both = done(await provider.get(`/months/${last.id}/compare?limit=1000`));
  assert.deepEqual([both.with, both.found], [locked.month, true]);
  const [now, then] = await Promise.all([last, locked].map(async ({ id }) => new Map((await list(provider, `/sheets?month_id=${id}&subject=agent&limit=200`)).map((one) => [one.subject_id, one]))));
  assert.equal(both.items.length, new Set([...now.keys(), ...then.keys()]).size);
  for (const item of both.items) {
    const [one, other] = [now, then].map((of) => of.get(item.person_id));
    assert.deepEqual([item.total, item.rank, item.total_before, item.rank_before], [one?.total ?? '0.00', one?.rank ?? 0, other?.total ?? '0.00', other?.rank ?? 0]);
    if (one && other) assert.equal(hundredths(item.moved), hundredths(one.total) - hundredths(other.total));
  }
  const [first] = both.items, [before, after] = await Promise.all([first.sheet_id_before, first.sheet_id].map(async (id) => done(await provider.get(`/sheets/${id}`)).lines));
  const given = (lines, code) => lines.filter(({ indicator }) => indicator === code).reduce((sum, { points, extra }) => sum + hundredths(points) + hundredths(extra), 0);
  const valued = (lines, code) => lines.some(({ indicator, nothing, points }) => indicator === code && (!nothing || Number(points) > 0));
  for (const line of first.lines.filter(({ indicator }) => indicator)) {
    const both = [after, before].every((lines) => valued(lines, line.indicator)); // what was not measured has not moved
    assert.deepEqual([line.there, line.there_before, line.both], [valued(after, line.indicator), valued(before, line.indicator), both], line.name);
    assert.deepEqual([hundredths(line.points), hundredths(line.points_before), hundredths(line.moved)],
      [given(after, line.indicator), given(before, line.indicator), both ? given(after, line.indicator) - given(before, line.indicator) : 0], line.name);
  }
  assert.ok(first.lines.some(({ indicator, both }) => indicator && !both)); // the demo has no reviews of both months
  assert.equal(done(await client.get(`/months/${last.id}/compare`)).found, last.state !== 'computed');
  assert.equal(done(await provider.get(`/months/${last.id}/compare?with=2001-01`)).found, false);
  assert.equal((await provider.get(`/months/${last.id}/compare?with=13`)).status, 422);
  assert.equal((await agent.get(`/months/${last.id}/compare`)).status, 403);
  assert.equal((await other.get(`/months/${last.id}/compare`)).status, 404);
});

test('X4 whoever appeals reads the own calls, evidence and recordings behind the points, and nobody else\'s', async () => {
  const person = done(await agent.get('/session')).person_id;
  const [own] = (await list(agent, `/sheets?period=${month(-2)}`)), sheet = done(await agent.get(`/sheets/${own.id}`));
  const success = sheet.lines.find(({ indicator }) => indicator === 'success');
  const calls = await list(agent, success.evidence.replace('?', '?limit=200&'));
  assert.deepEqual([calls.length, Number(success.value)], [success.evidence_count, success.evidence_count]);
  assert.ok(calls.every(({ person_id: whose }) => whose === person));
  const unmasked = ({ caller, ...call }) => call; // the whole number is not an agent's to read
  assert.deepEqual(calls.map(unmasked), (await list(provider, success.evidence.replace('?', '?limit=200&'))).map(unmasked));
  for (const { evidence: records } of sheet.lines) if (records) done(await agent.get(records));
  done(await agent.get(`/calls/${(await list(agent, '/calls'))[0].id}`));
  const [foreign] = (await list(provider, '/calls?limit=200')).filter(({ person_id: whose }) => whose && whose !== person);
  const mineAlone = await list(agent, '/calls?limit=200');
  assert.ok(mineAlone.length > 0 && mineAlone.every(({ person_id: whose }) => whose === person));
  assert.deepEqual(await list(agent, `/calls?person_id=${foreign.person_id}`), []);
  assert.deepEqual(await list(agent, `/calls?agent_id=${foreign.agent_id}`), []);
  assert.equal((await agent.get(`/calls/${foreign.id}`)).status, 404);
  for (const place of ['/call_figures', '/call_days']) assert.equal((await agent.get(place)).status, 403, place);
  const recordings = await list(provider, '/recordings?limit=200'), mine = await list(agent, '/recordings?limit=200');
  const codes = new Set((await list(provider, `/agents?person_id=${person}`)).map(({ id }) => id));
  assert.deepEqual(mine.map(({ id }) => id), recordings.filter(({ agent_id: id }) => codes.has(id)).map(({ id }) => id));
  const others = recordings.find(({ agent_id: id, state }) => !codes.has(id) && state === 'kept');
  for (const part of ['', '/audio', '/peaks']) assert.equal((await agent.get(`/recordings/${others.id}${part}`)).status, 404);
  const pieces = await list(provider, '/penalties?state=upheld'), known = await list(agent, '/penalties');
  assert.ok(known.every(({ person_id: whose, state }) => whose === person && state === 'upheld'));
  const not = pieces.find(({ person_id: whose }) => whose !== person);
  assert.equal((await agent.get(`/penalties/${not.id}`)).status, 404);
});

test('X4 an appeal is decided by another person than the scorer and the appellant, and computed anew', async () => {
  const sheet = await publishedAnew();
  if (!sheet) {
    refused(await provider.post(`/months/${last.id}/publish`), 409, 'month.wrong_state');
    return;
  }
  assert.equal((await provider.post(`/sheets/${sheet.id}/acknowledge`)).status, 403);
  fault(await agent.post(`/sheets/${sheet.id}/appeal`, { line: 'nothing', words: '记错' }), 'line', 'no_such_line');
  done(await agent.post(`/sheets/${sheet.id}/appeal`, { line: 'success', words: '两通记错' }));
  const [appeal] = await list(duty, `/appeals?sheet_id=${sheet.id}&state=open`);
  refused(await provider.post(`/months/${last.id}/lock`), 409, 'month.appeals_open');
  refused(await provider.post(`/appeals/${appeal.id}/uphold`, { points: '2', reason: '属实' }), 403, 'appeal.own_decision');
  assert.equal((await agent.post(`/appeals/${appeal.id}/uphold`, { points: '2', reason: '属实' })).status, 403);
  // At most what the line is short of.
  const { lines } = done(await duty.get(`/sheets/${sheet.id}`)), { max, points: had } = lines.find(({ indicator }) => indicator === 'success');
  const { points_most: most } = done(await duty.get(`/appeals/${appeal.id}`));
  assert.equal(hundredths(most), Math.min(hundredths(max) - hundredths(had), 10_000 - hundredths(sheet.total)));
  fault(await duty.post(`/appeals/${appeal.id}/uphold`, { points: (Number(most) + 0.01).toFixed(2), reason: '核对属实' }), 'points', 'over_lack');
  const upheld = done(await duty.post(`/appeals/${appeal.id}/uphold`, { points: most, reason: '核对属实' }));
  assert.equal(hundredths(upheld.total_after), hundredths(upheld.total_before) + hundredths(most));
  const now = done(await agent.get(`/sheets/${sheet.id}`));
  assert.deepEqual([now.changed, now.total_before, now.total, now.state], [true, sheet.total, upheld.total_after, 'acknowledged']);
  refused(await provider.post(`/months/${last.id}/lock`), 409, 'month.appeal_time_runs'); // the others still have time
  const page = (await new Browser(world.url, provider.token).get(`/months/${last.id}`)).text;
  assert.match(page, /disabled>锁定/);
  assert.match(page, /到申诉截止之后可以锁定/);
});

test('C2.10 two months are not three: nobody is nominated', async () => {
  assert.deepEqual(await list(client, '/rewards?kind=three_months'), []);
});

test('C2.5 a reward is negotiated by letter, with its risk told, and settled once it is agreed', async () => {
  const person_id = done(await agent.get('/session')).person_id;
  const body = { contract_id: contract.id, person_id, month: month(-1), reason: '客户表扬', amount_fen: 10000 };
  fault(await client.post('/rewards', { ...body, amount_fen: 0 }), 'amount_fen', 'required');
  const reward = done(await client.post('/rewards', body), 201);
  assert.deepEqual([reward.payer, reward.channel, reward.state], ['client', 'provider', 'proposed']);
  fault(await client.post('/rewards', { ...body, person_id: done(await client.get('/session')).person_id }), 'person_id', 'not_of_provider');
  done(await client.patch(`/rewards/${reward.id}`, { amount_fen: 20000, channel: 'direct', version: reward.version }));
  const page = await new Browser(world.url, client.token).get(`/rewards/${reward.id}`);
  assert.match(page.text, /假外包/);
  const letter = done(await client.post(`/rewards/${reward.id}/ask`), 201);
  refused(await client.post(`/rewards/${reward.id}/settle`, { settled_on: month(0).concat('-01') }), 409, 'reward.wrong_state');
  const { sha256 } = done(await client.get(`/letters/${letter.id}`));
  done(await client.post(`/letters/${letter.id}/send`, { sha256, password: PASSWORD }));
  refused(await client.post(`/rewards/${reward.id}/retract`), 409, 'reward.asked');
  done(await provider.post(`/letters/${letter.id}/approve`, { reason: '同意' }));
  done(await provider.post(`/letters/${letter.id}/execute`));
  assert.equal(done(await client.post(`/rewards/${reward.id}/settle`, { settled_on: month(0).concat('-01') })).state, 'settled');
  assert.equal((await supervisor.post('/rewards', body)).status, 403);
});

// What `luyue verify` says of the sheets.
const verified = () => { const { status, stdout } = world.luyue(['verify']); return `${status} ${/^(sheets|broken: sheet).*/m.exec(stdout)?.[0]}`; };

// What happened in the month is refused by that code, but for calls and clockings; the sheet of a person who called.
async function closed(of, code) {
  const at = `${of.month}-10`, moment = `${at}T10:00:00+08:00`, sheets = await list(provider, `/sheets?month_id=${of.id}&subject=agent&limit=200`);
  const [call] = await list(provider, `/calls?contract_id=${contract.id}&result=success&started_at_from=${of.month}-01&started_at_to=${of.month}-28`);
  const { person_id } = call, sheet = done(await provider.get(`/sheets/${sheets.find(({ subject_id: whose }) => whose === person_id).id}`));
  const refuses = async (by, path, body) => refused(await by.post(path, body), 409, code);
  const leave = { person_id, kind: 'personal', from: at, to: at, reason: '补假' };
  await refuses(duty, '/leaves', leave);
  await refuses(duty, '/attendance_corrections', { person_id, day: at, went: '18:02', reason: '忘记打卡' });
  const [rule] = await list(provider, '/conduct_rules'), [subject] = await list(duty, '/training_subjects?tier=agents'), [form] = await list(provider, '/review_forms?state=in_force');
  await refuses(duty, '/violations', { contract_id: contract.id, person_id, rule_id: rule.id, at: moment, fact: '迟到' });
  await refuses(duty, '/trainings', { subject_id: subject.id, trainer_id: done(await duty.get('/session')).person_id, held_on: at });
  await refuses(duty, '/review_samples', { contract_id: contract.id, form_id: form.id, from: at, to: at, newcomer_calls: 1, other_calls: 1 });
  const [shift] = await list(duty, `/shifts?person_id=${person_id}&day_from=${of.month}-01&day_to=${at}`);
  refused(await duty.patch(`/shifts/${shift.id}`, { version: shift.version, shift_kind_id: null }), 409, code);
  const told = { source: 'late', uid: `late-${of.month}`, contract: call.contract_number, agent: call.agent_code, caller: call.caller, callee: '13800001111', started_at: moment, duration_s: 60, talk_s: 50, result: 'success' };
  assert.equal(done(await provider.post('/calls', [told])).accepted, 1);
  const corrected = done(await provider.post('/calls', [{ ...told, talk_s: 10 }]));
  assert.deepEqual([corrected.revised, corrected.rejected.map(({ code: why }) => why)], [0, ['month_published']]);
  const after = done(await provider.get(`/sheets/${sheet.id}`));
  assert.deepEqual([sheet.later, after.lines, after.total], [[], sheet.lines, sheet.total]);
  assert.ok(after.later.some(({ now, then }) => now === then + 1), JSON.stringify(after.later));
  assert.match((await new Browser(world.url, provider.token).get(`/sheets/${sheet.id}`)).text, /公布后又有记录到达/);
  return { sheet, sheets, leave };
}

test('C2.4 what happened in a published month waits for it to be reopened; a call that comes late is told, and counts once it is computed anew', async () => {
  last = await monthOf(month(-1));
  if (last.state !== 'published') return; // the first days of a month
  assert.match(verified(), /^0 sheets: \d+, as they were$/);
  const { sheet, leave } = await closed(last, 'month.published');
  assert.match(verified(), /^0 sheets: \d+, as they were; records that came after publication for \d+$/);
  done(await duty.post(`/months/${last.id}/reopen`, { reason: '补登请假' }));
  refused(await duty.post('/leaves', leave), 409, 'month.published'); // the second person has not agreed
  done(await provider.post(`/months/${last.id}/reopen`));
  done(await duty.post('/leaves', leave), 201);
  done(await provider.post(`/months/${last.id}/compute`));
  done(await provider.post(`/months/${last.id}/publish`, { reason: '当月没有安排' }));
  const anew = done(await provider.get(`/sheets/${sheet.id}`)), of = ({ lines }) => Number(lines.find(({ indicator }) => indicator === 'success').value);
  assert.deepEqual([anew.later, of(anew)], [[], of(sheet) + 1]);
  assert.match(verified(), /^0 sheets: \d+, as they were$/);
});

test('C2.4 what happened in a locked month is neither put in nor changed; calls and clockings are kept, and told from what was altered', async () => {
  assert.match(verified(), /^0 sheets: \d+, as they were$/);
  const { sheet, sheets } = await closed(locked, 'month.locked');
  assert.match(verified(), /^0 sheets: \d+, as they were; records that came after publication for \d+$/);
  const trained = sheets.find(({ id }) => id !== sheet.id);
  world.sql(`UPDATE training_scores SET score = score - 100 WHERE person_id = ${trained.subject_id}`);
  assert.match(verified(), /^\d+ broken: sheet \d+ \(lines\)$/);
});

// C2.4, C2.5: what people are paid follows from the month that was locked, by two people, to the fen; the client sees
// nothing of it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, month } from '../world.js';
import { rowsOf, hasLibreOffice, rowsInLibreOffice } from '../workbook.js';

let world, provider, duty, agent, client, ops, other, audit, sheet, contract;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, code) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((field) => field.code === code), reply.text);
};
const fen = (amount, numerator, denominator) => Math.floor((2 * amount * numerator + denominator) / (2 * denominator));

before(async () => {
  world = await startWorld();
  [provider, duty, agent, client, ops, other, audit] = await Promise.all(['provider', 'duty', 'agent', 'client', 'ops', 'cleaner', 'audit'].map((name) => world.signIn(name)));
  [sheet] = done(await provider.get('/pay_sheets?state=approved')).items;
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
});
after(() => world.stop());

async function all(by, place) {
  const items = [];
  for (let after = ''; after !== null;) {
    const body = done(await by.get(`${place}&limit=200${after && `&after=${after}`}`));
    items.push(...body.items);
    after = body.next;
  }
  return items;
}

const lastDay = (of) => new Date(Date.UTC(...of.split('-').map(Number), 0)).toISOString().slice(0, 10);

// Mondays to Fridays of a month, from the day on which somebody came to the one on which they left.
function weekdays(of, joined = '', left = '') {
  const [year, inYear] = of.split('-').map(Number);
  const last = Number(lastDay(of).slice(8));
  const all = Array.from({ length: last }, (_, i) => new Date(Date.UTC(year, inYear - 1, i + 1)));
  return all.filter((date) => date.getUTCDay() % 6 && (!joined || date.toISOString().slice(0, 10) >= joined)
    && (!left || date.toISOString().slice(0, 10) <= left)).length;
}

test('C2.4 every line of an approved pay sheet follows from the sheet, the terms and the rule behind it', async () => {
  const lines = await all(provider, `/pay_lines?pay_sheet_id=${sheet.id}`);
  assert.equal(lines.length, sheet.people);
  const days = weekdays(sheet.month);
  let total = 0;
  for (const line of lines) {
    const terms = done(await provider.get(`/pay_terms/${line.terms_id}`));
    const rule = done(await provider.get(`/pay_rules/${line.rule_id}`));
    const result = line.sheet_id ? done(await provider.get(`/sheets/${line.sheet_id}`)) : { appraised: false, total: '0.00' };
    assert.equal(line.score, result.total);
    const score = Math.round(Number(line.score) * 100);
    const factor = !result.appraised ? 10000 : rule.method === 'proportional' ? score
      : Number(rule.bands.split(',').map((band) => band.split('=').map(Number)).find(([from]) => score >= from * 100)?.[1] ?? 0) * 100;
    assert.equal(Math.round(Number(line.factor) * 100), factor);
    const person = done(await provider.get(`/people/${line.person_id}`));
    assert.equal(line.days, weekdays(sheet.month, person.joined_on, person.left_on));
    const away = { unpaid: Number(line.unpaid_days), absent: Number(line.absent_days), sick: Number(line.sick_days) }; // recount.test.js counts them
    assert.equal(line.base_fen, fen(terms.base_fen, line.days, days));
    const sickDay = Math.max(fen(fen(terms.base_fen, Number(rule.sick_share), 100), away.sick * 100, 2175), fen(fen(249000, 80, 100), away.sick * 100, 2175));
    assert.equal(line.missed_fen, Math.min(line.base_fen, fen(terms.base_fen, (away.unpaid + away.absent) * 100, 2175)
      + Math.max(0, fen(terms.base_fen, away.sick * 100, 2175) - sickDay)));
    assert.equal(line.performance_fen, fen(fen(terms.performance_base_fen, line.days, days), factor, 10000));
    const due = line.base_fen - line.missed_fen + line.performance_fen + line.adjustment_fen + line.made_up_fen;
    assert.equal(line.total_fen, due + line.reward_fen - line.deducted_fen);
    assert.ok(line.deducted_fen * 5 <= due);
    assert.ok(due - line.deducted_fen >= fen(249000, line.days, days) - fen(249000, (away.unpaid + away.absent) * 100, 2175) - fen(fen(249000, 20, 100), away.sick * 100, 2175));
    total += line.total_fen;
  }
  assert.equal(total, sheet.total_fen);
  assert.ok(lines.some((line) => line.missed_fen > 0), 'somebody was away');
  const managers = done(await provider.get('/people?job=duty_manager,supervisor,qa,manager')).items; // who leads the house has no sheet, and is paid by the rule for that
  const { unlisted } = done(await provider.get(`/pay_sheets/${sheet.id}`));
  for (const { id, name } of managers)
    assert.ok(lines.some((line) => line.person_id === id && line.factor === (line.sheet_id ? line.score : '100.00')) || unlisted.some(({ person_id: person, why }) => person === id && why), name);
  assert.ok(lines.some(({ sheet_id: result }) => !result));
});

test('C2.4 what was approved stays: neither drafted again nor its grounds changed', async () => {
  assert.equal((await duty.post(`/pay_sheets/${sheet.id}/draft`)).body.error.code, 'pay.approved');
  assert.equal((await provider.post(`/pay_sheets/${sheet.id}/approve`)).body.error.code, 'pay.approved');
  refused(await provider.post('/pay_terms', { job: 'agent', from_month: sheet.month, base_fen: 1, performance_base_fen: 1 }), 'paid_already');
  refused(await provider.post('/pay_entries', { contract_id: contract.id, person_id: (await done(await agent.get('/session'))).person_id,
    kind: 'adjustment', month: sheet.month, amount_fen: 100, fact: '差额', basis: '核对' }), 'paid_already');
  const open = done(await provider.get('/months?state=published')).items[0];
  if (open) assert.equal((await duty.post('/pay_sheets', { month_id: open.id })).body.error.code, 'pay.month_not_locked');
});

test('C2.4 terms and rules say in words what is wrong with them', async () => {
  refused(await provider.post('/pay_terms', { from_month: month(1), base_fen: 1, performance_base_fen: 1 }), 'person_or_job');
  refused(await provider.post('/pay_rules', { contract_id: contract.id, subject: 'agent', from_month: month(1), method: 'banded', bands: '80=100, 90=120',
    unscored: 'full', region: '杭州市区' }), 'pay_bands_malformed');
  refused(await provider.post('/minimum_wages', { region: '宁波', from_month: month(1), amount_fen: 226000, deduction_share: '30', basis: '公告' }), 'too_large');
  assert.equal((await duty.post('/pay_terms', { job: 'agent', from_month: month(1), base_fen: 1, performance_base_fen: 1 })).status, 403);
});

test('C2.4 compensation counts once the person agreed and another person approved', async () => {
  const { person_id: person } = done(await agent.get('/session'));
  const entry = done(await duty.post('/pay_entries', { contract_id: contract.id, person_id: person, kind: 'compensation', month: month(1), amount_fen: 5000,
    fact: '工牌遗失', basis: '劳动合同第九条' }), 201);
  assert.equal((await provider.post(`/pay_entries/${entry.id}/approve`)).status, 409);
  assert.equal((await duty.post(`/pay_entries/${entry.id}/agree`)).status, 403);
  assert.equal(done(await agent.post(`/pay_entries/${entry.id}/agree`)).state, 'agreed');
  assert.equal((await duty.post(`/pay_entries/${entry.id}/approve`)).status, 403);
  assert.equal(done(await provider.post(`/pay_entries/${entry.id}/approve`)).state, 'approved');
  assert.equal((await provider.post(`/pay_entries/${entry.id}/void`, {})).status, 422);
  assert.equal(done(await provider.post(`/pay_entries/${entry.id}/void`, { reason: '找到了' })).state, 'void');
});

test('C2.4 a fine is no adjustment: what is taken back was on a slip, and the person agrees', async () => {
  const { person_id: person } = done(await agent.get('/session'));
  const line = (await all(provider, `/pay_lines?pay_sheet_id=${sheet.id}`)).find(({ person_id: whose }) => whose === person);
  const entry = (values) => duty.post('/pay_entries', { contract_id: contract.id, person_id: person, kind: 'adjustment', month: month(1), fact: 'a', basis: 'b', ...values });
  refused(await entry({ amount_fen: -500000 }), 'corrects_what');
  refused(await entry({ amount_fen: -500000, corrects_month: sheet.month, corrects: 'base' }), 'beyond_slip');
  refused(await entry({ amount_fen: -1, corrects_month: month(1), corrects: 'base' }), 'not_paid_then');
  const back = done(await entry({ amount_fen: line.missed_fen - line.base_fen, corrects_month: sheet.month, corrects: 'base' }), 201);
  assert.match((await provider.post(`/pay_entries/${back.id}/approve`)).body.error.message, /待办/);
  assert.equal(done(await agent.post(`/pay_entries/${back.id}/agree`)).state, 'agreed');
  assert.equal(done(await provider.post(`/pay_entries/${back.id}/approve`)).state, 'approved');
  assert.equal(done(await provider.post(`/pay_entries/${back.id}/void`, { reason: '核对无误' })).state, 'void');
});

test('C2.5 the client sees nothing of pay, an agent the own slip alone', async () => {
  const own = done(await agent.get('/pay_lines')).items;
  const { person_id: person } = done(await agent.get('/session'));
  assert.ok(own.length > 0 && own.every((line) => line.person_id === person));
  const [others] = (await all(provider, `/pay_lines?pay_sheet_id=${sheet.id}`)).filter((line) => line.person_id !== person);
  assert.equal((await agent.get(`/pay_lines/${others.id}`)).status, 404);
  assert.equal((await agent.get('/pay_sheets')).status, 403);
  for (const stranger of [client, ops])
    for (const place of ['/pay_lines', '/pay_sheets', '/pay_terms', '/pay_rules', '/pay_entries', `/pay_lines/${others.id}`])
      assert.equal((await stranger.get(place)).status, 403, place);
  for (const resource of ['pay_terms', 'pay_rules', 'minimum_wages', 'pay_entries', 'pay_sheets']) {
    const { items } = done(await audit.get(`/events?resource=${resource}`)); // who checks the trail sees that something was done, not what
    assert.ok(items.length > 0 && items.every(({ withheld, title, changes }) => withheld && !title && !changes), resource);
  }
  assert.deepEqual((await other.get('/pay_sheets')).body.items, []);
  assert.equal((await other.get(`/pay_lines/${others.id}`)).status, 404);
});

test('C2.4 a scheme tried on a paid month shows who moves, in points and in pay, beside what was approved; the client sees none of it', async () => {
  const INDICATORS = [{ code: 'success', name: '成功访问量', measure: 'calls.success', method: 'ratio_cap', weight: '60', target: '2', nothing: 'zero' },
    { code: 'talk', name: '呼出时长', measure: 'calls.talk_hours', method: 'ratio_cap', weight: '40', target: '1', nothing: 'zero' }];
  const scheme = done(await provider.post('/schemes', { contract_id: contract.id, subject: 'agent', name: '试行办法', from_month: month(1), indicators: INDICATORS }), 201);
  const trial = done(await provider.get(`/schemes/${scheme.id}/pay_trial?month=${sheet.month}&months=3`));
  const points = new Map(done(await provider.get(`/schemes/${scheme.id}/trial?month=${sheet.month}`)).items.map((item) => [item.person_id, item]));
  const lines = new Map((await all(provider, `/pay_lines?pay_sheet_id=${sheet.id}`)).map((line) => [line.person_id, line]));
  assert.ok(trial.compares && !trial.lacks && trial.items.length > 30);
  for (const item of trial.items) {
    const line = lines.get(item.person_id), tried = points.get(item.person_id);
    if (line) assert.deepEqual([item.scored_before, item.total_before, item.factor_before, item.pay_before_fen], [line.scored, line.score, line.factor, line.total_fen], item.person_name);
    assert.deepEqual([item.total, item.rank, item.rank_before], [tried.total ?? '0.00', tried.rank, tried.rank_before ?? 0], item.person_name);
    assert.equal(item.pay_moved_fen, item.pay_fen - item.pay_before_fen);
    assert.equal(item.pay_moves, ['down', 'not', 'up'][Math.sign(item.pay_moved_fen) + 1]);
  }
  const sum = (of) => trial.items.reduce((total, item) => total + of(item), 0);
  assert.deepEqual([trial.people, trial.up, trial.down, trial.pay_fen, trial.pay_before_fen, trial.pay_moved_fen],
    [trial.items.length, sum(({ pay_moves: moves }) => Number(moves === 'up')), sum(({ pay_moves: moves }) => Number(moves === 'down')),
      sum((item) => item.pay_fen), sum((item) => item.pay_before_fen), trial.pay_fen - trial.pay_before_fen]);
  assert.ok(trial.up + trial.down > 0, 'nobody moves');
  assert.deepEqual(trial.months.map((one) => one.month).slice(0, 1), [sheet.month]);
  assert.equal(trial.months.length, 3);
  assert.equal((await provider.get(`/schemes/${scheme.id}/pay_trial?months=7`)).status, 422);
  const supervisor = await world.signIn('supervisor');
  for (const [who, status] of [[client, 403], [ops, 403], [audit, 403], [agent, 403], [supervisor, 403], [other, 404], [duty, 200]])
    assert.equal((await who.get(`/schemes/${scheme.id}/pay_trial?month=${sheet.month}`)).status, status);
  const consulted = done(await provider.get('/schemes?subject=agent&state=in_force')).items[0];
  for (const stranger of [client, ops]) assert.equal((await stranger.get(`/schemes/${consulted.id}/pay_trial`)).status, 403);
  const [evaluates] = done(await provider.get('/schemes?subject=contract')).items;
  assert.deepEqual(done(await provider.get(`/schemes/${evaluates.id}/pay_trial`)).lacks, 'not_of_people');
});

// Headings of the workbook → sums of the sheet.
const SUMS = { 基本工资: 'base_fen', 缺勤减发: 'missed_fen', 绩效工资: 'performance_fen', 差额调整: 'adjustment_fen', 最低工资补足: 'made_up_fen', 奖励: 'reward_fen', 赔偿与扣回: 'deducted_fen', 应发: 'total_fen' };
async function exported() {
  const reply = await fetch(`${world.url}/api/pay_lines/export?format=xlsx&pay_sheet_id=${sheet.id}`, { method: 'POST', headers: { authorization: `Bearer ${provider.token}` } });
  assert.equal(reply.status, 200);
  return new Uint8Array(await reply.arrayBuffer());
}
function compareSums(rows) {
  assert.match(rows[0][0], /时间 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d，/);
  const at = rows.findIndex((row) => row.includes('应发')), [heads, ...lines] = rows.slice(at), foot = lines.pop();
  assert.ok(foot[0] === '合计' && !heads.includes('创建时间') && heads.every(Boolean), `${heads}`);
  assert.equal(lines.length, sheet.people);
  for (const [head, sum] of Object.entries(SUMS)) {
    const column = heads.indexOf(head);
    assert.ok(column >= 0, `${head}: ${heads}`);
    const fens = lines.map((row) => Math.round(Number((row[column] || '0').replaceAll(',', '')) * 100));
    assert.equal(fens.reduce((all, one) => all + one, 0), sheet[sum], head);
    assert.equal(Math.round(Number((foot[column] || '0').replaceAll(',', '')) * 100), sheet[sum], `${head} 合计`);
  }
}

test('C2.4 the workbook of a pay sheet adds up to the sheet, read by another reader', async () => compareSums(rowsOf(await exported())));

test('C2.4 and so it does as LibreOffice opens it', { skip: hasLibreOffice() ? false : 'LibreOffice is not installed' }, async () => compareSums(rowsInLibreOffice(await exported())));

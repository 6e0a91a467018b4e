// C2.4, C2.5: the demo contract's months are counted once more from calls, clockings, trainings, reviews, violations and what
// people gave, by arithmetic of the tests' own: the same points, places and pay for everybody, and for every measure that there is.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, day, month } from '../world.js';
import { points, pay, missedDays, grouped, lastDay, weekdays, text, half } from '../recount.js';

let world, provider, contract, schemes;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
async function all(place) {
  const items = [];
  for (let after = ''; after !== null;) {
    const body = done(await provider.get(`${place}${place.includes('?') ? '&' : '?'}limit=200${after && `&after=${after}`}`));
    items.push(...body.items);
    after = body.next;
  }
  return items;
}
const each = (list, items) => Promise.all(items.map(async ({ id }) => done(await provider.get(`/${list}/${id}`))));

before(async () => {
  world = await startWorld();
  provider = await world.signIn('provider');
  [contract] = await all('/contracts?service=outbound_call&state=active');
  schemes = await all('/schemes?subject=agent,manager');
});
after(() => world.stop());

// Who had an id on the contract in the month.
async function peopleOf(of) {
  const first = `${of}-01`, last = `${of}-${lastDay(of)}`, agents = await all('/agents'), people = new Map((await all('/people')).map((person) => [person.id, person]));
  const there = ({ from, to }) => from <= last && (!to || to >= first);
  const own = agents.filter((agent) => agent.contract_id === contract.id && there(agent));
  return [...grouped(own)].map(([person, ids]) => ({
    person_id: person, joined_on: people.get(person).joined_on, since: ids.map(({ from }) => from).sort()[0],
    until: ids.some(({ to }) => !to) ? '' : ids.map(({ to }) => to).sort().at(-1),
    elsewhere: agents.some((agent) => agent.person_id === person && agent.contract_id !== contract.id && there(agent)) }));
}

// Whom the month is about on the provider's side, and the team behind it.
const LEADS = ['duty_manager', 'supervisor', 'qa'];
async function managersOf(of) {
  const first = `${of}-01`, last = `${of}-${lastDay(of)}`;
  return (await all('/people')).filter(({ job, joined_on: joined, left_on: left }) => LEADS.includes(job) && joined <= last && (!left || left >= first))
    .map(({ id, joined_on: joined, left_on: until }) => ({ person_id: id, joined_on: joined, since: joined, until, elsewhere: false }));
}
async function teamOf(of) {
  const first = `${of}-01`, last = `${of}-${lastDay(of)}`, people = new Map((await all('/people')).map((person) => [person.id, person]));
  const team = new Set((await all('/agents')).filter(({ contract_id: on, from, to }) => on === contract.id && from <= last && (!to || to >= first)).map(({ person_id: person }) => person));
  const employed = [...team].map((id) => people.get(id)).filter(({ left_on: left }) => !left || left >= first);
  const complaints = (await all(`/issues?contract_id=${contract.id}&kind=complaint&opened_at_from=${first}&opened_at_to=${last}`)).filter(({ responsibility }) => ['', 'provider', undefined, null].includes(responsibility));
  return { team: [...team], employed: employed.length, left: employed.filter(({ left_on: left }) => left && left <= last).length, complaints: complaints.length };
}

// The raw records of a month, nothing that was rolled up.
async function rawOf(of, subject = 'agent') {
  const first = `${of}-01`, last = `${of}-${lastDay(of)}`, on = `contract_id=${contract.id}`;
  const between = (field) => `${field}_from=${first}&${field}_to=${last}`;
  const ofMonth = (rows) => rows.filter((row) => row.month === of);
  const trainings = await each('trainings', (await all(`/trainings?${on}&state=confirmed`)).filter(({ held_on: held }) => held >= first && held <= last));
  const reviews = await each('reviews', await all(`/reviews?${on}&state=published,appealed,final&${between('started_at')}`));
  const clockings = await all(`/clockings?${between('day')}`);
  return {
    today: day(),
    people: await (subject === 'agent' ? peopleOf : managersOf)(of),
    ...await teamOf(of),
    calls: grouped(await all(`/calls?${on}&${between('started_at')}`)),
    trained: grouped(trainings.flatMap(({ trainees }) => trainees)),
    reviews: grouped(reviews),
    keptConduct: (await all('/conduct_rules')).some(({ from, to }) => from <= last && (!to || to >= first)),
    violations: grouped(await all(`/violations?${on}&state=confirmed&${between('at')}`)),
    shifts: grouped(await all(`/shifts?${between('day')}`)),
    clockings: grouped(clockings),
    clocked: new Set(clockings.map((clocking) => clocking.day)),
    corrections: grouped((await all('/attendance_corrections?state=approved')).filter(({ day: on_ }) => on_.startsWith(of))),
    leaves: grouped(await all('/leaves?state=approved')),
    kinds: (await all('/shift_kinds')).toSorted((a, b) => a.id - b.id),
    manual: ofMonth(await all('/manual_scores')),
    penalties: grouped(ofMonth(await all('/penalties?state=upheld')).filter(({ late }) => !late)),
    adjustments: grouped(ofMonth(await all('/adjustments?state=approved'))),
  };
}

const shown = (value) => (value ? text(half(100n * value[0], value[1])) : '0.00');
const asTold = ({ value, points: given, extra, most, nothing }) => [shown(value), text(given), text(extra), text(most), Boolean(nothing)];

// Sheet by sheet: each line, total, place and grade.
async function compareSheets(of) {
  const [{ id }] = await all(`/months?month=${of}`);
  const [agents, managers] = await Promise.all(['agent', 'manager'].map((subject) => compareOf(id, of, subject)));
  return new Map([...agents, ...managers]);
}

async function compareOf(id, of, subject) {
  const sheets = await each('sheets', await all(`/sheets?month_id=${id}&subject=${subject}`));
  const scheme = done(await provider.get(`/schemes/${sheets[0].scheme_id}`));
  const mine = points(await rawOf(of, subject), scheme, of);
  assert.equal(sheets.length, mine.size);
  for (const sheet of sheets) {
    const own = mine.get(sheet.subject_id), lines = sheet.lines.filter(({ kind }) => kind === 'indicator');
    lines.forEach((line, i) => assert.deepEqual([line.value, line.points, line.extra, line.max, line.nothing], asTold(own.lines[i]), `${sheet.person_name} ${line.name}`));
    assert.deepEqual([sheet.appraised, sheet.total, sheet.rank, sheet.grade || undefined],
      [own.total !== undefined, text(own.total ?? 0n), own.rank, own.grade], sheet.person_name);
  }
  return mine;
}

async function compareTrial(scheme, of) {
  const mine = points(await rawOf(of, scheme.subject), scheme, of), { items } = done(await provider.get(`/schemes/${scheme.id}/trial?month=${of}`));
  assert.equal(items.length, mine.size);
  for (const item of items) {
    const own = mine.get(item.person_id);
    item.lines.forEach((line, i) => assert.deepEqual([line.value, line.points, line.extra, line.most, line.nothing], asTold(own.lines[i]), `${item.name} ${line.name}`));
    if (own.total !== undefined) assert.deepEqual([item.total, item.rank], [text(own.total), own.rank], item.name);
  }
  return mine;
}

test('C2.4 the locked month is what its raw records come to, point by point, for everybody', async () => {
  const [locked] = await all('/months?state=locked');
  const mine = await compareSheets(locked.month);
  assert.ok((await all(`/sheets?month_id=${locked.id}&subject=manager`)).length >= 3);
  assert.ok(mine.size >= 30 && [...mine.values()].some(({ total }) => total > 0n), `${mine.size}`);
});

test('C2.4 and so are the month before and the one that runs', async () => {
  const [last] = await all(`/months?month=${month(-1)}`);
  // A review may strike a success at any time: what is not published is computed again, what waits for appeals stays as it was.
  if (last.state === 'computed') done(await provider.post(`/months/${last.id}/compute`));
  if (/computed|locked/.test(last.state)) await compareSheets(month(-1));
  const [scheme, leads] = ['agent', 'manager'].map((kind) => schemes.find(({ state, subject }) => state === 'in_force' && subject === kind));
  const mine = await compareTrial(done(await provider.get(`/schemes/${scheme.id}`)), month(0));
  await compareTrial(done(await provider.get(`/schemes/${leads.id}`)), month(0));
  // A month may begin with a week of holidays.
  assert.ok(day(0).slice(8) < '10' || [...mine.values()].some(({ lines }) => lines.some(({ value }) => value)), 'nobody has anything');
});

test('C2.5 pay follows from those points, the terms and the rules, to the fen, for everybody', async () => {
  const [sheet] = await all('/pay_sheets?state=approved');
  const mine = await compareSheets(sheet.month), raw = await rawOf(sheet.month);
  const [lines, terms, rules, minimums, rewards, entries, people] = await Promise.all([`/pay_lines?pay_sheet_id=${sheet.id}`, '/pay_terms', '/pay_rules',
    '/minimum_wages', '/rewards', '/pay_entries', '/people'].map(all));
  const first = `${sheet.month}-01`, last = `${sheet.month}-${lastDay(sheet.month)}`;
  const newest = (rows) => rows.filter(({ from_month: from }) => from <= sheet.month).toSorted((a, b) => (a.from_month < b.from_month ? 1 : -1))[0];
  const ruleFor = (kind) => newest(rules.filter(({ subject, contract_id: on }) => subject === kind && on === contract.id));
  const minimum = newest(minimums.filter(({ region }) => region === ruleFor('agent').region));
  const termsOf = ({ id, job }) => newest(terms.filter(({ person_id: person }) => person === id)) ?? newest(terms.filter((term) => !term.person_id && term.job === job));
  // Also whoever has no result: managers, and those who began to call later.
  const employed = people.filter((person) => termsOf(person) && (!person.joined_on || person.joined_on <= last) && (!person.left_on || person.left_on >= first));
  const sum = (rows, of) => rows.reduce((total, row) => total + of(row), 0);
  assert.equal(lines.length, employed.length);
  assert.ok([...mine.keys()].every((person) => lines.some(({ person_id: paidTo }) => paidTo === person)));
  let paid = 0;
  for (const { id, joined_on: joined, left_on: left, job } of employed) {
    const own = entries.filter(({ person_id: person, state }) => person === id && state === 'approved');
    const wanted = pay(mine.get(id)?.total, {
      terms: termsOf({ id, job }), rule: ruleFor(job === 'agent' ? 'agent' : 'manager'), minimum,
      days: weekdays(joined > first ? joined : first, left && left < last ? left : last), of: weekdays(first, last), missed: missedDays(raw, id),
      reward: sum(rewards.filter((reward) => reward.person_id === id && reward.month === sheet.month && reward.channel === 'provider' && ['agreed', 'settled'].includes(reward.state)), (reward) => reward.amount_fen),
      adjustment: sum(own.filter(({ kind, month: of }) => kind === 'adjustment' && of === sheet.month), (entry) => entry.amount_fen),
      owed: sum(own.filter(({ kind, month: of }) => kind === 'compensation' && of <= sheet.month), (entry) => entry.amount_fen),
    });
    const line = lines.find(({ person_id: person }) => person === id);
    for (const [member, value] of Object.entries(wanted)) assert.equal(line[member], value, `${line.person_name} ${member}`);
    paid += wanted.total_fen;
  }
  assert.equal(paid, sheet.total_fen);
  assert.ok(lines.some((line) => line.missed_fen > 0), 'somebody was away');
});

// One of every measure, by every method.
const EVERY = [
  ['calls.success', 'ratio_cap', { target: '8', share: '120', nothing: 'zero' }, 10],
  ['calls.talk_hours', 'linear_base_target', { base: '0.1', target: '0.9', share: '40', nothing: 'full' }, 8],
  ['calls.dials', 'rank', { nothing: 'reweigh' }, 6],
  ['calls.connected', 'linear_base_target', { base: '3', target: '17', share: '0', nothing: 'reweigh' }, 6],
  ['calls.duration_hours', 'rank', { fewer: true, nothing: 'zero' }, 4],
  ['calls.connect_rate', 'banded', { bands: '60=100, 50=80, 40=60, 0=10', nothing: 'full' }, 6],
  ['calls.success_rate', 'rank', { nothing: 'reweigh' }, 6],
  ['trainings.score', 'banded', { bands: '90=100, 80=80, 70=55.5', nothing: 'reweigh' }, 6],
  ['reviews.score', 'linear_base_target', { base: '60', target: '95', share: '30', nothing: 'reweigh' }, 6],
  ['conduct.points', 'deduct_per_event', { step: '1.5', nothing: 'full' }, 6],
  ['attendance.rate', 'banded', { bands: '100=100, 95=90, 90=70, 0=0', nothing: 'reweigh' }, 6],
  ['attendance.late', 'deduct_per_event', { step: '0.75', nothing: 'reweigh' }, 6],
  ['attendance.late_minutes', 'linear_base_target', { base: '60', target: '0', share: '0', nothing: 'reweigh' }, 4],
  ['attendance.early', 'deduct_per_event', { step: '1', nothing: 'full' }, 4],
  ['attendance.early_minutes', 'rank', { fewer: true, nothing: 'reweigh' }, 4],
  ['attendance.missing', 'deduct_per_event', { step: '2', nothing: 'zero' }, 4],
  ['attendance.absent', 'deduct_per_event', { step: '5', nothing: 'full' }, 4],
  ['attendance.leave_days', 'deduct_per_event', { step: '0.5', nothing: 'full' }, 4],
  ['conduct.violations', 'veto', { target: '1', share: '85' }, 0],
  ['reviews.fatal', 'veto', { target: '1', share: '60' }, 0],
];

test('C2.4 every measure by every method comes to the same from its raw records, of a month that was and of the one that runs', async () => {
  const indicators = EVERY.map(([measure, method, values, weight], i) => ({ code: `m${i}`, name: measure, measure, method, ...(weight ? { weight: String(weight) } : {}), ...values }));
  assert.equal(EVERY.reduce((sum, [, , , weight]) => sum + weight, 0), 100);
  const { id } = done(await provider.post('/schemes', { contract_id: contract.id, subject: 'agent', name: '全部口径', from_month: month(1), indicators,
    options: [{ who: 'newcomer', days: 40, effect: 'left_out' }, { who: 'part_month', days: 0, effect: 'prorate' }] }), 201);
  const scheme = done(await provider.get(`/schemes/${id}`));
  const mine = [...(await compareTrial(scheme, month(-1))).values(), ...(await compareTrial(scheme, month(0))).values()];
  for (const [i, { measure }] of indicators.entries()) assert.ok(mine.some(({ lines }) => lines[i].value), `nobody has ${measure}`);
});

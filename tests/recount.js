// A month's points and pay once more, by hand: from the raw records alone and by the written definitions, in whole numbers. It
// shares nothing with the engine that it checks. Values are fractions [top, bottom]; points are hundredths.

const half = (top, bottom) => (top >= 0n ? (2n * top + bottom) / (2n * bottom) : -((-2n * top + bottom) / (2n * bottom)));
const hundredths = (text) => BigInt(Math.round(Number(text || 0) * 100));
const text = (points) => `${points < 0n ? '-' : ''}${(points < 0n ? -points : points) / 100n}.${String((points < 0n ? -points : points) % 100n).padStart(2, '0')}`;
const min = (...all) => all.reduce((a, b) => (a < b ? a : b));
const max = (...all) => all.reduce((a, b) => (a > b ? a : b));
function grouped(rows, key = ({ person_id: person }) => person) {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
const lastDay = (month) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
const days = (from, to) => (Date.parse(to) - Date.parse(from)) / 864e5 + 1; // both with it
const weekdays = (from, to) => Array.from({ length: Math.max(0, days(from, to)) }, (_, i) => new Date(Date.parse(from) + i * 864e5).getUTCDay()).filter((day) => day % 6).length;

/* ---- attendance: a day from its shift, the punches and leave ---- */

const DAY = 1440;
const minutes = (clock) => (clock ? Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)) : undefined);
const nearest = (minute, expected) => [minute, minute - DAY, minute + DAY].reduce((best, at) => (Math.abs(at - expected) < Math.abs(best - expected) ? at : best));

function judged({ kind, came, went, leave, clocked }) {
  const none = { due: 0n, attended: 0n, absent: 0n, leave: 0n, late: 0, early: 0, missing: false };
  if (kind === null) return none; // free by the plan
  if (leave.first && leave.second) return { ...none, due: 100n, leave: 100n };
  if (!kind) return none;
  const starts = minutes(kind.starts), ends = minutes(kind.ends) > starts ? minutes(kind.ends) : minutes(kind.ends) + DAY;
  const middle = starts + Math.floor((ends - starts) / 2);
  const from = leave.first ? middle : starts, to = leave.second ? middle : ends;
  const share = leave.first || leave.second ? 50n : 100n;
  const [at, off] = [came && nearest(minutes(came), from), went && nearest(minutes(went), to)];
  const rest = { ...none, due: 100n, leave: 100n - share };
  if (!came && !went && !clocked) return { ...rest, due: 100n - share }; // nobody's file of that day
  if ((!came && !went) || (came && at >= to) || (went && off <= from)) return { ...rest, absent: share };
  return { ...rest, attended: share, missing: !came || !went, late: came && at - from > kind.late_grace ? at - from : 0,
    early: went && to - off > kind.early_grace ? to - off : 0 };
}

// What became of each of somebody's days in the month that are over.
function daysOf(raw, person) {
  const of = (list) => (raw[list].get(person) ?? []);
  const shifts = new Map(of('shifts').map((shift) => [shift.day, shift]));
  const punches = new Map(of('clockings').map((punch) => [punch.day, punch]));
  const corrections = grouped(of('corrections'), ({ day }) => day);
  return [...new Set([...shifts.keys(), ...punches.keys(), ...corrections.keys()])].filter((day) => day < raw.today).map((day) => {
    const shift = shifts.get(day), taken = of('leaves').filter(({ from, to }) => from <= day && to >= day);
    const corrected = (side) => (corrections.get(day) ?? []).toSorted((a, b) => b.id - a.id).find((one) => one[side])?.[side] ?? punches.get(day)?.[side];
    const usual = raw.kinds.filter((one) => one.usual_from && one.usual_from <= day && (!one.usual_to || one.usual_to >= day)).at(-1);
    const off = (which) => taken.filter(({ kind }) => kind === which).reduce((sum, { part }) => sum + (part === 'whole' ? 100n : 50n), 0n);
    const verdict = judged({ kind: shift ? raw.kinds.find(({ id }) => id === shift.shift_kind_id) ?? null : usual, came: corrected('came'), went: corrected('went'), clocked: raw.clocked.has(day),
      leave: { first: taken.some(({ part }) => part !== 'second_half'), second: taken.some(({ part }) => part !== 'first_half') } });
    return { ...verdict, unpaid: verdict.leave ? off('personal') : 0n, sick: verdict.leave ? off('sick') : 0n };
  });
}

// Of a month, in hundredths: on leave without pay, away, and ill.
function missedDays(raw, person) {
  const all = daysOf(raw, person), sum = (member) => all.reduce((total, day) => total + day[member], 0n);
  return { unpaid: sum('unpaid'), absent: sum('absent'), sick: sum('sick') };
}

const ofDays = (value) => (raw, person) => {
  const all = daysOf(raw, person), sum = (member) => all.reduce((total, day) => total + BigInt(day[member]), 0n);
  return sum('due') ? value(sum, (member) => BigInt(all.filter((day) => day[member] > 0).length)) : undefined;
};

/* ---- calls, trainings, reviews, conduct ---- */

// Whoever called nobody was not measured.
const ofCalls = (value) => (raw, person) => {
  const calls = raw.calls.get(person) ?? [];
  const result = (...words) => BigInt(calls.filter((call) => words.includes(call.result)).length);
  const sum = (member) => calls.reduce((total, call) => total + BigInt(call[member]), 0n);
  return calls.length ? value({ dials: BigInt(calls.length), connected: result('success', 'contacted'), success: result('success'), sum }) : undefined;
};
// Of a review: what was reached of what applied; nothing where something fatal was found.
function reviewed({ items }) {
  if (items.some(({ kind, mark }) => kind === 'fatal' && mark === 'hit')) return 0n;
  const marked = items.filter(({ kind, mark }) => kind === 'score' && mark === 'points');
  return half(10000n * marked.reduce((sum, { points }) => sum + hundredths(points), 0n), 100n * marked.reduce((sum, { weight }) => sum + BigInt(weight), 0n));
}
const mean = (scores) => (scores.length ? [scores.reduce((a, b) => a + b), 100n * BigInt(scores.length)] : undefined);
const ofConduct = (value) => (raw, person) => (raw.keptConduct ? value(raw.violations.get(person) ?? []) : undefined);

const MEASURES = {
  'calls.success': ofCalls(({ success }) => [success, 1n]),
  'calls.talk_hours': ofCalls(({ sum }) => [sum('talk_s'), 3600n]),
  'calls.dials': ofCalls(({ dials }) => [dials, 1n]),
  'calls.connected': ofCalls(({ connected }) => [connected, 1n]),
  'calls.duration_hours': ofCalls(({ sum }) => [sum('duration_s'), 3600n]),
  'calls.connect_rate': ofCalls(({ connected, dials }) => [100n * connected, dials]),
  'calls.success_rate': ofCalls(({ success, connected }) => (connected ? [100n * success, connected] : undefined)),
  'trainings.score': (raw, person) => mean((raw.trained.get(person) ?? []).map(({ score, absent }) => (absent ? 0n : hundredths(score)))),
  'reviews.score': (raw, person) => mean((raw.reviews.get(person) ?? []).map(reviewed)),
  'reviews.fatal': (raw, person) => {
    const all = raw.reviews.get(person) ?? [];
    return all.length ? [BigInt(all.filter(({ items }) => items.some(({ kind, mark }) => kind === 'fatal' && mark === 'hit')).length), 1n] : undefined;
  },
  'conduct.points': ofConduct((violations) => [violations.reduce((sum, { points }) => sum + hundredths(points), 0n), 100n]),
  'conduct.violations': ofConduct((violations) => [BigInt(violations.length), 1n]),
  'attendance.rate': ofDays((sum) => [100n * sum('attended'), sum('due')]),
  'attendance.late': ofDays((sum, count) => [count('late'), 1n]),
  'attendance.late_minutes': ofDays((sum) => [sum('late'), 1n]),
  'attendance.early': ofDays((sum, count) => [count('early'), 1n]),
  'attendance.early_minutes': ofDays((sum) => [sum('early'), 1n]),
  'attendance.missing': ofDays((sum, count) => [count('missing'), 1n]),
  'attendance.absent': ofDays((sum) => [sum('absent'), 100n]),
  'attendance.leave_days': ofDays((sum) => [sum('leave'), 100n]),
};
/* ---- the team: whoever has a value, one with the other ---- */

const ofTeam = (name, sum) => (raw) => {
  const values = raw.team.map((person) => MEASURES[name](raw, person)).filter(Boolean), all = (at) => values.reduce((total, value) => total + value[at], 0n);
  return values.length ? [all(0), sum ? values[0][1] : all(1)] : undefined;
};
for (const [name, of] of [['success', 'calls.success'], ['talk_hours', 'calls.talk_hours'], ['score', 'reviews.score'], ['attendance', 'attendance.rate'],
  ['training', 'trainings.score']]) MEASURES[`team.${name}`] = ofTeam(of);
for (const [name, of] of [['fatal', 'reviews.fatal'], ['violations', 'conduct.violations']]) MEASURES[`team.${name}`] = ofTeam(of, true);
MEASURES['team.complaints'] = ({ complaints }) => [BigInt(complaints), 1n];
MEASURES['team.turnover'] = ({ employed, left }) => (employed ? [100n * BigInt(left), BigInt(employed)] : undefined);

const GROWS = /^calls\.(success|talk_hours|dials|connected|duration_hours)$|^attendance\.(?!rate)|^conduct\.violations$|^reviews\.fatal$/; // counts and hours

/* ---- from a value to points ---- */

const reaches = ([top, bottom], limit) => top * 100n >= limit * bottom;
const bandsOf = (bands) => bands.split(',').map((band) => band.split('=').map(hundredths));
const METHODS = {
  deduct_per_event: ({ weight, step }, [top, bottom]) => max(0n, weight - half(step * top, bottom)),
  banded: ({ weight, bands }, value) => half(weight * (bandsOf(bands).find(([from]) => reaches(value, from))?.[1] ?? 0n), 10000n),
  linear_base_target: ({ weight, base, target, share }, [top, bottom]) => {
    const way = (100n * top - base * bottom) * (target < base ? -1n : 1n), whole = (target - base) * bottom * (target < base ? -1n : 1n);
    return half(weight * (share * whole + (10000n - share) * min(max(way, 0n), whole)), 10000n * whole);
  },
  ratio_cap: ({ weight, target, share }, [top, bottom]) => min(half(weight * top * 100n, target * bottom), half(weight * (share || 10000n), 10000n)),
  rank: ({ weight }, value, { place, places }) => (places < 2n ? weight : half(weight * (places - place), places - 1n)),
  bonus: ({ weight, step }, [top, bottom]) => min(weight, half(step * top, bottom)),
  manual: ({ weight }, [top, bottom]) => min(weight, half(100n * top, bottom)),
};
function scored(indicator, value, standing) {
  const { method, weight, nothing } = indicator;
  if (!value) {
    const counts = !['veto', 'bonus'].includes(method) && nothing !== 'reweigh';
    return { nothing: true, points: counts && nothing === 'full' ? weight : 0n, extra: 0n, most: counts ? weight : 0n };
  }
  if (method === 'veto') return { points: 0n, extra: 0n, most: 0n, vetoes: reaches(value, indicator.target || 100n) };
  const points = METHODS[method](indicator, value, standing);
  if (method === 'bonus') return { points: 0n, extra: points, most: 0n };
  return { points: min(points, weight), extra: max(0n, points - weight), most: weight };
}

const standingOf = (values, person, fewer) => {
  const own = values.get(person), all = [...values.values()].filter(Boolean);
  const better = ([a, b]) => (fewer ? a * own[1] < own[0] * b : a * own[1] > own[0] * b);
  return own && { place: 1n + BigInt(all.filter(better).length), places: BigInt(all.length) };
};

/* ---- the whole month ---- */

const NUMBERS = ['weight', 'base', 'target', 'step', 'share'];
const read = (indicator) => ({ ...indicator, ...Object.fromEntries(NUMBERS.map((name) => [name, hundredths(indicator[name])])) });

// Whom a scheme treats in another way.
function treated(scheme, month, who) {
  const first = `${month}-01`, last = `${month}-${lastDay(month)}`, whole = lastDay(month);
  const there = Math.max(0, days(who.since > first ? who.since : first, who.until && who.until < last ? who.until : last));
  const short = (limit) => there < (limit && limit < whole ? limit : whole);
  const applies = ({ who: kind, days: limit }) => ({ transfer: who.elsewhere, part_month: short(limit), too_short: short(limit) }[kind]
    ?? Boolean(who.joined_on && days(who.joined_on, last) < limit));
  return { there, effects: new Set(scheme.options.filter(applies).map(({ effect }) => effect)) };
}
function askedOf(indicator, { effects, there }, month) {
  if (!effects.has('prorate') || !there || !GROWS.test(indicator.measure) || !['ratio_cap', 'linear_base_target'].includes(indicator.method)) return indicator;
  const [base, target] = [indicator.base, indicator.target].map((points) => half(points * BigInt(there), BigInt(lastDay(month))));
  return target && target !== base ? { ...indicator, base, target } : indicator;
}
function valuesOf(indicator, raw, people) {
  const byHand = ({ person_id: person, indicator: code }) => indicator.method === 'manual' && code === indicator.code && person;
  return new Map(people.map(({ person_id: person }) => {
    const given = raw.manual.find((score) => byHand(score) === person);
    return [person, indicator.method === 'manual' ? given && [hundredths(given.points), 100n] : MEASURES[indicator.measure](raw, person)];
  }));
}

function totalOf(lines, indicators, given) {
  const sum = (member) => lines.reduce((all, line) => all + line[member], 0n);
  const vetoes = indicators.filter((indicator, i) => lines[i].vetoes);
  if (!sum('most') && !vetoes.length) return undefined;
  let most = indicators.reduce((all, { method, weight, share }) => all + (method === 'bonus' ? weight : method === 'ratio_cap' && share > 10000n ? half(weight * share, 10000n) - weight : 0n), 10000n);
  let total = (sum('most') ? half(10000n * sum('points'), sum('most')) : 0n) + sum('extra');
  for (const { share } of vetoes) most = min(most, share);
  return max(0n, min(most, min(most, total) + given));
}

// Each person's lines, total and place: person -> {lines, total, rank, grade}; a total of undefined: there is none.
function points(raw, scheme, month) {
  const indicators = scheme.indicators.map(read), { people } = raw;
  const values = indicators.map((indicator) => valuesOf(indicator, raw, people));
  const results = people.map((who) => {
    const person = who.person_id, how = treated(scheme, month, who);
    const sum = (list) => (raw[list].get(person) ?? []).reduce((all, one) => all + hundredths(one.points), 0n);
    const lines = indicators.map((indicator, i) => {
      const value = values[i].get(person);
      return { value, ...scored(askedOf(indicator, how, month), value, indicator.method === 'rank' ? standingOf(values[i], person, indicator.fewer) : undefined) };
    });
    const total = how.effects.has('left_out') ? undefined : totalOf(lines, indicators, sum('adjustments') - sum('penalties'));
    const grade = total === undefined ? undefined : scheme.grades.find(({ from }) => total >= hundredths(from)).grade;
    // Something that weighs was measured; what a person gave says it where nothing is measured at all.
    const weighs = indicators.map(({ method }) => !['veto', 'bonus', 'manual'].includes(method));
    const known = lines.some(({ value }, i) => value && (weighs.includes(true) ? weighs[i] : indicators[i].method === 'manual'));
    return { person, lines, total, grade, ranked: known && total !== undefined && !how.effects.has('unranked') };
  });
  const ranked = results.filter((one) => one.ranked);
  return new Map(results.map((one) => [one.person, { ...one, rank: one.ranked ? 1 + ranked.filter(({ total }) => total > one.total).length : 0 }]));
}

/* ---- pay ---- */

// What somebody earns by that total, in fen; undefined: could not be scored.
function pay(total, { terms, rule, minimum, days: there, of, missed, reward, adjustment, owed }) {
  const part = (fen) => half(BigInt(fen) * BigInt(there), BigInt(of));
  const forDays = (fen, hundredth) => half(BigInt(fen) * hundredth, hundredths(rule.month_days)), away = missed.unpaid + missed.absent;
  const share = (fen, percent) => half(BigInt(fen) * percent, 10000n), sickFloor = hundredths(minimum.sick_floor);
  const sickPay = max(forDays(share(terms.base_fen, hundredths(rule.sick_share)), missed.sick), forDays(share(minimum.amount_fen, sickFloor), missed.sick));
  const less = forDays(terms.base_fen, away) + max(0n, forDays(terms.base_fen, missed.sick) - sickPay);
  const unscored = rule.unscored === 'full' ? 10000n : 0n;
  const byRule = () => (rule.method === 'proportional' ? total : bandsOf(rule.bands).find(([from]) => total >= from)?.[1] ?? 0n);
  const factor = total === undefined ? unscored : byRule();
  const [base, performanceBase] = [part(terms.base_fen), part(terms.performance_base_fen)], missedFen = min(base, less);
  const floor = max(0n, part(minimum.amount_fen) - forDays(minimum.amount_fen, away) - forDays(share(minimum.amount_fen, 10000n - sickFloor), missed.sick));
  const performance = half(performanceBase * factor, 10000n);
  const earned = base - missedFen + performance + BigInt(adjustment), madeUp = max(0n, floor - earned), due = earned + madeUp;
  const deducted = max(0n, min(BigInt(owed), due - floor, due * hundredths(minimum.deduction_share) / 10000n));
  return { days: there, unpaid_days: text(missed.unpaid), absent_days: text(missed.absent), sick_days: text(missed.sick), missed_fen: Number(missedFen), factor: text(factor), base_fen: Number(base), performance_base_fen: Number(performanceBase), performance_fen: Number(performance),
    adjustment_fen: adjustment, made_up_fen: Number(madeUp), reward_fen: reward, deducted_fen: Number(deducted), left_over_fen: owed - Number(deducted),
    total_fen: Number(due + BigInt(reward) - deducted) };
}

export { points, pay, missedDays, grouped, lastDay, weekdays, text, half };

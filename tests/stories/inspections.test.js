// V3.5, V5.1.2, V5.1.3, V6.1.1, X1, X4: inspections by the standard in force, what they find, whether to believe them, and
// what becomes of it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day, month } from '../world.js';
import { inspected, picture } from '../inspected.js';

let world, ground;
const people = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.equal(reply.status, status, reply.text); assert.equal(reply.body.error.code, code, reply.text); };
const fault = (reply, field, code, clause) => {
  assert.equal(reply.status, 422, reply.text);
  assert.ok(reply.body.error.fields.some((one) => one.field === field && one.code === code && one.clause === clause), reply.text);
};
const hours = (n) => new Date(Date.now() + n * 3600e3).toISOString();

before(async () => {
  world = await startWorld();
  const names = ['admin', 'security', 'ops', 'audit', 'finance', 'division', 'pm', 'executor', 'client', 'provider', 'cleaner', 'suqing', 'denggong'];
  await Promise.all(names.map(async (name) => { people[name] = await world.signIn(name); }));
  people.green = people.suqing;
  ground = await inspected(world, people.ops);
});
after(() => world.stop());

let count = 0;
const uid = () => `story-${process.pid}-${count += 1}`;
const begin = (by = people.executor, values = {}, headers = {}) => by.post('/inspections', {
  contract_id: ground.contract.id, area_id: ground.areas[0], uid: uid(), device_started_at: hours(-0.5), ...values }, headers);
const shoot = (by, id, item, kind, how = {}, query = '') => by.call('POST', `/inspections/${id}/photos?item_id=${item}${query}`, picture(kind, how), { 'content-type': 'image/png' });
const passes = (except = {}) => ground.items.map((item_id, i) => ({ item_id, result: 'pass', ...except[i] }));
const finish = (by, id, items, values = {}) => by.post(`/inspections/${id}/finish`, { items, ...values });
// An inspection of one's own, in which the items of `except` fail.
async function inspect(except = {}, { by = people.executor, values, end } = {}) {
  const { id } = done(await begin(by, values), 201);
  return done(await finish(by, id, passes(except), end));
}
const dirty = (note, more = {}) => ({ result: 'fail', note, ...more });

test('V3.5 an inspection is by the standard in force and scored by what could be judged', async () => {
  const { id, items, standard_id: standard, level } = done(await begin(), 201);
  assert.deepEqual([standard, level, items.length, items[0].points], [ground.standard, 'owner', 5, '30.00']);
  fault(await finish(people.executor, id, passes().slice(1)), 'items', 'items_missing', 'V3.5');
  fault(await finish(people.executor, id, passes({ 0: { result: 'fail' } })), 'items.0.note', 'note_or_photo', 'V3.5');
  fault(await finish(people.executor, id, passes({ 1: dirty('桶满') })), 'items.1.result', 'photo_wanted', 'V3.5');
  fault(await finish(people.executor, id, ground.items.map((item_id) => ({ item_id, result: 'na' }))), 'items', 'nothing_judged', 'V3.5');
  fault(await finish(people.executor, id, [...passes(), { item_id: 999999, result: 'pass' }]), 'items.5.item_id', 'no_such_item', undefined);
  refused(await finish(people.pm, id, passes()), 403, 'inspection.not_yours');
  done(await shoot(people.executor, id, ground.items[1], 1), 201);
  // 30 - 2 x 5 of 30, 20 - 5 of 20, 20 of 20, 20 n.a., 10 of 10: 65 of 80
  const ended = done(await finish(people.executor, id, passes({ 0: dirty('三处水渍', { findings: 2 }), 1: { result: 'fail' }, 3: { result: 'na' } })));
  assert.deepEqual([ended.state, ended.score, ended.deducted, ended.passed, ended.failed, ended.not_applicable], ['finished', '81.25', '15.00', 2, 2, 1]);
  refused(await finish(people.executor, id, passes()), 409, 'inspection.wrong_state');
  refused(await shoot(people.executor, id, ground.items[1], 2), 409, 'inspection.wrong_state');
  const notices = done(await people.green.get(`/rectifications?inspection_id=${id}`)).items;
  assert.deepEqual(notices.map(({ points }) => points).sort(), ['10.00', '5.00']);
  for (const { id: notice } of notices) await close(notice);
});

test('V3.5 an item never falls below nothing, and a fatal one makes the score nothing', async () => {
  const much = await inspect({ 0: dirty('到处都是', { findings: 9 }) });
  assert.deepEqual([much.score, much.deducted], ['70.00', '30.00']);
  const fatal = await inspect({ 4: dirty('两人不在花名册') });
  assert.deepEqual([fatal.score, fatal.fatal, fatal.deducted], ['0.00', true, '10.00']);
  for (const { id } of [much, fatal]) await closeAll(id);
});

test('V3.5 nobody inspects without a standard in force, against another one, or for the provider', async () => {
  const { items: lifts } = done(await people.pm.get('/contracts?service=engineering&state=active'));
  const other = { contract_id: lifts[0].id };
  fault(await begin(people.pm, other), 'area_id', 'other_area', 'V6.1.2.2');
  refused(await begin(people.executor, { standard_id: 999999 }), 409, 'inspection.standard_changed');
  assert.equal((await begin(people.green)).status, 403);
  assert.equal((await begin(people.audit)).status, 403);
  assert.equal((await begin(people.finance)).status, 403);
  refused(await begin(people.executor, { level: 'division' }), 403, 'inspection.level');
  world.sql(`UPDATE standards SET "to" = '${day(-1)}' WHERE id = ${ground.standard}`);
  fault(await begin(), 'contract_id', 'no_standard', 'V3.5');
  world.sql(`UPDATE standards SET "to" = '' WHERE id = ${ground.standard}`);
});

test('V5.1.2 until its briefing is signed a contract cannot be inspected', async () => {
  const { id, briefed_on: briefed } = ground.contract;
  world.sql(`UPDATE contracts SET briefed_on = '' WHERE id = ${id}`);
  fault(await begin(), 'contract_id', 'not_briefed', 'V5.1.2');
  world.sql(`UPDATE contracts SET briefed_on = '${briefed}' WHERE id = ${id}`);
  assert.equal((await begin()).status, 201);
});

test('V3.5 "all the rest passes" holds where the level allows it, never for items that are fatal or want a photo', async () => {
  const rest = { rest_passes: true };
  const mild = done(await begin(), 201);
  fault(await finish(people.executor, mild.id, [], rest), 'items', 'items_missing', 'V3.5');
  const said = [1, 4].map((i) => ({ item_id: ground.items[i], result: 'pass' }));
  assert.equal(done(await finish(people.executor, mild.id, said, rest)).score, '100.00');
  const strict = done(await begin(people.division), 201);
  assert.equal(strict.level, 'division');
  fault(await finish(people.division, strict.id, said, rest), 'rest_passes', 'each_by_itself', 'V3.5');
});

test('V5.1.3 what a phone sends comes in once, however often it is sent', async () => {
  const same = { uid: uid() }, key = { 'idempotency-key': `${same.uid}-begin` };
  const body = { contract_id: ground.contract.id, area_id: ground.areas[0], ...same };
  const first = done(await people.executor.post('/inspections', body, key), 201);
  const replayed = await people.executor.post('/inspections', body, key);
  assert.equal(replayed.headers.get('idempotent-replayed'), 'true');
  const later = done(await people.executor.post('/inspections', body), 201); // the key is forgotten, the uid is not
  assert.deepEqual([replayed.body.id, later.id], [first.id, first.id]);
  const shots = [await shoot(people.executor, first.id, ground.items[0], 5), await shoot(people.executor, first.id, ground.items[0], 5)].map((reply) => done(reply, 201));
  assert.equal(shots[0].id, shots[1].id);
  assert.equal(done(await people.executor.get(`/inspections/${first.id}`)).photos.length, 1);
  assert.equal((await people.executor.call('POST', `/inspections/${first.id}/photos?item_id=${ground.items[0]}`, 'no picture', { 'content-type': 'image/png' })).status, 422);
  fault(await shoot(people.executor, first.id, 999999, 5), 'item_id', 'no_such_item', undefined);
  assert.equal((await shoot(people.pm, first.id, ground.items[0], 6)).status, 403);
});

/* ---- signing ---- */

test('V5.1.3 the provider’s companion signs what was shown, with an objection if need be; no inspector can', async () => {
  const shown = await inspect({ 0: dirty('水渍') });
  const sign = (by, values) => by.post(`/inspections/${shown.id}/countersign`, { sha256: shown.sha256, password: PASSWORD, ...values });
  assert.equal((await sign(people.executor)).status, 403);
  assert.equal((await sign(people.cleaner)).status, 404); // another provider's
  refused(await sign(people.green, { password: 'wrong-password' }), 403, 'access.wrong_password');
  refused(await sign(people.green, { sha256: '0'.repeat(64) }), 409, 'inspection.changed');
  const owed = done(await people.green.get('/duties?rule=countersign_inspection&live=true&limit=200')).items;
  assert.ok(owed.some(({ subject_id: subject }) => subject === shown.id));
  const signed = done(await sign(people.green, { objection: '水渍是雨天刚踩的' }));
  assert.deepEqual([signed.state, signed.objection, signed.signatures.length, signed.signatures[0].sha256], ['countersigned', '水渍是雨天刚踩的', 1, shown.sha256]);
  refused(await sign(people.green), 409, 'inspection.wrong_state');
  assert.equal(done(await people.executor.get(`/rectifications?inspection_id=${shown.id}`)).items[0].state, 'issued'); // it goes on
  await closeAll(shown.id);
});

test('V5.1.3 on the inspector’s phone the companion signs with the own account, which no inspector’s can replace', async () => {
  const shown = await inspect();
  const companion = (account, password = PASSWORD) => people.executor.post(`/inspections/${shown.id}/companion`, { account, password, sha256: shown.sha256 });
  refused(await companion('executor'), 403, 'request.no_right');
  refused(await companion('pm'), 403, 'request.no_right');
  refused(await companion('cleaner'), 403, 'inspection.provider_signs');
  refused(await companion('suqing', 'guessed-password'), 403, 'access.wrong_password');
  const signed = done(await companion('suqing'));
  assert.deepEqual([signed.state, signed.companion_name, signed.signatures[0].account], ['countersigned', '苏青', 'suqing']);
  assert.equal(done(await people.executor.get('/session')).account, 'executor'); // whose session it stays
});

/* ---- trust ---- */

const kinds = async (id) => done(await people.division.get(`/inspections/${id}`)).marks.map(({ kind }) => kind);

test('V3.5 the page of a photo says when and where it was taken, by the phone and by the server', async () => {
  const { id } = done(await begin(), 201), look = async (photo) => (await (await world.browse('division')).get(`/documents/${photo.document_id}`)).text;
  const at = '&taken_at=2026-03-04T10:05:00%2B08:00&latitude=30274085&longitude=120155070';
  const told = await look(done(await shoot(people.executor, id, ground.items[0], 50, {}, at), 201));
  for (const words of ['拍摄时间（手机时钟）', '2026-03-04 10:05', '到达时间（服务器时钟）', '30.274085, 120.155070']) assert.ok(told.includes(words), words);
  const silent = await look(done(await shoot(people.executor, id, ground.items[0], 51), 201));
  assert.match(silent, /拍摄位置[^]*?<dd>—<\/dd>/);
});

test('V6.1.1 photos that come again are marked: the same bytes, and what looks the same', async () => {
  const first = done(await begin(), 201), second = done(await begin(), 201), third = done(await begin(), 201);
  done(await shoot(people.executor, first.id, ground.items[0], 40), 201);
  done(await shoot(people.executor, second.id, ground.items[0], 40), 201);
  done(await shoot(people.executor, third.id, ground.items[0], 40, { side: 180, shade: 6 }), 201);
  for (const { id } of [first, second, third]) done(await finish(people.executor, id, passes()));
  assert.ok((await kinds(second.id)).includes('same_photo'));
  assert.ok((await kinds(third.id)).includes('like_photo'));
  const [like] = done(await people.division.get(`/inspection_marks?inspection_id=${third.id}&kind=like_photo`)).items;
  const beside = (await (await world.browse('division')).get(`/inspection_marks/${like.id}`)).text;
  assert.deepEqual([beside.match(/preview=1/g).length, /数值/.test(beside)], [2, false]); // both pictures, and no number that says nothing
  const fresh = done(await begin(), 201);
  done(await shoot(people.executor, fresh.id, ground.items[0], 41), 201);
  done(await finish(people.executor, fresh.id, passes()));
  assert.deepEqual((await kinds(fresh.id)).filter((kind) => kind.endsWith('photo')), []);
});

test('V6.1.1 what is too fast, elsewhere, or recorded long after is marked, judged by another, and scored like any', async () => {
  done(await people.pm.post('/area_positions', { area_id: ground.areas[1], latitude: 30274085, longitude: 120155070 }), 201);
  const place = { area_id: ground.areas[1], latitude: 30294085, longitude: 120155070 }; // 2.2 km north of it
  const little = await inspect({ 0: { result: 'na' }, 1: { result: 'na' }, 2: { result: 'na' } });
  const [most] = done(await people.division.get(`/inspection_marks?inspection_id=${little.id}&kind=many_na`)).items;
  assert.equal(most.amount, 3); // of five
  const odd = await inspect({}, { values: { ...place, device_started_at: hours(-30) }, end: { device_finished_at: hours(-30) } });
  const found = await kinds(odd.id);
  for (const kind of ['too_fast', 'wrong_place', 'backfilled']) assert.ok(found.includes(kind), `${kind} in ${found}`);
  assert.equal(odd.score, '100.00');
  const ahead = await inspect({}, { end: { device_finished_at: hours(2) } });
  assert.ok((await kinds(ahead.id)).includes('clock_off'));
  const honest = await inspect({}, { values: { area_id: ground.areas[1], latitude: 30274100, longitude: 120155100 } });
  assert.deepEqual((await kinds(honest.id)).filter((kind) => kind === 'wrong_place' || kind === 'backfilled'), []);
  const [mark] = done(await people.division.get(`/inspection_marks?inspection_id=${odd.id}&kind=wrong_place`)).items;
  assert.ok(Math.abs(mark.amount - 2226) < 10, String(mark.amount));
  assert.equal((await people.green.get('/inspection_marks')).status, 403);
  assert.equal(done(await people.green.get(`/inspections/${odd.id}`)).marks, undefined);
  const judge = (by, decision) => by.post(`/inspection_marks/${mark.id}/judge`, { decision, reason: '在隔壁楼避雨时提交' });
  assert.equal((await judge(people.executor, 'explained')).status, 403);
  fault(await people.division.post(`/inspection_marks/${mark.id}/judge`, { decision: 'explained', reason: '' }), 'reason', 'required', undefined);
  assert.equal(done(await judge(people.division, 'explained')).state, 'explained');
  refused(await judge(people.ops, 'false_record'), 409, 'inspection_mark.wrong_state');
});

/* ---- rectification ---- */

const answer = (by, id, values = {}) => by.post(`/rectifications/${id}/answer`, { answer: '已清理并加派人手', ...values });
const judge = (by, id, decision, reason = '现场查看') => by.post(`/rectifications/${id}/judge`, { decision, reason });
async function answerShown(id) {
  const form = new FormData();
  form.set('answer', '已更换垃圾桶');
  form.append('photos', new Blob([picture(77)], { type: 'image/png' }), '整改后.png');
  return people.green.post(`/rectifications/${id}/answer`, form);
}
async function close(id) {
  const { photo, state } = done(await people.green.get(`/rectifications/${id}`));
  if (state === 'issued') done(photo ? await answerShown(id) : await answer(people.green, id));
  return done(await judge(people.executor, id, 'pass'));
}
async function closeAll(inspection) {
  for (const { id } of done(await people.executor.get(`/rectifications?inspection_id=${inspection}`)).items) await close(id);
}

test('X1 what fails is answered by the provider, with a photo where one is wanted, and closed by who looked again', async () => {
  const { id } = done(await begin(), 201);
  done(await shoot(people.executor, id, ground.items[1], 50), 201);
  done(await finish(people.executor, id, passes({ 1: dirty('桶满溢') })));
  const [notice] = done(await people.green.get(`/rectifications?inspection_id=${id}`)).items;
  assert.deepEqual([notice.state, notice.points, notice.round, notice.item_text], ['issued', '5.00', 1, '垃圾桶不满溢']);
  const owed = (by, rule) => by.get(`/duties?rule=${rule}&live=true&limit=200`).then((reply) => done(reply).items.some(({ subject_id: subject }) => subject === notice.id));
  assert.ok(await owed(people.green, 'rectify'));
  assert.equal((await people.cleaner.get(`/rectifications/${notice.id}`)).status, 404);
  refused(await answer(people.executor, notice.id), 403, 'rectification.provider_answers');
  fault(await answer(people.green, notice.id), 'photos', 'photo_wanted', 'X1');
  refused(await judge(people.executor, notice.id, 'pass'), 409, 'rectification.wrong_state');
  const answered = done(await answerShown(notice.id));
  assert.deepEqual([answered.state, answered.documents.length, answered.late], ['answered', 1, false]);
  assert.ok(await owed(people.executor, 'reinspect'));
  assert.equal((await judge(people.green, notice.id, 'pass')).status, 403);
  fault(await judge(people.executor, notice.id, 'pass', ''), 'reason', 'required', undefined);
  assert.equal(done(await judge(people.executor, notice.id, 'pass')).state, 'closed');
});

test('X1 one problem is deducted once, however many inspections see it, and costs double when it fails again', async () => {
  const first = await inspect({ 0: dirty('水渍') });
  const again = await inspect({ 0: dirty('还是水渍', { findings: 3 }) }, { by: people.pm });
  assert.deepEqual([first.deducted, again.deducted, again.score, again.failed], ['5.00', '0.00', '100.00', 1]);
  assert.equal(again.items[0].linked, true);
  assert.equal(again.items[0].rectification_id, first.items[0].rectification_id);
  const elsewhere = await inspect({ 0: dirty('水渍') }, { values: { area_id: ground.areas[1] } });
  assert.equal(elsewhere.deducted, '5.00'); // another area is another problem
  const notice = first.items[0].rectification_id;
  done(await answer(people.green, notice, { cause: '排水泵停机' }));
  const failed = done(await judge(people.executor, notice, 'fail', '仍有水渍'));
  assert.equal(failed.state, 'failed');
  const next = done(await people.green.get(`/rectifications/${failed.next_id}`));
  assert.deepEqual([next.round, next.points, next.former_id, next.state], [2, '10.00', notice, 'issued']);
  const told = done(await people.division.get('/notices?limit=200')).items;
  assert.ok(told.some(({ kind, subject_id: subject }) => kind === 'rectification.again' && subject === next.id));
  assert.equal(done(await people.green.get(`/rectifications/${notice}`)).seen, 1);
  await close(next.id);
  const anew = await inspect({ 0: dirty('又有水渍') });
  assert.equal(anew.deducted, '5.00'); // closed: a new problem
  for (const { id } of [elsewhere, anew]) await closeAll(id);
});

test('X1 who does not answer in time is late, and fails without an answer', async () => {
  const shown = await inspect({ 2: dirty('异味') }, { values: { area_id: ground.areas[1] } });
  const notice = shown.items[2].rectification_id;
  refused(await judge(people.executor, notice, 'fail'), 409, 'rectification.wrong_state'); // there is time yet
  world.sql(`UPDATE rectifications SET due_at = ${Date.now() - 1000} WHERE id = ${notice}`);
  fault(await judge(people.executor, notice, 'pass'), 'passed', 'not_answered', 'X1');
  const failed = done(await judge(people.executor, notice, 'fail', '逾期未改'));
  assert.deepEqual([failed.state, failed.late], ['failed', true]);
  await close(failed.next_id);
});

test('V3.5 who inspected takes back what is open; once it is submitted another does, and its notices go with it', async () => {
  const open = done(await begin(), 201);
  assert.equal(done(await people.executor.post(`/inspections/${open.id}/void`, { reason: '选错了片区' })).state, 'void');
  const { id, items } = await inspect({ 2: dirty('异味') });
  assert.equal((await people.executor.post(`/inspections/${id}/void`, { reason: '看错了' })).status, 403);
  fault(await people.pm.post(`/inspections/${id}/void`, { reason: '' }), 'reason', 'required', undefined);
  assert.equal(done(await people.pm.post(`/inspections/${id}/void`, { reason: '记到了别的片区' })).state, 'void');
  assert.equal((await people.green.get(`/inspections/${id}`)).status, 404);
  assert.equal(done(await people.green.get(`/rectifications/${items[2].rectification_id}`)).state, 'withdrawn');
});

/* ---- appeals ---- */

test('X4 the provider appeals in time; another than the inspector decides, and the score is worked out anew', async () => {
  const shown = await inspect({ 0: dirty('水渍', { findings: 2 }), 2: dirty('异味') });
  assert.equal(shown.score, '70.00');
  const appeal = (by, place, inspection = shown.id) => by.post('/inspection_appeals', { inspection_id: inspection, place, words: '雨天刚踩的，当场已擦' });
  assert.equal((await appeal(people.executor, 1)).status, 403);
  fault(await appeal(people.green, 2), 'place', 'did_not_fail', 'X4');
  assert.equal((await appeal(people.cleaner, 1)).status, 422); // does not know of the inspection
  const made = done(await appeal(people.green, 1), 201);
  refused(await appeal(people.green, 1), 409, 'record.exists');
  const decide = (by, id, decision) => by.post(`/inspection_appeals/${id}/decide`, { decision, reason: '监控显示属实' });
  assert.equal((await decide(people.executor, made.id, 'uphold')).status, 403);
  assert.equal((await decide(people.green, made.id, 'uphold')).status, 403);
  assert.equal(done(await decide(people.division, made.id, 'uphold')).state, 'upheld');
  const after = done(await people.green.get(`/inspections/${shown.id}`));
  assert.deepEqual([after.score, after.deducted, after.failed, after.sha256], ['80.00', '20.00', 1, shown.sha256]);
  assert.equal(done(await people.green.get(`/rectifications/${shown.items[0].rectification_id}`)).state, 'withdrawn');
  const second = done(await appeal(people.green, 3), 201);
  assert.equal(done(await decide(people.pm, second.id, 'reject')).state, 'rejected');
  assert.equal(done(await people.green.get(`/inspections/${shown.id}`)).score, '80.00');
  const own = await inspect({ 0: dirty('水渍') }, { by: people.pm });
  const against = done(await appeal(people.green, 1, own.id), 201);
  refused(await decide(people.pm, against.id, 'reject'), 403, 'inspection_appeal.own_finding');
  world.sql(`UPDATE inspections SET appeal_by = ${Date.now() - 1000} WHERE id = ${shown.id}`);
  refused(await people.green.post('/inspection_appeals', { inspection_id: shown.id, place: 2, words: '晚了' }), 409, 'inspection_appeal.too_late');
});

test('X4 an upheld finding costs nothing any more, whatever became of its notices; nor does one of an inspection taken back', async () => {
  const there = { values: { area_id: ground.areas[1] } };
  const uphold = async (inspection, place) => {
    const { id } = done(await people.green.post('/inspection_appeals', { inspection_id: inspection, place, words: '雨天刚踩的' }), 201);
    assert.equal(done(await people.division.post(`/inspection_appeals/${id}/decide`, { decision: 'uphold', reason: '监控显示属实' })).state, 'upheld');
  };
  const states = async (inspection) => done(await people.green.get(`/rectifications?inspection_id=${inspection}&sort=id`)).items.map(({ state }) => state);
  const mended = await inspect({ 2: dirty('异味') }, there);
  await close(mended.items[2].rectification_id); // at once, and appeals all the same
  await uphold(mended.id, 3);
  assert.deepEqual(await states(mended.id), ['withdrawn']);
  const again = await inspect({ 2: dirty('异味') }, there);
  done(await answer(people.green, again.items[2].rectification_id));
  done(await judge(people.executor, again.items[2].rectification_id, 'fail', '仍有异味'));
  assert.deepEqual((await states(again.id)).sort(), ['failed', 'issued']);
  await uphold(again.id, 3);
  assert.deepEqual(await states(again.id), ['withdrawn', 'withdrawn']);
  const wrong = await inspect({ 2: dirty('异味') }, there);
  await close(wrong.items[2].rectification_id);
  done(await people.pm.post(`/inspections/${wrong.id}/void`, { reason: '记到了别的片区' }));
  assert.deepEqual(done(await people.pm.get(`/rectifications?inspection_id=${wrong.id}`)).items.map(({ state }) => state), ['withdrawn']);
});

test('X4 that a problem was not rectified is appealed against too: in its own time, decided by neither inspector', async () => {
  const there = { values: { area_id: ground.areas[1] } };
  const failing = async () => {
    const { id, items } = await inspect({ 2: dirty('异味') }, there);
    const first = items[2].rectification_id;
    done(await answer(people.green, first));
    const { next_id: second } = done(await judge(people.pm, first, 'fail', '仍有异味'));
    return { id, first, second };
  };
  const { id, first, second } = await failing();
  const appeal = (rectification, place = 3) => people.green.post('/inspection_appeals', { inspection_id: id, place, rectification_id: rectification, words: '当日已换风机，有照片' });
  world.sql(`UPDATE inspections SET appeal_by = ${Date.now() - 1000} WHERE id = ${id}`); // the finding's time is over, not the round's
  fault(await appeal(first), 'rectification_id', 'no_later_round', 'X4');
  assert.ok(done(await people.green.get(`/rectifications/${second}`)).appeal_by > new Date().toISOString());
  const made = done(await appeal(second), 201);
  assert.deepEqual([made.points, made.rectification_id], ['40.00', second]);
  refused(await appeal(second), 409, 'record.exists');
  const decide = (by, decision) => by.post(`/inspection_appeals/${made.id}/decide`, { decision, reason: '照片在复查之前' });
  refused(await decide(people.pm, 'reject'), 403, 'inspection_appeal.own_finding'); // looked again
  done(await answer(people.green, second));
  const { next_id: third } = done(await judge(people.executor, second, 'fail', '还有异味'));
  done(await decide(people.division, 'uphold'));
  const states = await Promise.all([first, second, third].map(async (one) => done(await people.green.get(`/rectifications/${one}`)).state));
  assert.deepEqual(states, ['closed', 'withdrawn', 'withdrawn']); // mended in the first round; the finding itself stands
  assert.equal(done(await people.green.get(`/inspections/${id}`)).score, '80.00');
  refused(await appeal(third), 409, 'rectification.wrong_state');
  const late = await failing();
  world.sql(`UPDATE rectifications SET appeal_by = ${Date.now() - 1000} WHERE id = ${late.second}`);
  refused(await people.green.post('/inspection_appeals', { inspection_id: late.id, place: 3, rectification_id: late.second, words: '晚了' }), 409, 'inspection_appeal.too_late');
  await close(late.second);
});

/* ---- the provider's own records ---- */

const treatment = (by, contract, values = {}) => by.post('/pest_treatments', {
  contract_id: contract.id, planned_on: day(3), places: '地下车库、垃圾房', targets: ['rats', 'cockroaches'], agent: '杀鼠醚', registration: 'WP20130123',
  concentration: '0.0375%', method: '毒饵站投放', first_aid: '误食立即就医，维生素 K1', ...values });

test('V4 a treatment against pests is announced three days ahead, with a registered agent, and confirmed by the client', async () => {
  const { items: [contract] } = done(await people.green.get('/contracts?service=pest_control&state=active'));
  fault(await treatment(people.green, contract, { planned_on: day(2) }), 'planned_on', 'three_days_ahead', 'V4');
  fault(await treatment(people.green, contract, { registration: '三无' }), 'registration', 'malformed', 'V4');
  fault(await treatment(people.green, ground.contract), 'contract_id', 'service_differs', 'V4');
  assert.equal((await treatment(people.pm, contract)).status, 403);
  const { id, state, announced_on: announced } = done(await treatment(people.green, contract), 201);
  assert.deepEqual([state, announced], ['announced', day()]);
  const report = (by, values = {}) => by.post(`/pest_treatments/${id}/report`, { treated_on: day(), amount: '1.2 kg', workers: '王平', follower: '何书琴', remains: '清理死鼠 3 只，残饵回收', ...values });
  fault(await report(people.green), 'treated_on', 'before_announced', 'V4');
  world.sql(`UPDATE pest_treatments SET planned_on = '${day()}', announced_on = '${day(-3)}' WHERE id = ${id}`);
  assert.equal(done(await report(people.green)).state, 'done');
  const judged = (by, decision, reason = '') => by.post(`/pest_treatments/${id}/judge`, { decision, reason });
  assert.equal((await judged(people.green, 'confirm')).status, 403);
  fault(await judged(people.executor, 'return'), 'reason', 'required', undefined);
  assert.equal(done(await judged(people.executor, 'return', '缺密度监测')).state, 'returned');
  assert.equal(done(await report(people.green, { remains: '死鼠 3 只，粉块阳性率 2%' })).state, 'done');
  assert.equal(done(await judged(people.executor, 'confirm')).state, 'confirmed');
  refused(await judged(people.executor, 'confirm'), 409, 'pest_treatment.wrong_state');
});

test('V4 maintenance is recorded with the worker’s licence and confirmed by the client; another provider knows nothing of it', async () => {
  const { items: [contract] } = done(await people.pm.get('/contracts?service=engineering&state=active'));
  const work = { contract_id: contract.id, equipment: 'DT-03', kind: 'half_month', arrived_at: hours(-2), finished_at: hours(-1), results: '清洁润滑，制动器间隙正常', worker: '邓工', licence: 'TS6A33018' };
  assert.equal((await people.pm.post('/maintenance_works', work)).status, 403);
  assert.equal((await people.green.post('/maintenance_works', work)).status, 422); // knows no such contract
  const engineering = people.denggong;
  assert.equal((await engineering.post('/maintenance_works', { ...work, licence: '' })).status, 422);
  fault(await engineering.post('/maintenance_works', { ...work, finished_at: hours(-3) }), 'finished_at', 'before_start', undefined);
  const { id } = done(await engineering.post('/maintenance_works', work), 201);
  assert.equal((await people.green.get(`/maintenance_works/${id}`)).status, 404);
  assert.equal(done(await people.pm.post(`/maintenance_works/${id}/judge`, { decision: 'confirm' })).state, 'confirmed');
});

/* ---- plans ---- */

// Two phones begin the same task, and both submit: both are kept, what both found costs once, and somebody who did neither decides.
async function submittedTwice(task, first) {
  for (const state of ['issued', 'answered'])
    for (const { id } of done(await people.pm.get(`/rectifications?area_id=${task.area_id}&state=${state}`)).items) await close(id); // of the stories before
  const second = done(await begin(people.executor, { task_id: task.id }), 201);
  const found = ({ items }) => items.map(({ item_id: item }, i) => ({ item_id: item, ...(i < items.length - 1 ? { result: 'pass' } : dirty('两人不在花名册')) }));
  const submitted = done(await finish(people.executor, first.id, found(first)));
  const [notice] = done(await people.pm.get(`/rectifications?inspection_id=${first.id}`)).items;
  assert.deepEqual(submitted.same_task, []);
  const twice = done(await finish(people.executor, second.id, found(second)));
  assert.deepEqual(twice.same_task.map(({ id, score }) => [id, score]), [[first.id, submitted.score]]); // and the phone says so
  assert.deepEqual([twice.score, twice.deducted, twice.items.at(-1).linked, twice.items.at(-1).rectification_id], ['100.00', '0.00', true, notice.id]);
  assert.ok((await kinds(second.id)).includes('same_task'));
  assert.deepEqual(done(await people.executor.get(`/inspections/${first.id}`)).same_task.map(({ id }) => id), [second.id]);
  assert.deepEqual(done(await people.executor.get('/inspections/kit')).twice, [{ inspection_id: second.id, other_id: first.id }]);
  const kept = done(await people.pm.get(`/inspection_tasks/${task.id}`));
  assert.deepEqual([kept.twice, kept.inspection_id], [true, first.id]);
  const pages = await world.browse('pm');
  assert.match((await pages.get(`/inspection_tasks/${task.id}`)).text, /这项任务有两次提交/);
  for (const { id } of [first, second]) assert.match((await pages.get(`/inspections/${id}`)).text, /同一任务还有一次提交/);
  assert.match((await pages.get(`/inspections/${second.id}`)).text, /1 项在整改中，不重复扣分/);
  assert.equal(done(await people.green.get(`/inspections/${second.id}`)).same_task, undefined); // nobody cleans for the inspector
  assert.doesNotMatch((await people.green.get(`/inspections/${second.id}/history`)).text, /doubtful/);
  assert.match((await people.pm.get(`/inspections/${second.id}/history`)).text, /doubtful/);
  const [mark] = done(await people.division.get(`/inspection_marks?inspection_id=${second.id}&kind=same_task`)).items;
  refused(await people.executor.post(`/inspections/${first.id}/void`, { reason: '重复' }), 403, 'request.no_right');
  done(await people.division.post(`/inspections/${first.id}/void`, { reason: '以第二次为准' }));
  assert.deepEqual([done(await people.division.get(`/inspection_marks/${mark.id}`)).state, done(await people.pm.get(`/inspection_tasks/${task.id}`)).inspection_id], ['explained', second.id]);
  const counts = done(await people.pm.get(`/inspections/${second.id}`));
  assert.deepEqual([counts.score, counts.deducted, counts.same_task], [submitted.score, submitted.deducted, []]);
  const after = done(await people.pm.get(`/rectifications/${notice.id}`));
  assert.deepEqual([after.state, after.inspection_id, after.points], ['issued', second.id, notice.points]);
  await close(notice.id);
}

test('V6.1.1 plans become tasks by the clock; done, late and missed are known by project and month', async () => {
  const plan = (by, values) => by.post('/inspection_plans', { contract_id: ground.contract.id, level: 'owner', frequency: 'daily', ...values });
  fault(await plan(people.pm, { level: 'mystery' }), 'level', 'not_your_level', 'V3.5');
  assert.equal((await plan(people.executor)).status, 403);
  assert.equal((await plan(people.green)).status, 403);
  done(await plan(people.pm), 201);
  done(await plan(people.division, { level: 'division', frequency: 'monthly', area_id: ground.areas[0] }), 201);
  await world.halt();
  await world.start(); // the clock looks at its start
  for (const name of ['pm', 'executor', 'division', 'green']) people[name] = await world.signIn(name === 'green' ? 'suqing' : name);
  const tasks = async (by = people.pm) => done(await by.get(`/inspection_tasks?contract_id=${ground.contract.id}&limit=200`)).items;
  const ours = async () => (await tasks()).filter(({ area_id: area }) => ground.areas.includes(area));
  const expected = ['division A', 'owner A', 'owner B'];
  let opened = [];
  while (!expected.every((one) => opened.some(({ level, area_name: area }) => one === `${level} ${area[0]}`))) opened = await ours();
  assert.equal((await people.green.get('/inspection_tasks')).status, 403); // nobody cleans for the inspector
  const daily = opened.find(({ area_id: area, level }) => area === ground.areas[0] && level === 'owner');
  const kit = done(await people.executor.get('/inspections/kit'));
  assert.ok(kit.tasks.some(({ id }) => id === daily.id));
  assert.ok(kit.contracts.some(({ id, items }) => id === ground.contract.id && items.length === 5));
  refused(await begin(people.pm, { task_id: opened.find(({ level }) => level === 'division').id }), 403, 'inspection.other_task');
  const begun = done(await begin(people.executor, { task_id: daily.id }), 201);
  assert.equal(begun.items.length, 3); // what is due daily
  await submittedTwice(daily, begun);
  refused(await begin(people.executor, { task_id: daily.id }), 409, 'inspection.task_over');
  const figures = async (by) => done(await by.get(`/inspection_figures?month=${month()}`)).items.find(({ unit_id: unit }) => unit === ground.contract.unit_id);
  const all = done(await people.pm.get(`/inspection_tasks?month=${month()}&unit_id=${ground.contract.unit_id}&limit=200`)).items;
  const number = (state) => all.filter((task) => task.state === state).length;
  const { planned, done: kept, missed, open } = await figures(people.division);
  assert.deepEqual([planned, kept, missed, open], [all.length, number('done'), number('missed'), number('open')]);
  assert.equal(all.find(({ id }) => id === daily.id).state, 'done');
  assert.equal((await people.green.get('/inspection_figures')).status, 403);
});

test('V3.5 with its contract an inspection that lies ahead falls away, and so does who owed it', async () => {
  const ours = async (state) => done(await people.division.get(`/inspection_tasks?contract_id=${ground.contract.id}&state=${state}&limit=200`)).items;
  const owed = async () => done(await people.division.get(`/duties?rule=inspect_area&contract_id=${ground.contract.id}&state=open&limit=200`)).items;
  const ahead = (await ours('open')).filter(({ due_at: due }) => new Date(due) > new Date());
  assert.ok(ahead.length && (await owed()).length);
  done(await people.division.post(`/contracts/${ground.contract.id}/end`, { reason: '项目移交' }));
  await world.halt();
  await world.start();
  people.division = await world.signIn('division');
  while ((await ours('dropped')).length < ahead.length);
  while ((await owed()).some(({ due_at: due }) => new Date(due) > new Date()));
});

// V3.3, X2, X4: from rules and events to what finance pays; nobody skips a step, and nothing frozen changes.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { startWorld, PASSWORD, day, month } from '../world.js';

let world, contract, rules;
const people = {};
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const refused = (reply, status, code) => { assert.equal(reply.status, status, reply.text); assert.equal(reply.body.error.code, code, reply.text); };
const lacks = (reply, code) => assert.ok(reply.body.error.fields.some((one) => one.code === code), reply.text);
const statement = async (when, by = people.pm) => {
  const [{ id }] = done(await by.get(`/settlements?contract_id=${contract.id}&month=${when}`)).items;
  return done(await by.get(`/settlements/${id}`));
};
const sign = (by, { id, sha256 }, step) => by.post(`/settlements/${id}/${step}`, { password: PASSWORD, sha256 });

before(async () => {
  world = await startWorld();
  const names = ['ops', 'division', 'pm', 'finance', 'audit', 'cleaner', 'provider'];
  await Promise.all(names.map(async (name) => { people[name] = await world.signIn(name); }));
  contract = done(await people.pm.get(`/contracts?q=${encodeURIComponent('滨河花园保洁')}`)).items[0];
  rules = done(await people.pm.get(`/deduction_rules?contract_id=${contract.id}&limit=50`)).items;
});
after(() => world.stop());

const rule = (name) => rules.find((one) => one.name === name).id;
const record = (values = {}) => people.pm.post('/deduction_events', { contract_id: contract.id, rule_id: rule('垃圾满溢'), day: `${month(-3)}-25`, fact: '6 号楼垃圾房满溢', ...values });
async function attach(id) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'deduction_events', subject_id: id, retention: 'long' })) form.append(name, value);
  form.append('file', new Blob(['照片 0325，拍摄于 7:42']), '照片.txt');
  return fetch(`${world.url}/api/documents`, { method: 'POST', headers: { Authorization: `Bearer ${people.pm.token}` }, body: form });
}
async function bytesOf(by, where) {
  const reply = await fetch(`${world.url}/api${where}`, { headers: { Authorization: `Bearer ${by.token}` } });
  assert.equal(reply.status, 200);
  return Buffer.from(await reply.arrayBuffer());
}
async function told(values) {
  const { id } = done(await record(values), 201);
  refused(await people.pm.post(`/deduction_events/${id}/tell`), 409, 'deduction_event.no_evidence');
  assert.equal((await attach(id)).status, 201);
  return done(await people.pm.post(`/deduction_events/${id}/tell`));
}

test('X4 a deduction is told with evidence, objected to by the provider and decided by another', async () => {
  const { id, version, object_by: until } = await told();
  assert.ok(until > new Date().toISOString());
  const draft = done(await record(), 201);
  assert.equal((await people.cleaner.get(`/deduction_events/${draft.id}`)).status, 404);
  assert.equal((await people.provider.get(`/deduction_events/${id}`)).status, 404);
  assert.equal((await people.pm.patch(`/deduction_events/${id}`, { version, fact: '改写' })).status, 409);
  assert.equal((await people.cleaner.post(`/deduction_events/${id}/object`, { objection: '' })).status, 422);
  assert.equal(done(await people.cleaner.post(`/deduction_events/${id}/object`, { objection: '当日停运' })).state, 'objected');
  assert.equal((await people.pm.post(`/deduction_events/${id}/uphold`, { reason: '属实' })).status, 403);
  assert.equal(done(await people.division.post(`/deduction_events/${id}/uphold`, { reason: '停运属实' })).state, 'dropped');
  refused(await people.division.post(`/deduction_events/${id}/reject`, { reason: '再议' }), 409, 'deduction_event.wrong_state');
});

test('V3.3 nothing is sent or paid without a final evaluation', async () => {
  const last = await statement(month(-1));
  assert.deepEqual([last.state, last.evaluation_id], ['drafted', null]);
  const reply = await sign(people.pm, last, 'send');
  refused(reply, 409, 'settlement.not_ready');
  lacks(reply, 'no_final_evaluation');
  const page = async () => (await (await world.browse('pm')).get(`/settlements/${last.id}`)).text;
  assert.match(await page(), new RegExp(`href="/evaluations\\?contract_id=${last.contract_id}">查看评价`));
});

test('V3.3 a draft that nobody sent is dropped with a reason, and its month drafted anew', async () => {
  const draft = async () => (await people.division.post('/settlements', { contract_id: contract.id, month: month(-4) }));
  const wrong = done(await draft(), 201);
  assert.equal((await draft()).status, 422);
  const drop = (by, { id }, reason) => by.post(`/settlements/${id}/drop`, { reason });
  assert.equal((await drop(people.finance, wrong, '不该编')).status, 403);
  assert.equal((await drop(people.pm, wrong, '')).status, 422);
  assert.equal(done(await drop(people.pm, wrong, '合同选错')).state, 'dropped');
  assert.equal((await people.cleaner.get(`/settlements/${wrong.id}`)).status, 404);
  refused(await sign(people.pm, wrong, 'send'), 409, 'settlement.wrong_state');
  const anew = done(await draft(), 201);
  // Whoever made it does not decide about it, although another one sent it.
  const sent = done(await sign(people.pm, anew, 'send'));
  done(await people.cleaner.post(`/settlements/${sent.id}/dispute`, { objection: '请核对' }));
  refused(await people.division.post(`/settlements/${sent.id}/reject`, { reason: '维持' }), 403, 'settlement.same_person');
  done(await people.ops.post(`/settlements/${sent.id}/uphold`, { reason: '重新核对' }));
  refused(await drop(people.pm, sent, '不要了'), 409, 'settlement.was_sent');
});

test('X3 nothing of a one-off contract is sent or paid before it is accepted', async () => {
  const [once] = done(await people.ops.get(`/contracts?q=${encodeURIComponent('澄江中心空调水系统维修')}`)).items; // refused
  const one = done(await people.division.post('/settlements', { contract_id: once.id, month: month() }), 201);
  assert.equal(one.retained_fen, Math.round(one.fee_fen * 0.05));
  const refusal = await sign(people.division, one, 'send');
  refused(refusal, 409, 'settlement.not_ready');
  lacks(refusal, 'no_acceptance');
});

test('X2 a grade that is too low costs what both sides agreed on, told with its figures', async () => {
  const { total, deductions, evaluation_id: evaluation } = await statement(month(-2), people.audit);
  const line = deductions.find(({ function: by }) => by === 'per_point_amount');
  const points = (8500 - Math.round(Number(total) * 100)) / 100;
  assert.ok(evaluation && points > 0);
  assert.deepEqual([Number(line.points), line.amount_fen], [points, Math.round(points * 30000)]);
  assert.ok(line.words.includes(total) && line.words.includes('300.00'), line.words);
  const refusal = await people.pm.post('/letters', { contract_id: contract.id, type: 'deduction_rules', subject: '改规则', body: '本月起', lines: [
    { from_month: month(), name: '扣分', term: '6.4', function: 'cap', rests_on: 'event', rate_fen: 100 }] });
  const letter = done(refusal, 201);
  const sent = await people.pm.post(`/letters/${letter.id}/send`, { password: PASSWORD, sha256: letter.sha256 });
  assert.equal(sent.status, 422, sent.text);
  for (const code of ['month_begun', 'wrong_trigger', 'not_of_this_function']) lacks(sent, code); // never backwards
});

test('V3.3 what comes late or was wrong is a line of a later statement, never a change of an earlier one', async () => {
  const paid = await statement(month(-3));
  assert.equal(paid.state, 'paid');
  const { id } = await told();
  done(await people.cleaner.post(`/deduction_events/${id}/accept`));
  const again = await statement(month(-3));
  assert.deepEqual([again.sha256, again.payable_fen], [paid.sha256, paid.payable_fen]);
  const next = await statement(month(-1));
  const late = next.deductions.find(({ kind }) => kind === 'late');
  assert.deepEqual([late.month, late.amount_fen], [month(-3), 100000]); // the third one of its month: doubled
  assert.ok(late.evidence.split(' ').includes(String(id)));
  refused(await people.pm.post('/settlement_corrections', { settlement_id: next.id, amount_fen: 100, reason: '试' }), 422, 'input.invalid');
  const correction = done(await people.pm.post('/settlement_corrections', { settlement_id: paid.id, amount_fen: -5000, reason: '补扣' }), 201);
  assert.equal((await people.pm.post(`/settlement_corrections/${correction.id}/approve`)).status, 403);
  done(await people.division.post(`/settlement_corrections/${correction.id}/approve`));
  assert.ok((await statement(month(-1))).deductions.some(({ kind, amount_fen: fen }) => kind === 'correction' && fen === 5000));
});

test('X4 V3.3 a disputed statement is decided by another than its drafter, and finance approves it or sends it back', async () => {
  const disputed = await statement(month(-2));
  assert.equal(disputed.state, 'disputed');
  assert.equal((await people.pm.post(`/settlements/${disputed.id}/reject`, { reason: '维持' })).status, 403);
  assert.equal((await people.cleaner.post(`/settlements/${disputed.id}/reject`, { reason: '维持' })).status, 403);
  assert.equal(done(await people.division.post(`/settlements/${disputed.id}/uphold`, { reason: '重新核对' })).state, 'drafted');
  assert.equal((await people.cleaner.get(`/settlements/${disputed.id}`)).status, 404); // until it is sent anew
  const drafted = await statement(month(-2));
  refused(await sign(people.pm, { ...drafted, sha256: 'f'.repeat(64) }, 'send'), 409, 'settlement.changed');
  const sent = done(await sign(people.pm, drafted, 'send'));
  assert.deepEqual([sent.state, sent.round, sent.payable_fen], ['sent', 2, drafted.payable_fen]);
  assert.equal((await people.provider.get(`/settlements/${sent.id}`)).status, 404);
  assert.equal(done(await people.provider.get('/settlements')).items.length, 0);
  assert.equal(done(await sign(people.cleaner, sent, 'agree')).state, 'agreed');
  assert.equal((await sign(people.pm, sent, 'approve')).status, 403); // the drafter
  assert.ok([404, 405].includes((await people.finance.patch(`/settlements/${sent.id}`, { payable_fen: 1 })).status));
  assert.equal((await people.finance.post('/settlements', { contract_id: contract.id, month: month() })).status, 403);
  assert.equal((await people.finance.post('/settlement_corrections', { settlement_id: sent.id, amount_fen: 1, reason: '改' })).status, 403);
  assert.equal(done(await people.finance.post(`/settlements/${sent.id}/return`, { reason: '请补附证据清单' })).state, 'drafted');
  const anew = done(await sign(people.pm, await statement(month(-2)), 'send'));
  done(await sign(people.cleaner, anew, 'agree'));
  refused(await people.finance.post(`/settlements/${anew.id}/pay`, { paid_on: day(), voucher: '1' }), 409, 'settlement.wrong_state');
  assert.equal(done(await sign(people.finance, anew, 'approve')).state, 'approved');
  assert.equal((await people.finance.post(`/settlements/${anew.id}/pay`, { paid_on: day() })).status, 422);
  const paid = done(await people.finance.post(`/settlements/${anew.id}/pay`, { paid_on: day(), voucher: '付-1' }));
  assert.deepEqual([paid.state, paid.voucher, paid.payable_fen], ['paid', '付-1', anew.payable_fen]);
  assert.ok(done(await people.audit.get(`/settlements/${paid.id}/history`)).items.length > 8);
  assert.equal((await people.audit.post(`/settlements/${paid.id}/return`, { reason: '改' })).status, 403);
});

test('V3.3 each amount leads to its rule, points, evidence and term; paper and workbook say the same', async () => {
  const paid = await statement(month(-3), people.cleaner);
  const sum = paid.deductions.reduce((all, one) => all + one.amount_fen, 0);
  assert.equal(paid.payable_fen, paid.fee_fen - sum);
  for (const line of paid.deductions) {
    assert.ok(line.rule && line.term && line.words, JSON.stringify(line));
    for (const id of line.evidence.split(' ').filter(Boolean)) {
      assert.equal(done(await people.cleaner.get(`/deduction_events/${id}`)).settlement_id, paid.id);
    }
  }
  const yuan = (paid.payable_fen / 100).toFixed(2);
  const read = "import sys,io,zipfile,re;print(zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).read('xl/worksheets/sheet1.xml').decode())";
  const xml = execFileSync('python3', ['-c', read], { input: await bytesOf(people.finance, `/settlements/${paid.id}/statement.xlsx`), encoding: 'utf8' });
  const numbers = [...xml.matchAll(/<v>(-?[\d.]+)<\/v>/g)].map(([, number]) => Number(number));
  assert.equal(numbers.at(-1).toFixed(2), yuan);
  for (const words of [paid.contract_number, paid.month, paid.provider_name, paid.sha256, '财务中心批准', '钱玉芬', '扣款事项 #']) assert.ok(xml.includes(words), words);
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: await bytesOf(people.finance, `/settlements/${paid.id}/print.pdf`), encoding: 'utf8' });
  assert.ok(text.replaceAll(',', '').includes(yuan), text);
  assert.match(text, /人民币/);
});

test('V3.3 the command that proves the store works every approved statement out again', () => {
  const proof = world.luyue(['verify']);
  assert.equal(proof.status, 0, proof.stdout + proof.stderr);
  assert.match(proof.stdout, /settlements: 4, as they were/);
});

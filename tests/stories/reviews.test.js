// Recordings and quality reviews over the API: a call is drawn, listened to, judged, appealed against and decided by
// somebody else; its figures follow; what the client heard leaves in a letter; nothing of it for another provider.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import http from 'node:http';
import { startWorld, Client, day } from '../world.js';
import { sound, wav } from '../sound.js';

let world, provider, duty, qa, client, other, agentAccount, contract, agent, call, recording;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };
const CALLEE = '13812345678';
const line = (uid, more = {}) => ({
  source: 'dialer', uid, contract: contract.number, agent: agent.code, caller: '0571-8766 2301', callee: CALLEE,
  started_at: `${day(-1)}T23:00:00+08:00`, duration_s: 30, talk_s: 12, result: 'success', recording: `${uid}-${CALLEE}.wav`, ...more,
});
const upload = (by, fields, bytes, name) => by.post('/recordings', sound(fields, bytes, name));
const until = async (ask) => { // the runner's limit ends a wait in vain
  for (;;) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
};

before(async () => {
  world = await startWorld();
  [provider, duty, qa, client, other, agentAccount] = await Promise.all(['provider', 'duty', 'qa', 'client', 'cleaner', 'agent'].map((name) => world.signIn(name)));
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
  [agent] = done(await provider.get('/agents?code=1001&state=active')).items;
  done(await provider.post('/calls', [line('review-1')]));
  call = done(await provider.get(`/calls?callee=${CALLEE}`)).items.find(({ uid }) => uid === 'review-1');
  recording = done(await upload(qa, { call_id: call.id }, wav(2, 15)), 201);
});
after(() => world.stop());

test('C2.4 a recording is kept with its call and drawn as a waveform', async () => {
  const bytes = wav(2, 15);
  assert.deepEqual([recording.state, recording.channels, recording.duration_ms, recording.size], ['kept', 2, 15000, bytes.length]);
  assert.equal(done(await upload(qa, { call_id: call.id }, bytes), 201).id, recording.id);
  assert.equal((await upload(qa, { call_id: call.id }, wav(1))).status, 409);
  const { items } = done(await client.get(`/recordings/${recording.id}/peaks`));
  assert.equal(items.length, 400);
  assert.ok(items.every(({ left, right }) => left <= 50 && right <= 50) && items.some(({ left }) => left >= 45));
  assert.equal((await other.get(`/recordings/${recording.id}/peaks`)).status, 404);
  assert.equal((await other.get(`/recordings/${recording.id}`)).status, 404);
  assert.deepEqual((await client.post(`/recordings/${recording.id}/letter`, { at_ms: 16000 })).body.error.fields[0].code, 'beyond_sound');
  const letter = done(await client.post(`/recordings/${recording.id}/letter`, { at_ms: 12000 }), 201);
  assert.equal(letter.type, 'penalty_evidence');
  const { lines } = done(await client.get(`/letters/${letter.id}`));
  assert.deepEqual([lines[0].agent_code, lines[0].second, lines[0].call_id], [agent.code, 12, call.id]);
});

test('what is no sound, or too much of it, is refused', async () => {
  for (const bytes of ['no sound', '%PDF-1.4 a paper', '\x89PNG\r\n\x1a\n', 'RIFF....WEBPVP8 ', '', '<html><script>alert(1)</script>']) {
    const reply = await upload(qa, { call_id: call.id }, Buffer.from(bytes, 'latin1'), 'call.wav');
    assert.equal(reply.status, 422, `${bytes}: ${reply.text}`);
    assert.match(reply.body.error.code, /^(recording\.no_sound|document\.empty)$/);
  }
  const status = await new Promise((resolve, reject) => { // refused by its length, before it is read
    const request = http.request(`${world.url}/api/recordings`, { method: 'POST', headers: {
      authorization: `Bearer ${qa.token}`, 'content-type': 'multipart/form-data; boundary=x', 'content-length': 70 << 20 } });
    request.on('response', (reply) => { resolve(reply.statusCode); request.destroy(); });
    request.on('error', reject);
    request.flushHeaders();
  });
  assert.equal(status, 413);
});

// RFC 9110, 14.1 to 14.4.
test('sound is streamed by ranges', async () => {
  const bytes = wav(2, 15), size = bytes.length;
  const ask = (range, more = {}) => fetch(`${world.url}/api/recordings/${recording.id}/audio`, { headers: { authorization: `Bearer ${client.token}`, ...range && { range }, ...more } });
  const whole = await ask();
  assert.deepEqual([whole.status, whole.headers.get('accept-ranges'), whole.headers.get('content-type')], [200, 'bytes', 'audio/wav']);
  assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes));
  const etag = whole.headers.get('etag');
  for (const [range, first, last] of [['bytes=0-99', 0, 99], [`bytes=${size - 5}-`, size - 5, size - 1], ['bytes=-7', size - 7, size - 1],
    [`bytes=-${size + 9}`, 0, size - 1], [`bytes=10-${size + 50}`, 10, size - 1], ['BYTES=3-3', 3, 3]]) {
    const reply = await ask(range);
    assert.deepEqual([range, reply.status, reply.headers.get('content-range')], [range, 206, `bytes ${first}-${last}/${size}`]);
    assert.ok(Buffer.from(await reply.arrayBuffer()).equals(bytes.subarray(first, last + 1)), range);
  }
  for (const range of [`bytes=${size}-`, `bytes=${size + 9}-${size + 10}`, 'bytes=-0']) {
    const reply = await ask(range);
    assert.deepEqual([range, reply.status, reply.headers.get('content-range')], [range, 416, `bytes */${size}`]);
  }
  // What is malformed, of another unit, or asks for several parts is answered with the whole, as a server may.
  for (const range of ['bytes=9-3', 'bytes=a-b', 'bytes=', 'items=0-5', 'bytes=0-1,5-9', 'bytes=--5']) {
    const reply = await ask(range);
    assert.deepEqual([range, reply.status, (await reply.arrayBuffer()).byteLength], [range, 200, size]);
  }
  assert.equal((await ask('bytes=0-9', { 'if-range': etag })).status, 206);
  assert.equal((await ask('bytes=0-9', { 'if-range': '"another"' })).status, 200);
  assert.equal((await ask(undefined, { 'if-none-match': etag })).status, 304);
});

test('C2.4 who listens is named in the trail and in the log, once for each time that they sit down to it', async () => {
  const { items } = done(await client.get(`/recordings/${recording.id}/history`));
  assert.equal(items.filter(({ action }) => action === 'listen').length, 1);
  const [listening, ...more] = done(await client.get(`/listenings?recording_id=${recording.id}`)).items;
  assert.equal(more.length, 0);
  assert.deepEqual([listening.account, listening.agent_code], ['client', '1001']);
  assert.ok(listening.requests > 5);
  assert.equal((await qa.get('/listenings')).status, 403);
  assert.equal(done(await world.signIn('provider').then((by) => by.get(`/listenings?recording_id=${recording.id}`))).items.length, 1);
  assert.equal((await other.get(`/listenings?recording_id=${recording.id}`)).body.items.length, 0);
});

test('the number that was called is masked in recordings, reviews and what is exported of them', async () => {
  assert.equal(recording.name, 'review-1-138****5678.wav');
  const texts = [JSON.stringify(recording)];
  for (const path of [`/recordings/${recording.id}`, '/recordings', `/recordings/${recording.id}/history`, '/listenings', '/reviews'])
    texts.push((await client.get(path)).text);
  texts.push((await client.post('/recordings/export?format=csv')).text, (await client.post('/listenings/export?format=csv')).text);
  for (const text of texts) assert.ok(!text.includes(CALLEE), text.slice(0, 300));
});

test('C2.4 a call system brings a recording by its own name for the call, before the record of it, too', async () => {
  const { token } = done(await duty.post('/tokens', { name: '呼叫系统', rights: 'recordings.write', expires_on: day(9) }), 201);
  const system = new Client(world.url, token), began = `${day(-2)}T22:00:01+08:00`;
  const name = { source: 'pbx', uid: 'early-1', started_at: began };
  const arrival = done(await upload(system, name, wav(1)), 201);
  assert.deepEqual([arrival.state, arrival.call_uid], ['waiting', 'early-1']);
  assert.equal(done(await upload(system, name, wav(1)), 201).id, arrival.id);
  assert.equal((await upload(system, name, wav(2))).status, 409);
  assert.equal((await upload(system, { uid: 'early-1' }, wav(1))).status, 422);
  assert.equal((await upload(system, { ...name, started_at: 'yesterday' }, wav(1))).status, 422);
  done(await provider.post('/calls', [line('early-1', { source: 'pbx', started_at: began.replace('+', '.250+') })]));
  const { recording_id: id } = await until(async () => {
    const found = done(await provider.get(`/recording_arrivals/${arrival.id}`));
    return found.state === 'matched' && found;
  });
  assert.deepEqual([(await provider.get(`/recordings/${id}`)).body.state, done(await provider.get(`/recordings/${id}`)).size], ['kept', wav(1).length]);
  assert.equal(done(await upload(system, name, wav(1)), 201).id, id); // now its call is there
});

test('X4 a dispute holds a recording beyond its days: by a hold with a reason, or as a letter about it is not settled', async () => {
  const held = async () => done(await client.get(`/recordings/${recording.id}`)).held_by.map(({ href }) => href.split('/')[1]);
  const before_ = await held();
  assert.ok(before_.includes('letters') && !before_.includes('legal_holds'), before_); // the draft of the test above
  assert.equal((await client.post('/legal_holds', { contract_id: contract.id, from: day(-1), to: day(-1) })).status, 422);
  const hold = done(await client.post('/legal_holds', { contract_id: contract.id, from: day(-1), to: day(-1), reason: '客户投诉' }), 201);
  assert.ok((await held()).includes('legal_holds'));
  assert.equal((await provider.post(`/legal_holds/${hold.id}/release`, { reason: '不想留了' })).status, 403);
  done(await client.post(`/legal_holds/${hold.id}/release`, { reason: '已结案' }));
  assert.deepEqual(await held(), before_);
  const certificate = done(await client.get('/deletion_certificates')).items.find(({ kind }) => kind === 'recordings'); // of the demo world
  assert.deepEqual([certificate.state, certificate.count, certificate.rule_days], ['deleted', 1, 30]);
  const printed = await client.get(`/deletion_certificates/${certificate.id}/print.pdf`);
  assert.deepEqual([printed.status, printed.headers.get('content-type')], [200, 'application/pdf']);
});

test('C2.4 from the draw to the decision: the figures follow', async () => {
  const form = done(await qa.post('/review_forms', {
    name: '通用', contract_id: contract.id, items: [
      { name: '开场', kind: 'score', weight: 40 }, { name: '业务', kind: 'score', weight: 60 }, { name: '虚假成功', kind: 'fatal' }],
  }), 201);
  done(await qa.post(`/review_forms/${form.id}/enforce`, {}));
  assert.equal((await qa.patch(`/review_forms/${form.id}`, { version: form.version + 1, items: [] })).status, 409);
  const body = { contract_id: contract.id, form_id: form.id, from: day(-1), to: day(-1), newcomer_calls: 20, other_calls: 20 };
  assert.equal((await qa.post('/review_samples', body)).status, 403);
  const sample = done(await duty.post('/review_samples', body), 201);
  assert.ok(sample.drawn.split(' ').includes(String(call.id)), sample.drawn);
  assert.ok(sample.seed.length > 20);

  const success = async () => done(await provider.get(`/call_figures?contract=${contract.number}&from=${day(-1)}&to=${day(-1)}`)).items[0].success;
  const before_ = await success(), second = await world.signIn('linqian');
  const review = await until(async () => { // in the order in which they were drawn, by whose turn it is
    for (const by of [qa, second]) {
      const next = await by.get('/reviews/next');
      if (next.status === 404) continue;
      const fatal = next.body.call_id === call.id;
      const items = next.body.items.map(({ kind, weight }, i) => (kind === 'fatal' ? { place: i + 1, mark: 'clear' } : { place: i + 1, mark: 'points', points: String(weight) }));
      if (fatal) { items[1] = { place: 2, mark: 'na' }; items[2] = { place: 3, mark: 'hit', comment: '无人应答却报成功', at_ms: 3000 }; }
      done(await by.post(`/reviews/${next.body.id}/mark`, { items, publish: '1' }));
      if (fatal) return next.body;
    }
    return undefined;
  });
  const published = done(await client.get(`/reviews/${review.id}`));
  assert.deepEqual([published.state, published.fatal, Number(published.score)], ['published', true, 0]);
  assert.equal((await other.get(`/reviews/${review.id}`)).status, 404);
  await until(async () => await success() === before_ - 1); // a worker carries it
  assert.equal(done(await provider.get(`/calls/${call.id}`)).result, 'contacted');
  const page = await (await world.browse('client')).get(`/calls/${call.id}`); // the call leads to what became of it
  assert.match(page.text, new RegExp(`href="/reviews/${review.id}"[^]*一票否决，成功访问已剔除；上报结果： 成功访问`));
  assert.match(page.text, new RegExp(`data-player="/recordings/${recording.id}"`));
  const letter = done(await client.post(`/reviews/${review.id}/letter`, {}), 201);
  assert.equal(done(await client.get(`/letters/${letter.id}`)).lines[0].second, 3);

  // its agent hears the own one, and no other
  const heard = await agentAccount.get(`/reviews/${review.id}/audio`);
  assert.equal(heard.status, 200);
  assert.equal((await agentAccount.get(`/recordings/${recording.id}/audio`)).status, 200);
  const another = done(await client.get('/recordings?state=kept')).items.find(({ agent_code: code }) => code !== '1001');
  assert.equal((await agentAccount.get(`/recordings/${another.id}/audio`)).status, 404);
  const foreign = done(await client.get('/reviews?state=final')).items.find(({ agent_code: code }) => code !== '1001');
  assert.equal((await agentAccount.get(`/reviews/${foreign.id}/audio`)).status, 404);
  assert.ok(done(await client.get(`/listenings?recording_id=${recording.id}`)).items.some(({ account }) => account === 'agent'));
});

test('C2.4 an appeal is decided in words that are known, and both sheets stay to be read', async () => {
  const [{ id, score, ...review }] = done(await provider.get('/reviews?fatal=true&state=published')).items.filter(({ call_id: of }) => of === call.id);
  done(await agentAccount.post(`/reviews/${id}/appeal`, { appeal: '客户同意了，录音 0:03' }));
  const decide = (body) => duty.post(`/reviews/${id}/decide`, { reason: '复听', ...body });
  const fault = async (body) => { const reply = await decide(body); assert.equal(reply.status, 422, reply.text); return reply.body.error.fields.map(({ field, code }) => `${field} ${code}`); };
  assert.deepEqual(await fault({ decision: 'foo' }), ['decision malformed']);
  assert.deepEqual(await fault({}), ['decision required']);
  assert.deepEqual(await fault({ decision: 'change' }), ['items required']);
  assert.deepEqual(await fault({ decision: 'change', items: [{ place: 1, mark: 'points', points: '40' }] }), ['items unchanged']);
  const decided = done(await decide({ decision: 'change', items: [{ place: 3, mark: 'clear' }, { place: 2, mark: 'points', points: '30' }] }));
  assert.deepEqual([decided.state, decided.fatal, decided.score, decided.first_score], ['final', false, '70.00', score]);
  assert.match((await decide({ decision: 'uphold' })).body.error.message, /“终审”/);
  assert.deepEqual([decided.first_items[2].mark, decided.items[2].mark], ['hit', 'clear']);
  const { text } = await (await world.browse('client')).get(`/reviews/${id}`);
  assert.match(text, new RegExp(`裁定后评分 70.00[^]*裁定人 ${decided.decided_by}[^]*原评分 0.00[^]*质检员 ${review.reviewer_name}[^]*无人应答却报成功`));
});

test('C2.4 a sample is drawn again by its seed, with the same calls', async () => {
  const [sample] = done(await duty.get('/review_samples?sort=-id')).items;
  const again = done(await client.get(`/review_samples/${sample.id}/again`));
  assert.deepEqual([again.redrawn[0].same, again.redrawn[0].pool, again.drawn], [true, sample.pool, sample.drawn]);
  done(await provider.post('/calls', [line('late-1', { started_at: `${day(-1)}T22:59:00+08:00` })]));
  assert.equal(done(await client.get(`/review_samples/${sample.id}/again`)).redrawn[0].pool, sample.pool); // nobody can hear it
  const { id } = done(await provider.get(`/calls?callee=${CALLEE}`)).items.find(({ uid }) => uid === 'late-1');
  done(await upload(qa, { call_id: id }, wav(2)), 201);
  const late = done(await client.get(`/review_samples/${sample.id}/again`)).redrawn[0];
  assert.equal(late.pool, sample.pool + 1); // a recording that came late joins the pool, and is seen to
  assert.equal((await other.get(`/review_samples/${sample.id}/again`)).status, 404);
  const share = done(await duty.post('/review_samples', { contract_id: contract.id, form_id: sample.form_id, from: day(-1), to: day(-1),
    newcomer_calls: 0, other_calls: 0, per_cent: 100 }), 201);
  assert.equal(share.drawn.split(' ').length, share.pool);
});

test('C2.4 a drawn call that cannot be judged is skipped with a reason that stands in the sample; the next drawn comes', async () => {
  for (const [i, callee] of ['13812345671', '13812345672', '13812345673'].entries()) {
    done(await provider.post('/calls', [line(`noise-${i}`, { callee, started_at: `${day(-3)}T22:0${i}:00+08:00` })]));
    done(await upload(qa, { call_id: done(await provider.get(`/calls?callee=${callee}`)).items[0].id }, wav(2)), 201);
  }
  const [{ form_id: form }] = done(await duty.get('/review_samples?sort=-id')).items;
  const sample = done(await duty.post('/review_samples', { contract_id: contract.id, form_id: form, from: day(-3), to: day(-3), newcomer_calls: 2, other_calls: 2 }), 201);
  const second = await world.signIn('linqian');
  const mine = async () => { // of whom it is the turn first
    for (const by of [qa, second]) for (let next; (next = await by.get('/reviews/next')).status === 200;) {
      if (next.body.sample_id === sample.id) return { by, review: next.body };
      done(await by.post(`/reviews/${next.body.id}/skip`, { reason: '上一轮' }));
    }
    return undefined;
  };
  const { by, review } = await mine(), other_ = by === qa ? second : qa;
  assert.equal((await by.post(`/reviews/${review.id}/skip`, { reason: ' ' })).status, 422);
  assert.equal((await other_.post(`/reviews/${review.id}/skip`, { reason: '串线' })).status, 403);
  assert.equal(done(await by.post(`/reviews/${review.id}/skip`, { reason: '串线，听不清' })).state, 'skipped');
  const shown = done(await duty.get(`/review_samples/${sample.id}`)).reviews;
  const [replacement] = shown.filter(({ replaces_id: of }) => of === review.id);
  assert.ok(!sample.drawn.split(' ').includes(String(replacement.call_id)));
  assert.deepEqual([replacement.state, replacement.agent_code, shown.length], ['draft', review.agent_code, 3]);
  assert.match((await (await world.browse('client')).get(`/review_samples/${sample.id}`)).text, /串线，听不清/);
});

test('C2.4 several judge one call blind; where they differ is told by item and by reviewer, and none of it counts', async () => {
  const supervisor = await world.signIn('supervisor');
  const [{ form_id: form }] = done(await duty.get('/review_samples?sort=-id')).items;
  const before_ = done(await provider.get(`/reviews?limit=200`)).items.length;
  const session = done(await duty.post('/calibrations', { call_id: call.id, form_id: form }), 201);
  const judge = (by, opening, business, fatal) => by.post(`/calibrations/${session.id}/score`, { items: [
    { place: 1, mark: 'points', points: opening }, { place: 2, mark: 'points', points: business }, { place: 3, mark: fatal }] });
  done(await judge(qa, '40', '60', 'clear'));
  assert.equal((await duty.post(`/calibrations/${session.id}/compare`)).status, 409);
  done(await judge(supervisor, '36', '30', 'hit'));
  const blind = done(await qa.get(`/calibrations/${session.id}`));
  assert.deepEqual([blind.sheets, 'by_reviewer' in blind], [2, false]);
  assert.equal((await agentAccount.get(`/calibrations/${session.id}`)).status, 403);
  assert.equal((await other.get(`/calibrations/${session.id}`)).status, 404);
  done(await duty.post(`/calibrations/${session.id}/compare`));
  const compared = done(await client.get(`/calibrations/${session.id}`));
  assert.deepEqual([compared.agreed, compared.pairs, compared.agreement], [1, 3, '33.33']);
  assert.deepEqual(compared.by_item.map(({ name, mean, spread, agreed }) => [name, mean, spread, agreed]),
    [['开场', '38.00', '4.00', 1], ['业务', '45.00', '30.00', 0], ['虚假成功', '0.00', '0.00', 0]]);
  assert.deepEqual(compared.by_reviewer.map(({ reviewer_name: name, score, deviation }) => [name, score, deviation]),
    [['谢明', '100.00', '50.00'], ['罗芳', '0.00', '-50.00']]);
  assert.equal((await judge(qa, '1', '1', 'hit')).status, 409);
  assert.equal((await duty.post(`/calibrations/${session.id}/close`, { outcome: '' })).status, 422);
  assert.equal(done(await duty.post(`/calibrations/${session.id}/close`, { outcome: '先说再记' })).state, 'closed');
  assert.equal(done(await provider.get(`/reviews?limit=200`)).items.length, before_);
});

// Recordings and quality reviews over the API: a call is drawn, listened to, judged, appealed against and decided by
// somebody else; its figures follow; what the client heard leaves in a letter; nothing of it for another provider.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, day } from '../world.js';

let world, provider, duty, qa, client, other, contract, agent, call, form;
const done = (reply, status = 200) => { assert.equal(reply.status, status, reply.text); return reply.body; };

// PCM of 16 bits, 8 kHz: a second of a tone on each of the channels.
function wav(channels = 1, seconds = 1) {
  const frames = 8000 * seconds, bytes = Buffer.alloc(44 + frames * channels * 2);
  bytes.write('RIFF', 0); bytes.writeUInt32LE(bytes.length - 8, 4); bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16); bytes.writeUInt16LE(1, 20); bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(8000, 24); bytes.writeUInt32LE(16000 * channels, 28);
  bytes.writeUInt16LE(2 * channels, 32); bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36); bytes.writeUInt32LE(frames * channels * 2, 40);
  for (let i = 0; i < frames * channels; i += 1) bytes.writeInt16LE(Math.round(16384 * Math.sin(i / 3)), 44 + 2 * i);
  return bytes;
}
function upload(by, id, bytes) {
  const body = new FormData();
  body.set('call_id', String(id));
  body.set('file', new Blob([bytes]), 'call.wav');
  return by.post('/recordings', body);
}

before(async () => {
  world = await startWorld();
  [provider, duty, qa, client, other] = await Promise.all(['provider', 'duty', 'qa', 'client', 'cleaner'].map((name) => world.signIn(name)));
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
  [agent] = done(await provider.get(`/agents?contract_id=${contract.id}&state=active`)).items;
  done(await provider.post('/calls', [{
    source: 'dialer', uid: 'review-1', contract: contract.number, agent: agent.code, callee: '13812345678',
    started_at: `${day(-1)}T10:00:00+08:00`, duration_s: 30, talk_s: 12, result: 'success',
  }]));
  call = done(await provider.get('/calls?limit=50')).items.find(({ uid }) => uid === 'review-1')
    ?? done(await provider.get(`/calls?callee=13812345678`)).items.find(({ uid }) => uid === 'review-1');
});
after(() => world.stop());

test('C2.4 a recording is kept with its call, drawn as a waveform and streamed by ranges', async () => {
  const bytes = wav(2);
  const recording = done(await upload(qa, call.id, bytes), 201);
  assert.deepEqual([recording.state, recording.channels, recording.duration_ms, recording.size], ['kept', 2, 1000, bytes.length]);
  assert.equal(done(await upload(qa, call.id, bytes), 201).id, recording.id);
  assert.equal((await upload(qa, call.id, wav(1))).status, 409);
  assert.equal((await upload(qa, call.id, Buffer.from('no sound'))).status, 422);
  const { items } = done(await client.get(`/recordings/${recording.id}/peaks`));
  assert.equal(items.length, 400);
  assert.ok(items.every(({ left, right }) => left <= 50 && right <= 50) && items.some(({ left }) => left >= 45));
  assert.equal((await other.get(`/recordings/${recording.id}/peaks`)).status, 404);
  assert.equal((await other.get(`/recordings/${recording.id}`)).status, 404);
  done(await client.post(`/recordings/${recording.id}/hold`, { reason: '争议' }));
  const letter = done(await client.post(`/recordings/${recording.id}/letter`, { at_ms: 12000 }), 201);
  assert.equal(letter.type, 'penalty_evidence');
  const { lines } = done(await client.get(`/letters/${letter.id}`));
  assert.deepEqual([lines[0].agent_code, lines[0].second, lines[0].call_id], [agent.code, 12, call.id]);
});

test('C2.4 who listens is named in the trail', async () => {
  const [recording] = done(await client.get('/recordings')).items;
  const reply = await client.get(`/recordings/${recording.id}/audio`);
  assert.equal(reply.status, 200);
  const { items } = done(await client.get(`/recordings/${recording.id}/history`));
  assert.ok(items.some(({ action }) => action === 'listen'));
});

test('C2.4 from the draw to the decision: the figures follow', async () => {
  form = done(await qa.post('/review_forms', {
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
  const before_ = await success();
  let review;
  for (;;) { // in the order in which they were drawn
    review = done(await qa.get('/reviews/next'));
    const fatal = review.call_id === call.id;
    const items = [{ place: 1, mark: 'points', points: '40' }, { place: 2, mark: 'na' },
      { place: 3, mark: fatal ? 'hit' : 'clear', comment: fatal ? '无人应答却报成功' : '', at_ms: 3000 }];
    done(await qa.post(`/reviews/${review.id}/mark`, { items, publish: '1' }));
    if (fatal) break;
  }
  const published = done(await client.get(`/reviews/${review.id}`));
  assert.deepEqual([published.state, published.fatal, Number(published.score)], ['published', true, 0]);
  assert.equal((await other.get(`/reviews/${review.id}`)).status, 404);
  for (;;) if (await success() === before_ - 1) break; // a worker carries it; the runner's limit ends a wait in vain
  assert.equal(done(await provider.get(`/calls/${call.id}`)).result, 'contacted');
  assert.ok(done(await client.post(`/reviews/${review.id}/letter`, {}), 201).id);
});

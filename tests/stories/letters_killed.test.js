// The power goes while letters are being sent: each is wholly sent or wholly a draft, and the numbers have no gap.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { startWorld, PASSWORD } from '../world.js';

const KILLS = 20;
const AT_ONCE = 4;

let world, client, contract;
before(async () => {
  world = await startWorld();
  client = await world.signIn('client');
  contract = (await client.get('/contracts?limit=1&state=active&service=outbound_call')).body.items[0];
});
after(() => world.stop());

async function draft(number) {
  const reply = await client.post('/letters', { type: 'general', contract_id: contract.id, subject: `第 ${number} 份`, body: '正文' });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

function checkOne(letter) {
  const valid = letter.signatures.filter((signature) => signature.valid).length;
  const whole = letter.state === 'sent'
    ? [letter.number !== '', letter.code !== '', letter.round, valid, letter.signatures[0]?.sha256 === letter.sha256]
    : [letter.number === '', letter.code === '', letter.round + 1, valid + 1, letter.sent_at === null];
  assert.deepEqual(whole, [true, true, 1, 1, true], JSON.stringify(letter));
}

test('a kill at any moment leaves each letter sent or a draft, and the numbers without a gap or repeat', async () => {
  let sent = 0, kept = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const letters = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => draft(kill * AT_ONCE + i)));
    const sending = letters.map(({ id, sha256 }) => client.post(`/letters/${id}/send`, { sha256, password: PASSWORD }).catch(() => {}));
    await Promise.race([Promise.all(sending), wait(Math.random() * 600)]);
    await world.halt('SIGKILL');
    await Promise.all(sending);
    await world.start();
    client.url = world.url;
    for (const { id } of letters) {
      const letter = (await client.get(`/letters/${id}`)).body;
      checkOne(letter);
      if (letter.state === 'sent') sent += 1; else kept += 1;
    }
    const numbers = world.sql("SELECT number FROM letters WHERE number LIKE '函-%' ORDER BY number").split('\n');
    numbers.forEach((number, i) => assert.equal(Number(number.split('-')[2]), i + 1, numbers.join(' ')));
  }
  assert.equal(sent + kept, KILLS * AT_ONCE);
});

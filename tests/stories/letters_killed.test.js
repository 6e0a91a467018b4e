// The power goes while letters are being sent, at many moments on each engine: each letter is wholly sent or wholly a
// draft, whoever was told that it is sent was told the truth, the numbers have no gap and no repeat, and whom it goes to
// is told once in the app and at least once by mail.
//
// The moment is no time but a number of answers: while four letters are on their way, another connection asks whether
// the server lives, and the kill comes behind a random number of its answers, up to somewhat more than a round takes.
//
//     LUYUE_KILLS=200 node --test tests/stories/letters_killed.test.js
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD } from '../world.js';
import { mailServer } from '../receivers.js';

const KILLS = Number(process.env.LUYUE_KILLS || 25);
const AT_ONCE = 4;
const HOUR = 3600e3;

let world, mail, client, provider, contract;
const flags = () => ['--mail-host', '127.0.0.1', '--mail-port', String(mail.port), '--mail-security', 'plain', '--mail-from', 'luyue@example.com'];
before(async () => {
  mail = await mailServer();
  world = await startWorld({ args: flags() });
  [client, provider] = await Promise.all(['client', 'provider'].map((account) => world.signIn(account)));
  contract = (await client.get('/contracts?limit=1&state=active&service=outbound_call')).body.items[0];
  const chosen = await provider.call('PATCH', '/own/notices', { mail: 'fang@example.com', takes: 'all', quiet_from: '00:00', quiet_to: '00:00' });
  assert.equal(chosen.status, 200, chosen.text);
});
after(async () => {
  mail.close();
  await world.stop();
});

async function again(signal, args = flags()) {
  await world.halt(signal);
  world.args = args;
  await world.start();
  client.url = provider.url = world.url;
}

let made = 0;
async function draft() {
  made += 1;
  const reply = await client.post('/letters', { type: 'general', contract_id: contract.id, subject: `第 ${made} 份`, body: '正文' });
  assert.equal(reply.status, 201, reply.text);
  return reply.body;
}

/* ---- the kill ---- */

let span; // answers that a round takes, about: so that every fourth one comes to its end before the kill
async function killWhile(sending) {
  const most = span === undefined ? Infinity : Math.random() * span;
  let answers = 0, over = false;
  const sent = Promise.all(sending).then(() => { over = true; });
  for (; answers < most && !over; answers += 1) await fetch(`${world.url}/healthz`).then((reply) => reply.text());
  span = span === undefined ? answers : Math.max(4, span * (over ? 0.7 : 1.4));
  await again('SIGKILL');
  await sent;
}

/* ---- what is there afterwards ---- */

function checkOne(letter, answered) {
  const valid = letter.signatures.filter((signature) => signature.valid).length;
  const whole = letter.state === 'sent'
    ? [letter.number !== '', letter.code !== '', letter.round, valid, letter.signatures[0]?.sha256 === letter.sha256]
    : [letter.number === '', letter.code === '', letter.round + 1, valid + 1, letter.sent_at === null];
  assert.deepEqual(whole, [true, true, 1, 1, true], JSON.stringify(letter));
  if (answered) assert.equal(letter.state, 'sent', 'what was answered is there');
}

async function toldOf(letters) {
  const { items } = (await provider.get('/notices?limit=50&kind=letter.sent&subject=letters')).body;
  return letters.map(({ id }) => items.filter((item) => item.subject_id === id).length);
}

const serial = (number) => Number(number.split('-')[2]);
const given = []; // serial numbers, of all that was sent here

async function check(drafts, replies) {
  const letters = await Promise.all(drafts.map(async ({ id }) => (await client.get(`/letters/${id}`)).body));
  letters.forEach((letter, i) => checkOne(letter, replies[i]?.status === 200));
  const sent = letters.filter(({ state }) => state === 'sent');
  assert.deepEqual(await toldOf(letters), letters.map(({ state }) => (state === 'sent' ? 1 : 0)));
  given.push(...sent.map(({ number }) => serial(number)));
  given.sort((a, b) => a - b);
  assert.deepEqual(given, given.map((_, i) => given[0] + i), 'numbers without gap or repeat');
  return letters.filter(({ state }) => state === 'draft');
}

test('a kill at any moment leaves each letter sent or a draft, the numbers whole, and nobody untold or told twice', async (t) => {
  let drafts = [], interrupted = 0;
  const enough = () => given.length > KILLS / 4 && interrupted > KILLS / 4;
  for (let kill = 0; kill < KILLS || (!enough() && kill < 4 * KILLS); kill += 1) { // on a busy machine few come to their end
    drafts = [...drafts, ...await Promise.all(Array.from({ length: AT_ONCE - drafts.length }, draft))];
    const replies = [];
    const sending = drafts.map(async ({ id, sha256 }, i) => {
      replies[i] = await client.post(`/letters/${id}/send`, { sha256, password: PASSWORD }).catch(() => null);
    });
    await killWhile(sending);
    drafts = await check(drafts, replies);
    interrupted += replies.some((reply) => !reply);
  }
  const numbers = world.sql("SELECT number FROM letters WHERE number LIKE '函-%'").split('\n').map(serial).sort((a, b) => a - b);
  numbers.forEach((number, i) => assert.equal(number, i + 1));
  assert.ok(enough(), `${given.length} sent, ${interrupted} rounds interrupted`);
  t.diagnostic(`${KILLS} kills, ${interrupted} of them with letters on their way, ${given.length} letters sent`);
});

test('and each mail of them arrives at least once, when the claims of the killed have ended', async () => {
  await again('SIGTERM', [...flags(), '--clock', new Date(Date.now() + HOUR).toISOString()]);
  const arrived = new Set();
  while (given.some((number) => !arrived.has(number))) {
    const number = /函-\d+-\d+/.exec((await mail.next()).subject)?.[0];
    if (number) arrived.add(serial(number));
  }
  assert.equal(arrived.size, given.length);
});

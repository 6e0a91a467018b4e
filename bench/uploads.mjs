// SPDX-License-Identifier: AGPL-3.0-or-later
// Photos of inspections, many at a time, while the server is killed: what was acknowledged is there. bench/README.md says what.
//
//     node bench/uploads.mjs [--build DIR] [--photos 10000]
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspected, png } from '../tests/inspected.js';
import { Client } from '../tests/world.js';
import { PORT, options, run, stop, product, makeStore, memory, mib, note, signIn, measure, build } from './common.mjs';

process.env.LUYUE_DEMO_CALLS = '0';
const PHOTOS = Number(options.photos);
const PARALLEL = 50;
const OF_ITEM = 6; // no more photos of one item are taken
const KILLS = 10;
const FLAT = 1.3;
const SIDE = 547; // dots of noise: 300 KB

function noise() {
  const rows = randomBytes(SIDE * (SIDE + 1));
  for (let y = 0; y < SIDE; y += 1) rows[y * (SIDE + 1)] = 0;
  return png(SIDE, rows);
}

// Asked again until it is answered, as the phone does.
async function insist(ask) {
  for (;;) {
    const reply = await ask().catch(() => null);
    if (reply) return reply;
    await sleep(20);
  }
}

await measure(async () => {
  build();
  const store = makeStore(0, 'sqlite');
  const serve = () => product(PORT, store);
  let server = await serve(), dying = false, kills = 0;
  const token = await signIn(server, 'ops');
  const ops = new Client(server.url, token), executor = new Client(server.url, await signIn(server, 'executor'));
  const ground = await inspected({ sql: (words) => run('sqlite3', '-bail', '-cmd', '.timeout 5000', store.place, words).trim() }, ops);

  const acknowledged = []; // {inspection, sha256}
  const peaks = [];
  const inspections = [];
  let next = 0;
  for (let i = 0; i < Math.ceil(PHOTOS / (OF_ITEM * ground.items.length)); i += 1) {
    const reply = await executor.post('/inspections', { contract_id: ground.contract.id, area_id: ground.areas[0], uid: `bench-${i}` });
    if (reply.status !== 201) throw new Error(reply.text);
    inspections.push(reply.body.id);
  }
  const places = inspections.flatMap((inspection) => ground.items.flatMap((item) => Array.from({ length: OF_ITEM }, () => ({ inspection, item })))).slice(0, PHOTOS);

  const send = async () => {
    while (next < places.length) {
      const key = next++, { inspection, item } = places[key], photo = noise();
      const reply = await insist(() => executor.call('POST', `/inspections/${inspection}/photos?item_id=${item}`, photo,
        { 'content-type': 'image/png', 'idempotency-key': `bench-${key}` }));
      if (reply.status >= 300) throw new Error(`photo ${key}: ${reply.status} ${reply.text}`);
      acknowledged.push({ inspection, sha256: createHash('sha256').update(photo).digest('hex') });
      if (acknowledged.length % Math.ceil(PHOTOS / 20) === 0 && !dying) peaks.push(memory(server, 'RssAnon'));
      const due = Math.floor(acknowledged.length * (KILLS + 1) / PHOTOS);
      if (due > kills && kills < KILLS && !dying) {
        kills += 1;
        dying = true;
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGKILL');
        await ended;
        server = await serve();
        dying = false;
      }
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: PARALLEL }, send));
  const seconds = (performance.now() - began) / 1000;

  // Every one that was acknowledged, by what its inspection says of it and by its bytes.
  let lost = 0, double = 0;
  for (const inspection of inspections) {
    const own = acknowledged.filter((one) => one.inspection === inspection).map(({ sha256 }) => sha256);
    const there = [];
    for (const { document_id: id } of (await ops.get(`/inspections/${inspection}`)).body.photos) {
      const bytes = Buffer.from(await (await fetch(`${server.url}/api/documents/${id}/content`, { headers: { authorization: `Bearer ${token}` } })).arrayBuffer());
      there.push(createHash('sha256').update(bytes).digest('hex'));
    }
    lost += own.filter((sha256) => !there.includes(sha256)).length;
    double += there.length - new Set(there).size + there.filter((sha256) => !own.includes(sha256)).length;
  }
  await stop(server);
  note(`photos of 300 KB, ${PARALLEL} at a time, ${kills} kills: lost, double`, 'sqlite', '', `${PHOTOS} in ${seconds.toFixed(0)} s`, `${lost}, ${double}`, '0, 0', !lost && !double);
  const half = peaks.length / 2, late = Math.max(...peaks.slice(half)), early = Math.max(...peaks.slice(0, half));
  note('memory, the later half against the first', 'sqlite', mib(early), mib(late), (late / early).toFixed(2), `≤ ${FLAT}`, late <= early * FLAT);
});

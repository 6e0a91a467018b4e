// What has to be there before somebody inspects: areas of a contract with who answers for them, and a standard in force.
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { day } from './world.js';

const ITEMS = [ // part, text, frequency, points, each finding, photo, fatal
  ['大堂', '地面无污迹、水渍', 'daily', 3000, 500, false, false],
  ['大堂', '垃圾桶不满溢', 'daily', 2000, 500, true, false],
  ['卫生间', '无异味，纸品补足', 'daily', 2000, 0, false, false],
  ['扶手', '纸巾擦拭无污迹', 'weekly', 2000, 1000, false, false],
  ['人员', '着工装，与花名册相符', 'monthly', 1000, 0, false, true],
];

// Answers {contract, areas, standard, items} of the contract of that name. `pm`: who leads its project.
async function inspected(world, by, name = '滨河花园绿化养护') {
  const { items: [contract] } = (await by.get(`/contracts?q=${encodeURIComponent(name)}&state=active`)).body;
  const now = Date.now();
  const insert = (table, values) => {
    const texts = Object.values(values).map((value) => (value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : String(value)));
    return Number(world.sql(`INSERT INTO ${table} (version, created_at, updated_at, ${Object.keys(values).map((key) => `"${key}"`)}) VALUES (1, ${now}, ${now}, ${texts}) RETURNING id`));
  };
  const areas = ['A 区', 'B 区'].map((area, i) => insert('areas', {
    contract_id: contract.id, client_id: contract.client_id, provider_id: contract.provider_id, unit_id: contract.unit_id, service: contract.service,
    name: area, place: '1 至 3 号楼', size_m2: 1200, from: day(-30), to: '', token: `token-${contract.id}-${i}`, link_id: null, changed_at: now }));
  world.sql(`UPDATE standards SET "to" = '${day(-31)}' WHERE unit_id = ${contract.unit_id} AND service = '${contract.service}' AND state = 'in_force'`);
  const standard = insert('standards', {
    organisation_id: contract.client_id, unit_id: contract.unit_id, service: contract.service, name: '滨河花园检查标准', revision: 1, former_id: null,
    from: day(-30), to: '', note: '', rules_id: null, author_id: null, author_name: '', editors: '', approver_id: null, approved_by: '李蔚', approved_at: now,
    ended_reason: '', items: '', sha256: '', state: 'in_force' });
  const items = ITEMS.map(([place, text, frequency, points, deduction, photo, fatal], i) => insert('standard_items', {
    standard_id: standard, number: i + 1, code: `T${i + 1}`, category: 'result', place, text, term_id: null, method: 'sight', frequency, sample: '', points, deduction, photo, fatal }));
  assert.equal(items.length, ITEMS.length);
  return { contract, areas, standard, items };
}

// Somebody finished an inspection of the contract on that day, and found nothing.
function inspectedOn(world, contractId, on) {
  const at = Date.parse(`${on}T10:00:00+08:00`);
  world.sql(`INSERT INTO inspections (version, created_at, updated_at, contract_id, provider_id, client_id, unit_id, area_id, standard_id, level, uid,
      inspector_id, started_at, device_started_at, device_finished_at, finished_at, latitude, longitude, items, passed, failed, not_applicable, deducted,
      score, fatal, upheld, month, remark, appeal_by, countersigned_at, objection, doubtful, void_reason, state)
    SELECT 1, ${at}, ${at}, c.id, c.provider_id, c.client_id, c.unit_id, a.id, s.id, 'owner', 'seen-${contractId}-${on}', p.id, ${at}, ${at}, ${at}, ${at},
      0, 0, '[]', 1, 0, 0, 0, 10000, FALSE, '', '${on.slice(0, 7)}', '', ${at}, 0, '', FALSE, '', 'finished'
    FROM contracts c, areas a, standards s, people p
    WHERE c.id = ${contractId} AND a.id = (SELECT min(id) FROM areas) AND s.id = (SELECT min(id) FROM standards) AND p.id = (SELECT min(id) FROM people)`);
}

const CRC = Array.from({ length: 256 }, (_, n) => { let c = n; for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  let crc = 0xffffffff;
  for (const byte of body) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 8 + data.length);
  return out;
}

// A grey picture `side` dots wide and high; rows: each a filter byte (0) and the dots.
function png(side, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 8; // one byte of grey a dot
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

// A picture of so many blocks, that looks different for each `kind`; `shade` makes it brighter and `side` larger.
function picture(kind, { shade = 0, side = 96 } = {}) {
  const rows = [];
  for (let y = 0; y < side; y += 1) {
    const row = [0];
    for (let x = 0; x < side; x += 1) {
      const [u, v] = [Math.floor(x * 9 / side), Math.floor(y * 8 / side)];
      row.push(Math.min(255, (u * 37 + v * 53 + u * v * (11 + kind * 7) + kind * 71) % 97 * 2 + 20 + shade));
    }
    rows.push(Buffer.from(row));
  }
  return png(side, Buffer.concat(rows));
}

export { inspected, inspectedOn, picture, png };

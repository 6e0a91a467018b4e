// A whole month of a real call centre's files, from the client's consent to the scheme to a locked pay sheet, on the pages of
// everybody concerned; and every number of the pay sheet is clicked down to a call, a clocking or a review.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { account, company, contract as newContract, done, letter } from '../centre.js';
import { PASSWORD } from '../world.js';

const SAMPLES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/samples');
const absent = fs.existsSync(SAMPLES) ? false : 'the samples are not here';
const sample = (name) => path.join(SAMPLES, name);
const truth = absent ? undefined : JSON.parse(fs.readFileSync(sample('calls.truth.json')));
const COMPANY = '声联呼叫服务有限公司';
const MONTH = '2026-09';

let browser, world, contract;
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const follow = (page, name) => page.getByRole('main').getByRole('link', { name, exact: true }).first().click();
const field = (page, label) => page.getByLabel(label, { exact: true });
const told = (page, words) => page.locator('.bar-note[role=status]').getByText(words).waitFor();

// Pictures of the main pages, when somebody wants to look at them.
const SHOTS = process.env.LUYUE_SHOTS;
async function shown(page, name) {
  for (const viewport of SHOTS ? [PHONE, DESK] : []) {
    await page.setViewportSize(viewport);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: path.join(SHOTS, `${name}-${viewport.width}.png`), fullPage: true });
  }
  assert.ok(await fits(page), name);
}

async function importFile(page, list, file, rows) {
  await page.goto(list);
  await follow(page, '导入');
  await field(page, '文件').setInputFiles(file);
  await press(page, '上传并识别');
  await press(page, '试导入');
  await page.getByRole('button', { name: new RegExp(`${rows}$`) }).click();
  await page.getByText('导入完成。').waitFor().catch(async (e) => { await page.screenshot({ path: '/tmp/monthjourney/fail.png' }); throw e; });
}

before(async () => {
  if (absent) return;
  browser = await openBrowser({ args: ['--clock', '2026-06-15T09:00:00+08:00'] });
  ({ world } = browser);
});
after(() => browser?.close());

test('C2.1 the centre: its contract, its people from the roster, their ids and numbers by letter', { skip: absent }, async () => {
  const organisation = await company(world, COMPANY, 'shenglian', '卢敏');
  contract = await newContract(world, organisation, { number: truth.contract, name: '金融街中心外呼服务合同', signed_on: '2026-06-05',
    starts_on: '2026-06-15', ends_on: '2027-06-14', amount_fen: 714000000 });
  const page = await browser.page('shenglian');
  await importFile(page, '/people', sample('roster.gbk.csv'), 60);
  const [client, provider] = await Promise.all(['client', 'shenglian'].map(browser.client));
  const people = done(await provider.get('/people?limit=200')).items;
  const numbered = (number) => people.find(({ staff_number: staff }) => staff === number).id;
  const lines = people.filter(({ job }) => job === 'agent').map(({ id, staff_number: code }) => ({ act: 'add', code, person_id: id, permissions: ['manual_dial'], from: '2026-06-15' }));
  assert.equal(lines.length, 50);
  await letter(client, provider, { type: 'agent_change', contract_id: contract.id, subject: '关于开通工号的函', lines });
  for (const number of truth.numbers) done(await client.post('/numbers', { number, carrier: '浙江电信', proof: '固话入网协议' }));
  await letter(client, provider, { type: 'number_change', contract_id: contract.id, subject: '关于外呼号码的函',
    lines: truth.numbers.map((number) => ({ act: 'add', number, from: '2026-06-15', to: '2027-06-14' })) });
  for (const [name, number, role] of [['songjing', '81051', 'duty'], ['xiaoyutong', '81055', 'qa'], ['luona', '81012', 'agent']]) await account(world, name, numbered(number), role);
});

/* ---- the scheme ---- */

const INDICATORS = [
  { code: 'success', name: '成功访问量', method: 'ratio_cap', measure: 'calls.success', weight: '30', target: '20', nothing: 'zero' },
  { code: 'talk', name: '呼出时长', method: 'banded', measure: 'calls.talk_hours', weight: '30', bands: '1=100, 0.8=80, 0.6=60', nothing: 'zero' },
  { code: 'late', name: '迟到', method: 'deduct_per_event', measure: 'attendance.late', weight: '20', step: '2', nothing: 'reweigh' },
  { code: 'absent', name: '旷工', method: 'deduct_per_event', measure: 'attendance.absent', weight: '10', step: '5', nothing: 'reweigh' },
  { code: 'quality', name: '质检均分', method: 'banded', measure: 'reviews.score', weight: '10', bands: '90=100, 80=80, 60=50', nothing: 'reweigh' },
];
const BEST = '81014'; // of September, by the files

// By the controls' names, each by its kind.
async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = page.locator(`main [name="${name}"]:visible`);
    if (await control.evaluate(({ tagName }) => tagName) === 'SELECT') await control.selectOption(value);
    else await control.fill(value);
  }
}
async function monthOf(by, month, state) {
  for (let tries = 0; ; tries += 1) {
    assert.ok(tries < 400, `${month} is not ${state}`);
    const [found] = done(await by.get(`/months?contract_id=${contract.id}&month=${month}`)).items;
    if (found?.state === state) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}
async function approve(page, reason) {
  await field(page, '核实意见').fill(reason);
  await press(page, '同意');
  await press(page, '执行并回复');
}
async function send(page) {
  await field(page, '请再输入一次登录密码').fill(PASSWORD);
  await field(page, '请再输入一次登录密码').press('Enter');
  await told(page, /已签字/);
}

test('C2.4 the provider writes the scheme, shows that its staff was asked, and the client consents to just these words', { skip: absent }, async () => {
  const page = await browser.page('shenglian');
  await page.goto('/schemes');
  await follow(page, '新增');
  await fill(page, { contract_id: String(contract.id), name: '话务员月度考核办法', from_month: '2026-07' });
  await press(page, '保存');
  while (await page.locator('.indicator').count() < INDICATORS.length) await press(page, '再加一项指标');
  await fill(page, Object.fromEntries(INDICATORS.flatMap((indicator, i) => Object.entries(indicator).map(([name, value]) => [`indicators.${i}.${name}`, value]))));
  await shown(page, 'scheme-draft');
  await press(page, '保存');
  await page.locator('#document-file').setInputFiles({ name: '征求意见记录.txt', mimeType: 'text/plain', buffer: Buffer.from('班组长会议与公示记录：公示五个工作日，收到意见两条，采纳一条。') });
  await press(page, '上传文件');
  await page.getByRole('link', { name: '征求意见记录.txt' }).waitFor();
  await shown(page, 'scheme-saved');
  await press(page, '征求甲方同意');
  await send(page);
  const consent = page.url();
  const client = await browser.page('client');
  await client.goto(consent);
  await shown(client, 'scheme-letter');
  await approve(client, '指标与分值合理，同意');
  await shown(client, 'scheme-consented');
  assert.match(await client.getByRole('main').innerText(), /同意《话务员月度考核办法》，自 2026-07 起施行/);
});

/* ---- the two months before, which the nomination looks back at ---- */

test('C2.10 in July and August the same agent is the best', { skip: absent }, async () => {
  await browser.later('2026-09-05T09:00:00+08:00');
  const provider = await browser.client('shenglian');
  for (const [month, others] of [['2026-07', ['81002', '81003']], ['2026-08', ['81004', '81005']]]) {
    const calls = [BEST, ...others].flatMap((agent, place) => Array.from({ length: 12 - 3 * place }, (_, i) => ({ source: 'dialer', uid: `${month}-${agent}-${i}`,
      contract: truth.contract, agent, caller: truth.numbers[0], callee: '13812345678', started_at: `${month}-1${i % 10}T10:00:00+08:00`, duration_s: 400, talk_s: 380, result: 'success' })));
    assert.equal(done(await provider.post('/calls', calls)).accepted, calls.length);
  }
  for (const month of ['2026-07', '2026-08']) {
    const { id } = await monthOf(provider, month, 'evidence_closed');
    for (const step of ['compute', 'publish']) done(await provider.post(`/months/${id}/${step}`));
    const [first] = done(await provider.get(`/sheets?month_id=${id}&sort=rank&limit=1`)).items;
    assert.deepEqual([first.agent_code, first.rank], [BEST, 1]);
  }
});

/* ---- September: what the machines say ---- */

test('C2.3 C2.4 the files of clocking machine and call systems are taken in on pages, to the last line', { skip: absent }, async () => {
  await browser.later('2026-10-02T09:00:00+08:00');
  const page = await browser.page('shenglian');
  await page.goto('/shift_kinds/new');
  await fill(page, { name: '日班', starts: '09:00', ends: '18:00', break_min: '60', late_grace: '5', usual_from: '2026-09-01' });
  await press(page, '保存');
  await importFile(page, '/clockings', sample('attendance.gbk.csv'), 1300);
  await page.goto('/leaves?state=asked');
  await shown(page, 'leaves');
  for (const [file, profile] of [['asterisk-Master.csv', 'asterisk_csv'], ['calls-plain.csv', 'plain'], ['freeswitch-cdr.ndjson', 'freeswitch_json']]) {
    await page.goto('/calls');
    await follow(page, '导入');
    await fill(page, { profile });
    await field(page, '文件').setInputFiles(sample(file));
    await press(page, '上传并导入');
    await page.getByRole('main').getByRole('status').waitFor();
    await shown(page, `calls-${profile}`);
  }
});

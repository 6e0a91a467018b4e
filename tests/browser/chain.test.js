// One cleaning contract on the pages of everybody concerned, from its terms to the paid settlement; and the amount that was
// paid is clicked back to the photo of what was found, and to the term of the contract that it rests on.
//
// The truth, by hand. November: the contract's fee is 80,000.00 a month.
//   One inspection: an item of 40 points, one finding of 10 off each: 90 of 100.
//   Its notice: 10 points, one, answered after its day: 0 % done in time.
//   The scheme: inspected 40, linear from 50 (nothing) to 100 (all)   (90 − 50) / 50 × 40 = 32.00
//               rectified in time 10, linear from 50 to 100             0 % = 0.00
//               served party 20: three answers are too few               weighed into the others
//               complaints 15: none                                     15.00
//               on site 15, by hand                                     12.00
//   59.00 of 80.00 = 73.75, pass. The provider's objection gives 3 points back: 76.75. Audit asks what the 12 rest on: 11.
//   58.00 of 80.00 = 72.50, and 3.00: 75.50, pass.
//   Below 85: 9.50 points of 300.00 = 2,850.00. A finding: 500.00. Paid: 80,000 − 3,350 = 76,650.00.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fill, press, shown, told, PHONE } from './browser.js';
import { done } from '../centre.js';
import { picture } from '../inspected.js';
import { PASSWORD } from '../world.js';

const MONTH = '2026-11';
const PROJECT = '滨河花园二期', NAME = '二期日常保洁', PROVIDER = '净安保洁服务有限公司';
const TERMS = [['2.1', '服务范围', '范围：大堂、电梯厅与垃圾房。'], ['3.2', '作业频次', '地面每日清扫 2 次、拖洗 1 次。'],
  ['4.1', '质量标准', '地面无明显污迹、水渍，垃圾桶不满溢。'], ['5.3', '人员数量', '定员 12 人，缺员当日补齐。'],
  ['6.4', '考核扣款', '月度评价低于 85 分，每分扣 300 元；检查发现每项扣 500 元。']];
const ITEMS = [ // category, what is wanted, the term that it checks, points, off for each finding
  ['资质', '清洁资质在有效期内', '', '5', '5'], ['人员', '按定员到岗，着工装', '5.3', '10', '5'], ['设备物料', '药剂有标识，机具完好', '', '5', '5'],
  ['作业过程', '按频次清扫，记录当班填写', '3.2', '20', '5'], ['作业结果', '地面无污迹，垃圾桶不满溢', '4.1', '40', '10'],
  ['安全', '湿滑地面摆放警示牌', '', '10', '5'], ['记录', '各部位清扫记录齐全', '2.1', '10', '5']];
const FAILED = '地面无污迹，垃圾桶不满溢';

let browser, contract, standard, inspection, survey, evaluation, settlement;
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
const follow = (page, name) => page.getByRole('main').getByRole('link', { name, exact: true }).first().click();
const saved = (page, list) => page.waitForURL(new RegExp(`/${list}/\\d+$`));
const place = (page) => new URL(page.url()).pathname;
async function sign(page, name) {
  await page.locator('form', { has: page.getByRole('button', { name, exact: true }) }).getByLabel('请再输入一次登录密码').fill(PASSWORD);
  await press(page, name);
}
async function create(page, list, values) {
  await page.goto(`/${list}/new`);
  await fill(page, values);
  await press(page, '保存');
  await saved(page, list);
}

// A second building site of the project, so that nothing else is inspected there; and by what its cleaning is evaluated.
before(async () => {
  browser = await openBrowser({ args: ['--clock', '2026-10-26T09:00:00+08:00'] });
  const [admin, division, ops] = await Promise.all(['admin', 'division', 'ops'].map(browser.client));
  const [garden] = done(await admin.get(`/units?q=${encodeURIComponent('滨河花园')}`)).items;
  done(await admin.post('/units', { name: PROJECT, kind: 'project', organisation_id: garden.organisation_id, parent_id: garden.id }));
  const linear = { method: 'linear_base_target', base: '50', target: '100', nothing: 'reweigh' };
  const { id } = done(await division.post('/schemes', { subject: 'contract', service: 'cleaning', name: '保洁供方月度评价办法', from_month: MONTH, indicators: [
    { ...linear, code: 'inspected', name: '检查得分', measure: 'contract.inspected', weight: '40' },
    { ...linear, code: 'rectified', name: '整改按时完成', measure: 'contract.rectified', weight: '10' },
    { ...linear, code: 'served', name: '被服务方评价', measure: 'contract.judged', weight: '20' },
    { code: 'complaints', name: '有责投诉', measure: 'contract.complaints', method: 'deduct_per_event', step: '5', weight: '15', nothing: 'full' },
    { code: 'site', name: '现场管理与配合', method: 'manual', weight: '15', needed: true, nothing: 'reweigh' }] }));
  done(await division.post(`/schemes/${id}/put`));
  done(await ops.post(`/schemes/${id}/approve`));
});
after(() => browser?.close());

test('V5.1.1 V5.1.2 the contract is registered with its terms, the executor briefed, and it takes effect', async () => {
  const page = await browser.page('division');
  await create(page, 'contracts', { number: 'HT-2026-0901', name: NAME, kind: { label: '长期连续性' }, service: { label: '保洁' }, unit_id: { label: PROJECT }, provider_id: { label: PROVIDER },
    provider_phone: '13905710001', starts_on: '2026-10-26', ends_on: '2027-10-25', amount_fen: '960000', monthly_fee_fen: '80000', executor_id: { label: '何书琴' },
    no_subcontracting: true, served_party_clause: '业主每月扫码评价' });
  contract = place(page);
  for (const [number, topic, text] of TERMS) {
    await page.goto(`/terms/new?contract_id=${contract.split('/').at(-1)}`);
    await fill(page, { number, topic: { label: topic }, text });
    await press(page, '保存');
  }
  await page.goto(contract);
  await shown(page, 'contract-draft');
  await follow(page, '发起交底');
  await fill(page, { place: '项目会议室' });
  await press(page, '保存');
  await sign(page, '核对并签字');
  const executor = await browser.page('executor');
  await executor.goto(page.url());
  await shown(executor, 'briefing');
  await sign(executor, '核对并签字');
  await page.goto(contract);
  await press(page, '生效');
  await stands(page, '履行中');
  await shown(page, 'contract');
});

test('V6.1.2.1 V3.5 the standard checks every term, and is approved by another than its writer', async () => {
  const page = await browser.page('executor');
  await create(page, 'standards', { unit_id: { label: PROJECT }, service: { label: '保洁' }, name: '二期保洁检查标准', from: '2026-10-26' });
  standard = place(page);
  await shown(page, 'standard-empty');
  for (const [category, text, term, points, deduction] of ITEMS) {
    if (term) await page.locator('#terms li', { hasText: term }).getByRole('link', { name: '为此条款加检查项' }).click();
    else await page.locator('.panel', { has: page.getByRole('heading', { name: category, exact: true }) }).getByRole('link', { name: '加检查项' }).click();
    await fill(page, { category: { label: category }, text, points, deduction, photo: text === FAILED });
    await press(page, '加检查项');
    await told(page, '已加检查项');
  }
  await page.locator('#terms').getByText('4 / 4').waitFor();
  const manager = await browser.page('pm');
  await manager.goto(standard);
  await shown(manager, 'standard-draft');
  await sign(manager, '签字批准');
  await stands(manager, '有效');
});

test('V6.1.2.2 the areas are divided, and who answers for them is published and reported', async () => {
  const page = await browser.page('pm');
  await page.goto('/areas/new');
  await fill(page, { name: '7 号楼', contract_id: { label: `HT-2026-0901 ${NAME}` }, size_m2: '5200', from: '2026-10-26' });
  await press(page, '保存');
  await saved(page, 'areas');
  await shown(page, 'area');
  await follow(page, '明确责任人');
  await fill(page, { person_id: { label: '何书琴' } });
  await press(page, '保存');
  await page.locator('td', { hasText: '何书琴' }).first().waitFor();
  await page.goto('/areas/matrix');
  await fill(page, { unit_id: { label: PROJECT } });
  await press(page, '查看');
  await shown(page, 'areas');
  await fill(page, { channel: '二期服务台' });
  await press(page, '公示并上报');
  await stands(page, '已公示，待签收');
  const lead = await browser.page('division');
  await lead.goto(page.url());
  await press(lead, '签收');
  await lead.getByText(/片区-\d{4}-\d{4}/).first().waitFor();
  await shown(lead, 'publication');
});

test('V3.3 the parties agree by letter what a point and a finding cost', async () => {
  const page = await browser.page('division');
  await page.goto('/letters');
  await follow(page, '起草函件');
  await fill(page, { type: 'deduction_rules', contract_id: contract.split('/').at(-1), subject: '关于约定扣款规则的函', body: '依据合同第 6.4 条。' });
  await press(page, '保存');
  while (await page.locator('[data-rows] tr').count() < 3) await press(page, '加一行');
  const rules = [{ name: '评价得分扣款', function: 'per_point_amount', rests_on: 'result', line: '85', rate_fen: '300' },
    { name: '检查发现扣款', function: 'fixed_per_event', rests_on: 'findings', rate_fen: '500', factor: '1' },
    { name: '扣款封顶', function: 'cap', rests_on: 'always', share: '20', step: '10' }];
  await fill(page, Object.fromEntries(rules.flatMap((rule, i) => Object.entries({ from_month: MONTH, term: '6.4', ...rule }).map(([name, value]) => [`lines.${i}.${name}`, value]))));
  await press(page, '保存修改');
  await shown(page, 'rules-letter-draft');
  await page.getByLabel('请再输入一次登录密码').fill(PASSWORD);
  await page.getByLabel('请再输入一次登录密码').press('Enter');
  await told(page, /已签字/);
  const provider = await browser.page('cleaner');
  await provider.goto(page.url());
  await shown(provider, 'rules-letter');
  await fill(provider, { reason: '同意' });
  await press(provider, '同意');
  await press(provider, '执行并回复');
  await stands(provider, '已回复');
});

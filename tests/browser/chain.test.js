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

/* ---- November: what is found, and what those who are served say ---- */

test('V5.1.3 X1 on the phone an item fails with its photo; a notice goes to the provider', async () => {
  await browser.later('2026-11-09T10:00:00+08:00');
  const phone = await browser.page('executor', { viewport: PHONE });
  await phone.goto(`/inspections/phone?contract_id=${contract.split('/').at(-1)}`);
  await phone.locator('body[data-ready]').waitFor();
  await phone.locator('.ph-contract', { hasText: NAME }).locator('summary').click();
  await phone.locator('.ph-contract', { hasText: NAME }).getByRole('button', { name: '7 号楼' }).click();
  await phone.locator('body[data-shown=working]').waitFor();
  const item = phone.locator('.ph-item', { hasText: FAILED });
  await item.getByText('不合格', { exact: true }).click();
  await item.locator('input[type=file]').setInputFiles({ name: 'IMG_1.png', mimeType: 'image/png', buffer: picture(1, { side: 300 }) });
  await item.locator('figure').waitFor();
  await item.locator('textarea').fill('3 层垃圾桶满溢');
  await phone.getByRole('button', { name: '其余 6 项合格' }).click();
  await shown(phone, 'phone');
  await press(phone, '提交检查');
  await phone.locator('body[data-shown=sent]').waitFor();
  await shown(phone, 'phone-sent');
  const provider = await browser.page('cleaner', { viewport: PHONE });
  await provider.goto('/');
  await shown(provider, 'provider-home');
  await provider.goto('/rectifications');
  await follow(provider, FAILED);
  await stands(provider, '待整改');
  await shown(provider, 'notice');
});

test('V5.1.5 three of those who are served judge by the code that hangs there', async () => {
  const page = await browser.page('pm');
  await create(page, 'surveys', { contract_id: { label: `HT-2026-0901 ${NAME}` }, kind: { label: '被服务方评价' }, period: MONTH, ends_on: '2026-11-13' });
  survey = place(page);
  await shown(page, 'survey-draft');
  await press(page, '开放答卷');
  await stands(page, '答卷中');
  await shown(page, 'survey-open');
  const { url } = done(await (await browser.client('pm')).get(survey));
  for (let i = 0; i < 3; i += 1) {
    const passer = await browser.page(null, { viewport: PHONE });
    await passer.goto(new URL(url).pathname);
    for (const question of await passer.locator('fieldset').all()) await question.locator('input[value="4"]').check();
    if (!i) await shown(passer, 'survey-phone');
    await press(passer, '提交');
    await passer.getByText('您的评价已收到').waitFor();
    await passer.context().close();
  }
});

test('X1 the provider rectifies late, and it is looked at again; three answers are too few to count', async () => {
  await browser.later('2026-11-16T10:00:00+08:00');
  const provider = await browser.page('cleaner', { viewport: PHONE });
  await provider.goto('/rectifications');
  await follow(provider, FAILED);
  await stands(provider, '逾期未改');
  await provider.getByLabel('整改情况与措施').fill('已清运，增加午后巡回');
  await provider.locator('input[type=file]').first().setInputFiles({ name: '整改后.png', mimeType: 'image/png', buffer: picture(2, { side: 300 }) });
  await press(provider, '回复整改情况');
  await stands(provider, '待复查');
  const executor = await browser.page('executor', { viewport: PHONE });
  await executor.goto(provider.url());
  await shown(executor, 'notice-answered');
  await executor.getByLabel('理由').fill('桶已清空');
  await press(executor, '复查合格，关闭');
  await stands(executor, '已关闭');
  await executor.locator('.head').getByText('逾期').waitFor();
  await shown(executor, 'notice-closed');
  const page = await browser.page('pm');
  await page.goto(survey);
  await stands(page, '已结束');
  await page.getByText('不计入评价').first().waitFor();
  await shown(page, 'survey-few');
});

/* ---- what it comes to ---- */

const total = async (page, points, grade) => {
  await page.locator('.head .score', { hasText: grade }).waitFor();
  assert.equal(await page.locator('.head .score b').first().innerText(), points);
};
const pointsOf = async (page, name) => (await page.locator('.item', { hasText: name }).innerText()).replace(/\s+/g, ' ');

test('V6.1.1 X4 V3.2 the evaluation is worked out, the provider’s objection upheld, audit’s answered, and it is final', async () => {
  await browser.later('2026-12-01T09:30:00+08:00');
  const page = await browser.page('pm');
  await create(page, 'evaluations', { contract_id: { label: `HT-2026-0901 ${NAME}` }, period: MONTH });
  evaluation = place(page);
  await shown(page, 'evaluation-draft');
  await fill(page, { points: '12', 'reason': '两次早班缺员' });
  await press(page, '记分');
  await total(page, '73.75', '合格');
  assert.match(await pointsOf(page, '检查得分'), /实际 90 分.* 32 \/ 40/);
  assert.match(await pointsOf(page, '整改按时完成'), /实际 0 %.* 0 \/ 10/);
  assert.match(await pointsOf(page, '被服务方评价'), /没有数据 · 分摊到其他指标/);
  await shown(page, 'evaluation-scored');
  await press(page, '提交');
  await stands(page, '审计监察中');

  const audit = await browser.page('audit');
  await audit.goto(evaluation);
  await shown(audit, 'evaluation-audit');
  await press(audit, '无异议');
  await stands(audit, '对方异议期');
  const provider = await browser.page('cleaner', { viewport: PHONE });
  await provider.goto(evaluation);
  await shown(provider, 'evaluation-told');
  await fill(provider, { line: { label: '现场管理与配合 12' }, words: '缺员当日已补，签认在案' });
  await press(provider, '提出异议');
  await stands(provider, '有异议待处理');
  const lead = await browser.page('division');
  await lead.goto('/evaluation_objections?source=party&state=open');
  await follow(lead, NAME);
  await shown(lead, 'objection');
  await fill(lead, { points: '3', reason: '签认属实' });
  await press(lead, '成立');
  await stands(lead, '成立');
  await follow(lead, '评价');
  await total(lead, '76.75', '合格');

  await audit.goto(evaluation);
  await fill(audit, { line: { label: '现场管理与配合 12' }, words: '没有照片，请说明 12 分的依据' });
  await press(audit, '提出审计异议');
  await stands(audit, '有异议待处理');
  await page.goto(evaluation);
  await shown(page, 'evaluation-objected');
  await fill(page, { points: '11', reason: '按在案照片核减' });
  await press(page, '记分');
  await fill(page, { answer: '已附照片，核减 1 分' });
  await press(page, '答复并重新提交');
  await stands(page, '审计监察中');
  await audit.goto(evaluation);
  await press(audit, '无异议');
  await stands(audit, '已定案');
  await total(audit, '75.50', '合格');
  await shown(audit, 'evaluation-final');
});

/* ---- what is paid ---- */

test('V3.3 X4 the statement: objected to, drafted anew, agreed on, approved, and paid by finance', async () => {
  const page = await browser.page('pm');
  await create(page, 'settlements', { contract_id: { label: `HT-2026-0901 ${NAME}` }, month: MONTH });
  settlement = place(page);
  await page.getByText('¥ 76,650.00').waitFor();
  await shown(page, 'settlement-draft');
  await sign(page, '签字并发给供方');
  await stands(page, '待供方确认');
  const provider = await browser.page('cleaner', { viewport: PHONE });
  await provider.goto(settlement);
  await shown(provider, 'settlement-sent');
  await fill(provider, { objection: '该处整改已完成，请附整改通知' });
  await press(provider, '提出异议');
  await stands(provider, '有异议');
  const lead = await browser.page('division');
  await lead.goto(settlement);
  await shown(lead, 'settlement-disputed');
  await lead.getByLabel('决定理由').fill('附整改通知后重新发出');
  await press(lead, '异议成立，重新编制');
  await stands(lead, '编制中');
  await page.goto(settlement);
  await sign(page, '签字并发给供方');
  await provider.goto(settlement);
  await sign(provider, '签字确认');
  await stands(provider, '已确认');
  const finance = await browser.page('finance');
  await finance.goto(settlement);
  await shown(finance, 'settlement-agreed');
  await sign(finance, '签字批准付款');
  await stands(finance, '已批准');
  await fill(finance, { paid_on: '2026-12-01', voucher: '付-1201' });
  await press(finance, '登记付款');
  await stands(finance, '已付款');
  await shown(finance, 'settlement-paid');
});

test('V3.3 the amount paid is clicked back to the photo, and to the term of the contract', async () => {
  const page = await browser.page('finance');
  const words = () => page.getByRole('main').innerText();
  await page.goto('/settlements?state=paid');
  await page.getByRole('row', { name: /76,650\.00/ }).getByRole('link').first().click(); // from the amount
  await page.getByText('¥ 76,650.00').waitFor();
  const line = (name) => page.getByRole('row').filter({ hasText: name });
  assert.match(await line('评价得分扣款').innerText(), /75\.5.*85.*300\.00[^]*9\.5[^]*2,850\.00/);
  assert.match(await line('检查发现扣款').innerText(), /10[^]*500\.00/);
  await line('评价得分扣款').getByRole('link', { name: '定案评价' }).click(); // a grade that costs money
  await total(page, '75.50', '合格');
  await shown(page, 'back-evaluation');
  await page.locator('.item', { hasText: '检查得分' }).getByRole('link', { name: /原始记录/ }).click();
  await shown(page, 'back-inspections');
  await page.getByRole('main').locator('tbody a').first().click();
  await page.waitForURL(/\/inspections\/\d+$/); // what was found
  await shown(page, 'back-inspection');
  const found = place(page);
  await page.locator('.shots a').click();
  await page.waitForURL(/\/documents\/\d+$/); // the photo
  await page.getByText('jpg').first().waitFor();
  await shown(page, 'back-photo');
  await page.goBack();
  await page.getByRole('row').filter({ hasText: FAILED }).getByRole('link', { name: '检查标准' }).click();
  await page.waitForURL(/\/standards\/\d+#item-\d+$/); // what was wanted
  await shown(page, 'back-standard');
  await page.locator('tr:target').getByRole('link', { name: /4\.1/ }).click();
  await page.waitForURL(/\/terms\/\d+$/); // what was agreed
  assert.match(await words(), /地面无明显污迹、水渍，垃圾桶不满溢/);
  await shown(page, 'back-term');

  await page.goto(settlement);
  await line('检查发现扣款').getByRole('link', { name: '检查记录' }).click(); // a deduction by what was found
  await shown(page, 'back-findings');
  await page.getByRole('main').locator('tbody a').first().click();
  await page.waitForURL(/\/rectifications\/\d+$/);
  await shown(page, 'back-notice');
  await page.getByRole('main').getByRole('link', { name: '4.1' }).click();
  await page.waitForURL(/\/terms\/\d+$/);
  await page.goBack();
  await page.locator('.shots a').first().click();
  await page.waitForURL(/\/documents\/\d+$/);
  await page.goBack();
  await follow(page, '7 号楼');
  await page.waitForURL((url) => url.pathname === found);
  await page.goto(settlement);
  await line('检查发现扣款').getByRole('link', { name: '检查发现扣款' }).click(); // how it is worked out, and where both sides agreed
  await page.waitForURL(/\/deduction_rules\/\d+$/);
  await shown(page, 'back-rule');
  await page.getByRole('main').getByRole('link', { name: '关于约定扣款规则的函' }).click();
  await page.waitForURL(/\/letters\/\d+$/);
  assert.match(await words(), /检查发现扣款[^]*500\.00/);
  await page.goto(settlement);
  await line('检查发现扣款').getByRole('link', { name: '6.4' }).click();
  await page.waitForURL(/\/terms\/\d+$/);
  assert.match(await words(), /每分扣 300 元；检查发现每项扣 500 元/);
});

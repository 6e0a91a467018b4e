// V5.1.4: people are counted on a phone: searched, ticked, a stranger written down with a photo; the provider takes note of
// it on its own phone, and the stranger's case leads back to the count.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, photo, shrunk, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
const phone = (account) => browser.page(account, { viewport: PHONE });

test('V5.1.4 an inspector counts on a phone, the companion objects, and the case of a stranger is decided with the count', async () => {
  const page = await phone('resident');
  await page.goto('/head_counts');
  await page.getByRole('link', { name: '新增' }).click();
  await page.getByLabel('合同').selectOption({ label: '澄江中心日常保洁 · 净安保洁服务有限公司' });
  await press(page, '开始清点');
  await page.getByLabel('地点').fill('B 座大堂');
  await page.getByLabel('按姓名、岗位或工号查找').fill('JA-0102');
  assert.equal(await page.getByText('马玉珍').isVisible(), false);
  await page.getByText('丁桂香').click();
  await page.getByLabel('按姓名、岗位或工号查找').fill('许长根');
  await page.locator('.roll').getByText('许长根').click();
  await page.locator('.roll label', { hasText: '丁桂香' }).waitFor(); // whoever is ticked stays
  await page.getByText('不在册人员 1').click();
  const stranger = page.locator('details', { hasText: '不在册人员 1' });
  await stranger.getByLabel('姓名').fill('穿红马甲的人');
  await stranger.getByLabel('自称单位').fill('众诚劳务');
  const input = stranger.locator('input[type=file]');
  await input.setInputFiles([await photo(page, '大堂')]);
  await shrunk(page, await input.getAttribute('id'));
  assert.ok(await fits(page));
  await press(page, '提交清点');
  await stands(page, '待承包方确认');
  await page.locator('#documents').getByText('穿红马甲的人 · 大堂.jpg').waitFor();
  await page.getByText('证书过期').waitFor();
  assert.ok(await fits(page));

  const companion = await phone('cleaner');
  await companion.goto(page.url());
  await companion.getByLabel('异议').fill('另两人在地下二层');
  assert.ok(await fits(companion));
  await press(companion, '提出异议');
  await stands(companion, '承包方有异议');

  const decider = await phone('division');
  await decider.goto(page.url());
  await decider.getByLabel('裁定理由').fill('地下二层监控无人');
  await press(decider, '异议不成立');
  await stands(decider, '异议不成立');
  await decider.getByRole('link', { name: '转包分包疑点' }).last().click();
  await decider.getByLabel('核查情况').fill('众诚派来顶班，无劳动合同');
  await press(decider, '记录核查情况');
  await stands(decider, '已核查，待认定');
  assert.equal(await decider.getByRole('button', { name: '认定转包分包' }).count(), 0); // who looked into it does not decide

  const ops = await phone('ops');
  await ops.goto(decider.url());
  await ops.getByLabel('认定理由').fill('查实');
  await ops.getByLabel('建议解除合同').check();
  assert.ok(await fits(ops));
  await press(ops, '认定转包分包');
  await stands(ops, '认定转包分包');
  await ops.getByRole('link', { name: '看清点' }).click();
  await ops.getByRole('heading', { name: 'B 座大堂' }).waitFor();
});

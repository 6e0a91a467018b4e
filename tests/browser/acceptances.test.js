// X3, V3.2: a panel goes through the check list on the phone, both sides sign, audit lets it pass; a defect is left to mend.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, photo, PHONE } from './browser.js';
import { lawfulDeeds } from '../deeds.js';
import { PASSWORD, day } from '../world.js';

let browser, where;
before(async () => {
  browser = await openBrowser();
  const names = ['admin', 'security', 'ops', 'audit', 'division', 'pm', 'executor', 'client', 'provider', 'cleaner'];
  const people = new Map(await Promise.all(names.map(async (account) => [account, { account, api: await browser.client(account) }])));
  const { id } = await lawfulDeeds(browser.world, (account) => people.get(account) ?? {})['POST /acceptances/{id}/convene']();
  where = `/acceptances/${id}`;
});
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
async function sign(account, name) {
  const page = await browser.page(account);
  await page.goto(where);
  await page.locator('form', { has: page.getByRole('button', { name, exact: true }) }).getByLabel('请再输入一次登录密码').fill(PASSWORD);
  await press(page, name);
  await page.getByText('已签', { exact: true }).first().waitFor();
  return page;
}

test('X3 V3.2 from the panel over the check list on the phone to the certificate', async () => {
  const lead = await browser.page('pm', { viewport: PHONE });
  await lead.goto(where);
  await press(lead, '成立小组，生成清单');
  await stands(lead, '验收中');
  await lead.getByText('条款 1.1 还没有查验').waitFor();
  await lead.getByRole('link', { name: '逐条查验' }).click();
  const line = lead.locator('.check-line').first();
  await line.getByText('有缺陷', { exact: true }).click();
  await line.getByLabel('说明').fill('车位 B-17 空鼓');
  await press(lead, '保存'); // neither a figure nor a photo, nor until when
  await lead.getByText('须有实测值或照片').waitFor();
  await line.getByLabel('照片').setInputFiles(await photo(lead, '空鼓'));
  await line.getByLabel('整改期限').fill(day(5));
  await press(lead, '保存');
  await lead.getByText('1 / 1').waitFor();
  assert.ok(await fits(lead));
  await lead.getByRole('link', { name: '回到验收单' }).click();
  await lead.getByLabel('验收结论').selectOption('accepted_with_defects');
  await lead.getByLabel('验收金额（元）').fill('480');
  await lead.getByLabel('结论意见').fill('可以使用，一处缺陷限期整改');
  await press(lead, '作出结论');
  await stands(lead, '待签字');
  for (const account of ['pm', 'executor', 'division']) await sign(account, '验收小组签字');
  await stands(await sign('cleaner', '供方签字'), '审计审看中');
  const audit = await browser.page('audit');
  await audit.goto(where);
  await press(audit, '审计无意见');
  await stands(audit, '终局');
  await audit.getByText('合格，有遗留缺陷', { exact: true }).first().waitFor();
  await audit.locator('#defects, .panel').getByText('车位 B-17 空鼓').first().waitFor();
});

// V3.3, X4: a disputed statement goes on to its payment, each step by whoever may, and the amount leads back to the evidence.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, PHONE } from './browser.js';
import { PASSWORD, day } from '../world.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
async function sign(page, where, name) {
  await page.goto(where);
  await page.locator('form', { has: page.getByRole('button', { name, exact: true }) }).getByLabel('请再输入一次登录密码').fill(PASSWORD);
  await press(page, name);
}

test('V3.3 X4 from the dispute to the payment, and back from the amount to the photo and the term', async () => {
  const division = await browser.page('division');
  await division.goto('/settlements');
  await division.getByRole('link', { name: '滨河花园保洁' }).nth(1).click();
  await stands(division, '有异议');
  const where = new URL(division.url()).pathname;
  await division.getByLabel('决定理由').fill('路段核对无误，重新编制');
  await press(division, '异议成立，重新编制');
  await stands(division, '编制中');
  await sign(await browser.page('pm'), where, '签字并发给供方');
  const provider = await browser.page('cleaner', { viewport: PHONE });
  await sign(provider, where, '签字确认');
  await stands(provider, '已确认');
  assert.ok(await fits(provider));
  const finance = await browser.page('finance');
  await sign(finance, where, '签字批准付款');
  await stands(finance, '已批准');
  await finance.getByLabel('付款日期').fill(day());
  await finance.getByLabel('凭证号').fill('付-1129');
  await press(finance, '登记付款');
  await stands(finance, '已付款');
  assert.match(await finance.locator('main').innerText(), /人民币/);
  await finance.locator('td[data-label="证据"] a', { hasText: '#' }).first().click();
  await finance.locator('#documents').getByText('证据.txt').waitFor();
  assert.ok(await fits(finance));
  await finance.locator('.panel a', { hasText: '扣款规则' }).click();
  await finance.getByText('外部事件逐次认定').first().waitFor();
  await finance.goBack();
  await finance.locator('.panel a', { hasText: '6.4' }).click();
  await finance.getByText('同一问题重犯加倍').first().waitFor();
});

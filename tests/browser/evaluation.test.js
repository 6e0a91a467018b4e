// V3.2, V6.1.1, X2, X4: an evaluation on its way through the hands that it passes, each on a page of its own: the project
// scores and submits on a phone, audit lets it pass, the provider objects, the division decides, audit looks once more.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
const score = (page) => page.locator('.head .score b').first().textContent();

test('X4 an evaluation goes from the project to audit, to the provider and back, and each sees what is next', async () => {
  const id = await browser.id('pm', 'evaluations', 'state=drafted');
  const page = await browser.page('pm', { viewport: PHONE });
  await page.goto(`/evaluations/${id}`);
  await page.getByText('不评级').first().waitFor();
  await page.getByLabel('分数').fill('24');
  await page.getByLabel('理由').fill('人员到位，记录齐全');
  await press(page, '记分');
  await page.locator('.item', { hasText: '现场管理与配合' }).getByText('人员到位').waitFor();
  assert.match(await score(page), /^\d/);
  assert.ok(await fits(page));
  await press(page, '提交');
  await stands(page, '审计监察中');

  await browser.become(page, 'audit');
  await page.goto(`/evaluations/${id}`);
  assert.equal(await page.getByRole('button', { name: '记分', exact: true }).count(), 0); // audit changes nothing
  await press(page, '无异议');
  await stands(page, '对方异议期');
  assert.ok(await fits(page));

  await browser.become(page, 'ops');
  await page.goto('/evaluation_ranking');
  await page.locator('html[data-charts=ready]').waitFor();
  assert.ok(await page.locator('#trend tbody tr').count() > 1); // the table says what the chart draws
  assert.ok(await fits(page));
});

test('X2 what follows from grades is decided beside its reason, and an objection by somebody else', async () => {
  const page = await browser.page('division');
  await page.goto('/evaluation_objections?source=party&state=open');
  await page.getByRole('link', { name: '滨河花园保洁' }).click();
  await page.getByLabel('补回分数').fill('3');
  await page.getByLabel('处理意见').fill('签认在案');
  await press(page, '成立');
  await stands(page, '成立');
  await page.locator('.head .acts').getByRole('link', { name: '评价', exact: true }).click();
  await stands(page, '审计监察中'); // worked out anew, and before audit again

  await browser.become(page, 'ops');
  await page.goto('/consequences?state=proposed');
  await page.getByRole('link', { name: '滨河花园保洁' }).first().click();
  await page.getByText('连续两期低于“良”').waitFor();
  await page.getByLabel('决定理由').fill('连续两期合格，约谈负责人');
  await press(page, '采取');
  await stands(page, '待告知');
  await page.getByRole('link', { name: '告知函' }).waitFor();
  assert.ok(await fits(page));
});

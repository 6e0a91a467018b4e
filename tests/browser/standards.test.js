// V6.1.2.1, V3.5, V6.1.2.2: a draft says which term nothing checks, an item is added for it with a click, and somebody
// else approves; areas are divided and published, and whoever scans the code on a phone praises.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { PASSWORD, day } from '../world.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const submit = (page) => page.locator('form.panel button[type=submit]').click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
const said = (page, words) => page.getByRole('status').getByText(words).waitFor();
async function fitsBoth(page) {
  for (const size of [PHONE, DESK]) {
    await page.setViewportSize(size);
    assert.ok(await fits(page), page.url());
  }
}

test('V6.1.2.1 a term that nothing checks is seen, gets its item with a click, and the standard is approved by another', async () => {
  const page = await browser.page('executor');
  const draft = await browser.id('executor', 'standards', 'state=draft');
  await page.goto(`/standards/${draft}`);
  await page.locator('#terms').getByText('3 / 4').waitFor();
  await fitsBoth(page);
  await page.locator('#terms li', { hasText: '未覆盖' }).getByRole('link', { name: '为此条款加检查项' }).click();
  await page.getByText('定员按附件二执行').first().waitFor();
  await page.getByLabel('类别').selectOption({ label: '人员' });
  await page.getByLabel('部位').fill('岗位');
  await page.getByLabel('标准要求').fill('按合同定员到岗，缺员当日补齐');
  await page.getByLabel('分值').fill('6');
  await page.getByLabel('每处扣分').fill('7');
  await fitsBoth(page);
  await press(page, '加检查项');
  await page.getByRole('alert').getByText('每处扣分不能超过该项分值').waitFor(); // what was typed is still there
  assert.equal(await page.getByLabel('标准要求').inputValue(), '按合同定员到岗，缺员当日补齐');
  await page.getByLabel('每处扣分').fill('2');
  await press(page, '加检查项');
  await said(page, '已加检查项');
  await page.locator('#terms').getByText('4 / 4').waitFor();
  const own = page.locator('#personnel tbody tr');
  assert.match(await own.last().innerText(), /定员/);
  await own.last().getByRole('button', { name: /^上移/ }).click();
  await page.waitForFunction(() => document.querySelector('#personnel tbody tr').innerText.includes('定员'));
  await page.locator('#personnel tbody tr').first().getByRole('link', { name: /^修改/ }).click();
  await page.getByLabel('分值').fill('8');
  await press(page, '修改');
  await page.locator('.facts .state-ok').getByText('100', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: '签字批准' }).count(), 0); // not by whoever wrote it

  const manager = await browser.page('pm', { viewport: PHONE });
  await manager.goto(`/standards/${draft}`);
  await manager.locator('#password').fill(PASSWORD);
  await press(manager, '签字批准');
  await stands(manager, '有效');
  assert.ok(await fits(manager));
  assert.equal(await manager.getByRole('link', { name: /^修改/ }).count(), 0);
  const provider = await browser.page('cleaner', { viewport: PHONE });
  await provider.goto(`/standards/${draft}`);
  await stands(provider, '有效');
  assert.equal(await provider.locator('#terms').count(), 0);
  assert.ok(await fits(provider));
});

test('V6.1.2.2 an area is divided, gets its person, is published, and praised by whoever scans its code', async () => {
  const page = await browser.page('pm');
  await page.goto('/areas/matrix');
  await page.getByRole('link', { name: '划分片区' }).click();
  await page.getByLabel('片区', { exact: true }).fill('儿童乐园');
  const contract = page.getByLabel('合同');
  await contract.selectOption(await contract.locator('option', { hasText: '滨河花园绿化养护' }).getAttribute('value'));
  await page.getByLabel('面积（平方米）').fill('640');
  await submit(page);
  await page.getByText('责任人不足').waitFor();
  await page.goto('/areas/matrix');
  await page.getByText('无责任人').waitFor();
  await fitsBoth(page);
  await press(page, '公示并上报');
  await page.getByText('儿童乐园 需要 1 名责任人，现有 0 名').waitFor();
  await page.goBack();
  await page.getByRole('link', { name: '无责任人' }).click();
  await page.getByRole('link', { name: '明确责任人' }).click();
  await page.getByLabel('责任人').selectOption({ label: '何书琴' });
  await submit(page);
  await page.locator('td', { hasText: '何书琴' }).first().waitFor();
  await page.goto(`/areas/matrix?day=${day()}`);
  await press(page, '公示并上报');
  await stands(page, '已公示，待签收');
  await fitsBoth(page);
  const place = await page.getByRole('link', { name: '公示页（打印）' }).getAttribute('href');

  const passer = await browser.page(null, { viewport: PHONE });
  await passer.goto(place);
  assert.ok(await fits(passer));
  await passer.getByRole('link', { name: '表扬：儿童乐园 绿化' }).click();
  assert.ok(await passer.getByLabel('表扬').isChecked());
  await passer.locator('#words').fill('草坪修得整齐');
  await submit(passer);
  await passer.locator('.code').waitFor();

  const lead = await browser.page('division');
  await lead.goto(page.url());
  await press(lead, '签收');
  await lead.getByText(/片区-\d{4}-\d{4}/).first().waitFor();
  await lead.goto('/issues');
  assert.ok(await lead.getByText('草坪修得整齐').count());
});

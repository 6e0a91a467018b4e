// Agents, caller numbers and the call system on their pages, at the desk and on the phone.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();

for (const viewport of [DESK, PHONE]) {
  test(`C1.1 an agent is found, and shows what changed it and that only a letter does, at ${viewport.width} px`, async () => {
    const page = await browser.page('client', { viewport });
    await page.goto('/agents');
    await page.getByRole('searchbox').fill('1027');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '1027', exact: true }).click();
    assert.match(await heading(page), /^1027 /);
    assert.ok(await page.getByText('工号只能以工号变更函增加、变更或停用').isVisible());
    assert.match(await page.getByRole('complementary', { name: '经过' }).innerText(), /停用工号[\s\S]*开通工号/);
    assert.equal(await page.getByRole('link', { name: '修改' }).count(), 0);
    assert.ok(await fits(page));
  });

  test(`C1.2 a number is registered, suspended with a reason and resumed, at ${viewport.width} px`, async () => {
    const page = await browser.page('client', { viewport });
    await page.goto('/numbers');
    await page.getByRole('link', { name: '新增' }).click();
    await page.getByLabel('主叫号码').fill('8877 6655');
    await page.getByLabel('运营商').fill('浙江电信');
    await page.getByLabel('归属凭证').fill('固话入网协议 12 号');
    await press(page, '保存');
    assert.match(await page.locator('.field.is-bad').innerText(), /格式不对/);
    await page.getByLabel('主叫号码').fill(`0571-8877 ${viewport.width}`.padEnd(14, '0'));
    await press(page, '保存');
    assert.match(await heading(page), /^0571-8877/);
    assert.ok(await page.getByText('电话线路不得转租转售').isVisible());
    await page.getByLabel('原因').fill('客户投诉，核查');
    await press(page, '停用');
    assert.match(await page.getByRole('status').innerText(), /即刻生效/);
    await press(page, '恢复使用');
    assert.match(await page.getByRole('status').innerText(), /已恢复使用/);
    assert.ok(await fits(page));
  });

  test(`C1.1 what the call system lacks is shown from its own list, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport });
    await page.goto('/agents');
    await page.getByRole('link', { name: '与外呼系统核对' }).click();
    await page.getByLabel('合同').selectOption({ index: 0 });
    await page.getByLabel('坐席清单').setInputFiles({
      name: '坐席.csv', mimeType: 'text/csv', buffer: Buffer.from('工号,权限,状态\n7777,手动拨打,启用\n1027,手动拨打,启用\n'),
    });
    await press(page, '核对');
    assert.match(await page.getByRole('main').getByRole('status').innerText(), /61 处差异/);
    const rows = await page.locator('tbody tr').allInnerTexts();
    assert.match(rows[0], /7777[\s\S]*未经函件开通/);
    assert.match(rows[1], /1027[\s\S]*仍开通/);
    assert.ok(await fits(page));
  });
}

test('C1.1 a push that failed is queued again', async () => {
  const page = await browser.page('provider');
  await page.goto('/provisionings?state=failed');
  await page.getByRole('link', { name: '停用工号' }).click();
  assert.ok(await page.getByText('坐席正在通话').first().isVisible());
  await press(page, '重新推送');
  assert.match(await page.getByRole('status').innerText(), /已重新排队/);
});

// The issue desk on its pages: from a phone on site, by nobody in particular, to the contact's desk and back.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, photo, shrunk, DESK, PHONE } from './browser.js';
import { tokenAt } from '../report.js';

let browser, token, calls;
before(async () => {
  browser = await openBrowser();
  const ops = await browser.client('ops');
  token = await tokenAt(ops);
  [calls] = (await ops.get('/contracts?service=outbound_call&state=active')).body.items;
});
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const status = (page) => page.getByRole('status').innerText();

for (const viewport of [DESK, PHONE]) {
  test(`who scans a code reports with a photo, and judges the solution later, at ${viewport.width} px`, async () => {
    const words = `会客区漏水 ${viewport.width}`;
    const page = await browser.page(null, { viewport: PHONE });
    await page.goto(`/r/${token}`);
    assert.equal(await page.getByLabel('地点').inputValue(), '外呼中心前台');
    await page.getByLabel('发生了什么').fill(words);
    await page.getByLabel('照片').setInputFiles([await photo(page, '卫生间')]);
    await shrunk(page, 'photos');
    await page.locator('#reporter').fill('路人甲');
    await press(page, '提交');
    assert.match(await page.getByRole('alert').innerText(), /请勾选同意/);
    assert.equal(await page.getByLabel('发生了什么').inputValue(), words);
    assert.ok(await fits(page));
    await page.getByLabel('照片').setInputFiles([await photo(page, '卫生间')]);
    await shrunk(page, 'photos');
    await page.getByLabel('同意用我的姓名').check();
    await press(page, '提交');
    assert.match(await status(page), /已收到/);
    assert.ok(await fits(page));
    const code = await page.locator('.code').innerText();

    const desk = await browser.page('client', { viewport });
    await desk.goto('/issues');
    await desk.getByRole('link', { name: words }).click();
    assert.ok(await desk.locator('#documents').getByText('卫生间.jpg').isVisible());
    await desk.getByLabel('答复', { exact: true }).fill('维修工十分钟到');
    await press(desk, '答复');
    assert.match(await status(desk), /已答复/);
    await desk.getByLabel('解决办法').fill('换了密封圈');
    await desk.getByLabel('责任判定').selectOption({ label: '第三方' });
    await press(desk, '解决并判定责任');
    assert.match(await status(desk), /已解决/);
    assert.equal(await desk.getByRole('heading', { name: '回访确认' }).count(), 0); // not by who solved it
    assert.ok(await fits(desk));

    await page.goto(`/r/${token}`);
    await page.getByLabel('已经反映过').fill(code);
    await press(page, '查询');
    assert.ok(await page.getByText('换了密封圈').isVisible());
    await page.getByLabel('没有解决').fill('还在滴');
    await press(page, '没有解决，重新处理');
    assert.match(await status(page), /重新处理/);

    await desk.reload();
    assert.ok(await desk.locator('.head').getByText('重新处理').isVisible());
    await desk.getByLabel('解决办法').fill('换了阀门');
    await desk.getByLabel('责任判定').selectOption({ label: '第三方' });
    await press(desk, '解决并判定责任');

    await page.reload();
    await page.getByLabel('5 很满意').check();
    await press(page, '已解决，提交评价');
    assert.match(await status(page), /谢谢/);
    await desk.reload();
    assert.ok(await desk.locator('.head').getByText('已关闭').isVisible());
    const steps = desk.getByRole('complementary', { name: '经过' });
    assert.match(await steps.innerText(), /回访确认，关闭[\s\S]*扫码报事人/);
  });

  test(`the contact gives an issue away with its urgency, and the contract shows the figures, at ${viewport.width} px`, async () => {
    const page = await browser.page('client', { viewport });
    await page.goto('/issues');
    await page.getByRole('link', { name: '登记问题' }).click();
    await page.getByLabel('合同').selectOption({ label: `${calls.number} ${calls.name}` });
    await page.getByLabel('事由').fill('打印机卡纸');
    await press(page, '保存');
    await page.waitForURL(/\/issues\/\d+$/);
    const issue = page.url();
    await page.getByLabel('责任人').selectOption({ label: '罗芳（远声外呼中心）' });
    await page.getByLabel('紧急程度').selectOption({ label: '紧急' });
    await page.locator('#assign-reason').fill('现场督导最近');
    await press(page, '派单、调整级别');
    assert.match(await status(page), /已派单/);
    assert.match(await page.locator('.head').innerText(), /紧急/);
    assert.ok(await fits(page));

    await browser.become(page, 'supervisor');
    await page.goto(issue);
    await page.getByLabel('答复', { exact: true }).fill('已清出卡纸');
    await press(page, '答复');
    assert.match(await status(page), /已答复/);

    await browser.become(page, 'client');
    await page.goto(issue);
    await page.locator('.head').getByRole('link', { name: '会员回访与续费外呼' }).click();
    const figures = page.locator('#issues');
    await figures.getByText('及时解决率').first().waitFor();
    await figures.getByRole('link', { name: '全部问题单' }).click();
    assert.match(page.url(), /contract_id=/);
    assert.ok(await page.getByRole('link', { name: '打印机卡纸' }).first().isVisible());
    assert.ok(await fits(page));
  });
}

test('a poster with the code is printed, and the code leads to the form', async () => {
  const page = await browser.page('client');
  await page.goto('/issue_links');
  await page.getByRole('link', { name: '会员回访与续费外呼' }).first().click();
  const address = await page.locator('.digest').innerText();
  await page.getByRole('link', { name: 'A4 海报' }).click();
  assert.ok(await page.locator('img.qr').evaluate((picture) => picture.complete && picture.naturalWidth > 0));
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: '打印' }).isVisible(), false);
  await page.goto(address);
  assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), '反映问题');
});

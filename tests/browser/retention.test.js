// How long records are kept, on its pages: months with their rule, a hold placed and ended, a certificate and its paper.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

for (const viewport of [DESK, PHONE]) {
  test(`X4 a hold is placed with its reason and ended by who placed it, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport });
    await page.goto('/legal_holds/new');
    await page.getByLabel('合同').selectOption({ index: 1 });
    await page.getByLabel('保全理由').fill(`仲裁 ${viewport.width} 号`);
    await press(page, '保存');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), `仲裁 ${viewport.width} 号`);
    assert.ok(await fits(page));
    const hold = page.url();
    await browser.become(page, 'client');
    await page.goto(hold);
    assert.equal(await page.getByRole('button', { name: '解除保全' }).count(), 0);
    await browser.become(page, 'provider');
    await page.goto(hold);
    await page.getByLabel('解除理由').fill('已结案');
    await press(page, '解除保全');
    assert.match(await page.getByRole('status').innerText(), /已解除保全/);
  });

  test(`C2.4 months say by which rule they are kept, and what was deleted has its paper, at ${viewport.width} px`, async () => {
    const page = await browser.page('ops', { viewport });
    await page.goto('/call_months');
    const deleted = page.getByRole('row').filter({ hasText: '已删除' });
    while (!(await deleted.count())) await page.reload(); // the worker deletes the demo's oldest month
    // What is unsettled in the demo world holds its month.
    assert.match(await page.getByRole('row').filter({ hasText: /保存中|保全中/ }).first().innerText(), /731[^]*工资支付暂行规定/);
    assert.ok(await fits(page));
    await page.getByRole('link', { name: '销毁证明' }).first().click();
    await page.locator('tbody a').first().click();
    assert.ok(await fits(page));
    assert.ok(await page.getByText('本系统的定时任务').isVisible());
    assert.match(await page.getByRole('link', { name: '打印' }).getAttribute('href'), /print\.pdf$/);
  });
}

// The gate at work, calling rules and refusals on their pages, at the desk and on the phone.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();
let asked = 0;
const refused = async () => (await browser.client('provider')).post('/gate', {
  node: 'journey', call_id: `${process.pid}-${asked += 1}`, contract: 'HT-NOWHERE', agent: '1001', callee: '13812345678',
});

for (const viewport of [DESK, PHONE]) {
  test(`C1.2 the gate shows what it refuses while it is looked at, and nothing moves, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport }); // whose question it is
    await page.goto('/gate');
    const row = page.locator('.reasons li').filter({ hasText: '合同不存在' });
    const before_ = Number(await row.locator('.num').innerText()), place = await row.boundingBox();
    await refused();
    await row.getByRole('link', { name: `合同不存在 ${before_ + 1}` }).waitFor(); // with a later turn, by itself
    assert.deepEqual(await row.boundingBox(), place);
    assert.ok(await fits(page));
    await row.getByRole('link').click();
    assert.equal(new URL(page.url()).pathname, '/call_exceptions');
  });

  test(`C3.3 a number is put on the list and lifted with a reason, at ${viewport.width} px`, async () => {
    const page = await browser.page('client', { viewport });
    await page.goto('/do_not_call/new');
    await page.getByLabel('号码').fill(`1370000${viewport.width}`.padEnd(11, '0'));
    await page.getByLabel('来源').selectOption('complaint');
    await press(page, '保存');
    assert.match(await heading(page), /^137\*{4}/);
    assert.ok(await fits(page));
    await page.getByLabel('解除理由').fill('本人书面同意');
    await press(page, '解除禁呼');
    assert.match(await page.getByRole('status').innerText(), /已解除禁呼/);
  });

  test(`C3.3 a call's page shows the gate's decision, and the refusal is noted there, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport });
    await page.goto('/calls');
    await page.locator('tbody tr').nth(viewport === DESK ? 0 : 1).getByRole('link').first().click(); // each its own number
    assert.ok(await page.getByRole('heading', { name: '闸口判定' }).isVisible());
    await press(page, '登记被叫拒绝');
    assert.match(await page.getByRole('status').innerText(), /不再呼叫/);
    assert.ok(await fits(page));
  });
}

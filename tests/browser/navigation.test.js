// The navigation: groups that open and stay so, and an entry found by a few letters, on desk and phone.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const open = (page) => page.locator('[data-nav][open]').evaluateAll((groups) => groups.map(({ dataset }) => dataset.nav));
const shown = (page) => page.locator('.nav-l a:visible').allInnerTexts();

test('the group of the page is open, and one that a person opened stays open', async () => {
  const page = await browser.page('provider', { viewport: DESK });
  await page.goto('/pay_sheets');
  assert.ok(await page.locator('.nav-l a[aria-current]').isVisible());
  assert.ok(!(await open(page)).includes('gate'));
  await page.getByText('呼叫许可', { exact: true }).click();
  await page.goto('/contracts');
  assert.deepEqual(await open(page), ['work', 'gate']);
  await page.getByText('合同履约', { exact: true }).click(); // but never the group where one is
  await page.reload();
  assert.deepEqual(await open(page), ['work', 'gate']);
});

test('whoever has few entries sees them all', async () => {
  const page = await browser.page('survey', { viewport: DESK });
  await page.goto('/');
  assert.equal(await page.locator('[data-nav]:not([open])').count(), 0);
});

for (const viewport of [DESK, PHONE])
  test(`Ctrl+K and a few letters lead to a page, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport });
    await page.goto('/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('工资表');
    assert.deepEqual(await shown(page), ['工资表']);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/pay_sheets');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('没有的事');
    assert.ok(await page.getByText('没有这样的功能。').isVisible());
    await page.keyboard.press('Escape');
    assert.ok((await shown(page)).length > 5);
  });

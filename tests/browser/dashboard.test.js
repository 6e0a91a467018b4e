// V3.1: from the board of the group down to a division, and from a number to what it counts.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

test('V3.1 the operations centre goes from the map to a division and on to what is overdue', async () => {
  const page = await browser.page('ops');
  await page.goto('/dashboard');
  await page.locator('html[data-charts=ready]').waitFor({ state: 'attached' });
  assert.ok(await page.locator('[data-trend] canvas').isVisible());
  assert.deepEqual((await page.locator('.tile span').allTextContents()).sort(), ['望江产业园', '滨河花园', '澄江中心'].sort());
  await page.getByRole('heading', { name: '华东事业部' }).getByRole('link').click();
  await page.getByRole('heading', { name: '华东事业部 · 监管看板' }).waitFor();
  assert.equal(await page.locator('.tile').count(), 2);
  const overdue = page.locator('.live-fig', { hasText: '逾期职责' }).getByRole('link');
  const count = Number(await overdue.textContent());
  await overdue.click();
  await page.getByText('华东事业部及其下属').waitFor();
  assert.equal(await page.locator('.duties .duty').count(), Math.min(count, 50));
});

test('V2 a division has its own board, on a phone, too', async () => {
  const page = await browser.page('division', { viewport: PHONE });
  await page.goto('/dashboard');
  assert.equal(await page.locator('.tile').count(), 2);
  assert.ok(await fits(page));
  await page.getByRole('link', { name: '监管工作考核' }).click();
  await page.waitForURL(/by=supervision/);
  assert.ok(await fits(page));
});

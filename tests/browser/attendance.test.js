// C2.3 as people see it: a colleague asks for a swap, who plans approves it; a month leads to its days, and a day to what it follows from.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { day, month } from '../world.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

for (const viewport of [DESK, PHONE]) {
  test(`C2.3 an agent asks for leave from the own week, a duty manager refuses it with a reason, at ${viewport.width} px`, async () => {
    const page = await browser.page('agent', { viewport });
    await page.goto('/shifts/own');
    assert.ok(await page.getByRole('heading', { name: '同事请你换班' }).isVisible());
    assert.ok(await fits(page));
    await page.goto(`/leaves/new?from=${day(viewport.width % 100 + 20)}`);
    await page.getByLabel('假别').selectOption('personal');
    await page.getByLabel('事由').fill(`家里有事 ${viewport.width}`);
    assert.ok(await fits(page));
    await press(page, '保存');
    assert.match(await page.getByRole('main').innerText(), /待批准/);
    assert.equal(await page.getByRole('button', { name: '批准' }).count(), 0);
    const leave = page.url();
    await browser.become(page, 'duty');
    await page.goto(leave);
    await page.getByLabel('拒绝原因').fill('当天人手不够');
    await press(page, '拒绝');
    assert.match(await page.getByRole('main').innerText(), /已拒绝[^]*当天人手不够|当天人手不够[^]*已拒绝/);
    assert.ok(await fits(page));
  });

  test(`C2.3 a week is planned, a month leads to a day and what it follows from, at ${viewport.width} px`, async () => {
    const page = await browser.page('supervisor', { viewport });
    await page.goto('/shifts/week');
    assert.ok(await fits(page));
    const cell = page.locator('select[name="rows.5.sunday"]');
    await cell.selectOption({ index: (await cell.inputValue()) ? 0 : 1 });
    const chosen = await cell.inputValue();
    await press(page, '保存排班');
    assert.match(await page.getByRole('status').first().innerText(), /排班已保存/);
    assert.equal(await page.locator('select[name="rows.5.sunday"]').inputValue(), chosen);
    await page.goto(`/attendance_months?month=${month(-1)}&sort=-late_min`);
    assert.ok(await fits(page));
    const late = page.locator('a.day-late').first();
    const words = await late.getAttribute('aria-label');
    await late.click();
    assert.match(words, /迟到/);
    assert.match(await page.getByRole('main').innerText(), /迟到[^]*打卡机/);
    assert.ok(await fits(page));
  });
}

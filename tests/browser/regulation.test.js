// The living regulation as people read it: from the map to a clause, to its records, and a contract's own view.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

for (const [place, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
  test(`on a ${place} one goes from the map to a clause, to what breaches it, and to the records`, async () => {
    const page = await browser.page('audit', { viewport });
    await page.goto('/regulation');
    const cell = page.locator('.cell', { hasText: /^V5\.1\.1$/ });
    assert.equal(await cell.getAttribute('title'), '有违反');
    await cell.click();
    const row = page.locator('.reg:target');
    assert.match(await row.innerText(), /合同台帐与监管执行人/);
    assert.ok(await fits(page));
    await row.locator('a.clause').first().click();
    assert.match(await page.locator('h1').innerText(), /^V5\.1\.1 /);
    assert.ok(await fits(page));
    const figure = page.locator('.figures > div', { hasText: '起草中，未定执行人' });
    const count = Number(await figure.locator('a').innerText());
    await figure.locator('a').click();
    assert.equal(await page.locator('tbody tr').count(), count);
  });

  test(`on a ${place} a contract has its own view of the regulation, and a filter keeps it`, async () => {
    const page = await browser.page('pm', { viewport });
    const contract = await browser.id('pm', 'contracts', 'state=active');
    await page.goto(`/contracts/${contract}`);
    await page.locator('nav.tabs a', { hasText: '办法' }).click();
    await page.waitForURL(`**/regulation?contract_id=${contract}`);
    await page.locator('select[name=state]').selectOption('met');
    await page.waitForURL(/state=met/);
    assert.match(page.url(), new RegExp(`contract_id=${contract}`));
    const states = await page.locator('.reg:not(.chapter) .state').allInnerTexts();
    assert.ok(states.length > 0 && states.every((words) => words === '守住'), states.join());
    assert.ok(await fits(page));
  });
}

test('the company writes a clause of its own, and it stands in the regulation', async () => {
  const page = await browser.page('ops');
  await page.goto('/regulation');
  await page.locator('.acts a', { hasText: '企业条款' }).click();
  await page.locator('.acts a.btn-primary').click();
  await page.locator('#number').fill('补-9');
  await page.locator('#title').fill('执行人按时指定');
  await page.locator('#text').fill('合同开始前指定监管执行人。');
  await page.locator('#parent').selectOption('V5.1.1');
  await page.getByLabel('指定监管执行人').check();
  await page.locator('#state').selectOption('in_force');
  await page.locator('button[type=submit].btn-primary').click();
  await page.goto('/regulation?q=%E6%89%A7%E8%A1%8C%E4%BA%BA%E6%8C%89%E6%97%B6');
  const row = page.locator('.reg', { hasText: '执行人按时指定' });
  assert.match(await row.innerText(), /企业条款/);
  assert.match(await row.innerText(), /待办的职责/);
});

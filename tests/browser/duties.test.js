// What somebody owes, from the home page to the record and to the duty itself, at both widths and for everybody's eyes.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();

// Nothing that axe-core calls serious or critical.
async function accessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const bad = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(bad.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], page.url());
}

for (const viewport of [DESK, PHONE]) {
  test(`the home page leads to what is to be done, and tells of the duty, at ${viewport.width} px`, async () => {
    const page = await browser.page('division', { viewport });
    await page.goto('/');
    assert.match(await heading(page), /^还有 \d+ 件要办/);
    assert.ok(await fits(page));
    await accessible(page);
    const row = page.getByRole('listitem').filter({ hasText: '指定监管执行人：澄江中心外墙清洗' });
    assert.match(await row.innerText(), /还剩 \d+ 天/);
    await row.getByRole('link', { name: '指定监管执行人' }).click();
    assert.equal(await heading(page), '澄江中心外墙清洗');

    await page.goto('/');
    await row.getByRole('link', { name: '详情' }).click();
    assert.match(await heading(page), /^指定监管执行人：澄江中心外墙清洗/);
    assert.match(await page.getByRole('main').innerText(), /V5\.1\.1/);
    assert.ok(await fits(page));
    await accessible(page);
  });

  test(`a manager sees who owes what around, at ${viewport.width} px`, async () => {
    const page = await browser.page('division', { viewport });
    await page.goto('/');
    await page.getByRole('link', { name: '本单位的', exact: true }).click();
    await page.getByRole('listitem').filter({ hasText: '签署合同交底记录' }).getByText('监管执行人 何书琴').waitFor();
    assert.ok(await fits(page));
    await accessible(page);
    await page.goto('/duties');
    assert.ok(await fits(page));
    await accessible(page);
  });
}

test('a duty is waived with a reason that stays readable', async () => {
  const page = await browser.page('ops');
  const id = await browser.id('ops', 'duties', 'rule=contract_ends&state=open');
  await page.goto(`/duties/${id}`);
  await page.getByLabel('原因').fill('已决定续签，另立新合同');
  await page.getByRole('button', { name: '免办' }).click();
  assert.match(await page.getByRole('status').innerText(), /已免办/);
  assert.match(await page.getByRole('main').innerText(), /免办原因：已决定续签/);
  assert.equal(await page.getByRole('button', { name: '免办' }).count(), 0);
});

test('days are imported into the calendar, and a wrong line is told at the field', async () => {
  const page = await browser.page('ops', { viewport: PHONE });
  await page.goto('/calendar_days');
  await page.getByRole('main').getByRole('link', { name: '导入', exact: true }).click();
  await page.getByLabel('日期清单').fill('2027-02-05,休息,春节');
  await page.getByRole('button', { name: '导入日历' }).click();
  assert.equal(await page.getByLabel('日期清单').getAttribute('aria-invalid'), 'true');
  await accessible(page);
  await page.getByLabel('日期清单').fill('2027-02-05,放假,春节');
  await page.getByRole('button', { name: '导入日历' }).click();
  assert.match(await page.getByRole('status').innerText(), /日历已导入/);
  await page.getByText('2027-02-05').first().waitFor();
  assert.ok(await fits(page));
});

// A ledger on its way from an office's workbook into the records, on the pages of whoever brings it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

const LEDGER = path.join(path.dirname(fileURLToPath(import.meta.url)), '../stories/fixtures/contract-ledger.xlsx');

let browser;
before(async () => { browser = await openBrowser(); });
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name }).first().click();

async function upload(page, file) {
  await page.goto('/contracts');
  await page.getByRole('link', { name: '导入', exact: true }).last().click();
  await page.getByLabel('文件').setInputFiles(file);
  await press(page, '上传并识别');
}

test('a ledger is uploaded, checked, mended in the page and imported', async () => {
  const page = await browser.page('ops', { viewport: DESK });
  await upload(page, LEDGER);
  assert.equal(await page.getByLabel('供方联系人及电话').locator('option:checked').innerText(), '供方联系人 + 供方电话');
  assert.equal(await page.getByLabel('序号').locator('option:checked').innerText(), '不导入');
  await press(page, '试导入');
  await page.getByRole('heading', { name: '问题行' }).waitFor();
  assert.ok(await fits(page));
  assert.match(await page.locator('.facts').first().innerText(), /供方与单位 6[\s\S]*洁美环境服务有限公司/);
  assert.equal(await page.getByRole('button', { name: '改好并重核' }).count(), 6);

  const wrong = page.locator('form', { hasText: '行 30' });
  const cell = wrong.getByLabel('开始日期');
  assert.equal(await cell.inputValue(), '2026年2月30日');
  assert.match(await page.locator(`[id="${await cell.getAttribute('aria-describedby')}"]`).innerText(), /不是日期/);
  await cell.fill('2026-02-28');
  await wrong.getByRole('button', { name: '改好并重核' }).click();
  await page.locator('form', { hasText: '行 30' }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: '问题行' }).waitFor();
  assert.equal(await page.getByRole('button', { name: '改好并重核' }).count(), 5);

  const [book] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载问题行' }).click()]);
  assert.match(book.suggestedFilename(), /\.xlsx$/);
  await press(page, /只导入没有问题的行/);
  await page.getByText('导入完成。').waitFor();
  await page.getByRole('link', { name: '55', exact: true }).click();
  assert.match(page.url(), /\/contracts$/);
});

test('a file without a known header asks which row it is, on a phone', async () => {
  const page = await browser.page('ops', { viewport: PHONE });
  const buffer = Buffer.from('甲,乙,丙\nHT-PHONE-1,保洁,长期\n');
  await upload(page, { name: '怪表.csv', mimeType: 'text/csv', buffer });
  assert.match(await page.locator('summary').last().innerText(), /哪一行是列名/);
  assert.ok(await fits(page));
  await press(page, '这一行是表头 1');
  await page.getByText('每一行都会因此被退回').waitFor();
});

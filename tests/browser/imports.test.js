// A ledger on its way from an office's workbook into the records and into force, on the pages of the people concerned.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { PASSWORD } from '../world.js';

const ledger = (ending) => path.join(path.dirname(fileURLToPath(import.meta.url)), `../stories/fixtures/contract-ledger.${ending}`);

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

async function sign(page) {
  await page.getByLabel('请再输入一次登录密码').fill(PASSWORD);
  await press(page, '核对并签字');
  assert.match(await page.getByRole('status').innerText(), /已签字/);
}

for (const ending of ['gbk.csv', 'utf8.csv'])
  test(`the same ledger is understood as ${ending}`, async () => {
    const page = await browser.page('division', { viewport: PHONE });
    await upload(page, ledger(ending));
    assert.equal(await page.getByLabel('供方联系人及电话').locator('option:checked').innerText(), '供方联系人 + 供方电话');
    await press(page, '试导入');
    await page.getByRole('heading', { name: '问题行' }).waitFor();
    assert.equal(await page.locator('.duties > li').count(), 6);
    assert.ok(await fits(page));
  });

test('a ledger is uploaded, checked, mended in the page and imported', async () => {
  const page = await browser.page('division', { viewport: DESK });
  await upload(page, ledger('xlsx'));
  assert.equal(await page.getByLabel('供方联系人及电话').locator('option:checked').innerText(), '供方联系人 + 供方电话');
  assert.equal(await page.getByLabel('序号').locator('option:checked').innerText(), '不导入');
  await press(page, '试导入');
  await page.getByRole('heading', { name: '问题行' }).waitFor();
  assert.ok(await fits(page));
  assert.match(await page.getByRole('region', { name: '将一并新建' }).innerText(), /供方与单位 6[\s\S]*洁美环境服务有限公司/);
  assert.equal(await page.locator('.duties > li').count(), 6);

  const wrong = page.locator('.duties > li', { hasText: '行 30' });
  const cell = wrong.getByLabel('开始日期');
  assert.equal(await cell.inputValue(), '2026年2月30日');
  assert.match(await page.locator(`[id="${await cell.getAttribute('aria-describedby')}"]`).innerText(), /不是日期/);
  await cell.fill('2026-02-28');
  const other = page.locator('.duties > li').filter({ hasNotText: '行 30' }).filter({ hasText: '没有指定' }).first();
  await other.getByRole('textbox').first().fill('何书琴'); // in another row: both go in
  await press(page, '保存本页改正并重核');
  await page.locator('.duties > li', { hasText: '行 30' }).waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: '问题行' }).waitFor();
  assert.equal(await page.locator('.duties > li').count(), 4);

  const [book] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载问题行' }).click()]);
  assert.match(book.suggestedFilename(), /\.xlsx$/);
  await page.getByRole('checkbox', { name: /已核对/ }).check();
  await press(page, /只导入没有问题的行/);
  await page.getByText('导入完成。').waitFor();
  await page.getByRole('link', { name: '56', exact: true }).click();
  assert.match(page.url(), /\/contracts$/);
});

test('an imported contract comes into force, and another provider sees nothing of it', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts?q=HT-2026-1006');
  await page.locator('tbody a').first().click();
  await page.getByRole('heading', { level: 1, name: '科创园A区一次性服务合同' }).waitFor();
  const contract = page.url();

  await page.getByRole('link', { name: '修改', exact: true }).click();
  await page.getByLabel('项目').selectOption({ label: '滨河花园' }); // where the executor is
  await page.getByLabel('监管执行人').selectOption({ label: '何书琴' });
  await page.getByLabel('禁止转包、分包的声明').check();
  await press(page, '保存修改');
  await page.getByRole('link', { name: '录入条款' }).first().click();
  await page.getByLabel('条款号').fill('2.1');
  await page.getByLabel('内容').fill('范围：A 区外墙，一次清洗。');
  await press(page, '保存');
  await page.goto(contract);
  await page.getByRole('link', { name: '发起交底' }).click();
  await page.getByLabel('地点').fill('科创园会议室');
  await press(page, '保存');
  await sign(page);
  const briefing = page.url();

  const executor = await browser.page('executor', { viewport: PHONE });
  await executor.goto(briefing);
  await sign(executor);
  await page.goto(contract);
  await press(page, '生效'); // its provider is new: no contract before it is admitted
  assert.match(await page.getByRole('alert').innerText(), /待准入/);
  const ops = await browser.page('ops');
  await ops.goto(contract);
  await ops.getByRole('link', { name: '办理准入' }).click();
  await ops.getByLabel('准入状态').selectOption({ label: '合格' });
  await ops.getByLabel('原因').fill('资料齐全，评审通过');
  await press(ops, '保存');
  await page.goto(contract);
  await press(page, '生效');
  assert.match(await page.getByRole('status').innerText(), /合同已生效/);

  for (const account of ['provider', 'cleaner']) {
    const stranger = await browser.page(account);
    await stranger.goto('/contracts?q=HT-2026-1006');
    await stranger.getByText('没有符合条件的合同。').waitFor();
    assert.equal((await stranger.goto(briefing)).status(), 403); // providers read no briefings at all
    assert.equal((await stranger.goto(contract)).status(), 404);
    assert.ok(!(await stranger.locator('body').innerText()).includes('科创园'));
  }
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

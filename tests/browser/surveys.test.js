// V5.1.5, V5.1.7: somebody who passes a code answers on a phone; the surveyor builds a questionnaire, imports a frame and draws.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

test('V5.1.5 who scans the code answers by thumb, chooses everything, and is thanked once and for all', async () => {
  const id = await browser.id('pm', 'surveys', 'state=open&kind=served_party');
  const { body: { url, answered_now: before } } = await (await browser.client('pm')).get(`/surveys/${id}`);
  const page = await browser.page(undefined, { viewport: PHONE });
  await page.goto(new URL(url).pathname);
  await page.getByText('匿名作答').waitFor();
  assert.equal(await page.locator('input:checked').count(), 0);
  assert.ok(await fits(page));
  const scales = page.locator('fieldset');
  for (const scale of await scales.all()) await scale.getByText('4', { exact: true }).click();
  await page.getByRole('textbox').last().fill('北侧绿篱有几株枯了');
  await press(page, '提交');
  await page.getByText('您的评价已收到').waitFor();
  await page.reload();
  await page.getByText('您的评价已收到').waitFor(); // this phone is known, nobody else is
  await browser.become(page, 'pm');
  await page.goto(`/surveys/${id}`);
  await page.locator('.live-fig', { hasText: '已答份数' }).getByText(`${before + 1}`, { exact: true }).waitFor();
  assert.equal(await page.getByText('北侧绿篱有几株枯了').count(), 0); // not before it is closed
  assert.ok(await fits(page));
});

test('V5.1.7 a surveyor writes questions, draws from the frame, opens and prints invitations', async () => {
  const id = await browser.id('survey', 'surveys', 'state=draft');
  const page = await browser.page('survey');
  await page.goto(`/surveys/${id}`);
  const rows = page.locator('[data-rows] tr');
  const there = await rows.count();
  await press(page, '加一题');
  const row = rows.nth(there);
  await row.getByLabel(/^题目/).fill('最常在哪里遇到消防设施故障？');
  await row.getByLabel(/^题型/).selectOption({ label: '单选' });
  await row.getByLabel(/^单选题的选项/).fill('办公层；裙楼；车库');
  await press(page, '保存');
  await page.locator('[data-rows] input[value="办公层；裙楼；车库"]').waitFor();
  await page.getByLabel('样本框文件').setInputFiles({ name: '补充.csv', mimeType: 'text/csv', buffer: Buffer.from('编号,分层\nX-1,车库\nX-2,车库\n') });
  await press(page, '导入');
  await page.getByText('样本框（98）').waitFor();
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByLabel('抽多少').fill('40');
  await press(page, '抽样');
  await page.getByText('40 / 98').waitFor();
  await page.getByRole('link', { name: '按种子重算抽样' }).click();
  await page.getByText('样本框与样本完全一致').waitFor();
  await press(page, '开放答卷');
  await page.locator('.head .state').getByText('答卷中', { exact: true }).waitFor();
  await page.getByRole('link', { name: '邀请函' }).click();
  assert.equal(await page.locator('.invitations li').count(), 40);
  assert.ok(await fits(page));

  await browser.become(page, 'cleaner');
  await page.goto(`/surveys/${await browser.id('cleaner', 'surveys', 'kind=third_party&state=closed')}`);
  await page.locator('.live-fig', { hasText: '有代表性' }).getByText('是', { exact: true }).waitFor();
  assert.equal(await page.getByText('样本框（').count(), 0); // not what a provider sees
});

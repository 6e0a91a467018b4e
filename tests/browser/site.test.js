// C3.1, C3.2: a patrol on a phone. Two taps and a photo find somebody; the client's contact takes note of the resident,
// the provider's own person answers for the rule of conduct, and says the own word.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, photo, shrunk, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
const phone = (account) => browser.page(account, { viewport: PHONE });

// Ticks a rule of the check list and says who.
async function find(page, rule, person) {
  const row = page.locator('.check', { hasText: rule });
  assert.equal(await row.locator('.more').isVisible(), false);
  await row.getByText(rule).click();
  await row.getByLabel('人员').selectOption({ label: person });
  return row;
}

test('C3.1 a patrol is done on a phone, with a photo, and each party takes note of its own', async () => {
  const page = await phone('duty');
  await page.goto('/patrols');
  await page.getByRole('link', { name: '新增' }).click();
  await page.getByLabel('地点').fill('二层作业区');
  const row = await find(page, '手机静音', '陆建国');
  await row.getByLabel('说明').fill('手机响铃');
  const input = row.locator('input[type=file]');
  await input.setInputFiles([await photo(page, '工位')]);
  await shrunk(page, await input.getAttribute('id'));
  assert.ok(await fits(page));
  await press(page, '提交巡查');
  await find(page, '个人物品', '许娜');
  await press(page, '记下');
  await page.getByRole('status').getByText('已记下').waitFor();
  assert.ok(await fits(page));
  await page.getByRole('link', { name: '陆建国' }).click();
  await page.locator('#documents').getByText('工位.jpg').waitFor();
  assert.equal(await page.getByRole('button', { name: '转为违规记录' }).count(), 0); // he is the client's
  assert.equal(await page.getByRole('button', { name: '签收' }).count(), 0);

  const contact = await phone('client');
  await contact.goto(page.url());
  await contact.getByLabel('签收意见').fill('已谈话');
  assert.ok(await fits(contact));
  await press(contact, '签收');
  await stands(contact, '已签收');
});

test('C3.2 what was found of the own person becomes a violation with one click, and the person says the own word', async () => {
  const page = await phone('duty');
  await page.goto('/patrols/new');
  await page.getByLabel('地点').fill('三层');
  await find(page, '个人物品', '许娜');
  await press(page, '提交巡查');
  await page.getByRole('link', { name: '许娜' }).click();
  await press(page, '转为违规记录');
  await stands(page, '待陈述');
  assert.equal(await page.getByRole('button', { name: '违规成立' }).count(), 0); // who recorded it does not decide

  const agent = await phone('agent');
  await agent.goto(page.url());
  await agent.getByLabel('本人陈述').fill('包里有药，已放回柜子');
  await agent.getByLabel('认可事实').check();
  assert.ok(await fits(agent));
  await press(agent, '提交陈述');
  await stands(agent, '已陈述');

  const decider = await phone('supervisor');
  await decider.goto(page.url());
  await decider.getByLabel('认定理由').fill('情况属实');
  await press(decider, '违规成立');
  await stands(decider, '已认定');
  assert.ok(await fits(decider));
});

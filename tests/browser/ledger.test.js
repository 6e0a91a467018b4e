// The contract ledger: tabs, filters, search, order, pages; and the same without script.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const names = (page) => page.locator('tbody tr td:first-child a').allInnerTexts();
const filter = (page, label) => page.getByRole('combobox', { name: label });
const count = (page) => page.locator('tbody tr').count();

for (const viewport of [DESK, PHONE]) {
  test(`each tab says how many there are, and shows those, at ${viewport.width} px`, async () => {
    const page = await browser.page('division', { viewport });
    await page.goto('/contracts');
    const tabs = page.locator('nav.tabs a:has(.c)');
    await tabs.first().waitFor(); // the counts come after the page
    for (const tab of await tabs.all()) assert.match(await tab.innerText(), /\S+\s?\d+$/);
    const soon = page.getByRole('link', { name: /^90 天内到期/ });
    const told = Number((await soon.locator('.c').innerText()));
    await soon.click();
    await page.waitForURL(/ends_on_to=/);
    assert.equal(await page.locator('nav.tabs a[aria-current]').innerText().then((text) => text.slice(0, 7)), '90 天内到期');
    assert.equal(await count(page), told);
    assert.ok(await fits(page));
  });

  test(`a filter that is chosen applies at once and stays in the address, at ${viewport.width} px`, async () => {
    const page = await browser.page('division', { viewport });
    await page.goto('/contracts');
    const all = await count(page);
    await filter(page, '状态').selectOption({ label: '履行中' });
    await page.waitForURL('**/contracts?state=active');
    assert.ok(await count(page) < all);
    await filter(page, '服务种类').selectOption({ label: '绿化' });
    await page.waitForURL(/service=greening/);
    assert.match(page.url(), /state=active/);
    assert.deepEqual((await names(page)).sort(), ['滨河花园绿化养护', '澄江中心绿化养护'].sort());
    await page.reload();
    assert.equal(await filter(page, '状态').inputValue(), 'active');
  });
}

for (const viewport of [DESK, PHONE])
  test(`a range is given from and to, every filter stays in the address, and each is taken off alone, at ${viewport.width} px`, async () => {
    const page = await browser.page('division', { viewport });
    const provider = await browser.id('division', 'organisations', `q=${encodeURIComponent('恒工')}`);
    await page.goto(`/contracts?provider_id=${provider}&state=active,suspended&sort=ends_on`);
    await page.locator('summary', { hasText: '日期与金额' }).click();
    await page.getByRole('group', { name: '结束日期' }).getByLabel('至').fill('2099-12-31');
    await page.getByRole('group', { name: /^合同金额/ }).getByLabel('从').fill('1000');
    assert.ok(await fits(page));
    await page.locator('.ranges').getByRole('button', { name: '筛选' }).click();
    await page.waitForURL(/ends_on_to=2099-12-31/);
    const asked = () => Object.fromEntries(new URL(page.url()).searchParams);
    assert.deepEqual(asked(), { provider_id: String(provider), state: 'active,suspended', sort: 'ends_on', ends_on_to: '2099-12-31', amount_fen_from: '1000' });
    assert.equal(await filter(page, '状态').locator('option:checked').textContent(), '履行中、暂停');
    const all = await count(page);
    await filter(page, '服务种类').selectOption('engineering');
    await page.waitForURL(/service=engineering/);
    assert.deepEqual([asked().ends_on_to, asked().provider_id, asked().state], ['2099-12-31', String(provider), 'active,suspended']);
    await page.getByRole('link', { name: /去掉筛选 结束日期 至 2099-12-31/ }).click();
    await page.waitForURL((url) => !url.searchParams.has('ends_on_to'));
    await page.getByRole('link', { name: /去掉筛选 供方：恒工/ }).click();
    await page.waitForURL((url) => !url.searchParams.has('provider_id'));
    assert.equal(asked().amount_fen_from, '1000');
    assert.ok(all > 0);
    assert.ok(await fits(page));
  });

test('the key / leads into the search, and what is not there is said', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts');
  await page.keyboard.press('/');
  await page.keyboard.type('电梯');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  assert.deepEqual(await names(page), ['滨河花园电梯维保']);
  await page.getByRole('searchbox').fill('没有这样的合同');
  await page.keyboard.press('Enter');
  await page.getByText('没有符合条件的合同。').waitFor();
});

test('the head of a column orders the rows, and turns the order', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts');
  const ends = async () => (await page.locator('tbody td:nth-child(6)').allInnerTexts()).map((text) => text.slice(0, 10));
  await page.getByRole('link', { name: '结束日期' }).click();
  await page.waitForURL(/sort=ends_on$/);
  assert.deepEqual(await ends(), (await ends()).sort());
  await page.getByRole('link', { name: '结束日期' }).click();
  await page.waitForURL(/sort=-ends_on$/);
  assert.deepEqual(await ends(), (await ends()).sort().reverse());
});

test('a long ledger is turned page by page and back', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts?limit=4');
  const first = await names(page);
  await page.getByRole('link', { name: '下一页' }).click();
  await page.waitForURL(/after=/);
  const second = await names(page);
  assert.equal(first.length, 4);
  assert.equal(second.length, 4);
  assert.ok(second.every((name) => !first.includes(name)));
  await page.getByRole('link', { name: '回到第一页' }).click();
  await page.waitForURL((url) => !url.search.includes('after='));
  assert.deepEqual(await names(page), first);
});

test('what is filtered is what is exported', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts?state=suspended');
  await page.locator('summary', { hasText: '导出' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trim().split('\n');
  assert.match(lines[0], /导出人 division/); // the watermark
  assert.match(lines[1], /^合同编号,合同名称/);
  assert.equal(lines.length, 3);
  assert.match(lines[2], /滨河花园保洁/);
});

test('the ledger is filtered, searched and ordered without script', async () => {
  const page = await browser.page('division', { javaScriptEnabled: false });
  await page.goto('/contracts');
  await filter(page, '状态').selectOption({ label: '暂停' });
  await page.getByRole('button', { name: '筛选' }).click();
  await page.waitForURL(/state=suspended/);
  assert.deepEqual(await names(page), ['滨河花园保洁']);
  await page.goto('/contracts');
  await page.getByRole('searchbox').fill('HT-2025');
  await page.getByRole('button', { name: '筛选' }).click();
  await page.waitForURL(/q=HT-2025/);
  assert.ok(await count(page) > 1);
  await page.getByRole('link', { name: '暂停' }).click();
  await page.waitForURL(/state=suspended/);
});

test('a printed ledger lies across and keeps every column', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts');
  await page.emulateMedia({ media: 'print' });
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const [, width, height] = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(pdf);
  assert.ok(Number(width) > Number(height), `${width} x ${height}`);
  await page.setViewportSize({ width: Math.round(((297 - 24) / 25.4) * 96), height: 700 }); // what is between the margins
  assert.ok(await fits(page));
  assert.ok(await page.getByRole('columnheader').last().isVisible());
});

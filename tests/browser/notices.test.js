// The bell, what a person was told, and how that person wants to be told.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { day } from '../world.js';

const AXE = fs.readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

let browser;
before(async () => {
  browser = await openBrowser({ args: ['--mail-host', '127.0.0.1', '--mail-from', 'luyue@example.com'] });
});
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const bell = (page) => page.locator('#bell');

// What keeps people from using the page.
async function barriers(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

let count = 0;
// Something happens that the executor is told of: a contract is briefed.
async function happen() {
  const division = await browser.client('division');
  const id = async (resource, name) => (await division.get(`/${resource}?q=${encodeURIComponent(name)}`)).body.items.find((item) => item.name === name).id;
  count += 1;
  const contract = (await division.post('/contracts', {
    number: `HT-BELL-${count}`, name: `滨河花园外墙清洗 ${count}`, kind: 'one_off', service: 'cleaning', starts_on: day(-5), ends_on: day(360),
    provider_id: await id('organisations', '净安保洁服务有限公司'), unit_id: await id('units', '滨河花园'), executor_id: await id('people', '何书琴'),
  })).body;
  await division.post('/terms', { contract_id: contract.id, number: '1.1', topic: 'scope', text: '外墙。' });
  const made = await division.post('/briefings', { contract_id: contract.id, held_on: day(), place: '会议室' });
  assert.equal(made.status, 201, made.text);
  return { number: contract.number, briefing: made.body.id };
}

for (const viewport of [DESK, PHONE]) {
  test(`the bell counts up without reload, and a click opens the record and marks it read, at ${viewport.width} px`, async () => {
    const page = await browser.page('executor', { viewport });
    await page.goto('/contracts');
    const before = Number(await bell(page).innerText());
    await page.evaluate(() => { document.body.dataset.same = 'page'; });
    const { number, briefing } = await happen();
    // It asks every quarter of a minute, and whenever the person comes back to the page.
    if (viewport === PHONE) await page.evaluate(() => globalThis.dispatchEvent(new Event('focus')));
    await page.locator('#bell .n', { hasText: String(before + 1) }).waitFor();
    assert.equal(await page.locator('body').getAttribute('data-same'), 'page');

    await bell(page).click();
    assert.ok(await fits(page));
    assert.deepEqual(await barriers(page), []);
    const notice = page.locator('.told .unread').filter({ hasText: number });
    assert.equal(await page.locator('.told li').nth(1).getAttribute('class'), 'unread');
    await notice.getByRole('button').click();
    assert.match(page.url(), new RegExp(`/briefings/${briefing}$`));
    assert.equal(await bell(page).innerText(), String(before));

    await page.goto('/notices');
    assert.equal(await notice.count(), 0);
    assert.equal(await page.locator('.told li').filter({ hasText: number }).count(), 1);
    await press(page, '全部标为已读');
    assert.match(await page.getByRole('status').innerText(), /全部标为已读/);
    assert.equal(await page.locator('.told .unread').count(), 0);
    assert.equal(await bell(page).innerText(), '');
    await happen(); // for the other width
  });

  test(`a person chooses how to be told, at ${viewport.width} px`, async () => {
    const page = await browser.page('pm', { viewport });
    await page.goto('/notices');
    await page.getByRole('link', { name: '接收方式' }).click();
    await page.getByLabel('用邮件接收').selectOption({ label: '全部通知' });
    await page.getByLabel('邮箱').fill('周敏@');
    await page.getByLabel('免打扰从').fill('晚九点');
    await press(page, '保存修改');
    assert.match(await page.getByRole('alert').innerText(), /有内容需要更正/);
    assert.equal(await page.locator('.field.is-bad').count(), 2);
    assert.equal(await page.getByLabel('邮箱').inputValue(), '周敏@');
    await page.getByLabel('邮箱').fill('zhou@example.com');
    await page.getByLabel('免打扰从').fill('22:30');
    await press(page, '保存修改');
    assert.match(await page.getByRole('status').innerText(), /已保存/);
    assert.equal(await page.getByLabel('免打扰从').inputValue(), '22:30');
    assert.equal(await page.getByLabel('用邮件接收').locator('option:checked').innerText(), '全部通知');
    assert.ok(await fits(page));
    assert.deepEqual(await barriers(page), []);
  });

  test(`a group robot is added, and what came of a test is said, at ${viewport.width} px`, async () => {
    const page = await browser.page('ops', { viewport });
    await page.goto('/robots');
    assert.ok(await fits(page));
    assert.deepEqual(await barriers(page), []);
    await page.getByRole('link', { name: '新增' }).click();
    await page.getByLabel('群名').fill('夜班群');
    await page.getByLabel('渠道').selectOption({ label: '企业微信' });
    await page.getByLabel('推送地址').fill('https://127.0.0.1/send?key=0123456789');
    assert.deepEqual(await barriers(page), []);
    await press(page, '保存');
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), '夜班群');
    assert.ok(!(await page.content()).includes('key=0123456789'));
    await press(page, '发一条测试消息');
    assert.match(await page.getByRole('alert').innerText(), /没有送达：目标地址在内部网络/);
    assert.ok(await fits(page));
    assert.deepEqual(await barriers(page), []);
  });
}

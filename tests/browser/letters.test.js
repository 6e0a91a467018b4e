// A letter from its draft to its answer, as the people of both sides go through it on their pages.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { PASSWORD } from '../world.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const field = (page, label) => page.getByLabel(label, { exact: true });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const follow = (page, name) => page.getByRole('link', { name, exact: true }).first().click();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();
const done = (page, words) => page.locator('.bar-note[role=status]').getByText(words).waitFor();

async function send(page) {
  await field(page, '请再输入一次登录密码').fill(PASSWORD);
  await field(page, '请再输入一次登录密码').press('Enter');
  await done(page, /已签字/);
  await stands(page, '待核实');
}

for (const viewport of [DESK, PHONE]) {
  test(`a letter is drafted, sent, returned, corrected, approved and answered, at ${viewport.width} px`, async () => {
    const subject = `关于夜班安排的函 ${viewport.width}`;
    const contract = await browser.id('provider', 'contracts', 'state=active');
    const client = await browser.page('client', { viewport });
    await client.goto('/letters');
    await follow(client, '起草函件');
    await field(client, '种类').selectOption({ label: '一般函件' });
    await client.locator('#contract_id').selectOption(String(contract));
    await field(client, '事由').fill(subject);
    await press(client, '保存');
    await stands(client, '草稿');
    await field(client, '请再输入一次登录密码').fill(PASSWORD);
    await field(client, '请再输入一次登录密码').press('Enter');
    assert.match(await client.getByRole('alert').innerText(), /必填/);

    await follow(client, '修改');
    await client.locator('#body').fill('请说明夜班人数。');
    await press(client, '保存修改');
    await send(client);
    const letter = client.url();
    assert.match(await client.locator('.letter-number').innerText(), /^函-\d{4}-\d{4}$/);
    assert.ok(await fits(client));

    const provider = await browser.page('provider', { viewport });
    await provider.goto('/letters');
    await provider.getByRole('link', { name: /待我方处理/ }).click();
    await follow(provider, subject);
    assert.equal(provider.url(), letter);
    await field(provider, '核实意见').fill('请写明起止日期');
    await press(provider, '退回修改');
    await done(provider, /已退回/);
    assert.ok(await fits(provider));

    await client.goto(letter);
    assert.match(await client.locator('.bar-note.warn').innerText(), /方远：请写明起止日期/);
    await follow(client, '修改');
    await client.locator('#body').fill('请说明下月一日至十五日的夜班人数。');
    await press(client, '保存修改');
    await provider.goto(letter);
    assert.match(await provider.getByRole('heading', { level: 1 }).innerText(), /没有这条记录/);
    await send(client);

    await provider.goto(letter);
    assert.ok(await provider.getByText('下月一日至十五日').isVisible());
    await field(provider, '核实意见').fill('属实');
    await press(provider, '同意');
    await stands(provider, '已同意，待回复');
    await field(provider, '回复').fill('夜班每日两人。');
    await press(provider, '回复');
    await done(provider, /已回复/);

    await client.goto(letter);
    await stands(client, '已回复');
    assert.ok(await client.getByText('夜班每日两人。').first().isVisible());
    const history = client.getByRole('complementary', { name: '经过' });
    const steps = await history.getByRole('listitem').allInnerTexts();
    assert.match(steps[0], /回复/);
    assert.equal(steps.filter((words) => words.startsWith('发出')).length, 2);
    assert.ok(await fits(client));
  });
}

test('what is typed into a draft is saved without pressing anything', async () => {
  const page = await browser.page('client');
  const id = await browser.id('client', 'letters', 'state=draft');
  await page.goto(`/letters/${id}/edit`);
  const saved = page.waitForResponse((reply) => reply.request().method() === 'GET' && reply.url().endsWith(`/letters/${id}/edit`));
  await page.locator('#body').pressSequentially('另请附上名单。');
  await saved;
  await page.goto(`/letters/${id}`);
  assert.match(await page.locator('.letter-body').innerText(), /另请附上名单。/);
});

test('whoever holds the paper checks it without an account', async () => {
  const { code, sha256 } = (await (await browser.client('client')).get('/letters?limit=1&state=answered')).body.items[0];
  const page = await browser.page(null, { viewport: PHONE });
  await page.goto(`/check/${code}?sha256=${sha256}`);
  assert.ok(await page.getByText('摘要与现行文本一致').isVisible());
  await field(page, '文件的 SHA-256').fill('0'.repeat(64));
  await press(page, '核对');
  assert.ok(await page.getByText('均不一致').isVisible());
  assert.ok(await fits(page));
});

// Documents, sensitive values, rights and the audit trail, as people meet them on pages.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();

// A picture as a phone takes it: what a page looks like.
async function picture() {
  const page = await browser.page(null, { viewport: { width: 320, height: 240 } });
  await page.goto('/login');
  return page.screenshot({ type: 'png' });
}

for (const viewport of [DESK, PHONE]) {
  test(`a picture is attached to a contract, looked at and opened, at ${viewport.width} px`, async () => {
    const bytes = await picture();
    const name = `地下车库现场照片（第二次整改后复查，${viewport.width}）.png`;
    const page = await browser.page('division', { viewport });
    await page.goto(`/contracts/${await browser.id('division', 'contracts', 'state=active')}`);
    await page.getByLabel('文件', { exact: true }).and(page.locator('input')).setInputFiles({ name, mimeType: 'image/png', buffer: bytes });
    await page.getByRole('button', { name: '上传文件' }).click();
    assert.match(await page.getByRole('status').innerText(), /文件已上传/);
    await page.locator('#documents').getByRole('link', { name }).click();
    await page.waitForURL('**/documents/*');
    assert.equal(await heading(page), name);
    const image = page.getByRole('img', { name });
    assert.equal(await image.evaluate((img) => img.decode().then(() => img.naturalWidth)), 320);
    const reply = await page.request.get(await page.getByRole('link', { name: '打开' }).getAttribute('href'));
    assert.deepEqual(Buffer.compare(await reply.body(), bytes), 0);
    assert.match(reply.headers()['content-type'], /^image\/png/);
    assert.ok(await fits(page));

    await page.getByRole('link', { name: /^HT-/ }).first().click();
    const row = page.locator('#documents tr', { hasText: name });
    assert.ok(await row.getByText('李蔚').isVisible());
    await row.scrollIntoViewIfNeeded();
    assert.ok(await fits(page));
  });
}

test('a file that is none of the allowed kinds is refused with the reason', async () => {
  const page = await browser.page('division');
  await page.goto(`/contracts/${await browser.id('division', 'contracts', 'state=active')}`);
  const buffer = Buffer.from('<!doctype html><script>alert(1)</script>');
  await page.locator('#document-file').setInputFiles({ name: '照片.png', mimeType: 'image/png', buffer });
  await page.getByRole('button', { name: '上传文件' }).click();
  assert.match(await page.getByRole('alert').innerText(), /./);
  assert.ok(await page.locator('#document-file').isVisible()); // one may choose another
});

test('a phone number is shown in full on demand, and that stands in the history', async () => {
  const page = await browser.page('ops');
  await page.goto('/people?q=许娜');
  await page.locator('tbody a').first().click();
  const fact = page.locator('.facts > div', { hasText: '电话' });
  assert.match(await fact.innerText(), /\d{3}\*{4}\d{4}/);
  await fact.getByRole('button', { name: '查看全文' }).click();
  await fact.getByText(/^1\d{10}$/).waitFor(); // in place, the page stays
  assert.equal(await heading(page), '许娜');
  await page.reload();
  assert.match(await fact.innerText(), /\d{3}\*{4}\d{4}/);
  const newest = page.getByRole('complementary', { name: '经过' }).getByRole('listitem').first();
  assert.match(await newest.innerText(), /查看[\s\S]*沈佳/);
});

test('a phone number is shown in full without script, too', async () => {
  const page = await browser.page('ops', { javaScriptEnabled: false });
  await page.goto('/people?q=许娜');
  await page.locator('tbody a').first().click();
  await page.getByRole('button', { name: '查看全文' }).click();
  assert.match(await page.locator('#revealed').innerText(), /^1\d{10}$/);
});

test('who may do what is shown to everybody', async () => {
  const page = await browser.page('agent', { viewport: PHONE });
  await page.goto('/rights');
  const held = async (right, role) => {
    const roles = await page.getByRole('columnheader').allInnerTexts();
    return page.getByRole('row', { name: right }).getByRole('cell').nth(roles.indexOf(role) - 1).getByRole('img').count();
  };
  assert.equal(await held('签交底记录', '监管执行人'), 1);
  assert.equal(await held('签交底记录', '坐席'), 0);
  assert.ok(await fits(page));
});

test('a page that somebody may not see says who can help, and leaves a trace', async () => {
  const page = await browser.page('agent');
  await page.goto('/contracts/new');
  assert.match(await heading(page), /没有这个权限/);
  assert.ok(await page.getByText('安全管理员').isVisible());
  const audit = await browser.page('audit');
  await audit.goto('/events');
  assert.ok(await audit.getByRole('row', { name: /许娜.*被拒绝/ }).getByText('/contracts/new').isVisible());
});

for (const account of ['audit', 'security']) {
  test(`the audit trail is read page by page, and each entry whole, by ${account}`, async () => {
    const page = await browser.page(account);
    await page.goto('/events');
    const numbers = async () => (await page.locator('tbody td:first-child').allInnerTexts()).map(Number);
    const first = await numbers();
    assert.deepEqual(first, [...first].sort((a, b) => b - a));
    await page.getByRole('link', { name: '下一页' }).click();
    await page.waitForURL(/after=/);
    assert.equal((await numbers())[0], first.at(-1) - 1);
    await page.goto('/events?action=activate&resource=contracts');
    const row = page.getByRole('row', { name: /生效/ }).first();
    await row.getByRole('link', { name: '生效' }).click();
    assert.match(await heading(page), /^生效 · HT-/);
    assert.ok(await page.getByRole('row', { name: '状态' }).getByText('履行中').isVisible());
    assert.match(await page.locator('.facts > div', { hasText: '前一条摘要' }).innerText(), /[0-9a-f]{64}/);
  });
}

test('an administrator opens an account, whose password is shown this once', async () => {
  const page = await browser.page('admin');
  await page.goto('/accounts/new');
  await page.getByLabel('账号名').fill('chenli');
  await page.getByLabel('人员').and(page.locator('select')).selectOption({ label: '陈立' });
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const password = await page.locator('#once').inputValue();
  assert.ok(password.length >= 10);
  const own = await browser.page(null);
  await own.goto('/login');
  await own.getByLabel('账号', { exact: true }).fill('chenli');
  await own.getByLabel('密码', { exact: true }).fill(password);
  await own.getByRole('button', { name: '登录', exact: true }).click();
  await own.waitForURL('**/password'); // the first thing is a password of one's own
  await own.getByLabel('当前密码').fill(password);
  await own.getByLabel('新密码').fill('A-new-one-2026');
  await own.getByRole('button', { name: '更改密码' }).click();
  assert.match(await own.getByRole('status').innerText(), /密码已更改/);
});

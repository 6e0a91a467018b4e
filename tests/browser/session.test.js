// Signing in and out, what one finds then, and the choices that the browser keeps.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { PASSWORD } from '../world.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

async function signIn(page, account, password) {
  await page.getByLabel('账号', { exact: true }).fill(account);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

for (const viewport of [DESK, PHONE]) {
  const width = `${viewport.width} px`;

  test(`a wrong password is said and the account stays typed, at ${width}`, async () => {
    const page = await browser.page(null, { viewport });
    await page.goto('/contracts?state=active');
    await signIn(page, 'division', 'not the password');
    assert.match(await page.getByRole('alert').innerText(), /账号或密码不对/);
    assert.equal(await page.getByLabel('账号', { exact: true }).inputValue(), 'division');
    assert.equal(await page.getByLabel('密码', { exact: true }).inputValue(), '');
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.waitForURL('**/contracts?state=active'); // where one wanted to go
    assert.ok(await fits(page));
  });

  test(`home shows the duties, and signing out ends it, at ${width}`, async () => {
    const page = await browser.page(null, { viewport });
    await page.goto('/login');
    await signIn(page, 'executor', PASSWORD);
    await page.waitForURL('**/');
    assert.match(await page.getByRole('heading', { level: 1 }).innerText(), /还有 \d+ 件要办/);
    const duty = page.getByRole('listitem').filter({ hasText: '签署合同交底记录：滨河花园水箱清洗' });
    await duty.getByRole('link').first().click();
    await page.waitForURL('**/briefings/*');
    assert.ok(await page.getByRole('button', { name: '核对并签字' }).isVisible());
    await page.locator('summary', { hasText: '何书琴' }).click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL('**/login');
    assert.match(await page.getByRole('status').innerText(), /已退出登录/);
    await page.goto('/contracts');
    assert.match(page.url(), /\/login\?next=/);
  });

  test(`the language and the theme are switched and kept, at ${width}`, async () => {
    const page = await browser.page('division', { viewport, colorScheme: 'light' });
    await page.goto('/contracts');
    assert.equal(await page.locator('html').getAttribute('data-bs-theme'), 'light');
    await page.getByRole('button', { name: '深色或浅色' }).click();
    await page.reload();
    assert.equal(await page.locator('html').getAttribute('data-bs-theme'), 'dark');
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    await page.getByRole('heading', { name: 'Contracts', level: 1 }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.match(page.url(), /\/contracts$/);
    assert.ok(await fits(page));
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { name: '合同台帐', level: 1 }).waitFor();
  });
}

test('the demo world offers its accounts, and one click fills them in', async () => {
  const page = await browser.page(null);
  await page.goto('/login');
  await page.getByRole('button', { name: 'executor 监管执行人' }).click();
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.waitForURL('**/');
  await page.getByText('何书琴').first().waitFor();
});

test('the password can be looked at while it is typed', async () => {
  const page = await browser.page(null);
  await page.goto('/login');
  await page.getByLabel('密码', { exact: true }).fill('abc');
  await page.getByRole('button', { name: '显示密码' }).click();
  assert.equal(await page.getByLabel('密码', { exact: true }).getAttribute('type'), 'text');
});

test('signing in works without script', async () => {
  const page = await browser.page(null, { javaScriptEnabled: false });
  await page.goto('/login');
  await signIn(page, 'pm', PASSWORD);
  await page.waitForURL('**/');
  assert.ok(await page.getByText('滨河花园').first().isVisible());
});

// ---- the keyboard ----

// What has the focus, and whether one sees that it has.
function focused(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const marked = (element) => {
      const { boxShadow, outlineStyle } = getComputedStyle(element);
      return boxShadow !== 'none' || outlineStyle !== 'none';
    };
    const words = (at.getAttribute('aria-label') || at.innerText || at.name || at.tagName).trim();
    return { words, seen: marked(at) || Boolean(at.closest('.find, .chip') && marked(at.closest('.find, .chip'))) };
  });
}

test('the keyboard reaches every control in order, and one sees where it is', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts');
  const passed = [];
  for (let i = 0; i < 120 && passed.at(-1) !== '滨河花园水箱清洗'; i += 1) {
    await page.keyboard.press('Tab');
    const { words, seen } = await focused(page);
    passed.push(words);
    assert.ok(seen, `focus is not to be seen on ${words}`);
  }
  const wanted = ['跳到正文', '我的职责', '合同台帐', 'EN', '深色或浅色', '登记合同', '查找', '滨河花园水箱清洗'];
  const places = wanted.map((words) => passed.findIndex((one) => one.includes(words)));
  assert.ok(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1])), passed.join(' | '));
});

test('the skip link leads past the navigation', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts');
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).words, '跳到正文');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
});

test('menus open and close by keyboard, and give the focus back', async () => {
  const page = await browser.page('division');
  await page.goto('/contracts');
  const menu = page.locator('summary', { hasText: '导出' });
  await menu.focus();
  await page.keyboard.press('Enter');
  assert.ok(await page.getByRole('button', { name: 'XLSX' }).isVisible());
  await page.keyboard.press('Escape');
  assert.ok(!(await page.getByRole('button', { name: 'XLSX' }).isVisible()));
  assert.equal((await focused(page)).words, '导出');
});

for (const viewport of [DESK, PHONE])
  test(`an ended session loses nothing that was typed, and sends nothing by itself, at ${viewport.width} px`, async () => {
    const page = await browser.page(null, { viewport });
    await page.goto('/login');
    await signIn(page, 'division', PASSWORD);
    await page.waitForURL('**/');
    await page.goto('/organisations/new');
    await page.getByLabel('名称', { exact: true }).fill('断线保洁有限公司');
    await page.getByLabel('属于').selectOption({ label: '承包方' });
    await page.getByLabel(/^联系电话/).fill('13800001234');
    await page.getByLabel('保洁', { exact: true }).check();
    await page.context().clearCookies({ name: 'luyue' });
    await page.locator('.form-acts button').click();
    await page.waitForURL(/\/login\?next=/);
    await signIn(page, 'division', PASSWORD);
    await page.waitForURL('**/organisations/new');
    assert.match(await page.getByRole('status').innerText(), /已恢复/);
    assert.equal(await page.getByLabel('名称', { exact: true }).inputValue(), '断线保洁有限公司');
    assert.ok(await page.getByLabel('保洁', { exact: true }).isChecked());
    assert.equal(await page.getByLabel(/^联系电话/).inputValue(), ''); // what is sealed is not kept
    const ops = await browser.client('ops');
    assert.deepEqual((await ops.get(`/organisations?q=${encodeURIComponent('断线保洁')}`)).body.items, []);
    assert.ok(await fits(page));
    await page.goto('/contracts');
    await page.goto('/organisations/new');
    assert.equal(await page.getByLabel('名称', { exact: true }).inputValue(), '');
  });

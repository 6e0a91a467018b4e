// V3.5, V5.1.3: an inspection on a phone. The network drops at every step in turn, and nothing is lost or made twice; an
// item that passes takes one tap; over a slow link nobody waits.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, PHONE } from './browser.js';
import { inspected, picture } from '../inspected.js';
import { PASSWORD } from '../world.js';

let browser, ground, executor;
before(async () => {
  browser = await openBrowser();
  executor = await browser.client('executor');
  ground = await inspected(browser.world, await browser.client('ops'), '滨河花园绿化养护');
});
afterEach(() => browser.leave());
after(() => browser.close());

const shot = (kind) => ({ name: 'IMG_1.png', mimeType: 'image/png', buffer: picture(kind, { side: 300 }) });
const item = (page, text) => page.locator('.ph-item', { hasText: text });
// A network that is gone, and what the server refuses, are said by the browser, too.
const EXPECTED = /ERR_INTERNET_DISCONNECTED|status of 40[39].*\/api\/inspections/;
async function open(page) {
  page.refusals = EXPECTED;
  await page.goto(`/inspections/phone?contract_id=${ground.contract.id}`);
  await page.locator('body[data-ready]').waitFor();
}
async function begin(page, area = 'A 区') {
  const contract = page.locator('.ph-contract', { hasText: ground.contract.name });
  if (await contract.getAttribute('open') === null) await contract.locator('summary').click();
  await contract.getByRole('button', { name: area }).click();
  await page.locator('body[data-shown=working]').waitFor();
}
const ours = async () => (await executor.get(`/inspections?contract_id=${ground.contract.id}&limit=200`)).body.items;

// What is done in turn; before each of them the network may go.
const STEPS = [
  ['begins', (page) => begin(page)],
  ['passes', (page) => item(page, '无污迹、水渍').getByText('合格', { exact: true }).click()],
  ['fails', (page) => item(page, '垃圾桶').getByText('不合格', { exact: true }).click()],
  ['counts', (page) => item(page, '垃圾桶').getByRole('button', { name: '加一处' }).click()],
  ['photographs', async (page, kind) => {
    await item(page, '垃圾桶').locator('input[type=file]').setInputFiles(shot(kind));
    await item(page, '垃圾桶').locator('figure').waitFor();
  }],
  ['notes', (page) => item(page, '垃圾桶').locator('textarea').fill('两个桶满溢')],
  ['says the rest', (page) => page.getByRole('button', { name: '其余 2 项合格' }).click()],
  ['says the fatal one', (page) => item(page, '花名册').getByText('不适用').click()],
  ['submits', (page) => page.getByRole('button', { name: '提交检查' }).click()],
];

test('V5.1.3 the network drops before every step in turn: nothing is lost, and nothing is made twice', async () => {
  const page = await browser.page('executor', { viewport: PHONE });
  await open(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  for (let dropped = 0; dropped < STEPS.length; dropped += 1) {
    const before = (await ours()).map(({ id }) => id);
    for (const [step, [, take]] of STEPS.entries()) {
      if (step === dropped) await page.context().setOffline(true);
      await take(page, 100 + dropped);
    }
    await page.locator('body[data-shown=waiting]').waitFor();
    assert.match(await page.locator('#net').innerText(), /没有网络/);
    await page.context().setOffline(false);
    await page.locator('body[data-shown=sent]').waitFor();
    const made = (await ours()).filter(({ id }) => !before.includes(id));
    assert.equal(made.length, 1, `${STEPS[dropped][0]}: ${made.length}`);
    const { body } = await executor.get(`/inspections/${made[0].id}`);
    assert.deepEqual(body.items.map(({ result, findings }) => `${result}${findings}`), ['pass0', 'fail2', 'pass0', 'pass0', 'na0'], STEPS[dropped][0]);
    assert.deepEqual([body.state, body.photos.length, body.items[1].note], ['finished', 1, '两个桶满溢'], STEPS[dropped][0]);
    await page.getByRole('link', { name: '返回' }).click();
    await page.locator('body[data-shown=home]').waitFor();
  }
});

test('V3.5 the page opens where there is no network, and what it holds outlives it', async () => {
  const page = await browser.page('executor', { viewport: PHONE });
  await open(page);
  await page.waitForFunction(async () => (await caches.keys()).length && (await (await caches.open('inspect')).keys()).length >= 5);
  await page.reload(); // from here on the worker stands before it
  await page.locator('body[data-ready]').waitFor();
  await page.context().setOffline(true);
  await begin(page, 'B 区');
  await item(page, '无污迹、水渍').getByText('合格', { exact: true }).click();
  await page.goto('/inspections/phone');
  await page.locator('body[data-ready]').waitFor();
  await page.getByRole('button', { name: 'B 区' }).first().click();
  await item(page, '无污迹、水渍').getByLabel('合格', { exact: true }).and(page.locator(':checked')).waitFor({ state: 'attached' });
  assert.ok(await fits(page));
  await page.context().setOffline(false);
});

test('V3.5 what was taken back meanwhile, or changed, is said, and nothing that was found is lost', async () => {
  const page = await browser.page('executor', { viewport: PHONE });
  await open(page);
  const begun = page.waitForResponse((reply) => reply.url().endsWith('/api/inspections'));
  await begin(page);
  const { id } = await (await begun).json();
  await item(page, '无污迹、水渍').getByText('合格', { exact: true }).click();
  assert.equal((await executor.post(`/inspections/${id}/void`, { reason: '换人检查' })).status, 200);
  await page.getByRole('button', { name: '其余 2 项合格' }).click();
  await item(page, '垃圾桶').getByText('合格', { exact: true }).click();
  await item(page, '花名册').getByText('合格', { exact: true }).click();
  await page.getByRole('button', { name: '提交检查' }).click();
  await page.locator('body[data-shown=conflict]').waitFor();
  assert.match(await page.getByRole('alert').innerText(), /作废/);
  assert.ok(await fits(page));
  await page.getByRole('button', { name: '重新检查' }).click();
  await page.locator('body[data-shown=working]').waitFor();
  assert.ok(await item(page, '无污迹、水渍').getByLabel('合格', { exact: true }).isChecked());
  await page.getByRole('button', { name: '提交检查' }).click();
  await page.locator('body[data-shown=sent]').waitFor();
});

test('V3.5 over 400 kbit/s and 300 ms an item that passes is one tap, and nobody waits', async (t) => {
  const page = await browser.page('executor', { viewport: PHONE });
  await open(page); // once before, as every day
  const link = await page.context().newCDPSession(page);
  await link.send('Network.enable');
  await link.send('Network.emulateNetworkConditions', { offline: false, latency: 300, downloadThroughput: 50e3, uploadThroughput: 50e3 });
  let bytes = 0;
  link.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  const started = performance.now();
  await page.goto(`/inspections/phone?contract_id=${ground.contract.id}`);
  await page.locator('.ph-contract').first().waitFor();
  const opened = performance.now() - started;
  await begin(page);
  let taps = 0, waited = opened;
  for (const text of ['无污迹、水渍', '垃圾桶', '无异味', '扶手', '花名册']) {
    const choice = item(page, text).getByText('合格', { exact: true });
    const at = performance.now();
    await choice.click();
    taps += 1;
    await item(page, text).locator('input:checked').waitFor({ state: 'attached' });
    waited += performance.now() - at;
  }
  const at = performance.now();
  await page.getByRole('button', { name: '提交检查' }).click();
  await page.locator('#main').getByText('已保存在本机').or(page.locator('body[data-shown=sent]')).first().waitFor();
  waited += performance.now() - at;
  assert.equal(taps, 5); // five items
  await page.locator('body[data-shown=sent]').waitFor();
  t.diagnostic(`${taps} taps for 5 items and 3 beside, ${Math.round(opened)} ms until the page is there, ${Math.round(waited)} ms of waiting in all, ${bytes} bytes received`);
});

test('V5.1.3 the companion signs on the inspector’s phone; the notice is answered and looked at again', async () => {
  const page = await browser.page('executor', { viewport: PHONE });
  page.refusals = EXPECTED;
  const ops = await browser.client('ops');
  const { id } = (await ops.get(`/areas?contract_id=${ground.contract.id}`)).body.items.find(({ name }) => name === '中心绿地');
  const { url } = (await ops.get(`/areas/${id}`)).body;
  await page.goto(new URL(url).pathname); // the code that hangs there
  await page.getByRole('link', { name: '开始检查' }).click(); // a task of every day
  await page.locator('body[data-shown=working]').waitFor();
  assert.equal(await page.locator('.ph-item').count(), 3); // what is due every day, and no more
  await item(page, '无异味').getByText('不合格', { exact: true }).click();
  await item(page, '无异味').locator('textarea').fill('二层男卫异味');
  await page.getByRole('button', { name: '其余 1 项合格' }).click();
  await item(page, '垃圾桶').getByText('合格', { exact: true }).click();
  await page.getByRole('button', { name: '提交检查' }).click();
  await page.locator('body[data-shown=sent]').waitFor();
  await page.getByLabel('账号').fill('executor');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByRole('button', { name: '陪检人签字' }).click();
  await page.getByRole('alert').waitFor(); // no inspector signs for the provider
  await page.getByLabel('账号').fill('suqing');
  await page.getByLabel('密码').fill(PASSWORD);
  await page.getByLabel('异议').fill('当天停水');
  await page.getByRole('button', { name: '陪检人签字' }).click();
  await page.getByText('陪检人苏青已签字').waitFor();
  assert.ok(await fits(page));

  const provider = await browser.page('suqing', { viewport: PHONE });
  await provider.goto('/rectifications');
  await provider.getByRole('link', { name: '无异味' }).first().click();
  await provider.getByLabel('整改情况与措施').fill('已疏通并加装排风');
  assert.ok(await fits(provider));
  await provider.getByRole('button', { name: '回复整改情况' }).click();
  await provider.locator('.head .state').getByText('待复查').waitFor();
  const again = await browser.page('executor', { viewport: PHONE });
  await again.goto(provider.url());
  await again.getByLabel('理由').fill('已无异味');
  await again.getByRole('button', { name: '复查合格，关闭' }).click();
  await again.locator('.head .state').getByText('已关闭').waitFor();
  assert.ok(await fits(again));
});

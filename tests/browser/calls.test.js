// The board of calling, a person's day, lists of calls by name and records in quarantine, at the desk and on the phone.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { day } from '../world.js';

let browser, contract, agent;
before(async () => {
  browser = await openBrowser();
  const provider = await browser.client('provider');
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  [agent] = (await provider.get(`/agents?contract_id=${contract.id}&state=active`)).body.items;
  const { status } = await provider.post('/calls', [9, 10, 11].map((hour) => ({ source: 'journey', uid: `journey-${hour}`, contract: contract.number, agent: agent.code,
    callee: '13812345678', started_at: `${day(-1)}T${String(hour).padStart(2, '0')}:00:00+08:00`, duration_s: 90, talk_s: 60, result: 'success' })));
  assert.equal(status, 200);
  await provider.post('/agent_states', [{ source: 'journey', uid: 'journey-pause', contract: contract.number, agent: agent.code, state: 'pause', reason: '培训',
    at: `${day(-1)}T10:10:00+08:00`, until: `${day(-1)}T10:50:00+08:00` }]);
  await provider.post('/adapters/freeswitch/cdr', { nobody: 'knows' });
});
afterEach(() => browser.leave());
after(() => browser.close());

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();
// Is anything drawn on the chart's canvas?
const isDrawn = (page, chart) => page.locator(`[data-chart="${chart}"] canvas`).first().evaluate((canvas) =>
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte > 0));

for (const viewport of [DESK, PHONE]) {
  test(`C2.4 the board shows the month of a contract in charts and in numbers, at ${viewport.width} px`, async () => {
    const page = await browser.page('client', { viewport });
    await page.goto('/call_board');
    await page.locator('select[name=contract]').selectOption({ label: contract.name });
    await page.waitForURL(/contract=/);
    await page.waitForFunction(() => document.documentElement.dataset.charts === 'ready');
    for (const chart of ['by-day', 'by-hour']) assert.ok(await isDrawn(page, chart), chart);
    const busiest = page.locator('#by-week .heat-9').first();
    const volume = await busiest.innerText(); // from here on it may have another shade
    const where = await busiest.elementHandle();
    await press(page, '接通率');
    assert.equal(await page.getByRole('button', { name: '接通率' }).getAttribute('aria-pressed'), 'true');
    assert.notEqual(await where.innerText(), volume);
    assert.ok(await isDrawn(page, 'by-day'));
    await page.locator('summary', { hasText: '数字' }).first().click();
    assert.ok(await page.locator('#by-day').getByRole('columnheader', { name: '接通率' }).isVisible());
    assert.ok(await page.getByRole('cell', { name: '接通量 ÷ 呼出量' }).isVisible());
    assert.ok(await fits(page));
    await page.locator('#by-day').getByRole('link', { name: day(-1) }).click();
    assert.equal(new URL(page.url()).pathname, '/call_days');
  });

  test(`C2.4 a person's day shows what was done when, and each of its calls, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport });
    await page.goto(`/call_days?agent_id=${agent.id}&day_from=${day(-1)}&day_to=${day(-1)}`);
    await page.locator('tbody a').first().click();
    assert.equal(await heading(page), `${agent.person_name} · ${day(-1)}`);
    assert.ok(await page.locator('.lanes .lane-pause').count() > 0 && await page.locator('.lanes .call-success').count() >= 3);
    assert.match(await page.locator('section', { has: page.getByRole('heading', { name: '空档' }) }).innerText(), /小休 · 培训/);
    assert.ok(await fits(page));
    await page.locator('tbody a').first().click();
    assert.equal(await page.getByRole('heading', { name: '闸口判定' }).count(), 1);
    await page.getByRole('link', { name: '当日记录' }).click();
    assert.equal(await heading(page), `${agent.person_name} · ${day(-1)}`);
  });

  test(`C2.4 calls are found by the names of contract and agent, at ${viewport.width} px`, async () => {
    const page = await browser.page('provider', { viewport });
    await page.goto('/calls');
    await page.locator('select[name=contract_id]').selectOption({ label: `${contract.number} ${contract.name}` });
    await page.waitForURL(/contract_id=/);
    await page.locator('select[name=agent_id]').selectOption({ label: `${agent.code} ${agent.person_name}` });
    await page.waitForURL(/agent_id=/);
    const shown = await page.locator('tbody tr').allInnerTexts();
    assert.ok(shown.length >= 3 && shown.every((row) => row.includes(agent.person_name)), shown.join('\n'));
    assert.equal(await page.getByText('日期与金额').count(), 0);
    assert.ok(await fits(page));
  });
}

test('C2.4 a record that nobody could read is looked at, tried again and discarded', async () => {
  const page = await browser.page('provider');
  await page.goto('/quarantine');
  await page.locator('tbody a').first().click();
  assert.equal(await heading(page), '缺少呼叫系统的通话编号 uid');
  await press(page, '重新读取');
  assert.match(await page.getByRole('alert').or(page.locator('.fault')).first().innerText(), /仍然读不懂/);
  await page.getByLabel('丢弃理由').fill('试机时发出');
  await press(page, '丢弃');
  assert.match(await page.getByRole('status').innerText(), /已丢弃/);
  assert.equal(await page.getByRole('button', { name: '重新读取' }).count(), 0);
});

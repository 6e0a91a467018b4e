// A month from the board to the phone: the provider reopens and publishes it with a second person, its agent reads the own sheet and
// appeals, somebody else decides, and the sheet shows before and after.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { month } from '../world.js';

let browser, last;
const done = ({ status, body, text }) => { assert.ok(status < 300, text); return body; };
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

before(async () => {
  browser = await openBrowser();
  const provider = await browser.client('provider');
  [last] = done(await provider.get(`/months?month=${month(-1)}`)).items;
});
afterEach(() => browser.leave());
after(() => browser.close());

test('C2.4 X4 a month is reopened by two, published anew, appealed against on the phone and set right by somebody else', async () => {
  const board = await browser.page('provider', { viewport: DESK });
  await board.goto(`/months/${last.id}`);
  if (last.state === 'open') { // the first days of a month
    assert.match(await board.locator('.head').innerText(), /距依据截止/);
    return;
  }
  await board.getByLabel('重开原因').fill('通话补传');
  await press(board, '请求重开');
  assert.equal(await board.getByRole('button', { name: '同意重开' }).count(), 0); // not by whoever asks
  const second = await browser.page('duty', { viewport: DESK });
  await second.goto(`/months/${last.id}`);
  await press(second, '同意重开');
  await second.getByText('下一步：乙方核实按时到达的依据后计算。').waitFor();

  const person = done(await (await browser.client('agent')).get('/session')).person_id;
  const correction = done(await (await browser.client('provider')).post('/adjustments', { month_id: last.id, about_month: month(-2), person_id: person, points: '-1', reason: '上月一通重复计数' }));
  await board.goto(`/adjustments/${correction.id}`);
  assert.equal(await board.getByRole('button', { name: '同意计入' }).count(), 0); // not by who made it
  await second.goto(`/adjustments/${correction.id}`);
  await fits(second);
  await press(second, '同意计入');
  await board.goto(`/months/${last.id}`);
  await press(board, '计算');
  await fits(board);
  const why = board.getByLabel('无数据仍公布的理由'); // asked where nobody has a value of an indicator
  if (await why.count()) await why.fill('当月没有安排');
  await press(board, '公布');
  await fits(board);

  const phone = await browser.page('agent', { viewport: PHONE });
  await phone.goto(`/sheets?period=${month(-1)}`);
  await phone.getByRole('link', { name: '许娜', exact: true }).click();
  await fits(phone);
  assert.match(await phone.locator('.items').innerText(), /上月一通重复计数/);
  await phone.getByLabel('针对的项目').selectOption('success');
  await phone.getByLabel('申诉理由').fill('两通记错');
  await press(phone, '申诉');
  await phone.getByText('申诉中').first().waitFor();

  await second.goto('/appeals?state=open');
  await second.getByRole('link', { name: '许娜', exact: true }).click();
  await second.getByLabel('补回分数').fill('2');
  await second.getByLabel('复核意见').fill('核对属实');
  await press(second, '采纳并重新计算');
  await second.getByText('采纳').first().waitFor();
  await phone.reload();
  assert.match(await phone.locator('main').innerText(), /结果有改动：总分 [\d.]+ → [\d.]+.*核对属实/);
});

test('C2.4 charts say what their tables say, on the desk and on the phone; two months stand beside each other', async () => {
  const [locked] = done(await (await browser.client('provider')).get('/months?state=locked')).items;
  const drawn = async (page, of) => {
    await page.locator('html[data-charts=ready]').waitFor();
    assert.ok(await page.locator(`[data-trend=${of}] canvas`).isVisible());
    await page.getByText('数字', { exact: true }).click();
    assert.ok(await page.locator(`#${of} tbody tr`).first().isVisible());
    await fits(page);
  };
  const desk = await browser.page('provider', { viewport: DESK });
  await desk.goto(`/months/${locked.id}`);
  await drawn(desk, 'spread_chart');
  const people = await desk.locator('#spread_chart td').evaluateAll((cells) => cells.reduce((sum, { dataset }) => sum + Number(dataset.value), 0));
  assert.equal(people, locked.people);
  await desk.goto(`/months/${last.id}/compare`);
  await fits(desk);
  if (last.state !== 'open') assert.ok(await desk.locator('tbody tr').count() >= locked.people);
  const [draft] = done(await (await browser.client('provider')).get('/schemes?subject=agent&state=draft')).items;
  await desk.goto(`/schemes/${draft.id}/trial?month=${locked.month}`);
  await desk.getByRole('link', { name: '对工资的影响' }).click();
  await fits(desk);
  assert.ok(await desk.locator('tbody tr').count() >= locked.people); // who is paid without a result, too
  await desk.setViewportSize(PHONE);
  await fits(desk);
  const phone = await browser.page('agent', { viewport: PHONE });
  await phone.goto('/sheets');
  if (last.state === 'open') return; // one month makes no trend
  await phone.getByRole('link', { name: '许娜', exact: true }).first().click();
  await drawn(phone, 'trend_chart');
});

// A contract from its registration to a change of its fee, as the people concerned go through it on their pages.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { PASSWORD, day } from '../world.js';

let browser;
before(async () => { browser = await openBrowser(); });
afterEach(() => browser.leave());
after(() => browser.close());

const field = (page, label) => page.getByLabel(label);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const follow = (page, name) => page.getByRole('link', { name, exact: true }).first().click();
const heading = (page) => page.getByRole('heading', { level: 1 }).innerText();

async function sign(page) {
  await field(page, '请再输入一次登录密码').fill(PASSWORD);
  await press(page, '核对并签字');
  assert.match(await page.getByRole('status').innerText(), /已签字/);
}

async function register(page, number, name) {
  await page.goto('/contracts');
  await follow(page, '登记合同');
  await field(page, '合同编号').fill(number);
  await field(page, '合同名称').fill(name);
  await field(page, '服务类别').selectOption({ label: '长期连续性' });
  await field(page, '服务种类').selectOption({ label: '保洁' });
  await field(page, '项目').selectOption({ label: '滨河花园' });
  await field(page, '供方').and(page.locator('select')).selectOption({ label: '净安保洁服务有限公司' });
  await field(page, '开始日期').fill(day(-5));
  await field(page, '结束日期').fill(day(-10));
}

// The field's message, which has to be tied to its control.
async function complaint(page, label) {
  const control = field(page, label);
  assert.equal(await control.getAttribute('aria-invalid'), 'true', label);
  return page.locator(`[id="${await control.getAttribute('aria-describedby')}"]`).innerText();
}

for (const viewport of [DESK, PHONE]) {
  test(`a contract is registered, briefed, signed by both and takes effect, at ${viewport.width} px`, async () => {
    const number = `HT-PAGE-${viewport.width}`;
    const page = await browser.page('division', { viewport });

    await register(page, number, '滨河花园夜间保洁');
    await field(page, '月费（元）').fill('九千');
    await field(page, '到期提醒').fill('两个月');
    await press(page, '保存');
    assert.match(await page.getByRole('alert').innerText(), /有内容需要更正/);
    for (const label of ['月费（元）', '到期提醒']) assert.equal(await complaint(page, label), '格式不对');
    assert.equal(await page.locator('.field.is-bad').count(), 2);
    assert.equal(await field(page, '月费（元）').inputValue(), '九千');
    assert.equal(await field(page, '合同编号').inputValue(), number);
    assert.equal(await field(page, '项目').locator('option:checked').innerText(), '滨河花园');
    assert.ok(await fits(page));

    await field(page, '月费（元）').fill('9000');
    await field(page, '到期提醒').fill('60');
    await press(page, '保存');
    assert.match(await complaint(page, '结束日期'), /早于/);
    assert.equal(await page.locator('.field.is-bad').count(), 1);
    await field(page, '结束日期').fill(day(360));
    await press(page, '保存');
    assert.equal(await heading(page), '滨河花园夜间保洁');
    const contract = page.url();
    assert.match(contract, /\/contracts\/\d+$/);

    await press(page, '生效');
    const refusal = await page.getByRole('alert').innerText();
    for (const reason of ['没有指定监管执行人', '没有录入合同条款', '交底记录还没有双方签字', '没有供方不转包', '最终被服务方怎样评价'])
      assert.ok(refusal.includes(reason), `${reason} in ${refusal}`);

    await follow(page, '录入条款');
    await field(page, '条款号').fill('1.1');
    await field(page, '主题').selectOption({ label: '服务范围' });
    await field(page, '内容').fill('范围：地下车库与外围，每日 22 时至 6 时。');
    await press(page, '保存');

    await page.goto(contract);
    await follow(page, '去指定');
    await field(page, '监管执行人').selectOption({ label: '何书琴' });
    await field(page, '禁止转包、分包的声明').check();
    await field(page, '被服务方评价条款').fill('业主每季度扫码评价');
    await press(page, '保存修改');

    await follow(page, '发起交底');
    await field(page, '地点').fill('项目会议室');
    await press(page, '保存');
    assert.match(await heading(page), /合同交底记录/);
    await sign(page);
    const briefing = page.url();

    const other = await browser.page('executor', { viewport });
    await other.goto('/');
    await other.getByRole('link', { name: '签署合同交底记录：滨河花园夜间保洁' }).first().click();
    assert.equal(other.url(), briefing);
    assert.ok(await other.getByText('每日 22 时至 6 时').isVisible());
    await sign(other);
    assert.ok(await fits(other));

    await page.goto(contract);
    await press(page, '生效');
    assert.match(await page.getByRole('status').innerText(), /合同已生效/);
    assert.ok(await page.locator('.head').getByText('履行中').isVisible());
    assert.ok(await fits(page));

    const history = page.getByRole('complementary', { name: '经过' });
    await history.getByRole('link', { name: '全部' }).click();
    const steps = await page.getByRole('main').getByRole('listitem').allInnerTexts();
    assert.match(steps[0], /生效[\s\S]*起草[\s\S]*履行中[\s\S]*李蔚/);
    assert.match(steps.at(-1), /登记合同/);
  });

  test(`a changed fee has to be briefed again, and the old one stays readable, at ${viewport.width} px`, async () => {
    const names = { [DESK.width]: '澄江中心绿化养护', [PHONE.width]: '滨河花园绿化养护' };
    const page = await browser.page('division', { viewport });
    await page.goto('/contracts?state=active');
    await follow(page, names[viewport.width]);
    const contract = page.url();
    await follow(page, '合同变更');
    const former = await field(page, '月费（元）').inputValue();
    await field(page, '月费（元）').fill('45678.90');
    await field(page, '变更原因').fill('增加一处草坪');
    await press(page, '合同变更');
    assert.match(await page.getByRole('status').innerText(), /再交底/);
    assert.ok(await page.getByRole('listitem').filter({ hasText: '合同交底双方签字' }).getByRole('link', { name: '发起交底' }).isVisible());

    await page.locator('#amendments').getByRole('link', { name: '1', exact: true }).click();
    assert.equal(await heading(page), '合同变更 1');
    const grouped = Number(former).toLocaleString('en', { minimumFractionDigits: 2 });
    const row = page.getByRole('main').locator('tr', { hasText: '月费（元）' });
    assert.equal(await row.locator('del').innerText(), grouped);
    assert.match(await row.innerText(), /45,678\.90/);
    assert.ok(await page.getByText('增加一处草坪').isVisible());
    assert.ok(await fits(page));

    await page.goto('/');
    const duty = page.getByRole('listitem').filter({ hasText: `合同交底：${names[viewport.width]}` });
    await duty.getByRole('link').first().click();
    assert.equal(page.url(), contract);
  });
}

test('a step that somebody else was faster with is refused, and nothing is lost', async () => {
  const [first, second] = [await browser.page('division'), await browser.page('division')];
  const contract = `/contracts/${await browser.id('division', 'contracts', 'state=draft&briefing=missing')}`;
  for (const page of [first, second]) await page.goto(`${contract}/edit`);
  await field(first, '备注').fill('甲稿');
  await press(first, '保存修改');
  assert.match(await first.getByRole('status').innerText(), /已保存/);
  await field(second, '备注').fill('乙稿');
  await press(second, '保存修改');
  assert.ok(await second.getByRole('alert').isVisible());
  assert.equal(await field(second, '备注').inputValue(), '乙稿');
});

test('a provider sees nothing of another one', async () => {
  const id = await browser.id('division', 'contracts', 'service=outbound_call');
  const own = await browser.page('provider');
  await own.goto(`/contracts/${id}`);
  assert.equal(await heading(own), '会员回访与续费外呼');

  const page = await browser.page('cleaner', { viewport: PHONE });
  await page.goto('/contracts');
  await page.getByText('滨河花园保洁').waitFor();
  assert.equal(await page.locator('tbody').getByText('外呼').count(), 0);
  await page.goto(`/contracts/${id}`);
  assert.equal(await heading(page), '没有这条记录，或者您看不到它');
  assert.ok(await page.getByText(/请求编号 \S+/).isVisible());
  await follow(page, '回到首页');
  await page.waitForURL('**/');
});

// A drawn call from the waveform to the decision: a reviewer judges it at the desk, its agent reads and appeals on the
// phone, somebody else decides, the figures follow, and a letter leaves with the moment in it.
import { test, before, after, afterEach } from 'node:test';
import assert from 'node:assert/strict';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { sound, wav } from '../sound.js';
import { day } from '../world.js';

const SECONDS = 8;
let browser, call, contract, reviewer;
const done = ({ status, body, text }) => { assert.ok(status < 300, text); return body; };
const client = (account) => browser.client(account);
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const success = async () => done(await (await client('provider'))
  .get(`/call_figures?contract=${contract.number}&from=${day()}&to=${day()}`)).items.reduce((sum, { success: count }) => sum + count, 0);
const figuresAre = async (wanted) => { while (await success() !== wanted) await new Promise((resolve) => { setTimeout(resolve, 50); }); };

// Whose turn it is, and what that reviewer has to judge before: reviewers do not pick.
async function judgeUntil(sample) {
  const [{ reviewer_name: name }] = done(await (await client('duty')).get(`/reviews?sample_id=${sample.id}`)).items;
  const account = { 谢明: 'qa', 林倩: 'linqian' }[name], qa = await client(account);
  reviewer = { name, account };
  for (;;) {
    const review = done(await qa.get('/reviews/next'));
    if (review.sample_id === sample.id) return review;
    const items = review.items.map(({ kind, weight }, i) => ({ place: i + 1, ...(kind === 'fatal' ? { mark: 'clear' } : { mark: 'points', points: String(weight) }) }));
    done(await qa.post(`/reviews/${review.id}/mark`, { items, publish: '1' }));
  }
}

before(async () => {
  browser = await openBrowser();
  const [provider, duty, qa] = await Promise.all(['provider', 'duty', 'qa'].map(client));
  [contract] = done(await provider.get('/contracts?service=outbound_call&state=active')).items;
  done(await provider.post('/calls', [{ source: 'journey', uid: 'journey-1', contract: contract.number, agent: '1001', caller: '0571-8766 2301',
    callee: '13812345678', started_at: `${day()}T00:00:01+08:00`, duration_s: 12, talk_s: SECONDS, result: 'success' }]));
  ({ id: call } = done(await provider.get('/calls?callee=13812345678')).items.find(({ uid }) => uid === 'journey-1'));
  done(await qa.post('/recordings', sound({ call_id: call }, wav(2, SECONDS)))); // what cannot be heard is not drawn
  const form = done(await qa.post('/review_forms', { name: '旅程', contract_id: contract.id, items: [
    { name: '开场', kind: 'score', weight: 40 }, { name: '业务', kind: 'score', weight: 60 }, { name: '虚假成功', kind: 'fatal' }] }));
  done(await qa.post(`/review_forms/${form.id}/enforce`));
  const sample = done(await duty.post('/review_samples', { contract_id: contract.id, form_id: form.id, from: day(), to: day(), newcomer_calls: 1, other_calls: 1 }));
  assert.equal((await judgeUntil(sample)).call_id, call);
});
afterEach(() => browser.leave());
after(() => browser.close());

const ready = (page) => page.locator('[data-player][data-ready]').waitFor();
const item = (page, name) => page.locator(`[data-item="${name}"]`);
const choose = (page, name, mark) => item(page, name).getByRole('radio', { name: mark, exact: true }).check();

test('C2.4 a drawn call is judged, appealed against and decided; the figures follow, and a letter leaves with the moment', async () => {
  await figuresAre(1);

  // ---- the reviewer, at the desk ----
  const desk = await browser.page(reviewer.account, { viewport: DESK });
  await desk.goto('/reviews');
  await desk.getByRole('link', { name: '下一通' }).click();
  await ready(desk);
  const publish = desk.locator('[data-publish]'), score = desk.locator('[data-score]');
  assert.deepEqual([await publish.innerText(), await publish.isDisabled()], ['还有 3 项未评', true]);
  const wave = await desk.locator('canvas').boundingBox();
  await desk.locator('canvas').click({ position: { x: wave.width / 2, y: 20 } });
  assert.equal(await desk.locator('[data-player-time]').innerText(), '0:04 / 0:08');
  await desk.keyboard.press('j'); // back by five seconds, no further than the beginning
  assert.equal(await desk.locator('[data-player-time]').innerText(), '0:00 / 0:08');
  await desk.keyboard.press('l');
  await desk.keyboard.press('k');
  await desk.locator('[data-player][data-playing]').waitFor();
  await desk.keyboard.press('k');
  await desk.locator('[data-player]:not([data-playing])').waitFor();

  await choose(desk, '开场', '评分');
  assert.equal(await score.innerText(), '100.00');
  await item(desk, '开场').locator('[data-points="-1"]').click();
  assert.equal(await score.innerText(), '97.50'); // 39 of 40
  await choose(desk, '业务', '不适用');
  assert.equal(await score.innerText(), '97.50'); // out of the denominator
  await choose(desk, '业务', '评分');
  await item(desk, '业务').getByLabel('业务 满分 60').fill('45');
  assert.equal(await score.innerText(), '84.00');
  const comment = item(desk, '虚假成功').getByLabel('虚假成功 评语');
  await comment.fill('客户没有同意');
  await comment.press('Alt+m');
  const moment = await item(desk, '虚假成功').locator('[data-player-take] [data-none]').innerText();
  assert.match(moment, /^0:0[5-8]$/);
  await choose(desk, '虚假成功', '有');
  assert.equal(await score.innerText(), '0.00');
  assert.ok(await desk.getByText('该次成功访问剔除').isVisible());
  assert.equal(await desk.locator('.pin.bad').getAttribute('title'), `${moment} 虚假成功`);
  assert.ok(await fits(desk));
  await press(desk, '发布');
  assert.match(await desk.getByRole('status').first().innerText(), /质检已发布/);
  await figuresAre(0); // the call is no success any more

  // ---- the agent, on the phone ----
  const phone = await browser.page('agent', { viewport: PHONE });
  await phone.goto('/reviews?state=published&sort=-id');
  await phone.locator('tbody a').first().click();
  await ready(phone);
  assert.equal(await phone.locator('.score b').innerText(), '0.00');
  assert.match(await phone.locator('[data-player]').getAttribute('data-mark'), /许娜 · agent/);
  const bytes = phone.waitForResponse((reply) => reply.url().endsWith('/audio'));
  await phone.getByRole('button', { name: '播放' }).click();
  assert.ok([200, 206].includes((await bytes).status()));
  await phone.getByRole('link', { name: moment }).click();
  assert.ok(await fits(phone));
  await phone.getByLabel('哪一项评错了，为什么').fill(`录音 ${moment} 客户说“好的”`);
  await press(phone, '申诉');
  assert.match(await phone.getByRole('status').first().innerText(), /申诉已提交/);
  const where = new URL(phone.url()).pathname;

  // ---- somebody else decides ----
  await desk.goto(where);
  assert.equal(await desk.locator('[name=decision]').count(), 0); // not the reviewer
  const other = await browser.page('duty', { viewport: DESK });
  await other.goto('/reviews');
  await other.getByRole('link', { name: /申诉中/ }).click();
  await other.locator(`a[href="${where}"]`).click();
  await ready(other);
  await choose(other, '虚假成功', '无');
  assert.equal(await other.locator('[data-score]').innerText(), '84.00');
  await other.getByLabel('裁定理由').fill('复听：客户同意了');
  assert.ok(await fits(other));
  await press(other, '按上表改判');
  assert.match(await other.getByRole('status').first().innerText(), /裁定已生效/);
  assert.equal(await other.locator('.score b').innerText(), '84.00');
  await figuresAre(1);

  // ---- and the client writes about the moment ----
  const letter = await browser.page('client', { viewport: DESK });
  await letter.goto(where);
  await press(letter, '发函核实');
  await letter.waitForURL(/\/letters\/\d+\/edit$/);
  const [, minute, second] = /^(\d+):(\d+)$/.exec(moment);
  assert.equal(await letter.locator('[name="lines.0.second"]').inputValue(), String(60 * Number(minute) + Number(second)));
  assert.equal(await letter.locator('[name="lines.0.agent_code"]').inputValue(), '1001');
});

test('C2.4 who listened stands in a list for those with the right, and for nobody else', async () => {
  const page = await browser.page('client', { viewport: DESK });
  await page.goto('/listenings');
  const row = page.getByRole('row').filter({ hasText: 'journey-1' });
  assert.deepEqual((await row.locator('td:nth-child(5)').allInnerTexts()).sort(), ['许娜', reviewer.name].sort());
  const agent = await browser.page('agent');
  assert.equal((await agent.goto('/listenings')).status(), 403);
});

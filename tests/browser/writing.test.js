// In writing, between two people at two browsers: the client asks for ten agents and two numbers with workbooks, the
// provider returns the first letter and then carries both out; the call system hears of it, the paper proves it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, fits, DESK, PHONE } from './browser.js';
import { PASSWORD } from '../world.js';

const NAMES = [...'一二三四五六七八九十'].map((digit) => `新坐席${digit}`);
const book = (name) => path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures', name);

let folder, browser, client, provider, contract;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'luyue-writing-'));
  browser = await openBrowser({ args: ['--call-system', folder] });
  contract = await browser.id('provider', 'contracts', 'service=outbound_call&state=active');
  [client, provider] = await Promise.all([browser.page('client'), browser.page('provider')]);
  await roster();
});
after(async () => {
  await browser.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const field = (page, label) => page.getByLabel(label, { exact: true });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const done = (page, words) => page.locator('.bar-note[role=status]').getByText(words).waitFor();
const stands = (page, words) => page.locator('.head .state').getByText(words, { exact: true }).waitFor();

// The provider's ten newcomers and the client's two numbers.
async function roster() {
  const [caller, owner] = await Promise.all([browser.client('provider'), browser.client('client')]);
  for (const name of NAMES) assert.equal((await caller.post('/people', { name, job: 'agent' })).status, 201);
  for (const number of ['0571-8899 6601', '0571-8899 6602'])
    assert.equal((await owner.post('/numbers', { number, carrier: '浙江电信', proof: '入网协议 12 号' })).status, 201);
}

async function drafted(type, subject, workbook, lines) {
  await client.goto(`/letters/new?contract_id=${contract}`);
  await field(client, '种类').selectOption(type);
  await field(client, '事由').fill(subject);
  await client.locator('#body').fill('因业务需要，请按所附明细办理，并于办妥后回复。');
  await press(client, '保存');
  await client.locator('#file').setInputFiles(book(workbook));
  await press(client, '取入明细');
  await client.locator(`[name="lines.${lines - 1}.act"]`).waitFor();
  await client.goto(client.url().replace('/edit', ''));
  await client.locator('#documents input[type=file]').setInputFiles(book(workbook));
  await client.locator('#documents').getByRole('button', { name: '上传文件' }).click();
  await client.locator('#documents').getByText(workbook).first().waitFor();
  await sent();
  return client.url();
}

async function sent() {
  await field(client, '请再输入一次登录密码').fill(PASSWORD);
  await field(client, '请再输入一次登录密码').press('Enter');
  await done(client, /已签字/);
  await stands(client, '待核实');
}

async function carriedOut(letter) {
  await provider.goto(letter);
  await field(provider, '核实意见').fill('名单与劳动合同相符');
  await press(provider, '同意');
  await stands(provider, '已同意，待执行');
  await press(provider, '执行并回复');
  await stands(provider, '已回复');
}

// All that the call system was told, in order.
function told() {
  return fs.readdirSync(folder).filter((name) => name.startsWith('change-')).sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name))).data);
}

async function until(what, holds) {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.fail(what);
}

// For those who look: LUYUE_SHOTS names a folder.
async function shown(page, name) {
  for (const viewport of [DESK, PHONE]) {
    await page.setViewportSize(viewport);
    assert.ok(await fits(page), `${name} at ${viewport.width} px`);
    if (process.env.LUYUE_SHOTS)
      await page.screenshot({ path: path.join(process.env.LUYUE_SHOTS, `${name}-${viewport.width}.png`), fullPage: true });
  }
  await page.setViewportSize(DESK);
}

test('C1.1 ten agents are asked for with a workbook, returned once, and work when they were carried out', async () => {
  const letter = await drafted('agent_change', '关于增开十个外呼工号的函', 'ten-agents.xlsx', 10);
  await provider.goto(letter);
  assert.equal(await provider.locator('.letter-lines tbody tr').count(), 10);
  await shown(provider, 'letter-to-verify');
  await field(provider, '核实意见').fill('请写明启用日期');
  await press(provider, '退回修改');
  await done(provider, /已退回/);

  await client.goto(letter);
  assert.match(await client.locator('.bar-note.warn').innerText(), /请写明启用日期/);
  await client.getByRole('link', { name: '修改', exact: true }).first().click();
  await client.locator('#body').fill('因业务需要，请按所附明细自即日起开通十个工号，并于办妥后回复。');
  await press(client, '保存修改');
  await sent();
  await carriedOut(letter);

  await client.goto(letter);
  await stands(client, '已回复');
  assert.ok(await client.getByText('开通 10 个工号：2201、').first().isVisible());
  await shown(client, 'letter-answered');
  const { items } = (await (await browser.client('client')).get('/agents?limit=200&state=active')).body;
  assert.deepEqual(items.filter(({ code }) => /^22\d\d$/.test(code)).map(({ person_name: name }) => name).sort(), [...NAMES].sort());
  await until('the call system was not told', () => told().filter(({ agent }) => /^22\d\d$/.test(agent?.code)).length === 10);
});

test('C1.2 two numbers are asked for with a workbook and may be shown when they were carried out', async () => {
  const letter = await drafted('number_change', '关于启用两个外呼号码的函', 'two-numbers.xlsx', 2);
  await carriedOut(letter);
  await client.goto(letter);
  await stands(client, '已回复');
  const { items } = (await (await browser.client('client')).get('/number_permissions?limit=200&state=active')).body;
  assert.equal(items.filter(({ shown: number }) => number.startsWith('0571-8899 66')).length, 2);
  await until('the call system was not told', () => told().filter(({ number }) => number?.number?.startsWith('+86571889966')).length === 2);
});

test('a printed letter reads in Chinese, and its code and digest prove it on the public page and to luyue verify', async () => {
  const { items } = (await (await browser.client('client')).get('/letters?type=agent_change&limit=1')).body;
  const [{ id, code, sha256 }] = items;
  const file = path.join(folder, 'letter.pdf');
  const { token } = await browser.client('client');
  const reply = await fetch(`${browser.world.url}/api/letters/${id}/print.pdf`, { headers: { authorization: `Bearer ${token}` } });
  fs.writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
  const text = spawnSync('pdftotext', [file, '-'], { encoding: 'utf8' }).stdout.replaceAll(/\s/g, '');
  for (const words of ['关于增开十个外呼工号的函', '远声信息服务有限公司', '新坐席十', '手动拨打', code]) assert.ok(text.includes(words), `${words} ${text}`);
  assert.equal(spawnSync('pdftoppm', ['-r', '60', '-png', file, path.join(folder, 'page')]).status, 0);
  assert.ok(fs.statSync(path.join(folder, fs.readdirSync(folder).find((name) => name.startsWith('page')))).size > 5000);
  if (process.env.LUYUE_SHOTS) spawnSync('pdftoppm', ['-r', '80', '-png', file, path.join(process.env.LUYUE_SHOTS, 'paper')]);

  const stranger = await browser.page(null, { viewport: PHONE });
  await stranger.goto(`/check/${code}?sha256=${sha256}`);
  assert.ok(await stranger.getByText('摘要与现行文本一致').isVisible());
  assert.ok(await fits(stranger));
  const run = browser.world.luyue(['verify', '--letter', code, '--sha256', sha256]);
  assert.equal(run.status, 0, run.stdout + run.stderr);
});

// No link ends in a refusal: every account goes wherever its pages lead, a few records of each kind.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, day } from '../world.js';

const ACCOUNTS = ['admin', 'security', 'ops', 'audit', 'finance', 'division', 'pm', 'executor', 'client', 'resident', 'provider',
  'duty', 'supervisor', 'qa', 'agent', 'cleaner', 'survey'];
const OF_A_KIND = 4; // addresses that differ in their numbers and queries alone

let world, described;
before(async () => {
  world = await startWorld();
  described = (await (await world.signIn('ops')).get('/openapi.json')).body.paths;
});
after(() => world.stop());

const links = (html) => [...html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href]) => href.replaceAll('&amp;', '&'));
const exports = (html) => [...html.matchAll(/<form [^>]*action="(\/[a-z_]+\/export)\b/g)].map(([, action]) => action);
const headings = (html) => [...html.matchAll(/<summary class="side-role">([^<]*)/g)].map(([, label]) => label);
const kind = (href) => href.replace(/\?.*/, (query) => query.replace(/=[^&]*/g, '')).replace(/\d+/g, '7');

async function refusals(browser) {
  const waiting = ['/'], seen = new Set(waiting), kinds = new Map(), refused = [];
  let visited = 0;
  while (waiting.length) {
    const { status, text } = await browser.get(waiting[0]);
    if (status >= 400) refused.push(`${waiting[0]} ${status}`);
    if (text.includes('<title>履约</title>')) refused.push(`${waiting[0]} has no title`);
    const sections = headings(text);
    if (new Set(sections).size < sections.length) refused.push(`${waiting[0]} has a section twice: ${sections}`);
    for (const action of exports(text)) if (!described[`/api${action}`]) refused.push(`${waiting[0]} offers ${action}`);
    visited += 1;
    waiting.shift();
    for (const href of links(text)) {
      const count = kinds.get(kind(href)) || 0;
      if (seen.has(href) || count === OF_A_KIND || /\.(css|svg|pdf|zip)$|\/file$|\/download/.test(href.split('?')[0])) continue;
      seen.add(href);
      kinds.set(kind(href), count + 1);
      waiting.push(href);
    }
  }
  return { visited, refused };
}

for (const account of ACCOUNTS)
  test(`every link that ${account} is shown leads somewhere`, async () => {
    const { visited, refused } = await refusals(await world.browse(account));
    assert.ok(visited > 3, `${visited}`);
    assert.deepEqual(refused, []);
  });

const options = (html, name) => [...new RegExp(`<select[^>]*name="${name}"[^>]*>([^]*?)</select>`).exec(html)[1]
  .matchAll(/<option value="(\d+)"/g)].map(([, value]) => Number(value));

test('the navigation names each part once, and the month stands beside its pay', async () => {
  for (const account of ['provider', 'client', 'ops']) {
    const page = (await (await world.browse(account)).get('/')).text;
    const parts = [...page.matchAll(/<summary class="side-role">([^<]*)/g)].map(([, name]) => name);
    assert.equal(new Set(parts).size, parts.length, `${account}: ${parts}`);
  }
  const page = (await (await world.browse('provider')).get('/')).text;
  assert.match(page, /月度考核与工资(?:(?!<summary)[^])*href="\/months"(?:(?!<summary)[^])*href="\/sheets"(?:(?!<summary)[^])*href="\/pay_sheets"/);
  const letters = [...page.matchAll(/核实函件：(\S+)/g)];
  assert.ok(letters.length > 0 && letters.every(([, number]) => /-\d{4}-/.test(number)), `${letters}`);
});

test('a form offers only what its rules take: providers as providers, the own organisation to a provider', async () => {
  const ops = await world.signIn('ops');
  const { items } = (await ops.get('/organisations?limit=200')).body;
  const side = (id) => items.find((item) => item.id === id).side;
  const division = await world.browse('division');
  const offered = options((await division.get('/contracts/new')).text, 'provider_id');
  assert.deepEqual(new Set(offered.map(side)), new Set(['provider']));
  assert.deepEqual(new Set(options((await division.get('/contracts/new')).text, 'client_id').map(side)), new Set(['client']));
  const provider = await world.browse('provider');
  const own = options((await provider.get('/qualifications/new')).text, 'organisation_id');
  assert.deepEqual(own.map(side), ['provider']);
  assert.equal((await provider.get(`/qualifications/new?organisation_id=${items.find((item) => item.side === 'client').id}`)).status, 422);
});

test('a closed contract and a superseded briefing lead to no form', async () => {
  const ops = await world.signIn('ops');
  const { items } = (await ops.get('/contracts?state=active&limit=1')).body;
  const browser = await world.browse('ops');
  const page = async (path) => (await browser.get(path)).text;
  const briefing = (await ops.get(`/briefings?contract_id=${items[0].id}`)).body.items[0];
  assert.match(await page(`/briefings/${briefing.id}`), new RegExp(`/briefings/${briefing.id}/edit`));
  const ended = await ops.post(`/contracts/${items[0].id}/end`, { reason: '到期' });
  assert.equal(ended.status, 200, `${day()} ${ended.text}`);
  assert.doesNotMatch(await page(`/contracts/${items[0].id}`), /\/edit"|\/terms\/new|\/briefings\/new/);
  assert.doesNotMatch(await page(`/briefings/${briefing.id}`), /\/edit"/);
  for (const path of [`/contracts/${items[0].id}/edit`, `/briefings/${briefing.id}/edit`])
    assert.equal((await browser.get(path)).status, 409, path);
});

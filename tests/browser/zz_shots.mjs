import { openBrowser, fits, PHONE } from './browser.js';
const browser = await openBrowser();
const out = '/tmp/wt/sv-shots/';
const get = async (who, q) => (await (await browser.client(who)).get(q)).body;
const all = (await get('ops', '/surveys?limit=50')).items;
const of = (name, state) => all.find((s) => s.name.startsWith(name) && s.state === state);
const served = all.filter((s) => s.name.startsWith('滨河花园保洁')).sort((a, b) => a.period < b.period ? 1 : -1)[0];
const third = of('澄江中心日常保洁', 'closed'), few = of('滨河花园电梯维保', 'closed'), open = of('滨河花园绿化养护', 'open'), draft = of('澄江中心消防维保', 'draft');
console.log(all.map((s) => [s.name, s.kind, s.state, s.answered, s.mean, s.representative].join(' ')).join('\n'));
async function shot(who, path, name, views = ['desk', 'phone']) {
  for (const view of views) {
    const page = await browser.page(who, view === 'phone' ? { viewport: PHONE } : {});
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${out}${name}-${view}.png`, fullPage: true });
    if (!await fits(page)) console.log('TOO WIDE', name, view);
    await page.context().close();
  }
}
await shot('ops', '/surveys', 'list');
await shot('pm', `/surveys/${served.id}`, 'served');
await shot('survey', `/surveys/${third.id}`, 'third');
await shot('cleaner', `/surveys/${third.id}`, 'third-provider', ['desk']);
await shot('ops', `/surveys/${few.id}`, 'few');
await shot('pm', `/surveys/${open.id}`, 'open');
const inv = (await (await browser.client("survey")).get("/surveys?state=open")).body.items;
await shot('survey', `/surveys/${draft.id}`, 'draft');
await shot('division', '/surveys/new', 'new');
await shot('survey', `/survey_members?survey_id=${third.id}`, 'members');
await shot('pm', `/surveys/${open.id}/poster`, 'poster', ['desk']);
const { url } = await get('pm', `/surveys/${open.id}`);
await shot(undefined, new URL(url).pathname, 'door');
await shot('survey', '/', 'home-survey', ['desk']);
await browser.close();

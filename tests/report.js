// Codes on site, and what anybody sends who scans one.
import assert from 'node:assert/strict';
import { Browser } from './world.js';

// The token of the code that hangs at `place`, which `client` may read.
async function tokenAt(client, place = '外呼中心前台') {
  const { items } = (await client.get('/issue_links?limit=200')).body;
  const { url } = (await client.get(`/issue_links/${items.find((link) => link.place === place).id}`)).body;
  return url.split('/r/')[1];
}

// The form as a phone sends it; `photos`: [{name, bytes}].
function sendReport(world, token, values = {}, photos = []) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: 'problem', words: '三楼东侧卫生间地面积水', ...values })) form.set(name, value);
  for (const { name, bytes } of photos) form.append('photos', new Blob([bytes]), name);
  return new Browser(world.url).post(`/r/${token}`, form);
}

// The code by which the reporter finds it again.
async function report(world, token, values, photos) {
  const reply = await sendReport(world, token, values, photos);
  assert.equal(reply.status, 303, reply.text.slice(0, 2000));
  return reply.headers.get('location').split('/').at(-1);
}

// What hangs where `client` looks: the code of the areas that were published, that of an area in it, and that of a survey.
async function hung(client) {
  const read = async (place) => (await client.get(place)).body;
  const { items: [newest] } = await read('/area_publications?limit=1');
  const { url, rows: [{ area_id: id }] } = await read(`/area_publications/${newest.id}`);
  const { items: [{ id: open }] } = await read('/surveys?state=open&kind=served_party&limit=1');
  const survey = (await read(`/surveys/${open}`)).url.split('/s/')[1];
  return { publication: url.split('/p/')[1], area: (await read(`/areas/${id}`)).url.split('/a/')[1], survey };
}

export { hung, tokenAt, sendReport, report };

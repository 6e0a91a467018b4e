// Who may not know of a record finds it in no way: not by list, filter, search, export, id, history, change, reference
// or error text. Every route that takes the record's id answers as if there were no such record.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, PASSWORD, day, routes } from '../world.js';

const NOT_THERE = 999999;
let world, ops, pm, cleaner, caller;
before(async () => {
  world = await startWorld();
  [ops, pm, cleaner, caller] = await Promise.all(['ops', 'pm', 'cleaner', 'provider'].map(async (account) => ({
    api: await world.signIn(account), page: await world.browse(account) })));
});
after(() => world.stop());

async function everything(by, resource, query = '') {
  const items = [];
  let next = '';
  do {
    const { status, text, body } = await by.api.get(`/${resource}?limit=200${query}${next && `&after=${encodeURIComponent(next)}`}`);
    if (status === 403) return items;
    assert.equal(status, 200, text);
    items.push(...body.items);
    next = body.next;
  } while (next);
  return items;
}

async function attached(subject, id, name) {
  const form = new FormData();
  for (const [field, value] of Object.entries({ subject, subject_id: id, retention: 'short' })) form.set(field, value);
  form.set('file', new Blob([`only for those who know of ${name}`]), name);
  const made = await ops.api.post('/documents', form);
  assert.equal(made.status, 201, made.text);
  return made.body;
}

// What is the same whichever id was asked for.
function said({ status, text }, resource, id) {
  return [status, text.replace(/[0-9a-f]{8}/g, '').replaceAll(`/${resource}/${id}`, '')];
}

async function callBoth(by, face, { method, path }, id, body) {
  const place = path.replace('{id}', id).replace('{step}', 'suspend').replace('{row}', '2');
  if (face === 'api') return by.api.call(method, place, method === 'GET' ? undefined : body);
  return method === 'GET' ? by.page.get(place) : by.page.post(place, { ...body, ...(method !== 'POST' && { _method: method }) });
}

// Every route of the resource answers for this id as for one that does not exist.
async function checkUnknown(by, resource, id) {
  const body = { version: 1, reason: '试', password: PASSWORD };
  let asked = 0;
  for (const route of routes().filter(({ path }) => path.startsWith(`/${resource}/{id}`)))
    for (const face of ['api', 'page'].filter((one) => route[one])) {
      const what = `${face} ${route.method} ${route.path} of ${id}`;
      const foreign = said(await callBoth(by, face, route, id, body), resource, id);
      assert.deepEqual(foreign, said(await callBoth(by, face, route, NOT_THERE, body), resource, NOT_THERE), what);
      assert.ok([403, 404].includes(foreign[0]), `${what}: ${foreign}`);
      asked += 1;
    }
  assert.ok(asked >= 2, resource);
}

async function checkUnlisted(by, resource, record) {
  const title = record.number?.length > 4 ? record.number : record.name;
  const queries = ['', title && `&q=${encodeURIComponent(title)}`, record.contract_id && `&contract_id=${record.contract_id}`];
  for (const query of queries.filter((one) => one !== undefined)) {
    const seen = await everything(by, resource, query);
    assert.ok(!seen.some((item) => item.id === record.id), `${resource}${query} lists ${record.id}`);
  }
  const out = await by.api.post(`/${resource}/export?format=csv`);
  assert.ok([200, 403, 404, 405].includes(out.status), out.text);
  if (out.status === 200) assert.ok(!out.text.includes(title ?? record.contract_name), `${title} is exported`);
}

async function checkHidden(by, resource, record) {
  await checkUnlisted(by, resource, record);
  await checkUnknown(by, resource, record.id);
}

// A reference to it is refused in the words for one that does not exist.
async function checkNoReference(by, resource, id, bodyWith) {
  const refusal = async (one) => {
    const { status, body } = await by.api.post(`/${resource}`, bodyWith(one));
    assert.ok([404, 422].includes(status), `${resource}: ${status}`);
    return { status, ...body.error, request: '' };
  };
  const foreign = await refusal(id);
  assert.deepEqual(foreign, await refusal(NOT_THERE));
  assert.ok(foreign.status === 404 || foreign.fields.some(({ code }) => code === 'unknown_record'), foreign.message);
}

function document(subject, id) {
  const form = new FormData();
  for (const [field, value] of Object.entries({ subject, subject_id: id, retention: 'short' })) form.set(field, value);
  form.set('file', new Blob(['一页']), '纪要.txt');
  return form;
}

test('V2 a project manager sees the own project, and of another one nothing', async () => {
  const contracts = await everything(ops, 'contracts');
  const own = contracts.find((contract) => contract.unit_name === '滨河花园');
  const [mine] = (await pm.api.get(`/contracts?q=${own.number}`)).body.items;
  assert.equal(mine.id, own.id, 'the search finds what may be found');
  assert.ok((await pm.api.post('/contracts/export?format=csv')).text.includes(own.number));
  const ids = contracts.filter((contract) => contract.unit_name !== '滨河花园').map(({ id }) => id);
  for (const resource of ['terms', 'briefings', 'amendments'])
    for (const part of (await everything(ops, resource)).filter(({ contract_id: id }) => ids.includes(id)).slice(0, 2))
      await checkHidden(pm, resource, part);
  for (const contract of contracts.filter(({ id, state }) => ids.includes(id) && state !== 'draft').slice(0, 3))
    await checkHidden(pm, 'contracts', contract);
  await checkHidden(pm, 'documents', await attached('contracts', ids[0], '外单位合同扫描.txt'));
  assert.ok(!(await pm.api.get('/tasks')).text.includes(contracts.find(({ id }) => id === ids[0]).number));
  await checkNoReference(pm, 'documents', ids[0], (id) => document('contracts', id));
});

test('V2 a project manager keeps the people of the own project, and knows none of another one', async () => {
  const people = await everything(ops, 'people');
  const colleague = people.find((person) => person.unit_name === '滨河花园');
  assert.equal((await pm.api.get(`/people/${colleague.id}`)).status, 200);
  const others = people.filter((person) => person.organisation_name.startsWith('澄江') && person.unit_name !== '滨河花园');
  assert.ok(others.length >= 8);
  for (const person of others.slice(0, 3)) await checkHidden(pm, 'people', person);
  await checkHidden(pm, 'documents', await attached('people', others[0].id, '外单位人员证件.txt'));
  const [unit] = (await ops.api.get(`/units?q=${encodeURIComponent('望江产业园')}`)).body.items;
  await checkHidden(pm, 'units', unit);
  await checkNoReference(pm, 'people', unit.id, (id) => ({ name: '新人', job: 'other', unit_id: id }));
  const made = await pm.api.post('/people', { name: '本项目新人', job: 'other' });
  assert.deepEqual([made.status, made.body.unit_name], [201, '滨河花园']);
  const away = await pm.api.patch(`/people/${made.body.id}`, { version: made.body.version, unit_id: unit.id });
  assert.deepEqual(away.body.error.fields.map(({ field, code }) => [field, code]), [['unit_id', 'unknown_record']]);
  const nowhere = await pm.api.patch(`/people/${made.body.id}`, { version: made.body.version, unit_id: null });
  assert.deepEqual(nowhere.body.error.fields.map(({ field, code }) => [field, code]), [['unit_id', 'required']]);
});

test('V2 a provider knows of its own affairs, and of another provider nothing', async () => {
  for (const [by, name, other] of [[caller, '远声信息服务有限公司', '净安保洁服务有限公司'], [cleaner, '净安保洁服务有限公司', '远声信息服务有限公司']]) {
    const contracts = await everything(ops, 'contracts');
    const own = contracts.find((contract) => contract.provider_name === name && contract.state !== 'draft');
    assert.equal((await by.api.get(`/contracts/${own.id}`)).status, 200);
    const foreign = contracts.filter((contract) => contract.provider_name === other);
    for (const contract of foreign.slice(0, 2)) await checkHidden(by, 'contracts', contract);
    for (const resource of ['people', 'qualifications'])
      await checkHidden(by, resource, (await everything(ops, resource)).find((item) => item.organisation_name === other));
    const [organisation] = (await ops.api.get(`/organisations?q=${encodeURIComponent(other)}`)).body.items;
    await checkHidden(by, 'organisations', organisation);
    for (const resource of ['terms', 'briefings', 'amendments'])
      for (const part of (await everything(ops, resource)).filter(({ contract_id: id }) => foreign.some((one) => one.id === id)).slice(0, 1))
        await checkHidden(by, resource, part);
    await checkHidden(by, 'documents', await attached('contracts', foreign[0].id, `${other}扫描.txt`));
    await checkNoReference(by, 'qualifications', organisation.id, (id) => ({ organisation_id: id, kind: 'licence', name: '执照' }));
    await checkNoReference(by, 'documents', foreign[0].id, (id) => document('contracts', id));
  }
});

test('a document of a record that one may not read is not there, although one may read documents', async () => {
  const [own] = (await caller.api.get('/contracts?limit=1')).body.items;
  const { id } = await attached('contracts', own.id, '合同扫描.txt');
  const [qa, reader] = [{ api: await world.signIn('qa'), page: await world.browse('qa') }, caller];
  assert.equal((await qa.api.get('/documents')).status, 200);
  assert.equal((await reader.api.get(`/documents/${id}/content`)).status, 200);
  await checkHidden(qa, 'documents', { id, name: '合同扫描.txt' });
});

test('V2 a provider does not see a contract before it is agreed', async () => {
  const drafts = (await everything(ops, 'contracts', '&state=draft')).filter(({ provider_name: name }) => name === '净安保洁服务有限公司');
  assert.ok(drafts.length > 0);
  for (const contract of drafts) await checkHidden(cleaner, 'contracts', contract);
});

test('C3.3 a history shows who did what and why; accounts, addresses and the chain only to who reads the trail', async () => {
  const [contract] = (await cleaner.api.get('/contracts?limit=1')).body.items;
  const audit = await world.signIn('audit');
  const whole = (await audit.get(`/contracts/${contract.id}/history`)).body.items;
  assert.ok(whole.every((entry) => entry.hash && 'account' in entry && 'origin' in entry && 'request' in entry));
  for (const by of [cleaner, ops]) {
    const { items } = (await by.api.get(`/contracts/${contract.id}/history`)).body;
    assert.deepEqual(Object.keys(items[0]), ['at', 'person_name', 'action', 'changes', 'note']);
    assert.equal(items.length, whole.length);
    const page = (await by.page.get(`/contracts/${contract.id}/history`)).text;
    for (const { hash, request, account } of whole) {
      assert.ok(!page.includes(hash));
      assert.ok(!request || !page.includes(`>${request}<`));
      assert.ok(!account || !page.includes(`>${account}<`) && !page.includes(`· ${account}<`), account);
    }
  }
});

test('C3.3 a history tells no value that the record does not show: masked ones as masks, hidden ones not at all', async () => {
  const made = await ops.api.post('/people', { name: '历史', job: 'other', phone: '13905719876', id_card: '11010519491231002X' });
  const { id, version } = made.body;
  assert.equal((await ops.api.patch(`/people/${id}`, { version, phone: '13905711234', left_on: day(30) })).status, 200);
  for (const { text } of [await ops.api.get(`/people/${id}/history`), await ops.page.get(`/people/${id}/history`), await ops.page.get(`/people/${id}`)]) {
    assert.match(text, /139\*{4}1234/);
    assert.doesNotMatch(text, /1390571(9876|1234)|19491231|_hash|search_key/);
  }
  const shown = Object.keys((await ops.api.get(`/people/${id}`)).body);
  const told = (await ops.api.get(`/people/${id}/history`)).body.items.flatMap(({ changes }) => (changes ? JSON.parse(changes) : []));
  assert.deepEqual(told.map(({ field }) => field).filter((field) => !shown.includes(field)), []);
});

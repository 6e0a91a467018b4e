// The description of the API is whole, and what it says is what the program does.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startWorld, Client } from '../world.js';

let world, api, clients;
before(async () => {
  world = await startWorld();
  const reply = await new Client(world.url).get('/openapi.json');
  assert.equal(reply.status, 200, reply.text);
  api = reply.body;
  clients = await Promise.all(['ops', 'division', 'admin', 'audit', 'provider'].map((account) => world.signIn(account)));
});
after(() => world.stop());

function operations() {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, ...operation })));
}

function eachNode(node, visit) {
  if (node === null || typeof node !== 'object') return;
  visit(node);
  for (const child of Object.values(node)) eachNode(child, visit);
}

function resolve(reference) {
  return reference.split('/').slice(1).reduce((node, key) => node?.[key], api);
}

// As the first account that has the right.
async function get(target) {
  let reply;
  for (const client of clients) {
    reply = await client.get(target);
    if (reply.status !== 403) break;
  }
  return reply;
}

async function someIds(resource) {
  const { body } = await get(`/${resource}?limit=10`);
  return body?.items?.map(({ id }) => id) ?? [];
}

test('the description needs no account and is the one that the command prints', () => {
  assert.equal(api.openapi, '3.1.0');
  assert.deepEqual(JSON.parse(world.luyue(['openapi']).stdout), api);
});

test('every reference leads somewhere, every operation has a name of its own', () => {
  let references = 0;
  eachNode(api, (node) => {
    if (!node.$ref) return;
    references += 1;
    assert.ok(resolve(node.$ref), node.$ref);
  });
  assert.ok(references > 100);
  const names = operations().map((operation) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
});

test('an operation says its right, its path parameters and what comes back', () => {
  for (const operation of operations()) {
    const where = `${operation.method} ${operation.path}`;
    assert.match(operation.path, /^\/api\/[a-z]/);
    assert.ok(operation['x-right'], where);
    assert.equal(operation['x-right'] === 'public', operation.security?.length === 0, where);
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
    assert.deepEqual(declared.map((parameter) => parameter.name), inPath, where);
    assert.ok(declared.every((parameter) => parameter.required));
    assert.equal(new Set(operation.parameters.map(({ name }) => name)).size, operation.parameters.length, where);
    assert.ok(operation.responses['200'] || operation.responses['201'], where);
    assert.ok(operation.responses.default, where);
    assert.equal('requestBody' in operation,
      !['get', 'delete'].includes(operation.method) && !operation.path.endsWith('/export'), where);
  }
});

test('a schema is one: known types, required members that exist', () => {
  const TYPES = new Set(['object', 'array', 'string', 'integer', 'boolean', 'null']);
  eachNode(api.components.schemas, (node) => {
    if (typeof node.type === 'string') assert.ok(TYPES.has(node.type), node.type);
    if (!Array.isArray(node.required)) return;
    for (const name of node.required) assert.ok(node.properties[name], name);
  });
});

test('what is described is there: every path answers, with its methods', async () => {
  const ids = {};
  for (const { path, method } of operations()) {
    const resource = path.split('/')[2];
    if (path.includes('{id}') && !(resource in ids)) ids[resource] = await someIds(resource);
    const known = path.includes('{id}') ? ids[resource] : [1];
    const targets = (known.length ? known : [1]).map((id) =>
      path.slice('/api'.length).replace('{id}', id).replace('{clause}', 'V1').replace(/\{\w+\}/, '1'));
    const options = await clients[0].call('OPTIONS', targets[0]);
    assert.ok((options.headers.get('allow') || '').includes(method.toUpperCase()), `${method} ${path}`);
    // (of reviews none waits for anybody in the demo world)
    if (method !== 'get' || path.includes('{code}') || path === '/api/reviews/next' || !known.length) continue;
    // Not every record has all that may be below it: a recording may be known by its name alone.
    let status;
    for (const target of targets) {
      status = (await get(target)).status;
      if (status === 200 || status === 304) break;
    }
    assert.ok([200, 304].includes(status), path);
  }
});

test('records come as their schema describes them', async () => {
  let compared = 0;
  for (const { path, method, responses } of operations()) {
    const items = responses['200']?.content['application/json']?.schema?.properties?.items;
    if (method !== 'get' || !items || path.includes('{')) continue;
    const { properties } = resolve(items.items.$ref);
    for (const record of (await get(path.slice('/api'.length))).body.items) {
      compared += 1;
      assert.deepEqual(Object.keys(record), Object.keys(properties), path);
      for (const [name, value] of Object.entries(record)) assert.ok(fits(value, properties[name]), `${path} ${name}: ${value}`);
    }
  }
  assert.ok(compared > 100);
});

function fits(value, schema) {
  const types = [schema.type].flat();
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (!types.includes(type)) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (schema.pattern && value !== null && !new RegExp(schema.pattern).test(value)) return false;
  return type !== 'array' || value.every((item) => schema.items.enum.includes(item));
}

test('what a new record is refused for lacking is what its schema requires', async () => {
  for (const resource of ['contracts', 'organisations', 'qualifications', 'people', 'units', 'terms']) {
    const reply = await clients[0].post(`/${resource}`, {});
    assert.equal(reply.status, 422, reply.text);
    const { required, properties } = api.components.schemas[`${resource}_new`];
    const missing = reply.body.error.fields.filter(({ code }) => code === 'required').map(({ field }) => field);
    assert.ok(missing.length > 0 && missing.every((field) => required.includes(field)), `${resource}: ${missing}`);
    const unknown = await clients[0].post(`/${resource}`, { ...Object.fromEntries(required.map((name) => [name, null])), id: 1 });
    assert.ok(unknown.body.error.fields.some(({ field, code }) => field === 'id' && code === 'unknown'));
    assert.ok(!('id' in properties));
  }
});

// Members of a body or an answer, whatever it is made of.
const members = (schema) => ({ ...schema.properties, ...Object.assign({}, ...(schema.allOf ?? []).map((one) => members(one.$ref ? resolve(one.$ref) : one))) });
const operation = (method, path) => api.paths[`/api${path}`][method];
const sent = (method, path) => members(operation(method, path).requestBody.content['application/json'].schema);
const shown = (path) => members(operation('get', path).responses['200'].content['application/json'].schema);

test('the arrays that a body holds are described by what reads them', async () => {
  const LISTS = { 'post /inspections/{id}/finish': ['items'], 'post /surveys': ['questions'], 'patch /surveys/{id}': ['questions'], 'post /surveys/{id}/frame': ['rows'],
    'post /schemes': ['indicators', 'grades', 'options'], 'post /areas': ['persons'], 'post /head_counts': ['present', 'strangers'], 'post /trainings': ['trainees'],
    'post /shifts/plan': ['rows'], 'post /review_forms': ['items'], 'post /reviews/{id}/mark': ['items'], 'post /letters': ['lines'], 'post /patrols': ['findings'],
    'post /imports/{id}/mapping': ['columns'], 'post /imports/{id}/rows': ['cells'], 'post /agents/compare': ['items'] };
  for (const [where, names] of Object.entries(LISTS)) {
    const [method, path] = where.split(' ');
    const described = sent(method, path);
    for (const name of names) {
      assert.equal(described[name]?.type, 'array', `${where} ${name}`);
      assert.ok(name === 'lines' || Object.keys(described[name].items.properties).length, `${where} ${name}`); // a letter's are those of its type
    }
  }
  const { required, properties } = sent('post', '/inspections/{id}/finish').items.items;
  assert.deepEqual([required, properties.result.enum], [['item_id', 'result'], ['pass', 'fail', 'na']]);
  for (const name of ['sha256', 'objection']) assert.ok(sent('post', '/inspections/{id}/companion')[name], name);
});

test('a picture is sent as itself, with what is said of it in the query', () => {
  const { requestBody, parameters } = operation('post', '/inspections/{id}/photos');
  assert.deepEqual(Object.keys(requestBody.content), ['image/jpeg', 'image/png']);
  assert.deepEqual(parameters.filter(({ in: where }) => where === 'query').map(({ name, required }) => [name, required]),
    [['item_id', true], ['taken_at', false], ['latitude', false], ['longitude', false]]);
  for (const [path, names] of [['/areas/matrix', ['unit_id', 'day']], ['/inspections/kit', ['contract_id']], ['/inspection_figures', ['month', 'unit_id']], ['/dashboard', ['unit', 'by']], ['/evaluation_ranking', ['service', 'period']]])
    assert.deepEqual(operation('get', path).parameters.map(({ name }) => name), names, path);
});

test('what comes with one record is described, too', async () => {
  for (const [resource, names] of Object.entries({ inspections: ['items', 'photos', 'appeals', 'signatures', 'marks', 'same_task'], surveys: ['questions'], areas: ['persons'], head_counts: ['by_job', 'people'],
    evaluations: ['lines', 'objections', 'consequences', 'findings'], settlements: ['deductions', 'signatures'] })) {
    const described = shown(`/${resource}/{id}`);
    const [id] = await someIds(resource);
    const { body } = await get(`/${resource}/${id}`);
    for (const name of names) {
      assert.ok(Array.isArray(body[name]), `${resource} ${name}`);
      for (const row of body[name]) assert.deepEqual(Object.keys(row), Object.keys(described[name].items.properties), `${resource} ${name}`);
    }
    assert.deepEqual(Object.keys(body).filter((name) => Array.isArray(body[name]) && !described[name]), [], resource);
  }
});

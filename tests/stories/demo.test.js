// The demo as ./run makes it, with all its calls: what a first visitor sees comes up, for each account on the sign-in page.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { newWorld } from '../world.js';

let world;
before(async () => {
  world = newWorld({ demo: false, args: ['--demo'] });
  await world.start();
});
after(() => world.stop());

test('the whole demo comes up, and everybody it names finds a home page', async () => {
  const page = await (await fetch(`${world.url}/login`)).text();
  const accounts = [...page.matchAll(/data-account="(\w+)"/g)].map(([, name]) => name);
  assert.ok(accounts.length >= 10, page);
  for (const account of accounts) assert.equal((await (await world.browse(account)).get('/')).status, 200, account);
});

test('its months hold as many calls as a centre makes', async () => {
  const counted = world.sql('SELECT count(*) FROM calls', new Date(Date.now() + 8 * 3600_000 - 20 * 86400_000).toISOString().slice(0, 7));
  assert.ok(Number(counted) > 1000, counted);
});

// Call systems in their own words: Asterisk by FastAGI and realtime, FreeSWITCH by XML and JSON, telephones by digest. All
// get the decision of the one gate, and nothing that they could expand or execute.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, day } from '../world.js';

const SAMPLE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/telephony/samples/freeswitch_json_cdr.json');
const absent = fs.existsSync(SAMPLE) ? false : 'the samples are not here';
const CALLEE = '13905710009';
// What a dialler that was taken over might send.
const HOSTILE = ['${SHELL(reboot)}', '$${domain}', '<?xml', '"/><X-PRE-PROCESS cmd="exec" data="id"/>', "1001' OR '1'='1", 'a\nGATE "ALLOW"', '1001;rm -rf /', '../../etc', '%00', '话务员'];

let world, provider, other, token, contract, number, agiPort;
before(async () => {
  world = await startWorld({ args: ['--agi', '127.0.0.1:0', '--agi-wait', '60000'] /* a busy machine is no refusal */ });
  [provider, other] = await Promise.all(['provider', 'cleaner'].map((account) => world.signIn(account)));
  agiPort = Number(/FastAGI on 127\.0\.0\.1:(\d+)/.exec(world.log)[1]);
  ({ body: { token } } = await provider.post('/tokens', { name: 'pbx', rights: 'all', expires_on: day(9) }));
  [contract] = (await provider.get('/contracts?service=outbound_call&state=active')).body.items;
  const { items } = (await provider.get(`/number_permissions?contract_id=${contract.id}&state=active`)).body;
  number = items.find(({ to }) => !to || to > day(1)).shown.replace(/\D/g, '');
});
after(() => world.stop());

const form = (values) => new URLSearchParams(values).toString();
// As switches ask: by Basic, a form.
async function ask(target, values, key = token) {
  const authorization = `Basic ${Buffer.from(`pbx-1:${key}`).toString('base64')}`;
  const reply = await fetch(`${world.url}/api/adapters${target}`, { method: 'POST', headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' }, body: form(values) });
  return { status: reply.status, text: await reply.text() };
}
const md5 = (text) => createHash('md5').update(text).digest('hex');
const password = async (agent = '1001') => (await provider.post('/adapters/phones', { contract: contract.number, agent })).body.password;

/* ---- telephones ---- */

test('C1.1 a telephone\'s password is its provider\'s, and its digest is what the edge is told', async () => {
  const secret = await password();
  assert.match(secret, /^[0-9a-f]{32}$/);
  const told = await ask('/kamailio/ha1', { realm: 'calls.test', contract: contract.number, agent: '1001' });
  assert.deepEqual([told.status, told.text], [200, md5(`1001:calls.test:${secret}`)]);
  assert.equal((await other.post('/adapters/phones', { agent: '1001' })).status, 404);
  assert.equal((await ask('/kamailio/ha1', { realm: 'calls.test', contract: contract.number, agent: '1001' }, 'ly_wrong')).status, 401);
  assert.equal((await ask('/kamailio/ha1', { realm: 'a b', contract: contract.number, agent: '1001' })).status, 422);
  for (const agent of HOSTILE) assert.equal((await ask('/kamailio/ha1', { realm: 'calls.test', contract: '', agent })).status, 404, agent);
  const { items } = (await provider.get('/agents?state=disabled&limit=1')).body;
  assert.equal((await provider.post('/adapters/phones', { contract: contract.number, agent: items[0].code })).status, 404);
});

/* ---- Asterisk ---- */

test('C1.1 Asterisk finds an agent as endpoint, authentication and address', async () => {
  const secret = await password();
  const row = (reply) => Object.fromEntries(new URLSearchParams(reply.text.trim()));
  const endpoint = row(await ask('/asterisk/endpoints/single', { id: '1001' }));
  assert.deepEqual([endpoint.id, endpoint.context, endpoint.identify_by, endpoint.set_var], ['1001', 'luyue-out', 'auth_username', 'CC_AGENT=1001']);
  const auth = row(await ask('/asterisk/auths/single', { id: '1001' }));
  assert.deepEqual([auth.auth_type, auth.md5_cred], ['md5', md5(`1001:${auth.realm}:${secret}`)]);
  assert.equal(row(await ask('/asterisk/aors/single', { id: '1001' })).max_contacts, '1');
  const many = (await ask('/asterisk/aors/multi', { 'id LIKE': '100%' })).text.trim().split('\n');
  assert.ok(many.length > 5 && many.every((line) => line.startsWith('id=100')));
  assert.equal((await ask('/asterisk/endpoints/require', { id: '' })).text, '0');
  assert.equal((await ask('/asterisk/endpoints/destroy', { id: '1001' })).status, 404);
  for (const id of [...HOSTILE, '9999', '']) assert.deepEqual(await ask('/asterisk/endpoints/single', { id }), { status: 200, text: '' }, id);
});

// As res_agi does: says who calls, and acknowledges line by line. Answers the variables.
function agi(script, args) {
  return new Promise((resolve, reject) => {
    const variables = {};
    let rest = '';
    const socket = net.connect(agiPort, '127.0.0.1', () => {
      socket.write(`agi_network: yes\nagi_network_script: ${script}\nagi_request: agi://x/${script}\nagi_channel: PJSIP/1001-1\nagi_uniqueid: ${Date.now()}.${Math.random()}\n`
        + `${args.map((arg, i) => `agi_arg_${i + 1}: ${arg}\n`).join('')}\n`);
    });
    socket.on('data', (bytes) => {
      rest += bytes;
      for (let end; (end = rest.indexOf('\n')) >= 0; rest = rest.slice(end + 1)) {
        const line = /^SET VARIABLE (\w+) "([\w.+-]*)"$/.exec(rest.slice(0, end));
        if (!line) { reject(new Error(`not a safe line: ${rest.slice(0, end)}`)); return; }
        [, variables[line[1]]] = [null, line[2]];
        socket.write('200 result=1\n');
      }
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(variables));
  });
}

test('C1.2 Asterisk is told the number to show and how long a call may last', async () => {
  const told = await agi(token, ['1001', '', '', CALLEE, 'manual']);
  assert.equal(told.GATE, 'ALLOW');
  assert.match(told.GATE_CALLER, /^\+86\d+$/);
  assert.match(told.GATE_ID, /^\d+$/);
  assert.equal(told.GATE_MAX, '7200');
  assert.equal(told.GATE_REASON, 'ok');
  const own = await agi(token, ['1001', number, contract.number, CALLEE]);
  assert.equal(own.GATE_CALLER, `+86${number.slice(1)}`);
});

test('C1.2 Asterisk is refused what is not permitted, and whoever has no token', async () => {
  const refused = async (script, args, reason) => {
    const told = await agi(script, args);
    assert.deepEqual([told.GATE, told.GATE_CALLER, told.GATE_MAX, told.GATE_REASON], ['DENY', '', '0', reason], args.join());
  };
  await refused(token, ['1001', '057156108899', '', CALLEE], 'caller_unknown');
  await refused(token, ['7777', '', contract.number, CALLEE], 'agent_unknown');
  await refused(token, ['', '', contract.number, CALLEE], 'agent_unknown');
  await refused('ly_wrong', ['1001', '', '', CALLEE], 'not_signed_in');
  await refused('', ['1001', '', '', CALLEE], 'not_signed_in');
  for (const hostile of HOSTILE.filter((text) => !text.includes('\n'))) {
    await refused(token, [hostile, '', contract.number, CALLEE], 'malformed');
    await refused(token, ['1001', '', contract.number, hostile], 'malformed');
    await refused(token, ['1001', '', hostile, CALLEE], 'contract_unknown');
    const told = await agi(token, ['1001', hostile, contract.number, CALLEE]);
    assert.deepEqual([told.GATE, told.GATE_CALLER.startsWith('+86')], ['ALLOW', true], hostile); // the gate chose
  }
});

/* ---- FreeSWITCH ---- */

const directory = (values) => ask('/freeswitch/xml', { hostname: 'fs1', section: 'directory', tag_name: 'domain', key_name: 'name', key_value: 'cc.test', action: 'sip_auth',
  sip_auth_username: '1001', sip_auth_realm: 'cc.test', key: 'id', user: '1001', domain: 'cc.test', ...values });
const dialplan = (values) => ask('/freeswitch/xml', { hostname: 'fs1', section: 'dialplan', 'Hunt-Context': 'luyue-out', variable_sip_auth_username: '1001',
  'Unique-ID': `${Math.random()}`, 'Hunt-Destination-Number': CALLEE, 'Hunt-Caller-ID-Number': number, ...values });
const actions = (text) => Object.fromEntries([...text.matchAll(/<action application="(\w+)" data="([^"]*)"\/>/g)].map(([, name, data]) => (name === 'set'
  ? data.split(/=(.*)/).slice(0, 2) : [name, data])));
const NOT_FOUND = '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>';

function checkHarmless(text, what) {
  assert.doesNotMatch(text, /<\?|\$\$|PRE-PROCESS|SHELL|\n/, what);
  for (const [expansion] of text.matchAll(/\$\{[^}]*\}/g)) assert.ok(['${uuid}', '${recordings_dir}'].includes(expansion), `${what}: ${expansion}`);
}

test('C1.1 FreeSWITCH finds an agent by digest, and no one else', async () => {
  const { text } = await directory();
  assert.ok(text.includes(`<param name="a1-hash" value="${md5(`1001:cc.test:${await password()}`)}"/>`), text);
  assert.ok(text.includes('<domain name="cc.test">') && text.includes('<user id="1001">') && !text.includes('cacheable'));
  checkHarmless(text, 'user');
  for (const values of [{ user: '9999' }, { action: 'reverse-auth-lookup' }, { purpose: 'gateways' }, { domain: 'a b' }, ...HOSTILE.map((user) => ({ user })),
    ...HOSTILE.map((domain) => ({ domain }))])
    assert.equal((await directory(values)).text, NOT_FOUND, JSON.stringify(values));
  assert.equal((await ask('/freeswitch/xml', { section: 'configuration', key_value: 'sofia.conf' })).text, NOT_FOUND);
});

test('C1.2 FreeSWITCH gets a dialplan for what is permitted, and one that refuses', async () => {
  const allowed = actions((await dialplan()).text);
  assert.equal(allowed.bridge, `sofia/gateway/carrier/${CALLEE}`);
  assert.equal(allowed.effective_caller_id_number, `+86${number.slice(1)}`);
  assert.equal(allowed.sched_hangup, '+7200 allotted_timeout');
  assert.match(allowed.cc_gate_id, /^\d+$/);
  const refused = actions((await dialplan({ 'Hunt-Caller-ID-Number': '057156108899' })).text);
  assert.deepEqual([refused.respond, refused.cc_deny, refused.bridge], ['403 Forbidden', 'caller_unknown', undefined]);
  assert.equal((await dialplan({ 'Hunt-Context': 'public' })).text, NOT_FOUND);
  for (const hostile of HOSTILE) {
    for (const name of ['variable_sip_auth_username', 'Hunt-Destination-Number', 'variable_cc_contract', 'Hunt-Caller-ID-Number', 'hostname', 'Hunt-Context']) {
      const { status, text } = await dialplan({ [name]: hostile });
      assert.equal(status, 200);
      checkHarmless(text, `${name}=${hostile}`);
      const did = actions(text);
      if (['variable_sip_auth_username', 'Hunt-Destination-Number', 'variable_cc_contract'].includes(name)) assert.equal(did.respond, '403 Forbidden', `${name}=${hostile}`);
    }
  }
});

test('C1.2 the same call is asked twice and decided once', async () => {
  const values = { 'Unique-ID': 'asked-twice' };
  assert.equal((await dialplan(values)).text, (await dialplan(values)).text);
});

// As curl in FreeSWITCH sends: no type, and it waits to be told to go on.
function sendRecord(body) {
  return new Promise((resolve, reject) => {
    let continued = false;
    const request = http.request(`${world.url}/api/adapters/freeswitch/cdr?uuid=x`, { method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`fs1:${token}`).toString('base64')}`, expect: '100-continue', 'content-length': Buffer.byteLength(body) } }, (reply) => {
      reply.resume();
      reply.on('end', () => resolve({ status: reply.statusCode, continued }));
    });
    request.on('continue', () => { continued = true; request.end(body); });
    request.on('error', reject);
    request.flushHeaders();
  });
}

test('C2.4 a record of FreeSWITCH is taken once; one that nobody can read is kept aside and acknowledged', async () => {
  const callee = `138${String(process.pid).padStart(8, '0')}`;
  const record = JSON.stringify({ switchname: 'fs1', variables: { uuid: `u-${process.pid}`, cc_contract: contract.number, cc_agent: '1001', start_uepoch: `${Date.now()}000`,
    duration: '9', billsec: '5', hangup_cause: 'NORMAL_CLEARING' }, callflow: [{ caller_profile: { caller_id_number: number, destination_number: callee } }] });
  for (let i = 0; i < 2; i += 1) assert.deepEqual(await sendRecord(record), { status: 204, continued: true });
  const { items } = (await provider.get(`/calls?callee=${callee}`)).body;
  assert.deepEqual(items.map(({ uid, agent_code: agent, talk_s: talk }) => [uid, agent, talk]), [[`u-${process.pid}`, '1001', 5]]);
  const bad = ['{"variables":', 'nonsense', '{}', '[]', `[${record},${record.replace('u-', 'v-')}]`]; // of two, neither is passed over
  for (const broken of bad) assert.equal((await sendRecord(broken)).status, 204, broken);
  const kept = (await provider.get('/quarantine')).body.items.reverse();
  assert.deepEqual(kept.map(({ source, why, state }) => [source, why, state]),
    [['freeswitch', 'not_json', 'waiting'], ['freeswitch', 'not_json', 'waiting'], ['freeswitch', 'uid_required', 'waiting'], ['freeswitch', 'empty', 'waiting'], ['freeswitch', 'malformed', 'waiting']]);
  for (const [i, { id }] of kept.entries()) assert.equal((await provider.post(`/quarantine/${id}/reveal`, { field: 'record' })).body.value, bad[i]);
});

test('C2.4 what nobody could read is its provider\'s: read again, or discarded with a reason', async () => {
  const { items: [two, record] } = (await provider.get('/quarantine?state=waiting&limit=2')).body;
  const taken = await provider.post(`/quarantine/${two.id}/retry`); // that they came together does not make them worse
  assert.deepEqual([taken.status, taken.body.state], [200, 'taken'], taken.text);
  assert.equal((await other.get(`/quarantine/${record.id}`)).status, 404);
  assert.ok(!record.record.includes('variables'));
  const again = await provider.post(`/quarantine/${record.id}/retry`);
  assert.deepEqual([again.status, again.body.error.code], [409, 'quarantine.still_bad'], again.text);
  assert.match(again.body.error.message, /读不懂/);
  assert.equal((await provider.post(`/quarantine/${record.id}/discard`, {})).status, 422);
  const discarded = await provider.post(`/quarantine/${record.id}/discard`, { reason: '试机时发出' });
  assert.deepEqual([discarded.status, discarded.body.state, discarded.body.reason], [200, 'discarded', '试机时发出'], discarded.text);
  assert.equal((await provider.post(`/quarantine/${record.id}/retry`)).status, 409);
  const { text } = await (await world.browse('provider')).get(`/quarantine/${record.id}`);
  assert.match(text, /已丢弃/);
});

// The order, the names and the encoding of mod_xml_curl, as it was seen on the wire.
const CAPTURED = {
  directory: ({ user }) => `hostname=fs1&section=directory&tag_name=domain&key_name=name&key_value=cc.test&Event-Name=REQUEST_PARAMS&Core-UUID=5b6d7f1c-2f0e-4a5e-9c37-0d8a4c2a9f11&FreeSWITCH-Hostname=fs1&FreeSWITCH-IPv4=127.0.0.1&Event-Date-Local=2026-11-23%2008%3A57%3A01&Event-Calling-File=sofia_reg.c&action=sip_auth&sip_profile=agents&sip_user_agent=sipp&sip_auth_username=${user}&sip_auth_realm=cc.test&sip_auth_nonce=1c6a&sip_auth_uri=sip%3A13900000000%40cc.test&sip_contact_user=${user}&sip_from_user=${user}&sip_to_user=13900000000&sip_call_id=1-2%40127.0.0.1&sip_request_user=13900000000&sip_auth_method=INVITE&key=id&user=${user}&domain=cc.test&ip=127.0.0.1`,
  dialplan: ({ user, caller, id }) => `hostname=fs1&section=dialplan&tag_name=&key_name=&key_value=&Event-Name=REQUEST_PARAMS&Channel-State=CS_ROUTING&Channel-Call-State=RINGING&Channel-Name=sofia%2Fagents%2F${user}%40cc.test&Unique-ID=${id}&Call-Direction=inbound&Caller-Username=${user}&Caller-Caller-ID-Name=&variable_direction=inbound&variable_sip_from_host=cc.test&variable_sip_auth_username=${user}&variable_sip_full_via=SIP%2F2.0%2FUDP%20127.0.0.1%3A5061%3Bbranch%3Dz9hG4bK-1&Hunt-Direction=inbound&Hunt-Username=${user}&Hunt-Dialplan=XML&Hunt-Caller-ID-Name=&Hunt-Caller-ID-Number=${caller}&Hunt-Network-Addr=127.0.0.1&Hunt-Destination-Number=${CALLEE}&Hunt-Unique-ID=${id}&Hunt-Source=mod_sofia&Hunt-Context=luyue-out`,
};
async function askAsCaptured(body) {
  const reply = await fetch(`${world.url}/api/adapters/freeswitch/xml`, { method: 'POST', body, headers: { authorization: `Basic ${Buffer.from(`pbx-1:${token}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'freeswitch-xml/1.0' } });
  return { status: reply.status, text: await reply.text() };
}

test('C1.2 FreeSWITCH\'s questions are answered as its form bodies have them', async () => {
  const user = await askAsCaptured(CAPTURED.directory({ user: '1001' }));
  assert.ok(user.text.includes('<user id="1001">') && user.text.includes('a1-hash'), user.text);
  assert.equal((await askAsCaptured(CAPTURED.directory({ user: '9999' }))).text, NOT_FOUND);
  const allowed = actions((await askAsCaptured(CAPTURED.dialplan({ user: '1001', caller: number, id: `captured-${process.pid}` }))).text);
  assert.equal(allowed.bridge, `sofia/gateway/carrier/${CALLEE}`);
  const refused = actions((await askAsCaptured(CAPTURED.dialplan({ user: '1001', caller: '057156108899', id: `captured-no-${process.pid}` }))).text);
  assert.equal(refused.respond, '403 Forbidden');
});

const SAMPLES = path.dirname(SAMPLE);
test('the call systems\' own bytes are taken, each record once (C2.4)', { skip: absent }, async () => {
  for (const [file, profile] of [['kamailio_acc_json.jsonl', 'kamailio_flat'], ['asterisk16_cdr_custom.csv', 'asterisk_custom'], ['asterisk16_Master.csv', 'asterisk_csv']]) {
    const bytes = fs.readFileSync(path.join(SAMPLES, file));
    const lines = bytes.toString().trim().split('\n').length;
    const first = await provider.post(`/calls?profile=${profile}`, bytes);
    const { accepted, duplicates, revised, rejected } = first.body; // Master.csv has the calls of cdr_custom, to the second
    assert.deepEqual([accepted, duplicates + revised, rejected], file.includes('Master') ? [0, lines, []] : [lines, 0, []], `${file} ${first.text}`);
    assert.deepEqual((await provider.post(`/calls?profile=${profile}`, bytes)).body, { accepted: 0, duplicates: lines, revised: 0, rejected: [] }, file);
  }
  const record = fs.readFileSync(SAMPLE);
  const { variables: { uuid } } = JSON.parse(record);
  for (let i = 0; i < 2; i += 1) assert.deepEqual(await sendRecord(record), { status: 204, continued: true });
  const month = /* of its start, in Shanghai */ new Date(Number(JSON.parse(record).variables.start_uepoch) / 1000 + 8 * 3600_000).toISOString().slice(0, 7);
  assert.equal(world.sql(`SELECT count(*) FROM calls WHERE uid = '${uuid}'`, month), '1');
});

test('a record as FreeSWITCH 1.10 wrote it is taken (C2.4)', { skip: absent }, async () => {
  const record = JSON.parse(fs.readFileSync(SAMPLE, 'utf8'));
  record.variables.cc_contract = contract.number; // as our directory sets it for this agent
  record.variables.uuid += '-1';
  assert.deepEqual(await sendRecord(JSON.stringify(record)), { status: 204, continued: true });
  const items = (await provider.get('/calls?callee=13900000000')).body.items.filter(({ uid }) => uid === record.variables.uuid);
  const [{ uid, agent_code: agent, result }] = items;
  assert.deepEqual([items.length, uid, agent, result], [1, record.variables.uuid, '1001', 'contacted']);
});

// Who mails and posts are sent to: a mail server and chat groups on loopback. They keep what came and check what the
// services document; `next()` is the first thing that nobody took yet, once it is there.
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { createHmac } from 'node:crypto';

class Mailbox {
  constructor() { this.came = []; this.untaken = []; this.waiting = []; }

  put(thing) {
    this.came.push(thing);
    const taker = this.waiting.shift();
    if (taker) taker(thing);
    else this.untaken.push(thing);
  }

  next() {
    return this.untaken.length ? Promise.resolve(this.untaken.shift()) : new Promise((resolve) => { this.waiting.push(resolve); });
  }
}

async function listening(server, box) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  box.port = server.address().port;
  const sockets = new Set();
  server.on('connection', (socket) => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); });
  box.close = () => { for (const socket of sockets) socket.destroy(); server.close(); };
  return box;
}

/* ---- mail ---- */

const words = (encoded) => encoded.replace(/\r\n /g, '').replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, text) => Buffer.from(text, 'base64').toString());

function parseMail(envelope, bytes) {
  const [head, ...rest] = bytes.split('\r\n\r\n');
  const header = (name) => words(new RegExp(`^${name}: ((?:.*(?:\\r\\n )?)*)`, 'mi').exec(head)?.[1] ?? '').trim();
  const text = Buffer.from(rest[1]?.split('--')[0] ?? '', 'base64').toString();
  return { ...envelope, id: header('Message-ID'), subject: header('Subject'), text, head };
}

// Takes every mail; while `box.deaf` is set it takes the mail and never says so.
function mailServer() {
  const box = new Mailbox();
  const server = net.createServer((socket) => {
    let buffer = '', data = null, mail = {};
    const say = (line) => socket.write(`${line}\r\n`);
    const command = (line) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'MAIL') mail = { from: /<(.*?)>/.exec(line)[1], to: [] };
      if (verb === 'RCPT') mail.to.push(/<(.*?)>/.exec(line)[1]);
      if (verb === 'DATA') { data = ''; say('354 go on'); return; }
      say(verb === 'QUIT' ? '221 bye' : '250 ok');
    };
    say('220 double');
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      buffer += bytes;
      for (;;) {
        const end = buffer.indexOf('\r\n');
        if (end < 0) return;
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (data === null) { command(line); continue; }
        if (line !== '.') { data += `${line.replace(/^\./, '')}\r\n`; continue; }
        box.put(parseMail(mail, data));
        data = null;
        if (!box.deaf) say('250 taken');
      }
    });
  });
  return listening(server, box);
}

/* ---- groups ---- */

const hmac = (key, text) => createHmac('sha256', key).update(text).digest('base64');
const SIGNED = {
  wecom: () => true,
  dingtalk: ({ query }, secret) => query.get('sign') === hmac(secret, `${query.get('timestamp')}\n${secret}`),
  feishu: ({ body }, secret) => body.sign === hmac(`${body.timestamp}\n${secret}`, ''),
  webhook: ({ headers, raw }, secret) => headers['webhook-signature']
    === `v1,${hmac(Buffer.from(secret.replace('whsec_', ''), 'base64'), `${headers['webhook-id']}.${headers['webhook-timestamp']}.${raw}`)}`,
};
const KIND = { wecom: ({ body }) => body.msgtype, dingtalk: ({ body }) => body.msgtype, feishu: ({ body }) => body.msg_type, webhook: () => 'json' };
const SHOWN = {
  wecom: ({ body }) => body.markdown.content,
  dingtalk: ({ body }) => body.markdown.text,
  feishu: ({ body }) => JSON.stringify(body.content.post.zh_cn, null, 0),
  webhook: ({ body }) => `${body.text} ${body.link}`,
};

// A group of that service: answers as it does, or with the statuses in `box.answers` first.
function groupRobot(channel, secret = '') {
  const box = new Mailbox();
  box.answers = [];
  const server = http.createServer(async (request, response) => {
    let raw = '';
    for await (const bytes of request) raw += bytes;
    const came = { raw, body: JSON.parse(raw), headers: request.headers, query: new URL(request.url, 'http://x').searchParams };
    came.kind = KIND[channel](came);
    came.shown = SHOWN[channel](came);
    came.signed = SIGNED[channel](came, secret);
    response.writeHead(box.answers.shift() ?? 200, { 'content-type': 'application/json' });
    response.end(channel === 'feishu' ? '{"code":0,"msg":"success"}' : '{"errcode":0,"errmsg":"ok"}');
    box.put(came);
  });
  return listening(server, box);
}

export { mailServer, groupRobot };

// The way to the server: regions, proxies, certificates, pools, limits, and what is said about options that do not fit.
import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createProxy } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { AUTHORITY, h2 } from './h2.mjs';
import { chat, completion, json, loopback } from './loopback.mjs';
import * as tramontane from './tramontane.mjs';

const KEY = 'a-key-for-tests-0123456789';
const tls = (file) => new URL(`../../core/tests/client/tls/${file}`, import.meta.url);
const pem = (kind, file) => `-----BEGIN ${kind}-----\n${readFileSync(tls(file)).toString('base64')}\n-----END ${kind}-----\n`;

let server;
let answer;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

const ask = async (options) => (await new tramontane.Client({ apiKey: KEY, maxRetries: 0, ...options }).chat.complete(chat())).text;

async function listening(one) {
  one.listen(0, '127.0.0.1');
  await once(one, 'listening');
  return one;
}

/** A proxy that notes what it is asked for. */
async function proxied(work) {
  const asked = [];
  const proxy = createProxy((request, response) => {
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    json(response, 200, completion);
  });
  proxy.on('connect', (request, socket) => {
    asked.push({ line: `CONNECT ${request.url}`, headers: request.headers });
    const there = connect(Number(request.url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on('error', () => {});
  });
  await listening(proxy);
  try {
    return await work(`127.0.0.1:${proxy.address().port}`, asked);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}

async function encrypted(work) {
  const heads = [];
  const one = createTlsServer({ cert: pem('CERTIFICATE', 'server.der'), key: pem('PRIVATE KEY', 'server.key.der') }, (request, response) => {
    heads.push(request.headers);
    request.resume();
    json(response, 200, completion);
  });
  await listening(one);
  try {
    return await work(`https://localhost:${one.address().port}`, heads);
  } finally {
    one.closeAllConnections();
    one.close();
  }
}

test('a proxy carries plain requests', () =>
  proxied(async (place, asked) => {
    assert.equal(await ask({ baseURL: 'http://api.example.invalid', proxy: `http://me:hidden@${place}` }), 'Emmental.');
    assert.equal(asked[0].line, 'POST http://api.example.invalid/v1/chat/completions');
    assert.equal(asked[0].headers['proxy-authorization'], 'Basic bWU6aGlkZGVu');
  }));

test('a proxy carries TLS and never sees the key', () =>
  proxied((place, asked) =>
    encrypted(async (url, heads) => {
      assert.equal(await ask({ baseURL: url, proxy: `http://${place}`, caFile: AUTHORITY }), 'Emmental.');
      assert.match(asked[0].line, /^CONNECT localhost:\d+$/);
      assert.ok(!JSON.stringify(asked).includes(KEY));
      assert.equal(heads[0].authorization, `Bearer ${KEY}`);
    }),
  ));

test('certificates of one’s own are trusted', () =>
  encrypted(async (url, heads) => {
    await assert.rejects(ask({ baseURL: url }), (error) => error.kind === 'connection' && /certificate/.test(error.message));
    assert.equal(heads.length, 0);
    assert.equal(await ask({ baseURL: url, caFile: AUTHORITY }), 'Emmental.');
    await assert.rejects(ask({ baseURL: url, caFile: '/nowhere.pem' }), { kind: 'configuration', message: /nowhere\.pem/ });
  }));

test('HTTP/2 is spoken where it is offered, by calls at once over one connection', async () => {
  const heard = [];
  const served = await h2((request) => heard.push(request), 8);
  const client = new tramontane.Client({ apiKey: KEY, baseURL: served.url, caFile: AUTHORITY, maxRetries: 0, timeout: 20_000 });
  try {
    // Calls that find no connection open one each: nobody knows yet that it will carry them all.
    await client.chat.complete(chat());
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.chat.complete(chat())));
    assert.deepEqual(replies.map(({ text, requestId }) => [text, requestId]), Array(8).fill(['Emmental.', 'req-7']));
    const streams = await Promise.all(Array.from({ length: 8 }, () => client.chat.stream(chat()).final()));
    assert.deepEqual(streams.map(({ text }) => text), Array(8).fill('Emmental.'));
    assert.deepEqual([heard.length, ...new Set(heard.map(({ version }) => version))], [17, '2.0']);
    assert.equal(heard.at(-1).sessions, 1);
    // What belongs to connections of the old kind is not sent.
    assert.ok(heard.every(({ connection }) => connection === null));
  } finally {
    client.close();
    served.close();
  }
});

test('a user agent, a pool and a limit', async () => {
  answer = (_, response) => json(response, 200, completion);
  await ask({ baseURL: server.baseURL, userAgent: 'my-app/2.1' });
  assert.match(server.requests.at(-1).headers['user-agent'], /^tramontane\/\S+ \(node\) my-app\/2\.1$/);
  const sockets = new Set();
  answer = (request, response) => {
    sockets.add(request.socket);
    json(response, 200, completion);
  };
  for (const [options, opened] of [[{ poolSize: 1 }, 1], [{ poolSize: 0 }, 3], [{ keepAlive: 0 }, 3]]) {
    const client = new tramontane.Client({ apiKey: KEY, baseURL: server.baseURL, ...options });
    sockets.clear();
    for (let at = 0; at < 3; at++) await client.chat.complete(chat());
    assert.equal(sockets.size, opened, JSON.stringify(options));
  }
  await assert.rejects(ask({ baseURL: server.baseURL, maxResponseBytes: 100 }), (error) => error instanceof tramontane.ResponseTooLargeError && /larger than 100 bytes/.test(error.message));
});

test('a region is a host of the provider', async () => {
  await assert.rejects(ask({ region: 'eu', proxy: 'http://127.0.0.1:1' }), { kind: 'connection', message: /https:\/\/api\.eu\.mistral\.ai/ });
});

test('a key over plain http is warned about, and so is one of another provider', () =>
  proxied(async (place, asked) => {
    // Behind a path of its own, as gateways have it.
    const client = new tramontane.Client({ apiKey: KEY, baseURL: 'http://gateway.example.invalid/llm/mistral', proxy: `http://${place}`, maxRetries: 0 });
    const reply = await client.chat.complete(chat());
    assert.deepEqual(reply.warnings.map(({ rule }) => rule), ['unencrypted']);
    assert.deepEqual(asked.map(({ line }) => line), ['POST http://gateway.example.invalid/llm/mistral/v1/chat/completions']);
    assert.deepEqual((await client.withOptions({ severities: { unencrypted: 'off' } }).chat.complete(chat())).warnings, []);
    await assert.rejects(client.withOptions({ severities: { unencrypted: 'error' } }).chat.complete(chat()), { kind: 'invalid_request' });
    const foreign = new tramontane.Client({ apiKey: 'sk-ant-api03-0123456789abcdefghijklmnop', severities: { foreign_key: 'error' }, maxRetries: 0 });
    await assert.rejects(foreign.chat.complete(chat()), (error) => /looks like one of `anthropic`/.test(error.message) && !/0123456789/.test(error.stack));
  }));

test('an option that does not fit is named', () => {
  for (const [options, kind, says] of [
    [{ region: 'mars' }, 'configuration', /no host in `mars`.*there are `eu` and `us`/],
    [{ region: 'eu', baseURL: 'http://127.0.0.1:1' }, 'configuration', /exclude each other/],
    [{ proxy: 'ftp://me:hidden@proxy' }, 'configuration', /has to begin with `http`/],
    [{ poolSize: -1 }, 'configuration', /`pool_size` must be a whole number of 0 or more/],
    [{ keepAlive: 'long' }, 'configuration', /`keep_alive` must be a whole number of 0 or more, not a string/],
    [{ maxResponseBytes: 1.5 }, 'configuration', /`max_response_bytes` must be a whole number/],
    [{ userAgent: 'a\nb' }, 'configuration', /printable ASCII/],
    [{ checks: 'perhaps' }, 'invalid_request', /^`checks` is `perhaps`.*it can be `error`, `warn` or `off`/],
    [{ chekcs: 'off' }, 'invalid_request', /^unknown field `chekcs`.*did you mean `checks`\?/],
    [{ poolsize: 1 }, 'invalid_request', /^unknown field `poolsize`.*did you mean `pool_size`\?/],
    [{ strict: 1 }, 'invalid_request', /^`strict` is an integer, not a boolean/],
    [{ extraHeaders: { a: 1 } }, 'invalid_request', /^`extra_headers` is an object, not an object of strings/],
  ]) {
    assert.throws(() => new tramontane.Client({ apiKey: KEY, ...options }), (error) => {
      assert.ok(error instanceof tramontane.TramontaneError);
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, says);
      assert.ok(!error.message.includes('hidden'));
      return true;
    });
  }
});

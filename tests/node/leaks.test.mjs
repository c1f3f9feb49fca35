// A session full of failures: whatever can be printed of it, the key is nowhere in it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { format, inspect } from 'node:util';

import { Client } from './tramontane.mjs';
import { chat, chunk, events, frame, json, loopback } from './loopback.mjs';

const SECRET = 'sk-tr4m+leak/test=KEY-that-nobody-may-see';
const OTHER = 'sk-other+leak/test=KEY-that-nobody-may-see';

const base64 = (text) => Buffer.from(text).toString('base64').slice(0, -4);
const forms = [SECRET, OTHER].flatMap((key) => [
  key, [...key].reverse().join(''), encodeURIComponent(key), Buffer.from(key).toString('hex'),
  base64(key), base64(`Bearer ${key}`), base64(`:${key}`), Buffer.from(key).toString('base64url').slice(0, -4),
]);

const texts = [];
let failures = 0;
const say = (...things) => texts.push(...things.map(String));

/** A thing in each form in which it can be printed or stored. */
function show(thing) {
  say(inspect(thing, { depth: 12, showHidden: true, getters: true }), format('%o %O %j', thing, thing, thing), String(thing));
  for (const make of [JSON.stringify, structuredClone, (value) => Object.entries(value)]) {
    try {
      say(inspect(make(thing), { depth: 12 }));
    } catch {
      // Not every thing can be stored.
    }
  }
}

async function fails(act) {
  try {
    show(await act());
  } catch (error) {
    failures += 1;
    for (let at = error; at instanceof Error; at = at.cause) {
      show(at);
      say(at.stack, at.message);
    }
  }
}

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

/** A server that repeats the key wherever it can. */
const echo = (status) => ({ headers: { authorization: key } }, response) =>
  json(response, status, { object: 'error', message: `bad key ${key}`, type: key, code: key, param: key, detail: [key] }, { 'mistral-correlation-id': key });

const cases = [
  ...[400, 401, 403, 404, 422, 429, 500, 503].map(echo),
  (request, response) => json(response, 401, ''),
  (request, response) => json(response, 502, '<html><title>no</title></html>', { 'content-type': 'text/html' }),
  (request, response) => json(response, 200, '{"choices": [}'),
  (request, response) => json(response, 302, '', { location: 'http://127.0.0.1:9/x?token=y' }),
  (request, response) => json(response, 307, '', { location: '/elsewhere' }),
  (request, response) => response.destroy(),
  () => {},
  ({ headers }, response) => {
    events(response).write(frame(chunk('Emm')) + frame(chunk(headers.authorization)));
    setTimeout(() => response.destroy(), 5);
  },
  ({ headers }, response) => events(response).end(frame(chunk('Emm')) + frame({ error: { message: headers.authorization, code: headers.authorization } })),
];

test('the key is nowhere', async () => {
  const said = [];
  const listener = (warning) => said.push(inspect(warning), warning.stack);
  process.on('warning', listener);
  const settings = { baseURL: server.baseURL, maxRetries: 0, timeout: 300 };
  const client = new Client({ ...settings, apiKey: SECRET });
  show(client);
  show(client.chat);
  for (answer of cases) {
    await fails(() => client.chat.complete(chat()));
    await fails(() => client.chat.stream(chat()).final());
    await fails(() => client.models.list());
  }
  answer = echo(401);
  for (const options of [{ extraHeaders: { authorization: `Bearer ${OTHER}` } }, { extraHeaders: { 'x-api-key': OTHER } }, { extraQuery: { api_key: OTHER } }, { extraBody: { api_key: OTHER } }, { timeout: -1 }]) {
    await fails(() => client.chat.complete(chat(), options));
    await fails(() => client.chat.stream(chat(), options).final());
  }
  for (const apiKey of [`${SECRET}\n${SECRET}`, `${SECRET} ö`, `${SECRET}\0`, [SECRET], { key: [SECRET] }, { key: SECRET, expiresOn: '2020-01-01' }, { kee: SECRET },
    { pool: [SECRET, OTHER] }, { pool: [`${SECRET}\x7f`] }, { pool: SECRET }, () => [SECRET], async () => SECRET, { file: '/nonexistent/file' }]) {
    await fails(() => new Client({ ...settings, apiKey }).chat.complete(chat()));
  }
  for (const more of [{ baseURL: 'nonsense' }, { baseURL: 'http://127.0.0.1:9' }, { provider: 'nobody' }, { checks: 'some' }, { limiter: 'http://x' }]) {
    await fails(() => new Client({ ...settings, apiKey: SECRET, ...more }).chat.complete(chat()));
  }
  answer = () => {};
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await fails(() => client.chat.complete(chat(), { signal: controller.signal }));
  const closing = client.chat.complete(chat());
  client.close();
  await fails(() => closing);
  await fails(() => client.chat.complete(chat()));
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('warning', listener);
  say(...said);
  assert.ok(server.requests.some(({ headers }) => headers.authorization?.includes(SECRET)), 'the key was sent at all');
  assert.ok(failures > 60, `${failures} failures`);
  for (const text of texts) {
    const form = forms.find((form) => text.includes(form));
    assert.equal(form, undefined, `it stands in: ${text.slice(0, 600)}`);
  }
  console.log(`${failures} failures, ${texts.length} texts (${texts.join('').length >> 10} KiB), ${forms.length} forms of the key: none found`);
});

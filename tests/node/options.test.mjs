// Options that take the place of others: on a client made of another one, and keys from functions wherever a call begins.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';

import { APIConnectionError, Budget, BudgetExceededError, build, Client, ConfigurationError, Limiter, RateLimitError } from './tramontane.mjs';
import { chat, chunk, completion, events, frame, json, loopback } from './loopback.mjs';

const content = Buffer.from('%PDF-1.7 and more of it');

let server;
before(async () => (server = await loopback((request, response, body) => {
  if (request.url.endsWith('/content')) {
    response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': content.length, 'x-request-id': 'req-7' });
    return response.end(content);
  }
  if (!JSON.parse(body || '{}').stream) return json(response, 200, completion);
  return events(response).end([chunk('Emmental.'), chunk('', 'stop', { usage: completion.usage })].map(frame).join('') + frame('[DONE]'));
})));
after(() => server.close());

const client = (more = {}) => new Client({ apiKey: 'the-first-key-of-all', baseURL: server.baseURL, maxRetries: 0, ...more });
const bounded = { ...chat(), maxTokens: 90 };
const keys = (count) => server.requests.slice(-count).map(({ headers }) => headers.authorization.replace('Bearer ', ''));

test('a budget takes the place of none', async () => {
  const [budget, richer] = [new Budget({ tokens: 5 }), new Budget({ tokens: 1000 })];
  const rich = client();
  const poor = rich.withOptions({ budget });
  await assert.rejects(poor.chat.complete(bounded), BudgetExceededError);
  await assert.rejects(poor.withOptions({ timeout: 5000 }).chat.complete(bounded), BudgetExceededError);
  await poor.withOptions({ budget: richer }).chat.complete(bounded);
  await rich.chat.complete(bounded);
  assert.deepEqual([budget.spent.tokens, richer.spent.tokens], [0, 16]);
  assert.throws(() => rich.withOptions({ budget: {} }), ConfigurationError);
});

test('a limiter takes the place of none', async () => {
  const limits = { requestsPerMinute: 1, onLimit: 'fail' };
  for (const limiter of [limits, new Limiter(limits)]) {
    const free = client();
    const limited = free.withOptions({ limiter });
    await limited.chat.complete(chat());
    await assert.rejects(limited.chat.complete(chat()), RateLimitError);
    await assert.rejects(limited.withOptions({ maxRetries: 1 }).chat.complete(chat()), RateLimitError);
    await free.chat.complete(chat());
  }
  assert.throws(() => client().withOptions({ limiter: 'http://127.0.0.1' }), ConfigurationError);
});

test('a key takes the place of another', async () => {
  const first = client();
  const fetched = first.withOptions({ apiKey: async () => 'a-key-from-a-function' });
  const kept = fetched.withOptions({ timeout: 5000, apiKey: undefined });
  const own = fetched.withOptions({ apiKey: { key: 'a-key-of-its-own' } });
  const last = own.withOptions({ apiKey: { fetch: () => 'the-last-key-of-all' } });
  for (const one of [first, fetched, kept, own, last]) await one.chat.complete(chat());
  assert.deepEqual(keys(5), ['the-first-key-of-all', 'a-key-from-a-function', 'a-key-from-a-function', 'a-key-of-its-own', 'the-last-key-of-all']);
});

test('a logger stays, and another one takes its place', async () => {
  const [one, two] = [[], []];
  const into = (lines) => ({ logger: { info: (text) => lines.push(text), debug: (text) => lines.push(text) } });
  const logged = client(into(one));
  await logged.withOptions({ timeout: 5000, logger: undefined }).chat.complete(chat());
  await logged.withOptions(into(two)).chat.complete(chat());
  assert.deepEqual([one.length, two.length], [1, 1]);
});

test('another way to the server', async () => {
  const asked = [];
  const refusing = createServer((socket) => socket.once('data', (data) => {
    asked.push(String(data).split(' ')[1]);
    socket.end('HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n');
  }));
  await new Promise((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const proxy = `http://127.0.0.1:${refusing.address().port}`;
  try {
    const regional = client().withOptions({ region: 'eu' });
    for (const one of [regional, regional.withOptions({ region: 'us' }), regional.withOptions({ baseURL: 'https://a.test' })]) {
      await assert.rejects(one.withOptions({ proxy }).chat.complete(chat()), APIConnectionError);
    }
    assert.deepEqual(asked, ['api.eu.mistral.ai:443', 'api.us.mistral.ai:443', 'a.test:443']);
    await regional.withOptions({ baseURL: server.baseURL, userAgent: 'my-app/2' }).chat.complete(chat());
    assert.match(server.requests.at(-1).headers['user-agent'], / my-app\/2$/);
    assert.throws(() => client().withOptions({ region: 'eu', baseURL: server.baseURL }), /exclude each other/);
    assert.deepEqual(JSON.parse(JSON.stringify(regional.withOptions({ baseURL: 'https://a.test' }))), { baseURL: 'https://a.test' });
  } finally {
    refusing.close();
  }
});

test('a function is asked wherever a call begins', async () => {
  let asked = 0;
  const one = client({ apiKey: { fetch: async () => `a-fetched-key-${++asked}`, refresh: 1e-9 } });
  assert.equal((await one.send(build(chat()))).text, 'Emmental.');
  const stream = await one.send(build({ ...chat(), stream: true }));
  for await (const event of stream) {
    assert.equal(event.text, 'Emmental.');
    assert.equal(stream.partial.choices[0].message.content, 'Emmental.');
    break;
  }
  assert.equal((await (await one.send(build({ ...chat(), stream: true }))).final()).text, 'Emmental.');
  assert.equal(Buffer.from(await one.files.download('f').bytes()).toString(), content.toString());
  const job = { id: 'j', endpoint: '/v1/chat/completions', status: 'SUCCESS', output_file: 'f' };
  for await (const row of one.batch.results(job)) assert.ok(row);
  await one.request('GET', '/v1/content');
  await one.withOptions({ timeout: 5000 }).chat.complete(chat());
  assert.deepEqual(keys(7), [1, 2, 3, 4, 5, 6, 7].map((at) => `a-fetched-key-${at}`));
});

test('whoever listens hears of files and of what was built elsewhere', async () => {
  const lines = [];
  const logger = { info: (text) => lines.push(text), debug: (text) => lines.push(text) };
  const one = client({ logger, logLevel: 'debug', logBodies: true });
  await one.send(build(chat()));
  assert.match(lines[0], /^chat mistral-small-2603: request \{.*which cheese/i);
  assert.match(lines[1], /^chat mistral-small-2603: 200 in /);
  lines.length = 0;
  const download = one.files.download('f');
  await download.bytes();
  assert.deepEqual([download.length, download.contentType, download.requestId], [content.length, 'application/pdf', 'req-7']);
  assert.match(lines[0], /^files_download: request \{"file_id":"f"\}$/);
  assert.match(lines[1], /^files_download: 200 in .*, request req-7$/);
  assert.equal(lines[2], `files_download: answer {"bytes":${content.length},"content_type":"application/pdf"}`);
});

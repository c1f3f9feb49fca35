// What calls cost, may spend and have to wait for; where keys come from.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';

import { Budget, BudgetExceededError, Client, ConfigurationError, InternalServerError, Limiter, RateLimitError, requireFromPackage } from './tramontane.mjs';
import { chat, chunk, completion, events, frame, json, loopback, until } from './loopback.mjs';

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

const succeed = (request, response) => json(response, 200, completion);
const client = (more = {}) => new Client({ apiKey: 'test-key', baseURL: server.baseURL, maxRetries: 0, ...more });
const bounded = { ...chat(), maxTokens: 90 };
const keys = (count) => server.requests.slice(-count).map(({ headers }) => headers.authorization.replace('Bearer ', ''));
const PRICE = 12 * 150 + 4 * 600;

test('an answer says what it cost', async () => {
  answer = succeed;
  const reply = await client().chat.complete(chat());
  assert.equal(reply.cost.amount, PRICE);
  assert.deepEqual(reply.cost.lines.map(({ item, quantity }) => [item, quantity]), [['input', 12], ['output', 4]]);
  const overlay = { models: [{ id: 'mistral-small-2603', prices: { input_per_mtok: 1_000_000_000 } }] };
  assert.equal((await client().chat.complete(chat(), { overlay })).cost.amount, 12 * 1000 + 4 * 600);
  answer = (request, response) => json(response, 200, { ...completion, usage: null });
  const { amount, reason } = (await client().chat.complete(chat())).cost;
  assert.deepEqual([amount, reason], [null, 'the answer does not say what it used']);
});

test('a region is dearer, however it was chosen', () => {
  // Its host answers to nobody here: what prices answers is asked itself.
  const { native } = requireFromPackage('./dist/native.js');
  const used = JSON.stringify({ model: 'mistral-small-2603', usage: { prompt_tokens: 1_000_000, completion_tokens: 0 } });
  const resolution = JSON.stringify({ sent_as: 'mistral-small-2603', provider: 'mistral' });
  const made = (options) => new native.Client(JSON.stringify({ api_key: 'test-key', ...options }));
  const price = (one) => JSON.parse(one.cost(used, resolution)).ok.amount;
  assert.equal(price(made({})), 150_000_000);
  for (const one of [made({ region: 'eu' }), made({ base_url: 'https://api.eu.mistral.ai' }), made({}).withOptions('{"region": "us"}'), made({ region: 'eu' }).withOptions('{"timeout": 5}')]) {
    assert.equal(price(one), 165_000_000);
  }
  assert.equal(price(made({ region: 'eu' }).withOptions('{"base_url": "https://api.mistral.ai"}')), 150_000_000);
});

test("a stream's answer says what it cost", async () => {
  answer = (request, response) => {
    events(response);
    response.end([chunk('Emm'), chunk('ental.', 'stop', { usage: completion.usage })].map(frame).join('') + frame('[DONE]'));
  };
  assert.equal((await client().chat.stream(chat()).final()).cost.amount, PRICE);
});

test('sixty-four calls at once do not pass a budget', async () => {
  answer = (request, response) => setTimeout(() => succeed(request, response), 5);
  const budget = new Budget({ tokens: 1000 });
  const one = client({ budget });
  const before = server.requests.length;
  let refused = 0;
  const call = async () => {
    for (let at = 0; at < 5; at++) {
      await one.chat.complete(bounded).catch((error) => {
        assert.ok(error instanceof BudgetExceededError, error);
        refused += 1;
      });
      assert.ok(budget.spent.tokens + budget.reserved.tokens <= 1000);
    }
  };
  await Promise.all(Array.from({ length: 64 }, call));
  const went = server.requests.length - before;
  assert.equal(went + refused, 320);
  assert.ok(refused > 0 && went > 5);
  assert.deepEqual([budget.spent.tokens, budget.reserved.tokens], [went * 16, 0]);
});

test('what failed or was closed gives back what was set aside', async () => {
  const budget = new Budget({ usd: 0.01, tokens: 1000 });
  answer = (request, response) => json(response, 500, { message: 'no' });
  await assert.rejects(client({ budget }).chat.complete(bounded), InternalServerError);
  assert.deepEqual([budget.spent, budget.reserved], [{ nanos: 0, tokens: 0 }, { nanos: 0, tokens: 0 }]);
  answer = (request, response) => events(response).write(frame(chunk('Emm')));
  const stream = client({ budget }).chat.stream(bounded);
  await stream.next();
  assert.ok(budget.reserved.tokens > 90);
  stream.close();
  await until(() => budget.reserved.tokens === 0, 'the reservation comes back');
  assert.ok(budget.spent.tokens > 0 && budget.spent.tokens < 60);
});

test('an unknown price is refused with its reason', async () => {
  answer = succeed;
  const before = server.requests.length;
  const asked = client({ budget: new Budget({ usd: 1 }) }).chat.complete({ ...bounded, model: 'nobody-1' }, { checks: 'off' });
  await assert.rejects(asked, (error) => error instanceof BudgetExceededError && /unknown model `nobody-1`/.test(error.message));
  assert.equal(server.requests.length, before);
  assert.throws(() => new Budget({}), ConfigurationError);
  assert.throws(() => client({ budget: {} }), ConfigurationError);
});

test('a limiter waits or fails', async () => {
  answer = succeed;
  const waiting = client({ limiter: { requestsPerSecond: 2 } });
  const start = performance.now();
  for (let at = 0; at < 5; at++) await waiting.chat.complete(chat());
  assert.ok(performance.now() - start > 2000);
  const failing = client({ limiter: new Limiter({ requestsPerMinute: 1, onLimit: 'fail' }) });
  await failing.chat.complete(chat());
  await assert.rejects(failing.chat.complete(chat()), (error) => error instanceof RateLimitError && error.retryAfter > 50_000 && error.status == null);
  const away = client({ limiter: 'redis://:a-pass-word@127.0.0.1:9/0' });
  await away.chat.complete(chat());
  assert.ok(!inspect(away, { depth: 9, showHidden: true }).includes('a-pass-word'));
  assert.throws(() => new Limiter('http://:a-pass-word@host'), (error) => error instanceof ConfigurationError && !String(error.stack).includes('a-pass-word'));
});

test('keys come from files, variables and functions', async () => {
  answer = succeed;
  const folder = mkdtempSync(join(tmpdir(), 'tramontane-'));
  const file = join(folder, 'key');
  try {
    writeFileSync(file, 'key-number-one\n');
    const one = client({ apiKey: { file } });
    await one.chat.complete(chat());
    writeFileSync(file, ' the-key-number-two ');
    await one.chat.complete(chat());
    assert.deepEqual(keys(2), ['key-number-one', 'the-key-number-two']);
  } finally {
    rmSync(folder, { recursive: true });
  }
  let asked = 0;
  const fetch = async () => `fetched-key-${++asked}`;
  const two = client({ apiKey: fetch });
  await Promise.all([two.chat.complete(chat()), two.chat.complete(chat())]);
  assert.deepEqual(keys(2), ['fetched-key-1', 'fetched-key-1']);
  const three = client({ apiKey: { fetch, refresh: 1e-9 } });
  await three.chat.complete(chat());
  answer = (request, response) => events(response).end(frame(chunk('x', 'stop')) + frame('[DONE]'));
  await three.chat.stream(chat()).final();
  assert.deepEqual(keys(2), ['fetched-key-2', 'fetched-key-3']);
  const failing = client({ apiKey: async () => { throw new RangeError('the store is away'); } });
  await assert.rejects(failing.chat.complete(chat()), RangeError);
  await assert.rejects(failing.chat.stream(chat()).final(), RangeError);
  await assert.rejects(client({ apiKey: () => 5 }).chat.complete(chat()), ConfigurationError);
});

test('a pool turns to its next key; a key has its last day', async () => {
  for (const status of [401, 429]) {
    answer = ({ headers }, response) => (headers.authorization.endsWith('number-b') ? json(response, 200, completion) : json(response, status, { detail: 'no' }));
    const one = client({ apiKey: { pool: ['key-number-a', { key: 'key-number-b', expiresOn: '2999-01-01' }] } });
    assert.equal((await one.chat.complete(chat())).attempts, 2);
    assert.equal((await one.chat.complete(chat())).attempts, 1);
    assert.deepEqual(keys(3), ['key-number-a', 'key-number-b', 'key-number-b']);
  }
  answer = succeed;
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const reply = await client({ apiKey: { key: 'a-key-with-an-end', expiresOn: soon } }).chat.complete(chat());
  assert.deepEqual(reply.warnings.map(({ rule }) => rule), ['expiring_key']);
  const over = client({ apiKey: { key: 'a-key-with-an-end', expiresOn: '2020-01-31' } });
  await assert.rejects(over.chat.complete(chat()), /the API key expired on `2020-01-31`/);
});

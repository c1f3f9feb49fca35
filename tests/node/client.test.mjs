// The client against a server on 127.0.0.1: answers, errors, retries, timeouts, signals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';

import {
  APIConnectionError, APITimeoutError, AuthenticationError, Client, ConfigurationError, InvalidRequest, NotFoundError, RateLimitError,
  RequestCancelledError, ResponseDecodeError, TramontaneError,
} from './tramontane.mjs';
import { chat, completion, json, loopback, until } from './loopback.mjs';

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

const client = (more = {}) => new Client({ apiKey: 'test-key', baseURL: server.baseURL, maxRetries: 0, ...more });
const succeed = (request, response) => json(response, 200, completion, { 'x-ratelimit-remaining-req-minute': '59' });

test('an answer is the data of the provider, with what stands around it beside', async () => {
  answer = succeed;
  const reply = await client().chat.complete({ ...chat(), maxTokens: 9 });
  assert.deepEqual(reply, completion);
  assert.deepEqual(Object.keys(reply), Object.keys(completion));
  assert.equal(JSON.stringify(reply), JSON.stringify(completion));
  assert.equal(reply.text, 'Emmental.');
  assert.deepEqual(reply.toolCalls, []);
  assert.equal(reply.requestId, 'req-7');
  assert.equal(reply.rateLimit['remaining-req-minute'], 59);
  assert.equal(reply.attempts, 1);
  assert.deepEqual(reply.warnings, []);
  assert.equal(reply.resolution.sent_as, 'mistral-small-2603');
  const { method, url, headers, body } = server.requests.at(-1);
  assert.equal(`${method} ${url}`, 'POST /v1/chat/completions');
  assert.equal(headers.authorization, 'Bearer test-key');
  assert.match(headers['user-agent'], /^tramontane\/\S+ \(node/);
  assert.deepEqual(body, { model: 'mistral-small-2603', messages: chat().messages, max_tokens: 9 });
});

test('text may be a request, and an answer may be part of the next', async () => {
  answer = succeed;
  const first = await client().chat.complete(JSON.stringify(chat()));
  const messages = [...chat().messages, first.choices[0].message, { role: 'user', content: 'And the fewest?' }];
  await client().chat.complete({ ...chat(), messages });
  assert.equal(server.requests.at(-1).body.messages[1].content, 'Emmental.');
});

test('the text of content chunks, and tool calls', async () => {
  const call = { id: 'abcdefghi', function: { name: 'f', arguments: '{}' } };
  const content = [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }, { type: 'text', text: 'a' }, { type: 'text', text: 'b' }];
  answer = (_, response) =>
    json(response, 200, { ...completion, choices: [{ index: 0, message: { role: 'assistant', content, tool_calls: [call] }, finish_reason: 'tool_calls' }] });
  const reply = await client().chat.complete(chat());
  assert.equal(reply.text, 'ab');
  assert.deepEqual(reply.toolCalls, [call]);
});

test('many at once, each its own answer', async () => {
  answer = (_, response, body) => json(response, 200, { ...completion, id: JSON.parse(body).messages[0].content });
  const one = client();
  const replies = await Promise.all(Array.from({ length: 100 }, (_, at) => one.chat.complete(chat(`q${at}`))));
  assert.deepEqual(replies.map((reply) => reply.id), Array.from({ length: 100 }, (_, at) => `q${at}`));
});

test('a call changes body, headers, query, retries and timeout', async () => {
  let times = 0;
  answer = (request, response) => (times++ === 0 ? json(response, 503, { message: 'busy' }, { 'retry-after': '0' }) : succeed(request, response));
  const reply = await client({ defaultHeaders: { 'x-app': 'a', 'x-both': 'client' } }).chat.complete(chat(), {
    maxRetries: 1, timeout: 5000, extraBody: { new_field: 1 }, extraHeaders: { 'x-both': 'call' }, extraQuery: { debug: 'yes' },
  });
  assert.equal(reply.attempts, 2);
  const { url, headers, body } = server.requests.at(-1);
  assert.equal(url, '/v1/chat/completions?debug=yes');
  assert.equal(headers['x-app'], 'a');
  assert.equal(headers['x-both'], 'call');
  assert.equal(body.new_field, 1);
});

test('what the server refuses is an error of its kind', async () => {
  const refuse = (status, body, headers) => (answer = (_, response) => json(response, status, body, headers));
  refuse(401, { detail: 'Unauthorized' });
  await assert.rejects(client().chat.complete(chat()), (error) => {
    assert.ok(error instanceof AuthenticationError && error instanceof TramontaneError && error instanceof Error);
    assert.equal(error.name, 'AuthenticationError');
    assert.equal(error.status, 401);
    assert.equal(error.requestId, 'req-7');
    assert.match(error.message, /Unauthorized/);
    assert.match(error.stack, /client\.test\.mjs/, 'the stack leads to the caller');
    assert.ok(!`${inspect(error)}${JSON.stringify(error)}`.includes('test-key'));
    return true;
  });
  refuse(404, { message: 'no such model' });
  await assert.rejects(client().chat.complete(chat()), NotFoundError);
  refuse(429, { message: 'slow down' }, { 'retry-after': '3' });
  await assert.rejects(client().chat.complete(chat()), (error) => error instanceof RateLimitError && error.retryAfter === 3000 && error.retryable);
  answer = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>');
  await assert.rejects(client().chat.complete(chat()), ResponseDecodeError);
  answer = (_, response) => response.destroy();
  await assert.rejects(client().chat.complete(chat()), APIConnectionError);
});

test('what a check refuses is never sent', async () => {
  answer = succeed;
  const before = server.requests.length;
  await assert.rejects(client().chat.complete({ ...chat(), temperature: 9, messages: [] }), (error) => {
    assert.ok(error instanceof InvalidRequest);
    assert.ok(error.findings.length >= 2, inspect(error.findings));
    assert.ok(error.findings.some((finding) => finding.path === 'temperature'));
    return true;
  });
  await assert.rejects(client().chat.complete({ ...chat(), temperature: NaN }), (error) => error instanceof InvalidRequest && error.path === 'temperature');
  await assert.rejects(client().chat.complete({ ...chat(), operation: 'fim' }), InvalidRequest);
  assert.equal(server.requests.length, before);
  await client({ checks: 'off' }).chat.complete({ ...chat(), temperature: 9 });
  assert.equal(server.requests.at(-1).body.temperature, 9);
});

test('a signal ends a call and closes its connection', async () => {
  answer = () => {};
  const stop = new AbortController();
  const call = client().chat.complete(chat(), { signal: stop.signal });
  await until(() => server.open.size === 1, 'the request arrives');
  stop.abort(new Error('enough'));
  await assert.rejects(call, (error) => error instanceof RequestCancelledError && error.cause.message === 'enough');
  await until(() => server.open.size === 0, 'the connection is closed');
  await assert.rejects(client().chat.complete(chat(), { signal: stop.signal }), RequestCancelledError);
});

test('a timeout still holds beside a signal', async () => {
  answer = () => {};
  const stop = new AbortController();
  await assert.rejects(client().chat.complete(chat(), { signal: stop.signal, timeout: 50 }), APITimeoutError);
  await assert.rejects(client({ timeout: 50 }).chat.complete(chat()), APITimeoutError);
  const first = client().chat.complete(chat(), { firstEventTimeout: 50, idleTimeout: 9000, maxRetries: 0 });
  await assert.rejects(first, (error) => error instanceof APITimeoutError && /`first_event`/.test(error.hint));
  await assert.rejects(client({ timeout: 5000 }).chat.complete(chat(), { signal: AbortSignal.timeout(50) }), (error) => error.cause.name === 'TimeoutError');
  await until(() => server.open.size === 0, 'the connections are closed');
});

test('a listener on the signal does not outlive its call', async () => {
  answer = succeed;
  const signal = new AbortController().signal;
  let listening = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = function (...all) { listening++; return addEventListener.apply(this, all); };
  signal.removeEventListener = function (...all) { listening--; return removeEventListener.apply(this, all); };
  await client().chat.complete(chat(), { signal });
  assert.equal(listening, 0);
});

test('closing a client ends its calls', async () => {
  answer = () => {};
  const one = client();
  const call = one.chat.complete(chat());
  const stream = one.chat.stream(chat());
  const first = stream.next();
  await until(() => server.open.size === 2, 'the requests arrive');
  one.close();
  one.close();
  await assert.rejects(call, RequestCancelledError);
  await assert.rejects(first, RequestCancelledError);
  await until(() => server.open.size === 0, 'the connections are closed');
  await assert.rejects(one.chat.complete(chat()), ConfigurationError);
  one[Symbol.dispose]();
  await one[Symbol.asyncDispose]();
});

test('a key comes from the environment, late', async () => {
  answer = succeed;
  const before = process.env.MISTRAL_API_KEY;
  delete process.env.MISTRAL_API_KEY;
  const one = new Client({ baseURL: server.baseURL });
  try {
    await assert.rejects(one.chat.complete(chat()), (error) => error instanceof ConfigurationError && /MISTRAL_API_KEY/.test(error.message));
    process.env.MISTRAL_API_KEY = 'from-the-environment\n';
    await one.chat.complete(chat());
    assert.equal(server.requests.at(-1).headers.authorization, 'Bearer from-the-environment');
  } finally {
    if (before === undefined) delete process.env.MISTRAL_API_KEY;
    else process.env.MISTRAL_API_KEY = before;
  }
});

test('whatever shows a client, its key is not in it', () => {
  const one = client({ provider: 'mistral' });
  for (const shown of [inspect(one, { depth: 9, showHidden: true }), JSON.stringify(one), String(one), inspect({ ...one }, { depth: 9, showHidden: true })]) {
    assert.ok(!shown.includes('test-key'), shown);
  }
});

test('what stands around an answer has one name everywhere', async () => {
  const used = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
  const document = { type: 'file', file_id: 'f' };
  for (const [resource, method, request, body, usage] of [
    ['chat', 'complete', { messages: chat().messages }, { ...completion, usage: used }, used],
    ['fim', 'complete', { prompt: 'a' }, { ...completion, usage: used }, used],
    ['embeddings', 'create', { input: ['a'] }, { data: [], usage: used }, used],
    ['conversations', 'start', { inputs: 'Hi' }, { conversation_id: 'c', outputs: [], usage: used }, used],
    ['audio', 'transcriptions.create', { fileId: 'f' }, { text: 'a', usage: { prompt_audio_seconds: 7 } }, { prompt_audio_seconds: 7 }],
    ['ocr', 'process', { document }, { pages: [], usage_info: { pages_processed: 2 } }, { pages_processed: 2 }],
    ['chat', 'complete', { messages: chat().messages }, { ...completion, usage: null }, null],
    ['embeddings', 'create', { input: ['a'] }, { data: [] }, undefined],
    ['ocr', 'process', { document }, { pages: [] }, undefined],
  ]) {
    answer = (_, response) => json(response, 200, body, { 'x-ratelimit-remaining-req-minute': '9' });
    const path = [resource, ...method.split('.')];
    const last = path.pop();
    const reply = await path.reduce((one, name) => one[name], client())[last]({ model: 'mistral-small-2603', ...request }, { checks: 'off' });
    assert.deepEqual(reply.usage, usage, resource);
    assert.deepEqual([reply.requestId, reply.attempts, reply.warnings, reply.repairs], ['req-7', 1, [], []]);
    assert.deepEqual([reply.rateLimit, reply.raw.status], [{ 'remaining-req-minute': 9 }, 200]);
    assert.equal(reply.cost.amount === null, reply.cost.reason != null);
    if (usage == null) assert.equal(reply.cost.reason, 'the answer does not say what it used');
    assert.deepEqual(Object.keys(reply), Object.keys(body));
  }
});

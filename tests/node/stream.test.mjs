// Streams: events as they come, the whole answer, and every way in which a stream can end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  APITimeoutError, Client, InvalidRequest, RateLimitError, RequestCancelledError, StreamError, StreamTruncatedError, TramontaneError,
} from './tramontane.mjs';
import { chat, chunk, events, frame, json, loopback, until } from './loopback.mjs';

let answer;
let server;
let unhandled = [];
const note = (reason) => unhandled.push(reason);
before(async () => {
  process.on('unhandledRejection', note);
  server = await loopback((...exchange) => answer(...exchange));
});
after(() => {
  server.close();
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});

const usage = { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 };
const whole = [chunk('Com'), chunk('té'), chunk('.', 'stop', { usage })];
const play = (...frames) => (_, response) => events(response).end(frames.map(frame).join(''));
const stream = (options, more = {}) => new Client({ apiKey: 'k', baseURL: server.baseURL, maxRetries: 0, ...more }).chat.stream(chat(), options);

async function read(source) {
  const seen = [];
  try {
    for await (const event of source) seen.push(event);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

test('events as they come, then the whole answer', async () => {
  answer = play(...whole, '[DONE]');
  const source = stream();
  const { seen } = await read(source);
  assert.deepEqual(seen, whole);
  assert.equal(JSON.stringify(seen), JSON.stringify(whole));
  assert.deepEqual(seen.map(({ text }) => text), ['Com', 'té', '.']);
  const final = await source.final();
  assert.equal(final.text, 'Comté.');
  assert.equal(final.choices[0].finish_reason, 'stop');
  assert.deepEqual(final.usage, usage);
  assert.equal(final.requestId, 'req-7');
  assert.equal(source.requestId, 'req-7');
  assert.deepEqual(source.partial, JSON.parse(JSON.stringify(final)));
  assert.equal(server.requests.at(-1).body.stream, true);
  assert.deepEqual(await source.next(), { value: undefined, done: true });
});

test('the same through await, textStream, and final alone', async () => {
  answer = play(...whole);
  let text = '';
  for await (const piece of (await stream()).textStream()) text += piece;
  assert.equal(text, 'Comté.');
  assert.equal((await stream().final()).text, 'Comté.');
  const source = stream();
  const [{ seen }, final] = await Promise.all([read(source), source.final()]);
  assert.equal(seen.length, 3);
  assert.equal(final.text, 'Comté.');
});

test('the text of an event is that of the first choice', async () => {
  const choice = (index, content) => ({ index, delta: { content }, finish_reason: null });
  const chunks = [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }, { type: 'text', text: 'b' }];
  answer = play({ choices: [choice(1, 'x'), choice(0, 'a')] }, { choices: [choice(1, 'x')] }, { choices: [choice(0, chunks)] }, { choices: [] }, {});
  assert.deepEqual((await read(stream())).seen.map(({ text }) => text), ['a', '', 'b', '', '']);
});

test('cut anywhere, the events are the same', async () => {
  const bytes = Buffer.from(whole.map(frame).join(''));
  answer = async (_, response) => {
    events(response);
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  };
  assert.deepEqual((await read(stream())).seen, whole);
});

test('a long stream keeps its order, and does not run away from a slow reader', async () => {
  const count = 20_000;
  let written = 0;
  let drained;
  answer = async (_, response) => {
    events(response);
    for (; written < count; written++) {
      if (!response.write(frame(chunk(`${written} `.padEnd(400))))) await new Promise((resolve) => response.once('drain', (drained = resolve)));
      if (response.destroyed) return;
    }
    response.end(frame(chunk('', 'stop')));
  };
  const source = stream();
  let at = 0;
  for await (const event of source) {
    if (at === 0) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.ok(drained && written < count, `the server had to wait for the reader, it wrote ${written}`);
    }
    if (at < count) assert.equal(event.choices[0].delta.content.trim(), String(at));
    at++;
  }
  assert.equal(at, count + 1);
});

test('a stream without an end says so, and keeps what came', async () => {
  answer = play(whole[0], whole[1]);
  const source = stream();
  const { seen, error } = await read(source);
  assert.equal(seen.length, 2);
  assert.ok(error instanceof StreamTruncatedError && error instanceof StreamError);
  assert.equal(error.partial.choices[0].message.content, 'Comté');
  assert.equal(source.partial.choices[0].message.content, 'Comté');
  await assert.rejects(source.final(), StreamTruncatedError);
  await assert.rejects(stream().final(), StreamTruncatedError);
});

test('a reset, half an event and an error inside the stream', async () => {
  answer = (_, response) => {
    events(response).write(frame(whole[0]));
    setTimeout(() => response.destroy(), 20);
  };
  let { seen, error } = await read(stream());
  assert.equal(seen.length, 1);
  assert.ok(error instanceof TramontaneError && error.partial.choices[0].message.content === 'Com', String(error));
  answer = (_, response) => events(response).end(frame(whole[0]) + frame(whole[1]).slice(0, 30));
  ({ seen, error } = await read(stream()));
  assert.ok(error instanceof StreamTruncatedError && seen.length === 1);
  answer = play(whole[0], { object: 'error', message: 'out of cheese', type: 'server_error', code: '1234' });
  ({ seen, error } = await read(stream()));
  assert.ok(error instanceof StreamError && /out of cheese/.test(error.message) && seen.length === 1, String(error));
});

test('errors before the first event', async () => {
  answer = (_, response) => json(response, 429, { message: 'slow down' });
  for (const go of [(s) => s.next(), (s) => s.final(), async (s) => { for await (const _ of s); }, async (s) => { for await (const _ of s.textStream()); }]) {
    await assert.rejects(go(stream()), (error) => error instanceof RateLimitError && /stream\.test\.mjs/.test(error.stack));
  }
  const refused = new Client({ apiKey: 'k', baseURL: server.baseURL }).chat.stream({ ...chat(), temperature: NaN });
  await assert.rejects(refused.next(), InvalidRequest);
  // Nobody asks: nobody is told, and nothing is unhandled.
  stream();
  await new Promise((resolve) => setTimeout(resolve, 50));
});

const endless = (_, response) => {
  events(response);
  const timer = setInterval(() => response.write(frame(whole[0])), 2);
  response.on('close', () => clearInterval(timer));
};

test('leaving the loop closes the connection', async () => {
  answer = endless;
  for (const leave of ['break', 'throw', 'close', 'dispose']) {
    const source = stream();
    try {
      for await (const _ of source) {
        assert.equal(server.open.size, 1);
        if (leave === 'break') break;
        if (leave === 'throw') throw new Error('mine');
        if (leave === 'close') source.close();
        if (leave === 'dispose') await source[Symbol.asyncDispose]();
      }
    } catch (error) {
      assert.equal(error.message, 'mine');
    }
    await until(() => server.open.size === 0, `closed after ${leave}`);
    assert.equal(source.partial.choices[0].message.content.slice(0, 3), 'Com');
    await assert.rejects(source.final(), RequestCancelledError);
    assert.equal((await source.next()).done, true);
  }
  for await (const _ of stream().textStream()) break;
  await until(() => server.open.size === 0, 'closed after a break out of textStream');
});

test('a signal ends a stream', async () => {
  answer = endless;
  const stop = new AbortController();
  let seen = 0;
  await assert.rejects(
    async () => {
      for await (const _ of stream({ signal: stop.signal })) if (++seen === 3) stop.abort();
    },
    (error) => error instanceof RequestCancelledError && error.cause.name === 'AbortError',
  );
  await until(() => server.open.size === 0, 'the connection is closed');
  await assert.rejects(stream({ signal: stop.signal }).next(), RequestCancelledError);
});

test('a stream that falls silent runs into its timeout', async () => {
  answer = (_, response) => events(response).write(frame(whole[0]));
  const { seen, error } = await read(stream({}, { idleTimeout: 100 }));
  assert.equal(seen.length, 1);
  assert.ok(error instanceof APITimeoutError, String(error));
  await until(() => server.open.size === 0, 'the connection is closed');
});

test('several readers of one stream share its events', async () => {
  answer = play(...whole);
  const source = stream();
  const all = await Promise.all([source.next(), source.next(), source.next(), source.next()]);
  assert.deepEqual(all.map(({ done }) => done), [false, false, false, true]);
  assert.deepEqual(all.slice(0, 3).map(({ value }) => value), whole);
});

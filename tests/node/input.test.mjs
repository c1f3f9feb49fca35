// Whatever a caller passes: a typed error with the place, never a crash, never a silent change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { build, check, Client, ConfigurationError, Decoder, estimateCost, InvalidRequest, models, parse, resolve, TramontaneError } from './tramontane.mjs';
import { chat } from './loopback.mjs';

const refused = (make, path, text) =>
  assert.throws(make, (error) => {
    assert.ok(error instanceof InvalidRequest, `${error?.name}: ${error?.message}`);
    assert.equal(error.kind, 'invalid_request');
    if (path !== undefined) assert.equal(error.path ?? '', path);
    if (text !== undefined) assert.match(error.message, text);
    return true;
  });

const withContent = (content) => ({ ...chat(), messages: [{ role: 'user', content }] });

for (const [name, value, text] of [
  ['NaN', NaN, /NaN/],
  ['Infinity', Infinity, /Infinity/],
  ['-Infinity', -Infinity, /-Infinity/],
  ['a BigInt', 10n, /BigInt/],
  ['a function', () => {}, /function/],
  ['a symbol', Symbol('x'), /symbol/],
  ['a Map', new Map([['a', 1]]), /Map/],
  ['a Set', new Set([1]), /Set/],
  ['a RegExp', /x/, /RegExp/],
  ['a Promise', Promise.resolve(1), /await/],
  ['bytes', new Uint8Array(3), /base64/],
  ['an ArrayBuffer', new ArrayBuffer(3), /base64/],
  ['undefined in an array', [undefined], /undefined/],
]) {
  test(`${name} is refused at its place`, () => {
    const path = Array.isArray(value) ? 'messages[0].content[0]' : 'messages[0].content';
    for (const door of [check, build, estimateCost]) refused(() => door(withContent(value)), path, text);
  });
}

test('a cycle is refused at its place', () => {
  const content = { type: 'text', text: 'x' };
  content.self = { again: content };
  refused(() => check(withContent([content])), 'messages[0].content[0].self.again', /itself/);
});

test('the same object twice is no cycle', () => {
  const message = { role: 'user', content: 'x' };
  assert.equal(build({ model: 'mistral-small-2603', messages: [message, { role: 'assistant', content: 'y' }, message] }).body.messages.length, 3);
});

test('nesting beyond all measure is refused', () => {
  let deep = [];
  for (let level = 0; level < 100_000; level++) deep = [deep];
  refused(() => check(withContent(deep)), undefined, /120 levels/);
  refused(() => check(`{"model":"m","messages":${'['.repeat(200_000)}${']'.repeat(200_000)}}`));
});

test('a getter that throws is named', () => {
  const message = { role: 'user', get content() { throw new Error('not today'); } };
  refused(() => check({ model: 'mistral-small-2603', messages: [message] }), 'messages[0].content', /not today/);
});

test('toJSON is followed, and its result looked at', () => {
  const day = new Date(0);
  assert.equal(build(withContent(String(day.toJSON()))).body.messages[0].content, '1970-01-01T00:00:00.000Z');
  assert.equal(build({ ...chat(), metadata: { day } }).body.metadata.day, '1970-01-01T00:00:00.000Z');
  refused(() => check({ ...chat(), metadata: { toJSON: () => ({ a: NaN }) } }), 'metadata.a', /NaN/);
  refused(() => check({ ...chat(), metadata: { toJSON() { throw new Error('no'); } } }), 'metadata', /no/);
});

test('a proxy that throws is an error like any other', () => {
  refused(() => check(new Proxy({}, { ownKeys() { throw new Error('trapped'); } })), '', /trapped/);
  refused(() => check(new Proxy({}, { get() { throw new Error('trapped'); } })), '', /trapped/);
});

test('absent fields may be undefined', () => {
  const { body } = build({ ...chat(), temperature: undefined, tools: undefined });
  assert.ok(!('temperature' in body) && !('tools' in body));
});

test('lone surrogates are refused, whole ones pass', () => {
  assert.equal(build(withContent('🌬')).body.messages[0].content, '🌬');
  refused(() => check(withContent('a\ud83c')), 'messages[0].content', /surrogate/);
  refused(() => check(String.raw`{"model":"m","messages":[{"role":"user","content":"\ud83c"}]}`), 'messages[0].content');
  refused(() => check({ ...chat(), metadata: { 'a\udc00': 1 } }));
  refused(() => check(`{"model":"m","messages":[{"role":"user","content":"\ud83c"}]}`), '', /surrogate/);
});

test('JSON text and bytes are taken as they are', () => {
  const text = JSON.stringify(chat('é'));
  for (const input of [text, Buffer.from(text), new TextEncoder().encode(text)]) {
    assert.equal(build(input).body.messages[0].content, 'é');
  }
  refused(() => build('{"model":'));
  refused(() => build(''));
  refused(() => build(new Uint8Array([0x7b, 0xff, 0x7d])), '', /UTF-8/);
});

test('a request text cannot bring its own policy', () => {
  refused(() => check('{}, "policy": {"checks": "off"}'));
});

test('what is no object at all is refused', () => {
  for (const input of [undefined, null, 5, true, [], () => {}, Symbol('x'), 7n, NaN]) {
    assert.throws(
      () => {
        const report = check(input);
        assert.equal(report.ok, false, `check(${String(input)}) found nothing`);
        build(input);
      },
      (error) => error instanceof TramontaneError,
      String(input),
    );
  }
});

test('options are looked at like requests', () => {
  assert.throws(() => check(chat(), { checks: 'perhaps' }), TramontaneError);
  assert.throws(() => check(chat(), { nonsense: 1 }), (error) => error instanceof TramontaneError && /nonsense/.test(error.message));
  assert.throws(() => check(chat(), { extraBody: { a: NaN } }), TramontaneError);
  assert.throws(() => check(chat(), { extraBody: {}, extra_body: {} }), ConfigurationError);
  assert.throws(() => resolve(undefined), TramontaneError);
  assert.throws(() => resolve('mistral-small-2603', { on: 'tomorrow' }), TramontaneError);
  assert.throws(() => models.recommend('world peace'), TramontaneError);
  assert.throws(() => models.get('no-such-model-at-all'), TramontaneError);
});

test('options may be null, and nothing else that is no object', async () => {
  assert.equal(check(chat(), null).ok, true);
  assert.equal(build(chat(), null).method, 'POST');
  assert.equal(resolve('mistral-small-2603', null).id, 'mistral-small-2603');
  assert.ok(models.list(null).length > 0);
  for (const options of ['x', 5, true]) {
    for (const door of [check, build, estimateCost, resolve]) assert.throws(() => door(door === resolve ? 'm' : chat(), options), TramontaneError);
    await assert.rejects(new Client({ apiKey: 'k' }).chat.complete(chat(), options), TramontaneError);
  }
  for (const signal of [5, {}, 'stop']) {
    await assert.rejects(new Client({ apiKey: 'k' }).chat.complete(chat(), { signal }), ConfigurationError);
    await assert.rejects(new Client({ apiKey: 'k' }).chat.stream(chat(), { signal }).next(), ConfigurationError);
  }
});

test('values of another realm are judged like our own', () => {
  const foreign = (source) => runInNewContext(`(${source})`);
  assert.equal(check(foreign(JSON.stringify(chat()))).ok, true);
  refused(() => check(withContent(foreign('new Map()'))), 'messages[0].content', /Map/);
  refused(() => check(withContent(foreign('new Uint8Array(3)'))), 'messages[0].content', /base64/);
  refused(() => check(withContent(foreign('Promise.resolve()'))), 'messages[0].content', /await/);
  refused(() => check(foreign('{ messages: [NaN] }')), 'messages[0]', /NaN/);
  assert.deepEqual(new Decoder('mistral').push(foreign('new Uint8Array(3)')), []);
});

test('shared, detached and empty bytes', () => {
  const frame = new TextEncoder().encode('data: {"choices":[{"index":0,"delta":{"content":"x"}}]}\n\n');
  const shared = new Uint8Array(new SharedArrayBuffer(frame.length));
  shared.set(frame);
  const decoder = new Decoder('mistral');
  assert.equal(decoder.push(shared)[0].text, 'x');
  assert.deepEqual(decoder.push(new Uint8Array()), []);
  const moved = new Uint8Array(frame);
  structuredClone(moved.buffer, { transfer: [moved.buffer] });
  assert.deepEqual(decoder.push(moved), []);
  assert.equal(decoder.push(Buffer.concat([Buffer.from(':\n\n'), frame]).subarray(3))[0].text, 'x');
  const text = new TextEncoder().encode(JSON.stringify(chat()));
  const sharedText = new Uint8Array(new SharedArrayBuffer(text.length));
  sharedText.set(text);
  assert.equal(check(sharedText).ok, true);
});

test('a decoder takes bytes only', () => {
  const decoder = new Decoder('mistral');
  for (const input of [5, null, undefined, {}, [1, 2]]) assert.throws(() => decoder.push(input), InvalidRequest);
  for (const provider of [undefined, null, 5, {}]) assert.throws(() => new Decoder(provider), InvalidRequest);
  assert.throws(() => new Decoder('mistral', 'paint'), TramontaneError);
});

test('answers that are none are typed errors', () => {
  assert.throws(() => parse('mistral', 'chat', 200, {}, '<html>login</html>'), (error) => error.kind === 'decode');
  assert.throws(() => parse('mistral', 'chat', 200, {}, new Uint8Array([0xff, 0xfe])), TramontaneError);
  assert.throws(() => parse('mistral', 'chat', -1, {}, ''), TramontaneError);
  assert.throws(() => parse('mistral', 'chat', NaN, {}, ''), TramontaneError);
});

test('large requests pass', () => {
  const long = 'x'.repeat(20_000_000);
  assert.equal(build(withContent(long), { checks: 'off' }).body.messages[0].content.length, long.length);
  const messages = Array.from({ length: 10_000 }, (_, at) => ({ role: at % 2 ? 'assistant' : 'user', content: `m${at}` })).slice(0, 9999);
  assert.equal(build({ model: 'mistral-small-2603', messages }).body.messages.length, 9999);
});

test('a key is never shown', () => {
  const key = 'sk-very-secret-key';
  for (const broken of [`${key}\nx`, `${key} é`, `${key}\u0000x`, key.split('')]) {
    assert.throws(
      () => new Client({ apiKey: broken }),
      (error) => {
        assert.ok(error instanceof ConfigurationError, error.stack);
        assert.ok(!JSON.stringify(error).includes('very-secret') && !error.stack.includes('very-secret') && !error.message.includes('s,k'));
        return true;
      },
    );
  }
  assert.throws(() => new Client({ apiKey: key, max_retries: -1 }), ConfigurationError);
  assert.throws(() => new Client({ apiKey: key, timeout: NaN }), TramontaneError);
  assert.throws(() => new Client({ apiKey: key, timeout: 'soon' }), ConfigurationError);
  assert.throws(() => new Client('key'), ConfigurationError);
});

test('a policy is looked at wherever it is given', async () => {
  const one = new Client({ apiKey: 'k', maxRetries: 0, baseURL: 'http://127.0.0.1:1' });
  for (const policy of [{ checks: 'perhaps' }, { severities: { no_such_rule: 'off' } }, { severities: { tool_call_id: 'fatal' } }, { repair: ['all'] }, { extraHeaders: { a: 1 } }, { on: 'soon' }, { nonsense: 1 }]) {
    for (const door of [() => check(chat(), policy), () => build(chat(), policy), () => new Client({ apiKey: 'k', ...policy })]) assert.throws(door, TramontaneError, JSON.stringify(policy));
    await assert.rejects(one.chat.complete(chat(), policy), (error) => error instanceof TramontaneError && error.kind === 'invalid_request', JSON.stringify(policy));
  }
});

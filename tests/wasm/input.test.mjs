// Bad input: a typed error with a path, never a trap; and the module works afterwards.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import * as small from '../../bindings-wasm/dist/node/chat.js';
import * as edge from '../../bindings-wasm/dist/node/index.js';
import { running } from '../../bindings-wasm/dist/pkg/tramontane.js';

const good = () => ({ model: 'mistral-small-2603', messages: [{ role: 'user', content: 'hi' }] });

const refused = (path) => (error) => {
  assert.ok(error instanceof edge.InvalidRequest, `${error}`);
  assert.equal(error.kind, 'invalid_request');
  if (path !== undefined) assert.equal(error.path, path);
  return true;
};

afterEach(() => assert.equal(edge.check(good()).ok, true, 'the module no longer works'));

test('a cycle', () => {
  const request = good();
  request.messages[0].content = [{ type: 'text', text: request }];
  assert.throws(() => edge.check(request), refused('messages[0].content[0].text'));
});

test('values that JSON does not have', () => {
  const values = [1n, NaN, Infinity, Symbol('s'), () => 1, new Map(), new Uint8Array(2), Promise.resolve()];
  for (const value of values) assert.throws(() => edge.check({ ...good(), temperature: value }), refused('temperature'), String(value?.constructor?.name));
});

test('a getter that throws, and a toJSON that throws', () => {
  const thrower = () => {
    throw new Error('no');
  };
  assert.throws(() => edge.check({ ...good(), tools: [Object.defineProperty({}, 'type', { enumerable: true, get: thrower })] }), refused('tools[0].type'));
  assert.throws(() => edge.check({ ...good(), stop: { toJSON: thrower } }), refused('stop'));
});

test('a getter that gives another value each time', () => {
  let times = 0;
  const request = good();
  Object.defineProperty(request, 'temperature', { enumerable: true, get: () => (times++ === 0 ? 0.5 : 1n) });
  assert.throws(() => edge.check(request), refused());
});

test('proxies and foreign prototypes', () => {
  const trap = new Proxy({}, { ownKeys: () => { throw new TypeError('closed'); } });
  assert.throws(() => edge.check({ ...good(), metadata: trap }), refused('metadata'));
  const bare = Object.assign(Object.create(null), good());
  assert.equal(edge.check(bare).ok, true);
  const report = edge.check('{"model":"mistral-small-2603","messages":[{"role":"user","content":"hi"}],"__proto__":{"polluted":true}}');
  assert.equal(report.ok, false);
  assert.equal({}.polluted, undefined);
});

test('lone surrogates, in an object, in text, escaped in text, in a key', () => {
  const half = '\ud83d';
  assert.throws(() => edge.check({ ...good(), stop: [half] }), refused('stop[0]'));
  assert.throws(() => edge.check(`{"stop": "${half}"}`), refused());
  assert.throws(() => edge.check('{"model": "m", "stop": ["\\ud83d"]}'), refused('stop[0]'));
  assert.throws(() => edge.check({ ...good(), [half]: 1 }), refused());
});

test('text that is no JSON says where', () => {
  assert.throws(() => edge.check('{"messages": [{"role": "user", "content": tru}]}'), refused('messages[0].content'));
  for (const text of ['', '{', '[1,', 'nul', '{"a":1}}', '\u0000']) assert.throws(() => edge.check(text), refused(), JSON.stringify(text));
});

test('a request in text cannot bring a policy of its own', () => {
  const text = '{"model":"mistral-small-2603","messages":[]},"policy":{"checks":"off"},"x":{}';
  assert.throws(() => edge.check(text), refused());
});

test('bytes that are not UTF-8', () => {
  assert.throws(() => edge.check(new Uint8Array([0x7b, 0xff, 0x7d])), refused());
});

test('nesting', () => {
  let deep = 'x';
  for (let level = 0; level < 100_000; level++) deep = [deep];
  assert.throws(() => edge.check({ ...good(), metadata: { deep } }), refused());
  assert.throws(() => edge.check('['.repeat(1_000_000)), refused());
  assert.throws(() => edge.check('{"a":'.repeat(1_000_000)), refused());
});

test('10 MB of text, and ten thousand messages', () => {
  const long = { ...good(), messages: [{ role: 'user', content: 'é'.repeat(5_000_000) }] };
  assert.ok(Array.isArray(edge.check(long).findings));
  const many = { ...good(), messages: Array.from({ length: 10_000 }, (_, at) => ({ role: at % 2 ? 'assistant' : 'user', content: 'hi' })) };
  many.messages.push({ role: 'user', content: 'hi' });
  assert.ok(Array.isArray(edge.check(JSON.stringify(many)).findings));
});

test('wrong arguments are errors of a class that can be caught', () => {
  for (const request of [undefined, null, 1, true, [], 'null', '1', Symbol('s')]) {
    assert.throws(() => {
      const report = edge.check(request);
      if (!report.ok) throw new edge.InvalidRequest({ kind: 'invalid_request', message: 'refused', report });
    }, edge.TramontaneError, String(request));
  }
  assert.throws(() => edge.check(good(), { check: 'off' }), edge.TramontaneError);
  for (const policy of [0, '', false, 1]) for (const module of [edge, small]) assert.throws(() => module.check(good(), policy), module.ConfigurationError);
  assert.throws(() => edge.check(good(), { on: 'tomorrow' }), edge.TramontaneError);
  assert.throws(() => new edge.Decoder('nobody'), (error) => error instanceof edge.TramontaneError && error.path === 'provider');
  assert.throws(() => edge.parse('nobody', 'chat', 200, {}, '{}'), edge.TramontaneError);
  assert.throws(() => edge.parse('mistral', 'chat', 200, {}, '<html>'), edge.ResponseDecodeError);
});

// Strings are read sixteen bytes at a time, then eight, then one.
test('what must be escaped is found wherever it stands', () => {
  for (const [module, odd] of [edge, small].flatMap((module) => ['"', '\\', '\n', '\u0001', '\u007f', 'é', '😀'].map((odd) => [module, odd]))) {
    for (let length = 0; length < 36; length++) {
      for (let at = 0; at <= length; at++) {
        const content = 'a'.repeat(at) + odd + 'b'.repeat(length - at);
        assert.equal(module.build({ ...good(), messages: [{ role: 'user', content }] }).body.messages[0].content, content);
      }
      const broken = `{"model":"${'a'.repeat(length)}\n`;
      assert.throws(() => module.check(broken), /control character/);
      assert.throws(() => module.check(broken.trimEnd()), /EOF while parsing a string/);
    }
  }
});

test('an estimate is made when it is read, of what was checked, and can be overwritten', () => {
  const request = good();
  const [report, same] = [edge.check(request), edge.check(request)];
  request.messages[0].content = 'hi '.repeat(1000);
  assert.deepEqual(Object.keys(report), ['ok', 'findings', 'estimate', 'resolution', 'repairs']);
  assert.deepEqual(report.estimate, JSON.parse(JSON.stringify(same)).estimate);
  assert.equal(report.estimate, report.estimate);
  assert.ok(report.estimate.prompt_tokens.high < 100);
  report.estimate = null;
  assert.equal(report.estimate, null);
  assert.equal(edge.check({ model: 'mistral-small-2603' }).estimate, null);
});

test('ten thousand checks leave memory flat', () => {
  const text = JSON.stringify(good());
  for (let round = 0; round < 100; round++) edge.check(text);
  const { memory } = running();
  const before = memory.buffer.byteLength;
  for (let round = 0; round < 10_000; round++) edge.check(text);
  for (let round = 0; round < 500; round++) assert.throws(() => edge.check('{"a":'), refused());
  assert.equal(memory.buffer.byteLength, before);
});

test('requests of every size fit where others have been', () => {
  const check = (letters) => edge.check({ ...good(), messages: [{ role: 'user', content: '"'.repeat(letters) }] });
  check(2_000_000);
  const { memory } = running();
  const before = memory.buffer.byteLength;
  for (let letters = 50_000; letters < 2_000_000; letters += 130_000) check(letters);
  assert.equal(memory.buffer.byteLength, before);
});

test('the small entry throws what the large one throws', () => {
  const wrong = ['{', '[]x', Symbol('x'), { ...good(), metadata: { authorization: 'Bearer 0123456789' } }];
  const thrown = (door) => {
    try {
      return door();
    } catch (error) {
      return [error.name, error.kind, error.constructor.name, error instanceof Error];
    }
  };
  for (const request of wrong) {
    const [one, other] = [small, edge].map(({ build }) => thrown(() => build(request)));
    assert.deepEqual(one, other);
    assert.equal(one[0], 'InvalidRequest');
  }
  // What it does not do is of the class that the large one has for that.
  const fim = { operation: 'fim', model: 'codestral-2508', prompt: 'x' };
  assert.deepEqual(thrown(() => small.build(fim)), [edge.UnsupportedError.name, 'unsupported', edge.UnsupportedError.name, true]);
  assert.deepEqual(thrown(() => small.check(good(), 7)), thrown(() => edge.check(good(), 7)));
});

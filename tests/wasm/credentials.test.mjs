// A request that brings a credential is refused with its path, and the credential is not repeated.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as small from '../../bindings-wasm/dist/node/chat.js';
import * as edge from '../../bindings-wasm/dist/node/index.js';

const request = { model: 'mistral-small-2603', messages: [{ role: 'user', content: 'hi' }] };
const secret = 'sk-0123456789abcdefghijklmnop';

for (const [what, options, path] of [
  ['authorization', { extraHeaders: { Authorization: `Bearer ${secret}` } }, 'extra_headers'],
  ['x-api-key', { extraHeaders: { 'X-Api-Key': secret } }, 'extra_headers'],
  ['api-key', { extraHeaders: { 'api-key': secret } }, 'extra_headers'],
  ['x-goog-api-key', { extraHeaders: { 'x-goog-api-key': secret } }, 'extra_headers'],
  ['a key in the query', { extraQuery: { key: secret } }, 'extra_query'],
  ['a key in the base URL', { baseURL: `https://user:${secret}@api.mistral.ai` }, 'base_url'],
]) {
  test(`${what} is refused`, () => {
    assert.throws(() => edge.build(request, options), (error) => {
      assert.ok(error instanceof edge.InvalidRequest || error instanceof edge.ConfigurationError, `${error}`);
      assert.ok(error.path?.includes(path), `${error.path}`);
      assert.ok(!JSON.stringify([error.message, error]).includes(secret), 'the credential is repeated');
      return true;
    });
  });
}

test('what is built holds no credential, and says which one is missing', () => {
  const { auth, headers } = edge.build(request);
  assert.deepEqual(Object.keys(headers).filter((name) => /auth|key|cookie/.test(name)), []);
  assert.equal(auth.header, 'authorization');
});

// A value of a known form, wherever it is handed in; only what a user wrote in a prompt, and schemas, are let be.
const text = JSON.stringify;
for (const [what, call, path] of [
  ['check', () => edge.check({ ...request, metadata: { token: secret } }), 'metadata.token'],
  ['check, as text', () => edge.check(text({ ...request, metadata: { a: [secret] } })), 'metadata.a[0]'],
  ['check, by its name', () => edge.check({ ...request, apiKey: 'hunter2' }), 'apiKey'],
  ['check, in the model', () => edge.check({ ...request, model: secret }), 'model'],
  ['build', () => edge.build({ ...request, user: secret }), 'user'],
  ['build, in a header', () => edge.build(request, { extraHeaders: { 'x-forward': secret } }), 'extra_headers.x-forward'],
  ['build, in the query', () => edge.build(request, { extraQuery: { a: secret } }), 'extra_query.a'],
  ['build, in the body', () => edge.build(request, { extraBody: { a: { b: secret } } }), 'extra_body.a.b'],
  ['estimateCost', () => edge.estimateCost({ ...request, metadata: { token: secret } }), 'metadata.token'],
  ['resolve', () => edge.resolve(secret), 'name'],
  ['models.get', () => edge.models.get(secret), 'name'],
  ['models.list', () => edge.models.list({ provider: secret }), 'provider'],
  ['models.recommend', () => edge.models.recommend(secret), 'use'],
  ['parse, in a header', () => edge.parse('mistral', 'chat', 200, { authorization: secret }, '{}'), 'headers.authorization'],
  ['parse, in the provider', () => edge.parse(secret, 'chat', 200, {}, '{}'), 'provider'],
  ['the small entry', () => small.check({ ...request, metadata: { token: secret } }), 'metadata.token'],
  ['the small entry, building', () => small.build({ ...request, user: secret }), 'user'],
]) {
  test(`${what}: a key is refused with its path and not repeated`, () => {
    assert.throws(call, (error) => {
      assert.equal(error.kind, 'invalid_request', `${error}`);
      assert.equal(error.path, path);
      assert.ok(!JSON.stringify([error.message, error.stack, error]).includes(secret), 'the credential is repeated');
      return true;
    });
  });
}

test('a prompt that speaks of a key, and a tool with an argument of that name, are let be', () => {
  const parameters = { type: 'object', properties: { api_key: { type: 'string' } } };
  const tools = [{ type: 'function', function: { name: 'store', parameters } }];
  assert.equal(edge.check({ ...request, tools, messages: [{ role: 'user', content: secret }] }).ok, true);
});

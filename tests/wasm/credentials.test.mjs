// A request that brings a credential is refused with its path, and the credential is not repeated.
import assert from 'node:assert/strict';
import { test } from 'node:test';

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

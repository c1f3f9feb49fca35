// What happens after the module was stopped. A process of its own: no earlier test has left free memory behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as edge from '../../bindings-wasm/dist/node/index.js';
import { running } from '../../bindings-wasm/dist/pkg/tramontane.js';

const good = () => ({ model: 'mistral-small-2603', messages: [{ role: 'user', content: 'hi' }] });

test('after a trap the next call gets a fresh instance, and an older decoder says so', () => {
  const decoder = new edge.Decoder('mistral', 'chat_stream');
  // All the memory there can be: the next allocation stops the module.
  const { memory } = running();
  for (let pages = 32_768; pages > 0; pages >>= 1) {
    try {
      while (true) memory.grow(pages);
    } catch {
      // Fewer, then.
    }
  }
  assert.throws(() => edge.check(JSON.stringify({ ...good(), stop: 'x'.repeat(4_000_000) })), edge.InternalError);
  assert.equal(edge.check(good()).ok, true);
  assert.throws(() => decoder.push('data: {}\n\n'), edge.InternalError);
  assert.equal(edge.check(good()).ok, true);
});

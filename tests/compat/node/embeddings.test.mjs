// The official `@mistralai/mistralai` turns texts into vectors against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { client, sandbox } from './sandbox.mjs';

const { embeddings } = client(sandbox());
const ask = { model: 'codestral-embed', inputs: ['the quick brown fox', 'another'], outputDimension: 64 };

test('vectors of texts', async () => {
  const reply = await embeddings.create(ask);
  assert.deepEqual(reply.data.map((entry) => [entry.index, entry.embedding.length]), [[0, 64], [1, 64]]);
  const square = reply.data[0].embedding.reduce((sum, number) => sum + number * number, 0);
  assert.ok(Math.abs(square - 1) < 1e-5);
  assert.equal(reply.model, ask.model);
  assert.ok(reply.usage.promptTokens > 0);
});

test('vectors of bits', async () => {
  const packed = await embeddings.create({ ...ask, outputDtype: 'ubinary' });
  assert.deepEqual(packed.data.map((entry) => entry.embedding.length), [8, 8]);
});

test('what the API refuses is refused', async () => {
  await assert.rejects(embeddings.create({ model: 'mistral-embed', inputs: Array(257).fill('a') }), { statusCode: 400 });
  await assert.rejects(embeddings.create({ model: 'mistral-embed', inputs: 'a', outputDimension: 64 }), { statusCode: 400 });
});

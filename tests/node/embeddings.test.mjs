// Embeddings from JavaScript: typed arrays over the bytes that came.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Sandbox } from '../../bindings-node/dist/testing.mjs';
import { BadRequestError } from './tramontane.mjs';

const ASK = { model: 'codestral-embed-2505', input: ['the quick brown fox', 'the quick brown dog', 'else'] };

let sandbox;
let client;
before(() => {
  sandbox = new Sandbox();
  client = sandbox.client();
});
after(() => sandbox.close());

const dot = (one, other) => one.reduce((sum, number, at) => sum + number * other[at], 0);

test('texts become vectors', async () => {
  const reply = await client.embeddings.create(ASK);
  const vectors = reply.data.map(({ embedding }) => embedding);
  assert.deepEqual(reply.data.map(({ index }) => index), [0, 1, 2]);
  assert.ok(vectors.every((vector) => vector instanceof Float32Array && vector.length === 1536));
  assert.ok(Math.abs(dot(vectors[0], vectors[0]) - 1) < 1e-5);
  assert.ok(dot(vectors[0], vectors[1]) > 0.5 && dot(vectors[0], vectors[2]) < 0.5);
  assert.equal(vectors[0].buffer, vectors[2].buffer, 'one piece of memory holds all');
  assert.ok(reply.usage.prompt_tokens > 0 && reply.requestId);
  const again = await client.embeddings.create({ ...ASK, input: ASK.input[0] });
  assert.deepEqual(again.data[0].embedding, vectors[0]);
});

test('every dtype, as numbers and in base64', async () => {
  const kinds = { float: Float32Array, int8: Int8Array, uint8: Uint8Array, binary: Int8Array, ubinary: Uint8Array };
  for (const [dtype, kind] of Object.entries(kinds)) {
    const ask = { ...ASK, output_dimension: 72, outputDtype: dtype };
    const numbers = await client.embeddings.create(ask);
    const packed = await client.embeddings.create({ ...ask, encodingFormat: 'base64' });
    for (const { data } of [numbers, packed]) {
      assert.ok(data.every(({ embedding }) => embedding instanceof kind), dtype);
      assert.equal(data[0].embedding.length, dtype.endsWith('binary') ? 9 : 72);
    }
    assert.deepEqual(packed.data, numbers.data);
  }
});

test('a vector is written as an array', async () => {
  const reply = await client.embeddings.create({ ...ASK, output_dimension: 2 });
  const written = JSON.parse(JSON.stringify(reply));
  assert.deepEqual(written.data[1].embedding, Array.from(reply.data[1].embedding));
  assert.deepEqual(Object.keys(reply.data[1].embedding), ['0', '1']);
});

test('what is wrong is refused here and there', async () => {
  const many = { model: 'mistral-embed', input: Array(257).fill('a') };
  await assert.rejects(client.embeddings.create(many), { name: 'InvalidRequest', path: 'input' });
  await assert.rejects(client.embeddings.create(many, { checks: 'off' }), (error) => error instanceof BadRequestError && error.code === '3210');
  await assert.rejects(client.embeddings.create({ ...ASK, dimensions: 64 }), /Mistral calls it `output_dimension`/);
});

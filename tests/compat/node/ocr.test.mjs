// The official `@mistralai/mistralai` reads documents against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { client, sandbox } from './sandbox.mjs';

const mistral = client(sandbox());
const model = 'mistral-ocr-latest';
const document = { type: 'document_url', documentUrl: 'https://example.com/a.pdf' };

test('pages of a document', async () => {
  const read = await mistral.ocr.process({ model, document, pages: '0,2', includeImageBase64: true });
  assert.deepEqual(read.pages.map((page) => page.index), [0, 2]);
  assert.match(read.pages[0].markdown, /https:\/\/example\.com\/a\.pdf/);
  assert.match(read.pages[0].images[0].imageBase64, /^data:image\//);
  assert.equal(read.pages[0].blocks[0].type, 'title');
  assert.equal(read.usageInfo.pagesProcessed, 2);
});

test('annotations, tables and confidence', async () => {
  const jsonSchema = { name: 'doc', schemaDefinition: { type: 'object', properties: { title: { type: 'string' } } } };
  const read = await mistral.ocr.process({
    model,
    document: { type: 'image_url', imageUrl: 'https://example.com/a.png' },
    documentAnnotationFormat: { type: 'json_schema', jsonSchema },
    documentAnnotationPrompt: 'The title.',
    tableFormat: 'markdown',
    confidenceScoresGranularity: 'page',
  });
  assert.equal(read.documentAnnotation, '{"title":"sandbox"}');
  assert.equal(read.pages[0].tables[0].format, 'markdown');
  assert.equal(read.pages[0].confidenceScores.averagePageConfidenceScore, 1);
});

test('what the API refuses is refused', async () => {
  await assert.rejects(mistral.ocr.process({ model: 'mistral-small-2603', document }), { statusCode: 400 });
  await assert.rejects(mistral.ocr.process({ model, document, imageLimit: -1 }), { statusCode: 422 });
  await assert.rejects(mistral.ocr.process({ model, document, documentAnnotationPrompt: 'x' }), { statusCode: 400 });
});

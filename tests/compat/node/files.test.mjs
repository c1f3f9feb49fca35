// The official `@mistralai/mistralai` has files, batches and sound against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, client, sandbox } from './sandbox.mjs';

const mistral = client(sandbox());

/** The text of a download. */
const text = (stream) => new Response(stream).text();

test('files', async () => {
  const made = await mistral.files.upload({ file: { fileName: 'a.pdf', content: new TextEncoder().encode('%PDF-1.7') }, purpose: 'ocr' });
  assert.deepEqual([made.sizeBytes, made.filename, made.purpose], [8, 'a.pdf', 'ocr']);
  const blob = await mistral.files.upload({ file: new File(['%PDF-1.8'], 'b.pdf'), purpose: 'ocr' });
  assert.equal(blob.filename, 'b.pdf');
  assert.equal((await mistral.files.retrieve({ fileId: made.id })).id, made.id);
  assert.equal((await mistral.files.list({ purpose: 'ocr' })).total, 2);
  assert.equal(await text(await mistral.files.download({ fileId: made.id })), '%PDF-1.7');
  assert.ok((await mistral.files.getSignedUrl({ fileId: made.id, expiry: 2 })).url.endsWith(made.id));
  assert.ok((await mistral.files.delete({ fileId: made.id })).deleted);
  await assert.rejects(mistral.files.retrieve({ fileId: made.id }), { statusCode: 404 });
});

test('batches', async () => {
  const requests = [
    { customId: '0', body: { messages: [{ role: 'user', content: 'Hi' }] } },
    { customId: '1', body: { messages: [] } },
  ];
  let job = await mistral.batch.jobs.create({ endpoint: '/v1/chat/completions', model: 'mistral-small-2603', requests });
  for (let look = 0; look < 5; look += 1) job = await mistral.batch.jobs.get({ jobId: job.id });
  assert.deepEqual([job.status, job.succeededRequests, job.failedRequests], ['SUCCESS', 1, 1]);
  assert.match(await text(await mistral.files.download({ fileId: job.outputFile })), /You said: Hi/);
  assert.match(await text(await mistral.files.download({ fileId: job.errorFile })), /at least one message/);
  assert.equal((await mistral.batch.jobs.list()).data.length, 1);
  const { id: jobId } = await mistral.batch.jobs.create({ endpoint: '/v1/chat/completions', model: 'mistral-small-2603', requests });
  assert.equal((await mistral.batch.jobs.cancel({ jobId })).status, 'CANCELLATION_REQUESTED');
  assert.equal((await mistral.batch.jobs.get({ jobId })).status, 'CANCELLED');
  assert.ok((await mistral.batch.jobs.delete({ jobId })).deleted);
  assert.deepEqual((await mistral.batch.jobs.list()).data.map((kept) => kept.id), [job.id]);
});

test('sound', async () => {
  const model = 'voxtral-mini-2602';
  const file = { fileName: 'a.mp3', content: new TextEncoder().encode('ID3') };
  const heard = await mistral.audio.transcriptions.complete({ model, file, timestampGranularities: ['segment'] });
  assert.match(heard.text, /3 bytes of a\.mp3\.$/);
  assert.equal(heard.segments.length, 2);
  const events = await all(await mistral.audio.transcriptions.stream({ model, file }));
  assert.equal(events.at(-1).data.text, heard.text);
  const request = { model: 'voxtral-mini-tts-2603', input: 'Hello' };
  const spoken = await mistral.audio.speech.complete(request);
  assert.equal(Buffer.from(spoken.audioData, 'base64').toString(), 'ID3Hello');
  const pieces = await all(await mistral.audio.speech.complete({ ...request, stream: true }));
  assert.equal(pieces.filter(({ event }) => event === 'speech.audio.delta').map(({ data }) => Buffer.from(data.audioData, 'base64').toString()).join(''), 'ID3Hello');
});

// Files, batches and sound against the sandbox: from every source, and back.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { Sandbox } from '../../bindings-node/dist/testing.mjs';
import {
  APIConnectionError, APITimeoutError, BadRequestError, Client, ConfigurationError, Download, InvalidRequest, NotFoundError,
  RequestCancelledError, SpeechStream, TranscriptionStream, UnprocessableEntityError,
} from './tramontane.mjs';
import { loopback, until } from './loopback.mjs';

let sandbox;
let client;
let folder;
before(() => {
  sandbox = new Sandbox();
  client = sandbox.client();
  folder = mkdtempSync(join(tmpdir(), 'tramontane-files-'));
});
after(() => {
  sandbox.close();
  rmSync(folder, { recursive: true });
});

const model = 'voxtral-mini-2602';
const content = new Uint8Array(randomBytes(1_500_000));
const endpoint = '/v1/chat/completions';
const row = (custom_id, said) => ({ custom_id, body: { messages: said === undefined ? [] : [{ role: 'user', content: said }] } });
const batch = (...requests) => client.batch.create({ endpoint, model: 'mistral-small-2603', requests });

/** Bytes in pieces of odd lengths, an empty one among them. */
async function* pieces() {
  yield content.subarray(0, 7);
  yield new Uint8Array(0);
  for (let at = 7; at < content.length; at += 99_991) yield content.subarray(at, at + 99_991);
}

async function all(events) {
  const collected = [];
  for await (const event of events) collected.push(event);
  return collected;
}

test('a file goes up from every source and comes back', async () => {
  const path = join(folder, 'noise.bin');
  writeFileSync(path, content);
  const web = () => new ReadableStream({ async start(controller) { for await (const piece of pieces()) controller.enqueue(piece); controller.close(); } });
  const sources = {
    path: { file: path },
    'a file URL': { file: pathToFileURL(path) },
    bytes: { file: content, filename: 'noise.bin' },
    'a Buffer': { file: Buffer.from(content), filename: 'noise.bin' },
    'an ArrayBuffer': { file: content.buffer.slice(0), filename: 'noise.bin' },
    'a Blob': { file: new Blob([content]), filename: 'noise.bin' },
    'a File': { file: new File([content], 'noise.bin', { type: 'application/x-noise' }) },
    "a stream of the web's": { file: web(), filename: 'noise.bin' },
    "a stream of Node's": { file: createReadStream(path) },
    'a generator': { file: pieces(), filename: 'noise.bin', contentType: 'application/x-noise' },
    'data': { file: { name: 'noise.bin', data: Buffer.from(content).toString('base64') } },
  };
  for (const [what, source] of Object.entries(sources)) {
    const file = await client.files.upload({ ...source, purpose: 'ocr', expiry: 24 });
    assert.deepEqual([file.bytes, file.filename, file.purpose], [content.length, 'noise.bin', 'ocr'], what);
    assert.ok(file.requestId);
    assert.ok(Buffer.from(content).equals(await client.files.download(file.id).bytes()), what);
  }
});

test('a download is iterated, streamed and saved', async () => {
  const { id } = await client.files.upload({ file: content, filename: 'a.bin', purpose: 'ocr' });
  const download = client.files.download({ fileId: id });
  assert.ok(download instanceof Download);
  assert.equal((await download.opened()).length, content.length);
  assert.ok(download.requestId);
  assert.ok(Buffer.concat(await all(download)).equals(content));
  const response = new Response(client.files.download(id).stream());
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(content));
  const target = join(folder, 'copy');
  assert.equal(await client.files.download(id).save(target), content.length);
  assert.ok(readFileSync(target).equals(content));
  for await (const piece of client.files.download(id)) {
    assert.ok(piece.length > 0);
    break;
  }
  assert.ok((await client.files.delete({ fileId: id })).deleted);
  await assert.rejects(client.files.download(id).bytes(), NotFoundError);
  await assert.rejects(client.files.download(id).opened(), NotFoundError);
  await assert.rejects(client.files.download(id).save(target), NotFoundError);
  await assert.rejects(all(client.files.download(id).stream()), NotFoundError);
  assert.ok(readFileSync(target).equals(content));
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.part')), []);
});

test('what cannot be uploaded says why', async () => {
  const refused = (request, said, kind = InvalidRequest) => assert.rejects(client.files.upload({ purpose: 'ocr', ...request }), (error) => error instanceof kind && said.test(error.message));
  await refused({ file: join(folder, 'nowhere.pdf') }, /there is no such file/);
  await refused({ file: folder }, /is no file that can be read to its end/);
  await refused({ file: new URL('https://example.com/a.pdf') }, /must be a `file:` URL/);
  await refused({ file: content }, /no name; say `filename`/);
  await refused({ file: 7 }, /not a number/);
  await refused({ file: content, filename: 7 }, /`filename` must be a string/);
  await refused({ file: new TextEncoder().encode('no json'), filename: 'rows.jsonl', purpose: 'batch' }, /Invalid file format/, UnprocessableEntityError);
  await refused({ file: (async function* () { yield 'text'; })(), filename: 'a.txt' }, /a piece must be a Uint8Array, not a string/);
});

test('pieces that fail end the upload, and an ended upload ends the pieces', async () => {
  const own = new Error('the disk is gone');
  const failing = async function* () {
    yield content.subarray(0, 100_000);
    throw own;
  };
  await assert.rejects(client.files.upload({ file: failing(), filename: 'a.bin' }), (error) => error instanceof InvalidRequest && /the disk is gone/.test(error.message) && error.cause === own);
  const signal = new AbortController();
  let tidied = false;
  const endless = async function* () {
    try {
      for (let at = 0; ; at += 1) {
        if (at === 20) signal.abort();
        yield content.subarray(0, 100_000);
      }
    } finally {
      tidied = true;
    }
  };
  await assert.rejects(client.files.upload({ file: endless(), filename: 'a.bin' }, { signal: signal.signal }), RequestCancelledError);
  await until(() => tidied, 'the pieces are told that the call is over');
});

test('a download that is left, cancelled or broken closes its connection, and leaves no half a file', async () => {
  let half;
  const server = await loopback((request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '1000000' });
    response.write(content.subarray(0, 300_000));
    if (half) setTimeout(() => response.destroy(), 20);
  });
  const own = new Client({ apiKey: 'k', baseURL: server.baseURL, maxRetries: 0 });
  try {
    for await (const piece of own.files.download('file-1')) {
      assert.ok(piece.length > 0);
      break;
    }
    await until(() => server.open.size === 0, 'leaving the loop closes the connection');
    const aborting = new AbortController();
    const download = own.files.download('file-1', { signal: aborting.signal });
    await download.next();
    aborting.abort();
    await assert.rejects(all(download), RequestCancelledError);
    await until(() => server.open.size === 0, 'the signal closes the connection');
    const reader = own.files.download('file-1').stream().getReader();
    await reader.read();
    await reader.cancel();
    await until(() => server.open.size === 0, 'cancelling the stream closes the connection');
    half = true;
    const target = join(folder, 'half');
    writeFileSync(target, 'before');
    await assert.rejects(own.files.download('file-1').save(target), APIConnectionError);
    assert.equal(readFileSync(target, 'utf8'), 'before');
    await assert.rejects(own.files.download('file-1').save(join(folder, 'no', 'such', 'folder')), ConfigurationError);
    assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.part')), []);
  } finally {
    own.close();
    server.close();
  }
});

test('a download that is read slowly waits at the server, and a large one needs little memory', async () => {
  const piece = Buffer.alloc(1 << 20, 7);
  const total = 300;
  let sent = 0;
  const whole = function* () {
    for (sent = 0; sent < total; sent += 1) yield piece;
  };
  const server = await loopback((request, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': String(total * piece.length) });
    // The first reader leaves before the end.
    pipeline(Readable.from(whole()), response).catch(() => {});
  });
  const own = new Client({ apiKey: 'k', baseURL: server.baseURL });
  try {
    const download = own.files.download('file-1');
    await download.next();
    // Until the server has nowhere to write to.
    for (let before = -1; before !== sent; await delay(200)) before = sent;
    assert.ok(sent < 40, `${sent} MiB went out while nobody read`);
    download.close();
    const before = process.memoryUsage().rss;
    let [most, length] = [0, 0];
    for await (const bytes of own.files.download('file-1')) {
      length += bytes.length;
      most = Math.max(most, process.memoryUsage.rss());
    }
    assert.equal(length, total * piece.length);
    const grown = Math.round((most - before) / (1 << 20));
    assert.ok(grown < 150, `${grown} MiB more memory for ${total} MiB of file`);
  } finally {
    own.close();
    server.close();
  }
});

test('a batch is made, waited for and read', async () => {
  const seen = [];
  const job = await client.batch.wait(await batch(row('a', 'Hello'), row('b')), { onProgress: ({ status }) => seen.push(status), interval: 10 });
  assert.deepEqual(seen, ['QUEUED', 'RUNNING', 'SUCCESS']);
  assert.equal(job.failed_requests, 1);
  for (const source of [job, job.id, await client.batch.get({ jobId: job.id, inline: true })]) {
    const rows = Object.fromEntries((await all(client.batch.results(source))).map((result) => [result.customId, result]));
    assert.deepEqual(Object.keys(rows).sort(), ['a', 'b']);
    assert.match(rows.a.unwrap().text, /You said: Hello$/);
    assert.ok(rows.a.ok && !rows.b.ok && rows.b.error instanceof BadRequestError);
    assert.throws(() => rows.b.unwrap(), /at least one message/);
    // A batch has half the price.
    const { cost, usage } = rows.a.unwrap();
    assert.ok(cost.amount > 0);
    assert.ok(Math.abs(2 * cost.amount - (usage.prompt_tokens * 150 + usage.completion_tokens * 600)) <= 2);
  }
});

test('waiting for a batch ends by itself, by time and by signal', async () => {
  const cancelled = await batch(row('a', 'Hello'));
  assert.equal((await client.batch.cancel({ jobId: cancelled.id })).status, 'CANCELLATION_REQUESTED');
  assert.equal((await client.batch.wait(cancelled.id, { interval: 10 })).status, 'CANCELLED');
  await assert.rejects(client.batch.wait(await batch(row('a', 'Hello')), { timeout: 0 }), (error) => error instanceof APITimeoutError && /the job goes on/.test(error.message));
  const aborting = new AbortController();
  const waiting = client.batch.wait(await batch(row('a', 'Hello')), { interval: 60_000, signal: aborting.signal, onProgress: () => setImmediate(() => aborting.abort()) });
  await assert.rejects(waiting, RequestCancelledError);
  await assert.rejects(client.batch.wait('no-such-job'), NotFoundError);
});

test('a recording is written down, from a file, a URL and an id', async () => {
  const file = new File(['ID3'], 'a.mp3');
  const reply = await client.audio.transcriptions.create({ model, file, timestampGranularities: ['segment'] });
  assert.match(reply.text, /It was given 3 bytes of a\.mp3\.$/);
  assert.equal(reply.segments.length, 2);
  assert.ok((await client.audio.transcriptions.create({ model, fileUrl: 'https://example.com/a.mp3' })).text);
  const { id } = await client.files.upload({ file, purpose: 'audio' });
  assert.match((await client.audio.transcriptions.create({ model, fileId: id })).text, /3 bytes/);
  await assert.rejects(client.audio.transcriptions.create({ model }), InvalidRequest);
  await assert.rejects(client.audio.transcriptions.create({ model, file: join(folder, 'nowhere.mp3') }), /there is no such file/);
});

test('a recording is written down in pieces', async () => {
  const ask = () => client.audio.transcriptions.stream({ model, file: (async function* () { yield new TextEncoder().encode('ID3'); })(), filename: 'a.mp3' });
  const stream = ask();
  assert.ok(stream instanceof TranscriptionStream);
  const kinds = new Set((await all(stream)).map(({ type }) => type));
  assert.deepEqual([...kinds].sort(), ['transcription.done', 'transcription.language', 'transcription.text.delta']);
  const final = await stream.final();
  assert.match(final.text, /3 bytes of a\.mp3/);
  assert.equal((await all(ask().textStream())).join(''), final.text);
  const nowhere = client.audio.transcriptions.stream({ model, file: join(folder, 'nowhere.mp3') });
  await assert.rejects(nowhere.next(), /there is no such file/);
});

test('a text is spoken, at once and in pieces', async () => {
  const request = { model: 'voxtral-mini-tts-2603', input: 'Hello' };
  const spoken = await client.audio.speech.create(request);
  assert.deepEqual(spoken.audio, new TextEncoder().encode('ID3Hello'));
  assert.ok(!Object.keys(spoken).includes('audio'));
  // By the character, which the answer does not count.
  assert.equal(spoken.cost.amount, request.input.length * 16_000);
  const stream = client.audio.speech.stream(request);
  assert.ok(stream instanceof SpeechStream);
  assert.equal(Buffer.concat(await all(stream.audioStream())).toString(), 'ID3Hello');
  const whole = await stream.final();
  assert.deepEqual(whole.audio, spoken.audio);
  assert.equal(whole.cost.amount, spoken.cost.amount);
});

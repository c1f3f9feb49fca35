// What a process sees: workers, exits, warnings, modules.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

import { chat, chunk, completion, events, frame, json, loopback, until } from './loopback.mjs';
import * as tramontane from './tramontane.mjs';

const door = new URL('../../bindings-node/dist/index.mjs', import.meta.url).href;

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

/** Runs a program in a process of its own; it must end by itself. */
async function run(program, ...flags) {
  const source = `
    import { Client, check } from ${JSON.stringify(door)};
    const client = new Client({ apiKey: 'k', baseURL: ${JSON.stringify(server.baseURL)}, maxRetries: 0 });
    const request = ${JSON.stringify(chat())};
    ${program}`;
  return promisify(execFile)(process.execPath, [...flags, '--input-type=module', '--eval', source], { timeout: 20_000 });
}

const endless = (_, response) => {
  events(response);
  const timer = setInterval(() => response.write(frame(chunk('x'))), 2);
  response.on('close', () => clearInterval(timer));
};

test('a process waits for its calls, and for nothing else', async () => {
  answer = (_, response) => setTimeout(() => json(response, 200, completion), 200);
  assert.equal((await run(`console.log((await client.chat.complete(request)).text)`)).stdout, 'Emmental.\n');
  assert.equal((await run(`client.chat.complete(request).then((reply) => console.log(reply.text))`)).stdout, 'Emmental.\n');
});

test('a process ends with a stream open', async () => {
  answer = endless;
  const { stdout } = await run(`
    const stream = client.chat.stream(request);
    const { value } = await stream.next();
    console.log(value.choices[0].delta.content);`);
  assert.equal(stdout, 'x\n');
  await until(() => server.open.size === 0, 'the connection is closed');
  await run(`for await (const event of client.chat.stream(request)) process.exit(0)`);
  await run(`client.chat.stream(request)`);
});

test('a dropped stream is closed by the collector', async () => {
  answer = endless;
  const { stdout } = await run(
    `
    await (async () => { await client.chat.stream(request).next(); })();
    for (let round = 0; round < 20; round++) { await new Promise((resolve) => setTimeout(resolve, 20)); gc(); }
    console.log('collected');
    await new Promise((resolve) => setTimeout(resolve, 300));`,
    '--expose-gc',
  );
  assert.equal(stdout, 'collected\n');
  await until(() => server.open.size === 0, 'the connection is closed');
});

test('workers have clients of their own', async () => {
  answer = (_, response, body) => json(response, 200, { ...completion, id: JSON.parse(body).messages[0].content });
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    (async () => {
      const { Client } = await import(workerData.door);
      const client = new Client({ apiKey: 'k', baseURL: workerData.baseURL });
      const ids = [];
      for (let at = 0; at < 20; at++) ids.push((await client.chat.complete({ ...workerData.request, messages: [{ role: 'user', content: workerData.name + at }] })).id);
      parentPort.postMessage(ids);
    })();`;
  const work = (name) =>
    new Promise((resolve, reject) => {
      let ids;
      const worker = new Worker(program, { eval: true, workerData: { door, baseURL: server.baseURL, request: chat(), name } });
      worker.on('message', (message) => (ids = message));
      worker.on('error', reject);
      worker.on('exit', (code) => (code === 0 ? resolve(ids) : reject(new Error(`exit ${code}`))));
    });
  const names = ['a', 'b', 'c', 'd'];
  const all = await Promise.all(names.map(work));
  all.forEach((ids, at) => assert.deepEqual(ids, Array.from({ length: 20 }, (_, n) => `${names[at]}${n}`)));
});

test('a worker that is terminated leaves no connection', async () => {
  answer = endless;
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    (async () => {
      const { Client } = await import(workerData.door);
      const stream = new Client({ apiKey: 'k', baseURL: workerData.baseURL }).chat.stream(workerData.request);
      for await (const event of stream) parentPort.postMessage(event);
    })();`;
  const worker = new Worker(program, { eval: true, workerData: { door, baseURL: server.baseURL, request: chat() } });
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  await until(() => server.open.size === 0, 'the connection is closed');
});

test('a key in a worker comes from the environment of the worker', async () => {
  answer = (_, response) => json(response, 200, completion);
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    (async () => {
      const { Client } = await import(workerData.door);
      await new Client({ baseURL: workerData.baseURL }).chat.complete(workerData.request);
    })();`;
  const worker = new Worker(program, { eval: true, env: { MISTRAL_API_KEY: 'of-the-worker' }, workerData: { door, baseURL: server.baseURL, request: chat() } });
  const [code] = await new Promise((resolve, reject) => worker.on('error', reject).on('exit', (...exit) => resolve(exit)));
  assert.equal(code, 0);
  assert.equal(server.requests.at(-1).headers.authorization, 'Bearer of-the-worker');
});

test('a warning is told once for each rule and model', async () => {
  answer = (_, response) => json(response, 200, completion);
  const { stdout, stderr } = await run(`
    process.on('warning', (warning) => console.log(warning.name, warning.code));
    for (let at = 0; at < 3; at++) {
      const reply = await client.chat.complete({ ...request, model: 'mistral-small-latest' });
      if (reply.warnings.length === 0) throw new Error('no warning in the answer');
    }
    await client.chat.stream({ ...request, model: 'mistral-small-latest' }).final().catch(() => {});`);
  const told = stdout.trim().split('\n');
  assert.equal(told.length, new Set(told).size, stdout);
  assert.ok(told.includes('TramontaneWarning TRAMONTANE_FLOATING_ALIAS'), stdout);
  assert.match(stderr, /mistral-small-latest/);
});

test('deprecated models are told as such', async () => {
  answer = (_, response) => json(response, 200, completion);
  const on = '2026-03-01';
  const old = tramontane.models.list({ status: 'deprecated', on })[0]?.id;
  assert.ok(old, `the catalogue has a model that was deprecated on ${on}`);
  const { stdout } = await run(`
    process.on('warning', (warning) => console.log(warning.name, warning.code));
    await client.chat.complete({ ...request, model: ${JSON.stringify(old)} }, { on: '${on}' });`, '--no-warnings');
  assert.match(stdout, /DeprecationWarning TRAMONTANE_DEPRECATED_MODEL/);
});

test('require and import give the same package', async () => {
  const required = tramontane.requireFromPackage('tramontane');
  assert.equal(required.Client, tramontane.Client);
  assert.equal(required.InvalidRequest, tramontane.InvalidRequest);
  assert.deepEqual(Object.keys(required).sort(), Object.keys(await import(door)).sort());
  assert.match(tramontane.requireFromPackage.resolve('tramontane'), /dist[\\/]index\.js$/);
  assert.ok(fileURLToPath(door).endsWith('index.mjs'));
});

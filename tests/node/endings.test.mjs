// Files on their way when something ends: the process, a worker, a signal, a timeout, or whoever read them. And what a process
// brings along for the way to the server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

import { AUTHORITY, h2 } from './h2.mjs';
import { chat, completion, json, loopback, until } from './loopback.mjs';
import { APITimeoutError, Client, RequestCancelledError } from './tramontane.mjs';

const door = new URL('../../bindings-node/dist/index.mjs', import.meta.url).href;

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

/** Half a file, and then nothing. */
const half = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 1_000_000 });
  response.write(Buffer.alloc(300_000));
};
const client = (more = {}) => new Client({ apiKey: 'k', baseURL: server.baseURL, maxRetries: 0, ...more });
const closed = () => until(() => server.open.size === 0, 'the connection is closed');

/** Runs a program in a process of its own; it must end by itself. */
async function run(program, { flags = [], env = {}, baseURL = server.baseURL, options = {} } = {}) {
  const source = `
    import { Client } from ${JSON.stringify(door)};
    const client = new Client(${JSON.stringify({ apiKey: 'k', baseURL, maxRetries: 0, ...options })});
    const request = ${JSON.stringify(chat())};
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    let unhandled = 0;
    process.on('unhandledRejection', () => unhandled++);
    process.on('exit', () => console.log(unhandled));
    ${program}`;
  const done = await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '--eval', source], { timeout: 20_000, env: { ...process.env, ...env } });
  return done.stdout.trim();
}

test('a process ends with a download open, and with an upload under way', async () => {
  answer = half;
  for (const program of [
    `await client.files.download('f').next();`,
    `client.files.download('f');`,
    `for await (const piece of client.files.download('f')) process.exit(0);`,
    `client.files.upload({ file: new Blob(['x'.repeat(1_000_000)]), filename: 'a.bin' }).catch(() => {}); setTimeout(() => process.exit(0), 200);`,
    `client.files.download('f').save('/dev/null/nowhere').catch(() => {});`,
  ]) {
    assert.equal(await run(program), '0', program);
    await closed();
  }
});

test('a download that fails tells whoever reads it, and nobody else', async () => {
  answer = (_, response) => {
    half(_, response);
    setTimeout(() => response.socket?.resetAndDestroy(), 50);
  };
  for (const program of [
    `client.files.download('f');`,
    `const download = client.files.download('f'); await download.opened();`,
    `await client.files.download('f').bytes().catch(() => {});`,
    `try { for await (const piece of client.files.download('f')); } catch {}`,
    `await new Response(client.files.download('f').stream()).arrayBuffer().catch(() => {});`,
    `const download = client.files.download('f'); await Promise.allSettled([download.bytes(), download.bytes()]);`,
  ]) {
    assert.equal(await run(`${program} await wait(200);`), '0', program);
  }
  assert.equal(await run(`client.files.download('f').bytes(); await wait(400);`), '1');
});

test('a dropped download is closed by the collector', async () => {
  answer = half;
  const said = await run(
    `
    await (async () => { await client.files.download('f').next(); })();
    for (let round = 0; round < 20; round++) { await wait(20); gc(); }
    console.log('collected');
    await wait(300);`,
    { flags: ['--expose-gc'] },
  );
  assert.equal(said, 'collected\n0');
  await closed();
});

test('a worker that is terminated leaves no call, stream, download or upload', async () => {
  for (const [what, how] of [
    ['chat.complete(workerData.request)', () => {}],
    ['chat.stream(workerData.request).final()', () => {}],
    ["files.download('f').bytes()", half],
    ["files.upload({ file: new Blob(['x'.repeat(100)]), filename: 'a.bin' })", () => {}],
  ]) {
    answer = how;
    const program = `
      const { workerData } = require('node:worker_threads');
      import(workerData.door).then(({ Client }) => new Client({ apiKey: 'k', baseURL: workerData.baseURL }).${what});`;
    const worker = new Worker(program, { eval: true, workerData: { door, baseURL: server.baseURL, request: chat() } });
    await until(() => server.open.size === 1, `the server is asked by ${what}`);
    await worker.terminate();
    await closed();
  }
});

test('a signal and a timeout hold beside each other, for streams and files too', async () => {
  const patient = () => ({ signal: AbortSignal.timeout(15_000), timeout: 150 });
  const hurried = () => ({ signal: AbortSignal.timeout(150), timeout: 15_000 });
  const ways = {
    'a call': (options) => client().chat.complete(chat(), options),
    'a stream': (options) => client().chat.stream(chat(), options).final(),
    'a download': (options) => client().files.download('f', options).bytes(),
    'an upload': (options) => client().files.upload({ file: new Blob(['x']), filename: 'a.bin' }, options),
  };
  for (const [name, way] of Object.entries(ways)) {
    answer = name === 'a download' ? half : () => {};
    await assert.rejects(way(patient()), (error) => error instanceof APITimeoutError, `${name}: the timeout`);
    await closed();
    await assert.rejects(way(hurried()), (error) => error instanceof RequestCancelledError && error.cause?.name === 'TimeoutError', `${name}: the signal`);
    await closed();
  }
});

test('a proxy of the environment, and whom the system trusts', async () => {
  const asked = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    json(response, 200, completion);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const served = await h2(() => {});
  const clean = Object.fromEntries(['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [[name, undefined], [name.toUpperCase(), undefined]]));
  const call = `console.log((await client.chat.complete(request).catch((error) => error.kind)).text ?? 'refused');`;
  try {
    const http_proxy = `http://127.0.0.1:${proxy.address().port}`;
    const baseURL = 'http://api.example.invalid';
    assert.equal(await run(call, { baseURL, env: { ...clean, http_proxy } }), 'Emmental.\n0');
    assert.deepEqual(asked, ['POST http://api.example.invalid/v1/chat/completions']);
    assert.equal(await run(call, { baseURL, env: { ...clean, http_proxy, no_proxy: 'example.invalid' } }), 'refused\n0');
    assert.equal(asked.length, 1);
    assert.equal(await run(call, { baseURL: served.url, env: clean }), 'refused\n0');
    if (process.platform === 'linux') {
      assert.equal(await run(call, { baseURL: served.url, env: { ...clean, SSL_CERT_FILE: AUTHORITY } }), 'Emmental.\n0');
    }
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    served.close();
  }
});

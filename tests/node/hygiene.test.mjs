// Promises that fail: each is told once, to whoever holds it, and to nobody else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';

import { chat, chunk, events, frame, json, loopback } from './loopback.mjs';

const door = new URL('../../bindings-node/dist/index.mjs', import.meta.url).href;

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

/** Runs a program that counts the rejections nobody handled; gives its exit code and what it said. */
function run(program, counts = true) {
  const source = `
    import { Client } from ${JSON.stringify(door)};
    const client = new Client({ apiKey: 'k', baseURL: ${JSON.stringify(server.baseURL)}, maxRetries: 0 });
    const request = ${JSON.stringify(chat())};
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    let unhandled = 0, late = 0;
    if (${counts}) {
      process.on('unhandledRejection', () => unhandled++);
      process.on('rejectionHandled', () => late++);
      process.on('exit', () => console.log(unhandled, late));
    }
    ${program}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', source], { timeout: 20_000 }, (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout: stdout.trim(), stderr }));
  });
}

const refuse = (_, response) => json(response, 400, { object: 'error', message: 'no', type: 'x', code: '1' });
const breakOff = (_, response) => {
  events(response).write(frame(chunk('Em')));
  setTimeout(() => response.socket.resetAndDestroy(), 50);
};

test('a call whose failure is handled leaves nothing unhandled', async () => {
  answer = refuse;
  assert.equal((await run(`await client.chat.complete(request).catch(() => {}); await wait(100);`)).stdout, '0 0');
  assert.equal((await run(`try { await client.chat.complete(request); } catch {} await wait(100);`)).stdout, '0 0');
});

test('a call that nobody awaits is one unhandled rejection', async () => {
  answer = refuse;
  assert.equal((await run(`client.chat.complete(request); await wait(300);`)).stdout, '1 0');
  const crashed = await run(`client.chat.complete(request); await wait(3000);`, false);
  assert.equal(crashed.code, 1);
  assert.match(crashed.stderr, /BadRequestError/);
});

for (const [name, how] of [['refused', refuse], ['broken off', breakOff]]) {
  test(`a stream that is ${name} tells whoever reads it, and nobody else`, async () => {
    answer = how;
    const handled = [
      `try { for await (const event of client.chat.stream(request)); } catch {}`,
      `await client.chat.stream(request).final().catch(() => {});`,
      `const stream = client.chat.stream(request); try { for await (const event of stream); } catch {} await stream.final().catch(() => {});`,
      `const stream = client.chat.stream(request); await Promise.allSettled([stream.final(), stream.final()]);`,
      `try { for await (const text of client.chat.stream(request).textStream()); } catch {}`,
    ];
    for (const program of handled) {
      const { stdout, stderr, code } = await run(`${program} await wait(150);`);
      assert.deepEqual([stdout, code], ['0 0', 0], `${program}\n${stderr}`);
    }
  });

  test(`a stream that is ${name} and that nobody reads does not end the process`, async () => {
    answer = how;
    const { code, stderr } = await run(`const stream = client.chat.stream(request); await wait(400);`, false);
    assert.equal(code, 0, stderr);
  });
}

test('a signal that aborts a call nobody waits for any more leaves nothing unhandled', async () => {
  answer = (_, response) => setTimeout(() => json(response, 200, {}), 5000);
  const { stdout } = await run(`
    const abort = new AbortController();
    const call = client.chat.complete(request, { signal: abort.signal, timeout: 4000 }).catch((error) => error.kind);
    await wait(100);
    abort.abort();
    if ((await call) !== 'cancelled') throw new Error(await call);
    await wait(100);
    process.exit();`);
  assert.equal(stdout, '0 0');
});

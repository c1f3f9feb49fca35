// The sandbox from JavaScript, and the command from npm.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Sandbox } from '../../bindings-node/dist/testing.mjs';
import { chat } from './loopback.mjs';
import { APIConnectionError, APIStatusError, AuthenticationError, Client, packageFolder, requireFromPackage, TramontaneError } from './tramontane.mjs';

let sandbox;
before(() => (sandbox = new Sandbox()));
after(() => sandbox.close());

test('a chat and a stream against the sandbox', async () => {
  const client = sandbox.client();
  const reply = await client.chat.complete(chat());
  assert.match(reply.text, /sandbox/i);
  assert.equal(reply.choices[0].finish_reason, 'stop');
  assert.ok(reply.usage.total_tokens > 0);
  let text = '';
  const stream = client.chat.stream(chat());
  for await (const piece of stream.textStream()) text += piece;
  assert.equal(text, reply.text);
  assert.equal((await stream.final()).text, reply.text);
});

test('code is filled in, whole and as a stream', async () => {
  const client = sandbox.client();
  const request = { model: 'codestral-2508', prompt: 'def add(', suffix: 'return a + b' };
  const reply = await client.fim.complete({ ...request, maxTokens: 200 });
  assert.match(reply.text, /between "def add\(" and "return a \+ b"/);
  const stream = client.fim.stream({ ...request, operation: 'fim_stream' });
  let text = '';
  for await (const piece of stream.textStream()) text += piece;
  assert.equal(text, reply.text);
  assert.equal((await stream.final()).usage.total_tokens, reply.usage.total_tokens);
  const refused = { name: 'InvalidRequest', path: 'model' };
  await assert.rejects(client.fim.complete({ ...request, model: 'mistral-small-2603' }), refused);
  await assert.rejects(client.fim.stream({ ...request, model: 'mistral-small-2603' }).final(), refused);
  await assert.rejects(client.fim.complete({ ...request, operation: 'fim_stream' }), { path: 'operation' });
});

test('the sandbox refuses what the API refuses', async () => {
  await assert.rejects(sandbox.client({ checks: 'off' }).chat.complete({ ...chat(), temperature: 9 }), APIStatusError);
  const own = new Sandbox({ key: 'the-only-key' });
  assert.equal(own.apiKey, 'the-only-key');
  await assert.rejects(new Client({ apiKey: 'another', baseURL: own.url }).chat.complete(chat()), AuthenticationError);
  await own.client().chat.complete(chat());
  own.close();
  own.close();
  await assert.rejects(own.client({ maxRetries: 0 }).chat.complete(chat()), APIConnectionError);
});

test('options of a sandbox are looked at', () => {
  for (const options of [{ port: -1 }, { port: 'x' }, { pace: 'slow' }, { nonsense: 1 }]) assert.throws(() => new Sandbox(options), TramontaneError);
});

test('require and import give the same sandbox', () => {
  assert.equal(requireFromPackage('tramontane/testing').Sandbox, Sandbox);
});

/** Runs the command of the package. */
const tramontane = (args, input) =>
  spawnSync(process.execPath, [join(packageFolder, requireFromPackage('tramontane/package.json').bin.tramontane), ...args], { encoding: 'utf8', input });

test('the command checks, resolves and chats', () => {
  const version = tramontane(['--version']);
  assert.deepEqual([version.status, version.stdout.trim()], [0, `tramontane ${requireFromPackage('tramontane/package.json').version}`]);
  assert.equal(tramontane(['check', '-'], JSON.stringify(chat())).status, 0);
  const refused = tramontane(['check', '-'], JSON.stringify({ ...chat(), temperature: 9 }));
  assert.equal(refused.status, 1, refused.stderr);
  assert.match(refused.stdout + refused.stderr, /temperature/);
  assert.match(tramontane(['models', 'resolve', 'mistral-small-4']).stdout, /mistral-small-2603/);
  assert.match(tramontane(['chat', 'Which cheese?', '--sandbox']).stdout, /sandbox/i);
  assert.equal(tramontane(['no-such-command']).status, 2);
});

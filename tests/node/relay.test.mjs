// What an edge function built, sent by a client that has the key.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Sandbox } from '../../bindings-node/dist/testing.mjs';
import { build, ChatStream, Client, ConversationStream, InvalidRequest, SpeechStream, TramontaneError } from './tramontane.mjs';
import { chat, completion, json, loopback } from './loopback.mjs';

let answer;
let server;
before(async () => (server = await loopback((...exchange) => answer(...exchange))));
after(() => server.close());

const client = () => new Client({ apiKey: 'test-key', baseURL: server.baseURL, maxRetries: 0 });

test('what was built is sent with the key, as data, as text and as bytes', async () => {
  const prepared = build({ ...chat(), maxTokens: 9 });
  const text = JSON.stringify(prepared);
  for (const form of [prepared, text, new TextEncoder().encode(text)]) {
    let seen;
    answer = (request, response) => {
      seen = request;
      json(response, 200, completion);
    };
    const reply = await client().send(form);
    assert.equal(reply.text, 'Emmental.');
    assert.equal(seen.headers.authorization, 'Bearer test-key');
    assert.equal(seen.url, '/v1/chat/completions');
  }
});

test('a stream comes through event by event', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const word of ['Emm', 'ental.']) {
      response.write(`data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'mistral-small-2603', choices: [{ index: 0, delta: { content: word }, finish_reason: word === 'ental.' ? 'stop' : null }] })}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  };
  const stream = await client().send(build({ ...chat(), stream: true }));
  assert.ok(stream instanceof ChatStream);
  let text = '';
  for await (const event of stream) text += event.text;
  assert.equal(text, 'Emmental.');
});

test('each operation comes back as its own method gives it', async () => {
  const sandbox = new Sandbox();
  const talking = sandbox.client();
  const [talk, spoken] = [{ model: 'mistral-small-2603', inputs: 'Hello' }, { model: 'voxtral-mini-tts-2603', input: 'Hello' }];
  try {
    for (const [operation, fields, kind] of [['conversations_start_stream', talk, ConversationStream], ['audio_speech_stream', spoken, SpeechStream], ['fim_stream', { model: 'codestral-2508', prompt: 'a' }, ChatStream]]) {
      const stream = await talking.send(build({ operation, ...fields }));
      assert.ok(stream instanceof kind, operation);
      await stream.next();
      assert.ok(stream.partial);
      assert.ok(await stream.final());
    }
    assert.equal(Buffer.from((await (await talking.send(build({ operation: 'audio_speech_stream', ...spoken }))).final()).audio).toString(), 'ID3Hello');
    assert.equal(Buffer.from((await talking.send(build({ operation: 'audio_speech', ...spoken }))).audio).toString(), 'ID3Hello');
    const said = await talking.send(build({ operation: 'conversations_start', ...talk }));
    assert.match(said.text, /Hello/);
    assert.deepEqual(said.functionCalls, []);
    for (const operation of ['wind_stream', 'constructor', '__proto__']) {
      await assert.rejects(talking.send(JSON.stringify({ ...build(chat()), operation })), TramontaneError);
    }
  } finally {
    sandbox.close();
  }
});

test('another place, an added credential and a bad body are refused before anything is sent', async () => {
  answer = () => assert.fail('something was sent');
  const secret = 'sk-proj-0123456789abcdefghij';
  const built = build(chat());
  for (const [changes, path] of [
    [{ url: 'https://evil.example/v1/chat/completions' }, 'url'],
    [{ url: `${built.url}?key=${secret}` }, 'url'],
    [{ method: 'DELETE' }, 'method'],
    [{ headers: { ...built.headers, authorization: `Bearer ${secret}` } }, 'headers.authorization'],
    [{ body: { ...built.body, metadata: { token: secret } } }, 'body.metadata.token'],
    [{ body: { ...built.body, seed: 7 } }, 'seed'],
    [{ operation: undefined }, 'operation'],
  ]) {
    await assert.rejects(client().send(JSON.stringify({ ...built, ...changes })), (error) => {
      assert.ok(error instanceof InvalidRequest, `${error}`);
      assert.equal(error.path, path);
      assert.ok(!JSON.stringify([error.message, error]).includes(secret), 'the credential is repeated');
      return true;
    });
  }
  await assert.rejects(client().send('{'), InvalidRequest);
});

// The official `@mistralai/mistralai` completes, streams, parses and calls tools against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { z } from 'zod';

import { all, client, sandbox } from './sandbox.mjs';

const running = sandbox();
const mistral = client(running);

const model = 'mistral-small-2603';
const messages = [{ role: 'user', content: 'Hello' }];
const answer = 'This is the tramontane sandbox, not a model. You said: Hello';
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Says the weather.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

test('a chat', async () => {
  const reply = await mistral.chat.complete({ model, messages });
  assert.equal(reply.choices[0].message.content, answer);
  assert.equal(reply.choices[0].finishReason, 'stop');
  assert.equal(reply.usage.totalTokens, reply.usage.promptTokens + reply.usage.completionTokens);
});

test('a stream', async () => {
  const events = await all(await mistral.chat.stream({ model, messages }));
  assert.equal(events.map((event) => event.data.choices[0].delta.content).join(''), answer);
  assert.equal(events.at(-1).data.choices[0].finishReason, 'stop');
  assert.ok(events.at(-1).data.usage.totalTokens > 0);
});

test('a call of a tool and its result', async () => {
  const asked = [{ role: 'user', content: 'What is the weather in Paris?' }];
  const reply = await mistral.chat.complete({ model, messages: asked, tools: [weather] });
  const [call] = reply.choices[0].message.toolCalls;
  assert.equal(call.function.name, 'get_weather');
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'sandbox' });
  const result = { role: 'tool', toolCallId: call.id, name: 'get_weather', content: 'sunny' };
  const after = await mistral.chat.complete({ model, messages: [...asked, { ...reply.choices[0].message }, result], tools: [weather] });
  assert.match(after.choices[0].message.content, /The tool answered: sunny$/);
});

test('an answer parsed into a schema', async () => {
  const responseFormat = z.object({ name: z.string(), age: z.number() });
  const reply = await mistral.chat.parse({ model, messages, responseFormat });
  assert.equal(reply.choices[0].message.parsed.name, 'sandbox');
});

test('models', async () => {
  const listed = await mistral.models.list();
  assert.ok(listed.data.some((card) => card.id === 'mistral-small-latest' && card.name === model));
  assert.ok((await mistral.models.retrieve({ modelId: model })).capabilities.functionCalling);
  const modelId = 'ft:open-mistral-7b:a b/c:2025';
  assert.deepEqual(await mistral.models.delete({ modelId }), { id: modelId, object: 'model', deleted: true });
  await assert.rejects(mistral.models.delete({ modelId: model }), { statusCode: 404 });
});

test('what the API refuses is refused in its words', async () => {
  const refused = async (fields, status, says) => {
    await assert.rejects(mistral.chat.complete({ model, messages, ...fields }), (error) => {
      assert.equal(error.statusCode, status);
      assert.match(error.body, says);
      return true;
    });
  };
  await refused({ model: 'no-such-model' }, 400, /Invalid model/);
  await refused({ messages: [...messages, { role: 'assistant', content: 'Hi' }] }, 400, /Expected last role/);
  await refused({ temperature: 9 }, 422, /1\.5/);
});

test('a wrong key is refused', async () => {
  await assert.rejects(client(running, 'another').chat.complete({ model, messages }), { statusCode: 401 });
});

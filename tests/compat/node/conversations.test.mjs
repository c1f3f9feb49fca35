// The official `@mistralai/mistralai` holds conversations against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, client, sandbox } from './sandbox.mjs';

const { conversations } = client(sandbox()).beta;
const model = 'mistral-small-2603';
const weather = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};

test('a conversation from beginning to end', async () => {
  const first = await conversations.start({ model, inputs: 'Hello', name: 'n', metadata: { k: 'v' } });
  const { conversationId } = first;
  assert.match(first.outputs[0].content, /You said: Hello$/);
  assert.ok(first.usage.totalTokens > 0);
  const second = await conversations.append({ conversationId, conversationAppendRequest: { inputs: [{ role: 'user', content: 'More' }] } });
  assert.match(second.outputs[0].content, /You said: More$/);
  const history = await conversations.getHistory({ conversationId });
  assert.deepEqual(history.entries.map((entry) => entry.type), ['message.input', 'message.output', 'message.input', 'message.output']);
  const { messages } = await conversations.getMessages({ conversationId });
  const again = await conversations.restart({ conversationId, conversationRestartRequest: { fromEntryId: messages[1].id, inputs: 'Again' } });
  assert.notEqual(again.conversationId, conversationId);
  const got = await conversations.get({ conversationId });
  assert.deepEqual([got.id, got.model, got.name], [conversationId, model, 'n']);
  assert.ok((await conversations.list({ metadata: { k: 'v' } })).some((one) => one.id === conversationId));
  await conversations.delete({ conversationId });
  await assert.rejects(conversations.get({ conversationId }), { statusCode: 404 });
});

test('streams have named events', async () => {
  const read = async (stream) => {
    const events = await all(await stream);
    assert.equal(events[0].event, 'conversation.response.started');
    assert.equal(events.at(-1).event, 'conversation.response.done');
    const text = events.filter((event) => event.event === 'message.output.delta').map((event) => event.data.content).join('');
    return { conversationId: events[0].data.conversationId, text };
  };
  const { conversationId, text } = await read(conversations.startStream({ model, inputs: 'Hello' }));
  assert.match(text, /You said: Hello$/);
  const more = await read(conversations.appendStream({ conversationId, conversationAppendStreamRequest: { inputs: 'More' } }));
  assert.match(more.text, /You said: More$/);
  const { messages } = await conversations.getMessages({ conversationId });
  const conversationRestartStreamRequest = { fromEntryId: messages[0].id, inputs: 'Again' };
  const again = await read(conversations.restartStream({ conversationId, conversationRestartStreamRequest }));
  assert.notEqual(again.conversationId, conversationId);
});

test('functions are called and answered', async () => {
  const asked = await conversations.start({ model, inputs: 'What is the weather?', tools: [weather] });
  const [call] = asked.outputs;
  assert.deepEqual([call.type, call.name], ['function.call', 'get_weather']);
  const inputs = [{ type: 'function.result', toolCallId: call.toolCallId, result: 'sunny' }];
  const answered = await conversations.append({ conversationId: asked.conversationId, conversationAppendRequest: { inputs } });
  assert.match(answered.outputs[0].content, /The tool answered: sunny$/);
});

test('the provider runs its own tools, and connectors after a yes', async () => {
  const searched = await conversations.start({ model, inputs: 'Search!', tools: [{ type: 'web_search' }] });
  assert.deepEqual(searched.outputs.map((entry) => entry.type), ['tool.execution', 'message.output']);
  assert.deepEqual(searched.usage.connectors, { web_search: 1 });
  const toolConfiguration = { requiresConfirmation: ['ask_question'] };
  const tools = [{ type: 'connector', connectorId: 'my_deepwiki', authorization: { type: 'api-key', value: 'k' }, toolConfiguration }];
  const asked = await conversations.start({ model, inputs: 'Ask the connector', tools });
  assert.equal(asked.outputs[0].confirmationStatus, 'pending');
  const toolConfirmations = [{ toolCallId: asked.outputs[0].toolCallId, confirmation: 'deny' }];
  const denied = await conversations.append({ conversationId: asked.conversationId, conversationAppendRequest: { toolConfirmations } });
  assert.ok(denied.outputs.every((entry) => entry.type !== 'tool.execution'));
});

test('what the API refuses is refused', async () => {
  await assert.rejects(conversations.start({ inputs: 'Hello' }), { statusCode: 400 });
  await assert.rejects(conversations.start({ model, inputs: 'Hello', completionArgs: { temperature: 1.2 } }), { statusCode: 422 });
});

// Documents that are read and conversations that are held, against the sandbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Sandbox } from '../../bindings-node/dist/testing.mjs';
import { ConversationStream, InvalidRequest, NotFoundError } from './tramontane.mjs';

let sandbox;
let client;
before(() => {
  sandbox = new Sandbox();
  client = sandbox.client();
});
after(() => sandbox.close());

const model = 'mistral-small-2603';
const document = { type: 'document_url', documentUrl: 'https://example.com/a.pdf' };

test('a document is read', async () => {
  const read = await client.ocr.process({ model: 'mistral-ocr-latest', document, pages: [0, 2], tableFormat: 'html' });
  assert.deepEqual(read.pages.map((page) => page.index), [0, 2]);
  assert.match(read.markdown, /^# Page 0[\s\S]*# Page 2/);
  assert.equal(read.pages[0].tables[0].format, 'html');
  assert.ok(read.requestId);
  assert.equal(read.cost.amount, 2 * 4_000_000);
  const schema = { type: 'object', properties: { title: { type: 'string' } } };
  const format = { type: 'json_schema', json_schema: { name: 'about', schema } };
  const annotated = await client.ocr.process({ model: 'mistral-ocr-4-1', document, pages: [0], documentAnnotationFormat: format });
  assert.equal(annotated.cost.amount, 5_000_000);
  await assert.rejects(client.ocr.process({ model, document }), InvalidRequest);
});

test('a conversation from beginning to end', async () => {
  const { conversations } = client;
  const first = await conversations.start({ model, inputs: 'Hello', metadata: { mood: 'calm' } });
  const conversationId = first.conversation_id;
  assert.match(first.text, /You said: Hello$/);
  assert.deepEqual(first.functionCalls, []);
  assert.match((await conversations.append({ conversationId, inputs: [{ role: 'user', content: 'More' }] })).text, /You said: More$/);
  const { entries } = await conversations.history({ conversationId });
  assert.deepEqual(entries.map((entry) => entry.type), ['message.input', 'message.output', 'message.input', 'message.output']);
  const again = await conversations.restart({ conversationId, fromEntryId: entries[1].id, inputs: 'Again' });
  assert.equal((await conversations.messages({ conversationId: again.conversation_id })).messages.length, 4);
  assert.equal((await conversations.get({ conversationId })).model, model);
  assert.equal((await conversations.list({ metadata: { mood: 'calm' }, pageSize: 5 })).data.length, 2);
  const listed = [];
  for await (const { id } of conversations.list({ metadata: { mood: 'calm' }, pageSize: 1 })) listed.push(id);
  assert.deepEqual(listed.sort(), [conversationId, again.conversation_id].sort());
  await conversations.delete({ conversationId });
  await assert.rejects(conversations.get({ conversationId }), NotFoundError);
});

test('a stream gives text, events and the whole answer', async () => {
  const stream = client.conversations.startStream({ model, inputs: 'Search for winds', tools: [{ type: 'web_search' }] });
  assert.ok(stream instanceof ConversationStream);
  const kinds = [];
  let text = '';
  for await (const event of stream) {
    kinds.push(event.type);
    text += event.text;
  }
  assert.deepEqual([kinds[0], kinds[1], kinds[2], kinds.at(-1)], ['conversation.response.started', 'tool.execution.started', 'tool.execution.done', 'conversation.response.done']);
  const final = await stream.final();
  assert.equal(final.text, text);
  assert.deepEqual(stream.partial, JSON.parse(JSON.stringify(final)));
  assert.deepEqual(final.usage.connectors, { web_search: 1 });
});

test('a stream that is left has what had arrived', async () => {
  const stream = client.conversations.startStream({ model, inputs: 'Hello' });
  for await (const event of stream) if (event.text) break;
  assert.match(stream.partial.conversation_id, /^conv_/);
  assert.equal(stream.partial.outputs[0].type, 'message.output');
});

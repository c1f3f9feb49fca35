// The official `@mistralai/mistralai` fills in code against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, client, sandbox } from './sandbox.mjs';

const mistral = client(sandbox());
const code = { model: 'codestral-2508', prompt: 'def add(', suffix: 'return a + b' };

test('code is filled in, whole and as a stream', async () => {
  const reply = await mistral.fim.complete(code);
  const text = reply.choices[0].message.content;
  assert.match(text, /"def add\(" and "return a \+ b"/);
  const events = await all(await mistral.fim.stream(code));
  assert.equal(events.map((event) => event.data.choices[0].delta.content).join(''), text);
});

test('a model for chats does not fill in', async () => {
  await assert.rejects(mistral.fim.complete({ ...code, model: 'mistral-small-2603' }), { statusCode: 400 });
});

// The official `@mistralai/mistralai` moderates, classifies and asks agents against the sandbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, client, sandbox } from './sandbox.mjs';

const mistral = client(sandbox());
const model = 'mistral-moderation-2603';
const classifier = 'ft:classifier:ministral-3b-latest:8e2706f0:20251104:a0b1c2d3';
const messages = [{ role: 'user', content: 'Hello' }];
const answer = 'This is the tramontane sandbox, not a model. You said: Hello';
const met = ({ categories }) => Object.keys(categories).filter((category) => categories[category]);

test('moderation of texts', async () => {
  const found = await mistral.classifiers.moderate({ model, inputs: ['It is about health.', 'A wind.'] });
  assert.equal(found.model, model);
  assert.deepEqual(found.results.map(met), [['health'], []]);
  assert.ok(found.results[0].categoryScores.health > 0.5);
});

test('moderation of conversations', async () => {
  const talk = [...messages, { role: 'assistant', content: 'Ask a doctor of law.' }];
  assert.deepEqual((await mistral.classifiers.moderateChat({ model, inputs: talk })).results.map(met), [['law']]);
  assert.deepEqual((await mistral.classifiers.moderateChat({ model, inputs: [messages, talk] })).results.map(met), [[], ['law']]);
});

test('classification', async () => {
  const found = await mistral.classifiers.classify({ model: classifier, inputs: ['a', 'long '.repeat(20)] });
  assert.deepEqual(found.results.map((result) => result.length.scores.long > 0.5), [false, true]);
  const one = await mistral.classifiers.classifyChat({ model: classifier, input: { messages } });
  assert.deepEqual(one.results.map((result) => Object.keys(result.length.scores)), [['short', 'long']]);
  const several = await mistral.classifiers.classifyChat({ model: classifier, input: [{ messages }, { messages }] });
  assert.equal(several.results.length, 2);
});

test('an agent answers, whole and as a stream', async () => {
  const reply = await mistral.agents.complete({ agentId: 'ag_1', messages });
  assert.equal(reply.choices[0].message.content, answer);
  assert.equal(reply.usage.totalTokens, reply.usage.promptTokens + reply.usage.completionTokens);
  const events = await all(await mistral.agents.stream({ agentId: 'ag_1', messages }));
  assert.equal(events.map((event) => event.data.choices[0].delta.content).join(''), answer);
  assert.equal(events.at(-1).data.choices[0].finishReason, 'stop');
});

test('what the API refuses is refused', async () => {
  const refused = (statusCode, says) => (error) => {
    assert.equal(error.statusCode, statusCode);
    assert.match(error.body, says);
    return true;
  };
  await assert.rejects(mistral.classifiers.moderate({ model: 'no-such-model', inputs: 'a' }), refused(400, /Invalid model/));
  await assert.rejects(mistral.classifiers.classify({ model: 'no-such-model', inputs: 'a' }), refused(400, /Invalid model/));
  const last = [...messages, { role: 'assistant', content: 'Hi' }];
  await assert.rejects(mistral.agents.complete({ agentId: 'ag_1', messages: last }), refused(400, /Expected last role/));
});

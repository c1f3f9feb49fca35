// How fast a check is where it will run: `node tests/wasm/speed.mjs`. Its figures are rows of `make bench`.
//
// One chat of 50 messages, as text. What the others do with it is less (its form only), and they get it parsed by JSON.parse.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { serve } from '../../examples/edge-workerd/serve.mjs';
import * as edge from '../../bindings-wasm/dist/node/index.js';
import { sections } from '../../bindings-wasm/sizes.mjs';

const require = createRequire(import.meta.url);
const words = 'The tramontane is a cold wind from the north that blows through the valleys between the Pyrenees and the Massif Central. ';
const messages = Array.from({ length: 50 }, (_, at) => ({ role: at % 2 ? 'assistant' : 'user', content: `${at}: ${words.repeat(3)}` }));
messages.push({ role: 'user', content: 'And today?' });
const text = JSON.stringify({ model: 'mistral-small-2603', temperature: 0.3, max_tokens: 500, messages });

/** Microseconds of CPU for one run: the best of several rounds. */
function cost(run) {
  for (let warm = 0; warm < 300; warm++) run();
  const rounds = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage();
    for (let times = 0; times < 400; times++) run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 400;
  });
  return Math.min(...rounds);
}

/** The form of a chat as a JSON Schema, for ajv. */
function schema() {
  const text = { type: 'string' };
  const message = (role) => ({ type: 'object', properties: { role: { const: role }, content: { anyOf: [text, { type: 'array' }, { type: 'null' }] }, tool_calls: { type: 'array' }, prefix: { type: 'boolean' } }, required: ['role'], additionalProperties: false });
  const properties = {
    model: text, temperature: { type: ['number', 'null'], minimum: 0, maximum: 1.5 }, top_p: { type: 'number', minimum: 0, maximum: 1 }, max_tokens: { type: ['integer', 'null'], minimum: 0 },
    stream: { type: 'boolean' }, random_seed: { type: ['integer', 'null'] }, messages: { type: 'array', minItems: 1, items: { oneOf: ['system', 'user', 'assistant', 'tool'].map(message) } },
  };
  return { type: 'object', properties, required: ['model', 'messages'], additionalProperties: false };
}

/** In workerd: microseconds of CPU from the start of the process, that of an empty worker taken off. */
async function coldStart() {
  const used = async (file) => {
    const runs = [];
    for (let run = 0; run < 5; run++) {
      const server = await serve(fileURLToPath(new URL(file, import.meta.url)));
      const before = ticks(server.pid);
      const answer = await fetch(server.url, { method: 'POST', body: text });
      if (answer.status !== 200) throw new Error(`workerd answered ${answer.status}`);
      await answer.text();
      runs.push(ticks(server.pid) - before);
      await server.stop();
    }
    return runs.sort((a, b) => a - b)[2];
  };
  return { empty: await used('empty.mjs'), first: await used('first.mjs') };
}

/** CPU time of a process so far, in milliseconds: all its threads, in nanoseconds each. */
function ticks(pid) {
  const { readdirSync } = require('node:fs');
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
}

const row = (name, value, unit) => console.log(`${name.padEnd(66)}${value.padStart(10)} ${unit}`);
const Ajv = require('ajv').default;
const validate = new Ajv().compile(schema());
if (!edge.check(text).ok || !validate(JSON.parse(text))) throw new Error('the chat is not judged to be good');

row('edge: check of 51 messages from text, all rules', cost(() => edge.check(text)).toFixed(0), 'µs');
row('JSON.parse', cost(() => JSON.parse(text)).toFixed(0), 'µs');
row('JSON.parse and ajv, compiled ahead, the form alone', cost(() => validate(JSON.parse(text))).toFixed(0), 'µs');
const { ChatCompletionRequest$outboundSchema: official } = await import('@mistralai/mistralai/models/components');
const neutral = JSON.parse(text, function (key, value) { if (key === 'max_tokens') { this.maxTokens = value; return undefined; } return value; });
official.parse(neutral);
row("JSON.parse and the official SDK's zod schema", cost(() => official.parse(JSON.parse(text, undefined))).toFixed(0), 'µs');
if (process.platform === 'linux') {
  const { empty, first } = await coldStart();
  row('workerd: first request, empty worker', empty.toFixed(1), 'ms');
  row('workerd: first request with the module and a check of it', first.toFixed(1), 'ms');
}
for (const name of ['tramontane', 'chat']) {
  const parts = sections(readFileSync(new URL(`../../bindings-wasm/dist/pkg/${name}.wasm`, import.meta.url)));
  row(`${name}.wasm: ${parts.map(({ kind, body }) => [kind, body.length]).filter(([, size]) => size > 2000).map(([kind, size]) => `${kind} ${(size / 1000).toFixed(0)} kB`).join(', ')}`, '', '');
}

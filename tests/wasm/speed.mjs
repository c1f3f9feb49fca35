// How fast a check is where it will run: `node tests/wasm/speed.mjs`. Its figures are rows of `make bench`.
//
// One chat of 50 messages, with tools, their calls and results, as text. What the others do with it is less (its form only), and
// they get it parsed by JSON.parse. The form that ajv compares with is ours: the schema comes from the same Rust types.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { serve } from '../../examples/edge-workerd/serve.mjs';
import * as chat from '../../bindings-wasm/dist/node/chat.js';
import * as edge from '../../bindings-wasm/dist/node/index.js';
import { sections } from '../../bindings-wasm/sizes.mjs';

const require = createRequire(import.meta.url);
const words = 'The tramontane is a cold wind from the north that blows through the valleys between the Pyrenees and the Massif Central. ';
const text = JSON.stringify({ model: 'mistral-small-2603', temperature: 0.3, max_tokens: 500, tools: tools(), messages: messages() });

/** Two tools, as an assistant for sailors has them. */
function tools() {
  const tool = (name, properties) => ({ type: 'function', function: { name, description: words.slice(0, 90), parameters: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } } });
  return [tool('forecast', { place: { type: 'string' }, hours: { type: 'integer', minimum: 1 } }), tool('tide', { harbour: { type: 'string' } })];
}

/** Ten rounds: a question, at times of two chunks, the call of a tool, its result, an answer, and what the user says to it. */
function messages() {
  const rounds = Array.from({ length: 10 }, (_, at) => {
    const id = `call${String(at).padStart(5, '0')}`;
    const question = `${at}: ${words.repeat(2)}`;
    return [
      { role: 'user', content: at % 3 ? question : [{ type: 'text', text: question }, { type: 'text', text: 'In two sentences.' }] },
      { role: 'assistant', content: '', tool_calls: [{ id, type: 'function', function: { name: 'forecast', arguments: JSON.stringify({ place: 'Perpignan', hours: 24 + at }) } }] },
      { role: 'tool', tool_call_id: id, name: 'forecast', content: JSON.stringify({ knots: Array.from({ length: 24 }, (_, hour) => 10 + ((at * hour) % 25)), from: 'NW' }) },
      { role: 'assistant', content: words.repeat(3) },
      { role: 'user', content: `${words}And tomorrow?` },
      { role: 'assistant', content: words.repeat(2) },
    ];
  });
  const all = [{ role: 'system', content: words }, ...rounds.flat()].slice(0, 49);
  return [...all, { role: 'user', content: 'And today?' }];
}

/** Microseconds of CPU for one run of each: the best of several rounds, taken in turns, because a machine's clock moves. */
function costs(...runs) {
  // Engines compile what runs often again and better, on threads whose time counts too: that must be over.
  for (const run of runs) for (let warm = 0; warm < 3000; warm++) run();
  const best = runs.map(() => Infinity);
  for (let round = 0; round < 15; round++) {
    for (const [at, run] of runs.entries()) {
      const before = process.cpuUsage();
      for (let times = 0; times < 400; times++) run();
      const { user, system } = process.cpuUsage(before);
      best[at] = Math.min(best[at], (user + system) / 400);
    }
  }
  return best;
}

/** The form of a chat as the Rust types have it, told by its JSON Schema. */
function schema() {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return JSON.parse(execFileSync('cargo', ['run', '-q', '-p', 'codegen', '--example', 'chat-schema'], { cwd: root, encoding: 'utf8' }), discriminate);
}

/** Lets ajv look at the tag first, where the variants have one, as our check does; else it would try one after the other. */
function discriminate(key, value) {
  const variants = value?.oneOf;
  const tag = ['role', 'type'].find((name) => variants?.length > 1 && variants.every(({ properties }) => properties?.[name]?.const !== undefined));
  return tag ? { ...value, type: 'object', discriminator: { propertyName: tag } } : value;
}

/** The small entry, for workerd. */
function small() {
  const dist = new URL('../../bindings-wasm/dist/', import.meta.url);
  const path = (file) => fileURLToPath(new URL(file, dist));
  const scripts = ['workerd/chat.js', 'pkg/chat.js'].map((file) => ({ name: `@tramontane/edge/${file}`, esModule: path(file) }));
  const entry = { name: '@tramontane/edge/chat', source: "export * from './workerd/chat.js';" };
  return [...scripts, entry, { name: '@tramontane/edge/pkg/chat.wasm', wasm: path('pkg/chat.wasm') }];
}

/** In workerd: milliseconds of CPU for the first request, of all threads; the middle of nine processes. */
async function firstRequest(worker, modules = []) {
  const runs = [];
  for (let run = 0; run < 9; run++) {
    const server = await serve(fileURLToPath(new URL(worker, import.meta.url)), modules);
    const before = ticks(server.pid);
    const answer = await fetch(server.url, { method: 'POST', body: text });
    if (answer.status !== 200) throw new Error(`workerd answered ${answer.status}`);
    await answer.text();
    runs.push(ticks(server.pid) - before);
    await server.stop();
  }
  return runs.sort((a, b) => a - b)[4];
}

/** CPU time of a process so far, in milliseconds: all its threads, in nanoseconds each. */
function ticks(pid) {
  const { readdirSync } = require('node:fs');
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);
}

const row = (name, value, unit) => console.log(`${name.padEnd(66)}${value.padStart(10)} ${unit}`);
const Ajv = require('ajv/dist/2020').default;
// Its own words, such as `x-model`, and the widths of numbers are no business of ajv.
const validate = new Ajv({ strict: false, validateFormats: false, discriminator: true }).compile(schema());
if (validate({ ...JSON.parse(text), temperature: 9 }) || validate({ ...JSON.parse(text), colour: 'red' })) throw new Error('ajv does not hold the form');
if (!edge.check(text).ok || !chat.check(text).ok || !validate(JSON.parse(text))) throw new Error('the chat is not judged to be good');

const [large, little, parsed, validated] = costs(() => edge.check(text), () => chat.check(text), () => JSON.parse(text), () => validate(JSON.parse(text)));
row('edge: check of 50 messages from text, all rules', large.toFixed(1), 'µs');
row('edge/chat: the same', little.toFixed(1), 'µs');
row('JSON.parse', parsed.toFixed(1), 'µs');
row('JSON.parse and ajv, compiled ahead, the form alone', validated.toFixed(1), 'µs');
const { ChatCompletionRequest$outboundSchema: official } = await import('@mistralai/mistralai/models/components');
// It takes the spelling of its own types.
const camel = text.replace(/"(max_tokens|tool_calls|tool_call_id)":/g, (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()));
official.parse(JSON.parse(camel));
const [zod] = costs(() => official.parse(JSON.parse(camel)));
row("JSON.parse and the official SDK's zod schema", zod.toFixed(0), 'µs');
if (process.platform === 'linux') {
  const empty = await firstRequest('empty.mjs');
  const more = async (...worker) => ((await firstRequest(...worker)) - empty).toFixed(1);
  row('workerd: first request, empty worker', empty.toFixed(1), 'ms');
  row('workerd: what the module and a check add to it', await more('first.mjs'), 'ms');
  row('workerd: what the module of edge/chat and a check add to it', await more('first-chat.mjs', small()), 'ms');
}
for (const name of ['tramontane', 'chat']) {
  const parts = sections(readFileSync(new URL(`../../bindings-wasm/dist/pkg/${name}.wasm`, import.meta.url)));
  row(`${name}.wasm: ${parts.map(({ kind, body }) => [kind, body.length]).filter(([, size]) => size > 2000).map(([kind, size]) => `${kind} ${(size / 1000).toFixed(0)} kB`).join(', ')}`, '', '');
}

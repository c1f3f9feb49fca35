// Answers read into the schemas of real libraries: zod, valibot, and JSON Schemas.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, ConfigurationError, ResponseDecodeError } from './tramontane.mjs';
import { chat, completion, json, loopback } from './loopback.mjs';
import { requireFromPackage } from './tramontane.mjs';

const { z } = requireFromPackage('zod');
const mini = requireFromPackage('zod/mini');
const v = requireFromPackage('valibot');
const { toStandardJsonSchema } = requireFromPackage('@valibot/to-json-schema');

let text;
let finish = 'stop';
let server;
before(async () => (server = await loopback((_, response) => {
  json(response, 200, { ...completion, choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }] });
})));
after(() => server.close());

const client = () => new Client({ apiKey: 'test-key', baseURL: server.baseURL, maxRetries: 0 });
const asked = () => server.requests.at(-1).body.response_format.json_schema;

/** What comes of an answer. */
async function parse(schema, said) {
  text = typeof said === 'string' ? said : JSON.stringify(said);
  const reply = await client().chat.parse(chat(), schema);
  assert.equal(reply.text, text);
  return reply.parsed;
}

/** The error of an answer that does not fit, which keeps its text. */
async function refused(schema, said) {
  const error = await parse(schema, said).then(() => assert.fail('it fits'), (error) => error);
  assert.ok(error instanceof ResponseDecodeError, String(error));
  assert.equal(error.body, text);
  assert.equal(error.partial.text, text);
  assert.ok(!error.message.includes('\n'));
  return error;
}

const zod = z.object({
  name: z.string().min(1).refine((name) => name !== 'Atlantis', 'no such place'),
  berths: z.number().int().min(1),
  side: z.enum(['north', 'south']),
  opened: z.iso.date().transform((day) => new Date(day)).optional(),
  winds: z.array(z.object({ name: z.string(), speed: z.number().nonnegative().nullable() })).default([]),
  byMonth: z.record(z.string(), z.number()).optional(),
}).meta({ title: 'a harbour' });

const valibot = v.object({
  name: v.pipe(v.string(), v.minLength(1)),
  berths: v.pipe(v.number(), v.integer(), v.minValue(1)),
  side: v.picklist(['north', 'south']),
  winds: v.optional(v.array(v.object({ name: v.string(), speed: v.nullable(v.number()) })), []),
});

const good = { name: 'Cassis', berths: 3, side: 'south', winds: [{ name: 'Mistral', speed: 60 }] };

test('a schema of zod', async () => {
  assert.deepEqual(await parse(zod, { ...good, opened: '1905-05-01' }), { ...good, opened: new Date('1905-05-01') });
  const { name, strict, schema } = asked();
  assert.deepEqual([name, strict, schema.$schema, schema.additionalProperties], ['a_harbour', true, undefined, false]);
  assert.deepEqual(schema.required, ['name', 'berths', 'side']);
  assert.deepEqual([schema.properties.berths.minimum, schema.properties.side.enum], [1, ['north', 'south']]);
  assert.equal(schema.properties.winds.items.additionalProperties, false);
  assert.deepEqual(schema.properties.byMonth.additionalProperties, { type: 'number' });
  assert.equal((await parse(zod, { name: 'Cassis', berths: 1, side: 'north' })).winds.length, 0);
});

test('a schema of valibot, through its door to JSON Schema', async () => {
  assert.deepEqual(await parse(toStandardJsonSchema(valibot), good), good);
  const { schema } = asked();
  assert.deepEqual([schema.additionalProperties, schema.properties.berths], [false, { type: 'integer', minimum: 1 }]);
  assert.deepEqual((await parse(toStandardJsonSchema(valibot), { name: 'Cassis', berths: 1, side: 'north' })).winds, []);
  const error = await refused(toStandardJsonSchema(valibot), { ...good, berths: 0, winds: [{ name: 1, speed: null }] });
  assert.match(error.message, /`berths`: Invalid value: Expected >=1 but received 0; `winds\[0\]\.name`: Invalid type: Expected string but received 1;/);
});

test('what zod refuses is told at its place', async () => {
  const error = await refused(zod, { ...good, berths: 0, winds: [{ name: 'Mistral' }] });
  assert.match(error.message, /^the answer does not fit `a_harbour`: `berths`: Too small: expected number to be >=1; `winds\[0\]\.speed`: Invalid input: expected number, received undefined; `body` holds its text/);
  assert.equal(error.cause.length, 2);
  assert.match((await refused(zod, { ...good, name: 'Atlantis' })).message, /`name`: no such place/);
  assert.match((await refused(z.object({}).catchall(z.number()), Object.fromEntries([...'abcdefg'].map((key) => [key, key])))).message, /; and 2 more/);
});

test('asynchronous refinements are awaited, and what a transformation throws loses no text', async () => {
  const free = z.object({ name: z.string().refine(async (name) => name !== 'taken', 'is taken') });
  assert.deepEqual(await parse(free, { name: 'free' }), { name: 'free' });
  assert.match((await refused(free, { name: 'taken' })).message, /`name`: is taken/);
  const throws = z.object({ name: z.string().transform(() => { throw new RangeError('no such place'); }) });
  const error = await refused(throws, { name: 'Atlantis' });
  assert.match(error.message, /the answer does not fit `answer`: RangeError: no such place/);
  assert.ok(error.cause instanceof RangeError);
});

test('unions, schemas within themselves and names like the words of a schema', async () => {
  const either = z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), one: z.number() }), z.object({ kind: z.literal('b'), two: z.string() })]);
  assert.deepEqual(await parse(z.object({ either }), { either: { kind: 'b', two: 'x' } }), { either: { kind: 'b', two: 'x' } });
  assert.deepEqual(asked().schema.properties.either.oneOf.map(({ additionalProperties }) => additionalProperties), [false, false]);
  const node = z.object({ name: z.string(), get below() { return z.array(node); } });
  const tree = { name: 'a', below: [{ name: 'b', below: [] }] };
  assert.deepEqual(await parse(node, tree), tree);
  const words = z.object({ enum: z.object({ default: z.object({ const: z.number() }) }) });
  assert.deepEqual(await parse(words, { enum: { default: { const: 1 } } }), { enum: { default: { const: 1 } } });
  const inner = asked().schema.properties.enum;
  assert.deepEqual([inner.additionalProperties, inner.properties.default.additionalProperties], [false, false]);
});

test('a schema that JSON cannot say is refused before anything is sent', async () => {
  const before = server.requests.length;
  const says = (schema, message) => assert.rejects(client().chat.parse(chat(), schema), (error) => {
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.match(error.message, message);
    return true;
  });
  await says(z.object({ on: z.date() }), /this schema of `zod` gives no JSON Schema: Date cannot be represented/);
  await says(valibot, /this schema of `valibot` gives no JSON Schema; take a version .*`toStandardJsonSchema`/);
  await says(mini.object({ a: mini.string() }), /this schema of `zod` gives no JSON Schema/);
  await says(undefined, /a schema is a Standard Schema or a JSON Schema, not undefined/);
  await says(null, /not null/);
  assert.equal(server.requests.length, before);
  // The way around for libraries without that door: their own JSON Schema beside their own validation.
  const small = mini.object({ a: mini.string() });
  const standard = { '~standard': { ...small['~standard'], jsonSchema: { input: () => mini.toJSONSchema(small) } } };
  assert.deepEqual(await parse(standard, { a: 'b' }), { a: 'b' });
});

test('a JSON Schema, no JSON and no text', async () => {
  const schema = z.toJSONSchema(z.strictObject({ a: z.number() }));
  assert.deepEqual(await parse(schema, { a: 1 }), { a: 1 });
  assert.equal(asked().name, 'answer');
  assert.match((await refused(schema, 'Cassis, I think.')).message, /it is not valid JSON: expected value at line 1 column 1/);
  assert.match((await refused(zod, '')).message, /it has no text/);
  finish = 'length';
  assert.match((await refused(zod, '{"na')).hint, /raise `max_tokens`/);
  finish = 'stop';
});

test('tool calls are no answer, and an answer without choices is an error', async () => {
  const call = { id: 'abcdefghi', type: 'function', function: { name: 'look', arguments: '{}' } };
  const bodies = [{ ...completion, choices: [{ index: 0, message: { role: 'assistant', content: '', tool_calls: [call] }, finish_reason: 'tool_calls' }] }, { ...completion, choices: [] }];
  const own = await loopback((_, response) => json(response, 200, bodies.shift()));
  try {
    const client = new Client({ apiKey: 'test-key', baseURL: own.baseURL });
    const reply = await client.chat.parse(chat(), zod);
    assert.deepEqual([reply.parsed, reply.toolCalls[0].function.name], [null, 'look']);
    await assert.rejects(client.chat.parse(chat(), zod), (error) => error instanceof ResponseDecodeError && /it has no text/.test(error.message) && error.partial.choices.length === 0);
  } finally {
    own.close();
  }
});

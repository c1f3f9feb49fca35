// Schemas of real libraries say what `parsed` is.
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { Client, type ParsedReply } from 'tramontane';
import * as v from 'valibot';
import { z } from 'zod';

const client = new Client();
const request = { model: 'mistral-small-2603', messages: [{ role: 'user' as const, content: 'Hi' }] };

const harbour = z.object({ name: z.string(), opened: z.iso.date().transform((day) => new Date(day)), side: z.enum(['north', 'south']).optional() });
const reply = await client.chat.parse(request, harbour);
const read: { name: string; opened: Date; side?: 'north' | 'south' | undefined } | null = reply.parsed;
const whole: ParsedReply<z.output<typeof harbour>> = reply;
const said: string = reply.text + (reply.usage?.total_tokens ?? 0) + whole.id + read?.name;
// @ts-expect-error: a harbour has no such field
reply.parsed?.berths;
// @ts-expect-error: it may be null
reply.parsed.name;

const wind = toStandardJsonSchema(v.object({ name: v.string(), speed: v.optional(v.number(), 0) }));
const parsed: { name: string; speed: number } | null = (await client.chat.parse(request, wind)).parsed;

const unknown: unknown = (await client.chat.parse(request, { type: 'object', properties: {} })).parsed;
const told: { a: number } | null = (await client.chat.parse<{ a: number }>(request, z.toJSONSchema(z.object({ a: z.number() })))).parsed;
// @ts-expect-error: a schema must be there
await client.chat.parse(request);
export { parsed, said, told, unknown };

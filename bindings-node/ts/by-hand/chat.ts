// Chats whose answers are read into a form of the caller's own.

import type { ChatReply } from '../answer.js';
import { run } from '../doors.js';
import { ConfigurationError, errorFrom, type ErrorData, type TramontaneError } from '../errors.js';
import type { CallOptions } from '../options.js';
import { GeneratedChat } from '../resources.js';
import type { ChatInput } from '../spelling.js';

/** A schema of whatever library, as Standard Schema has it: zod, valibot, arktype and others are such schemas. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly output: Output; readonly input: unknown } | undefined;
    readonly jsonSchema?: { readonly input: (options: { target: string }) => Record<string, unknown> } | undefined;
  };
}

/** What a schema says of a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

/** A chat's answer, read into a form. */
export type ParsedReply<Output> = ChatReply & {
  /** What the text says; null when the model called tools instead of answering. */
  readonly parsed: Output | null;
};

/** What a request says to get an answer of a form. */
interface Form {
  json_schema: { name: string };
}

/** Chats. */
export class Chat extends GeneratedChat {
  /**
   * Asks for an answer that fits a schema and reads it. The schema is a Standard Schema (zod, valibot with its JSON Schema
   * door, …) or a JSON Schema. An answer that does not fit is a `ResponseDecodeError` whose `body` is the text.
   */
  async parse<Output>(request: ChatInput, schema: StandardSchema<Output>, options?: CallOptions): Promise<ParsedReply<Output>>;
  async parse<Output = unknown>(request: ChatInput, schema: Record<string, unknown>, options?: CallOptions): Promise<ParsedReply<Output>>;
  async parse(request: ChatInput, schema: StandardSchema | Record<string, unknown>, options?: CallOptions): Promise<ParsedReply<unknown>> {
    const asked = request as Record<string, unknown>;
    if (asked['response_format'] !== undefined || asked['responseFormat'] !== undefined) {
      throw new ConfigurationError({ kind: 'configuration', message: 'the schema says the form of the answer: leave `response_format` out' });
    }
    const form = run<Form>('form', { schema: jsonSchema(schema), made: isStandard(schema) });
    const reply = await this.complete({ ...asked, response_format: form } as ChatInput, options);
    const parsed = reply.text === '' && reply.toolCalls.length > 0 ? null : await read(reply, schema, form.json_schema.name);
    return Object.defineProperty(reply, 'parsed', { value: parsed, enumerable: false }) as ParsedReply<unknown>;
  }
}

function isStandard(schema: StandardSchema | Record<string, unknown>): schema is StandardSchema {
  return typeof schema === 'object' && '~standard' in schema || typeof schema === 'function';
}

/** The JSON Schema of what a schema takes. */
function jsonSchema(schema: StandardSchema | Record<string, unknown>): Record<string, unknown> {
  if (typeof schema !== 'object' && typeof schema !== 'function' || schema === null) {
    throw new ConfigurationError({ kind: 'configuration', message: `a schema is a Standard Schema or a JSON Schema, not ${schema == null ? String(schema) : `a ${typeof schema}`}` });
  }
  if (!isStandard(schema)) return schema;
  const { jsonSchema: door, vendor } = schema['~standard'];
  const own = (schema as unknown as { toJSONSchema?: (options: object) => Record<string, unknown> }).toJSONSchema;
  const refused = (why: string, hint: string, cause?: unknown): ConfigurationError =>
    new ConfigurationError({ kind: 'configuration', message: `this schema of \`${vendor}\` gives no JSON Schema${why}`, hint }, { cause });
  let made;
  try {
    made = door?.input({ target: 'draft-2020-12' }) ?? own?.call(schema, { io: 'input' });
  } catch (cause) {
    throw refused(`: ${cause instanceof Error ? cause.message : String(cause)}`, 'take types that JSON has, and transform them', cause);
  }
  if (made === undefined) throw refused('', 'take a version with `~standard.jsonSchema` (zod 4.2, `toStandardJsonSchema` of @valibot/to-json-schema), or give a JSON Schema');
  return made;
}

async function read(reply: ChatReply, schema: StandardSchema | Record<string, unknown>, name: string): Promise<unknown> {
  const refuse = (fault: string | null, cause?: unknown): TramontaneError => {
    const choice = reply.choices?.[0] as { finish_reason?: string; native_finish_reason?: string } | undefined;
    const ended = choice?.native_finish_reason ?? choice?.finish_reason;
    const data = run<ErrorData>('misfit', { name, text: reply.text, fault, finish_reason: ended, request_id: reply.requestId });
    return errorFrom({ ...data, partial: reply }, { cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(reply.text);
  } catch (cause) {
    // The core says what is wrong with it, in the same words in every language.
    throw refuse(null, cause);
  }
  if (!isStandard(schema)) return value;
  let result: StandardResult<unknown>;
  try {
    result = await schema['~standard'].validate(value);
  } catch (cause) {
    // What the caller's own transformations throw: the answer was paid for and is not lost.
    throw refuse(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), cause);
  }
  if (result.issues === undefined) return result.value;
  const said = result.issues.slice(0, MOST_ISSUES).map(({ message, path }) => `${path?.length ? `\`${place(path)}\`: ` : ''}${message}`);
  const more = result.issues.length - said.length;
  throw refuse(`${said.join('; ')}${more > 0 ? `; and ${more} more` : ''}`, result.issues);
}

/** So many faults are told; the error's cause has them all. */
const MOST_ISSUES = 5;

/** Where something stands, in the words of all errors: `winds[0].name`. */
function place(path: readonly unknown[]): string {
  const steps = path.map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part));
  return steps.map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at > 0 ? '.' : ''}${String(step)}`)).join('');
}

// What the host hears of calls: lines in its log, spans and metrics in its OpenTelemetry.
//
// Nothing is loaded here unless the program has set it up itself: OpenTelemetry is looked for where its API keeps what was
// registered. Bodies are written only where the client was told `logBodies`, and keys never: a request has none.

import type { Attributes, Histogram, Span } from '@opentelemetry/api';

import { TramontaneError } from './errors.js';
import { native } from './native.js';
import type { ClientOptions, Logger } from './options.js';
import type { AnswerMeta } from './types.js';

type Api = typeof import('@opentelemetry/api');

/** What a client's settings say about being observed. */
export interface Observers {
  readonly provider: string | undefined;
  readonly baseURL: string | undefined;
  readonly info: Logger['info'] | undefined;
  readonly debug: Logger['debug'] | undefined;
  readonly bodies: boolean;
}

/** The conventions' words for a call. */
interface Words {
  readonly operation: string;
  readonly provider: string;
  readonly address: string;
  readonly port: number;
}

/** Where OpenTelemetry's API keeps what a program has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');
// The boundaries that the conventions advise for histograms.
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
/** Fields of a request, and what the conventions call them. */
const REQUEST: Record<string, string> = {
  temperature: 'gen_ai.request.temperature',
  top_p: 'gen_ai.request.top_p',
  topP: 'gen_ai.request.top_p',
  top_k: 'gen_ai.request.top_k',
  topK: 'gen_ai.request.top_k',
  max_tokens: 'gen_ai.request.max_tokens',
  maxTokens: 'gen_ai.request.max_tokens',
  random_seed: 'gen_ai.request.seed',
  randomSeed: 'gen_ai.request.seed',
  n: 'gen_ai.request.choice.count',
  frequency_penalty: 'gen_ai.request.frequency_penalty',
  frequencyPenalty: 'gen_ai.request.frequency_penalty',
  presence_penalty: 'gen_ai.request.presence_penalty',
  presencePenalty: 'gen_ai.request.presence_penalty',
};

/** For programs that have no logger: what is no answer of theirs goes to stderr. */
const STDERR: Logger = { debug: (text) => console.error(text), info: (text) => console.error(text) };

/** Who listens to the calls of a client, which asks `baseURL` where that is not the provider's own. */
export function observers({ provider, logger, logLevel, logBodies }: ClientOptions, baseURL: string | null): Observers {
  const level = logLevel ?? levelOf(process.env.TRAMONTANE_LOG) ?? (logger ? 'info' : 'off');
  const to = logger ?? STDERR;
  return {
    provider,
    baseURL: baseURL ?? undefined,
    info: level === 'off' ? undefined : (text) => to.info(text),
    debug: level === 'debug' ? (text) => to.debug(text) : undefined,
    bodies: logBodies === true && level === 'debug',
  };
}

function levelOf(text: string | undefined): 'debug' | 'info' | undefined {
  const level = text?.toLowerCase();
  return level === 'debug' || level === 'info' ? level : undefined;
}

let loaded: Api | undefined;

/** OpenTelemetry's API, when this program uses it. */
function api(): Api | undefined {
  if ((globalThis as Record<symbol, unknown>)[REGISTERED] === undefined) return undefined;
  try {
    return (loaded ??= require('@opentelemetry/api') as Api);
  } catch {
    return undefined;
  }
}

/** A call to tell about; `undefined` when nobody listens. */
export function observed(to: Observers, operation: string, request: unknown): Call | undefined {
  const telemetry = api();
  if (to.info === undefined && telemetry === undefined) return undefined;
  try {
    return new Call(to, operation, request, telemetry);
  } catch {
    // A request with a getter that throws, or an exporter that does: whatever is wrong with the request, the call will say.
    return undefined;
  }
}

/** One call, from its start to its end. */
export class Call {
  readonly #to: Observers;
  readonly #name: string;
  readonly #common: Attributes;
  readonly #telemetry: Api | undefined;
  readonly #span: Span | undefined;
  readonly #started = performance.now();
  #first: number | undefined;
  #over = false;

  constructor(to: Observers, operation: string, request: unknown, telemetry: Api | undefined) {
    const fields = fieldsOf(request);
    const model = typeof fields.model === 'string' ? fields.model : undefined;
    this.#to = to;
    this.#telemetry = telemetry;
    this.#name = model === undefined ? operation : `${operation} ${model}`;
    const words = wordsOf(operation, to);
    this.#common = {
      'gen_ai.operation.name': words.operation,
      'gen_ai.provider.name': words.provider,
      ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
      ...(words.address ? { 'server.address': words.address, 'server.port': words.port } : {}),
    };
    this.#span = telemetry?.trace
      .getTracer('tramontane', version())
      .startSpan(model === undefined ? words.operation : `${words.operation} ${model}`, {
        kind: telemetry.SpanKind.CLIENT,
        attributes: { ...this.#common, ...asked(fields) },
      });
    if (to.bodies) to.debug?.(`${this.#name}: request ${JSON.stringify(fields)}`);
  }

  /** The first event of a stream is there. */
  arrived(): void {
    this.#first ??= this.#seconds();
  }

  /** The whole answer is there. */
  answered(text: string, meta: string): void {
    if (this.#ended()) return;
    const seconds = this.#seconds();
    const { status, attempts, request_id: id } = JSON.parse(meta) as AnswerMeta;
    this.#to.info?.(`${this.#name}: ${status} in ${seconds.toFixed(3)} s${attempts > 1 ? `, ${attempts} attempts` : ''}, request ${id ?? 'without an id'}`);
    if (this.#to.bodies) this.#to.debug?.(`${this.#name}: answer ${text}`);
    if (this.#telemetry === undefined) return;
    const answer = fieldsOf(text);
    this.#span?.setAttributes({ ...given(answer), 'http.response.status_code': status });
    this.#span?.end();
    this.#measure(seconds, typeof answer.model === 'string' ? { 'gen_ai.response.model': answer.model } : {}, answer.usage);
  }

  /** The call failed, or was cancelled. */
  failed(error: unknown): void {
    if (this.#ended()) return;
    const seconds = this.#seconds();
    const kind = error instanceof TramontaneError ? error.kind : error instanceof Error ? error.name : typeof error;
    const message = error instanceof Error ? error.message : String(error);
    this.#to.info?.(`${this.#name}: failed after ${seconds.toFixed(3)} s, ${kind}: ${message}`);
    const type = { 'error.type': kind };
    const status = error instanceof TramontaneError ? error.status : undefined;
    this.#span?.setAttributes({ ...type, ...(status === undefined ? {} : { 'http.response.status_code': status }) });
    this.#span?.setStatus({ code: 2 satisfies Api['SpanStatusCode']['ERROR'], message });
    this.#span?.end();
    this.#measure(seconds, type, undefined);
  }

  /** The stream ended without an answer: it failed, or whoever read it closed it, which is no failure. */
  stopped(error: Error, closed: boolean): void {
    if (!closed) return this.failed(error);
    if (this.#ended()) return;
    const seconds = this.#seconds();
    this.#to.info?.(`${this.#name}: closed by its reader after ${seconds.toFixed(3)} s`);
    this.#span?.end();
    this.#measure(seconds, {}, undefined);
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Ends the call; says whether it had ended before. */
  #ended(): boolean {
    const over = this.#over;
    this.#over = true;
    return over;
  }

  #measure(seconds: number, more: Attributes, usage: unknown): void {
    if (this.#telemetry === undefined) return;
    const { duration, tokens, first } = instruments(this.#telemetry);
    const attributes = { ...this.#common, ...more };
    duration.record(seconds, attributes);
    if (this.#first !== undefined) first.record(this.#first, attributes);
    const used = fieldsOf(usage);
    for (const [kind, field] of [['input', 'prompt_tokens'], ['output', 'completion_tokens']] as const) {
      const number = used[field];
      if (typeof number === 'number') tokens.record(number, { ...attributes, 'gen_ai.token.type': kind });
    }
  }
}

const version = (): string => (require('../package.json') as { version: string }).version;

/** An object's fields, of itself or of its text. */
function fieldsOf(value: unknown): Record<string, unknown> {
  if (value instanceof Uint8Array) return fieldsOf(new TextDecoder().decode(value));
  if (typeof value !== 'string') return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? {} : fieldsOf(parsed);
  } catch {
    return {};
  }
}

const words = new Map<string, Words>();

function wordsOf(operation: string, { provider, baseURL }: Observers): Words {
  const key = `${operation}\n${provider ?? ''}\n${baseURL ?? ''}`;
  let found = words.get(key);
  if (found === undefined) words.set(key, (found = JSON.parse(native.telemetry(operation, provider, baseURL)) as Words));
  return found;
}

function asked(fields: Record<string, unknown>): Attributes {
  const attributes: Attributes = {};
  for (const [field, name] of Object.entries(REQUEST)) if (typeof fields[field] === 'number') attributes[name] = fields[field];
  const { stop } = fields;
  if (typeof stop === 'string') attributes['gen_ai.request.stop_sequences'] = [stop];
  else if (Array.isArray(stop) && stop.every((word) => typeof word === 'string')) attributes['gen_ai.request.stop_sequences'] = stop;
  return attributes;
}

/** What the conventions want to know of an answer. */
function given(answer: Record<string, unknown>): Attributes {
  const attributes: Attributes = {};
  if (typeof answer.id === 'string') attributes['gen_ai.response.id'] = answer.id;
  if (typeof answer.model === 'string') attributes['gen_ai.response.model'] = answer.model;
  if (Array.isArray(answer.choices)) {
    const reasons = answer.choices.map((choice) => fieldsOf(choice).finish_reason).filter((reason) => typeof reason === 'string');
    if (reasons.length > 0) attributes['gen_ai.response.finish_reasons'] = reasons;
  }
  const usage = fieldsOf(answer.usage);
  if (typeof usage.prompt_tokens === 'number') attributes['gen_ai.usage.input_tokens'] = usage.prompt_tokens;
  if (typeof usage.completion_tokens === 'number') attributes['gen_ai.usage.output_tokens'] = usage.completion_tokens;
  return attributes;
}

interface Instruments {
  readonly duration: Histogram;
  readonly tokens: Histogram;
  readonly first: Histogram;
}

let made: { readonly of: unknown; readonly instruments: Instruments } | undefined;

/** The histograms of the meter provider that is registered now. */
function instruments({ metrics }: Api): Instruments {
  const provider = metrics.getMeterProvider();
  if (made === undefined || made.of !== provider) {
    const meter = provider.getMeter('tramontane', version());
    const histogram = (name: string, unit: string, description: string, explicitBucketBoundaries: number[]): Histogram =>
      meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries } });
    made = {
      of: provider,
      instruments: {
        duration: histogram('gen_ai.client.operation.duration', 's', 'How long a call took.', SECONDS),
        tokens: histogram('gen_ai.client.token.usage', '{token}', 'Tokens that a call used.', TOKENS),
        first: histogram('gen_ai.client.operation.time_to_first_chunk', 's', "How long a stream's first event took.", SECONDS),
      },
    };
  }
  return made.instruments;
}

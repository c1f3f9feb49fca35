// The pure operations: everything that needs no key and no network.

import { today } from './clock.js';
import { withText, type StreamEvent } from './content.js';
import { errorFrom, invalid, type ErrorData, type TramontaneError } from './errors.js';
import { native, type NativeDecoder } from './native.js';
import { nativeOptions, type Policy } from './options.js';
import type { ChatInput, FimInput } from './spelling.js';
import { isBytes, jsonText, stringify } from './text.js';
import type {
  AnswerType, CostEstimate, Event, Model, ModelSync, Parsed, Prepared, ProviderRow, Recommendation, Report, Resolution, Status,
} from './types.js';

/** A request as data, or as JSON text. */
export type RequestInput = ChatInput | NamedFimInput | string | Uint8Array;

/** A request to fill in the middle that says what it is. */
type NamedFimInput = FimInput & { readonly operation: NonNullable<FimInput['operation']> };

function unwrap<T>(answer: string): T {
  const outcome = JSON.parse(answer) as { ok: T } | { error: ErrorData };
  if ('error' in outcome) throw errorFrom(outcome.error);
  return outcome.ok;
}

/** Runs an operation of the native module. */
export function run<T>(name: string, parameter: Record<string, unknown>): T {
  return unwrap(native.call(name, stringify(parameter, 'the parameter')));
}

function runOnRequest<T>(name: string, request: RequestInput, policy: Policy, rest: Record<string, unknown> = {}): T {
  return unwrap(native.callWithRequest(name, jsonText(request), stringify({ ...rest, policy: judged(policy) }, 'the policy')));
}

const judged = (policy: Policy | undefined): object => ({ on: today(), ...nativeOptions(policy) });

/** Everything that is wrong with a request, without sending it. Its `estimate` is made when it is first read. */
export function check(request: RequestInput, policy?: Policy): Report {
  const text = jsonText(request);
  // Most callers have no wishes.
  const rest = policy === undefined && !today() ? '{"policy":{}}' : stringify({ policy: judged(policy) }, 'the policy');
  const report = (parameter: string): Report => unwrap(native.callWithRequest('check', text, parameter));
  let estimate: Report['estimate'] | undefined;
  return {
    ...report(`{"estimate":false,${rest.slice(1)}`),
    // To count the letters takes a third of the time of a check, and most callers want to know whether it is `ok`.
    get estimate() {
      if (estimate === undefined) estimate = report(rest).estimate;
      return estimate;
    },
    set estimate(other) {
      estimate = other;
    },
  };
}

/** The HTTP request for a call, without a key. */
export function build(request: RequestInput, options: Policy & { provider?: string } = {}): Prepared {
  const { provider, ...policy } = nativeOptions(options) as Policy & { provider?: string };
  return runOnRequest('build', request, policy, provider === undefined ? {} : { provider });
}

/** What a request may cost, as a range. */
export function estimateCost(request: RequestInput, policy: Policy = {}): CostEstimate {
  return runOnRequest('estimate_cost', request, policy);
}

/** Headers as `fetch` and `node:http` have them. */
export type HeadersInput = Record<string, string | readonly string[] | undefined> | Iterable<readonly [string, string]>;

/** What a provider's answer means: the typed answer; a typed error is thrown. */
export function parse(provider: string, operation: string, status: number, headers: HeadersInput, body: string | Uint8Array): Parsed {
  return run('parse', { provider, operation, status, headers: headerRecord(headers), body: isBytes(body) ? new TextDecoder().decode(body) : body });
}

/** Headers as one object; what is no header stays as it is, for the operation to refuse. */
function headerRecord(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return headers;
  try {
    const pairs = Symbol.iterator in headers ? (headers as Iterable<[string, unknown]>) : Object.entries(headers);
    const record: Record<string, unknown> = {};
    for (const [name, value] of pairs) {
      if (value !== undefined) record[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return record;
  } catch (cause) {
    throw invalid('the headers cannot be read', 'headers', { cause });
  }
}

/** Turns the bytes of a stream into events, whatever way the bytes were cut. */
export class Decoder {
  readonly #native: NativeDecoder;
  #failure: TramontaneError | undefined;

  constructor(provider: string, operation = 'chat_stream') {
    for (const [name, value] of Object.entries({ provider, operation })) {
      if (typeof value !== 'string') throw invalid(`\`${name}\` must be a string, not ${value === null ? 'null' : typeof value}`, name);
    }
    this.#native = constructed(() => new native.Decoder(provider, operation));
  }

  /**
   * Takes the next bytes and gives the events they complete. When an error follows events in the same bytes, the
   * events are given first, and the error is thrown by the next call.
   */
  push(bytes: Uint8Array | string): StreamEvent[] {
    if (this.#failure) throw this.#failure;
    const chunk = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    if (!isBytes(chunk)) throw invalid('a decoder takes a Uint8Array, or text');
    // Memory that another thread may write to is copied before Rust looks at it.
    const own = typeof SharedArrayBuffer === 'undefined' || !(chunk.buffer instanceof SharedArrayBuffer) ? chunk : new Uint8Array(chunk);
    const { events, error } = JSON.parse(this.#native.push(own)) as { events: Event[]; error?: ErrorData };
    if (error) {
      this.#failure = errorFrom(error);
      if (events.length === 0) throw this.#failure;
    }
    return withText(events);
  }

  /** Ends the stream: the whole answer, put together. */
  finish(): AnswerType {
    if (this.#failure) throw this.#failure;
    return unwrap(this.#native.finish());
  }

  /** The answer so far. */
  get partial(): unknown {
    return JSON.parse(this.#native.partial());
  }
}

/** What a native constructor throws is an error as JSON. */
export function constructed<T>(construct: () => T): T {
  try {
    return construct();
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : '';
    if (!text.startsWith('{')) throw thrown;
    throw errorFrom(JSON.parse(text) as ErrorData);
  }
}

/** How a name is judged. */
export interface ResolveOptions {
  provider?: string;
  /** The day to judge by, `YYYY-MM-DD`; today when absent (in `@tramontane/edge`, which has no clock: the catalogue's own day). */
  on?: string;
  /** Send the dated id for floating names too. */
  pin?: boolean;
  /** Unknown names are errors. */
  strict?: boolean;
  severities?: Policy['severities'];
  overlay?: unknown;
}

/** Follows a model name to the id that is sent, and says what is wrong with the name. */
export function resolve(name: string, options: ResolveOptions = {}): Resolution {
  return run('resolve', { on: today(), ...nativeOptions(options), name });
}

/** Which models to list; every field narrows the list. */
export interface ModelQuery {
  /** Only this provider's. */
  provider?: string;
  /** Only models that can do this, for example `vision`. */
  capability?: string;
  /** Only models of this status on the day `on`. */
  status?: Status;
  /** The day to judge by, `YYYY-MM-DD`; today when absent. */
  on?: string;
  /** Rows that lie over the snapshot. */
  overlay?: unknown;
}

/** What a model is recommended for. */
export type Use = 'default' | 'agentic' | 'multimodal' | 'cheapest' | 'code' | 'embedding';

/** The model catalogue. */
export const models = Object.freeze({
  /** The models that match a query, in the catalogue's order. */
  list: (query: ModelQuery = {}): Model[] => run('models_list', { on: today(), ...nativeOptions(query) }),
  /** One model, by any of its names. */
  get: (name: string, options: ResolveOptions = {}): Model => run('models_get', { on: today(), ...nativeOptions(options), name }),
  /** The model to take for a use. */
  recommend: (use: Use, options: { on?: string } = {}): Recommendation =>
    run('models_recommend', { on: today(), ...nativeOptions(options), use }),
  /** What the provider's own list of its models (`client.models.list()`) says beyond the catalogue. */
  sync: (list: unknown, options: { on?: string; overlay?: unknown } = {}): ModelSync => run('models_sync', { on: today(), ...nativeOptions(options), list }),
  /** Follows a model name to the id that is sent, and says what is wrong with the name. */
  resolve,
  /** The day of the snapshot. */
  asOf: (): string => run('models_as_of', {}),
});

/** The providers. */
export const providers = Object.freeze({
  /** The table of providers. */
  list: (): ProviderRow[] => run('providers', {}),
});

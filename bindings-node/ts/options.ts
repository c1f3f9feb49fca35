// Options in JavaScript's spelling, and as the native side spells them.

import { ConfigurationError } from './errors.js';
import type { Budget, KeySource, Limiter, LimiterOptions } from './settings.js';
import { stringify } from './text.js';

/** How requests are judged and built. */
export interface Policy {
  /** What happens with findings: `error` refuses, `warn` sends anyway, `off` does not look. */
  checks?: 'error' | 'warn' | 'off';
  /** The severity of single rules. */
  severities?: Record<string, 'error' | 'warning' | 'note' | 'off'>;
  /** Unknown models, and fields that a provider cannot express, are errors. */
  strict?: boolean;
  /** Send the dated id for floating names too. */
  pin?: boolean;
  /** Repairs to make. */
  repair?: ('tool_call_ids' | 'message_order' | 'retired_model' | 'strip_response_fields')[];
  /** The day to judge by, `YYYY-MM-DD`; today when absent (in `@tramontane/edge`, which has no clock: the catalogue's own day). */
  on?: string;
  /** Fields laid over the body unchecked. */
  extraBody?: Record<string, unknown>;
  /** Headers added to the request. Never a credential. */
  extraHeaders?: Record<string, string>;
  /** Query parameters added to the URL. Never a credential. */
  extraQuery?: Record<string, string>;
  /** Another base URL than the provider's own. */
  baseURL?: string;
  /** Model rows that lie over the snapshot. */
  overlay?: unknown;
}

/** What one call changes. */
export interface CallOptions extends Policy {
  /** Cancels the call: its connection is closed. */
  signal?: AbortSignal | null;
  /** Milliseconds for the whole call, retries included. */
  timeout?: number;
  /** Milliseconds to connect. */
  connectTimeout?: number;
  /** Milliseconds until a stream's first event, or the first byte of an answer. */
  firstEventTimeout?: number;
  /** Milliseconds between two reads. */
  idleTimeout?: number;
  /** How often a failed attempt is repeated. */
  maxRetries?: number;
}

/** How a client is set up; every field has a default. */
export interface ClientOptions extends Policy {
  /** The provider's id; `mistral` when absent. */
  provider?: string;
  /** The key, or where it comes from; the provider's environment variable when absent. */
  apiKey?: KeySource;
  /** What its calls may spend. */
  budget?: Budget;
  /** What holds its calls back: a limiter, its options, or `redis://…`. */
  limiter?: Limiter | LimiterOptions | string;
  /** Milliseconds for a whole call, retries included. */
  timeout?: number;
  /** Milliseconds to connect. */
  connectTimeout?: number;
  /** Milliseconds until a stream's first event, or the first byte of an answer. */
  firstEventTimeout?: number;
  /** Milliseconds between two reads. */
  idleTimeout?: number;
  /** How often a failed attempt is repeated; 2 when absent. */
  maxRetries?: number;
  /** The region whose host is asked: `eu` or `us` at Mistral. Not beside `baseURL`. */
  region?: string;
  /** The proxy for everything but what `NO_PROXY` names; that of the environment when absent. */
  proxy?: string;
  /** A file of certificates in PEM form that are trusted beside the system's. */
  caFile?: string;
  /** What the user agent says behind tramontane's own name: `my-app/2.1`. */
  userAgent?: string;
  /** How many unused connections to one server are kept for the next call; 0 keeps none. */
  poolSize?: number;
  /** Milliseconds for which an unused connection is kept; 90 000 when absent. */
  keepAlive?: number;
  /** The most bytes that an answer may have once it is decompressed; 128 MiB when absent. */
  maxResponseBytes?: number;
  /** Headers added to every request. Never a credential. */
  defaultHeaders?: Record<string, string>;
  /** Where calls are logged: `console`, pino, winston, … Nowhere when absent, unless `TRAMONTANE_LOG=info` or `debug` is set: then to stderr. */
  logger?: Logger;
  /** How much is logged: `info` has a line for each call, `debug` also what `logBodies` adds. `info` when there is a logger. */
  logLevel?: 'debug' | 'info' | 'off';
  /** Log what is sent and what is answered, at `debug`. Never the key. */
  logBodies?: boolean;
}

/** What takes lines of a log. */
export interface Logger {
  info(text: string): void;
  debug(text: string): void;
}

/** The options of a client that stay in JavaScript. */
export const HERE = ['budget', 'limiter', 'logger', 'logLevel', 'logBodies'] as const;

/** The native names of what does not follow the rule `camelCase` to `snake_case`. */
const NAMES: Record<string, string> = { baseURL: 'base_url', defaultHeaders: 'extra_headers', apiKey: 'api_key' };

/** Options as the native side spells them; absent ones are left out. `snake_case` is taken as well. */
export function nativeOptions(options: object | null | undefined, leaveOut: readonly string[] = []): Record<string, unknown> {
  if (options == null) return {};
  if (typeof options !== 'object') throw new ConfigurationError({ kind: 'configuration', message: `options are an object, not a ${typeof options}` });
  const native: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || leaveOut.includes(name)) continue;
    const key = NAMES[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const before = native[key];
    if (before === undefined) native[key] = value;
    else if (key === 'extra_headers') native[key] = { ...(before as object), ...(value as object) };
    else throw new ConfigurationError({ kind: 'configuration', message: `\`${name}\` is given twice, in two spellings` });
  }
  return native;
}

/** Options as text. */
export function optionsText(options: Record<string, unknown>): string {
  return stringify(options, 'the options');
}

// Settings that are more than a word: keys, budgets and limiters.

import { constructed } from './doors.js';
import { ConfigurationError } from './errors.js';
import { native, type NativeBudget, type NativeLimiter } from './native.js';
import { nativeOptions, optionsText } from './options.js';

const SHOWN: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** What a budget may spend; one of both at least. */
export interface BudgetOptions {
  /** Dollars. */
  usd?: number;
  /** Tokens of prompts and answers. */
  tokens?: number;
  /** Lets calls through whose price or length nobody knows beforehand. */
  allowUnknown?: boolean;
}

const budgets = new WeakMap<Budget, NativeBudget>();

/**
 * What calls may spend together: those of one client, or of all that are given it. Before a call is sent, the most that it
 * may use is set aside; a call that would pass the budget throws a `BudgetExceededError` and is not sent. The answer's own
 * `usage` then takes the place of what was set aside.
 */
export class Budget {
  constructor(options: BudgetOptions) {
    budgets.set(this, constructed(() => new native.Budget(optionsText(nativeOptions(options)))));
  }

  /** What was spent: nano-dollars (10⁻⁹ USD) and tokens, of what the budget limits. */
  get spent(): { nanos: number; tokens: number } {
    const [nanos = 0, tokens = 0] = nativeBudget(this).state();
    return { nanos, tokens };
  }

  /** What is set aside for calls under way. */
  get reserved(): { nanos: number; tokens: number } {
    const [, , nanos = 0, tokens = 0] = nativeBudget(this).state();
    return { nanos, tokens };
  }
}

/** @internal */
export function nativeBudget(budget: Budget): NativeBudget {
  const found = budgets.get(budget);
  if (found === undefined) throw wrong('budget', 'a Budget');
  return found;
}

/** How a limiter is set up; every field has a default. */
export interface LimiterOptions {
  requestsPerSecond?: number;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  tokensPerMonth?: number;
  /** `redis://host:port/db` (or `rediss://`): shares the counts with other processes. */
  url?: string;
  /** Learn limits from the headers of answers; true when absent. */
  learn?: boolean;
  /** What happens to a call that has no room: it waits (unless that is longer than it may take), or it fails. */
  onLimit?: 'wait' | 'fail';
  /** The part of the limits that this process takes while it has never reached Redis; 0.1 when absent. */
  share?: number;
  /** What the processes share their counts under; those with the same key share them when absent. */
  name?: string;
}

const limiters = new WeakMap<Limiter, NativeLimiter>();

/** Holds calls back before the server has to: those of one client, or of all that are given it. */
export class Limiter {
  constructor(options: LimiterOptions | string = {}) {
    const settings = typeof options === 'string' ? { url: options } : nativeOptions(options);
    limiters.set(this, constructed(() => new native.Limiter(optionsText(settings))));
  }
}

/** @internal */
export function nativeLimiter(limiter: Limiter | LimiterOptions | string): NativeLimiter {
  const known = limiter instanceof Limiter ? limiter : new Limiter(limiter);
  return limiters.get(known) as NativeLimiter;
}

/** A key and its last day; one of the first five is given. */
export interface KeyOptions {
  /** The key itself. */
  key?: string;
  /** What an environment variable holds when a call is sent. */
  environment?: string;
  /** What a file holds; read again when it changes. */
  file?: string;
  /** Several keys, of which the next one is used after a 401 or 429. */
  pool?: (string | Omit<KeyOptions, 'pool' | 'fetch'>)[];
  /** What a function gives: called before the first call, and again after `refresh`. */
  fetch?: () => string | Promise<string>;
  /** Milliseconds after which `fetch` is called again. */
  refresh?: number;
  /** The last day on which the key is used, `YYYY-MM-DD`: answers warn fourteen days ahead, and afterwards nothing is sent. */
  expiresOn?: string;
}

/** Where a key comes from. */
export type KeySource = string | KeyOptions | (() => string | Promise<string>);

/** @internal A key as the native side takes it, or what is asked for it before each call. */
export function keySource(source: unknown): { key?: unknown; fetch?: () => Promise<unknown> } {
  if (typeof source === 'function') return { fetch: fetched({ fetch: source as () => string }) };
  if (typeof source !== 'object' || source === null) return { key: source };
  const options = source as KeyOptions;
  if (options.fetch !== undefined) return { fetch: fetched(options) };
  return { key: plain(options) };
}

function plain(source: string | KeyOptions): unknown {
  if (typeof source !== 'object' || source === null) return source;
  const { pool, ...rest } = source;
  return { ...nativeOptions(rest), ...(pool === undefined ? {} : { pool: Array.isArray(pool) ? pool.map(plain) : pool }) };
}

function fetched({ fetch, refresh, expiresOn }: KeyOptions): () => Promise<unknown> {
  if (typeof fetch !== 'function') throw wrong('fetch', 'a function');
  let held: { key: unknown; until: number } | undefined;
  let asking: Promise<unknown> | undefined;
  const ask = async (): Promise<unknown> => {
    try {
      const key: unknown = await fetch();
      if (typeof key !== 'string') throw wrong('fetch', 'a function that gives a string');
      const until = refresh === undefined ? Infinity : performance.now() + refresh;
      held = { key: { key, ...(expiresOn === undefined ? {} : { expires_on: expiresOn }) }, until };
    } catch (error) {
      // The store is away: the old key may still be good, and the server will tell.
      if (held === undefined) throw error;
    } finally {
      asking = undefined;
    }
    return held.key;
  };
  return () => (held !== undefined && performance.now() < held.until ? Promise.resolve(held.key) : (asking ??= ask()));
}

function wrong(path: string, wanted: string): ConfigurationError {
  return new ConfigurationError({ kind: 'configuration', message: `\`${path}\` must be ${wanted}`, path });
}

for (const shown of [Budget, Limiter]) {
  Object.defineProperty(shown.prototype, SHOWN, { value: () => shown.name });
}

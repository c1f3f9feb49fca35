/// <reference lib="esnext.disposable" preserve="true" />
// The client: sends requests and gives answers.

import { isMainThread } from 'node:worker_threads';

import type { Reply } from './answer.js';
import { constructed, providers } from './doors.js';
import { ConfigurationError, RequestCancelledError } from './errors.js';
import { native, type NativeClient } from './native.js';
import { observers, type Observers } from './observe.js';
import { HERE, nativeOptions, optionsText, type CallOptions, type ClientOptions } from './options.js';
import { Relay, type PreparedInput, type SentReply, type SentStream } from './relay.js';
import { Resource, type Sender } from './resource.js';
import { Resources } from './resources.js';
import { keySource, nativeBudget, nativeLimiter } from './settings.js';
import type { RawRequest } from './types.js';

const SHOWN: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** The native client until it is closed, and its calls. */
class Open implements Sender {
  readonly underWay = new Set<(error: Error) => void>();
  #native: NativeClient | undefined;

  constructor(
    client: NativeClient,
    readonly observers: Observers,
    readonly key: (() => Promise<unknown>) | undefined,
  ) {
    this.#native = client;
  }

  native(): NativeClient {
    if (this.#native === undefined) throw new ConfigurationError({ kind: 'configuration', message: 'the client is closed' });
    return this.#native;
  }

  close(): void {
    this.#native = undefined;
    const error = new RequestCancelledError({ kind: 'cancelled', message: 'the client was closed' });
    for (const end of [...this.underWay]) end(error);
  }
}

/** Requests of which the caller says everything. */
class Anything extends Resource {
  async ask(request: Record<string, unknown>, options: CallOptions): Promise<Reply<Record<string, unknown>>> {
    return await this.send<Record<string, unknown>>('request', 'RawAnswer', request, options);
  }
}

/** A client of one provider. Its connections are kept and shared; make one and keep it. */
export class Client extends Resources {
  readonly #open: Open;
  readonly #shown: Pick<ClientOptions, 'provider' | 'baseURL'>;
  /** Its options but for the key, for a client that shares its connections. */
  readonly #kept: ClientOptions;

  /** A second parameter is nobody's but `withOptions`: the client that this one shares its connections with. */
  constructor(options: ClientOptions = {}, shared?: Client) {
    if (typeof options !== 'object' || options === null) {
      throw new ConfigurationError({ kind: 'configuration', message: 'the options of a client must be an object' });
    }
    const settings = nativeOptions(options, HERE);
    const inherited = shared !== undefined && settings.api_key == null ? shared.#open.key : undefined;
    const { key, fetch = inherited } = keySource(settings.api_key);
    settings.api_key = key;
    if (shared === undefined && key === undefined && fetch === undefined && !isMainThread) settings.api_key = workerKey(options.provider);
    const budget = options.budget && nativeBudget(options.budget);
    const limiter = options.limiter === undefined ? undefined : nativeLimiter(options.limiter);
    const text = optionsText(settings);
    const made = constructed(() => (shared === undefined ? new native.Client(text, budget, limiter) : shared.#open.native().withOptions(text, budget, limiter)));
    const { apiKey: _, ...kept } = { ...(shared === undefined ? {} : shared.#kept), ...given(options) };
    const open = new Open(made, observers(kept, made.baseUrl()), fetch);
    super(open);
    this.#open = open;
    this.#kept = kept;
    const { provider, baseURL } = kept;
    this.#shown = { ...(provider === undefined ? {} : { provider }), ...(baseURL === undefined ? {} : { baseURL }) };
  }

  /**
   * Sends what `build` gave somewhere else, for example in an edge function with `@tramontane/edge`: it is checked again,
   * and gets this client's key. Gives the answer, or the stream of its events.
   *
   * Another host, method or path than the operation's, and a credential that was added, are refused with their path.
   */
  send(prepared: PreparedInput, options?: CallOptions): Promise<SentReply | SentStream> {
    return new Relay(this.#open).pass(prepared, options);
  }

  /** A client with these options in the place of this one's; both share their connections. */
  withOptions(options: ClientOptions): Client {
    return new Client(options, this);
  }

  /**
   * Asks anything of the provider that no other method asks, with the same key, repetitions and errors. The path begins
   * with the version, `/v1/…`. What comes back as anything but a JSON object stands under `data`.
   */
  async request(
    method: RawRequest['method'],
    path: string,
    { query, body, headers }: { query?: Record<string, unknown>; body?: unknown; headers?: Record<string, string> } = {},
    options: CallOptions = {},
  ): Promise<Reply<Record<string, unknown>>> {
    const all = headers === undefined ? options : { ...options, extraHeaders: { ...options.extraHeaders, ...headers } };
    return await new Anything(this.#open).ask({ method, path, query, body }, all);
  }

  /** Ends all calls under way and closes the connections. */
  close(): void {
    this.#open.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** What can be shown of a client; never its key. */
  toJSON(): Pick<ClientOptions, 'provider' | 'baseURL'> {
    return { ...this.#shown };
  }

  /** What `console.log` shows. */
  [SHOWN](depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return `Client ${inspect(this.#shown, { ...options, depth })}`;
  }
}

/** The options that say something. */
function given(options: ClientOptions): ClientOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** In a worker, `process.env` is a copy that the native side does not see. The first provider is the default one. */
function workerKey(provider: string | undefined): string | undefined {
  const rows = providers.list();
  const row = provider === undefined ? rows[0] : rows.find(({ id }) => id === provider);
  return row?.env.map((variable) => process.env[variable]).find((key) => key !== undefined && key.trim() !== '');
}

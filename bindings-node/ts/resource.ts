// What the methods of all resources do: a request goes out as text, an answer comes back.

import { replyOf, type Pricing, type Reply } from './answer.js';
import { cancel, hold, Kind, register, release, theBridge, type Message } from './bridge.js';
import { ConfigurationError, errorFrom, RequestCancelledError, type ErrorData } from './errors.js';
import type { NativeClient } from './native.js';
import { observed, type Call, type Observers } from './observe.js';
import { nativeOptions, optionsText, type CallOptions } from './options.js';
import { jsonText } from './text.js';
import type { Outgoing } from './upload.js';
import { warnFrom } from './warn.js';

/** What a client's resources need of it. */
export interface Sender {
  /** The native client; throws when the client was closed. */
  native(): NativeClient;
  /** The calls under way; each entry ends one of them. */
  readonly underWay: Set<(error: Error) => void>;
  /** Who listens to its calls. */
  readonly observers: Observers;
  /** Asks for the key of a call, where a function gives it. */
  readonly key: (() => Promise<unknown>) | undefined;
}

/** What those who listen hear of a call, where that is not what the native side gets. */
export interface ToldOf {
  readonly operation: string;
  readonly request: unknown;
}

/** A part of a client. */
export class Resource {
  /** @internal */
  readonly #sender: Sender;

  /** @internal */
  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** @internal */
  protected get sender(): Sender {
    return this.#sender;
  }

  /**
   * Sends a request and gives the whole answer.
   * @internal
   */
  protected async send<T>(operation: string, type: string, request: unknown, options?: CallOptions, file?: Outgoing, as: ToldOf = { operation, request }): Promise<Reply<T>> {
    const key = this.#sender.key && (await this.#sender.key());
    const call = observed(this.#sender.observers, as.operation, as.request);
    const { kind, text, meta, vectors } = await told(call, sent(this.#sender, operation, request, options, key, file));
    // The errors are made behind an `await` of the caller's, so that their stack leads there.
    if (kind === Kind.Failed) throw failed(call, text, file?.cause);
    call?.answered(text, meta);
    warnFrom(meta);
    return replyOf<T>(type, text, meta, vectors, pricing(this.#sender, options));
  }
}

/** The error in a text, told to whoever listens. */
function failed(call: Call | undefined, text: string, cause?: ErrorOptions): Error {
  const error = errorFrom(JSON.parse(text) as ErrorData, cause);
  call?.failed(error);
  return error;
}

/** What a call came to; a rejection is told to whoever listens. */
function told(call: Call | undefined, message: Promise<Message>): Promise<Message> {
  if (call === undefined) return message;
  return message.catch((error: unknown) => {
    call.failed(error);
    throw error;
  });
}

/** Sends a request that has one answer. Rejects only where the request never left. */
function sent(sender: Sender, operation: string, request: unknown, options?: CallOptions, key?: unknown, file?: Outgoing): Promise<Message> {
  return new Promise((resolve, reject) => {
    const signal = signalOf(options);
    const client = sender.native();
    const text = jsonText(request);
    const settings = callOptions(options, key);
    const finish = (): void => {
      release();
      sender.underWay.delete(end);
      signal?.removeEventListener('abort', abort);
      file?.close();
    };
    const id = register((kind, answer, meta, vectors) => {
      if (kind === Kind.Wanted) return file?.give();
      finish();
      resolve({ kind, text: answer, meta, vectors });
    });
    const end = (error: Error): void => {
      cancel(id);
      finish();
      reject(error);
    };
    const abort = (): void => end(cancelled(signal as AbortSignal));
    hold();
    sender.underWay.add(end);
    signal?.addEventListener('abort', abort, { once: true });
    client.complete(theBridge(), id, operation, text, settings, file?.native);
  });
}

/** A call's options as the native side takes them; `undefined` when there are none. */
export function callOptions(options: CallOptions | undefined, key?: unknown): string | undefined {
  if (options == null && key === undefined) return undefined;
  const settings = nativeOptions(options, ['signal']);
  if (key !== undefined) settings.api_key = key;
  return Object.keys(settings).length === 0 ? undefined : optionsText(settings);
}

/** What prices the answer of a call. */
export function pricing(sender: Sender, options: CallOptions | undefined): Pricing {
  return (answer, around) => sender.native().cost(answer, around, callOptions(options));
}

/** The signal of a call. Throws when it was raised already, or is none. */
export function signalOf(options: CallOptions | undefined): AbortSignal | undefined {
  const signal = options?.signal ?? undefined;
  if (signal === undefined) return undefined;
  if (typeof signal.addEventListener !== 'function') throw new ConfigurationError({ kind: 'configuration', message: '`signal` must be an AbortSignal', path: 'signal' });
  if (signal.aborted) throw cancelled(signal);
  return signal;
}

/** The error of a call whose signal was raised. */
export function cancelled(signal: AbortSignal): RequestCancelledError {
  return new RequestCancelledError({ kind: 'cancelled', message: 'the request was cancelled by its signal' }, { cause: signal.reason });
}

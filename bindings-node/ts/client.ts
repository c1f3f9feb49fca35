/// <reference lib="esnext.disposable" preserve="true" />
// The client: sends requests and gives answers.

import { isMainThread } from 'node:worker_threads';

import { chatReply, type ChatReply } from './answer.js';
import { cancel, hold, Kind, register, release, theBridge, type Message } from './bridge.js';
import { constructed, providers, type RequestInput } from './doors.js';
import { ConfigurationError, errorFrom, RequestCancelledError, type ErrorData } from './errors.js';
import { native, type NativeClient } from './native.js';
import { nativeOptions, optionsText, type CallOptions, type ClientOptions } from './options.js';
import type { FimInput } from './spelling.js';
import { ChatStream } from './stream.js';
import { jsonText } from './text.js';
import { warnFrom } from './warn.js';

/** What a client's resources need of it. */
export interface Sender {
  /** The native client; throws when the client was closed. */
  native(): NativeClient;
  /** The calls under way; each entry ends one of them. */
  readonly underWay: Set<(error: Error) => void>;
}

const SHOWN: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** A client of one provider. Its connections are kept and shared; make one and keep it. */
export class Client {
  readonly #sender: Sender;
  readonly #shown: Pick<ClientOptions, 'provider' | 'baseURL'>;
  #native: NativeClient | undefined;

  /** Chats. */
  readonly chat: Chat;

  /** Code between a prompt and a suffix. */
  readonly fim: Fim;

  constructor(options: ClientOptions = {}) {
    if (typeof options !== 'object' || options === null) {
      throw new ConfigurationError({ kind: 'configuration', message: 'the options of a client must be an object' });
    }
    const settings = nativeOptions(options);
    if (settings.api_key === undefined && !isMainThread) settings.api_key = workerKey(options.provider);
    this.#native = constructed(() => new native.Client(optionsText(settings)));
    const { provider, baseURL } = options;
    this.#shown = { ...(provider === undefined ? {} : { provider }), ...(baseURL === undefined ? {} : { baseURL }) };
    this.#sender = {
      native: () => {
        if (this.#native === undefined) throw new ConfigurationError({ kind: 'configuration', message: 'the client is closed' });
        return this.#native;
      },
      underWay: new Set(),
    };
    this.chat = new Chat(this.#sender);
    this.fim = new Fim(this.#sender);
  }

  /** Ends all calls under way and closes the connections. */
  close(): void {
    this.#native = undefined;
    const error = new RequestCancelledError({ kind: 'cancelled', message: 'the client was closed' });
    for (const end of [...this.#sender.underWay]) end(error);
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

/** In a worker, `process.env` is a copy that the native side does not see. The first provider is the default one. */
function workerKey(provider: string | undefined): string | undefined {
  const rows = providers.list();
  const row = provider === undefined ? rows[0] : rows.find(({ id }) => id === provider);
  return row?.env.map((variable) => process.env[variable]).find((key) => key !== undefined && key.trim() !== '');
}

/** Chats. */
export class Chat {
  readonly #sender: Sender;

  /** @internal */
  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Sends a chat and gives the whole answer. */
  async complete(request: RequestInput, options?: CallOptions): Promise<ChatReply> {
    return replied(await send(this.#sender, 'chat', request, options));
  }

  /** Sends a chat and gives its events as they arrive. Nothing is awaited: errors come with the first event. */
  stream(request: RequestInput, options?: CallOptions): ChatStream {
    return new ChatStream(this.#sender, 'chat_stream', request, options);
  }
}

/** Code between a prompt and a suffix. Answers and events have the form of a chat's. */
export class Fim {
  readonly #sender: Sender;

  /** @internal */
  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Sends code to fill in and gives the whole answer. */
  async complete(request: FimInput | string | Uint8Array, options?: CallOptions): Promise<ChatReply> {
    return replied(await send(this.#sender, 'fim', request, options));
  }

  /** Sends code to fill in and gives the events of the answer as they arrive. Errors come with the first event. */
  stream(request: FimInput | string | Uint8Array, options?: CallOptions): ChatStream {
    return new ChatStream(this.#sender, 'fim_stream', request, options);
  }
}

/** The answer in a message. The errors are made behind an `await` of the caller's, so that their stack leads there. */
function replied({ kind, text, meta }: Message): ChatReply {
  if (kind === Kind.Failed) throw errorFrom(JSON.parse(text) as ErrorData);
  warnFrom(meta);
  return chatReply(text, meta);
}

/** A call's options as the native side takes them; `undefined` when there are none. */
export function callOptions(options: CallOptions | undefined): string | undefined {
  if (options == null) return undefined;
  const settings = nativeOptions(options, ['signal']);
  return Object.keys(settings).length === 0 ? undefined : optionsText(settings);
}

/** Sends a request that has one answer. Rejects only where the request never left. */
function send(sender: Sender, operation: string, request: RequestInput | FimInput, options?: CallOptions): Promise<Message> {
  return new Promise((resolve, reject) => {
    const signal = signalOf(options);
    const client = sender.native();
    const text = jsonText(request);
    const settings = callOptions(options);
    const finish = (): void => {
      release();
      sender.underWay.delete(end);
      signal?.removeEventListener('abort', abort);
    };
    const id = register((kind, answer, meta) => {
      finish();
      resolve({ kind, text: answer, meta });
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
    client.complete(theBridge(), id, operation, text, settings);
  });
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

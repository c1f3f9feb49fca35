/// <reference lib="esnext.disposable" preserve="true" />
// A stream of events, as it arrives.

import { decoded, replyOf, type Pricing, type Reply, type Surroundings } from './answer.js';
import { theBridge } from './bridge.js';
import { eventsFrom, type AnyEvent, type StreamEvent } from './content.js';
import { Inbox } from './inbox.js';
import { native } from './native.js';
import type { CallOptions } from './options.js';
import { pricing, type Sender, type ToldOf } from './resource.js';
import type {
  AnswerMeta, ChatCompletion, ConversationEvent, ConversationResponse, Event, Speech, SpeechEvent, Transcription, TranscriptionEvent,
} from './types.js';
import type { Outgoing } from './upload.js';

/**
 * The events of an answer, as they arrive. Iterate it once; leaving the loop early closes the connection. `final()` gives the whole answer, during or
 * after the loop, or without one.
 */
export class EventStream<E extends AnyEvent, A> implements AsyncIterableIterator<StreamEvent<E>>, Partial<Surroundings> {
  readonly #operation: string;
  readonly #type: string;
  readonly #inbox = new Inbox<string>();
  /** Batches that were handed out: `partial` is made of them. */
  readonly #taken: string[] = [];
  #events: StreamEvent<E>[] = [];
  #at = 0;
  #final: Reply<A> | undefined;
  readonly #pricing: Pricing;

  /** @internal */
  constructor(sender: Sender, type: string, operation: string, request: unknown, options: CallOptions | undefined, file?: Outgoing, as: ToldOf = { operation, request }) {
    this.#operation = as.operation;
    this.#type = type;
    this.#pricing = pricing(sender, options);
    this.#inbox.open(this, sender, as, request, options, (client, id, text, settings) => client.open(theBridge(), id, operation, text, settings, file?.native), file);
  }

  /** The next event. */
  next(): Promise<IteratorResult<StreamEvent<E>, undefined>> {
    if (this.#at < this.#events.length) return Promise.resolve({ value: this.#events[this.#at++] as StreamEvent<E>, done: false });
    return this.#read();
  }

  async #read(): Promise<IteratorResult<StreamEvent<E>, undefined>> {
    const inbox = this.#inbox;
    for (;;) {
      if (this.#at < this.#events.length) return { value: this.#events[this.#at++] as StreamEvent<E>, done: false };
      const batch = inbox.shift();
      if (batch !== undefined) {
        this.#taken.push(batch);
        this.#events = eventsFrom<E>(batch);
        this.#at = 0;
      } else if (inbox.end !== undefined) {
        inbox.check(inbox.end);
        return { value: undefined, done: true };
      } else {
        await inbox.news();
      }
    }
  }

  /** The whole answer; reads the rest of the stream. Throws what the stream throws. */
  async final(): Promise<Reply<A>> {
    const end = await this.#inbox.rest();
    if ('answer' in end) return (this.#final ??= replyOf<A>(this.#type, end.answer, end.meta, undefined, this.#pricing));
    this.#inbox.check(end);
    throw (end as { stopped: Error }).stopped;
  }

  /** The answer so far, as the events that have arrived amount to; `null` before the first. */
  get partial(): A | null {
    const { end, pieces } = this.#inbox;
    if (end !== undefined && 'answer' in end) return JSON.parse(end.answer) as A;
    return JSON.parse(native.collect(this.#operation, [...this.#taken, ...pieces])) as A | null;
  }

  /** The text, piece by piece: of a chat, that of its first choice. */
  async *textStream(): AsyncGenerator<string, void, undefined> {
    for await (const { text } of this) if (text) yield text;
  }

  /** Closes the connection. What has arrived and was not read is dropped. Closing twice, or after the end, does nothing. */
  close(): void {
    this.#events = [];
    this.#at = 0;
    this.#taken.push(...this.#inbox.close(this, 'stream'));
  }

  /** What leaving a loop calls. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.close();
    return { value: undefined, done: true };
  }

  /** What an error thrown into the loop calls. */
  async throw(error: unknown): Promise<IteratorResult<StreamEvent<E>, undefined>> {
    this.close();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** What is known once the answer has begun. */
  get meta(): AnswerMeta {
    return this.#inbox.meta as AnswerMeta;
  }

  get requestId(): string | undefined {
    return this.#inbox.meta?.request_id ?? undefined;
  }

  get rateLimit(): AnswerMeta['rate_limit'] {
    return this.#inbox.meta?.rate_limit ?? {};
  }

  get warnings(): AnswerMeta['warnings'] {
    return this.#inbox.meta?.warnings ?? [];
  }

  get resolution(): AnswerMeta['resolution'] {
    return this.#inbox.meta?.resolution ?? null;
  }

  get attempts(): number {
    return this.#inbox.meta?.attempts ?? 0;
  }
}

/** The events of a chat or of code that is filled in. */
export class ChatStream extends EventStream<Event, ChatCompletion> {
  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined, file?: Outgoing, as?: ToldOf) {
    super(sender, 'ChatCompletion', operation, request, options, file, as);
  }
}

/** The events of a conversation's answer: each has a `type`, such as `message.output.delta` or `tool.execution.started`. */
export class ConversationStream extends EventStream<ConversationEvent, ConversationResponse> {
  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined, file?: Outgoing, as?: ToldOf) {
    super(sender, 'ConversationResponse', operation, request, options, file, as);
  }
}

/** The events of a transcription: each has a `type`, such as `transcription.text.delta` or `transcription.segment`. */
export class TranscriptionStream extends EventStream<TranscriptionEvent, Transcription> {
  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined, file?: Outgoing, as?: ToldOf) {
    super(sender, 'Transcription', operation, request, options, file, as);
  }

  /** The text, piece by piece. Segments and the last event repeat it, and are left out. */
  override async *textStream(): AsyncGenerator<string, void, undefined> {
    for await (const { type, text } of this) if (type === 'transcription.text.delta' && text) yield text;
  }
}

/** The events of spoken text: `speech.audio.delta` has more sound as `audio_data`, in base64. */
export class SpeechStream extends EventStream<SpeechEvent, Speech> {
  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined, file?: Outgoing, as?: ToldOf) {
    super(sender, 'Speech', operation, request, options, file, as);
  }

  /** The sound, piece by piece. */
  async *audioStream(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { type, audio_data: sound } of this) if (type === 'speech.audio.delta' && sound) yield decoded(sound);
  }
}

/// <reference lib="esnext.disposable" preserve="true" />
// A stream of events, as it arrives.

import { replyOf, type Pricing, type Reply, type Surroundings } from './answer.js';
import { cancel, hold, Kind, register, release, theBridge } from './bridge.js';
import { observed, type Call } from './observe.js';
import { callOptions, cancelled, pricing, signalOf, type Sender } from './resource.js';
import { native } from './native.js';
import { eventsFrom, type StreamEvent } from './content.js';
import { errorFrom, RequestCancelledError, type ErrorData } from './errors.js';
import type { CallOptions } from './options.js';
import { jsonText } from './text.js';
import type { AnswerMeta, ChatCompletion, ConversationEvent, ConversationResponse, Event } from './types.js';
import { warn } from './warn.js';

/** After so many reads the native side is told that it may read on; it reads twice as far ahead. */
const READS_PER_CREDIT = 16;
const UNBOUNDED = 0x1000_0000;

type End = { answer: string; meta: string } | { failure: ErrorData } | { stopped: Error };

/** What has arrived, apart from the stream that hands it out: the bridge must not keep the stream itself alive. */
class Inbox {
  readonly batches: string[] = [];
  /** Batches that were handed out: `partial` is made of them. */
  readonly taken: string[] = [];
  readonly waiting: (() => void)[] = [];
  meta: AnswerMeta | undefined;
  end: End | undefined;
  /** Called once, at the end. */
  ended: () => void = () => {};
  /** Where the stream is told about. */
  call: Call | undefined;

  receive(kind: Kind, text: string, meta: string): void {
    if (kind === Kind.Events) this.batches.push(text);
    else if (kind === Kind.Opened) this.opened(meta);
    else this.stop(kind === Kind.Done ? { answer: text, meta } : { failure: JSON.parse(text) as ErrorData });
    this.wake();
  }

  opened(meta: string): void {
    this.meta = JSON.parse(meta) as AnswerMeta;
    this.call?.arrived();
    warn(this.meta);
  }

  stop(end: End): void {
    if (this.end !== undefined) return;
    this.end = end;
    this.ended();
    this.tell(end);
    this.wake();
  }

  tell(end: End): void {
    if (this.call === undefined) return;
    if ('answer' in end) this.call.answered(end.answer, end.meta);
    else if ('failure' in end) this.call.failed(errorFrom(end.failure));
    else this.call.stopped(end.stopped, end.stopped instanceof Closed);
  }

  wake(): void {
    if (this.waiting.length === 0) return;
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** The next message, or the end. */
  async news(): Promise<void> {
    hold();
    try {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } finally {
      release();
    }
  }
}

/** Streams that were dropped without an end: their connections are closed when the collector finds them. */
const dropped = new FinalizationRegistry<number>(cancel);

/**
 * The events of an answer, as they arrive. Iterate it once; leaving the loop early closes the connection. `final()` gives the whole answer, during or
 * after the loop, or without one.
 */
export class EventStream<E extends Event | ConversationEvent, A> implements AsyncIterableIterator<StreamEvent<E>>, Partial<Surroundings> {
  readonly #operation: string;
  readonly #type: string;
  readonly #inbox = new Inbox();
  #id = 0;
  #events: StreamEvent<E>[] = [];
  #at = 0;
  #reads = 0;
  #final: Reply<A> | undefined;
  #pricing: Pricing | undefined;

  /** @internal */
  constructor(sender: Sender, type: string, operation: string, request: unknown, options: CallOptions | undefined) {
    const inbox = this.#inbox;
    this.#operation = operation;
    this.#type = type;
    inbox.call = observed(sender.observers, operation, request);
    try {
      const signal = signalOf(options);
      const client = sender.native();
      const text = jsonText(request);
      this.#pricing = pricing(sender, options);
      const id = (this.#id = register((kind, text, meta) => inbox.receive(kind, text, meta)));
      const end = (stopped: Error): void => {
        cancel(id);
        inbox.stop({ stopped });
      };
      const abort = (): void => end(cancelled(signal as AbortSignal));
      inbox.ended = () => {
        sender.underWay.delete(end);
        signal?.removeEventListener('abort', abort);
      };
      sender.underWay.add(end);
      signal?.addEventListener('abort', abort, { once: true });
      dropped.register(this, id, this);
      const open = (key?: unknown): void => client.open(theBridge(), id, operation, text, callOptions(options, key));
      if (sender.key === undefined) open();
      else sender.key().then((key) => inbox.end ?? open(key)).catch((stopped: Error) => inbox.stop({ stopped }));
    } catch (error) {
      inbox.stop({ stopped: error as Error });
    }
  }

  /** The next event. */
  next(): Promise<IteratorResult<StreamEvent<E>, undefined>> {
    if (this.#at < this.#events.length) return Promise.resolve({ value: this.#events[this.#at++] as StreamEvent<E>, done: false });
    return this.#read();
  }

  async #read(): Promise<IteratorResult<StreamEvent<E>, undefined>> {
    for (;;) {
      if (this.#at < this.#events.length) return { value: this.#events[this.#at++] as StreamEvent<E>, done: false };
      const batch = this.#inbox.batches.shift();
      if (batch !== undefined) {
        this.#inbox.taken.push(batch);
        this.#events = eventsFrom<E>(batch);
        this.#at = 0;
        this.#credit();
      } else if (this.#inbox.end !== undefined) {
        this.#check(this.#inbox.end);
        return { value: undefined, done: true };
      } else {
        await this.#inbox.news();
      }
    }
  }

  #credit(): void {
    if (++this.#reads % READS_PER_CREDIT === 0 && this.#inbox.end === undefined) theBridge().more(this.#id, READS_PER_CREDIT);
  }

  /** Throws the error of a stream that did not end well. */
  #check(end: End): void {
    if ('failure' in end) throw errorFrom(end.failure);
    if ('stopped' in end && !(end.stopped instanceof Closed)) throw end.stopped;
  }

  /** The whole answer; reads the rest of the stream. Throws what the stream throws. */
  async final(): Promise<Reply<A>> {
    const inbox = this.#inbox;
    if (inbox.end === undefined) theBridge().more(this.#id, UNBOUNDED);
    while (inbox.end === undefined) await inbox.news();
    if ('answer' in inbox.end) return (this.#final ??= replyOf<A>(this.#type, inbox.end.answer, inbox.end.meta, undefined, this.#pricing));
    this.#check(inbox.end);
    throw (inbox.end as { stopped: Error }).stopped;
  }

  /** The answer so far, as the events that have arrived amount to; `null` before the first. */
  get partial(): A | null {
    const { end, taken, batches } = this.#inbox;
    if (end !== undefined && 'answer' in end) return JSON.parse(end.answer) as A;
    return JSON.parse(native.collect(this.#operation, [...taken, ...batches])) as A | null;
  }

  /** The text, piece by piece: of a chat, that of its first choice. */
  async *textStream(): AsyncGenerator<string, void, undefined> {
    for await (const { text } of this) if (text) yield text;
  }

  /** Closes the connection. What has arrived and was not read is dropped. Closing twice, or after the end, does nothing. */
  close(): void {
    dropped.unregister(this);
    this.#events = [];
    this.#at = 0;
    this.#inbox.taken.push(...this.#inbox.batches.splice(0));
    if (this.#inbox.end !== undefined) return;
    cancel(this.#id);
    this.#inbox.stop({ stopped: new Closed() });
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

/** The caller closed the stream: the end of a loop, and no answer. */
class Closed extends RequestCancelledError {
  constructor() {
    super({ kind: 'cancelled', message: 'the stream was closed before its end' });
  }
}

/** The events of a chat or of code that is filled in. */
export class ChatStream extends EventStream<Event, ChatCompletion> {
  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined) {
    super(sender, 'ChatCompletion', operation, request, options);
  }
}

/** The events of a conversation's answer: each has a `type`, such as `message.output.delta` or `tool.execution.started`. */
export class ConversationStream extends EventStream<ConversationEvent, ConversationResponse> {
  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined) {
    super(sender, 'ConversationResponse', operation, request, options);
  }
}

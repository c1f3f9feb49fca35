// What has arrived of an answer in pieces, apart from the stream or download that hands it out: the bridge must not keep
// those alive.

import { cancel, hold, Kind, register, release, theBridge } from './bridge.js';
import { errorFrom, RequestCancelledError, type ErrorData } from './errors.js';
import type { NativeClient } from './native.js';
import { observed, type Call } from './observe.js';
import type { CallOptions } from './options.js';
import { callOptions, cancelled, signalOf, type Sender, type ToldOf } from './resource.js';
import { jsonText } from './text.js';
import type { AnswerMeta } from './types.js';
import type { Outgoing } from './upload.js';
import { warn } from './warn.js';

/** After so many pieces the native side is told that it may read on; it reads twice as far ahead. */
const PIECES_PER_CREDIT = 16;
const UNBOUNDED = 0x1000_0000;

/** How it ended. */
export type End = { answer: string; meta: string } | { failure: ErrorData } | { stopped: Error };

/** The caller closed the stream: the end of a loop, and no answer. */
export class Closed extends RequestCancelledError {
  constructor(what: string) {
    super({ kind: 'cancelled', message: `the ${what} was closed before its end` });
  }
}

/** Readers that were dropped without an end: their connections are closed when the collector finds them. */
const dropped = new FinalizationRegistry<number>(cancel);

/** How a call begins at the native client. */
export type Begin = (client: NativeClient, id: number, request: string, options: string | undefined) => void;

/** The pieces of one answer, as they arrive. */
export class Inbox<Piece extends string | Uint8Array> {
  readonly pieces: Piece[] = [];
  readonly #waiting: (() => void)[] = [];
  meta: AnswerMeta | undefined;
  /** The text of the message that opened it. */
  opening: string | undefined;
  end: End | undefined;
  #id = 0;
  #taken = 0;
  /** Called once, at the end. */
  #ended: () => void = () => {};
  /** Where the call is told about. */
  #call: Call | undefined;
  #file: Outgoing | undefined;

  /** Sends the request. What is wrong with it comes with the first piece. */
  open(reader: object, sender: Sender, { operation, request }: ToldOf, sent: unknown, options: CallOptions | undefined, begin: Begin, file?: Outgoing): void {
    this.#call = observed(sender.observers, operation, request);
    this.#file = file;
    try {
      const signal = signalOf(options);
      const client = sender.native();
      const text = jsonText(sent);
      const id = (this.#id = register((kind, text, meta, bytes) => this.#receive(kind, text, meta, bytes)));
      const end = (stopped: Error): void => {
        cancel(id);
        this.stop({ stopped });
      };
      const abort = (): void => end(cancelled(signal as AbortSignal));
      this.#ended = () => {
        sender.underWay.delete(end);
        signal?.removeEventListener('abort', abort);
        file?.close();
      };
      sender.underWay.add(end);
      signal?.addEventListener('abort', abort, { once: true });
      dropped.register(reader, id, reader);
      const start = (key?: unknown): void => begin(client, id, text, callOptions(options, key));
      if (sender.key === undefined) start();
      else sender.key().then((key) => this.end ?? start(key)).catch((stopped: Error) => this.stop({ stopped }));
    } catch (error) {
      this.stop({ stopped: error as Error });
    }
  }

  #receive(kind: Kind, text: string, meta: string, bytes: Uint8Array | null): void {
    if (kind === Kind.Wanted) return this.#file?.give();
    if (kind === Kind.Events) this.pieces.push(text as Piece);
    else if (kind === Kind.Bytes) this.pieces.push(bytes as Piece);
    else if (kind === Kind.Opened) this.#opened(text, meta);
    else this.stop(kind === Kind.Done ? { answer: text, meta } : { failure: JSON.parse(text) as ErrorData });
    this.#wake();
  }

  #opened(text: string, meta: string): void {
    this.opening = text;
    this.meta = JSON.parse(meta) as AnswerMeta;
    this.#call?.arrived();
    warn(this.meta);
  }

  stop(end: End): void {
    if (this.end !== undefined) return;
    this.end = end;
    this.#ended();
    this.#tell(end);
    this.#wake();
  }

  #tell(end: End): void {
    if (this.#call === undefined) return;
    if ('answer' in end) this.#call.answered(end.answer, end.meta);
    else if ('failure' in end) this.#call.failed(errorFrom(end.failure));
    else this.#call.stopped(end.stopped, end.stopped instanceof Closed);
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The next message, or the end. */
  async news(): Promise<void> {
    hold();
    try {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } finally {
      release();
    }
  }

  /** The next piece that is here. */
  shift(): Piece | undefined {
    const piece = this.pieces.shift();
    if (piece !== undefined && ++this.#taken % PIECES_PER_CREDIT === 0 && this.end === undefined) theBridge().more(this.#id, PIECES_PER_CREDIT);
    return piece;
  }

  /** The next piece; `undefined` at the end. */
  async take(): Promise<Piece | undefined> {
    for (;;) {
      const piece = this.shift();
      if (piece !== undefined) return piece;
      if (this.end !== undefined) {
        this.check(this.end);
        return undefined;
      }
      await this.news();
    }
  }

  /** Takes whatever comes, however much it is, until the end. */
  async rest(): Promise<End> {
    if (this.end === undefined) theBridge().more(this.#id, UNBOUNDED);
    while (this.end === undefined) await this.news();
    return this.end;
  }

  /** Throws the error of what did not end well. */
  check(end: End): void {
    if ('failure' in end) throw errorFrom(end.failure, this.#file?.cause);
    if ('stopped' in end && !(end.stopped instanceof Closed)) throw end.stopped;
  }

  /** Closes the connection of a reader. Gives what had arrived and was not read. */
  close(reader: object, what: string): Piece[] {
    dropped.unregister(reader);
    const left = this.pieces.splice(0);
    if (this.end === undefined) {
      cancel(this.#id);
      this.stop({ stopped: new Closed(what) });
    }
    return left;
  }
}

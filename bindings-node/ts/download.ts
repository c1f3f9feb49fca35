/// <reference lib="esnext.disposable" preserve="true" />
// Files on their way here, piece by piece.

import { randomBytes } from 'node:crypto';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { theBridge } from './bridge.js';
import { ConfigurationError } from './errors.js';
import { Inbox } from './inbox.js';
import type { CallOptions } from './options.js';
import type { Sender } from './resource.js';
import type { AnswerMeta } from './types.js';

/**
 * A file on its way here. Iterate its bytes once, or take them with `bytes()`, `save()` or `stream()`; leaving the loop
 * early closes the connection.
 */
export class Download implements AsyncIterableIterator<Uint8Array> {
  readonly #inbox = new Inbox<Uint8Array>();

  /** @internal */
  constructor(sender: Sender, operation: string, request: unknown, options: CallOptions | undefined) {
    this.#inbox.open(this, sender, { operation, request }, request, options, (client, id, text, settings) => client.download(theBridge(), id, operation, text, settings));
  }

  /** The next bytes, as the network brought them. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = await this.#inbox.take();
    return value === undefined ? { value, done: true } : { value, done: false };
  }

  /** Waits until the provider has answered: `length` and `requestId` are known then. Throws when it refused. */
  async opened(): Promise<this> {
    const inbox = this.#inbox;
    while (inbox.meta === undefined && inbox.end === undefined) await inbox.news();
    if (inbox.meta === undefined && inbox.end !== undefined) inbox.check(inbox.end);
    return this;
  }

  /** What is left of it, in one piece. */
  async bytes(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this) {
      pieces.push(piece);
      length += piece.length;
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  /** What is left of it, as a stream of the web's kind, for a `Response` for example. Cancelling it closes the connection. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const piece = await this.#inbox.take();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
        cancel: () => this.close(),
      },
      // Nothing is read before somebody asks.
      { highWaterMark: 0 },
    );
  }

  /**
   * Writes it to a path and gives the number of its bytes. What comes is written beside it first and moved there when it is
   * whole: a file that was there before stays as it was until then, and for good when the download fails.
   */
  async save(path: string | URL): Promise<number> {
    const target = path instanceof URL ? fileURLToPath(path) : path;
    const part = `${target}.${randomBytes(6).toString('hex')}.part`;
    let file: FileHandle | undefined;
    try {
      file = await writing(target, () => open(part, 'wx'));
      const length = await this.#write(target, file);
      await writing(target, () => (file as FileHandle).sync());
      await file.close();
      await writing(target, () => rename(part, target));
      return length;
    } catch (error) {
      this.close();
      await file?.close().catch(() => {});
      if (file !== undefined) await unlink(part).catch(() => {});
      throw error;
    }
  }

  async #write(target: string, file: FileHandle): Promise<number> {
    let length = 0;
    for await (const piece of this) {
      await writing(target, () => file.writeFile(piece));
      length += piece.length;
    }
    if (this.#inbox.end !== undefined && 'stopped' in this.#inbox.end) throw this.#inbox.end.stopped;
    return length;
  }

  /** Closes the connection. What has arrived and was not read is dropped. */
  close(): void {
    this.#inbox.close(this, 'download');
  }

  /** What leaving a loop calls. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.close();
    return { value: undefined, done: true };
  }

  /** What an error thrown into the loop calls. */
  async throw(error: unknown): Promise<IteratorResult<Uint8Array, undefined>> {
    this.close();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** How many bytes it has, once the provider has answered and where it said so. */
  get length(): number | undefined {
    return this.#opening().length ?? undefined;
  }

  /** What it is, once the provider has answered and where it said so: `application/pdf`. */
  get contentType(): string | undefined {
    return this.#opening().content_type ?? undefined;
  }

  #opening(): { length?: number | null; content_type?: string | null } {
    const { opening } = this.#inbox;
    return opening === undefined ? {} : (JSON.parse(opening) as { length: number | null; content_type: string | null });
  }

  /** What is known once the provider has answered. */
  get meta(): AnswerMeta | undefined {
    return this.#inbox.meta;
  }

  /** The id under which the provider knows the request. */
  get requestId(): string | undefined {
    return this.#inbox.meta?.request_id ?? undefined;
  }
}

/** What the file system refuses, said as the other hosts say it. */
async function writing<T>(target: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new ConfigurationError({ kind: 'configuration', message: `\`${target}\` cannot be written: ${(cause as Error).message}` }, { cause });
  }
}

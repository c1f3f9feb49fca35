// Batches: waiting for a job, and its results row by row.

import { replyOf, type Reply } from '../answer.js';
import { BATCH_FINAL, GeneratedBatch } from '../resources.js';
import { constructed } from '../doors.js';
import { Download } from '../download.js';
import { APITimeoutError, errorFrom, type ErrorData, type TramontaneError } from '../errors.js';
import type { NativeRowReader } from '../native.js';
import type { CallOptions } from '../options.js';
import { cancelled, signalOf } from '../resource.js';
import type { BatchJob, ChatCompletion, Cost } from '../types.js';

/** Milliseconds: the first pause between two looks, and the longest. */
const FIRST = 2_000;
const LONGEST = 60_000;

/** How to wait for a job. */
export interface WaitOptions {
  /** Called with the job each time it is looked at. */
  onProgress?: ((job: Reply<BatchJob>) => unknown) | undefined;
  /** Milliseconds after which the waiting ends with an error; the job goes on. For ever when absent. */
  timeout?: number | undefined;
  /** Milliseconds before the second look, 2 000 when absent; then less and less often, at least once a minute. */
  interval?: number | undefined;
  /** Ends the waiting; the job goes on. */
  signal?: AbortSignal | null | undefined;
}

/** The result of one request: `data`, or the `error` that its request came to. */
export class BatchRow<T = Reply<ChatCompletion>> {
  /** Its line in the file, from 1. */
  readonly line: number;
  /** The provider's own name for it. */
  readonly id: string | undefined;
  /** The caller's name for it. */
  readonly customId: string | undefined;
  /** The HTTP status of the request's answer. */
  readonly status: number | undefined;
  /** The answer; its `cost` is at the price of a batch. */
  readonly data: T | undefined;
  /** What went wrong with the request. */
  readonly error: TramontaneError | undefined;

  /** @internal */
  constructor(type: string, { line, id, custom_id, status, data, error, cost }: RowData) {
    this.line = line;
    this.id = id ?? undefined;
    this.customId = custom_id ?? undefined;
    this.status = status ?? undefined;
    this.data = data === undefined ? undefined : (replyOf(type, JSON.stringify(data), NOTHING, null, () => JSON.stringify({ ok: cost })) as T);
    this.error = error === undefined ? undefined : errorFrom(error);
  }

  /** Whether the request was answered. */
  get ok(): boolean {
    return this.error === undefined;
  }

  /** The answer; throws the error of a request that failed. */
  unwrap(): T {
    if (this.error !== undefined) throw this.error;
    return this.data as T;
  }
}

interface RowData {
  line: number;
  id?: string | null;
  custom_id?: string | null;
  status?: number | null;
  data?: unknown;
  error?: ErrorData;
  cost?: Cost;
}

/** What stands around the answer in a row: no call of its own brought it. */
const NOTHING = JSON.stringify({ request_id: null, rate_limit: {}, resolution: null, warnings: [], repairs: [], attempts: 0 });

/** Batches: many requests at half the price, answered within a day. */
export class Batch extends GeneratedBatch {
  /**
   * Waits until nothing more will happen to a job, and gives it as it is then. Done is not the same as every request
   * answered: see `results`.
   */
  async wait(job: string | BatchJob, { onProgress, timeout, interval = FIRST, signal }: WaitOptions = {}): Promise<Reply<BatchJob>> {
    const jobId = typeof job === 'string' ? job : job.id;
    const end = timeout === undefined ? Infinity : performance.now() + timeout;
    const longest = Math.max(LONGEST, interval);
    for (let pause = interval; ; pause = Math.min(pause * 1.5, longest)) {
      const now = await this.get({ job_id: jobId }, { signal: signal ?? null });
      await onProgress?.(now);
      if (BATCH_FINAL.has(now.status)) return now;
      const left = end - performance.now();
      if (left <= 0) throw tooLong(now, timeout as number);
      await sleep(Math.min(pause, left), signal ?? null);
    }
  }

  /**
   * The results of a job, in the order in which the provider wrote them; tell them apart by `customId`. The files of answers
   * and of errors are read as they arrive. A request that failed is a row with an `error`, and so is a line that is broken.
   */
  async *results<T = Reply<ChatCompletion>>(job: string | BatchJob, options?: CallOptions): AsyncGenerator<BatchRow<T>, void, undefined> {
    const done: BatchJob = typeof job === 'string' ? await this.get({ job_id: job }, options) : job;
    const reader = constructed(() => this.sender.native().rows(done.endpoint, done.model ?? undefined));
    const { outputs } = done;
    if (outputs?.length) {
      const lines = outputs.map((row) => `${JSON.stringify(row)}\n`).join('');
      return yield* rows<T>(reader, reader.push(new TextEncoder().encode(lines)));
    }
    for (const file of [done.output_file, done.error_file]) {
      if (!file) continue;
      for await (const piece of new Download(this.sender, 'files_download', { file_id: file }, options)) yield* rows<T>(reader, reader.push(piece));
      yield* rows<T>(reader, reader.end());
    }
  }
}

function* rows<T>(reader: NativeRowReader, text: string): Generator<BatchRow<T>, void, undefined> {
  const type = reader.answer;
  for (const row of JSON.parse(text) as RowData[]) yield new BatchRow<T>(type, row);
}

function tooLong(job: BatchJob, timeout: number): APITimeoutError {
  const done = `${job.completed_requests} of ${job.total_requests} requests are done`;
  const message = `the job \`${job.id}\` did not end within ${timeout} ms: ${done}; the job goes on: wait again, or cancel it`;
  return new APITimeoutError({ kind: 'timeout', message, retryable: true });
}

/** A pause that the signal ends. */
async function sleep(milliseconds: number, signal: AbortSignal | null): Promise<void> {
  signalOf({ signal });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    const abort = (): void => {
      clearTimeout(timer);
      reject(cancelled(signal as AbortSignal));
    };
    signal?.addEventListener('abort', abort, { once: true });
  });
}

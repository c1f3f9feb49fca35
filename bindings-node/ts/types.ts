// The forms of requests and answers, and what JavaScript calls some of them.

import type { ChatCompletion, ChatCompletionChunk, Finding, Meta, Provider, Repair, Resolution } from './generated.js';

export type * from './generated.js';

/** One event of a stream. */
export type Event = ChatCompletionChunk;

/** What stands around an answer. */
export interface AnswerMeta extends Meta {
  /** What the model's name means. */
  resolution: Resolution | null;
  /** Findings that did not stop the request. */
  warnings: Finding[];
  /** What repairs changed. */
  repairs: Repair[];
  /** How often it was sent. */
  attempts: number;
  /** What the request says of its price, where the answer does not: characters to speak, whether pages are annotated. */
  asked?: { characters: number | null; annotated: boolean };
  /** How long it took, waits and repetitions included, in seconds. */
  elapsed?: number;
  /** What came over the network; absent for a stream. */
  raw?: Raw;
}

/** What came over the network. */
export interface Raw {
  /** The HTTP status. */
  status: number;
  /** The headers, their names in lower case. */
  headers: Record<string, string>;
  /** The body as text; null for one of more than a megabyte, which is not kept. */
  body: string | null;
}

/** An answer, of whatever operation. */
export type AnswerType = ChatCompletion;

/** A row of the table of providers. */
export type ProviderRow = Provider;

// Answers: the provider's own data, with what stands around it beside.

import { contentText } from './content.js';
import { errorFrom, type ErrorData } from './errors.js';
import type { AnswerMeta, ChatCompletion, ConversationResponse, Cost, Finding, FunctionCallEntry, OcrResponse, Raw, Speech, ToolCall } from './types.js';
import { placeVectors } from './vectors.js';

/** What every answer has beside its data. Not enumerable: it is not in `JSON.stringify(reply)` or `{ ...reply }`. */
export interface Surroundings {
  /** The id under which the provider knows the request. */
  readonly requestId: string | undefined;
  /** What the rate-limit headers say. */
  readonly rateLimit: AnswerMeta['rate_limit'];
  /**
   * What it cost, in whole nano-dollars (10⁻⁹ USD), line by line; `amount` is `null`, with a `reason`, when that cannot be
   * said. Computed when it is asked for.
   */
  readonly cost: Cost;
  /** Findings that did not stop the request. */
  readonly warnings: Finding[];
  /** What the model's name means. */
  readonly resolution: AnswerMeta['resolution'];
  /** What repairs changed. */
  readonly repairs: AnswerMeta['repairs'];
  /** How often it was sent. */
  readonly attempts: number;
  /** What came over the network: status, headers, body. */
  readonly raw: Raw | undefined;
  /** All of this, as data. */
  readonly meta: AnswerMeta;
}

/** An answer to a chat. */
export type ChatReply = ChatCompletion &
  Surroundings & {
    /** The first choice's text; empty when it has none. */
    readonly text: string;
    /** The first choice's tool calls. */
    readonly toolCalls: ToolCall[];
  };

/** An answer of a conversation. */
export type ConversationReply = ConversationResponse &
  Surroundings & {
    /** The text of the model's messages; empty when it said nothing. */
    readonly text: string;
    /** The functions that the model wants called; their results go into the next request. */
    readonly functionCalls: FunctionCallEntry[];
  };

/** A document that was read. */
export type OcrReply = OcrResponse &
  Surroundings & {
    /** What was read: `usage_info`, under the name that all other answers have for it. */
    readonly usage: OcrResponse['usage_info'];
    /** The Markdown of all pages, a blank line between them. */
    readonly markdown: string;
  };

/** Spoken text. */
export type SpeechReply = Speech &
  Surroundings & {
    /** The sound itself: `audio_data` decoded. */
    readonly audio: Uint8Array;
  };

/** An answer of a type, with what stands around it. */
export type Reply<T> = T extends ChatCompletion ? ChatReply : T extends ConversationResponse ? ConversationReply : T extends OcrResponse ? OcrReply : T extends Speech ? SpeechReply : T & Surroundings;

/** The text of what stands around an answer; read when it is first asked for. */
const metas = new WeakMap<object, string | AnswerMeta>();

function metaOf(answer: object): AnswerMeta {
  let meta = metas.get(answer);
  if (typeof meta === 'string') metas.set(answer, (meta = JSON.parse(meta) as AnswerMeta));
  return meta as AnswerMeta;
}

/** Prices an answer: of what it says of itself, and what stands around it, both as JSON, to `{"ok": Cost}`. */
export type Pricing = (answer: string, around: string) => string;

const prices = new WeakMap<object, Pricing>();

function costOf(answer: object): Cost {
  const pricing = prices.get(answer);
  if (pricing === undefined) return { amount: null, reason: 'what an answer cost is known where a client got it', lines: [] };
  const { model, usage, usage_info, outputs: entries } = answer as Record<string, unknown>;
  // In a conversation, each entry names its model.
  const outputs = Array.isArray(entries) ? entries.map((entry: { model?: unknown } | null) => ({ model: entry?.model })) : undefined;
  const { resolution, asked } = metaOf(answer);
  const priced = JSON.parse(pricing(JSON.stringify({ model, usage, usage_info, outputs }), JSON.stringify({ resolution, asked }))) as { ok: Cost } | { error: ErrorData };
  if ('error' in priced) throw errorFrom(priced.error);
  return priced.ok;
}

function getter<T>(get: (this: object) => T): PropertyDescriptor {
  return { get, enumerable: false, configurable: true };
}

const SURROUNDINGS: PropertyDescriptorMap = {
  meta: getter(function () { return metaOf(this); }),
  requestId: getter(function () { return metaOf(this).request_id ?? undefined; }),
  rateLimit: getter(function () { return metaOf(this).rate_limit; }),
  cost: getter(function () { return costOf(this); }),
  warnings: getter(function () { return metaOf(this).warnings; }),
  resolution: getter(function () { return metaOf(this).resolution; }),
  repairs: getter(function () { return metaOf(this).repairs; }),
  attempts: getter(function () { return metaOf(this).attempts; }),
  raw: getter(function () { return metaOf(this).raw; }),
};

const CHAT: PropertyDescriptorMap = {
  ...SURROUNDINGS,
  text: getter(function () { return contentText((this as ChatCompletion).choices?.[0]?.message?.content); }),
  toolCalls: getter(function () { return (this as ChatCompletion).choices?.[0]?.message?.tool_calls ?? []; }),
};

const CONVERSATION: PropertyDescriptorMap = {
  ...SURROUNDINGS,
  text: getter(function () { return outputs(this, 'message.output').map(({ content }) => contentText(content)).join(''); }),
  functionCalls: getter(function () { return outputs(this, 'function.call'); }),
};

/** The entries of a kind. */
function outputs(answer: object, kind: string): { content?: unknown }[] {
  return ((answer as ConversationResponse).outputs ?? []).filter((entry) => entry.type === kind) as { content?: unknown }[];
}

const OCR: PropertyDescriptorMap = {
  ...SURROUNDINGS,
  usage: getter(function () { return (this as OcrResponse).usage_info; }),
  markdown: getter(function () { return ((this as OcrResponse).pages ?? []).map((page) => page.markdown).join('\n\n'); }),
};

const SPEECH: PropertyDescriptorMap = {
  ...SURROUNDINGS,
  audio: getter(function () { return decoded((this as Speech).audio_data); }),
};

/** Bytes in base64. */
export function decoded(base64: string | null | undefined): Uint8Array {
  return Uint8Array.from(Buffer.from(base64 ?? '', 'base64'));
}

/** What answers of a type have beside their data and what stands around all of them. */
const ANSWERS: Record<string, PropertyDescriptorMap> = { ChatCompletion: CHAT, ConversationResponse: CONVERSATION, OcrResponse: OCR, Speech: SPEECH };

/** Makes an answer of a type of its two texts and the bytes of its vectors. */
export function replyOf<T>(type: string, text: string, meta: string, vectors?: Uint8Array | null, pricing?: Pricing): Reply<T> {
  const answer = JSON.parse(text) as Reply<T>;
  if (vectors) placeVectors(answer, vectors);
  if (typeof answer !== 'object' || answer === null) return answer;
  metas.set(answer, meta);
  if (pricing !== undefined) prices.set(answer, pricing);
  return Object.defineProperties(answer, ANSWERS[type] ?? SURROUNDINGS);
}

/** Makes a chat answer of its two texts. */
export function chatReply(text: string, meta: string, pricing?: Pricing): ChatReply {
  return replyOf<ChatCompletion>('ChatCompletion', text, meta, undefined, pricing);
}

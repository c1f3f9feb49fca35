// Requests that were built elsewhere, by `@tramontane/edge` or by `build`: checked again, and sent with the client's key.

import type { ChatReply, Surroundings } from './answer.js';
import { invalid } from './errors.js';
import type { CallOptions } from './options.js';
import { Resource } from './resource.js';
import { ANSWERS, STREAMS } from './resources.js';
import { jsonText } from './text.js';
import type { Prepared } from './types.js';

/** What `build` gives: as data, as JSON text, or as the bytes of that text. */
export type PreparedInput = Prepared | string | Uint8Array;

/** The answer to a request that was built elsewhere: that of a chat, or any other. */
export type SentReply = ChatReply | (Record<string, unknown> & Surroundings);

/** The events of an answer to a request that was built elsewhere: those of a chat, or of what else it asks for. */
export type SentStream = InstanceType<(typeof STREAMS)[keyof typeof STREAMS]>;

/** What stands in the place of an operation: the request says its own. */
const BUILT = 'built';

/** Sends what was built elsewhere. */
export class Relay extends Resource {
  async pass(prepared: PreparedInput, options?: CallOptions): Promise<SentReply | SentStream> {
    const text = jsonText(prepared);
    const { operation, body } = readable(text);
    const told = { operation, request: body };
    if (Object.hasOwn(STREAMS, operation)) return new STREAMS[operation as keyof typeof STREAMS](this.sender, BUILT, text, options, undefined, told);
    const type = Object.hasOwn(ANSWERS, operation) ? ANSWERS[operation] : undefined;
    return (await this.send<unknown>(BUILT, type ?? '', text, options, undefined, told)) as SentReply;
  }
}

/** The operation alone decides what comes back; everything else is read by the native side. */
function readable(text: string): { operation: string; body?: unknown } {
  try {
    const { operation, body } = JSON.parse(text) as { operation?: unknown; body?: unknown };
    if (typeof operation === 'string') return { operation, body };
  } catch (cause) {
    throw invalid(`the request is not JSON: ${(cause as Error).message}`, '', { cause });
  }
  throw invalid('`operation` is missing: give what `build` gave', 'operation');
}

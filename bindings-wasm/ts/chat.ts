// `@tramontane/edge/chat`: the small part of `@tramontane/edge`, which checks and builds Mistral chats and does nothing else.

import * as engine from './engine.js';
import { ConfigurationError, InternalError, InvalidRequest, TramontaneError, UnsupportedError, type ErrorData } from './errors.js';
import type { Module } from './load.js';
import { nativeOptions, type Policy } from './options.js';
import type { ChatInput } from './spelling.js';
import { jsonText, stringify } from './text.js';
import type { Finding, Prepared, Resolution } from './types.js';

export { ConfigurationError, InternalError, InvalidRequest, TramontaneError, UnsupportedError };
export type { ErrorData } from './errors.js';
export type { Finding, Prepared, Resolution } from './types.js';

/** A chat as data, or as JSON text. */
export type ChatRequestInput = ChatInput | string | Uint8Array;

/** How a chat is judged here. Repairs, extra fields and overlays are for `@tramontane/edge`. */
export type ChatPolicy = Pick<Policy, 'checks' | 'severities' | 'strict' | 'pin' | 'on'>;

/** What is wrong with a chat: as the report of `@tramontane/edge`, but for the estimate of its cost. */
export interface Verdict {
  /** Whether there is no finding of severity `error`. */
  ok: boolean;
  /** Everything that is wrong, in the order of the request. */
  findings: Finding[];
  /** What its model name means; `null` when it has none. */
  resolution: Resolution | null;
}

// What can go wrong here. Naming them keeps the classes of all other errors out of what is loaded.
const classes: { readonly [kind: string]: typeof TramontaneError } = {
  invalid_request: InvalidRequest,
  configuration: ConfigurationError,
  unsupported: UnsupportedError,
  internal: InternalError,
};

function answer<T>(name: string, request: ChatRequestInput, policy: ChatPolicy | undefined): T {
  const text = jsonText(request);
  // Most callers have no wishes.
  const settings = policy === undefined ? '{}' : stringify(nativeOptions(policy), 'the policy');
  const outcome = JSON.parse(engine.run((module) => module.callRequest(name, text, settings))) as { ok: T } | { error: ErrorData };
  if ('error' in outcome) throw new (classes[outcome.error.kind] ?? TramontaneError)(outcome.error);
  return outcome.ok;
}

/** Everything that is wrong with a chat, without sending it. */
export function check(request: ChatRequestInput, policy?: ChatPolicy): Verdict {
  return answer('check', request, policy);
}

/** The HTTP request for a chat, without a key. */
export function build(request: ChatRequestInput, policy?: ChatPolicy): Prepared {
  return answer('build', request, policy);
}

/**
 * Makes the module ready. Browsers need `await init()` once before the first call, because they have to fetch it; in Node,
 * Bun, Deno, Cloudflare Workers and Vercel Edge it may be left out.
 *
 * @param source The module, its bytes, or the answer that brings it; the file beside this one when absent.
 */
export function init(source?: Module | Response | PromiseLike<Module | Response>): Promise<void> {
  return engine.init(source);
}

export default init;

// `@tramontane/edge`: what is true about an LLM request, where there is no key.
//
// No key, no network, no clock, no randomness: a request is checked and built here, and sent by a back end that has the key.

import * as engine from './engine.js';
import type { Module } from './load.js';

export { build, check, Decoder, estimateCost, models, parse, providers, resolve } from './doors.js';
export type { HeadersInput, RequestInput, ResolveOptions } from './doors.js';
export type { Policy } from './options.js';
export type * from './types.js';
export {
  APIConnectionError, APIError, APIStatusError, APITimeoutError, AuthenticationError, BadRequestError, ConfigurationError, ConflictError,
  ContentBlockedError, InternalError, InternalServerError, InvalidRequest, NotFoundError, OverloadedError, PaymentRequiredError,
  PermissionDeniedError, QuotaExceededError, RateLimitError, RequestCancelledError, RequestTooLargeError, ResponseDecodeError, StreamError,
  StreamTruncatedError, TramontaneError, UnprocessableEntityError, UnsupportedError,
} from './errors.js';
export type { ErrorData } from './errors.js';

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

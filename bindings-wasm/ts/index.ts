// `@tramontane/edge`: what is true about an LLM request, where there is no key.
//
// No key, no network, no clock, no randomness: a request is checked and built here, and sent by a back end that has the key.

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

export { init, init as default } from './engine.js';

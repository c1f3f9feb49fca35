// The errors, the same as in Rust and Python.

import { hidden, TramontaneError, type ErrorData } from './failure.js';
import { APIError, APIStatusError, errorClasses, InvalidRequest } from './kinds.js';

export { TramontaneError, type ErrorData } from './failure.js';
export * from './kinds.js';

// On the prototypes, so that `error.name` is right and is not printed as a field of its own.
for (const made of [TramontaneError, APIError, APIStatusError, ...Object.values(errorClasses)]) hidden(made.prototype, 'name', made.name);

/** The error that crossed the border. */
export function errorFrom(data: ErrorData, options?: ErrorOptions): TramontaneError {
  const made = errorClasses[data.kind] ?? TramontaneError;
  return new made(data, options);
}

/** A request that JavaScript alone can say is wrong. */
export function invalid(message: string, path = '', options?: ErrorOptions): InvalidRequest {
  return new InvalidRequest({ kind: 'invalid_request', message, path: path || null }, options);
}

// The errors, the same as in Rust and Python.

import { TramontaneError, type ErrorData } from './failure.js';
import { errorClasses, InvalidRequest } from './kinds.js';

export { TramontaneError, type ErrorData } from './failure.js';
export * from './kinds.js';

/** The error that crossed the border. */
export function errorFrom(data: ErrorData, options?: ErrorOptions): TramontaneError {
  const made = errorClasses[data.kind] ?? TramontaneError;
  return new made(data, options);
}

/** A request that JavaScript alone can say is wrong. */
export function invalid(message: string, path = '', options?: ErrorOptions): InvalidRequest {
  return new InvalidRequest({ kind: 'invalid_request', message, path: path || null }, options);
}

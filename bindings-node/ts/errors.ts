// The errors, the same as in Rust and Python: what happened, where, and what to do.

import type { ErrorKind, Finding, Report } from './types.js';

/** An error as it crosses from the native module. Times are in seconds there. */
export interface ErrorData {
  kind: ErrorKind;
  message: string;
  path?: string | null;
  provider?: string | null;
  status?: number | null;
  code?: string | null;
  request_id?: string | null;
  retry_after?: number | null;
  retryable?: boolean;
  hint?: string | null;
  body?: string | null;
  report?: Report | null;
  partial?: unknown;
}

/** Everything that tramontane throws. */
export class TramontaneError extends Error {
  /** Which row of the table of errors it is. */
  readonly kind: ErrorKind;
  /** Where in the request, for example `messages[3].tool_calls[0].id`. */
  declare readonly path: string | undefined;
  /** The provider's id. */
  declare readonly provider: string | undefined;
  /** The HTTP status. */
  declare readonly status: number | undefined;
  /** The provider's own code, for example `3230`. */
  declare readonly code: string | undefined;
  /** The id under which the provider knows the request. */
  declare readonly requestId: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  declare readonly retryAfter: number | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** What to do. */
  declare readonly hint: string | undefined;
  /** The server's own text, or what happened, without path and hint. */
  readonly reason: string;
  /** The server's answer, as it came. */
  declare readonly body: string | undefined;
  /** All findings, when a check refused the request. */
  declare readonly report: Report | undefined;
  /** What had arrived when a stream failed. */
  declare readonly partial: unknown;

  constructor(data: ErrorData, options?: ErrorOptions) {
    super(display(data), options);
    this.kind = data.kind;
    this.reason = data.message;
    this.retryable = data.retryable ?? false;
    const { path, provider, status, code, hint, request_id: requestId } = data;
    const retryAfter = data.retry_after == null ? undefined : data.retry_after * 1000;
    for (const [name, value] of Object.entries({ path, provider, status, code, requestId, retryAfter, hint })) {
      if (value != null) Object.defineProperty(this, name, { value, enumerable: true });
    }
    // Long ones are kept out of `console.log(error)`, which shows what is enumerable.
    hidden(this, 'body', data.body ?? undefined);
    hidden(this, 'report', data.report ?? undefined);
    hidden(this, 'partial', data.partial ?? undefined);
  }

  /** Everything wrong with the request, when a check refused it. */
  get findings(): Finding[] {
    return this.report?.findings ?? [];
  }

  /** All fields, as data. */
  toJSON(): Record<string, unknown> {
    const { name, kind, message, path, provider, status, code, requestId, retryAfter, retryable, hint, body, report, partial } = this;
    return { name, kind, message, path, provider, status, code, requestId, retryAfter, retryable, hint, body, report, partial };
  }
}

function hidden(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: false, writable: false, configurable: true });
}

/** `message (at path); hint [mistral, 400, code 3230, request id]` */
function display(data: ErrorData): string {
  const facts = [data.provider, data.status, data.code && `code ${data.code}`, data.request_id && `request ${data.request_id}`];
  const known = facts.filter((fact) => fact != null && fact !== '').join(', ');
  const path = data.path ? ` (at \`${data.path}\`)` : '';
  const hint = data.hint ? `; ${data.hint}` : '';
  return `${data.message}${path}${hint}${known && ` [${known}]`}`;
}

/** The request was refused before it was sent; `report` holds every finding. */
export class InvalidRequest extends TramontaneError {}
/** The client cannot work as it was set up: no key, an unusable key, a wrong base URL. */
export class ConfigurationError extends TramontaneError {}
/** This provider, operation or host cannot do what was asked. */
export class UnsupportedError extends TramontaneError {}
/** A bug in tramontane. Please report it. */
export class InternalError extends TramontaneError {}

/** Sending failed. */
export class APIError extends TramontaneError {}
/** The caller cancelled the request; `cause` is the signal's reason. */
export class RequestCancelledError extends APIError {}
/** No connection, or the connection broke. */
export class APIConnectionError extends APIError {}
/** A timeout passed: connect, first event, idle or total; the message says which. */
export class APITimeoutError extends APIConnectionError {}
/** The answer is not what the API sends: a proxy's page, a wrong content type, broken JSON. */
export class ResponseDecodeError extends APIError {}
/** The provider reported an error inside a stream; `partial` holds what had arrived. */
export class StreamError extends APIError {}
/** The stream ended without a finish reason; `partial` holds what had arrived. */
export class StreamTruncatedError extends StreamError {}

/** The server answered with an error. */
export class APIStatusError extends APIError {}
/** The server refused the request as malformed. */
export class BadRequestError extends APIStatusError {}
/** The key is missing, wrong, revoked or expired. */
export class AuthenticationError extends APIStatusError {}
/** The account has no credit. */
export class PaymentRequiredError extends APIStatusError {}
/** The key is good, but its plan or workspace may not do this. */
export class PermissionDeniedError extends APIStatusError {}
/** A guardrail or content filter blocked the request or the answer. */
export class ContentBlockedError extends PermissionDeniedError {}
/** No such path, model, file or job. */
export class NotFoundError extends APIStatusError {}
/** The resource changed meanwhile. */
export class ConflictError extends APIStatusError {}
/** The body is larger than the server takes. */
export class RequestTooLargeError extends APIStatusError {}
/** The server found a field that it does not know or a value that it does not take. */
export class UnprocessableEntityError extends APIStatusError {}
/** Requests per second, tokens per minute or tokens per month are used up for now. */
export class RateLimitError extends APIStatusError {}
/** A 429 that no waiting cures: no allowance for this model, or the month's tokens are used up. */
export class QuotaExceededError extends RateLimitError {}
/** The provider has no capacity for this model at the moment. */
export class OverloadedError extends APIStatusError {}
/** The provider failed. */
export class InternalServerError extends APIStatusError {}

/** The class of each kind. */
export const errorClasses: { readonly [kind in ErrorKind]: typeof TramontaneError } = {
  invalid_request: InvalidRequest,
  configuration: ConfigurationError,
  unsupported: UnsupportedError,
  bad_request: BadRequestError,
  authentication: AuthenticationError,
  payment_required: PaymentRequiredError,
  permission: PermissionDeniedError,
  content_blocked: ContentBlockedError,
  not_found: NotFoundError,
  conflict: ConflictError,
  request_too_large: RequestTooLargeError,
  validation: UnprocessableEntityError,
  rate_limit: RateLimitError,
  quota: QuotaExceededError,
  overloaded: OverloadedError,
  server: InternalServerError,
  connection: APIConnectionError,
  timeout: APITimeoutError,
  cancelled: RequestCancelledError,
  stream: StreamError,
  stream_truncated: StreamTruncatedError,
  decode: ResponseDecodeError,
  internal: InternalError,
};

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

// What every error says: what happened, where, and what to do. The same in Rust and Python.

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
  // As a text, because the program that uses the package may be built with short names of classes.
  static override readonly name: string = 'TramontaneError';
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

  /** The name of its class. On the prototype, so that it is not printed as a field of its own. */
  override get name(): string {
    return this.constructor.name;
  }

  /** Everything wrong with the request, when a check refused it. */
  get findings(): Finding[] {
    return this.report?.findings ?? [];
  }

  /** All fields, as data. */
  toJSON(): Record<string, unknown> {
    const { name, kind, message, reason, path, provider, status, code, requestId, retryAfter, retryable, hint, body, report, partial } = this;
    return { name, kind, message, reason, path, provider, status, code, requestId, retryAfter, retryable, hint, body, report, partial };
  }
}

/** Sets a field that `console.log` and `JSON.stringify` leave out. */
export function hidden(target: object, name: string, value: unknown): void {
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

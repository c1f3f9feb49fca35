// The forms of requests and answers.

/** Which row of the table of errors an error is. */
export type ErrorKind =
  | 'invalid_request' | 'configuration' | 'unsupported' | 'bad_request' | 'authentication' | 'payment_required' | 'permission'
  | 'content_blocked' | 'not_found' | 'conflict' | 'request_too_large' | 'validation' | 'rate_limit' | 'quota' | 'overloaded'
  | 'server' | 'connection' | 'timeout' | 'cancelled' | 'stream' | 'stream_truncated' | 'decode' | 'internal';

export interface Finding {
  rule: string;
  severity: 'note' | 'warning' | 'error';
  path: string;
  message: string;
  hint: string | null;
  server_code: string | null;
  source: string;
}

export interface Report {
  ok: boolean;
  findings: Finding[];
  estimate: Record<string, unknown> | null;
  resolution: Record<string, unknown> | null;
  repairs: Record<string, unknown>[];
}

export type ChatRequest = { model: string; messages: unknown[] } & Record<string, unknown>;
export interface ToolCall { id?: string; function: { name: string; arguments: string | Record<string, unknown> }; [field: string]: unknown }
export interface ChatCompletion {
  id: string;
  model: string;
  choices: { index: number; message: { role: string; content: unknown; tool_calls?: ToolCall[] | null }; finish_reason: string }[];
  usage: Record<string, unknown>;
  [field: string]: unknown;
}
export interface Event {
  id: string;
  choices: { index: number; delta: { role?: string; content?: unknown; tool_calls?: ToolCall[] | null }; finish_reason: string | null }[];
  [field: string]: unknown;
}
export interface AnswerMeta {
  provider: string;
  status: number;
  request_id: string | null;
  rate_limit: Record<string, number>;
  resolution: { requested: string; [field: string]: unknown } | null;
  warnings: Finding[];
  repairs: Record<string, unknown>[];
  attempts: number;
}
export type AnswerType = ChatCompletion;
export interface CostEstimate { [field: string]: unknown }
export interface Model { id: string; [field: string]: unknown }
export interface Parsed { type: string; data: unknown; meta: { provider: string; status: number; request_id: string | null; rate_limit: Record<string, number> } }
export interface Prepared { provider: string; method: string; url: string; headers: Record<string, string>; body: unknown; auth: { header: string; scheme: string; env: string }; [field: string]: unknown }
export interface ProviderRow { id: string; env: string[]; [field: string]: unknown }
export interface Recommendation { [field: string]: unknown }
export interface Resolution { requested: string; id: string | null; sent_as: string; [field: string]: unknown }

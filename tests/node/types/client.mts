// What a TypeScript program sees. Compiled, never run: a line that must not compile says so.
import { APIStatusError, build, check, Client, Decoder, estimateCost, InvalidRequest, models, parse, providers, RateLimitError, resolve, TramontaneError } from 'tramontane';

const client = new Client({ apiKey: 'k', baseURL: 'http://127.0.0.1:1', timeout: 1000, maxRetries: 0, defaultHeaders: { 'x-a': 'b' }, checks: 'warn' });
// @ts-expect-error a word that no check knows
new Client({ checks: 'perhaps' });
// @ts-expect-error seconds as text
new Client({ timeout: '10s' });

const request = { model: 'mistral-small-2603', messages: [{ role: 'user' as const, content: 'hi' }] };

export async function complete(): Promise<string> {
  const reply = await client.chat.complete(request, { signal: new AbortController().signal, timeout: 5, maxRetries: 1, extraBody: { a: 1 }, extraHeaders: { a: 'b' } });
  const text: string = reply.text;
  const reason: string | null | undefined = reply.choices[0]?.finish_reason;
  const id: string | undefined = reply.requestId;
  const calls: unknown[] = reply.toolCalls;
  const tries: number = reply.attempts;
  const rules: string[] = reply.warnings.map((finding) => finding.rule);
  // @ts-expect-error getters have camel case, data has snake case
  reply.request_id.length;
  // @ts-expect-error answers are read, not written
  reply.text = 'x';
  return [text, reason, id, calls, tries, rules].join();
}

export async function stream(): Promise<void> {
  const source = client.chat.stream(request);
  for await (const event of source) {
    const delta: unknown = event.choices[0]?.delta.content;
    void delta;
  }
  for await (const piece of source.textStream()) piece.toUpperCase();
  const text: string = (await source.final()).text;
  void text;
  source.close();
  await using disposed = client.chat.stream(request);
  void disposed;
}

export function doors(): void {
  const report = check(request, { on: '2026-11-01', severities: { floating_alias: 'off' }, repair: ['tool_call_ids'] });
  const ok: boolean = report.ok;
  const severity: 'note' | 'warning' | 'error' | undefined = report.findings[0]?.severity;
  // @ts-expect-error a repair that does not exist
  check(request, { repair: ['everything'] });
  const { method, url, headers, auth } = build(request, { provider: 'mistral' });
  const header: string = auth.header;
  check('{}');
  build(new Uint8Array());
  // @ts-expect-error a request is no number
  check(5);
  estimateCost(request);
  const sent: string | null = resolve('mistral-small-4', { pin: true }).sent_as;
  models.list()[0]?.id.length;
  models.get('mistral-small-2603');
  models.recommend('default');
  const day: string = models.asOf();
  providers.list()[0]?.id.length;
  parse('mistral', 'chat', 200, new Headers(), '{}').meta.status.toFixed();
  const decoder = new Decoder('mistral');
  decoder.push(new Uint8Array())[0]?.choices[0]?.delta;
  void [ok, severity, method, url, headers, header, sent, day];
}

export function errors(error: unknown): string | undefined {
  if (error instanceof InvalidRequest) return error.findings.map((finding) => finding.path).join();
  if (error instanceof RateLimitError) return String(error.retryAfter?.toFixed());
  if (error instanceof APIStatusError) return `${error.status} ${error.requestId}`;
  if (error instanceof TramontaneError) {
    // @ts-expect-error not one of the kinds
    if (error.kind === 'nonsense') return '';
    return error.hint;
  }
  return undefined;
}

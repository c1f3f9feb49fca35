// What a TypeScript program sees. Compiled, never run: a line that must not compile says so.
import init, {
  APIStatusError, build, check, Decoder, estimateCost, InternalError, InvalidRequest, models, parse, providers, resolve, TramontaneError, type Policy,
  type RequestInput,
} from '@tramontane/edge';
import wasm from '@tramontane/edge/tramontane.wasm';

export async function start(): Promise<void> {
  await init();
  await init(wasm);
  await init(fetch('/tramontane.wasm'));
  await init(new Uint8Array());
}

const request = { model: 'mistral-small-2603', messages: [{ role: 'user' as const, content: 'hi' }] };

export function doors(text: string, bytes: Uint8Array): unknown[] {
  const policy: Policy = { on: '2026-11-01', severities: { floating_alias: 'off' }, repair: ['tool_call_ids'], extraBody: { a: 1 } };
  const report = check(request, policy);
  const ok: boolean = report.ok;
  const severity: 'note' | 'warning' | 'error' | undefined = report.findings[0]?.severity;
  // @ts-expect-error a repair that does not exist
  check(request, { repair: ['everything'] });
  // @ts-expect-error there is no key here
  check(request, { apiKey: 'k' });
  const either: RequestInput[] = [text, bytes, request];
  either.forEach((input) => check(input));
  // @ts-expect-error a request is no number
  check(5);
  const { method, url, headers, auth } = build(text, { provider: 'mistral' });
  const names: string[] = [auth.header, auth.scheme, auth.env, headers['content-type'] ?? '', method, url];
  // @ts-expect-error nothing is sent from here
  build(request).send();
  const sent: string | null = resolve('mistral-small-4', { pin: true }).sent_as;
  const day: string = models.asOf();
  const status: number = parse('mistral', 'chat', 200, new Headers(), bytes).meta.status;
  const decoder = new Decoder('mistral');
  for (const event of decoder.push(bytes)) event.choices[0]?.delta;
  return [
    ok, severity, names, sent, day, status, estimateCost(request), models.list()[0]?.id, models.get('mistral-small-2603'), models.recommend('default'),
    providers.list()[0]?.id,
  ];
}

export function errors(error: unknown): string | undefined {
  if (error instanceof InvalidRequest) return error.findings.map((finding) => finding.path).join();
  if (error instanceof InternalError) return String(error.cause);
  if (error instanceof APIStatusError) return `${error.status} ${error.requestId}`;
  return error instanceof TramontaneError ? error.hint : undefined;
}

// Everything that is said about a text: what is wrong with it, what would mend it, what it costs, what would be sent.

import { build, check, models, providers, TramontaneError, type Finding, type Model, type Policy, type Prepared, type Report } from '@tramontane/edge';

/** A change that is offered for a finding. */
export interface Offer {
  readonly label: string;
  /** The request after it. */
  readonly request: unknown;
}

/** A finding and what would mend it. */
export interface Judged extends Finding {
  readonly offers: readonly Offer[];
}

/** What one provider would be sent, or why it cannot be. */
export interface Outcome {
  readonly provider: string;
  readonly name: string;
  readonly prepared?: Prepared;
  readonly reason?: string;
}

/** What is said about a text. */
export interface Verdict {
  /** `undefined` when the text is not even JSON. */
  readonly report?: Report;
  readonly findings: readonly Judged[];
  readonly model?: Model;
  readonly outcomes: readonly Outcome[];
}

type RepairName = NonNullable<Policy['repair']>[number];
const REPAIRS: readonly RepairName[] = ['tool_call_ids', 'message_order', 'retired_model', 'strip_response_fields'];

/** Judges a text by a day (`YYYY-MM-DD`). */
export function judge(text: string, on: string): Verdict {
  let report: Report;
  let request: unknown;
  try {
    report = check(text, { on });
    request = JSON.parse(text);
  } catch (error) {
    return { findings: [failure(error)], outcomes: [] };
  }
  const offers = offersFor(report, request, on);
  return {
    report,
    findings: report.findings.map((finding, at) => ({ ...finding, offers: offers[at] ?? [] })),
    ...known(report, on),
    outcomes: providers.list().map(({ id, name }) => outcome(text, id, name, on)),
  };
}

/** A text that cannot be read, as a finding. */
function failure(error: unknown): Judged {
  const known = error instanceof TramontaneError ? error : undefined;
  return {
    rule: 'not_json',
    severity: 'error',
    path: '',
    message: known?.message ?? String(error),
    hint: known?.hint ?? null,
    server_code: null,
    source: '',
    offers: [],
  };
}

function known(report: Report, on: string): { model?: Model } {
  const id = report.resolution?.id;
  if (id == null) return {};
  try {
    return { model: models.get(id, { provider: report.resolution?.provider as string, on }) };
  } catch {
    return {};
  }
}

/** For each finding what would mend it: each repair is tried, and offered where it makes the finding go. */
function offersFor(report: Report, request: unknown, on: string): Offer[][] {
  const offers: Offer[][] = report.findings.map((finding) => (finding.path === 'model' ? otherModels(report, request) : []));
  if (report.ok) return offers;
  for (const repair of REPAIRS) {
    const mended = repaired(request, repair, on);
    if (mended === undefined) continue;
    const left = new Set(check(JSON.stringify(mended), { on }).findings.map(keyOf));
    report.findings.forEach((finding, at) => {
      const offered = offers[at] as Offer[];
      if (!left.has(keyOf(finding)) && offered.length === 0) offered.push({ label: `Repair ${repair.replaceAll('_', ' ')}`, request: mended });
    });
  }
  return offers;
}

function keyOf(finding: Finding): string {
  return `${finding.rule} ${finding.path}`;
}

/** The request after a repair; `undefined` when that changes nothing. */
function repaired(request: unknown, repair: RepairName, on: string): unknown {
  try {
    const { body, repairs } = build(JSON.stringify(request), { on, checks: 'off', repair: [repair] });
    if (repairs.length === 0 || typeof body !== 'object' || body === null) return undefined;
    return withFieldsOf(request as Record<string, unknown>, body as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

/** The body has what goes over the wire; the request keeps what only it has, such as `operation`. */
function withFieldsOf(request: Record<string, unknown>, body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(request).map((key) => [key, key in body ? body[key] : request[key]]));
}

/** What to write in the place of the model's name. */
function otherModels(report: Report, request: unknown): Offer[] {
  const { resolution } = report;
  if (resolution == null) return [];
  const names = [resolution.replacement, resolution.pinned, ...resolution.did_you_mean.slice(0, 3)];
  const fresh = new Set(names.filter((name): name is string => name != null && name !== resolution.requested));
  return [...fresh].slice(0, 3).map((name) => ({ label: `Use ${name}`, request: { ...(request as object), model: name } }));
}

function outcome(text: string, provider: string, name: string, on: string): Outcome {
  try {
    // What is refused is shown all the same: the report says why it should not be sent.
    return { provider, name, prepared: build(text, { on, provider, checks: 'warn' }) };
  } catch (error) {
    return { provider, name, reason: error instanceof Error ? error.message : String(error) };
  }
}

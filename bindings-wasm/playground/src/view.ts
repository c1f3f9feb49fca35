// What stands beside the editor: findings, the model, what it costs, what is sent.

import type { Model, Report } from '@tramontane/edge';

import { curl } from './curl.js';
import { button, byId, element, facts, prose } from './element.js';
import type { Editor } from './editor.js';
import type { Judged, Outcome, Verdict } from './judge.js';
import { count, dollars, range } from './money.js';

/** Shows everything that is said about a text. */
export function show(verdict: Verdict, editor: Editor): void {
  summarise(verdict);
  byId('findings').replaceChildren(...verdict.findings.map((finding) => findingOf(finding, editor)));
  byId('model').replaceChildren(...modelOf(verdict));
  byId('estimate').replaceChildren(...estimateOf(verdict.report));
  showOutcomes(verdict.outcomes, verdict.report?.ok === true);
}

function summarise({ report, findings }: Verdict): void {
  const of = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const said = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const number = of(severity);
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  });
  const refused = report === undefined ? 'This is not JSON.' : report.ok ? 'This can be sent.' : 'This would be refused.';
  const summary = byId('summary');
  const text = said.length === 0 ? refused : `${refused} ${said.join(', ')}.`;
  summary.dataset['state'] = report?.ok === true ? (of('warning') > 0 ? 'warning' : 'good') : 'error';
  // A screen reader reads it again whenever it is set, so only when it says something new.
  if (summary.textContent !== text) summary.textContent = text;
}

function findingOf(finding: Judged, editor: Editor): HTMLElement {
  const place = button(`line ${editor.lineOf(finding)}`, () => editor.show(finding), { class: 'place', 'aria-label': `Go to line ${editor.lineOf(finding)}: ${finding.message}` });
  const offers = finding.offers.map((offer) => button(offer.label, () => editor.apply(offer), { class: 'offer' }));
  const rest = [finding.path === '' ? undefined : element('code', {}, finding.path), element('code', { class: 'rule' }, finding.rule), finding.server_code === null ? undefined : `server: ${finding.server_code}`];
  return element(
    'li',
    { class: `finding ${finding.severity}`, title: finding.source === '' ? '' : `Source: ${finding.source}` },
    element('p', {}, element('strong', { class: 'severity' }, finding.severity), ' ', ...prose(finding.message)),
    finding.hint === null ? undefined : element('p', { class: 'hint' }, ...prose(finding.hint)),
    element('p', { class: 'where' }, place, ...rest.flatMap((part) => (part === undefined ? [] : [' ', part]))),
    offers.length === 0 ? undefined : element('p', { class: 'offers' }, ...offers),
  );
}

function modelOf({ report, model }: Verdict): HTMLElement[] {
  const resolution = report?.resolution;
  if (resolution == null) return [element('p', { class: 'none' }, 'No model is named.')];
  const sent = resolution.sent_as === resolution.requested ? resolution.requested : `${resolution.requested} → ${resolution.sent_as}`;
  return [
    facts([
      ['Sent as', element('code', {}, sent)],
      ['Is', `${resolution.kind.replace('_', '-')}${resolution.status === null ? '' : `, ${resolution.status}`}`],
      ['Model', model === undefined ? (resolution.id ?? 'not in the catalogue') : `${model.name} (${model.id})`],
      ['Deprecated on', resolution.deprecated_on ?? undefined],
      ['Retires on', resolution.retires_on ?? undefined],
      ['Replaced by', resolution.replacement ?? undefined],
      ['Pin', resolution.pinned !== null && resolution.pinned !== resolution.requested ? resolution.pinned : undefined],
      ...(model === undefined ? [] : rowsOf(model)),
    ]),
  ];
}

function rowsOf(model: Model): [string, string | undefined][] {
  const { input_per_mtok: input, output_per_mtok: output, cached_input_per_mtok: cached } = model.prices;
  const price = (nano: number | null | undefined, name: string): string[] => (nano == null ? [] : [`${dollars(nano)} ${name}`]);
  const prices = [...price(input, 'in'), ...price(cached, 'cached'), ...price(output, 'out')];
  return [
    ['Context', model.context === null ? undefined : `${count(model.context)} tokens`],
    ['Can', model.capabilities.map((capability) => capability.replaceAll('_', ' ')).join(', ')],
    ['Per million tokens', prices.join(', ')],
    ['As of', model.as_of],
  ];
}

function estimateOf(report: Report | undefined): HTMLElement[] {
  const estimate = report?.estimate;
  if (estimate == null) return [element('p', { class: 'none' }, 'There is nothing to count.')];
  const { prompt_tokens: prompt, cost } = estimate;
  const answer = cost.completion_tokens;
  return [
    facts([
      ['Prompt', `${range(count(prompt.low), count(prompt.high))} tokens`],
      ['Answer', answer === null ? undefined : `${range(count(answer.low), count(answer.high))} tokens`],
      ['Cost', cost.amount === null ? element('span', {}, 'unknown: ', ...prose(cost.reason ?? '')) : range(dollars(cost.amount.low), dollars(cost.amount.high))],
    ]),
  ];
}

/** The providers' requests. The panels stay, so that what is open stays open while one types. */
function showOutcomes(outcomes: readonly Outcome[], ok: boolean): void {
  const list = byId('requests');
  for (const outcome of outcomes) {
    const id = `request-${outcome.provider}`;
    let panel = document.getElementById(id) as HTMLDetailsElement | null;
    if (panel === null) {
      panel = element('details', { id });
      if (list.childElementCount === 0) panel.open = true;
      list.append(panel);
    }
    panel.replaceChildren(...panelOf(outcome, ok));
  }
  list.hidden = outcomes.length === 0;
}

function panelOf({ name, prepared, reason }: Outcome, ok: boolean): HTMLElement[] {
  if (prepared === undefined) {
    return [element('summary', {}, name, ' ', element('span', { class: 'no' }, 'not built')), element('p', { class: 'none' }, ...prose(reason ?? ''))];
  }
  const head = Object.entries(prepared.headers).map(([header, value]) => `${header}: ${value}`);
  const credential = `${prepared.auth.header}: ${prepared.auth.scheme} ⟨added by the server, from ${prepared.auth.env}⟩`;
  const http = [`${prepared.method} ${prepared.url}`, ...head, credential, '', prepared.body === null ? '' : JSON.stringify(prepared.body, null, 2)].join('\n');
  const command = curl(prepared);
  return [
    element('summary', {}, name, ' ', element('span', ok ? { class: 'yes' } : { class: 'refused' }, ok ? prepared.operation : 'would be refused')),
    element('pre', { class: 'http', tabindex: '0', 'aria-label': `HTTP request to ${name}` }, http),
    element('p', { class: 'bar' }, element('span', {}, 'As a curl command'), copy(command)),
    element('pre', { class: 'curl', tabindex: '0', 'aria-label': `curl command for ${name}` }, command),
  ];
}

/** A button that copies a text and says so. */
export function copy(text: string): HTMLButtonElement {
  const made = button('Copy', () => {
    void navigator.clipboard.writeText(text).then(
      () => say(made, 'Copied'),
      () => say(made, 'Not allowed here'),
    );
  });
  return made;
}

/** Says something on a button for a moment. */
export function say(made: HTMLButtonElement, text: string): void {
  const before = made.dataset['label'] ?? made.textContent ?? '';
  made.dataset['label'] = before;
  made.textContent = text;
  byId('announcement').textContent = text;
  setTimeout(() => (made.textContent = before), 1500);
}

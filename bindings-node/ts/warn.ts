// Findings that did not stop a request, as Node's own warnings: each once per rule and model.

import type { AnswerMeta } from './types.js';

const told = new Set<string>();

/** Tells what is in an answer's meta. */
export function warn(meta: AnswerMeta): void {
  for (const { rule, severity, message, hint } of meta.warnings) {
    if (severity === 'note') continue;
    const key = `${rule} ${meta.resolution?.requested ?? ''}`;
    if (told.has(key)) continue;
    told.add(key);
    const type = /^(deprecated|retired)_/.test(rule) ? 'DeprecationWarning' : 'TramontaneWarning';
    process.emitWarning(message, { type, code: `TRAMONTANE_${rule.toUpperCase()}`, ...(hint ? { detail: hint } : {}) });
  }
}

/** As `warn`, for the text of a meta: most have nothing to tell, and stay unread. */
export function warnFrom(meta: string): void {
  if (!meta.includes('"warnings":[]')) warn(JSON.parse(meta) as AnswerMeta);
}

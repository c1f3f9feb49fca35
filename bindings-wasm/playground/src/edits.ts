// From one request to another with as few changes to the text as there can be: what nobody changed keeps its form.

import type { Tree } from '@lezer/common';

import { spanOf } from './path.js';

/** A replacement in the text. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** The edits that make the text of `before` say `after`. */
export function editsBetween(tree: Tree, text: string, before: unknown, after: unknown): Edit[] {
  const edits: Edit[] = [];
  compare(before, after, [], (steps, value) => {
    const span = spanOf(tree, text, steps);
    if (span !== undefined) edits.push({ ...span, insert: written(value, indentAt(text, span.from)) });
  });
  return edits;
}

type Replace = (steps: readonly (string | number)[], value: unknown) => void;

function compare(before: unknown, after: unknown, steps: (string | number)[], replace: Replace): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item, index) => compare(item, after[index], [...steps, index], replace));
    return;
  }
  if (isObject(before) && isObject(after) && sameKeys(before, after)) {
    for (const key of Object.keys(before)) compare(before[key], after[key], [...steps, key], replace);
    return;
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) replace(steps, after);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sameKeys(one: object, other: object): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other);
}

/** How far the line of a place is indented. */
function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^\s*/.exec(line)?.[0] ?? '';
}

function written(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

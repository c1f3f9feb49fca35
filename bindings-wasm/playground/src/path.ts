// A finding's path, and the place in the text that it names.

import type { SyntaxNode, Tree } from '@lezer/common';

/** A stretch of the text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `messages[3]["odd key"].id` as steps. */
export function stepsOf(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  for (const [, index, quoted, name] of path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)) {
    if (index !== undefined) steps.push(Number(index));
    else steps.push(quoted === undefined ? (name as string) : (JSON.parse(quoted) as string));
  }
  return steps;
}

/** The node of a value, as far down a path as the text goes; and whether that was all the way. */
function descend(tree: Tree, text: string, steps: readonly (string | number)[]): { node: SyntaxNode | null; whole: boolean } {
  let node = tree.topNode.firstChild;
  for (const step of steps) {
    const next = node === null ? null : typeof step === 'number' ? itemOf(node, step) : memberOf(node, text, step);
    if (next === null) return { node, whole: false };
    node = next;
  }
  return { node, whole: true };
}

function itemOf(array: SyntaxNode, index: number): SyntaxNode | null {
  if (array.name !== 'Array') return null;
  return valuesOf(array)[index] ?? null;
}

function memberOf(object: SyntaxNode, text: string, key: string): SyntaxNode | null {
  if (object.name !== 'Object') return null;
  // The last of equal keys is the one that counts.
  for (const property of object.getChildren('Property').reverse()) {
    const name = property.getChild('PropertyName');
    if (name === null) continue;
    if (decoded(text.slice(name.from, name.to)) === key) return property.lastChild;
  }
  return null;
}

function decoded(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function valuesOf(array: SyntaxNode): SyntaxNode[] {
  const values: SyntaxNode[] = [];
  for (let child = array.firstChild; child !== null; child = child.nextSibling) {
    if (!['[', ']', ','].includes(child.name) && !child.type.isError) values.push(child);
  }
  return values;
}

/** The span of the value at a path; `undefined` where the text has none. */
export function spanOf(tree: Tree, text: string, steps: readonly (string | number)[]): Span | undefined {
  const { node, whole } = descend(tree, text, steps);
  return whole && node !== null ? { from: node.from, to: node.to } : undefined;
}

/**
 * Where to point for a path: the value, or for one that is not there the nearest thing that holds its place. Of an object or
 * an array only the first line is marked: underlining a whole conversation says nothing.
 */
export function markOf(tree: Tree, text: string, path: string): Span {
  const { node } = descend(tree, text, stepsOf(path));
  if (node === null) return { from: 0, to: Math.min(1, text.length) };
  const end = text.indexOf('\n', node.from);
  const to = end < 0 ? node.to : Math.min(node.to, end);
  return { from: node.from, to: Math.max(to, Math.min(node.from + 1, text.length)) };
}

/** The first place where the text stops being JSON. */
export function brokenAt(tree: Tree, text: string): Span {
  let found: Span | undefined;
  tree.iterate({
    enter: (node) => {
      if (found === undefined && node.type.isError) found = { from: node.from, to: node.to };
      return found === undefined;
    },
  });
  const { from, to } = found ?? { from: text.length, to: text.length };
  return to > from ? { from, to } : { from: Math.max(0, Math.min(from, text.length - 1)), to: Math.min(text.length, Math.max(from, 1)) };
}

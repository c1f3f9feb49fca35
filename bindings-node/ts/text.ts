// Values to JSON text, without the silent losses of `JSON.stringify`: what it would turn to `null` or leave out is
// refused here, at its path.

import { invalid, type InvalidRequest } from './errors.js';

/** What `JSON.stringify` writes as `{}`. */
const WITHOUT_FORM = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'RegExp', 'Error']);

/** As deep as the native parser goes. */
const DEEPEST = 120;

/** A value as JSON text. A string is taken to be JSON text already; bytes likewise. */
export function jsonText(value: unknown, what = 'the request'): string {
  if (typeof value === 'string') {
    if (halved(value)) throw invalid(`${what} holds half a character (a lone surrogate)`);
    return value;
  }
  if (isBytes(value)) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch (cause) {
      throw invalid(`${what} is not UTF-8`, '', { cause });
    }
  }
  return stringify(value, what);
}

/** Whether a value is a `Uint8Array`, of whatever realm. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

/** A value as JSON text. */
export function stringify(value: unknown, what: string): string {
  const wrong = inspect(value, what);
  if (wrong) throw wrong;
  try {
    return JSON.stringify(value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`${what} cannot be written as JSON: ${reason.split('\n', 1)[0]}`, '', { cause });
  }
}

function inspect(value: unknown, what: string): InvalidRequest | undefined {
  const path: (string | number)[] = [];
  let flaw: Flaw | undefined;
  try {
    flaw = flawOf(value, path, [], '');
  } catch (cause) {
    // A getter, a `toJSON` or a proxy of the caller's: it says itself what went wrong.
    return invalid(`${what} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, written(path), { cause });
  }
  return flaw === undefined ? undefined : invalid(`${what} holds ${flaw}`, written(path));
}

type Flaw = string;

/** Runtimes without the method leave the question to the parser. */
function halved(text: string): boolean {
  return text.isWellFormed?.() === false;
}

/** What is wrong with a value, and in `path` where. The path is kept only on the way to a flaw. */
function flawOf(value: unknown, path: (string | number)[], above: object[], key: string): Flaw | undefined {
  switch (typeof value) {
    case 'string':
      return halved(value) ? 'half a character (a lone surrogate)' : undefined;
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : `${value}, which JSON does not have`;
    case 'object':
      return value === null ? undefined : flawOfObject(value, path, above, key);
    case 'bigint':
      return 'a BigInt, which JSON does not have; use a number or a string';
    default:
      return `${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which JSON does not have`;
  }
}

function flawOfObject(value: object, path: (string | number)[], above: object[], key: string): Flaw | undefined {
  if (above.includes(value)) return 'a reference to itself';
  if (above.length >= DEEPEST) return `more than ${DEEPEST} levels`;
  if (Array.isArray(value)) {
    above.push(value);
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      const flaw = flawOf(value[index], path, above, '');
      if (flaw !== undefined) return flaw;
      path.pop();
    }
    above.pop();
    return undefined;
  }
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') {
    above.push(value);
    const flaw = flawOf(toJSON.call(value, key), path, above, key);
    above.pop();
    return flaw;
  }
  const foreign = foreignForm(value);
  if (foreign !== undefined) return foreign;
  above.push(value);
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    // Before the field is read: a getter may throw.
    path.push(name);
    const field = fields[name];
    // An absent field, as everywhere in JavaScript, is left out.
    const flaw = field === undefined ? undefined : flawOf(field, path, above, name);
    if (flaw !== undefined) return flaw;
    path.pop();
  }
  above.pop();
  return undefined;
}

/** Objects that `JSON.stringify` writes as `{}`, or as an object of indices. */
function foreignForm(value: object): Flaw | undefined {
  const form = Object.getPrototypeOf(value) as unknown;
  if (form === Object.prototype || form === null) return undefined;
  // By tag and not by class: the value may come from another realm, such as a test runner's.
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (ArrayBuffer.isView(value) || kind.endsWith('ArrayBuffer')) return `a ${kind}; encode bytes as base64 text`;
  if (kind === 'Promise') return 'a Promise; await it first';
  return WITHOUT_FORM.has(kind) ? `a ${kind}, which JSON does not have` : undefined;
}

/** `messages[3].tool_calls[0].id`, and `["odd key"]` for keys that are no plain names. */
function written(path: (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]{1,64}$/.test(step)) text += text ? `.${step}` : step;
    else text += `[${JSON.stringify(step.slice(0, 64))}]`;
  }
  return text;
}

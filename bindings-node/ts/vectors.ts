// Vectors: typed arrays over the bytes that come beside an answer's text.

import type { Vector } from './generated.js';

/** The key of what stands in the text in the place of a vector; the native module has the same. */
const MARK = '\0vector';

type View = new (buffer: ArrayBufferLike, offset: number, length: number) => Vector;

const VIEWS: Record<string, View> = { float: Float32Array, int8: Int8Array, uint8: Uint8Array, binary: Int8Array, ubinary: Uint8Array };

const TO_JSON: PropertyDescriptor = {
  value(this: Vector): number[] {
    return Array.from(this);
  },
  enumerable: false,
  configurable: true,
  writable: true,
};

/** Puts the vectors into their places in an answer. */
export function placeVectors<T>(answer: T, bytes: Uint8Array): T {
  // A view of floats must begin at a multiple of four.
  const whole = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return placed(answer, whole) as T;
}

function placed(value: unknown, bytes: Uint8Array): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const mark = (value as Record<string, unknown>)[MARK];
  if (mark !== undefined) return view(mark as [string, number, number], bytes);
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(members)) {
    const member = members[key];
    if (typeof member === 'object' && member !== null) members[key] = placed(member, bytes);
  }
  return value;
}

function view([dtype, place, count]: [string, number, number], bytes: Uint8Array): Vector {
  const Numbers = VIEWS[dtype] as View;
  return Object.defineProperty(new Numbers(bytes.buffer, bytes.byteOffset + place, count), 'toJSON', TO_JSON);
}

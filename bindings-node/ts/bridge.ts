// The way back from the native module: its messages, each to whoever waits for it.

// Taken here, before a test's fake timers can stand in its place.
import { setInterval } from 'node:timers';

import { native, type NativeBridge } from './native.js';

/** What a message is; the native module has the same numbers. */
export const enum Kind {
  /** The answer of a call, or of a stream that ended well: no message follows. */
  Done = 0,
  /** An error: no message follows. */
  Failed = 1,
  /** A stream was opened. */
  Opened = 2,
  /** Events of a stream. */
  Events = 3,
  /** Bytes of a file. */
  Bytes = 4,
  /** A piece of the file that is uploaded is wanted. */
  Wanted = 5,
}

/** A message: what it is, its text, the text of what stands around it, and the bytes of the vectors in it or of a file. */
export interface Message {
  kind: Kind;
  text: string;
  meta: string;
  vectors: Uint8Array | null;
}

/** Takes the messages of one call. Must not throw. */
export type Receiver = (kind: Kind, text: string, meta: string, vectors: Uint8Array | null) => void;

const receivers = new Map<number, Receiver>();
let bridge: NativeBridge | undefined;
let last = 0;

function deliver(id: number, kind: Kind, text: string, meta: string, vectors: Uint8Array | null): void {
  const receive = receivers.get(id);
  if (receive === undefined) return;
  if (kind <= Kind.Failed) receivers.delete(id);
  receive(kind, text, meta, vectors);
}

/** The environment's bridge. */
export function theBridge(): NativeBridge {
  return (bridge ??= new native.Bridge(deliver));
}

/** Takes a number for a call, whose messages `receive` gets. */
export function register(receive: Receiver): number {
  do last = last === 0xffff_ffff ? 1 : last + 1;
  while (receivers.has(last));
  receivers.set(last, receive);
  return last;
}

/** Drops a call: its connection is closed, and no message follows. */
export function cancel(id: number): void {
  if (receivers.delete(id)) bridge?.cancel(id);
}

// The native side never keeps the process alive. While a promise is open, this timer does.
let held = 0;
let timer: NodeJS.Timeout | undefined;

/** Keeps the process alive until the matching `release`. */
export function hold(): void {
  if (held++ > 0) return;
  if (timer === undefined) timer = setInterval(() => {}, 0x7fff_ffff);
  else timer.ref();
}

/** Ends a `hold`. */
export function release(): void {
  if (--held === 0) timer?.unref();
}

// The module, as the doors see it: the same calls as in the native package, text in and text out.

import { Decoder } from './decoder.js';
import * as engine from './engine.js';

/** A decoder inside the module. */
export interface NativeDecoder {
  push(bytes: Uint8Array): string;
  finish(): string;
  partial(): string;
}

export const native = {
  call: (name: string, parameter: string): string => engine.run((module) => module.call(name, parameter)),
  // The text goes in as it is, and is parsed once, in Rust.
  callWithRequest: (name: string, request: string, rest: string): string => engine.run((module) => module.callRequest(name, request, rest)),
  Decoder: Decoder as new (provider: string, operation: string) => NativeDecoder,
};

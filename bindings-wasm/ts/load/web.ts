// Browsers, and every runtime that is not known: the module has to be fetched, or handed to `init`.

import type { Module } from '../load.js';

/** Nothing can be had without waiting. */
export function load(): Module | undefined {
  return undefined;
}

/** The module from beside this file: bundlers know this form, and put the file where it will be found. */
export async function fetched(): Promise<Module> {
  const answer = await fetch(new URL('../../pkg/tramontane.wasm', import.meta.url));
  if (!answer.ok) throw new TypeError(`the WebAssembly module cannot be fetched: ${answer.status} ${answer.statusText}`);
  return answer.arrayBuffer();
}

// Node, Bun and Deno: the module lies beside this file, and can be read without waiting.

import { readFileSync } from 'node:fs';

import type { Module } from '../load.js';

/** The module's bytes. */
export function load(): Module | undefined {
  return readFileSync(new URL('../../pkg/tramontane.wasm', import.meta.url));
}

/** The same; nothing is fetched. */
export async function fetched(): Promise<Module> {
  return load() as Module;
}

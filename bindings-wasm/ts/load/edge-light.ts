// Vercel Edge: `?module` asks for the compiled module.

import type { Module } from '../load.js';
import module from '../../pkg/tramontane.wasm?module';

/** The compiled module. */
export function load(): Module | undefined {
  return module;
}

/** The same; nothing is fetched. */
export async function fetched(): Promise<Module> {
  return module;
}

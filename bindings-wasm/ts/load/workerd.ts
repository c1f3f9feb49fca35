// Cloudflare Workers: a `.wasm` file is a module of its own, compiled when the worker is deployed.

import type { Module } from '../load.js';
import module from '../../pkg/tramontane.wasm';

/** The compiled module. */
export function load(): Module | undefined {
  return module;
}

/** The same; nothing is fetched. */
export async function fetched(): Promise<Module> {
  return module;
}

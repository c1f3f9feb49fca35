// The one instance of the module, and what happens when it stops.

import { ConfigurationError, InternalError } from './errors.js';
import * as glue from './glue.js';
import { fetched, load, type Module } from './load.js';

/** Counts the instances: what belongs to an older one is gone. */
export let generation = 0;

/** Makes the module ready, out of what is given or of what lies beside it. */
export async function init(source?: Module | Response | PromiseLike<Module | Response>): Promise<void> {
  if (glue.running()) return;
  const found = await (source ?? fetched());
  const bytes = found instanceof Response ? await found.arrayBuffer() : found;
  start(bytes instanceof WebAssembly.Module ? bytes : await WebAssembly.compile(bytes));
}

/** Starts the module, unless it runs already. */
export function start(module: Module | undefined = undefined): void {
  if (glue.running()) return;
  const found = module ?? load();
  if (!found) {
    throw new ConfigurationError({
      kind: 'configuration',
      message: 'the WebAssembly module is not loaded yet',
      hint: '`await init()` once before the first call; a browser has to fetch the module first',
    });
  }
  glue.start(found);
}

/** Runs a call. A trap leaves an instance in an unknown state, so the next call gets a new one. */
export function run(call: (module: typeof glue) => string): string {
  start();
  try {
    return call(glue);
  } catch (cause) {
    generation += 1;
    glue.restart();
    throw stopped('the WebAssembly module stopped on this input', cause);
  }
}

/** What is thrown when the module stops. */
export function stopped(message: string, cause?: unknown): InternalError {
  return new InternalError({ kind: 'internal', message, hint: 'this is a defect of tramontane; the next call gets a fresh instance' }, { cause });
}

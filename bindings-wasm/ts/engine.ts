// The one instance of the module, and what happens when it stops.

import * as glue from '../pkg/tramontane.js';
import { ConfigurationError, errorFrom, InternalError, type ErrorData } from './errors.js';
import { fetched, load, type Module } from './load.js';

let running = false;
// Counts the instances: what belongs to an older one is gone.
let generation = 0;

/** Makes the module ready, out of what is given or of what lies beside it. */
export async function init(source?: Module | Response | PromiseLike<Module | Response>): Promise<void> {
  if (running) return;
  const found = await (source ?? fetched());
  const bytes = found instanceof Response ? await found.arrayBuffer() : found;
  start(bytes instanceof WebAssembly.Module ? bytes : await WebAssembly.compile(bytes));
}

/** Starts the module, unless it runs already. */
export function start(module: Module | undefined = undefined): void {
  if (running) return;
  const found = module ?? load();
  if (!found) {
    throw new ConfigurationError({
      kind: 'configuration',
      message: 'the WebAssembly module is not loaded yet',
      hint: '`await init()` once before the first call; a browser has to fetch the module first',
    });
  }
  glue.initSync({ module: found });
  running = true;
}

/** Runs a call. A trap leaves an instance in an unknown state, so the next call gets a new one. */
export function run(call: (module: typeof glue) => string): string {
  start();
  try {
    return call(glue);
  } catch (cause) {
    generation += 1;
    glue.__wbg_reset_state();
    throw stopped('the WebAssembly module stopped on this input', cause);
  }
}

/** A decoder inside the module, as long as its instance lives. */
export class Decoder {
  readonly #inner: glue.Decoder;
  readonly #generation: number;

  constructor(provider: string, operation: string) {
    start();
    this.#generation = generation;
    let inner: glue.Decoder | undefined;
    run((module) => {
      inner = new module.Decoder(provider, operation);
      return '';
    });
    this.#inner = inner as glue.Decoder;
    // The module's constructor cannot refuse; the first call says whether there is such a stream.
    const { error } = JSON.parse(this.push(new Uint8Array())) as { error?: ErrorData };
    if (error) throw errorFrom(error);
  }

  push(bytes: Uint8Array): string {
    return this.#run(() => this.#inner.push(bytes));
  }

  finish(): string {
    return this.#run(() => this.#inner.finish());
  }

  partial(): string {
    return this.#run(() => this.#inner.partial());
  }

  #run(call: () => string): string {
    if (this.#generation !== generation) throw stopped('the instance that held this decoder was stopped by an earlier error');
    return run(call);
  }
}

function stopped(message: string, cause?: unknown): InternalError {
  return new InternalError({ kind: 'internal', message, hint: 'this is a defect of tramontane; the next call gets a fresh instance' }, { cause });
}

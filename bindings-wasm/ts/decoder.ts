// Decoders inside the module, and what becomes of them.

import { generation, run, stopped } from './engine.js';
import { errorFrom, type ErrorData } from './errors.js';
import * as glue from './glue.js';

// A decoder whose owner is gone goes too, unless its instance went before.
const forgotten =
  typeof FinalizationRegistry === 'undefined'
    ? undefined
    : new FinalizationRegistry<{ number: number; born: number }>(({ number, born }) => {
        if (born === generation) glue.closeDecoder(number);
      });

/** A decoder inside the module, as long as its instance lives. */
export class Decoder {
  readonly #number: number;
  readonly #born: number;

  constructor(provider: string, operation: string) {
    let number = 0;
    run((module) => {
      number = module.openDecoder(provider, operation);
      return '';
    });
    this.#number = number;
    this.#born = generation;
    forgotten?.register(this, { number, born: generation });
    // Opening cannot refuse; the first call says whether there is such a stream.
    const { error } = JSON.parse(this.push(new Uint8Array())) as { error?: ErrorData };
    if (error) throw errorFrom(error);
  }

  push(bytes: Uint8Array): string {
    return this.#run((module) => module.push(this.#number, bytes));
  }

  finish(): string {
    return this.#run((module) => module.finish(this.#number));
  }

  partial(): string {
    return this.#run((module) => module.partial(this.#number));
  }

  #run(call: (module: typeof glue) => string): string {
    if (this.#born !== generation) throw stopped('the instance that held this decoder was stopped by an earlier error');
    return run(call);
  }
}

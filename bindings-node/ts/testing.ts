/// <reference lib="esnext.disposable" preserve="true" />
// For tests: a local server that speaks the Mistral API. Its words are not a model's, and it says so.

import { Client } from './client.js';
import { constructed } from './doors.js';
import { native, type NativeSandbox } from './native.js';
import { nativeOptions, type ClientOptions } from './options.js';
import { stringify } from './text.js';

/** How a sandbox is set up; every field has a default. */
export interface SandboxOptions {
  /** The port on 127.0.0.1; any free one when absent. */
  port?: number;
  /** The one key it accepts; any when absent. */
  key?: string;
  /** The day by which names are judged, `YYYY-MM-DD`; today when absent. */
  on?: string;
  /** Milliseconds that it waits before each event of a stream. */
  pace?: number;
}

/** A running sandbox, on a thread of its own. It does not keep the process alive. */
export class Sandbox {
  readonly #native: NativeSandbox;

  /** Where it listens, to be given as a base URL. */
  readonly url: string;
  /** A key that it accepts. */
  readonly apiKey: string;

  constructor(options: SandboxOptions = {}) {
    this.#native = constructed(() => new native.Sandbox(stringify(nativeOptions(options), 'the options')));
    this.url = this.#native.url;
    this.apiKey = this.#native.key;
  }

  /** A client that talks to it. */
  client(options: Omit<ClientOptions, 'apiKey' | 'baseURL'> = {}): Client {
    return new Client({ ...options, apiKey: this.apiKey, baseURL: this.url });
  }

  /** Stops it. */
  close(): void {
    this.#native.stop();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

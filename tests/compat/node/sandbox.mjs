// A sandbox and the official client that calls it: what every file of this folder begins with.
import { after } from 'node:test';

import { Mistral } from '@mistralai/mistralai';

import { Sandbox } from '../../../bindings-node/dist/testing.mjs';

const key = 'compat-key';

/** A sandbox of its own for one file, closed when the file's tests are over. */
export function sandbox() {
  const running = new Sandbox({ key });
  after(() => running.close());
  return running;
}

/** The official client. It does not repeat what failed, so that a test sees the first answer. */
export const client = (running, apiKey = key) => new Mistral({ apiKey, serverURL: running.url, retryConfig: { strategy: 'none' } });

/** Everything that an async iterable yields. */
export async function all(events) {
  const collected = [];
  for await (const event of events) collected.push(event);
  return collected;
}

// The example in workerd, the runtime of Cloudflare Workers.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

test('the example finds three mistakes in workerd', async () => {
  const run = fileURLToPath(new URL('../../examples/edge-workerd/run.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [run]);
  assert.match(stdout, /^workerd answered 422$/m);
  assert.equal(stdout.match(/^ {2}✗ error /gm)?.length, 3, stdout);
});

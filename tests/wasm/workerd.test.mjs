// The vectors, and the example, in workerd: the runtime of Cloudflare Workers.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { serve } from '../../examples/edge-workerd/serve.mjs';
import { vectors } from './vectors.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

let server;
before(async () => {
  server = await serve(file('worker.mjs'), [{ name: 'conformance.mjs', esModule: file('conformance.mjs') }]);
});
after(() => server?.stop());

test('every vector gives in workerd what it says', async (t) => {
  const all = vectors();
  assert.ok(all.length > 0, 'there are no vectors');
  const answer = await fetch(server.url, { method: 'POST', body: JSON.stringify(all) });
  const flaws = await answer.json();
  assert.equal(flaws.length, all.length);
  const failed = all.flatMap((vector, index) => flaws[index].map((flaw) => `${vector.file}: ${flaw}`));
  assert.equal(failed.join('\n'), '');
  t.diagnostic(`${all.length} vectors passed in workerd`);
});

test('the example finds three mistakes in workerd', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [file('../../examples/edge-workerd/run.mjs')]);
  assert.match(stdout, /^workerd answered 422$/m);
  assert.equal(stdout.match(/^ {2}✗ error /gm)?.length, 3, stdout);
});

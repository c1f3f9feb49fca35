// The vectors, in the WebAssembly module under Node.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as edge from '../../bindings-wasm/dist/node/index.js';
import * as glue from '../../bindings-wasm/dist/pkg/tramontane.js';
import { judge } from './conformance.mjs';
import { vectors } from './vectors.mjs';

edge.models.asOf(); // Starts the module.

test('every vector gives in WebAssembly what it says', (t) => {
  const all = vectors();
  assert.ok(all.length > 0, 'there are no vectors');
  const failed = all.flatMap((vector) => judge(edge, glue, vector).map((flaw) => `${vector.file}: ${flaw}`));
  assert.equal(failed.join('\n'), '');
  t.diagnostic(`${all.length} vectors passed in Node`);
});

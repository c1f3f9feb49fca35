// The vectors in every runtime that the package is for: all pass, and the bytes that come out are the same everywhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { serve as workerd } from '../../examples/edge-workerd/serve.mjs';
import { chromium, open } from './browser.mjs';
import { packageOf, project, root } from './project.mjs';
import { vectors } from './vectors.mjs';
import { serve as vercel } from './vercel.mjs';

const all = vectors();
const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const results = [];

/** Runs the vectors in one runtime; says so where that is not installed. */
function runtime(name, where, run) {
  test(`the vectors in ${name}`, { skip: where && existsSync(where) ? false : `${name} is not installed`, timeout: 120_000 }, async (t) => {
    const { passed, flaws, digest } = await run(t);
    results.push({ name, passed, digest });
    assert.equal(flaws.join('\n'), '');
    assert.equal(passed, all.length);
    assert.equal(digest, results[0].digest, `not the bytes of ${results[0].name}`);
  });
}

const posted = async (url) => (await fetch(url, { method: 'POST', body: JSON.stringify(all) })).json();

/** By the command line: the program and the vectors lie in a project that has the package. */
const printed = (command, ...before) => async (t) => {
  const folder = project(t, [file('program.mjs'), file('conformance.mjs')]);
  writeFileSync(join(folder, 'vectors.json'), JSON.stringify(all));
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "dependencies": {"@tramontane/edge": "*"}}');
  const { stdout } = await promisify(execFile)(command, [...before, 'program.mjs', 'vectors.json'], { cwd: folder, maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
};

const node = (major) => join(packageOf(`node${major}`), 'bin/node');
const deno = join(packageOf('.bin'), 'deno');
const bun = join(packageOf('.bin'), 'bun');

runtime(`Node ${process.versions.node.split('.')[0]}`, process.execPath, printed(process.execPath));
runtime('Node 22', node(22), printed(node(22)));
runtime('Node 24', node(24), printed(node(24)));
runtime('Deno', deno, printed(deno, 'run', '--no-prompt', '--node-modules-dir=manual', '--allow-read', '--allow-env'));
runtime('Bun', bun, printed(bun, 'run'));
runtime('workerd', join(root, 'bindings-wasm/node_modules/workerd'), async (t) => {
  const server = await workerd(file('worker.mjs'), [{ name: 'conformance.mjs', esModule: file('conformance.mjs') }]);
  t.after(() => server.stop());
  return posted(server.url);
});
runtime('edge-runtime', packageOf('edge-runtime'), async (t) => posted(await vercel(t, file('worker.mjs'), 'handler')));
runtime('Chromium', chromium, async (t) => {
  const page = await open(t);
  return page.evaluate(async (all) => {
    const edge = await import('@tramontane/edge');
    await edge.init();
    const glue = await import('/bindings-wasm/dist/pkg/tramontane.js');
    const { report } = await import('/tests/wasm/conformance.mjs');
    return report(edge, glue, all);
  }, all);
});

after(() => {
  console.log(`${'runtime'.padEnd(14)}vectors passed   all outputs`);
  for (const { name, passed, digest } of results) console.log(`${name.padEnd(14)}${`${passed} of ${all.length}`.padEnd(17)}sha256 ${digest.slice(0, 16)}`);
});

// The examples, and the JavaScript that README.md shows, against a sandbox.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Sandbox } from '../../bindings-node/dist/testing.mjs';
import { packageFolder, root } from './tramontane.mjs';

let sandbox;
let project;
before(() => {
  sandbox = new Sandbox();
  project = mkdtempSync(join(tmpdir(), 'tramontane-readme-'));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(packageFolder, join(project, 'node_modules/tramontane'), 'junction');
  for (const name of ['zod', 'valibot', '@valibot']) symlinkSync(join(packageFolder, 'node_modules', name), join(project, 'node_modules', name), 'junction');
});
after(() => {
  sandbox.close();
  rmSync(project, { recursive: true });
});

/** Runs a program and gives what it prints. */
async function run(program) {
  const env = { ...process.env, TRAMONTANE_BASE_URL: sandbox.url, MISTRAL_API_KEY: sandbox.apiKey };
  return (await promisify(execFile)(process.execPath, [program], { env })).stdout;
}

for (const name of readdirSync(join(root, 'examples/node'))) {
  test(`the example ${name}`, async () => {
    assert.match(await run(join(root, 'examples/node', name)), name === 'check.mjs' ? /mistral-small-2603/ : /tramontane sandbox/);
  });
}

for (const page of ['README.md', 'bindings-node/README.md', 'docs/structured.md']) {
  test(`the JavaScript in ${page}`, async () => {
    const programs = [...readFileSync(join(root, page), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map(([, program]) => program);
    const ours = programs.filter((program) => program.includes('from "tramontane"'));
    assert.ok(ours.length > 0);
    for (const [at, program] of ours.entries()) {
      assert.ok(program.includes('new Client()'));
      const file = join(project, `${at}.mjs`);
      writeFileSync(file, program.replace('new Client()', `new Client({ baseURL: '${sandbox.url}' })`));
      // Asked for an answer of a form, the sandbox has one word to give.
      assert.match(await run(file), program.includes('.parse(') ? /^sandbox/ : /tramontane sandbox/);
    }
  });
}

test('the guide, from its first block to its last', async () => {
  const blocks = [...readFileSync(join(root, 'docs/guide.md'), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map(([, block]) => block);
  assert.ok(blocks.length > 8);
  const file = join(project, 'guide.mjs');
  writeFileSync(file, blocks.join('\n').replaceAll('new Client({', `new Client({ baseURL: '${sandbox.url}',`));
  const said = await run(file);
  assert.match(said, /`seed`/);
  assert.match(said, /SUCCESS/);
});

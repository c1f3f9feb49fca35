// The edge function that each README shows, imported as a bundler would, and asked.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

for (const page of ['README.md', 'bindings-wasm/README.md']) {
  test(`the edge function of ${page}`, async (t) => {
    const project = mkdtempSync(join(tmpdir(), 'tramontane-edge-'));
    t.after(() => rmSync(project, { recursive: true }));
    mkdirSync(join(project, 'node_modules/@tramontane'), { recursive: true });
    symlinkSync(join(root, 'bindings-wasm'), join(project, 'node_modules/@tramontane/edge'), 'junction');
    const programs = [...readFileSync(join(root, page), 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map(([, program]) => program);
    const program = programs.find((text) => text.includes('@tramontane/edge'));
    writeFileSync(join(project, 'worker.mjs'), program);
    const { default: worker } = await import(pathToFileURL(join(project, 'worker.mjs')));
    const ask = (body) => worker.fetch(new Request('https://edge.test/', { method: 'POST', body: JSON.stringify(body) }));

    const request = { model: 'mistral-small-2603', messages: [{ role: 'user', content: 'Hi' }] };
    const built = await ask(request);
    assert.equal(built.status, 200);
    assert.equal((await built.json()).url, 'https://api.mistral.ai/v1/chat/completions');
    const refused = await ask({ ...request, seed: 7 });
    assert.equal(refused.status, 422);
    assert.equal((await refused.json()).findings[0].path, 'seed');
  });
}

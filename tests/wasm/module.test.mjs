// What the module and the package are made of: nothing that could reach a network, a clock or a key.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const dist = new URL('../../bindings-wasm/dist/', import.meta.url);
const read = (path) => readFileSync(new URL(path, dist));
const scripts = ['node', 'workerd', 'edge-light', 'web'].flatMap((runtime) => ['index', 'chat'].map((entry) => `${runtime}/${entry}.js`)).concat('pkg/tramontane.js', 'pkg/chat.js');

for (const module of ['tramontane', 'chat']) {
  test(`the module ${module} imports nothing`, () => {
    assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(read(`pkg/${module}.wasm`))), []);
  });
}

test('no script reads a clock, a network, randomness or the environment, or makes code', () => {
  const forbidden = /\b(fetch|XMLHttpRequest|WebSocket|Date|performance|Math\.random|crypto|process|eval|Function)\b\s*[.(]/;
  for (const path of scripts) {
    // A browser has to fetch the module itself; nothing else is fetched, by anyone.
    const code = read(path).toString().replace(/(?<=await )fetch(?=\(new URL\("\.\.\/pkg\/(tramontane|chat)\.wasm",\s*import\.meta\.url\)\))/, path.startsWith('web/') ? '' : '$&');
    assert.doesNotMatch(code, forbidden, path);
  }
});

test('no entry waits at its top level', async () => {
  const { transform } = createRequire(new URL('../package.json', dist))('esbuild');
  await assert.rejects(transform('await 1', { format: 'esm', target: 'es2021' }), 'the compiler does not object to it');
  // The year before there was such a thing.
  for (const path of scripts) await transform(read(path).toString(), { format: 'esm', target: 'es2021' });
});

test('every condition of the package leads to files, which give the same', () => {
  const { exports } = JSON.parse(read('../package.json'));
  const given = (path) => [...read(path).toString().matchAll(/export\s*\{([^}]*)\}/g)].flatMap(([, names]) => names.split(',').map((name) => name.trim().split(' as ').at(-1))).sort();
  for (const [entry, file] of [['.', 'index'], ['./chat', 'chat']]) {
    assert.deepEqual(Object.keys(exports[entry]), ['workerd', 'edge-light', 'deno', 'bun', 'node', 'browser', 'default']);
    for (const { types, default: script } of Object.values(exports[entry])) {
      assert.ok(read(`../${types}`).length > 0);
      assert.ok(given(`../${script}`).includes('check'), script);
      assert.deepEqual(given(`../${script}`), given(`web/${file}.js`));
    }
  }
});

// Kilobytes, gzipped: module, border and façade together. Lower these when something has been saved.
// A standard library that came compiled weighs more, for it holds the texts of its panics; by its paths one knows it. How much
// more is an estimate.
const compiled = read('pkg/tramontane.wasm').includes('/rustc/');
for (const [entry, module, budget] of [['index', 'tramontane', compiled ? 164 : 150], ['chat', 'chat', compiled ? 66 : 60]]) {
  test(`what the entry ${entry} loads stays inside its budget`, (t) => {
    const sizes = [`pkg/${module}.wasm`, `pkg/${module}.js`, `web/${entry}.js`].map((file) => gzipSync(read(file), { level: 9 }).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${total} bytes gzipped: module ${sizes[0]}, border and façade ${total - sizes[0]}`);
    assert.ok(total < budget * 1000, `${total} bytes gzipped are over the budget of ${budget} kB`);
  });
}

test('no path of the machine that built it is in the module', () => {
  const text = read('pkg/tramontane.wasm').toString('latin1');
  const home = new URL('../../', import.meta.url).pathname;
  assert.ok(!text.includes(home), `the module names ${home}`);
  assert.ok(!/\/(home|Users|root)\//.test(text), 'the module names a home directory');
});

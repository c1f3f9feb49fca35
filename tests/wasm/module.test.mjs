// What the module and the package are made of: nothing that could reach a network, a clock or a key.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const dist = new URL('../../bindings-wasm/dist/', import.meta.url);
const read = (path) => readFileSync(new URL(path, dist));
const runtimes = ['node', 'workerd', 'edge-light', 'web'];

test('the module imports nothing but what wasm-bindgen needs for strings and errors', () => {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(read('pkg/tramontane.wasm')));
  const names = imports.map(({ name }) => name.replace(/_[0-9a-f]{16}$/, '')).sort();
  assert.deepEqual(names, ['__wbg___wbindgen_throw', '__wbindgen_init_externref_table']);
  assert.ok(imports.every(({ kind }) => kind === 'function'));
});

test('no script reads a clock, a network, randomness or the environment, or makes code', () => {
  const forbidden = /\b(fetch|XMLHttpRequest|WebSocket|Date|performance|Math\.random|crypto|process|eval|Function)\b\s*[.(]/;
  for (const runtime of runtimes) {
    for (const file of readdirSync(new URL(`${runtime}/`, dist))) {
      // A browser has to fetch the module itself; nothing else is fetched, by anyone.
      const script = read(`${runtime}/${file}`).toString();
      const code = runtime === 'web' && file === 'load.js' ? script.replace(/fetch\(new URL\('\.\.\/pkg\/tramontane\.wasm', import\.meta\.url\)\)/, '') : script;
      assert.doesNotMatch(withoutComments(code), forbidden, `${runtime}/${file}`);
    }
  }
  assert.doesNotMatch(withoutComments(read('pkg/tramontane.js').toString()), forbidden, 'the glue');
});

test('no entry waits at its top level', () => {
  for (const runtime of runtimes) {
    for (const file of readdirSync(new URL(`${runtime}/`, dist))) {
      // The compiler indents what stands inside a function.
      assert.doesNotMatch(withoutComments(read(`${runtime}/${file}`).toString()), /^\S.*\bawait\b/m, `${runtime}/${file}`);
    }
  }
});

test('every condition of the package has the same scripts, and leads to a file', () => {
  const { exports } = JSON.parse(read('../package.json'));
  assert.deepEqual(Object.keys(exports['.']), ['workerd', 'edge-light', 'deno', 'bun', 'node', 'browser', 'default']);
  for (const { types, default: entry } of Object.values(exports['.'])) {
    assert.ok(read(`../${types}`).length > 0);
    assert.deepEqual(read(`../${entry}`), read('web/index.js'));
  }
});

test('module and glue stay inside their budget', (t) => {
  const scripts = readdirSync(new URL('web/', dist)).map((file) => `web/${file}`);
  const sizes = ['pkg/tramontane.wasm', 'pkg/tramontane.js', ...scripts].map((file) => gzipSync(read(file), { level: 9 }).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  t.diagnostic(`${total} bytes gzipped: module ${sizes[0]}, glue and façade ${total - sizes[0]}`);
  assert.ok(total < 200_000, `${total} bytes gzipped are over the budget of 200 kB`);
});

test('no path of the machine that built it is in the module', () => {
  const text = read('pkg/tramontane.wasm').toString('latin1');
  const home = new URL('../../', import.meta.url).pathname;
  assert.ok(!text.includes(home), `the module names ${home}`);
  assert.ok(!/\/(home|Users|root)\//.test(text), 'the module names a home directory');
});

function withoutComments(script) {
  return script.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

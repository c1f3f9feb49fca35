// Builds `dist/` from `ts/` and `pkg/`: the same files once for each kind of runtime, differing in how the module is loaded alone.
//
//   cargo run -p tramontane-wasm-bundle && npm run build
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
/** The entries, and the module of each. */
const entries = { index: 'tramontane', chat: 'chat' };
const runtimes = ['node', 'workerd', 'edge-light', 'web'];
// What this package has of its own. Whatever else these files need is shared with the native package, where it lives.
const own = ['chat.ts', 'clock.ts', 'decoder.ts', 'engine.ts', 'glue.ts', 'index.ts', 'load.ts', 'native.ts', 'settings.ts'];
const origin = join(here, '../bindings-node/ts');

if (!existsSync(join(here, 'pkg/tramontane.wasm'))) {
  console.error('error: there is no module yet; first run `cargo run -p tramontane-wasm-bundle`');
  process.exit(1);
}

const shared = new Set();
(function follow(folder, file) {
  const script = readFileSync(join(folder, file), 'utf8');
  for (const [, name] of script.matchAll(/from '\.\/(\w+)\.js'/g)) {
    const needed = `${name}.ts`;
    if (own.includes(needed) || shared.has(needed)) continue;
    shared.add(needed);
    follow(origin, needed);
  }
})(join(here, 'ts'), 'index.ts');
// The small entry shares them all.
for (const file of readdirSync(join(here, 'ts'))) if (/^\w+\.ts$/.test(file) && !own.includes(file)) rmSync(join(here, 'ts', file));
for (const file of shared) {
  const script = readFileSync(join(origin, file), 'utf8');
  writeFileSync(join(here, 'ts', file), `// Copied from bindings-node/ts by build.mjs: edit it there.\n${script}`);
}

rmSync(join(here, 'build'), { recursive: true, force: true });
const tsc = (...flags) => execFileSync(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), '-p', here, ...flags], { stdio: 'inherit' });
// Comments belong into the declarations, where editors show them, and not into what an edge function has to load.
tsc('--removeComments', '--declaration', 'false');
tsc('--emitDeclarationOnly');

const dist = join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'pkg'), { recursive: true });
for (const file of readdirSync(join(here, 'pkg'))) if (/^\w+\.wasm$/.test(file)) copyFileSync(join(here, 'pkg', file), join(dist, 'pkg', file));
// One file for each runtime: what an edge function loads is read once, and holds nothing that nobody calls.
const compact = { bundle: true, format: 'esm', target: 'es2022', minify: true, legalComments: 'none' };

copyFileSync(join(here, '../LICENSE'), join(here, 'LICENSE'));

const built = join(here, 'build/ts');
cpSync(built, join(dist, 'types'), { recursive: true, filter: (path) => !path.endsWith('.js') });
for (const runtime of runtimes) {
  const load = readFileSync(join(built, 'load', `${runtime}.js`), 'utf8');
  for (const [entry, module] of Object.entries(entries)) {
    writeFileSync(join(built, 'load.js'), load.replaceAll('../../pkg/tramontane', `../pkg/${module}`));
    // Each entry has a module of its own, and the glue that belongs to it.
    const glue = { name: 'glue', setup: ({ onResolve }) => onResolve({ filter: /^\.\/glue\.js$/ }, () => ({ path: `../pkg/${module}.js`, external: true })) };
    await build({ ...compact, plugins: [glue], entryPoints: [join(built, `${entry}.js`)], outfile: join(dist, runtime, `${entry}.js`), external: ['../pkg/*', 'node:fs'] });
  }
}
// The border of each module: the small one has no decoders.
for (const [module, parts] of [['tramontane', '*'], ['chat', '{ callRequest, restart, running, start }']]) {
  const contents = `export ${parts} from './glue.js';`;
  await build({ ...compact, stdin: { contents, resolveDir: built }, outfile: join(dist, 'pkg', `${module}.js`) });
}

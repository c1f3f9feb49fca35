// Builds `dist/` from `ts/` and `pkg/`: the same files once for each kind of runtime, differing in `load.js` alone.
//
//   cargo run -p tramontane-wasm-bundle && npm run build
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const runtimes = ['node', 'workerd', 'edge-light', 'web'];
// Written once, for both packages of JavaScript; they live with the native one.
const shared = ['content.ts', 'doors.ts', 'errors.ts', 'generated.ts', 'options.ts', 'spelling.ts', 'text.ts', 'types.ts'];

if (!existsSync(join(here, 'pkg/tramontane.wasm'))) {
  console.error('error: there is no module yet; first run `cargo run -p tramontane-wasm-bundle`');
  process.exit(1);
}

for (const file of shared) {
  const origin = join(here, '../bindings-node/ts', file);
  writeFileSync(join(here, 'ts', file), `// Copied from bindings-node/ts by build.mjs: edit it there.\n${readFileSync(origin, 'utf8')}`);
}

rmSync(join(here, 'build'), { recursive: true, force: true });
execFileSync(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), '-p', here], { stdio: 'inherit' });

const dist = join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'pkg'), { recursive: true });
for (const file of ['tramontane.js', 'tramontane.d.ts', 'tramontane.wasm']) copyFileSync(join(here, 'pkg', file), join(dist, 'pkg', file));

copyFileSync(join(here, '../LICENSE'), join(here, 'LICENSE'));

const built = join(here, 'build/ts');
cpSync(built, join(dist, 'types'), { recursive: true, filter: (path) => !path.endsWith('.js') });
for (const runtime of runtimes) {
  const folder = join(dist, runtime);
  mkdirSync(folder);
  for (const file of readdirSync(built)) if (file.endsWith('.js') && file !== 'load.js') copyFileSync(join(built, file), join(folder, file));
  const load = readFileSync(join(built, 'load', `${runtime}.js`), 'utf8');
  writeFileSync(join(folder, 'load.js'), load.replaceAll('../../pkg/', '../pkg/'));
}

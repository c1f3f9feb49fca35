// Builds `dist/index.html`: the whole page in one file, script, style and WebAssembly, so that it works from any file server,
// from a folder, and without a network.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, transformSync } from 'esbuild';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
if (!existsSync(join(here, '../dist/pkg/tramontane.wasm'))) {
  console.error('error: the package is not built yet; first run `make wasm`');
  process.exit(1);
}

const bundled = await build({
  entryPoints: [join(here, 'src/main.ts')],
  alias: { '@tramontane/edge': join(here, '../dist/web/index.js') },
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  loader: { '.wasm': 'binary' },
  write: false,
  logLevel: 'warning',
});
// The script stands in the page: what would end it early is written in another way.
const script = bundled.outputFiles[0].text.replaceAll('</script', '<\\/script').trim();
const style = transformSync(readFileSync(join(here, 'style.css'), 'utf8'), { loader: 'css', minify: true }).code.trim();
const hash = createHash('sha256').update(script).digest('base64');
// Only this very script runs, and nothing can be connected to: what is typed here stays here.
const policy = `default-src 'none'; script-src 'sha256-${hash}' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;

const parts = { policy, style, script };
const page = readFileSync(join(here, 'index.html'), 'utf8').replace(/{{(\w+)}}/g, (_, name) => parts[name]);
mkdirSync(join(here, 'dist'), { recursive: true });
writeFileSync(join(here, 'dist/index.html'), page);
console.log(`bindings-wasm/playground/dist/index.html: ${Math.round(page.length / 1000)} kB, one file`);

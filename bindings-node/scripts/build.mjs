// Builds the package in place: the native module into `npm/<platform>/`, the façade into `dist/`.
//
//   node scripts/build.mjs [--release] [--ts | --native] [--from FOLDER]
//
// With --from, the library was built already and is taken from that folder.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { current } from './platforms.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(here);
const flags = new Set(process.argv.slice(2));
const from = flags.has('--from') ? process.argv[process.argv.indexOf('--from') + 1] : undefined;

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: 'inherit' });
}

function native() {
  const release = flags.has('--release');
  const platform = current();
  if (!platform) throw new Error(`no build for ${process.platform}-${process.arch}`);
  if (!from) run('cargo', ['build', '--locked', '-p', 'tramontane-node', ...(release ? ['--release'] : [])], root);
  const built = from ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), release ? 'release' : 'debug');
  const folder = join(here, 'npm', platform.name);
  mkdirSync(folder, { recursive: true });
  const module = join(folder, 'tramontane.node');
  // A module that a process has mapped must not be written over in place.
  rmSync(module, { force: true });
  copyFileSync(join(built, platform.library), module);
}

/** The names that a CommonJS module of `dist/` exports, those it passes on included. */
function exportsOf(file) {
  const source = readFileSync(join(here, 'dist', file), 'utf8');
  const names = new Set([...source.matchAll(/^exports\.(\w+) =|defineProperty\(exports, "(\w+)"/gm)].map((match) => match[1] ?? match[2]));
  for (const [, passed] of source.matchAll(/__exportStar\(require\("\.\/([^"]+)"\)/g)) for (const name of exportsOf(passed)) names.add(name);
  names.delete('__esModule');
  return names;
}

/** The CommonJS build is the only one with code; the ES modules name its exports, so that every class exists once. */
async function facade() {
  rmSync(join(here, 'dist'), { recursive: true, force: true });
  run(process.execPath, [join(here, 'node_modules/typescript/bin/tsc'), '-p', here], here);
  for (const entry of ['index', 'testing']) {
    const names = [...exportsOf(`${entry}.js`)].sort();
    writeFileSync(
      join(here, 'dist', `${entry}.mjs`),
      `import door from './${entry}.js';\n\nexport const {\n${names.map((name) => `  ${name},\n`).join('')}} = door;\n`,
    );
    writeFileSync(join(here, 'dist', `${entry}.d.mts`), `export * from './${entry}.js';\n`);
  }
}

if (!flags.has('--ts')) native();
if (!flags.has('--native')) await facade();

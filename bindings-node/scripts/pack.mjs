// Writes the packages as they are published, and packs them:
//
//   node scripts/pack.mjs FOLDER
//
// `tramontane` holds the façade only; each platform's package holds the native module. No script runs at installation.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { platforms } from './platforms.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? join(dirname(here), 'target/npm'));
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

function pack(name, fields, fill) {
  const folder = join(out, name.replace('/', '-').replace('@', ''));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(fields, null, 2)}\n`);
  copyFileSync(join(here, '../LICENSE'), join(folder, 'LICENSE'));
  fill(folder);
  const [{ filename, size }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', out], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  console.log(`${join(out, filename)} ${size}`);
}

/** The manifest of a platform's package. */
function platformManifest({ name, os, cpu, libc }) {
  const { version, license, repository, engines } = manifest;
  return {
    name: `@tramontane/${name}`,
    version,
    description: `The native module of tramontane for ${name}.`,
    license,
    repository,
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc ? { libc: [libc] } : {}),
    main: 'tramontane.node',
    files: ['tramontane.node', 'LICENSE'],
  };
}

const built = platforms.filter(({ name }) => existsSync(join(here, 'npm', name, 'tramontane.node')));
for (const platform of built) {
  pack(`@tramontane/${platform.name}`, platformManifest(platform), (folder) =>
    copyFileSync(join(here, 'npm', platform.name, 'tramontane.node'), join(folder, 'tramontane.node')));
}

const { devDependencies, scripts, ...published } = manifest;
published.optionalDependencies = Object.fromEntries(built.map(({ name }) => [`@tramontane/${name}`, manifest.version]));
pack(manifest.name, published, (folder) => {
  cpSync(join(here, 'dist'), join(folder, 'dist'), { recursive: true });
  copyFileSync(join(here, 'README.md'), join(folder, 'README.md'));
});

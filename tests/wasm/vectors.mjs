// Reads `tests/vectors`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../vectors/', import.meta.url));

// What the WebAssembly build leaves out, to stay small.
const nativeOnly = ['form', 'lint_text', 'misfit', 'models_sync'];

/** All vectors of operations that this build has, each with the name of its file. */
export function vectors() {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile() && file.name.endsWith('.json'));
  const paths = files.map((file) => join(file.parentPath ?? file.path, file.name)).sort();
  const all = paths.map((path) => ({ file: relative(folder, path), ...JSON.parse(readFileSync(path, 'utf8')) }));
  return all.filter((vector) => !nativeOnly.includes(vector.op));
}

// Where the bytes of the module go: `node sizes.mjs [module] [--functions]`.
//
// Reads the module with its names (`pkg/*.named.wasm`, which `tramontane-wasm-bundle` leaves beside the one that is shipped)
// and prints its sections, and its functions in groups: by crate, ours by module.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const SECTIONS = ['custom', 'type', 'import', 'function', 'table', 'memory', 'global', 'export', 'start', 'element', 'code', 'data', 'data count', 'tag'];

/** Reads numbers and slices off a module's bytes. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get done() {
    return this.at >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  slice(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }

  text() {
    return this.slice(this.number()).toString();
  }
}

/** The sections of a module: number, kind, bytes; a custom section has its name as its kind. */
export function sections(bytes) {
  const reader = new Reader(bytes);
  reader.slice(8);
  const found = [];
  while (!reader.done) {
    const id = reader.byte();
    const kind = SECTIONS[id];
    const body = reader.slice(reader.number());
    found.push({ id, kind: kind === 'custom' ? `custom ${new Reader(body).text()}` : kind, body });
  }
  return found;
}

function imported(body) {
  const reader = new Reader(body);
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind !== 0) throw new Error('the module imports something that is no function');
    reader.number();
    functions += 1;
  }
  return functions;
}

function names(body) {
  const reader = new Reader(body);
  reader.text();
  const found = new Map();
  while (!reader.done) {
    const kind = reader.byte();
    const part = new Reader(reader.slice(reader.number()));
    if (kind !== 1) continue;
    for (let left = part.number(); left > 0; left--) found.set(part.number(), part.text());
  }
  return found;
}

/** Every function of a module that still has its names: its name and its bytes. */
export function functions(bytes) {
  const parts = Object.fromEntries(sections(bytes).map(({ kind, body }) => [kind, body]));
  const before = parts.import ? imported(parts.import) : 0;
  const known = parts['custom name'] ? names(parts['custom name']) : new Map();
  const reader = new Reader(parts.code);
  return Array.from({ length: reader.number() }, (_, at) => ({ name: known.get(before + at) ?? `function ${before + at}`, body: reader.slice(reader.number()) }));
}

/** What a function belongs to: a crate, and within ours the module. */
export function group(name) {
  const plain = name.replace(/^[<&*(\s]+(dyn |mut |const )*/, '');
  const [crate, module] = plain.split(/::|</);
  if (crate === 'tramontane') return `tramontane::${module}`;
  return /^[a-z_0-9]+$/.test(crate) ? crate : 'other';
}

const kB = (size) => (size / 1000).toFixed(1).padStart(9);
const packed = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Prints rows of raw and gzipped sizes, the greatest first. */
function table(title, rows) {
  console.log(`\n${title.padEnd(64)}   raw kB  gzip kB`);
  for (const [name, bytes] of rows.sort((a, b) => b[1].length - a[1].length)) {
    console.log(name.slice(0, 64).padEnd(64) + kB(bytes.length) + kB(packed(bytes)));
  }
}

/** Prints where the bytes of one module go. */
export function print(path, everyFunction = false) {
  const bytes = readFileSync(path);
  table(`sections of ${path.split('/').pop()}`, sections(bytes).filter(({ kind }) => !kind.startsWith('custom')).map(({ kind, body }) => [kind, body]));
  const groups = new Map();
  for (const { name, body } of functions(bytes)) {
    const key = everyFunction ? name : group(name);
    groups.set(key, [...(groups.get(key) ?? []), body]);
  }
  // Each group is packed by itself: the figures say what weighs much, not what leaving it out would save to the byte.
  table('functions', [...groups].map(([key, bodies]) => [`${key} (${bodies.length})`, Buffer.concat(bodies)]));
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split('/').pop())) {
  const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  for (const path of paths) print(path, process.argv.includes('--functions'));
}

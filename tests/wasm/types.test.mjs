// The declarations compile in a strict program, and refuse what they must refuse.
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

test('a strict program compiles against the declarations', () => {
  try {
    execFileSync(process.execPath, [file('../../bindings-wasm/node_modules/typescript/bin/tsc'), '-p', file('types')], { encoding: 'utf8' });
  } catch (error) {
    throw new Error(error.stdout, { cause: error });
  }
});

// The declarations compile in a strict program, and refuse what they must refuse.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageFolder, root } from './tramontane.mjs';

test('a strict program compiles against the declarations', () => {
  try {
    execFileSync(process.execPath, [join(packageFolder, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tests/node/types')], { encoding: 'utf8' });
  } catch (error) {
    throw new Error(error.stdout, { cause: error });
  }
});

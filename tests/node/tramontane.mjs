// The package under test, and where it stands.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const packageFolder = fileURLToPath(new URL('../../bindings-node/', import.meta.url));

/** As code inside the package would require it: `require('tramontane')` goes through `exports`. */
export const requireFromPackage = createRequire(new URL('../../bindings-node/package.json', import.meta.url));

export * from '../../bindings-node/dist/index.mjs';

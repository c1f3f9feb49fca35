// Runs the vectors of a file and prints the report: for the runtimes that have a command line.
import { readFileSync } from 'node:fs';
import process from 'node:process';

import * as edge from '@tramontane/edge';
import { report } from './conformance.mjs';

// The module below the package, which takes parameters that no function of the package can express.
const glue = await import(new URL('./pkg/tramontane.js', new URL('../', import.meta.resolve('@tramontane/edge'))).href);
console.log(JSON.stringify(await report(edge, glue, JSON.parse(readFileSync(process.argv.at(-1), 'utf8')))));

#!/usr/bin/env node
// The command `tramontane`: the same program as cargo's and the wheel's.

import { native } from './native.js';

process.exitCode = native.runCommand(['tramontane', ...process.argv.slice(2)]);

// Model names in a text, from Node; what is found in detail is held by the vectors and the core's own tests.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { lintText, packageFolder, TramontaneError } from './tramontane.mjs';

const retired = "const model = mistral('mistral-small-2402');";

test('findings say where they stand and what to write', () => {
  const [found, ...others] = lintText(retired, { language: 'ts' });
  assert.deepEqual(others, []);
  assert.deepEqual([found.rule, found.line, found.column, found.fix], ['retired_model', 1, 24, 'mistral-small-2603']);
});

test('options are spelled as in JavaScript', () => {
  assert.deepEqual(lintText(retired, { language: 'ts', on: '2024-03-01' }), []);
  assert.equal(lintText(retired, { language: 'ts', on: '2025-06-01', withinDays: 30 })[0].severity, 'error');
  assert.equal(lintText(retired, { language: 'ts', on: '2025-06-01' })[0].severity, 'warning');
  assert.deepEqual(lintText(retired, { language: 'ts', ignore: ['mistral-small-*'] }), []);
  assert.throws(() => lintText('', { language: 'pyton' }), (error) => error instanceof TramontaneError && /did you mean `python`/.test(error.message));
  assert.throws(() => lintText(7), TramontaneError);
});

test('the command lints and fixes a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tramontane-lint-'));
  try {
    writeFileSync(join(folder, 'app.ts'), retired);
    const done = spawnSync(process.execPath, [join(packageFolder, 'dist/command.js'), 'lint', '--fix', folder], { encoding: 'utf8', timeout: 60_000 });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    assert.equal(readFileSync(join(folder, 'app.ts'), 'utf8'), retired.replace('2402', '2603'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

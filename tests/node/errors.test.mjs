// The classes of errors are those of the table that all languages share.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as tramontane from './tramontane.mjs';

const { errorClasses, errorFrom, TramontaneError } = tramontane;

/** The rows of the table: its strings, by key. */
const rows = readFileSync(join(tramontane.root, 'core/data/errors.toml'), 'utf8')
  .split('[[kind]]')
  .slice(1)
  .map((row) => Object.fromEntries([...row.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value])));

test('every kind has its class, its base and its name', () => {
  assert.ok(rows.length > 20);
  assert.deepEqual(Object.keys(errorClasses).sort(), rows.map(({ name }) => name).sort());
  for (const { name, class: title, base } of rows) {
    const made = errorClasses[name];
    assert.equal(tramontane[title], made, `${title} is exported`);
    assert.equal(made.name, title);
    assert.equal(Object.getPrototypeOf(made).name, base);
    const error = errorFrom({ kind: name, message: 'what happened' });
    assert.ok(error instanceof made && error instanceof TramontaneError && error instanceof Error);
    assert.deepEqual([error.name, error.kind, error.message, String(error)], [title, name, 'what happened', `${title}: what happened`]);
  }
});

test('an error says everything it knows, once', () => {
  const data = {
    kind: 'rate_limit', message: 'slow down', path: 'messages[0]', provider: 'mistral', status: 429, code: '1300', request_id: 'r-1',
    retry_after: 1.5, retryable: true, hint: 'wait', body: '{"message":"slow down"}', report: null, partial: { choices: [] },
  };
  const error = errorFrom(data);
  assert.equal(error.message, 'slow down (at `messages[0]`); wait [mistral, 429, code 1300, request r-1]');
  assert.equal(error.reason, 'slow down');
  assert.equal(error.retryAfter, 1500);
  assert.deepEqual(error.findings, []);
  const { name, kind, retryable, requestId, partial, body } = JSON.parse(JSON.stringify(error));
  assert.deepEqual({ name, kind, retryable, requestId, partial, body }, {
    name: 'RateLimitError', kind: 'rate_limit', retryable: true, requestId: 'r-1', partial: { choices: [] }, body: data.body,
  });
});

test('a kind of tomorrow is an error all the same', () => {
  const error = errorFrom({ kind: 'of_tomorrow', message: 'x' });
  assert.ok(error instanceof TramontaneError);
  assert.equal(error.kind, 'of_tomorrow');
});

// The classes of errors are those of the table that all languages share.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as tramontane from './tramontane.mjs';

const { errorClasses, errorFrom, TramontaneError } = tramontane;

const table = readFileSync(join(tramontane.root, 'core/data/errors.toml'), 'utf8');
/** Rows of the table: their strings, by key. */
const rowsOf = (kind) => [...table.matchAll(new RegExp(`^\\[\\[${kind}\\]\\]\\n((?:.+\\n)*)`, 'gm'))]
  .map(([, row]) => Object.fromEntries([...row.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, key, value]) => [key, value])));
const rows = rowsOf('kind');
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

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

test('every class that is no kind has its base', () => {
  for (const { class: title, base } of rowsOf('base')) {
    assert.equal(tramontane[title].name, title);
    assert.equal(Object.getPrototypeOf(tramontane[title]).name, base);
  }
  const known = [...rows, ...rowsOf('base')].map(({ class: title }) => title);
  const exported = Object.entries(tramontane).filter(([, one]) => typeof one === 'function' && one.prototype instanceof TramontaneError);
  assert.deepEqual(exported.map(([name]) => name).sort(), known.sort());
});

test('an error has the fields of the table, and no others', () => {
  const data = {
    kind: 'rate_limit', message: 'slow down', path: 'messages[0]', provider: 'mistral', status: 429, code: '1300', request_id: 'r-1',
    retry_after: 1.5, retryable: true, hint: 'wait', body: '{}', report: { ok: false, findings: [] }, partial: { choices: [] },
  };
  const fields = rowsOf('field').map(({ name, node }) => [name, node ?? camel(name)]);
  assert.deepEqual(fields.map(([name]) => name), Object.keys(data));
  const error = errorFrom(data);
  for (const [name, node] of fields) assert.deepEqual(error[node], name === 'retry_after' ? 1500 : data[name], node);
  // What JavaScript's own errors have; `findings` is a part of the report.
  const own = Object.getOwnPropertyNames(error).filter((name) => !['stack', 'message'].includes(name));
  assert.deepEqual(own.sort(), fields.map(([, node]) => node).sort());
  assert.deepEqual(Object.getOwnPropertyNames(TramontaneError.prototype).sort(), ['constructor', 'findings', 'name', 'toJSON']);
  const bare = errorFrom({ kind: 'internal', message: 'x' });
  for (const [name, node] of fields) assert.ok(node in bare || bare[node] === undefined, name);
  const written = Object.keys(error.toJSON()).filter((name) => !['name', 'message'].includes(name));
  assert.deepEqual(written.sort(), fields.map(([, node]) => node).sort());
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

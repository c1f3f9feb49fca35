// The vectors that every host runs: one operation, its parameter, and what must come out.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import * as tramontane from './tramontane.mjs';

const folder = join(tramontane.root, 'tests/vectors');

const { native } = tramontane.requireFromPackage('./dist/native.js');

/** The operation itself, as the façade calls it: it takes parameters that no façade can express. */
function operation(name, parameter) {
  const { ok, error } = JSON.parse(native.call(name, JSON.stringify(parameter)));
  if (error) throw tramontane.errorFrom(error);
  return ok;
}

/** The parameters that the functions below pass on. */
const PARAMETERS = {
  check: ['request', 'policy'], build: ['request', 'provider', 'policy'], estimate_cost: ['request', 'policy'],
  parse: ['provider', 'operation', 'status', 'headers', 'body'], models_as_of: [], providers: [],
};

/** The public function of each operation, on a vector's parameter. */
const doors = {
  resolve: ({ name, ...options }) => tramontane.resolve(name, { on: tramontane.models.asOf(), ...options }),
  models_list: (query) => tramontane.models.list({ on: tramontane.models.asOf(), ...query }),
  models_get: ({ name, ...options }) => tramontane.models.get(name, { on: tramontane.models.asOf(), ...options }),
  models_recommend: ({ use, ...options }) => tramontane.models.recommend(use, { on: tramontane.models.asOf(), ...options }),
  models_sync: ({ list, ...options }) => tramontane.models.sync(list, { on: tramontane.models.asOf(), ...options }),
  form: (query) => operation('form', query),
  misfit: (query) => operation('misfit', query),
  models_as_of: () => tramontane.models.asOf(),
  providers: () => tramontane.providers.list(),
  check: ({ request, policy }) => tramontane.check(request, judged(policy)),
  build: ({ request, provider, policy }) => tramontane.build(request, { ...judged(policy), provider }),
  parse: ({ provider, operation, status, headers, body }) => tramontane.parse(provider, operation, status, headers ?? {}, body),
  estimate_cost: ({ request, policy }) => tramontane.estimateCost(request, judged(policy)),
  lint_text: ({ text, within_days, ...options }) => tramontane.lintText(text, { ...judged(options), withinDays: within_days }),
  decode,
};

/** A vector that names no day means the snapshot's. */
const judged = (policy) => ({ on: tramontane.models.asOf(), ...policy });

function decode({ provider, operation, chunks }) {
  const decoder = new tramontane.Decoder(provider, operation);
  const events = [];
  try {
    const bytes = Buffer.from(chunks);
    // Cut where it hurts: in the middle of lines, of escapes and of characters.
    for (let at = 0; at < bytes.length; at += 7) events.push(...decoder.push(bytes.subarray(at, at + 7)));
    return { events, answer: decoder.finish() };
  } catch (error) {
    return { events, error: asVector(error) };
  }
}

/** An error as the vectors spell it: the fields of every language, times in seconds. */
function asVector(error) {
  const { kind, reason, path, provider, status, code, requestId, retryAfter, retryable, hint, body, report, partial } = error;
  const fields = {
    kind, message: reason, path, provider, status, code, request_id: requestId, retryable, hint, body, report, partial,
    retry_after: retryAfter === undefined ? undefined : retryAfter / 1000,
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? null]));
}

/** What an expectation names must be so; arrays have the same length, objects may have more fields. */
function matches(actual, expected, path = '') {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${path}: an array`);
    assert.equal(actual.length, expected.length, `${path}: length\n${JSON.stringify(actual)}`);
    expected.forEach((item, index) => matches(actual[index], item, `${path}[${index}]`));
  } else if (expected !== null && typeof expected === 'object') {
    assert.ok(actual !== null && typeof actual === 'object' && !Array.isArray(actual), `${path}: an object, not ${JSON.stringify(actual)}`);
    for (const [key, value] of Object.entries(expected)) matches(actual[key], value, `${path}.${key}`);
  } else {
    assert.deepEqual(actual, expected, path);
  }
}

function files(below) {
  return readdirSync(below, { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? files(path) : entry.name.endsWith('.json') ? [path] : [];
  });
}

const paths = files(folder);

test('there are vectors', (t) => {
  assert.ok(paths.length > 100, `${paths.length} vectors in ${folder}`);
  t.diagnostic(`${paths.length} vectors in Node`);
});

/** The package takes text as JSON, and JavaScript's own spelling: what is a mistake to the operation is none here. */
function allowedHere(request) {
  return typeof request === 'string' || Object.keys(request ?? {}).some((key) => /[a-z][A-Z]/.test(key));
}

for (const path of paths) {
  const name = path.slice(folder.length + 1);
  const vector = JSON.parse(readFileSync(path, 'utf8'));
  if (vector.op !== 'decode') test(`${name}, the operation`, () => holds(vector, () => operation(vector.op, vector.input)));
  const passed = PARAMETERS[vector.op];
  if (passed && !Object.keys(vector.input).every((key) => passed.includes(key))) continue;
  if (allowedHere(vector.input?.request)) continue;
  test(name, () => {
    const door = doors[vector.op];
    assert.ok(door, `no door for the operation ${vector.op}`);
    holds(vector, () => door(vector.input));
  });
}

function holds(vector, run) {
  if (!('error' in vector)) return matches(run(), vector.output);
  assert.throws(run, (error) => {
    assert.ok(error instanceof tramontane.TramontaneError, error.stack);
    assert.ok(error instanceof tramontane.errorClasses[vector.error.kind], `class of ${vector.error.kind}, not ${error.name}`);
    matches(asVector(error), vector.error);
    return true;
  });
}

// Runs vectors through the public functions of `@tramontane/edge`. Imports nothing: it runs in Node and inside workerd.

const encoder = new TextEncoder();

/** How each operation is called by a user, and the parameters that a user can give it. */
const doors = {
  resolve: [(edge, { name, ...options }) => edge.resolve(name, options)],
  models_list: [(edge, query) => edge.models.list(query ?? {})],
  models_get: [(edge, { name, ...options }) => edge.models.get(name, options)],
  models_recommend: [(edge, { use, ...options }) => edge.models.recommend(use, options)],
  models_as_of: [(edge) => edge.models.asOf(), []],
  providers: [(edge) => edge.providers.list(), []],
  check: [(edge, { request, policy }) => edge.check(request, policy ?? {}), ['request', 'policy']],
  build: [
    (edge, { request, provider, policy }) => edge.build(request, { ...policy, ...(provider === undefined ? {} : { provider }) }),
    ['request', 'provider', 'policy'],
  ],
  estimate_cost: [(edge, { request, policy }) => edge.estimateCost(request, policy ?? {}), ['request', 'policy']],
  parse: [
    (edge, { provider, operation, status, headers, body }) => edge.parse(provider, operation, status, headers ?? {}, body),
    ['provider', 'operation', 'status', 'headers', 'body'],
  ],
  decode: [(edge, input) => decode(edge, input, (bytes) => [bytes])],
};

/** The other ways to ask the same, which must give the same. */
const variants = {
  check: [(request) => JSON.stringify(request), (request) => encoder.encode(JSON.stringify(request, null, 1))],
  build: [(request) => JSON.stringify(request)],
  estimate_cost: [(request) => JSON.stringify(request)],
};

function decode(edge, { provider, operation, chunks }, cut) {
  const text = Array.isArray(chunks) ? chunks.join('') : chunks;
  const events = [];
  try {
    const decoder = new edge.Decoder(provider, operation);
    for (const piece of cut(encoder.encode(text))) events.push(...decoder.push(piece));
    return { events, answer: decoder.finish() };
  } catch (error) {
    if (!(error instanceof edge.TramontaneError)) throw error;
    return { events, error: errorData(error) };
  }
}

/** An error as the vectors write it: the names and units of Rust. */
function errorData(error) {
  const { kind, reason: message, path, provider, status, code, requestId, retryAfter, retryable, hint, body, report, partial } = error;
  const retry_after = retryAfter === undefined ? undefined : retryAfter / 1000;
  const fields = { kind, message, path, provider, status, code, request_id: requestId, retry_after, retryable, hint, body, report, partial };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? null]));
}

const everyByte = (bytes) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

function outcome(edge, call) {
  try {
    return { output: plain(call()) };
  } catch (error) {
    if (!(error instanceof edge.TramontaneError)) throw error;
    return { error: plain(errorData(error)) };
  }
}

const plain = (value) => JSON.parse(JSON.stringify(value ?? null));

/** Where `actual` is not what `expected` says: objects may say less, arrays have the same length, the rest is equal. */
export function differences(expected, actual, path = '') {
  const at = path || 'the result';
  if (expected === null || typeof expected !== 'object') {
    return expected === actual ? [] : [`${at} is ${brief(actual)}, expected ${brief(expected)}`];
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${at} is ${brief(actual)}, expected an array`];
    if (actual.length !== expected.length) return [`${at} has ${actual.length} items, expected ${expected.length}: ${brief(actual)}`];
    return expected.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`));
  }
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual)) return [`${at} is ${brief(actual)}, expected an object`];
  return Object.entries(expected).flatMap(([key, value]) => differences(value, actual[key], path ? `${path}.${key}` : key));
}

const brief = (value) => (JSON.stringify(value) ?? 'absent').slice(0, 300);

/**
 * What is wrong with the answers to one vector; nothing when it passes.
 *
 * @param edge The package, as a user imports it.
 * @param glue The module below it, which takes parameters that no function of the package can express.
 */
export function judge(edge, glue, vector) {
  const expected = vector.error ? { error: vector.error } : { output: vector.output };
  const flaws = [];
  if (vector.op !== 'decode') {
    const { ok, error } = JSON.parse(glue.call(vector.op, JSON.stringify(vector.input)));
    flaws.push(...differences(expected, error ? { error } : { output: ok }).map((flaw) => `the operation: ${flaw}`));
  }
  const [door, parameters] = doors[vector.op] ?? [];
  if (!door) return [`no function for the operation \`${vector.op}\``];
  const { input } = vector;
  if (parameters && !Object.keys(input).every((name) => parameters.includes(name))) return flaws;
  // The package takes text as JSON, and the spelling of JavaScript: there these two are no mistakes.
  if (typeof input?.request === 'string' || Object.keys(input?.request ?? {}).some((name) => /[a-z][A-Z]/.test(name))) return flaws;
  const first = outcome(edge, () => door(edge, input));
  flaws.push(...differences(expected, first));
  const again = (how, call) => {
    const other = outcome(edge, call);
    if (JSON.stringify(other) !== JSON.stringify(first)) flaws.push(`${how}: ${brief(other)}, else ${brief(first)}`);
  };
  for (const form of variants[vector.op] ?? []) again('as text', () => door(edge, { ...input, request: form(input.request) }));
  if (vector.op === 'decode') again('byte by byte', () => decode(edge, input, everyByte));
  return flaws;
}

/**
 * Runs all vectors: how many passed, what is wrong with the others, and a digest of every byte that came out, by which two
 * runtimes can be compared.
 */
export async function report(edge, glue, vectors) {
  edge.models.asOf(); // Starts the module.
  const flaws = vectors.map((vector) => judge(edge, glue, vector));
  const outputs = vectors.map(({ op, input }) => (op === 'decode' ? JSON.stringify(decode(edge, input, everyByte)) : glue.call(op, JSON.stringify(input))));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(outputs.join('\n'))));
  return {
    passed: flaws.filter((found) => found.length === 0).length,
    flaws: vectors.flatMap(({ file }, at) => flaws[at].map((flaw) => `${file}: ${flaw}`)),
    digest: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

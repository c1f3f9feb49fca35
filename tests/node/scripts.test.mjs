// The scripts of tests/scripts, with real sockets and real time: every case, many at once.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { chat } from './loopback.mjs';
import * as tramontane from './tramontane.mjs';

const program = join(process.env.CARGO_TARGET_DIR ?? join(tramontane.root, 'target'), 'debug/script-server');
const KEY = 'a-key-for-tests-0123456789';
/** What a machine with other things to do may add to a wait, in milliseconds. */
const PATIENCE = 5000;

function settings({ options, base_url }) {
  const given = options ?? {};
  const milliseconds = (seconds) => (seconds === undefined ? undefined : seconds * 1000);
  return {
    apiKey: KEY,
    baseURL: base_url,
    timeout: milliseconds(given.total),
    firstEventTimeout: milliseconds(given.first_event),
    idleTimeout: milliseconds(given.idle),
    maxRetries: given.max_retries,
    maxResponseBytes: given.max_response_bytes,
  };
}

async function run(script) {
  const start = performance.now();
  const took = () => performance.now() - start;
  try {
    const client = new tramontane.Client(settings(script));
    const reply = script.call === 'chat' ? await client.chat.complete(chat()) : await client.chat.stream(chat()).final();
    return { text: reply.text, took: took() };
  } catch (error) {
    assert.ok(error instanceof tramontane.TramontaneError, String(error?.stack ?? error));
    assert.ok(!`${error} ${error.stack} ${JSON.stringify(error)}`.includes(KEY));
    const { kind, status, retryable, code, retryAfter, requestId, message, partial } = error;
    const text = partial?.choices[0].message.content ?? null;
    return { error: { kind, status, retryable, code, retry_after: retryAfter === undefined ? null : retryAfter / 1000, request_id: requestId, message, partial: text }, took: took() };
  }
}

/** Where a result is not what the script expects. */
function differs(expect, { text, error }) {
  const got = JSON.stringify(error ?? text);
  if ('text' in expect) return text === expect.text ? undefined : `expected ${expect.text}, got ${got}`;
  if (!error) return `expected ${JSON.stringify(expect.error)}, got ${got}`;
  for (const [name, wanted] of Object.entries(expect.error)) {
    const is = error[name === 'partial_of' ? 'partial' : name] ?? null;
    const fits =
      name === 'message' ? is.includes(wanted)
      : name === 'partial_of' ? wanted.startsWith(is ?? '')
      : Array.isArray(wanted) ? wanted.includes(is)
      : is === wanted;
    if (!fits) return `expected ${name} ${JSON.stringify(wanted)}, got ${got}`;
  }
}

/** Where the attempts and the waits between them, as the server saw them, are not the script's. */
function waitedWrongly({ expect, logged }, { arrived, answered, bodies, authorization }, took) {
  const shortestOfAll = expect.waits.reduce((sum, [shortest]) => sum + shortest, 0);
  if (took < shortestOfAll) return `was over after ${took} ms`;
  if (!logged) return;
  if (arrived.length !== expect.attempts) return `expected ${expect.attempts} attempts, the server saw ${arrived.length}`;
  if (new Set(bodies).size !== 1 || authorization.some((value) => value !== `Bearer ${KEY}`)) return 'an attempt was not sent as the one before it';
  for (const [at, [shortest, longest]] of expect.waits.entries()) {
    // An attempt that was given up has no answer, or one that nobody waited for.
    if (answered[at] === null || answered[at] > arrived[at + 1]) continue;
    const waited = arrived[at + 1] - answered[at];
    if (waited < shortest - 2 || waited > longest + PATIENCE) return `waited ${waited} ms, not ${shortest} to ${longest}`;
  }
}

/** Does `work` for all of `items`, this many at once. */
async function each(items, atOnce, work) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Starts the server, and gives its scripts to `work`. */
async function served(work) {
  const server = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const url = await new Promise((resolve, reject) => {
      createInterface(server.stdout).once('line', resolve);
      server.once('error', reject);
    });
    const get = async (path) => (await fetch(url + path)).json();
    return await work(await get('/cases'), () => get('/log'));
  } finally {
    server.stdin.end();
  }
}

const faultOf = (script, seen, result) => differs(script.expect, result) ?? waitedWrongly(script, seen, result.took);

/** What is still wrong with a script that has the machine to itself: a busy one is late, and a limit of 0.3 s is then short. */
async function faultAlone(at) {
  let fault;
  for (let attempt = 0; attempt < 3; attempt++) {
    fault = await served(async (scripts, log) => {
      const result = await run(scripts[at]);
      return faultOf(scripts[at], (await log()).cases[at], result);
    });
    if (fault === undefined) return;
  }
  return fault;
}

test('every script comes out as it says', { skip: existsSync(program) ? false : 'no script-server was built', timeout: 120_000 }, async () => {
  await served(async (scripts, logged) => {
    const results = await each(scripts, 32, run);
    const log = await logged();
    const table = {};
    const wrong = [];
    for (const [at, script] of scripts.entries()) {
      const fault = faultOf(script, log.cases[at], results[at]) && (await faultAlone(at));
      if (fault) wrong.push(`${script.family}: ${script.name}: ${fault}`);
      const row = (table[script.family] ??= { scripts: 0, attempts: 0, errors: 0 });
      row.scripts += 1;
      row.attempts += log.cases[at].arrived.length;
      row.errors += results[at].error ? 1 : 0;
    }
    for (const [family, { scripts, attempts, errors }] of Object.entries(table)) {
      console.log(`${family.padEnd(14)}${scripts} scripts, ${attempts} attempts, ${errors} errors`);
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(log.other_saw, []);
    assert.ok(scripts.length > 1000);
  });
});

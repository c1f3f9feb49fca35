// Every edge function of the examples in its own runtime, every back end behind it, and the sandbox behind that: a good request
// is answered and streamed through, a bad one is refused where it came in, and nobody in front of the back end sees the key.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { serve as workerd } from '../../examples/edge-workerd/serve.mjs';
import { packageOf, project, root, server } from './project.mjs';
import { serve as vercel } from './vercel.mjs';

const example = (path) => join(root, 'examples', path);
const KEY = 'Kq3vT8wZ1yB5nM7cX2rL9dF4gH6jP0sA';

const backends = {
  Express: (t, env) => {
    const folder = project(t, [example('edge-express/server.mjs')], { tramontane: join(root, 'bindings-node'), express: packageOf('express') });
    return server(t, process.execPath, ['server.mjs'], { cwd: folder, env });
  },
  FastAPI: (t, env) => {
    const uvicorn = ['-m', 'uvicorn', 'app:app', '--host', '127.0.0.1', '--port', '0', '--no-access-log'];
    return server(t, join(root, '.venv/bin/python'), uvicorn, { cwd: example('edge-fastapi'), env });
  },
};

const edges = {
  'Cloudflare Workers': async (t, relay) => {
    const running = await workerd(example('edge-cloudflare/worker.mjs'), [], { RELAY_URL: relay });
    t.after(() => running.stop());
    return running.url;
  },
  'Vercel Edge': (t, relay) => vercel(t, example('edge-vercel/function.mjs'), 'default', { RELAY_URL: relay }),
  Deno: (t, relay) => {
    const flags = ['run', '--no-prompt', '--node-modules-dir=manual', '--allow-net', '--allow-read', '--allow-env', 'main.mjs'];
    return server(t, join(packageOf('.bin'), 'deno'), flags, { cwd: project(t, [example('edge-deno/main.mjs')]), env: { RELAY_URL: relay } });
  },
  Bun: (t, relay) => server(t, join(packageOf('.bin'), 'bun'), ['run', 'main.mjs'], { cwd: project(t, [example('edge-bun/main.mjs')]), env: { RELAY_URL: relay } }),
};

const chat = (more) => JSON.stringify({ model: 'mistral-small-2603', messages: [{ role: 'user', content: 'Which wind?' }], ...more });

/** Everything that a client gets to see. */
async function seen(url, body) {
  const answer = await fetch(url, { method: 'POST', body });
  const text = await answer.text();
  const everything = JSON.stringify([[...answer.headers], text]);
  assert.ok(!everything.includes(KEY), 'the client sees the key');
  return { status: answer.status, type: answer.headers.get('content-type'), text };
}

function pair(edge, backend) {
  const missing = ['express', 'edge-runtime', 'deno', 'bun'].filter((name) => !existsSync(packageOf(name)));
  if (backend === 'FastAPI' && !existsSync(join(root, '.venv/bin/uvicorn'))) missing.push('uvicorn');
  const skip = missing.length > 0 && `not installed: ${missing.join(', ')}`;
  test(`${edge} in front of ${backend}`, { skip, timeout: 120_000 }, async (t) => {
    const { Sandbox } = await import('../../bindings-node/dist/testing.mjs');
    const sandbox = new Sandbox({ key: KEY });
    t.after(() => sandbox.close());
    const behind = await backends[backend](t, { MISTRAL_API_KEY: KEY, TRAMONTANE_BASE_URL: sandbox.url, PORT: '0' });
    const url = await edges[edge](t, `${behind}/relay`);

    const answered = await seen(url, chat());
    assert.equal(answered.status, 200, answered.text);
    assert.match(JSON.parse(answered.text).choices[0].message.content, /tramontane sandbox/);

    const streamed = await seen(url, chat({ stream: true }));
    assert.equal(streamed.status, 200, streamed.text);
    assert.match(streamed.type, /^text\/event-stream/);
    const events = streamed.text.split('\n\n').filter(Boolean);
    assert.ok(events.length > 3 && events.every((event) => event.startsWith('data: ')), streamed.text);
    assert.equal(events.at(-1), 'data: [DONE]');
    const words = events.slice(0, -1).map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? '');
    assert.match(words.join(''), /tramontane sandbox/);

    const refused = await seen(url, chat({ seed: 7, temperature: 9 }));
    assert.equal(refused.status, 422);
    assert.deepEqual(JSON.parse(refused.text).findings.map(({ path }) => path).sort(), ['seed', 'temperature']);
    assert.equal((await seen(url, '{"messages": [')).status, 422);

    // Who goes around the edge is judged just so.
    const forged = await seen(`${behind}/relay`, JSON.stringify({ provider: 'mistral', operation: 'chat', method: 'POST', url: 'https://evil.example/v1/chat/completions', headers: {}, body: JSON.parse(chat()) }));
    assert.equal(forged.status, 422);
    assert.equal(JSON.parse(forged.text).path, 'url');
  });
}

pair('Cloudflare Workers', 'Express');
pair('Cloudflare Workers', 'FastAPI');
pair('Vercel Edge', 'Express');
pair('Deno', 'Express');
pair('Bun', 'FastAPI');

// Runs a worker in workerd, the runtime of Cloudflare Workers, on a free port of 127.0.0.1.
//
// `wrangler` bundles a worker and its packages for you. Here each file is named, so that one sees what goes in.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const edge = fileURLToPath(new URL('../../bindings-wasm/', import.meta.url));

/** The files of `@tramontane/edge` that workerd needs, under the names by which they find each other. */
function packageModules() {
  const modules = ['workerd/index.js', 'pkg/tramontane.js'].map((file) => ({ name: `@tramontane/edge/${file}`, esModule: join(edge, 'dist', file) }));
  modules.push({ name: '@tramontane/edge/pkg/tramontane.wasm', wasm: join(edge, 'dist/pkg/tramontane.wasm') });
  return modules;
}

const quoted = (text) => JSON.stringify(text);

function config(modules, env) {
  const bindings = Object.entries(env).map(([name, text]) => `(name = ${quoted(name)}, text = ${quoted(text)})`);
  const rows = modules.map(({ name, esModule, wasm, source }) => {
    const content = source !== undefined ? `esModule = ${quoted(source)}` : esModule ? `esModule = embed ${quoted(esModule)}` : `wasm = embed ${quoted(wasm)}`;
    return `      (name = ${quoted(name)}, ${content}),`;
  });
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    # A back end on this machine.
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  compatibilityDate = "2026-10-01",
  bindings = [${bindings.join(', ')}],
  modules = [
${rows.join('\n')}
  ],
);
`;
}

/**
 * Starts workerd with a worker and the modules it needs besides `@tramontane/edge`.
 *
 * @param {string} worker The worker's file.
 * @param {{ name: string, esModule: string }[]} others Its own modules.
 * @param {Record<string, string>} env What the worker finds in its environment.
 * @returns {Promise<{ url: string, pid: number, stop: () => Promise<void> }>}
 */
export async function serve(worker, others = [], env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tramontane-workerd-'));
  const file = join(folder, 'config.capnp');
  const entry = { name: '@tramontane/edge', source: "export * from './edge/workerd/index.js';" };
  writeFileSync(file, config([{ name: 'worker.mjs', esModule: worker }, ...others, entry, ...packageModules()], env));
  const { default: binary } = createRequire(join(edge, 'package.json'))('workerd');
  // Descriptor 3 is where workerd says on which port it listens.
  const running = spawn(binary, ['serve', '--control-fd=3', '-I/', file], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const ended = new Promise((resolve) => running.once('close', resolve));
  const stop = async () => {
    running.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { url: `http://127.0.0.1:${await listening(running, ended)}/`, pid: running.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listening(running, ended) {
  const heard = (async () => {
    let text = '';
    for await (const chunk of running.stdio[3]) {
      text += chunk;
      for (const line of text.split('\n').slice(0, -1)) {
        const message = JSON.parse(line);
        if (message.event === 'listen' && message.socket === 'http') return message.port;
      }
    }
    throw new Error('workerd ended before it listened');
  })();
  return Promise.race([heard, ended.then((code) => Promise.reject(new Error(`workerd ended with ${code}`)))]);
}

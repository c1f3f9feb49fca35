// Programs in a project of their own, as a user has them: with the packages that they import, and in the runtime they are for.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const installed = join(root, 'tests/wasm/node_modules');

/** The folder of an installed package. */
export const packageOf = (name) => join(installed, name);

/** Makes a project with these files in it and these packages installed; removed at the end. */
export function project(t, files, packages = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'tramontane-edge-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries({ '@tramontane/edge': join(root, 'bindings-wasm'), ...packages })) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(source, place, 'junction');
  }
  for (const file of files) cpSync(file, join(folder, file.split(/[\\/]/).pop()));
  return folder;
}

/** Starts a program and waits until it says `listening on <port>`; stopped at the end. Gives its URL. */
export async function server(t, command, args, { cwd, env = {} }) {
  const running = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => running.once('close', resolve));
  t.after(async () => {
    running.kill('SIGTERM');
    const hard = setTimeout(() => running.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(hard);
  });
  let said = '';
  return new Promise((resolve, reject) => {
    const read = (line) => {
      said += `${line}\n`;
      const port = /(?:listening on |running on http:\/\/127\.0\.0\.1:)(\d+)/.exec(line)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    };
    for (const stream of [running.stdout, running.stderr]) createInterface({ input: stream }).on('line', read);
    setTimeout(() => reject(new Error(`${command} does not listen:\n${said}`)), 60_000).unref();
    ended.then((code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
  });
}

// The runtime of Vercel Edge: a program is bundled into one script, and a module is handed to it compiled.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { packageOf, root } from './project.mjs';

const esbuild = createRequire(join(root, 'bindings-wasm/package.json'))('esbuild');

/** Starts a server with an Edge Function, whose file exports it under `name`; stopped at the end. Gives its URL. */
export async function serve(t, file, name, env = {}) {
  const modules = join(root, 'bindings-wasm/dist/pkg');
  const plugin = {
    name: 'edge-light',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.wasm\?module$/ }, () => ({ path: 'tramontane.wasm', namespace: 'module' }));
      onLoad({ filter: /./, namespace: 'module' }, () => ({ contents: 'export default new WebAssembly.Module(TRAMONTANE);' }));
      onResolve({ filter: /^@tramontane\/edge\/pkg\// }, () => ({ path: join(modules, 'tramontane.js') }));
      onResolve({ filter: /^@tramontane\/edge$/ }, () => ({ path: join(root, 'bindings-wasm/dist/edge-light/index.js') }));
    },
  };
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `import { ${name} as handler } from ${JSON.stringify(file)}; addEventListener('fetch', (event) => event.respondWith(handler(event.request)));`, resolveDir: root },
    bundle: true, write: false, format: 'iife', target: 'es2022', conditions: ['edge-light'], plugins: [plugin],
  });
  const { EdgeRuntime, runServer } = createRequire(join(packageOf('edge-runtime'), 'package.json'))('edge-runtime');
  const extend = (context) => Object.assign(context, { TRAMONTANE: readFileSync(join(modules, 'tramontane.wasm')), process: { env } });
  const server = await runServer({ runtime: new EdgeRuntime({ extend, initialCode: outputFiles[0].text }), host: '127.0.0.1', port: 0 });
  t.after(() => server.close());
  return server.url;
}

// A page in Chromium, with `@tramontane/edge` as a browser gets it: from a file server.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

import { packageOf, root } from './project.mjs';

const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE = `<!doctype html><meta charset="utf-8"><title>vectors</title>
<script type="importmap">{"imports": {"@tramontane/edge": "/bindings-wasm/dist/web/index.js"}}</script>`;

/** Where Chromium is; `undefined` when it is not installed. */
export const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Opens an empty page that can import from the checkout; closed at the end. */
export async function open(t) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = join(root, pathname);
    if (pathname === '/') return response.setHeader('content-type', 'text/html').end(PAGE);
    if (pathname.includes('..') || !(extname(file) in TYPES) || !existsSync(file)) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(file)]);
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { chromium: driver } = createRequire(join(packageOf('playwright-core'), 'package.json'))('playwright-core');
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const browser = await driver.launch({ executablePath: chromium, headless: true, args: flags });
  t.after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  return page;
}

// Serves the page on 127.0.0.1: `node serve.mjs [port]`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const page = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, 'dist/index.html');

/** A server of the page. */
export function serve(port) {
  const server = createServer((request, response) => {
    const found = request.url === '/' || request.url?.startsWith('/?') || request.url === '/index.html';
    response.writeHead(found ? 200 : 404, { 'content-type': found ? 'text/html; charset=utf-8' : 'text/plain', 'cache-control': 'no-store' });
    response.end(found ? readFileSync(page) : 'not found');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const wanted = Number(process.argv[2] ?? 8808);
  const server = await serve(wanted).catch((error) => {
    console.error(`error: port ${wanted} cannot be used (${error.code}); name another: \`make playground PORT=8809\``);
    process.exit(1);
  });
  console.log(`playground: http://127.0.0.1:${server.address().port}/ (Ctrl-C ends it)`);
}

// A TLS server that speaks HTTP/2 where ALPN agrees on it, with a certificate of an authority of the tests' own. Started as a
// program, it says where it listens, and a line of JSON for each request: what other hosts are tested against.
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { fileURLToPath } from 'node:url';

import { chunk, completion, frame } from './loopback.mjs';

const tls = (file) => new URL(`../../core/tests/client/tls/${file}`, import.meta.url);
const pem = (kind, file) => `-----BEGIN ${kind}-----\n${readFileSync(tls(file)).toString('base64')}\n-----END ${kind}-----\n`;

/** Whom a client must trust. */
export const AUTHORITY = fileURLToPath(tls('authority.pem'));

/** Starts it; `heard` is told of each request. Answers, but for the first, wait until `together` of them are wanted. */
export async function h2(heard, together = 1) {
  const sessions = new Set();
  const waiting = [];
  let first = true;
  const server = createSecureServer({ allowHTTP1: true, cert: pem('CERTIFICATE', 'server.der'), key: pem('PRIVATE KEY', 'server.key.der') });
  server.on('session', (session) => sessions.add(session).size);
  server.on('request', async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    heard({ version: request.httpVersion, path: request.url, sessions: sessions.size, connection: request.headers.connection ?? null });
    if (!first) {
      await new Promise((go) => {
        waiting.push(go);
        if (waiting.length >= together) for (const one of waiting.splice(0)) one();
      });
    }
    first = false;
    if (JSON.parse(body || '{}').stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req-7' });
      response.end([chunk('Emm'), chunk('ental.', 'stop', { usage: completion.usage })].map(frame).join('') + frame('[DONE]'));
    } else {
      response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req-7' });
      response.end(JSON.stringify(completion));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${server.address().port}`,
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  const server = await h2((request) => console.log(JSON.stringify(request)), Number(process.argv[2] ?? 1));
  console.log(server.url);
  // Whoever started it ends it by closing its input.
  process.stdin.on('end', () => process.exit(0)).resume();
}

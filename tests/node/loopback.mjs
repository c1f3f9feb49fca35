// A server on 127.0.0.1 that answers as a test tells it to, and remembers what it was asked.
import { createServer } from 'node:http';
import { once } from 'node:events';

/** A request body that no check objects to. */
export const chat = (text = 'Which cheese has the most holes?') => ({
  model: 'mistral-small-2603',
  messages: [{ role: 'user', content: text }],
});

export const completion = {
  id: 'cmpl-1',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'mistral-small-2603',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Emmental.', tool_calls: null, prefix: false }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 4, total_tokens: 16 },
  field_of_tomorrow: { kept: true },
};

/** A chunk of a stream. */
export const chunk = (content, finish_reason = null, more = {}) => ({
  id: 'cmpl-1',
  object: 'chat.completion.chunk',
  created: 1_790_000_000,
  model: 'mistral-small-2603',
  choices: [{ index: 0, delta: { content }, finish_reason }],
  ...more,
});

export const frame = (data) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

const asJson = ({ headers }, body) => (body && headers['content-type']?.includes('json') ? JSON.parse(body) : body || undefined);

/** Starts a server; `answer(request, response, body)` plays the provider. */
export async function loopback(answer) {
  const requests = [];
  const open = new Set();
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    requests.push({ method: request.method, url: request.url, headers: request.headers, body: asJson(request, body) });
    open.add(response);
    response.on('close', () => open.delete(response));
    await answer(request, response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    requests,
    /** Answers whose connections are still open. */
    open,
    baseURL: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function json(response, status, body, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req-7', ...headers });
  response.end(text);
}

export function events(response, headers = {}) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req-7', ...headers });
  return response;
}

/** Waits until something holds, and fails when it never does. */
export async function until(holds, what, milliseconds = 5000) {
  const deadline = Date.now() + milliseconds;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

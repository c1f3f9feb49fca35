// Checks a chat request with three mistakes in workerd and prints what was found: `node examples/edge-workerd/run.mjs`
import { fileURLToPath } from 'node:url';

import { serve } from './serve.mjs';

const request = {
  model: 'mistral-nemo-12b',
  temperature: 3,
  messages: [
    { role: 'user', content: 'What is the weather in Arles?' },
    { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city": "Arles"}' } }] },
    { role: 'tool', tool_call_id: 'call_1', name: 'weather', content: 'sunny, and the tramontane blows' },
  ],
};

const marks = { error: '✗', warning: '!', note: '·' };

const server = await serve(fileURLToPath(new URL('worker.mjs', import.meta.url)));
try {
  const answer = await fetch(server.url, { method: 'POST', body: JSON.stringify(request) });
  const { findings, error } = await answer.json();
  if (error) throw new Error(error);
  console.log(`workerd answered ${answer.status}${findings ? '' : ': nothing is wrong'}`);
  for (const { severity, rule, path, message, hint } of findings ?? []) {
    console.log(`  ${marks[severity]} ${severity}  ${path || '(the request)'}  [${rule}]`);
    console.log(`      ${message}${hint ? `\n      → ${hint}` : ''}`);
  }
  if (answer.status !== 422) process.exitCode = 1;
} finally {
  await server.stop();
}

// A server in Deno in front of a back end: `deno run --allow-net --allow-read --allow-env main.mjs`
//
// It refuses what the provider would refuse, and builds the HTTP request for the rest. It has no key: the back end checks again,
// adds it, and its stream passes through here.
import { build, check, TramontaneError } from '@tramontane/edge';

const RELAY_URL = Deno.env.get('RELAY_URL');

async function handler(request) {
  if (request.method !== 'POST') return Response.json({ error: 'POST a chat request' }, { status: 405 });
  const text = await request.text();
  try {
    const { ok, findings } = check(text);
    if (!ok) return Response.json({ findings }, { status: 422 });
    const answer = await fetch(RELAY_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(build(text)),
    });
    return new Response(answer.body, { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') } });
  } catch (error) {
    if (!(error instanceof TramontaneError)) throw error;
    return Response.json({ error: error.message, path: error.path }, { status: 422 });
  }
}

Deno.serve({ hostname: '127.0.0.1', port: Number(Deno.env.get('PORT') ?? 0), onListen: ({ port }) => console.log(`listening on ${port}`) }, handler);

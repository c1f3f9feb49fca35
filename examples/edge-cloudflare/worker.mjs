// A Cloudflare Worker in front of a back end. It refuses what the provider would refuse, in its first millisecond, and builds
// the HTTP request for the rest. It has no key: the back end checks again, adds it, and its stream passes through here.
import { build, check, TramontaneError } from '@tramontane/edge';

export default {
  async fetch(request, env) {
    if (request.method !== 'POST') return Response.json({ error: 'POST a chat request' }, { status: 405 });
    const text = await request.text();
    try {
      const { ok, findings } = check(text);
      if (!ok) return Response.json({ findings }, { status: 422 });
      const answer = await fetch(env.RELAY_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(build(text)),
      });
      return new Response(answer.body, { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') } });
    } catch (error) {
      if (!(error instanceof TramontaneError)) throw error;
      return Response.json({ error: error.message, path: error.path }, { status: 422 });
    }
  },
};

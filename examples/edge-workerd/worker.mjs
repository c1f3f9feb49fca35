// A Cloudflare Worker that stands in front of a back end: it refuses a chat request that the provider would refuse, and
// prepares the HTTP request for one that is good. It has no key; `auth` in its answer says what the back end must add.
import { build, check, InvalidRequest } from '@tramontane/edge';

export default {
  async fetch(request) {
    if (request.method !== 'POST') return Response.json({ error: 'POST a chat request' }, { status: 405 });
    try {
      // The text goes in as it came, and is parsed once.
      const text = await request.text();
      const report = check(text);
      if (!report.ok) return Response.json({ findings: report.findings }, { status: 422 });
      return Response.json({ prepared: build(text), estimate: report.estimate });
    } catch (error) {
      if (error instanceof InvalidRequest) return Response.json({ error: error.message, path: error.path }, { status: 422 });
      throw error;
    }
  },
};

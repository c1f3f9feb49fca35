// Runs the vectors that are posted to it, in workerd and in the runtime of Vercel Edge.
import * as edge from '@tramontane/edge';
import * as glue from '@tramontane/edge/pkg/tramontane.js';
import { report } from './conformance.mjs';

export async function handler(request) {
  return Response.json(await report(edge, glue, await request.json()));
}

export default { fetch: handler };

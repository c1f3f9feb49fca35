// Runs the vectors that are posted to it, and measures a check, inside workerd.
import * as edge from '@tramontane/edge';
import { judge } from './conformance.mjs';

export default {
  async fetch(request) {
    const vectors = await request.json();
    return Response.json(vectors.map((vector) => judge(edge, vector)));
  },
};

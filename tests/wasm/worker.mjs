// Runs the vectors that are posted to it inside workerd.
import * as edge from '@tramontane/edge';
import * as glue from '@tramontane/edge/pkg/tramontane.js';
import { judge } from './conformance.mjs';

export default {
  async fetch(request) {
    edge.models.asOf(); // Starts the module.
    const vectors = await request.json();
    return Response.json(vectors.map((vector) => judge(edge, glue, vector)));
  },
};

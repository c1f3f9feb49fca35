// A worker that starts the module with its first request, and checks it.
import { check } from '@tramontane/edge';

export default {
  async fetch(request) {
    const text = await request.text();
    return new Response(`${check(text).ok}`);
  },
};

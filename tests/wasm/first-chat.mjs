// A worker that starts the small module with its first request, and checks it.
import { check } from '@tramontane/edge/chat';

export default {
  async fetch(request) {
    const text = await request.text();
    return new Response(`${check(text).ok}`);
  },
};

// A worker that does nothing, to measure another against.
export default {
  async fetch(request) {
    const text = await request.text();
    return new Response(`${text.length}`);
  },
};

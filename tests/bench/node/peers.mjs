// What is measured, as each library wants it written. Imports happen inside, so that each can be timed alone.
const MODEL = "mistral-small-2603";
const MESSAGES = [
  { role: "system", content: "You are a terse assistant." },
  { role: "user", content: "Tell me about the quick brown fox, please." },
];
const EMBED = "mistral-embed";
const TEXTS = Array.from({ length: 128 }, (_, at) => `text number ${at}, about the quick brown fox`);
const KEY = "bench-key";

/** Counts the events of a stream that hold text. */
async function counted(events, chunk = (event) => event) {
  let count = 0;
  for await (const event of events) if (chunk(event).choices[0].delta.content != null) count++;
  return count;
}

export const peers = {
  async tramontane(url) {
    const { Client, build } = await import("tramontane");
    const client = new Client({ apiKey: KEY, baseURL: url });
    const embed = (more) => client.embeddings.create({ model: EMBED, input: TEXTS, ...more });
    return {
      chat: async () => (await client.chat.complete({ model: MODEL, messages: MESSAGES })).choices[0].message.content,
      stream: () => counted(client.chat.stream({ model: MODEL, messages: MESSAGES })),
      numbers: async () => (await embed()).data,
      packed: async () => (await embed({ encoding_format: "base64" })).data,
      client: () => new Client({ apiKey: KEY, baseURL: url }),
      build: (request) => build(request),
    };
  },
  async mistralai(url) {
    const { Mistral } = await import("@mistralai/mistralai");
    const client = new Mistral({ apiKey: KEY, serverURL: url });
    return {
      chat: async () => (await client.chat.complete({ model: MODEL, messages: MESSAGES })).choices[0].message.content,
      stream: async () => counted(await client.chat.stream({ model: MODEL, messages: MESSAGES }), (event) => event.data),
      numbers: async () => (await client.embeddings.create({ model: EMBED, inputs: TEXTS })).data,
      client: () => new Mistral({ apiKey: KEY, serverURL: url }),
    };
  },
  async openai(url) {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ apiKey: KEY, baseURL: url + "/v1" });
    const ask = (stream) => client.chat.completions.create({ model: MODEL, messages: MESSAGES, stream });
    return {
      chat: async () => (await ask(false)).choices[0].message.content,
      stream: async () => counted(await ask(true)),
      numbers: async () => (await client.embeddings.create({ model: EMBED, input: TEXTS, encoding_format: "float" })).data,
      packed: async () => (await client.embeddings.create({ model: EMBED, input: TEXTS })).data,
      client: () => new OpenAI({ apiKey: KEY, baseURL: url + "/v1" }),
    };
  },
  async undici(url) {
    const { Pool } = await import("undici");
    const pool = new Pool(url, { connections: 64 });
    const headers = { authorization: "Bearer " + KEY, "content-type": "application/json" };
    const post = async (path, body) => (await pool.request({ method: "POST", path, headers, body: JSON.stringify(body) })).body;
    const ask = (stream) => post("/v1/chat/completions", { model: MODEL, messages: MESSAGES, stream });
    return {
      chat: async () => (await (await ask(false)).json()).choices[0].message.content,
      stream: async () => {
        let count = 0;
        let rest = "";
        const decoder = new TextDecoder();
        for await (const bytes of await ask(true)) {
          rest += decoder.decode(bytes, { stream: true });
          const lines = rest.split("\n");
          rest = lines.pop();
          for (const line of lines) {
            if (line.startsWith("data: {") && JSON.parse(line.slice(6)).choices[0].delta.content != null) count++;
          }
        }
        return count;
      },
      numbers: async () => (await (await post("/v1/embeddings", { model: EMBED, input: TEXTS })).json()).data,
      client: () => new Pool(url, { connections: 64 }),
    };
  },
};

export const packages = { mistralai: "@mistralai/mistralai" };

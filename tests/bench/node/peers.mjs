// One chat and one stream, as each library wants them written. Imports happen inside, so that each can be timed alone.
const MODEL = "mistral-small-2603";
const MESSAGES = [
  { role: "system", content: "You are a terse assistant." },
  { role: "user", content: "Tell me about the quick brown fox, please." },
];
const KEY = "bench-key";

export const peers = {
  async tramontane(url) {
    const { Client } = await import("tramontane");
    const client = new Client({ apiKey: KEY, baseURL: url });
    return {
      chat: async () => (await client.chat.complete({ model: MODEL, messages: MESSAGES })).choices[0].message.content,
      stream: async () => {
        let count = 0;
        for await (const event of client.chat.stream({ model: MODEL, messages: MESSAGES })) {
          if (event.choices[0].delta.content != null) count++;
        }
        return count;
      },
    };
  },
  async mistralai(url) {
    const { Mistral } = await import("@mistralai/mistralai");
    const client = new Mistral({ apiKey: KEY, serverURL: url });
    return {
      chat: async () => (await client.chat.complete({ model: MODEL, messages: MESSAGES })).choices[0].message.content,
      stream: async () => {
        let count = 0;
        for await (const event of await client.chat.stream({ model: MODEL, messages: MESSAGES })) {
          if (event.data.choices[0].delta.content != null) count++;
        }
        return count;
      },
    };
  },
  async openai(url) {
    const { default: OpenAI } = await import("openai");
    const client = new OpenAI({ apiKey: KEY, baseURL: url + "/v1" });
    const ask = (stream) => client.chat.completions.create({ model: MODEL, messages: MESSAGES, stream });
    return {
      chat: async () => (await ask(false)).choices[0].message.content,
      stream: async () => {
        let count = 0;
        for await (const event of await ask(true)) if (event.choices[0].delta.content != null) count++;
        return count;
      },
    };
  },
  async undici(url) {
    const { Pool } = await import("undici");
    const pool = new Pool(url, { connections: 4 });
    const ask = (stream) =>
      pool.request({
        method: "POST",
        path: "/v1/chat/completions",
        headers: { authorization: "Bearer " + KEY, "content-type": "application/json" },
        body: JSON.stringify({ model: MODEL, messages: MESSAGES, stream }),
      });
    return {
      chat: async () => (await (await ask(false)).body.json()).choices[0].message.content,
      stream: async () => {
        let count = 0;
        let rest = "";
        const decoder = new TextDecoder();
        for await (const bytes of (await ask(true)).body) {
          rest += decoder.decode(bytes, { stream: true });
          const lines = rest.split("\n");
          rest = lines.pop();
          for (const line of lines) {
            if (line.startsWith("data: {") && JSON.parse(line.slice(6)).choices[0].delta.content != null) count++;
          }
        }
        return count;
      },
    };
  },
};

export const packages = { mistralai: "@mistralai/mistralai" };

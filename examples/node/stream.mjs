// A chat, printed as it arrives. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox.
import { Client } from "../../bindings-node/dist/index.mjs";

const client = new Client({ baseURL: process.env.TRAMONTANE_BASE_URL });
const stream = client.chat.stream({
  model: "mistral-small-2603",
  messages: [{ role: "user", content: "What is a tramontane?" }],
});

for await (const event of stream) process.stdout.write(event.text);
const reply = await stream.final();
console.log(`\n${reply.usage.total_tokens} tokens, request ${reply.requestId}`);

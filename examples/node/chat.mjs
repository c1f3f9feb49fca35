// A chat. Set MISTRAL_API_KEY; TRAMONTANE_BASE_URL points it at a sandbox.
import { Client } from "../../bindings-node/dist/index.mjs";

const client = new Client({ baseURL: process.env.TRAMONTANE_BASE_URL });
const reply = await client.chat.complete({
  model: "mistral-small-4",
  messages: [{ role: "user", content: "What is a tramontane?" }],
});

console.log(reply.text);
console.log(`${reply.resolution.requested} was sent as ${reply.resolution.sent_as}; ${reply.usage.total_tokens} tokens`);

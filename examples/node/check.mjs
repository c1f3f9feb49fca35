// Everything that is wrong with a request, without a key and without sending it.
import { build, check } from "../../bindings-node/dist/index.mjs";

const request = {
  model: "mistral-small-4",
  seed: 7,
  temperature: 3,
  messages: [{ role: "user", content: "What is a tramontane?" }],
};
for (const { severity, path, message } of check(request).findings) console.log(`${severity} at ${path}: ${message}`);

const { seed, ...rest } = request;
const { method, url, body } = build({ ...rest, randomSeed: seed, temperature: 0.3 });
console.log(`${method} ${url} for ${body.model}`);

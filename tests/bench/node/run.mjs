// Measures one library in a process of its own: `run.mjs PEER URL`, or `run.mjs --import PEER`. Prints JSON, microseconds of CPU.
import { packages, peers } from "./peers.mjs";

const EVENTS = 500;
const ROUNDS = 4;
const AT_ONCE = 64;

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The least CPU time of a call over some rounds, threads and kernel included. */
async function least(call, count, rounds = ROUNDS) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const begin = cpu();
    for (let at = 0; at < count; at++) await call();
    best = Math.min(best, (cpu() - begin) / count);
  }
  return best;
}

/** CPU of a request of 50 messages, checked and built. */
async function built(build) {
  const content = (at) => `message ${at}: ` + "the quick brown fox ".repeat(5);
  const turns = Array.from({ length: 49 }, (_, at) => ({ role: ["user", "assistant"][at % 2], content: content(at) }));
  const request = { model: "mistral-small-2603", messages: [{ role: "system", content: "Be terse." }, ...turns] };
  for (let at = 0; at < 500; at++) build(request);
  return least(() => build(request), 500);
}

async function measure(peer, url) {
  const begin = cpu();
  const { chat, stream, numbers, packed, client, build } = await peers[peer](url);
  const result = { client: cpu() - begin };
  if (!(await chat()).startsWith("The quick brown fox")) throw new Error("not the answer");
  if ((await stream()) < EVENTS) throw new Error("events are missing");
  result.second = await least(client, 5);
  const many = () => Promise.all(Array.from({ length: AT_ONCE }, chat));
  for (let at = 0; at < 300; at++) await chat();
  for (let at = 0; at < 5; at++) await stream();
  result.chat = await least(chat, 500);
  result.event = (await least(stream, 20)) / EVENTS;
  await many();
  result.at_once = (await least(many, 10)) / AT_ONCE;
  for (const [name, embed] of Object.entries({ numbers, base64: packed })) {
    if (embed === undefined) continue;
    if ((await embed()).length !== 128) throw new Error("vectors are missing");
    for (let at = 0; at < 3; at++) await embed();
    result[`embed_${name}`] = await least(embed, 8);
  }
  if (build) result.build_dict = await built(build);
  return result;
}

const [peer, url] = process.argv.slice(2);
if (peer === "--import") {
  const begin = cpu();
  await import(packages[url] ?? url);
  console.log(JSON.stringify({ import: cpu() - begin }));
} else {
  console.log(JSON.stringify(await measure(peer, url)));
}
process.exit(0);

// Measures one library in a process of its own: `run.mjs PEER URL`, or `run.mjs --import PEER`. Prints JSON, microseconds of CPU.
import { packages, peers } from "./peers.mjs";

const EVENTS = 500;
const ROUNDS = 4;

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The least CPU time of a call over some rounds, threads and kernel included. */
async function least(call, count) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = cpu();
    for (let at = 0; at < count; at++) await call();
    best = Math.min(best, (cpu() - begin) / count);
  }
  return best;
}

const [peer, url] = process.argv.slice(2);
if (peer === "--import") {
  const begin = cpu();
  await import(packages[url] ?? url);
  console.log(JSON.stringify({ import: cpu() - begin }));
} else {
  const begin = cpu();
  const { chat, stream } = await peers[peer](url);
  const client = cpu() - begin;
  if (!(await chat()).startsWith("The quick brown fox")) throw new Error("not the answer");
  if ((await stream()) < EVENTS) throw new Error("events are missing");
  for (let at = 0; at < 300; at++) await chat();
  for (let at = 0; at < 5; at++) await stream();
  console.log(JSON.stringify({ client, chat: await least(chat, 500), event: (await least(stream, 20)) / EVENTS }));
}
process.exit(0);

// The arms in wasm, run by node: `node wasm.mjs MODULE`, requests as the other arms have them.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { memory, room, ours, fast } = instance.exports;
let loaded = "";

/** A photo of noise; what it shows does not change what a resize costs. */
function load(width, height) {
  if (loaded === `${width}×${height}`) return;
  // Before the view is made: making room may move the memory.
  const address = room(width, height);
  const photo = new Uint32Array(memory.buffer, address, width * height);
  for (let at = 0, state = 1; at < photo.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
    photo[at] = state | 0xff000000; // opaque
  }
  loaded = `${width}×${height}`;
}

function answer({ do: what, width, height }) {
  if (what === "versions") return { node: process.versions.node };
  load(width, height);
  const begin = performance.now();
  const bytes = { ours, fast }[what]();
  const seconds = (performance.now() - begin) / 1e3;
  return bytes ? { seconds } : { error: "nothing was made" };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = answer(JSON.parse(line));
  } catch (error) {
    reply = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

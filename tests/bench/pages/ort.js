// The model in the page: onnxruntime-web as its documentation recommends it. The bundle that has
// WebAssembly alone is the smallest; with the headers that the server sends it takes a thread a core. `chosen` is the page's.
import * as ort from "/ort/ort.wasm.min.mjs";
import { tensorByCanvas } from "/canvas.js";

ort.env.wasm.wasmPaths = "/ort/";
ort.env.wasm.numThreads = navigator.hardwareConcurrency;
const [MEAN, STD] = [127 / 255, 128 / 255];

const model = fetch("/model.onnx", { credentials: "same-origin" }).then((answer) => answer.arrayBuffer());
const labels = fetch("/labels.txt").then((answer) => answer.text());
const session = model.then((bytes) =>
  ort.InferenceSession.create(new Uint8Array(bytes), { executionProviders: ["wasm"], graphOptimizationLevel: "all" }),
);

const pixels = await tensorByCanvas(await chosen);
const values = Float32Array.from(pixels, (value) => (value / 255 - MEAN) / STD);
const input = new ort.Tensor("float32", values, [1, 3, 224, 224]);
const { output } = await (await session).run({ input });
const best = output.data.indexOf(Math.max(...output.data));
document.querySelector("#label").textContent = (await labels).split("\n")[best].trim();

// The server of the peers' pages: pages/, onnxruntime-web's files, the model and its labels.
import { createServer } from "node:http";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const HERE = fileURLToPath(new URL("..", import.meta.url));
const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm",
  ".txt": "text/plain", ".onnx": "application/octet-stream",
};
// As a static host compresses ahead: as small as brotli makes it. The weights do not get smaller.
const COMPRESSED = [".html", ".js", ".mjs", ".wasm", ".txt"];
const AHEAD = ["/ort/ort-wasm-simd-threaded.wasm", "/ort/ort-wasm-simd-threaded.mjs", "/ort/ort.wasm.min.mjs"];

/** A file's compressed copy. It is kept beside the packages' files, since it takes most of a minute. */
function compressed(file) {
  const kept = `${file}.br`;
  if (file.includes("node_modules") && existsSync(kept)) return readFileSync(kept);
  const bytes = readFileSync(file);
  const small = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  if (file.includes("node_modules")) writeFileSync(kept, small);
  return small;
}

export async function servePages({ model, labels }) {
  const files = new Map();
  const find = (path) => {
    if (path === "/model.onnx") return model;
    if (path === "/labels.txt") return labels;
    const [, name] = /^\/ort\/([\w.-]+)$/.exec(path) ?? [];
    if (name) return join(HERE, "node_modules/onnxruntime-web/dist", name);
    return /^\/[\w.-]+$/.test(path) ? join(HERE, "pages", path) : undefined;
  };
  const read = (path) => {
    if (!files.has(path)) {
      const isSmaller = COMPRESSED.includes(extname(path));
      files.set(path, isSmaller ? compressed(find(path)) : readFileSync(find(path)));
    }
    return files.get(path);
  };
  // Before anything is measured: it takes a while.
  if (existsSync(find(AHEAD[0]))) AHEAD.forEach(read);
  const server = createServer(({ url }, answer) => {
    const path = new URL(url, "http://localhost").pathname;
    try {
      const bytes = read(path);
      answer.writeHead(200, {
        "content-type": TYPES[extname(path)],
        "content-length": bytes.length,
        ...(COMPRESSED.includes(extname(path)) && { "content-encoding": "br" }),
        // Shared memory, and so threads, are for pages that ask for this isolation.
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cache-control": "max-age=3600",
      });
      answer.end(bytes);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  server.unref();
  return { address: `127.0.0.1:${server.address().port}` };
}

// Arms in a real Chromium, driven by Playwright: requests as the other arms have them. It serves the
// peers' pages (pages/) itself, with the headers that let onnxruntime-web use threads.
import { createInterface } from "node:readline";
import { chromium } from "../e2e/node_modules/playwright/index.mjs";
import { decodePhoto, openDecoders } from "./browser/decoders.mjs";
import { classify, openPage, visit } from "./browser/labels.mjs";
import { servePages } from "./browser/pages.mjs";

const browser = await chromium.launch({
  executablePath: process.env.CONCH_CHROMIUM || "/usr/bin/chromium",
  // As the end-to-end tests start it.
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

const WAYS = {
  versions: async () => ({ chromium: browser.version() }),
  /** Serves pages/ and gives the address; `model` and `labels` are files. */
  "serve-pages": servePages,
  /** Opens a page whose worker turns files into tensors. */
  "open-decoders": (request) => openDecoders(browser, request),
  "decode-photo": decodePhoto,
  /** Opens a page that is used again and again, in a browser that has been there before. */
  "open-page": (request) => openPage(browser, request),
  /** A photo, on an open page, to its label. */
  classify,
  /** A first visit: from the address to a photo's label, with nothing in the cache. */
  visit: (request) => visit(browser, request),
};

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    const { do: what, ...request } = JSON.parse(line);
    reply = await WAYS[what](request);
  } catch (error) {
    reply = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
await browser.close();

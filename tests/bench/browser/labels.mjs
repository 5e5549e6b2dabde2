// A photo to its label, as a person sees it: from the choice of a file, or from the page's address, to the
// moment when the label is in the page.

/** Where each page shows its best label. */
const SHOWN = "article[data-state=done] .rows > .row:first-child .row-label, #label:not(:empty)";
const LIMIT = { timeout: 60_000 };
const pages = new Map();

/** Runs in each page before its own scripts: notes when a file was chosen and when a label was there. */
function watch(shown) {
  window.bench = {};
  addEventListener("change", () => (window.bench.chosen = performance.now()), { capture: true });
  const look = () => {
    const label = document.querySelector(shown)?.textContent;
    if (!label || window.bench.label) return;
    window.bench.label = label;
    window.bench.at = performance.now();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
}

async function open(context, address) {
  const page = await context.newPage();
  await page.addInitScript(watch, SHOWN);
  await page.goto(`http://${address}`, { waitUntil: "commit" });
  return page;
}

async function label(page, path) {
  await page.locator("input[type=file]").first().setInputFiles(path, LIMIT);
  await page.waitForFunction(() => window.bench.label, null, { ...LIMIT, polling: 20 });
  return page.evaluate(() => window.bench);
}

/** A browser that has been at this address before; `name` is what it is called from then on. */
export async function openPage(browser, { name, address }) {
  // A service worker would fetch all of the page in the background, at a time of its own choice.
  pages.set(name, { address, context: await browser.newContext({ serviceWorkers: "block" }) });
  return {};
}

/** The page is open and at rest when the photo is chosen. */
export async function classify({ name, path }) {
  const { address, context } = pages.get(name);
  const page = await open(context, address);
  await page.waitForLoadState("networkidle");
  // What is sent for the photo; a file's own bytes the browser does not tell.
  const sent = [];
  page.on("request", (request) => {
    if (request.method() !== "POST") return;
    const header = Number(request.headers()["inference-header-content-length"] ?? 0);
    sent.push({ body: request.postDataBuffer()?.length ?? 0, header });
  });
  const { chosen, at, label: found } = await label(page, path);
  await page.close();
  return { seconds: (at - chosen) / 1e3, label: found, sent };
}

/** Time counts from the navigation; the photo is chosen as soon as the page takes one. */
export async function visit(browser, { address, path }) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await open(context, address);
  const { at, label: found } = await label(page, path);
  await context.close();
  return { seconds: at / 1e3, label: found };
}

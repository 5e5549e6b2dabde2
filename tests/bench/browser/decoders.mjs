// A file to a tensor in a page's worker: Conch's own, out of the built page, and one with the browser's
// means. The file is on the disk, as a person's is; its reading is part of what is measured.

const pages = new Map();

/** Opens a page and starts its worker; `name` is what it is called from then on. With `conch`, the page is
 * Conch's: its worker is told what the page tells it (frontend/src/protocol.rs). */
export async function openDecoders(browser, { name, address, conch }) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://${address}/${conch ? "" : "worker.html"}`);
  await page.evaluate(async (conch) => {
    const script = conch ? document.querySelector("meta[name=conch-worker]").content : "/worker.js";
    const worker = new Worker(script, conch ? {} : { type: "module" });
    const next = () => new Promise((heard) => (worker.onmessage = ({ data }) => heard(data)));
    await next(); // it says that it is ready
    let recipe = "";
    if (conch) recipe = JSON.stringify((await (await fetch("/api/models")).json()).models[0].spec.recipe);
    const input = document.createElement("input");
    input.type = "file";
    input.id = "bench";
    document.body.append(input);
    let job = 0;
    window.bench = async (how, width, height, wanted) => {
      const [file] = input.files;
      job += 1;
      // Each photo is a new one to the worker: it keeps nothing of the last one.
      const message = conch
        ? { job, pixels: file, first: job, second: 0, recipe, square: "null", want: "tensor" }
        : { job, how, file, width, height };
      const begin = performance.now();
      worker.postMessage(message);
      const answer = await next();
      const milliseconds = performance.now() - begin;
      if (answer.error) throw new Error(answer.error);
      return { milliseconds, bytes: wanted && Array.from(new Uint8Array(answer.bytes.buffer ?? answer.bytes)) };
    };
  }, !!conch);
  pages.set(name, page);
  return {};
}

/** One photo; with `bytes`, also what was made of it. */
export async function decodePhoto({ name, how, path, width, height, bytes }) {
  const page = pages.get(name);
  await page.bringToFront();
  await page.locator("#bench").setInputFiles(path);
  const made = await page.evaluate((wanted) => window.bench(...wanted), [how, width, height, bytes]);
  return { seconds: made.milliseconds / 1e3, bytes: made.bytes };
}

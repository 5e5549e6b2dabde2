// Thirty photos at once: the page stays responsive, and lets go of what they took.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, sample, test } from "./support.ts";
import { tasksDuring } from "./tasks.ts";

const SAMPLES = ["chelsea.png", "coffee.png", "rocket.jpg"];
const COUNT = 30;

/** Gives the page's window a transfer of photos, each its own file: a byte more behind the picture. */
async function makePhotos(page: Page, count: number): Promise<void> {
  const contents = SAMPLES.map((name) => readFileSync(sample(name)).toString("base64"));
  await page.evaluate(
    ([names, contents, count]) => {
      const decoded = contents.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
      const data = new DataTransfer();
      for (let n = 0; n < count; n++) {
        const at = n % names.length;
        const bytes = [decoded[at], new Uint8Array(n)];
        data.items.add(new File(bytes, `${n + 1}-${names[at]}`));
      }
      Object.assign(window, { photosToDrop: data });
    },
    [SAMPLES, contents, count] as const,
  );
}

async function dropPhotos(page: Page): Promise<void> {
  await page.evaluate(() => {
    const dataTransfer = (window as unknown as { photosToDrop: DataTransfer }).photosToDrop;
    document.body.dispatchEvent(
      new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }),
    );
  });
}

/** Bytes that the page's own thread holds once what is garbage is gone: JavaScript and wasm. */
async function memory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const usage = (await session.send("Runtime.getHeapUsage")) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await session.detach();
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}

const MB = 1e6;

test("thirty photos at once freeze nothing, and their memory comes back", async ({
  page,
  photos,
  browser,
}, info) => {
  // One photo first: what the page needs for any photo counts as the start.
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(photos.cards).toHaveCount(0);
  await makePhotos(page, COUNT);
  const before = await memory(page);

  let took = 0;
  const tasks = await tasksDuring(browser, page, async () => {
    const start = Date.now();
    await dropPhotos(page);
    // Seldom: to look is a task, too.
    await page.waitForFunction(
      (count) => document.querySelectorAll("article[data-state=done]").length === count,
      COUNT,
      { polling: 200, timeout: 50_000 },
    );
    took = Date.now() - start;
  });
  const longest = Math.max(...tasks);
  const full = await memory(page);

  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(photos.cards).toHaveCount(0);
  // What Undo keeps goes when the notice is closed.
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.evaluate(() => Object.assign(window, { photosToDrop: undefined }));
  // When garbage goes is not for a page to say.
  let after = Infinity;
  await expect
    .poll(async () => (after = await memory(page)) - before, { message: "bytes that stayed" })
    .toBeLessThan(4 * MB);

  const inMb = (bytes: number) => `${(bytes / MB).toFixed(1)} MB`;
  console.log(
    `${info.project.name}: ${COUNT} photos in ${took} ms, longest task ${longest.toFixed(1)} ms,`,
    `memory ${inMb(before)} before, ${inMb(full)} with them, ${inMb(after)} after`,
  );
  expect(longest, "longest task on the main thread, ms").toBeLessThan(50);
});

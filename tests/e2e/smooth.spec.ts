// The page stays at hand while it works: no task of its thread takes 50 ms, the least that is felt
// (https://w3c.github.io/longtasks/).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, sample, tasksDuring, test } from "./support.ts";

const COUNT = 20;
/** Milliseconds. */
const MOST = 50;

test(`nothing freezes while ${COUNT} photos run`, async ({ page, photos, browser }, info) => {
  test.skip(info.project.name !== "desktop", "one measurement of the same work is enough");
  const folder = mkdtempSync(join(tmpdir(), "conch-photos-"));
  const names = ["coffee.png", "chelsea.png", "rocket.jpg"];
  // Paths, not contents: those would be handed over in the page's own thread.
  const files = Array.from({ length: COUNT }, (_, at) => {
    const path = join(folder, `${at}-${names[at % names.length]}`);
    // A byte more at the end makes it another file, and the same picture.
    const content = readFileSync(sample(names[at % names.length]));
    writeFileSync(path, Buffer.concat([content, Buffer.from([at])]));
    return path;
  });
  const tasks = await tasksDuring(browser, page, async () => {
    await photos.choose(...files);
    // Seldom: to look is a task, too.
    await page.waitForFunction(
      (count) => document.querySelectorAll("article[data-state=done]").length === count,
      COUNT,
      { polling: 500, timeout: 50_000 },
    );
  });
  rmSync(folder, { recursive: true });
  expect(tasks.length).toBeGreaterThan(COUNT);
  info.annotations.push({ type: "longest task, ms", description: Math.max(...tasks).toFixed(1) });
  expect(tasks.filter((task) => task > MOST)).toEqual([]);
});

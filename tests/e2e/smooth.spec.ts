// The page stays at hand while it works: no task of its thread takes 50 ms, the least that is felt
// (https://w3c.github.io/longtasks/).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, openPhoto, sample, test } from "./support.ts";
import { tasksDuring } from "./tasks.ts";

const COUNT = 20;
/** Milliseconds. */
const MOST = 50;

test.beforeEach(({}, info) => {
  test.skip(info.project.name !== "desktop", "one measurement of the same work is enough");
});

/** No task was long, and there were more than `least`, or nothing was measured. */
function expectSmooth(tasks: number[], least: number): void {
  const description = `${Math.max(...tasks).toFixed(1)} of ${tasks.length}`;
  test.info().annotations.push({ type: "longest task, ms", description });
  expect(tasks.length).toBeGreaterThan(least);
  expect(tasks.filter((task) => task > MOST)).toEqual([]);
}

test(`nothing freezes while ${COUNT} photos run`, async ({ page, photos, browser }) => {
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
  expectSmooth(tasks, COUNT);
});

test("nothing freezes while an occlusion map is made", async ({ page, photos, browser }) => {
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await openPhoto(page, "1", "why");
  // Seldom, as above.
  const reach = (name: string) =>
    page.waitForFunction(
      (name) => document.querySelector(".why-controls button")?.textContent === name,
      name,
      { polling: 500, timeout: 45_000 },
    );
  const click = () =>
    page.evaluate(() => document.querySelector<HTMLElement>(".why-controls button")!.click());
  const tasks = await tasksDuring(browser, page, async () => {
    await click();
    await reach("Look closer");
    await click();
    await reach("Start again");
  });
  // 49 patches, and 120 between them.
  expectSmooth(tasks, 169);
});

// The page stays at hand while it works: no task of its own thread takes 50 ms, the most that is not
// felt (https://w3c.github.io/longtasks/).
import { readFileSync } from "node:fs";
import { expect, sample, test } from "./support.ts";

const COUNT = 20;

test(`nothing freezes while ${COUNT} photos run`, async ({ page, photos }) => {
  const names = ["coffee.png", "chelsea.png", "rocket.jpg"];
  const files = Array.from({ length: COUNT }, (_, at) => {
    const name = names[at % names.length];
    // A byte more at the end makes it another file, and the same picture.
    const buffer = Buffer.concat([readFileSync(sample(name)), Buffer.from([at])]);
    return { name: `${at}-${name}`, mimeType: "", buffer };
  });
  const seen = await page.evaluateHandle(() => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(Math.round(duration));
    });
    observer.observe({ entryTypes: ["longtask"] });
    return tasks;
  });
  await page.locator("input[type=file]").setInputFiles(files);
  // Cards are not looked for meanwhile: looking is a task, too.
  await page.waitForFunction(
    (count) => document.querySelectorAll("article[data-state=done]").length === count,
    COUNT,
    { polling: 500, timeout: 50_000 },
  );
  await expect(photos.cards).toHaveCount(COUNT);
  expect(await seen.jsonValue(), "tasks above 50 ms, in milliseconds").toEqual([]);
});

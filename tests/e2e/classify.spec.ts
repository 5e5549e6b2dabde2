// The main job: photos in, labels out, by every way in.
import { basename, join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import {
  addTwin, chooseModel, classify, expect, golden, muteWorker, openPhoto, percent, ROOT, sample, test,
} from "./support.ts";

test("a sample photo is classified with one click", async ({ page, photos }) => {
  await page.getByRole("button", { name: "A coffee" }).click();
  await photos.settled(1);
  const [best] = await photos.labels("coffee.png");
  expect(best.label).toBe("espresso");
  expect(parseFloat(best.percent)).toBeGreaterThan(90);
});

test("chosen photos get the labels and percentages of the command line", async ({ photos }) => {
  const files = ["chelsea.png", "coffee.png", "rocket.jpg"];
  await photos.choose(...files.map(sample));
  await photos.settled(3);
  const entries = await classify(...files.map(sample));
  for (const [at, file] of files.entries()) {
    const expected = entries[at].predictions!.map(({ label, score }) => ({
      label,
      percent: percent(score),
    }));
    expect(await photos.labels(file)).toEqual(expected);
  }
});

test("a photo that only the browser can decode has labels, and is said to be approximate", async ({ page, photos }) => {
  // Pillow 13's, of the sample, quality 60.
  await photos.choose(join(ROOT, "tests/e2e/coffee.avif"));
  await photos.settled(1);
  expect((await photos.labels("coffee.avif"))[0].label).toBe("espresso");
  await openPhoto(page, "1");
  await expect(page.locator(".answer")).toContainText("approximate: decoded by the browser");
});

for (const how of ["drop", "paste"] as const) {
  test(`photos come in by ${how}`, async ({ photos }) => {
    await photos.bring(how, sample("rocket.jpg"), sample("coffee.png"));
    await photos.settled(2);
    expect((await photos.labels("rocket.jpg"))[0].label).toBe("missile");
    expect((await photos.labels("coffee.png"))[0].label).toBe("espresso");
  });
}

test("text that is dropped or pasted is left alone", async ({ page, photos }) => {
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "hello");
    const options = { bubbles: true, cancelable: true };
    document.body.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer: data }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
  });
  await expect(photos.cards).toHaveCount(0);
});

test("a card says which model answered and how long each part took", async ({ photos }) => {
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  const card = photos.card("coffee.png");
  for (const part of ["Prepare", "Queue", "Model", "Total"]) {
    await expect(card.locator("dl > div", { hasText: part })).toHaveText(/\d+(\.\d)? m?s$/);
  }
  await expect(card.locator(".readout-model")).not.toBeEmpty();
});

test("a photo is turned upright by its EXIF orientation", async ({ photos }) => {
  const turned = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => golden(`files/orientation_${n}.jpg`));
  await photos.choose(...turned);
  await photos.settled(8);
  for (const { file, predictions } of await classify(...turned)) {
    const shown = (await photos.labels(basename(file))).map(({ label }) => label);
    expect(shown, file).toEqual(predictions!.map(({ label }) => label));
  }
});

test("many photos keep their order and show how far they are", async ({ page, photos }, info) => {
  const photo = readFileSync(sample("rocket.jpg"));
  const files = Array.from({ length: 20 }, (_, n) => info.outputPath(`photo-${n + 1}.jpg`));
  for (const file of files) writeFileSync(file, photo);
  await photos.choose(...files);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await photos.settled(20);
  const names = await page.getByRole("heading", { level: 3 }).allTextContents();
  expect(names).toEqual(files.map((_, n) => `photo-${n + 1}.jpg`));
  await expect(page.getByText("20 photos", { exact: true })).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("20 photos are done. 19 photos are copies of others.");
});

test("what is under way can be stopped and tried again", async ({ page, photos }) => {
  await page.route("**/classify*", () => {}); // never answered
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"));
  await expect(page.locator("article[data-state=asking]")).toHaveCount(2);
  await page.getByRole("button", { name: "Stop" }).click();
  await photos.settled(2);
  expect(await photos.why("rocket.jpg")).toContain("You stopped this one");
  await page.unroute("**/classify*");
  await page.getByRole("button", { name: "Try again: rocket.jpg" }).click();
  await expect(photos.card("rocket.jpg")).toHaveAttribute("data-state", "done");
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "failed");
});

test("a photo can be removed, and all can be cleared", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"), sample("chelsea.png"));
  await photos.settled(3);
  await page.getByRole("button", { name: "Remove: coffee.png" }).click();
  await expect(photos.cards).toHaveCount(2);
  await expect(photos.card("rocket.jpg")).toBeFocused();
  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(photos.cards).toHaveCount(0);
  await expect(page.getByText("Choose photos")).toBeVisible();
});

test("clearing gives up what is under way, once", async ({ page, photos }, info) => {
  // Before the class that counts: the worker that runs already is not of it.
  const worker = await muteWorker(page);
  const starts = await page.evaluateHandle(() => {
    const starts = { count: 0 };
    window.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        starts.count += 1;
      }
    };
    return starts;
  });
  const photo = readFileSync(sample("rocket.jpg"));
  const files = Array.from({ length: 20 }, (_, n) => info.outputPath(`photo-${n + 1}.jpg`));
  for (const file of files) writeFileSync(file, photo);
  await photos.choose(...files);
  await expect(photos.card("photo-1.jpg")).toHaveAttribute("data-state", "preparing");
  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(photos.cards).toHaveCount(0);
  await expect.poll(() => starts.evaluate(({ count }) => count)).toBe(1);
  await worker.resume();
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  expect((await photos.labels("coffee.png"))[0].label).toBe("espresso");
});

test("another model is asked about the photos on the page", async ({ page, photos }) => {
  await addTwin(page);
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await chooseModel(page, "Twin");
  await expect(photos.card("coffee.png").locator(".readout-model")).toHaveText("Twin");
});

test("one model's pixels are never sent to a model with another recipe", async ({ page, photos }) => {
  await addTwin(page, { resize: 224 });
  const sent: Buffer[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/classify")) sent.push(request.postDataBuffer()!);
  });
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  const worker = await muteWorker(page);
  await chooseModel(page, "Twin");
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "preparing");
  await page.getByRole("button", { name: "Stop" }).click();
  await photos.settled(1);
  await worker.resume();
  await page.getByRole("button", { name: "Try again: coffee.png" }).click();
  await expect(photos.card("coffee.png").locator(".readout-model")).toHaveText("Twin");
  const [first, second] = sent.map((body) => body.subarray(-150_528));
  expect(second.equals(first)).toBe(false);
});

test("what leaves the browser is 150,528 bytes of pixels", async ({ page, photos }) => {
  const request = page.waitForRequest("**/classify*");
  await photos.choose(sample("coffee.png"));
  const sent = await request;
  const header = Number(sent.headers()["inference-header-content-length"]);
  expect(sent.postDataBuffer()!.length - header).toBe(150_528);
});

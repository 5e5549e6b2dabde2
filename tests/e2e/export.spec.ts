// Results out: as text, JSON, CSV, and on paper; the same numbers as the command line's.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { classify, expect, golden, openPhoto, percent, sample, test, type Photos } from "./support.ts";

const files = [sample("coffee.png"), sample("rocket.jpg")];

async function open(page: Page, photos: Photos) {
  await photos.choose(...files, golden("hostile/text.jpg"));
  await photos.settled(3);
  await page.getByRole("button", { name: "Export" }).click();
}

async function saved(page: Page, button: string) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await download;
  return { name: file.suggestedFilename(), content: readFileSync(await file.path(), "utf8") };
}

test("JSON has everything that is known of each photo", async ({ page, photos }) => {
  await open(page, photos);
  const { name, content } = await saved(page, "Save JSON");
  expect(name).toBe("conch.json");
  const [coffee, rocket, text] = JSON.parse(content);
  const [expected] = await classify(files[0]);
  expect(coffee).toMatchObject({ file: "coffee.png", model: "efficientnet_lite0", width: 600, height: 400, error: null });
  expect(coffee.file_bytes).toBe(readFileSync(files[0]).length);
  expect(coffee.digest).not.toBe(rocket.digest);
  const labels = (list: { label: string; score: number }[]) =>
    list.map(({ label, score }) => [label, percent(score)]);
  expect(labels(coffee.predictions)).toEqual(labels(expected.predictions!));
  const { decode, resize, answer, total } = coffee.milliseconds;
  expect(total).toBeCloseTo(decode + resize + answer, 6);
  expect(text).toMatchObject({ file: "text.jpg", model: null, predictions: [] });
  expect(text.error).toMatch(/^This is not a photo/);
});

test("CSV has a line for each label", async ({ page, photos }) => {
  await open(page, photos);
  const { name, content } = await saved(page, "Save CSV");
  expect(name).toBe("conch.csv");
  const lines = content.split("\r\n");
  expect(lines.shift()).toBe("file,model,version,rank,index,label,probability,logit,milliseconds,exact");
  expect(lines.pop()).toBe("");
  expect(lines).toHaveLength(10);
  expect(lines[0]).toMatch(/^coffee\.png,efficientnet_lite0,\d+,1,967,espresso,0\.9\d+,-?[\d.]+,[\d.]+,true$/);
});

for (const secure of [true, false]) {
  test(`text is copied ${secure ? "by the clipboard" : "where the page came over plain HTTP"}`, async ({
    page,
    context,
    photos,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, photos);
    if (!secure) {
      await page.evaluate(() => Object.defineProperty(window, "isSecureContext", { value: false }));
    }
    const button = page.getByRole("button", { name: "Copy as text" });
    await button.click();
    await expect(page.getByRole("status")).toHaveText("The results of 3 photos are copied.");
    await expect(button).toBeFocused();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const [best] = await photos.labels("coffee.png");
    expect(text).toContain(`coffee.png\n${best.percent.padStart(8)}  espresso\n`);
    expect(text).toContain("text.jpg\n  This is not a photo");
  });
}

test("on paper there are names, pictures and all labels, in light colours", async ({ page, photos }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, photos);
  await page.evaluate(() => (window.print = () => Object.assign(window, { printed: true })));
  await page.getByRole("button", { name: "Print" }).click();
  expect(await page.evaluate(() => (window as unknown as { printed?: boolean }).printed)).toBe(true);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByText("Add photos")).toBeHidden();
  await expect(page.getByRole("button", { name: "Clear all" })).toBeHidden();
  await expect(photos.card("coffee.png").locator(".row-label:visible")).toHaveCount(5);
  await expect(photos.card("coffee.png").locator("img")).toBeVisible();
  const colours = await photos.card("coffee.png").evaluate((card) => getComputedStyle(card).color);
  expect(colours).toBe("rgb(28, 37, 41)");
});

test("on paper one photo has its square, its labels and its receipt, and nothing to press", async ({ page, photos }) => {
  await photos.choose(...files);
  await photos.settled(2);
  await openPhoto(page, "1");
  const pressed = page.locator("button:visible, a:visible, nav:visible, summary:visible, input:visible");
  await expect(pressed).not.toHaveCount(0);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(pressed).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "coffee.png" })).toBeVisible();
  await expect(page.locator(".plate img")).toBeVisible();
  await expect(page.locator(".crop-frame")).toBeVisible();
  await expect(page.locator(".stage-note")).toContainText("The model sees the square in the middle");
  await expect(page.getByText("Drag it")).toBeHidden();
  await expect(page.locator(".answer .row-label:visible")).toHaveCount(5);
  await expect(page.locator(".receipt")).toContainText("bytes are this picture");
});

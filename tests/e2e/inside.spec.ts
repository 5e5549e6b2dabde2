// The laboratory: each step's numbers are the real ones, each can be explored by pointer and by key.
import type { Page } from "@playwright/test";
import {
  expectFilled, expectNarrow, go, normalise, open, PLANE, SIDE,
} from "./laboratory.ts";
import { expect, test } from "./support.ts";

const STEPS = [
  "Photo", "Resized", "Cropped", "Channels", "Tensor", "Request", "Response", "Logits", "Softmax",
  "Top five", "Configuration",
];

/** The bytes that the grid shows, row by row, from the first offset in sight. */
async function shown(page: Page): Promise<{ offset: number; bytes: Buffer }> {
  const rows = await page.locator(".hex-row:not([hidden])").evaluateAll((rows) =>
    rows.map((row) => ({
      offset: Number(row.getAttribute("data-offset")),
      hex: [...row.querySelectorAll(".hex-value")].map((it) => it.textContent).join(""),
    })),
  );
  const hex = rows.map((row) => row.hex).join("").replaceAll(" ", "");
  return { offset: rows[0].offset, bytes: Buffer.from(hex, "hex") };
}

const fact = (page: Page, name: string) =>
  page.locator(".fact").filter({ has: page.getByText(name, { exact: true }) }).locator("dd").first();

test("the steps are links, in their order; Back and Forward work", async ({ page, photos: _ }) => {
  await open(page, "photo");
  const steps = page.getByRole("navigation", { name: "Steps from photo to label" });
  await expect(steps.getByRole("link")).toHaveText(STEPS);
  await steps.getByRole("link", { name: "Channels" }).click();
  const current = steps.locator("[aria-current=step]");
  await expect(current).toHaveText("Channels");
  await expect(page).toHaveURL(/panel=inside&step=channels/);
  await page.goBack();
  await expect(current).toHaveText("Photo");
  await page.goForward();
  await expect(current).toHaveText("Channels");
  await expect(current).toBeInViewport();
});

test("the links at the end lead through all steps and take the focus along", async ({ page, photos: _ }) => {
  await open(page, "photo");
  for (const [at, name] of STEPS.entries()) {
    const title = page.locator("#inside-title");
    await expect(title).toHaveText(`${at + 1}. ${name}`);
    if (at > 0) await expect(title).toBeFocused();
    const after = page.locator(".inside-after");
    if (at < STEPS.length - 1) await after.click();
    else await expect(after).toHaveCount(0);
  }
  await page.locator(".inside-before").click();
  await expect(page.locator("#inside-title")).toHaveText("10. Top five");
});

test("each step leads to its section of the laboratory's text, in a tab of its own", async ({ page, photos: _ }) => {
  await open(page, "resized");
  const link = page.getByRole("link", { name: /8\. Preprocessing/ });
  await expect(link).toHaveAttribute("href", "lab.html#preprocessing");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAccessibleName(/opens a new tab/);
});

test("photo: the file's bytes, the pixels' bytes, what is sent", async ({ page, photos: _ }) => {
  await open(page, "photo");
  await expect(fact(page, "Width × height, upright")).toHaveText("600 × 400");
  await expect(fact(page, "Its pixels as raw RGB")).toHaveText("720,000 bytes");
  await expect(fact(page, "What is sent of them")).toHaveText("150,528 bytes, as UINT8");
  await expect(fact(page, "Format")).toHaveText("PNG, by its name");
});

test("resized: sizes, scale, and the exact picture with the crop on it", async ({ page, photos: _ }) => {
  await open(page, "resized");
  await expect(fact(page, "Before")).toHaveText("600 × 400");
  await expect(fact(page, "After")).toHaveText("384 × 256");
  await expect(fact(page, "Scale")).toContainText("400 / 256 = 1.562");
  const picture = page.getByRole("img", { name: /after the resize/ });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((it: HTMLCanvasElement) => [it.width, it.height])).toEqual([384, 256]);
  const [crop, whole] = [page.locator(".inside-outline"), picture];
  const [inner, outer] = [(await crop.boundingBox())!, (await whole.boundingBox())!];
  expect(inner.width / outer.width).toBeCloseTo(SIDE / 384, 1);
  expect(inner.height / outer.height).toBeCloseTo(SIDE / 256, 1);
});

test("cropped: a pixel's three bytes are those that were sent", async ({ page, photos: _ }) => {
  const { sent } = await open(page, "cropped");
  const bytes = async () =>
    Promise.all(["Red", "Green", "Blue"].map((name) => fact(page, name).textContent().then(Number)));
  const expected = (row: number, column: number) =>
    [0, 1, 2].map((channel) => sent[channel * PLANE + row * SIDE + column]);
  const picker = page.getByRole("application", { name: /The crop/ });
  await picker.focus();
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "Shift+ArrowDown"]) await picker.press(key);
  await expect(page.getByLabel("Row", { exact: true })).toHaveValue("11");
  await expect(page.getByLabel("Column", { exact: true })).toHaveValue("2");
  expect(await bytes()).toEqual(expected(11, 2));
  const { width, height } = (await picker.boundingBox())!;
  await picker.click({ position: { x: (width * 100.5) / SIDE, y: (height * 50.5) / SIDE } });
  // A pixel of the crop is not two pixels of the screen: the pointer may meet its neighbour.
  const place = (name: string) => page.getByLabel(name, { exact: true }).inputValue().then(Number);
  await expect.poll(() => place("Column").then((at) => Math.abs(at - 100))).toBeLessThan(2);
  const [row, column] = [await place("Row"), await place("Column")];
  expect(Math.abs(row - 50)).toBeLessThan(2);
  expect(await bytes()).toEqual(expected(row, column));
  await page.getByLabel("Row", { exact: true }).fill("9999");
  await page.getByLabel("Row", { exact: true }).blur();
  await expect(page.getByLabel("Row", { exact: true })).toHaveValue("223");
  expect(await bytes()).toEqual(expected(223, column));
});

test("channels: range and mean are those of the tensor", async ({ page, photos: _ }) => {
  const { sent, recipe } = await open(page, "channels");
  const floats = normalise(sent, recipe);
  const sections = page.locator(".inside-plane");
  await expect(sections).toHaveCount(3);
  for (const channel of [0, 1, 2]) {
    const all = Array.from({ length: PLANE }, (_, at) => floats.readFloatLE(4 * (channel * PLANE + at)));
    const numbers = [Math.min(...all), Math.max(...all), all.reduce((a, b) => a + b) / PLANE];
    const cells = await sections.nth(channel).locator("td:last-child").allTextContents();
    const read = cells.map((cell) => Number(cell.replace("−", "-")));
    for (const at of [0, 1, 2]) expect(Math.abs(read[at] - numbers[at])).toBeLessThan(0.001);
    await expect(sections.nth(channel).getByRole("img", { name: /^Histogram/ })).toBeVisible();
  }
});

test("tensor: the hex is the bytes that the server received, and their floats", async ({ page, photos: _ }) => {
  const { sent, recipe } = await open(page, "tensor");
  const floats = normalise(sent, recipe);
  const offset = page.getByLabel("Offset", { exact: true });
  const expectShown = async (tensor: Buffer) => {
    await expect(page.locator(".hex")).toHaveAttribute("aria-rowcount", String(tensor.length / 8));
    for (const to of [0, 4 * 50_000, 0x1f4, tensor.length - 4].filter((to) => to < tensor.length)) {
      await offset.fill(to === 0x1f4 ? "0x1f4" : String(to));
      await offset.press("Enter");
      await expect(page.locator(".hex-value.is-picked")).toBeVisible();
      await expect(offset).toHaveValue(String(to));
      const { offset: from, bytes } = await shown(page);
      expect(from).toBeLessThanOrEqual(to);
      expect(from + bytes.length).toBeGreaterThan(to);
      expect(bytes.equals(tensor.subarray(from, from + bytes.length)), `from ${from}`).toBe(true);
    }
  };
  await expectShown(floats);
  // Only what is in sight is in the document.
  expect(await page.locator(".hex-row").count()).toBeLessThanOrEqual(20);
  await page.getByLabel("UINT8, as the page sends it").check();
  await expectShown(sent);
  await offset.fill("red");
  await offset.press("Enter");
  await expect(page.getByText("An offset is a number from 0 to 150,527")).toBeVisible();
});

test("tensor: by keys from value to value; the pixel follows", async ({ page, photos: _ }) => {
  const { sent, recipe } = await open(page, "tensor");
  const floats = normalise(sent, recipe);
  const grid = page.getByRole("grid");
  await grid.focus();
  const address = page.url();
  for (const key of ["ArrowRight", "ArrowDown", "PageDown"]) await grid.press(key);
  const value = 1 + 2 + 24;
  await expect(page.getByLabel("Offset", { exact: true })).toHaveValue(String(4 * value));
  await expect(page.getByLabel("Column", { exact: true })).toHaveValue(String(value));
  const picked = page.locator(".hex-value.is-picked");
  const four = floats.subarray(4 * value, 4 * value + 4);
  await expect(picked).toHaveText([...four].map((b) => b.toString(16).padStart(2, "0")).join(" "));
  await expect(fact(page, "Its number")).toContainText(floats.readFloatLE(4 * value).toFixed(4).replace("-", "−"));
  await expect(fact(page, "Read as")).toContainText(`0x${floats.readUInt32LE(4 * value).toString(16).padStart(8, "0")}`);
  await grid.press("End");
  await expect(page.getByLabel("Offset", { exact: true })).toHaveValue("602108");
  await expect(page.getByRole("combobox", { name: "Channel" })).toHaveValue("2");
  await expect(page.getByLabel("Row", { exact: true })).toHaveValue("223");
  await expect(picked).toBeInViewport();
  await grid.press("Home");
  await expect(page.getByLabel("Offset", { exact: true })).toHaveValue("0");
  expect(page.url()).toBe(address);
});

test("tensor: a pixel on the picture shows its value, and scrolling loses nothing", async ({ page, photos: _ }) => {
  const { sent, recipe } = await open(page, "tensor");
  const floats = normalise(sent, recipe);
  await page.getByRole("combobox", { name: "Channel" }).selectOption("Green");
  const picker = page.getByRole("application", { name: /The crop/ });
  const { width, height } = (await picker.boundingBox())!;
  await picker.click({ position: { x: (width * 20.5) / SIDE, y: (height * 10.5) / SIDE } });
  // A pixel of the crop is not two pixels of the screen: the pointer may meet its neighbour.
  const place = (name: string) => page.getByLabel(name, { exact: true }).inputValue().then(Number);
  await expect.poll(() => place("Row").then((at) => Math.abs(at - 10))).toBeLessThan(2);
  const value = PLANE + (await place("Row")) * SIDE + (await place("Column"));
  await expect(page.getByLabel("Offset", { exact: true })).toHaveValue(String(4 * value));
  const { offset, bytes } = await shown(page);
  expect(bytes.equals(floats.subarray(offset, offset + bytes.length))).toBe(true);
  await page.locator(".hex").evaluate((hex) => (hex.scrollTop = 24 * 30_000));
  await expect(page.locator(".hex-row").first()).toHaveAttribute("data-offset", "240000");
  const far = await shown(page);
  expect(far.bytes.equals(floats.subarray(far.offset, far.offset + far.bytes.length))).toBe(true);
});

test("what is said to be sent is what somebody chose to send", async ({ page, photos: _ }) => {
  await page.evaluate(() => localStorage.setItem("conch.send", "FP32"));
  await page.reload();
  const { sent } = await open(page, "photo");
  expect(sent.length).toBe(4 * 3 * PLANE);
  await expect(fact(page, "What is sent of them")).toHaveText("602,112 bytes, as FP32");
  await go(page, "tensor");
  await expect(page.getByLabel("FP32, as the page sends it and the model takes it")).toBeChecked();
  await page.getByLabel("UINT8, before it is normalised").check();
  await expect(page.locator(".hex")).toHaveAttribute("aria-rowcount", String((3 * PLANE) / 8));
  await go(page, "request");
  await expect(page.getByText("photos on this page go as these same numbers")).toBeVisible();
});

test("tensor: a screen reader hears of a value once", async ({ page, photos: _ }) => {
  await open(page, "tensor");
  const grid = page.getByRole("grid");
  const told = page.locator(".inside-step [aria-live]");
  await grid.focus();
  await grid.press("ArrowRight");
  const picked = grid.getByRole("gridcell", { selected: true });
  await expect(picked).toHaveAccessibleName(/^([0-9a-f]{2} ){3}[0-9a-f]{2}: Red, row 0, column 1: /);
  await expect(grid).toHaveAttribute("aria-activedescendant", (await picked.getAttribute("id"))!);
  await expect(told).toBeEmpty();
  const column = page.getByLabel("Column", { exact: true });
  await column.fill("7");
  await column.press("Enter");
  await expect(told).toHaveText(/^Red, row 0, column 7: /);
  await grid.press("ArrowLeft");
  await expect(told).toBeEmpty();
});

const HALF = ["photo", "resized", "cropped", "channels", "tensor"];

test("each of these steps fits 320 px", async ({ page, photos: _ }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, "photo");
  for (const step of HALF) {
    await go(page, step);
    await expectFilled(page);
    await expectNarrow(page, step);
  }
});

test.describe("where it goes wrong", () => {
  test.use({ expectedErrors: /^Failed to load resource/ });
  test("a file that is no photo says why, and can be tried again", async ({ page, photos }, info) => {
    const { writeFileSync } = await import("node:fs");
    const file = info.outputPath("notes.png");
    writeFileSync(file, "no photo");
    await photos.choose(file);
    await photos.settled(1);
    await go(page, "cropped");
    await expect(page.locator(".inside .failure-why")).not.toBeEmpty();
    await page.locator(".inside").getByRole("button", { name: "Try again" }).click();
    await expect(page.locator("#inside-title")).toBeFocused();
    await expect(page.locator(".inside .failure-why")).not.toBeEmpty();
  });
});

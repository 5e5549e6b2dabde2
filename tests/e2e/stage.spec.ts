// The square of a photo that the model sees: it can be moved, and the answer follows.
import type { Locator, Page, Request } from "@playwright/test";
import { expect, expectAccessible, golden, sample, test, type Photos } from "./support.ts";

/** Bytes of 224 × 224 pixels. */
const TENSOR = 150_528;

/** Opens the large view of the `nth` photo, as a link to it does. */
async function enlarge(page: Page, nth: number): Promise<void> {
  await page.evaluate((nth) => {
    history.pushState(null, "", `?photo=${nth}`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, nth);
  await expect(title(page)).toBeFocused();
}

async function bring(photos: Photos, ...files: string[]): Promise<void> {
  await photos.choose(...files);
  await photos.settled(files.length);
}

const title = (page: Page): Locator => page.locator("#photo-title");
const frame = (page: Page): Locator =>
  page.getByRole("application", { name: "The square that the model sees" });
const note = (page: Page): Locator => page.locator(".stage-note");
const still = (page: Page): Promise<void> =>
  expect(page.getByRole("region", { name: "The photo and what" })).not.toHaveAttribute("aria-busy");

async function box(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error("not on the page");
  return box;
}

/** Drags from the middle of an element, in `steps` movements. */
async function drag(page: Page, what: Locator, x: number, y: number, steps = 5): Promise<void> {
  const at = await box(what);
  const middle = { x: at.x + at.width / 2, y: at.y + at.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + x, middle.y + y, { steps });
  await page.mouse.up();
}

/** The pixels of every request from now on. */
function pixelsSent(page: Page): Buffer[] {
  const sent: Buffer[] = [];
  page.on("request", (request: Request) => {
    if (request.url().includes("/classify")) sent.push(request.postDataBuffer()!.subarray(-TENSOR));
  });
  return sent;
}

test.describe("the square", () => {
  test.beforeEach(async ({ page, photos }) => {
    await bring(photos, sample("chelsea.png"), sample("coffee.png"));
    await enlarge(page, 1);
  });

  test("lies where the recipe's crop does", async ({ page }) => {
    // 451 × 300 becomes 385 × 256; 224 of it, from 80 and 16 on, are 263 pixels from 94 and 19 on.
    const photo = await box(page.locator(".plate-photo"));
    const square = await box(frame(page));
    const scale = photo.width / 451;
    expect(photo.height / scale).toBeCloseTo(300, 0);
    expect((square.x - photo.x) / scale).toBeCloseTo(94, 0);
    expect((square.y - photo.y) / scale).toBeCloseTo(19, 0);
    expect(square.width / scale).toBeCloseTo(263, 0);
    expect(square.height / scale).toBeCloseTo(263, 0);
    await expect(note(page)).toContainText("263 × 263 of 451 × 300 pixels");
  });

  test("is dragged, the answer follows, and Reset gives back the first", async ({ page }) => {
    const spoken = page.getByRole("status").filter({ hasText: "chelsea.png: " });
    const sent = pixelsSent(page);
    const reset = page.getByRole("button", { name: "Reset" });
    await expect(reset).toHaveAttribute("aria-disabled", "true");
    await frame(page).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("0");
    await expect(spoken).toHaveText(/tiger cat/);
    const first = await spoken.textContent();
    await still(page);
    const original = sent.at(-1)!;

    await drag(page, frame(page), -40, 12);
    await expect(note(page)).toContainText("Your square: 263 × 263 pixels at ");
    await expect(spoken).not.toHaveText(first!);
    expect(sent.at(-1)!.equals(original)).toBe(false);

    const before = await box(frame(page));
    await drag(page, page.locator("[data-corner=se]"), -60, -60);
    const after = await box(frame(page));
    expect(after.width).toBeCloseTo(before.width - 60, -1);
    expect([after.x, after.y]).toEqual([before.x, before.y]);

    await reset.click();
    await expect(note(page)).toContainText("the square in the middle");
    await expect(spoken).toHaveText(first!);
    expect(sent.at(-1)!.equals(original)).toBe(true);
  });

  test("over the photo lie the very pixels that were sent", async ({ page }) => {
    const sent = pixelsSent(page);
    await page.getByLabel("Show the 224 × 224 pixels that were sent").check();
    await drag(page, frame(page), -50, 0);
    await still(page);
    const shown = page.getByRole("img", { name: "What the model sees: 224 × 224 pixels" });
    await expect(shown).toBeVisible();
    const canvas = () =>
      shown.evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, 224, 224);
        const planes = [0, 1, 2].map((c) => data.filter((_, at) => at % 4 === c));
        return planes.flatMap((plane) => [...plane]);
      });
    await expect.poll(async () => sent.at(-1)!.equals(Buffer.from(await canvas()))).toBe(true);
    const [over, under] = [await box(shown), await box(frame(page))];
    for (const side of ["x", "y", "width"] as const) {
      expect(Math.abs(over[side] - under[side]), side).toBeLessThan(1);
    }
    // The next photo shows its own.
    await page.getByRole("button", { name: "Next photo" }).click();
    await expect(shown).toBeVisible();
    await expect(note(page)).toContainText("the square in the middle");
  });

  test("obeys the keyboard, as its description says", async ({ page }) => {
    await frame(page).focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await expect(note(page)).toContainText("263 × 263 pixels at 64, 19");
    await page.keyboard.press("ArrowDown");
    await expect(note(page)).toContainText("at 64, 22");
    await page.keyboard.press("-");
    await expect(note(page)).toContainText("239 × 239 pixels");
    await page.keyboard.press("Home");
    await expect(note(page)).toContainText("the square in the middle");
    await expect(frame(page)).toHaveAccessibleDescription(/arrow keys.*Plus.*minus.*0/);
    await still(page);
  });

  test("obeys buttons, for whoever does not drag", async ({ page }) => {
    await page.getByRole("button", { name: "Smaller square" }).click();
    await expect(note(page)).toContainText("Your square: 239 × 239 pixels at 106, 31");
    await page.getByRole("button", { name: "Move the square up" }).click();
    await page.getByRole("button", { name: "Move the square right" }).click();
    await expect(note(page)).toContainText("at 136, 1,");
    const larger = page.getByRole("button", { name: "Larger square" });
    for (let presses = 0; presses < 3; presses++) await larger.click();
    await expect(note(page)).toContainText("300 × 300 pixels");
    await expect(larger).toHaveAttribute("aria-disabled", "true");
    await expect(page.getByRole("button", { name: "Move the square up" })).toHaveAttribute(
      "aria-disabled",
    );
    await still(page);
  });

  test("is asked about once at a time, the latest next, and spoken of once", async ({ page }) => {
    const held: (() => void)[] = [];
    await page.route("**/classify*", async (route) => {
      await new Promise<void>((go) => held.push(go));
      await route.continue();
    });
    await page.evaluate(() => {
      const spoken: string[] = [];
      Object.assign(window, { spoken });
      const place = document.querySelector("p[role=status]")!;
      const note = () => place.textContent && spoken.push(place.textContent);
      new MutationObserver(note).observe(place, { childList: true, subtree: true, characterData: true });
    });
    const sent = pixelsSent(page);
    await drag(page, frame(page), -30, 10, 20);
    await expect.poll(() => held.length).toBe(1);
    await drag(page, frame(page), 70, -10, 20);
    const place = await note(page).textContent();
    expect(sent).toHaveLength(1);
    // The answer that is there stays while the next one is on its way.
    await expect(page.getByRole("region", { name: "The photo and what" })).toHaveAttribute("aria-busy");
    held[0]();
    await expect.poll(() => held.length).toBe(2);
    held[1]();
    await still(page);
    expect(await note(page).textContent()).toBe(place);
    expect(sent).toHaveLength(2);
    expect(sent[1].equals(sent[0])).toBe(false);
    const spoken = () => page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
    await expect.poll(spoken).toEqual([expect.stringMatching(/^chelsea\.png: .* %\.$/)]);
  });

  test("is zoomed by a pinch", async ({ page }) => {
    const { x, y, width, height } = await box(frame(page));
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, 60);
    await page.keyboard.up("Control");
    await expect(note(page)).toContainText("Your square: 195 × 195 pixels");
    await still(page);
  });
});

test("of a tiny photo and of a panorama there is a square, too", async ({ page, photos }) => {
  await bring(photos, golden("files/one_pixel.png"), sample("coffee.png"));
  await enlarge(page, 1);
  await expect(note(page)).toContainText("1 × 1 of 1 × 1 pixels");
  await frame(page).focus();
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowRight");
  await expect(note(page)).toContainText("the square in the middle");
});

test("a photo is shown upright, as the model sees it", async ({ page, photos }) => {
  const turned = ["files/orientation_6.jpg", "files/exif_6.png", "files/exif_8.webp"];
  await bring(photos, ...turned.map(golden));
  await enlarge(page, 1);
  for (const nth of [1, 2, 3]) {
    await still(page);
    const size = /of (\d+) × (\d+) pixels/.exec((await note(page).textContent())!)!;
    const [width, height] = [Number(size[1]), Number(size[2])];
    const photo = await box(page.locator(".plate-photo"));
    expect(photo.width / photo.height).toBeCloseTo(width / height, 1);
    // Either the browser turns it, or the page's own pixels lie over it.
    const upright = page.locator(".plate-photo").evaluate((plate) => {
      const own = plate.querySelector<HTMLCanvasElement>(":scope > canvas");
      const theirs = plate.querySelector("img")!;
      return own ? own.width / own.height : theirs.naturalWidth / theirs.naturalHeight;
    });
    expect(await upright).toBeCloseTo(width / height, 1);
    if (nth < 3) await page.getByRole("button", { name: "Next photo" }).click();
  }
});

test("axe finds nothing in a chosen square and its pixels", async ({ page, photos }) => {
  await bring(photos, sample("coffee.png"));
  await enlarge(page, 1);
  await expect(frame(page)).toBeVisible();
  await page.getByLabel("pixels that were sent").check();
  await drag(page, frame(page), 20, 5);
  await still(page);
  await expectAccessible(page, "another square, its pixels shown");
});

test("what a finger must hit is 44 px large, and all of it fits 320 px", async ({ page, photos }) => {
  await bring(photos, sample("coffee.png"), sample("chelsea.png"), sample("rocket.jpg"));
  await enlarge(page, 1);
  await page.setViewportSize({ width: 320, height: 640 });
  const targets = page.locator(".photo-page :is(button, a, .crop-corner, .stage-toggle):visible");
  for (const target of await targets.all()) {
    const { width, height } = await box(target);
    expect(Math.min(width, height), await target.innerText()).toBeGreaterThanOrEqual(44);
  }
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});

// For everyone: axe finds nothing in any state and theme; everything works by keyboard; outcomes
// are spoken once; nothing moves when they come; the page says why where it cannot start.
import { expect, expectAccessible, golden, sample, test } from "./support.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme, expectedErrors: /^Failed to load resource/ });

    test("axe finds nothing in any state", async ({ page, photos }) => {
      await expectAccessible(page, "empty");

      await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "x.png"));
        const options = { bubbles: true, cancelable: true, dataTransfer: data };
        document.body.dispatchEvent(new DragEvent("dragenter", options));
      });
      await expect(page.locator(".drop-veil")).toBeVisible();
      await expectAccessible(page, "dragging");
      await page.evaluate(() => document.body.dispatchEvent(new DragEvent("dragleave")));
      await page.evaluate(() => window.dispatchEvent(new DragEvent("dragleave")));

      await page.route("**/classify*", () => {});
      await photos.choose(sample("coffee.png"), sample("chelsea.png"), sample("rocket.jpg"));
      await expect(page.locator("article[data-state=asking]")).toHaveCount(2);
      await expectAccessible(page, "waiting and asking");
      await page.getByRole("button", { name: "Clear all" }).click();
      await page.unroute("**/classify*");

      await photos.choose(sample("coffee.png"), golden("hostile/text.jpg"));
      await photos.settled(2);
      await expectAccessible(page, "done and failed");

      await page.route("**/api/**", (route) => route.abort());
      await photos.choose(sample("rocket.jpg"));
      await expect(page.getByRole("alert")).toContainText("does not answer");
      await expectAccessible(page, "server away");
    });
  });
}

test("everything works by keyboard", async ({ page, photos }) => {
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      const own = await focused.getAttribute("aria-label").catch(() => null);
      if ((own ?? (await focused.textContent())).includes(name)) return;
    }
    throw new Error(`no Tab leads to ${name}`);
  };
  await tabTo("A coffee");
  await page.keyboard.press("Enter");
  await photos.settled(1);
  await tabTo("Remove: coffee.png");
  await page.keyboard.press("Space");
  await expect(photos.cards).toHaveCount(0);
  // The file chooser has the focus now, and a ring that shows it.
  await expect(page.locator("input[type=file]")).toBeFocused();
  const ring = page.locator(".file-button");
  expect(await ring.evaluate((label) => getComputedStyle(label).outlineStyle)).toBe("solid");
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(sample("rocket.jpg"));
  await photos.settled(1);
});

test("an outcome is spoken once", async ({ page, photos }) => {
  await page.evaluate(() => {
    const spoken: string[] = [];
    Object.assign(window, { spoken });
    const place = document.querySelector("[role=status]")!;
    new MutationObserver(() => spoken.push(place.textContent ?? "")).observe(place, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await expect(page.getByRole("status")).toHaveText(/^coffee\.png: espresso, \d\d\.\d %\.$/);
  const spoken = await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
  expect(spoken).toHaveLength(1);
});

test("nothing moves when the labels come", async ({ page, photos }) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/classify*", async (route) => {
    await held;
    await route.continue();
  });
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"));
  await expect(page.locator("article[data-state=asking]")).toHaveCount(2);
  const boxes = () => Promise.all([0, 1].map((at) => photos.cards.nth(at).boundingBox()));
  const before = await boxes();
  answer();
  await photos.settled(2);
  expect(await boxes()).toEqual(before);
});

test("what a finger must hit is 44 px large", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), golden("hostile/text.jpg"));
  await photos.settled(2);
  for (const target of await page.locator("button:visible, select, .file-button").all()) {
    const { width, height } = (await target.boundingBox())!;
    expect(Math.min(width, height), await target.innerText()).toBeGreaterThanOrEqual(44);
  }
});

test("the page fits 320 px without scrolling sideways", async ({ page, photos }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await photos.choose(sample("chelsea.png"), golden("hostile/wild_size.png"));
  await photos.settled(2);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});

test.describe("where the page cannot start", () => {
  test("without JavaScript it says so", async ({ browser, conch }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(conch.url);
    const sentence = page.locator("noscript p");
    await expect(sentence).toBeVisible();
    expect(await sentence.innerText()).toContain("needs JavaScript and WebAssembly");
    await context.close();
  });

  test("without WebAssembly it says so", async ({ browser, conch }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(() => Reflect.deleteProperty(window, "WebAssembly"));
    await page.goto(conch.url);
    await expect(page.locator("body")).toContainText("Conch could not start");
    await context.close();
  });
});

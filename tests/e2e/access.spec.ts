// For everyone: axe finds nothing in any state and theme, nothing is cut off or too small to hit;
// everything works by keyboard; outcomes are spoken once; nothing moves when they come.
import type { Page } from "@playwright/test";
import { EXPECTED, STATES } from "./states.ts";
import { expect, expectAccessible, golden, listen, sample, test } from "./support.ts";

test.describe("every state", () => {
  test.use({ expectedErrors: EXPECTED });

  for (const { name, arrange } of STATES) {
    test(`${name}: axe finds nothing, all of it fits and can be hit`, async ({ page, conch }) => {
      await arrange(page, conch.url);
      // Without transitions: axe would look at a colour on its way.
      await page.emulateMedia({ reducedMotion: "reduce" });
      await expectAccessible(page, name);
      expect(await tooSmall(page), "targets below 44 px").toEqual([]);
      // 320 px, and a desktop's 1440 by 900 at 400 %.
      for (const [width, height] of [[320, 640], [360, 225]] as const) {
        await page.setViewportSize({ width, height });
        await expect.poll(() => cutOff(page), `cut off at ${width} by ${height}`).toEqual([]);
      }
    });
  }
});

/** What a finger must hit and could miss: WCAG 2.2, 2.5.5, whose exceptions are links in a text and
 * what has the browser's own look. */
const tooSmall = (page: Page) =>
  page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>(
      "button, summary, select, a[href], label:has(input), input:not([type=file])",
    );
    const small = [...targets].filter((target) => {
      if (!target.checkVisibility({ visibilityProperty: true })) return false;
      if (target.matches(".skip-link, p a, li p a, dd a, label input")) return false;
      const { width, height } = target.getBoundingClientRect();
      return width > 0 && Math.min(width, height) < 43.99;
    });
    return small.map((it) => `${it.outerHTML.slice(0, 90)} ${it.offsetWidth}×${it.offsetHeight}`);
  });

/** What makes the page, or a sheet over it, scroll sideways. */
const cutOff = (page: Page) =>
  page.evaluate(() => {
    const roots = [document.documentElement, ...document.querySelectorAll("dialog[open]")];
    return roots
      .filter((root) => root.scrollWidth > root.clientWidth)
      .map((root) => {
        const wide = [...root.querySelectorAll("*")].filter(
          (it) => it.getBoundingClientRect().right > innerWidth + 1,
        );
        return `${root.tagName} ${root.scrollWidth}: ${wide.at(-1)?.outerHTML.slice(0, 120)}`;
      });
  });

/** Presses Tab until something of this name has the focus. */
async function tabTo(page: Page, name: string, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key);
    const focused = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it?.matches("a, button, input, [role]")) return "";
      return it.getAttribute("aria-label") ?? it.textContent ?? "";
    });
    if (focused.includes(name)) return;
  }
  throw new Error(`no ${key} leads to ${name}`);
}

test("the gallery works by keyboard", async ({ page, photos }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the photos" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await tabTo(page, "A coffee");
  await page.keyboard.press("Enter");
  await photos.settled(1);
  await tabTo(page, "Remove: coffee.png");
  await page.keyboard.press("Space");
  await expect(photos.cards).toHaveCount(0);
  // The file chooser has the focus now, and a ring that shows it.
  await expect(page.locator("input[type=file]").first()).toBeFocused();
  const ring = page.locator(".file-button").first();
  expect(await ring.evaluate((label) => getComputedStyle(label).outlineStyle)).toBe("solid");
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(sample("rocket.jpg"));
  await photos.settled(1);
});

test("the whole way through a photo works by keyboard", async ({ page, photos }) => {
  const { keyboard } = page;
  await tabTo(page, "A coffee");
  await keyboard.press("Enter");
  await photos.settled(1);
  await tabTo(page, "coffee.png");
  await keyboard.press("Enter");
  await expect(page.locator("#photo-title")).toBeFocused();

  // The model's square: the answer follows.
  await tabTo(page, "The square that the model sees");
  const again = page.waitForResponse("**/classify*");
  await keyboard.press("Shift+ArrowLeft");
  await again;

  await tabTo(page, "Compare");
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/panel=compare/);
  await tabTo(page, "Why?");
  await keyboard.press("Enter");
  await tabTo(page, "Show which parts matter");
  await keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Look closer" })).toBeVisible({ timeout: 45_000 });

  await keyboard.press("4");
  await expect(page).toHaveURL(/panel=inside/);
  await tabTo(page, "Tensor");
  await keyboard.press("Enter");
  await expect(page).toHaveURL(/step=tensor/);

  await keyboard.press("m");
  await expect(page.getByRole("dialog")).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await keyboard.press("?");
  await tabTo(page, "Close");
  await keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/step=tensor/);

  await keyboard.press("Escape");
  await expect(page).toHaveURL(/\/$/);
  await expect(photos.card("coffee.png")).toBeFocused();
});

test("what happens is spoken once, and nothing else is", async ({ page, photos }) => {
  const spoken = await listen(page);
  const expected: (string | RegExp)[] = [];
  const says = (...sentences: (string | RegExp)[]) => {
    expected.push(...sentences);
    const all = expected.map((it) => (it instanceof RegExp ? expect.stringMatching(it) : it));
    return expect.poll(spoken).toEqual(all);
  };
  await photos.choose(sample("coffee.png"), golden("hostile/text.jpg"));
  await says("1 done, 1 failed.");
  await photos.bring("drop", sample("coffee.png"));
  await says(/^coffee\.png: espresso, \d\d\.\d %\. One photo is here twice\.$/);
  await page.getByRole("button", { name: "Remove the copies" }).click();
  await says("coffee.png is removed.");
  await page.getByRole("button", { name: "Undo" }).click();
  await says("coffee.png is back.", /^coffee\.png: espresso, \d\d\.\d %\.$/);
  await page.getByRole("button", { name: "Link", exact: true }).click();
  await page.getByLabel("Address of the picture").fill("no address");
  await page.keyboard.press("Enter");
  await says(/^This is no address of a picture\./);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Try again: text.jpg" }).click();
  await says(/^text\.jpg: This is not a photo/);
  await photos.card("text.jpg").getByRole("link").click();
  await page.getByRole("button", { name: "Next photo" }).click();
  await says("coffee.png, 3 of 3.");
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

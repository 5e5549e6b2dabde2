// The large view of one photo: from photo to photo by buttons, keys and the row of all photos; what
// the page says of one that failed.
import type { Locator, Page } from "@playwright/test";
import { expect, golden, openPhoto, sample, test } from "./support.ts";

const THREE = ["coffee.png", "chelsea.png", "rocket.jpg"];

const title = (page: Page): Locator => page.locator("#photo-title");
const row = (page: Page): Locator => page.getByRole("navigation", { name: "Photos" });

test.describe("from photo to photo", () => {
  test.beforeEach(async ({ page, photos }) => {
    await photos.choose(...THREE.map(sample));
    await photos.settled(3);
    await openPhoto(page, "2");
    await expect(title(page)).toHaveText("chelsea.png");
    await expect(title(page)).toBeFocused();
  });

  test("buttons, keys and the filmstrip lead on, and Back to the gallery", async ({ page }) => {
    const next = page.getByRole("button", { name: "Next photo" });
    await next.click();
    await expect(title(page)).toHaveText("rocket.jpg");
    await expect(page.getByText("3 of 3", { exact: true })).toBeVisible();
    await expect(next).toBeFocused();
    await expect(next).toHaveAttribute("aria-disabled", "true");
    await expect(page).toHaveURL(/photo=3/);

    await page.keyboard.press("ArrowLeft");
    await expect(title(page)).toHaveText("chelsea.png");
    await page.keyboard.press("ArrowLeft");
    await expect(title(page)).toHaveText("coffee.png");

    const link = row(page).getByRole("link", { name: "rocket.jpg" });
    await link.click();
    await expect(title(page)).toHaveText("rocket.jpg");
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect(link).toBeFocused();

    await page.goBack();
    await expect(page.getByRole("article", { name: "rocket.jpg" })).toBeFocused();
    await expect(title(page)).toHaveCount(0);
  });

  test("in the row of all photos arrows, Home and End lead on, and take the focus along", async ({ page }) => {
    const link = (name: string) => row(page).getByRole("link", { name });
    await link("chelsea.png").focus();
    for (const [key, name] of [["Home", "coffee.png"], ["End", "rocket.jpg"], ["ArrowLeft", "chelsea.png"]] as const) {
      await page.keyboard.press(key);
      await expect(title(page)).toHaveText(name);
      await expect(link(name)).toBeFocused();
    }
  });

  test("elsewhere Home and End are the page's own", async ({ page }) => {
    await page.setViewportSize({ ...page.viewportSize()!, height: 400 });
    const above = () => page.evaluate(() => scrollY);
    const below = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight - scrollY);
    expect(await below()).toBeGreaterThan(100);
    await page.keyboard.press("End");
    // To the very end: Chromium may lose the next key while it still scrolls.
    await expect.poll(below).toBeLessThan(2);
    await page.keyboard.press("Home");
    await expect.poll(above).toBe(0);
    await expect(title(page)).toHaveText("chelsea.png");
  });

  test("Delete removes the photo, and what was removed can come back", async ({ page }) => {
    await page.keyboard.press("Delete");
    await expect(title(page)).toHaveText("rocket.jpg");
    await expect(page.getByText("chelsea.png is removed.").last()).toBeVisible();
    await page.keyboard.press("u");
    await expect(page.getByText("3 of 3", { exact: true })).toBeVisible();
  });

  test("who turned single keys off has arrows in the row alone, and no Delete", async ({ page }) => {
    await page.getByRole("button", { name: "Help" }).click();
    const help = page.getByRole("dialog", { name: "Help" });
    await help.getByLabel("Use single keys as shortcuts").uncheck();
    await page.keyboard.press("Escape");
    await expect(help).toBeHidden();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "Previous photo" }).click();
    await expect(title(page)).toHaveText("coffee.png");
    await expect(page.getByText("1 of 3", { exact: true })).toBeVisible();
    await row(page).getByRole("link", { name: "coffee.png" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(title(page)).toHaveText("chelsea.png");
  });

  test("arrows that mean something else do not lead on", async ({ page }) => {
    await page.getByLabel("pixels that were sent").focus();
    await page.keyboard.press("ArrowRight");
    await title(page).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.getByRole("application", { name: "The square that the model sees" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.locator(".stage-note")).toContainText("Your square");
    await expect(title(page)).toHaveText("chelsea.png");
  });

  test("Escape leads back to the photo's card", async ({ page, photos }) => {
    await page.keyboard.press("Escape");
    await expect(photos.card("chelsea.png")).toBeFocused();
  });

  test("the panel stays when the photo changes", async ({ page }) => {
    const views = page.getByRole("navigation", { name: "Views of this photo" });
    await views.getByRole("link", { name: "Inside" }).click();
    await page.getByRole("button", { name: "Next photo" }).click();
    await expect(views.getByRole("link", { name: "Inside" })).toHaveAttribute("aria-current");
    await expect(page).toHaveURL(/photo=3.*panel=inside/);
  });

  test("a photo that is removed gives way to its neighbour, the last one to the gallery", async ({
    page,
  }) => {
    for (const [gone, next] of [
      ["chelsea.png", "rocket.jpg"],
      ["rocket.jpg", "coffee.png"],
    ]) {
      await page.getByRole("button", { name: `Remove: ${gone}` }).click();
      await expect(title(page)).toHaveText(next);
    }
    await expect(page.getByRole("navigation", { name: "Photos" })).toHaveCount(0);
    await page.getByRole("button", { name: "Remove: coffee.png" }).click();
    await expect(page.getByText("Choose photos")).toBeVisible();
  });
});

test("a photo that failed says why, and can be tried again", async ({ page, photos }) => {
  await photos.choose(golden("hostile/text.jpg"), sample("coffee.png"));
  await photos.settled(2);
  await openPhoto(page, "1");
  const stage = page.getByRole("region", { name: "The photo and what" });
  await expect(stage).toContainText("not a photo");
  await expect(page.getByRole("application")).toHaveCount(0);
  // Once, beside every panel.
  await page.getByRole("link", { name: "Compare" }).click();
  await expect(page.locator(".photo-page").getByText("not a photo")).toHaveCount(1);
  await stage.getByRole("button", { name: "Try again" }).click();
  await expect(title(page)).toBeFocused();
  await expect(stage).toContainText("not a photo");
  await expect(row(page).getByRole("link", { name: "text.jpg, failed" })).toBeVisible();
});

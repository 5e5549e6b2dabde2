// A new build of the page is offered, and taken with the photos that are on it.
import { type Page } from "@playwright/test";
import { banner, build, buildAnew, EXPECTED, keeps, leftOver, test } from "./standalone.ts";
import { expect, openPhoto, Photos, sample } from "./support.ts";

test.use({ serviceWorkers: "allow", expectedErrors: EXPECTED });
test.skip(({ viewport }) => viewport!.width > 1000, "it is the same on a desktop");

const SAMPLES = ["chelsea.png", "coffee.png", "rocket.jpg"];

/** The page looks at once what the server has. */
const look = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")));

test.describe("a new build of the page", () => {
  const reload = (page: Page) => banner(page).getByRole("button", { name: "Reload the page" }).click();

  test("is offered, and taken with all photos", async ({ page, app, folder }) => {
    await page.goto(app.url);
    const photos = new Photos(page);
    await photos.choose(...SAMPLES.map(sample));
    await photos.settled(3);
    await page.getByRole("button", { name: "Remove: chelsea.png" }).click();
    await photos.settled(2);
    await keeps(page, (await build(page))!);
    await openPhoto(page, "3");
    await page.getByRole("application", { name: "The square that the model sees" }).focus();
    for (const key of ["+", "+", "ArrowRight"]) await page.keyboard.press(key);
    await expect(page.locator(".stage-note")).not.toContainText("the square in the middle");
    const square = (await page.locator(".stage-note").textContent())!;
    await expect(banner(page)).toBeEmpty();

    buildAnew(folder);
    await look(page);
    await expect(banner(page)).toContainText("The server has a newer build of this page");
    await banner(page).getByRole("button", { name: "Not now" }).click();
    await expect(banner(page)).toBeEmpty();

    // The next one is offered all the same. A server that is gone when it is wanted leaves the page as it is.
    const after = buildAnew(folder, "fedcba9876543210");
    await look(page);
    await expect(banner(page)).toContainText("newer build");
    await app.stop();
    await reload(page);
    await expect(banner(page)).toContainText("The server does not answer");
    await expect(page.locator("#photo-title")).toHaveText("rocket.jpg");
    await app.start();
    await expect(banner(page)).toContainText("newer build", { timeout: 25_000 });

    await reload(page);
    await expect(page.locator("meta[name=conch-build]")).toHaveAttribute("content", after);
    await expect(page.locator("#photo-title")).toHaveText("rocket.jpg");
    await expect(page.locator(".stage-note")).toHaveText(square);
    await expect(banner(page)).toBeEmpty();
    expect(new URL(page.url()).search).toBe("?photo=2");
    expect(await leftOver(page)).toBe(0);
    await page.keyboard.press("g");
    await photos.settled(2);
    await expect(photos.cards.first()).toHaveAccessibleName("coffee.png");
    await expect(photos.cards.last()).toHaveAccessibleName("rocket.jpg");

    await keeps(page, after);
    await app.stop();
    await page.reload();
    await expect(page.locator("meta[name=conch-build]")).toHaveAttribute("content", after);
    await expect(banner(page)).toContainText("The server does not answer");
  });

  test("where the photos cannot be kept, that is said before any is lost", async ({ page, app, folder }) => {
    // A browser without room says so when all is written.
    await page.addInitScript(() => {
      IDBObjectStore.prototype.put = function () {
        this.transaction.abort();
        return {} as IDBRequest<IDBValidKey>;
      };
    });
    await page.goto(app.url);
    const photos = new Photos(page);
    await photos.choose(sample("coffee.png"));
    await photos.settled(1);
    const after = buildAnew(folder);
    await look(page);
    await reload(page);
    await expect(banner(page)).toContainText("cannot keep the photos");
    await photos.settled(1);
    await banner(page).getByRole("button", { name: "Not now" }).click();
    await expect(banner(page)).toBeEmpty();

    buildAnew(folder, "fedcba9876543210");
    await look(page);
    await reload(page);
    await banner(page).getByRole("button", { name: "Reload without the photos" }).click();
    await expect(page.locator("meta[name=conch-build]")).not.toHaveAttribute("content", after);
    await expect(photos.cards).toHaveCount(0);
  });

  test("what nobody took for ten minutes is deleted, not shown", async ({ page, app }) => {
    await page.goto(app.url);
    await expect(page.getByText("Choose photos")).toBeVisible();
    const key = await page.evaluate(async () => {
      const { now } = Date;
      Date.now = () => now() - 11 * 60_000;
      const keep = (window as unknown as { conchKeep: { put: (it: unknown) => Promise<string> } }).conchKeep;
      return keep.put({ photos: [{ name: "old.png", file: new Blob(["old"]) }] });
    });
    expect(await leftOver(page)).toBe(1);
    await page.goto(`${app.url}/?kept=${key}`);
    await expect(page.locator(".notices")).toContainText("ten minutes at most");
    expect(page.url()).toBe(`${app.url}/`);
    expect(await leftOver(page)).toBe(0);
    await expect(page.locator("article")).toHaveCount(0);
  });
});

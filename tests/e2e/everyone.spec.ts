// Help, keys, settings, versions.
import type { Page } from "@playwright/test";
import { expect, sample, test } from "./support.ts";

const help = (page: Page) => page.getByRole("dialog", { name: "Help" });
const theme = (page: Page) => page.evaluate(() => document.documentElement.dataset.theme);
const scheme = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);

test.describe("the help sheet", () => {
  test("opens by its button, takes the focus, and gives it back", async ({ page, photos: _ }) => {
    const button = page.getByRole("button", { name: "Help" });
    await button.click();
    await expect(help(page)).toBeVisible();
    await expect(page.getByRole("heading", { name: "Help", exact: true })).toBeFocused();
    await expect(page).toHaveTitle("Help – Conch");
    await page.keyboard.press("Escape");
    await expect(help(page)).toBeHidden();
    await expect(button).toBeFocused();

    await page.keyboard.press("Enter");
    await help(page).getByRole("button", { name: "Close" }).click();
    await expect(help(page)).toBeHidden();
    await expect(button).toBeFocused();
  });

  test("closes by a press beside it, not by one that only ends there", async ({ page, photos: _ }) => {
    await page.keyboard.press("?");
    const text = help(page).getByText("a model server answers");
    await text.hover();
    await page.mouse.down();
    await page.mouse.move(5, 5);
    await page.mouse.up();
    await expect(help(page)).toBeVisible();
    await page.mouse.click(5, 5);
    await expect(help(page)).toBeHidden();
  });

  test("is a place: Back closes it, and closing it leaves no entry", async ({ page, photos: _ }) => {
    const entries = () => page.evaluate(() => history.length);
    await page.keyboard.press("?");
    await expect(page).toHaveURL(/\?sheet=help$/);
    const opened = await entries();
    await page.goBack();
    await expect(help(page)).toBeHidden();

    await page.keyboard.press("?");
    await page.keyboard.press("Escape");
    await expect(help(page)).toBeHidden();
    await expect(page).toHaveURL(/\/$/);
    await page.keyboard.press("?");
    await expect(help(page)).toBeVisible();
    expect(await entries()).toBe(opened);
  });

  test("opened by a link, it closes to the page under it", async ({ page, conch }) => {
    await page.goto(`${conch.url}/?sheet=help`);
    await expect(help(page)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(help(page)).toBeHidden();
    await expect(page).toHaveURL(/\/$/);
    await expect(page.getByText("Choose photos")).toBeVisible();
  });

  test("what lies under it does not scroll", async ({ page, photos: _ }) => {
    await page.setViewportSize({ width: 360, height: 400 });
    await page.keyboard.press("?");
    await help(page).hover();
    await page.mouse.wheel(0, 20_000);
    await expect(help(page).getByText("This page is of Conch")).toBeInViewport();
    await page.mouse.wheel(0, 20_000);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test("says both versions and leads to the laboratory", async ({ page, photos: _ }) => {
    const status = await (await page.request.get(new URL("/api/status", page.url()).href)).json();
    await page.keyboard.press("?");
    await expect(help(page)).toContainText(`the server is Conch ${status.version}, with ${status.backend.engine}`);
    const laboratory = help(page).getByRole("link", { name: "The laboratory, step by step (opens a new tab)" });
    const address = new URL((await laboratory.getAttribute("href"))!, page.url()).href;
    expect((await page.request.get(address)).status()).toBe(200);
  });
});

test.describe("settings", () => {
  test("the theme is applied at once, kept, and there before the first paint", async ({ page, photos: _ }) => {
    await page.keyboard.press("?");
    await help(page).getByLabel("Dark").check();
    expect(await theme(page)).toBe("dark");
    expect(await scheme(page)).toBe("dark");
    const tints = page.locator("meta[name=theme-color]:is([media=all])");
    await expect(tints).toHaveAttribute("content", "#10171b");

    // No script of the page's own runs: what boot.js did is all there is.
    await page.route("**/start-*.js", (route) => route.abort());
    await page.reload({ waitUntil: "commit" });
    await expect(page.locator("#before-text")).toBeAttached();
    expect(await theme(page)).toBe("dark");
    await page.unroute("**/start-*.js");
    await page.reload();

    await help(page).getByLabel("As the system").check();
    expect(await scheme(page)).toBe("light dark");
    await expect(tints).toHaveCount(0);
  });

  test.use({ expectedErrors: /^Failed to load resource/ });

  test("where the browser keeps nothing, the page still does as it is told", async ({ page, conch }) => {
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("The operation is insecure.", "SecurityError");
      };
      Object.defineProperty(window, "localStorage", { get: refuse });
    });
    await page.goto(conch.url);
    await expect(page.getByText("Choose photos")).toBeVisible();
    await page.keyboard.press("?");
    await help(page).getByLabel("Dark").check();
    expect(await scheme(page)).toBe("dark");
  });

  test("another tab hears of them", async ({ page, photos: _ }) => {
    const other = await page.context().newPage();
    await other.goto(page.url());
    await expect(other.getByText("Choose photos")).toBeVisible();
    await other.keyboard.press("?");
    await help(other).getByLabel("Dark").check();
    await expect.poll(() => theme(page)).toBe("dark");
    await other.close();
  });
});

test.describe("keys", () => {
  test("lead where the help says", async ({ page, photos }) => {
    await page.keyboard.press("?");
    for (const key of ["?", "A", "G", "1", "M", "T", "U", "Esc"]) {
      await expect(help(page).getByText(key, { exact: true })).toBeVisible();
    }
    await page.keyboard.press("Escape");
    await expect(help(page)).toBeHidden();

    await page.keyboard.press("m");
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();

    const before = await theme(page);
    await page.keyboard.press("t");
    expect(await theme(page)).toBe(before === "dark" ? "light" : "dark");
    await expect(page.getByRole("status")).toHaveText("Colours: Dark.");

    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("a");
    await (await chooser).setFiles(sample("coffee.png"));
    await photos.settled(1);
  });

  test("move in the large view, and add photos from there", async ({ page, conch }) => {
    await page.goto(`${conch.url}/?photo=coffee.png`);
    await expect(page.locator("#photo-title")).toBeVisible();
    const current = page.locator(".tab[aria-current=page]");
    for (const [key, tab] of [["2", "Compare"], ["3", "Why?"], ["4", "Inside"], ["1", "Answer"]] as const) {
      await page.keyboard.press(key);
      await expect(current).toHaveText(tab);
    }
    const chooser = page.waitForEvent("filechooser");
    await page.keyboard.press("a");
    await (await chooser).setFiles(sample("rocket.jpg"));
    await expect(page.locator("article[data-state=done]")).toHaveCount(2);
    await page.goBack();
    await expect(page.locator("#photo-title")).toHaveText("coffee.png");
    await page.keyboard.press("g");
    await expect(page).toHaveURL(/\/$/);
  });

  test("are silent with modifiers, in a dialog, and when turned off", async ({ page, photos: _ }) => {
    await page.keyboard.press("Control+m");
    await page.keyboard.press("Alt+t");
    await page.keyboard.press("Shift+t");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    expect(await theme(page)).toBe("system");

    await page.keyboard.press("?");
    await page.keyboard.press("t");
    await page.keyboard.press("m");
    await expect(help(page)).toBeVisible();
    expect(await theme(page)).toBe("system");

    await help(page).getByLabel("Use single keys as shortcuts").uncheck();
    await page.keyboard.press("Escape");
    await expect(help(page)).toBeHidden();
    await page.keyboard.press("t");
    await page.keyboard.press("?");
    await expect(help(page)).toBeHidden();
    expect(await theme(page)).toBe("system");
  });

  test("are silent where one writes", async ({ page, photos: _ }) => {
    await page.evaluate(() => document.querySelector("main")!.append(document.createElement("input")));
    await page.locator("main > input").focus();
    await page.keyboard.type("?mat");
    await expect(page.locator("main > input")).toHaveValue("?mat");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    expect(await theme(page)).toBe("system");
  });
});

test.describe("versions", () => {
  for (const version of ["0.0.1", "9.0.0"]) {
    test(`a server of ${version} is noticed, and a reload is offered`, async ({ page, conch }) => {
      const status = await (await page.request.get(`${conch.url}/api/status`)).json();
      await page.route("**/api/status", (route) => route.fulfill({ json: { ...status, version } }));
      await page.goto(conch.url);
      const banner = page.getByRole("alert");
      await expect(banner).toContainText(`This page is of Conch ${status.version}, but the server is Conch ${version}`);
      const reloaded = page.waitForEvent("load");
      await banner.getByRole("button", { name: "Reload the page" }).click();
      await reloaded;
      await banner.getByRole("button", { name: "Not now" }).click();
      await expect(banner).toBeEmpty();
    });
  }

  test("a server that is updated under the page is noticed", async ({ page, photos: _ }) => {
    const status = await (await page.request.get(new URL("/api/status", page.url()).href)).json();
    await page.route("**/api/status", (route) =>
      route.fulfill({ json: { ...status, version: "9.0.0" } }),
    );
    await page.evaluate(() => dispatchEvent(new Event("online"))); // the page looks at once
    await expect(page.getByRole("alert")).toContainText("the server is Conch 9.0.0");
  });

  test.describe("the files of an old page are gone", () => {
    test.use({ expectedErrors: /^Failed to load resource/ });

    test("the photo says what to do, and the banner why", async ({ page, conch }) => {
      const status = await (await page.request.get(`${conch.url}/api/status`)).json();
      await page.route("**/worker-*", (route) => route.fulfill({ status: 404 }));
      await page.route("**/api/status", (route) =>
        route.fulfill({ json: { ...status, version: "9.0.0" } }),
      );
      await page.goto(conch.url);
      await page.locator("input[type=file]").setInputFiles(sample("coffee.png"));
      const card = page.getByRole("article", { name: "coffee.png" });
      await expect(card).toContainText("Reload the page to try once more");
      await expect(page.getByRole("alert")).toContainText("Reload the page to have the server’s own");
    });
  });
});

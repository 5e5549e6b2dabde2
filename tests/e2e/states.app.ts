// The states of the page as an app: newer builds, and the offer to install it.
import { expect } from "./support.ts";
import { gallery, open, SAMPLES, status, type State } from "./ways.ts";

export const APP_STATES: State[] = [
  {
    name: "new-page",
    arrange: async (page, url) => {
      await status(page, url, { page: "0123456789abcdef" });
      await gallery(page, url, ...SAMPLES);
      await page.evaluate(() => scrollTo(0, 0));
      await expect(page.getByRole("alert")).toContainText("newer build");
    },
  },
  {
    name: "not-kept",
    arrange: async (page, url) => {
      await page.addInitScript(() => Object.defineProperty(window, "indexedDB", { value: undefined }));
      await status(page, url, { page: "0123456789abcdef" });
      await gallery(page, url, ...SAMPLES);
      await page.evaluate(() => scrollTo(0, 0));
      await page.getByRole("button", { name: "Reload the page" }).click();
      await expect(page.getByRole("alert")).toContainText("cannot keep the photos");
    },
  },
  {
    name: "install",
    arrange: async (page, url) => {
      await open(page, url, "?sheet=help");
      await page.evaluate(() => dispatchEvent(new Event("beforeinstallprompt")));
      const title = page.getByRole("dialog").getByRole("heading", { name: "As an app" });
      await title.evaluate((it) => {
        it.closest("dialog")!.scrollTop = (it as HTMLElement).offsetTop - 90;
      });
    },
  },
];

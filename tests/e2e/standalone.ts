// What the tests of the page as an app share: a copy of the built page with a server of its own, and what
// the browser keeps of it.
import { type Page } from "@playwright/test";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conch, expect, ROOT, test as base } from "./support.ts";

export const test = base.extend<{ folder: string; app: Conch }>({
  /** A copy of the built page, to be changed. */
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "conch-page-"));
    cpSync(join(ROOT, "frontend/dist"), folder, { recursive: true });
    await use(folder);
    rmSync(folder, { recursive: true });
  },
  /** The server of that page. */
  app: async ({ folder }, use) => {
    const app = await new Conch(["--page-dir", folder]).start();
    await use(app);
    await app.stop();
  },
});

/** What the browser itself reports where the server is away, or a file is broken. */
export const EXPECTED = /^Failed to (load resource|fetch)|Network error|WebAssembly/;

const buildOf = (html: string) => /name="conch-build" content="(\w+)"/.exec(html)![1]!;
export const build = (page: Page) => page.locator("meta[name=conch-build]").getAttribute("content");
export const banner = (page: Page) => page.getByRole("alert");
export const cacheNames = (page: Page) => page.evaluate(() => caches.keys());

/** Makes another build of the page in a folder, as the build itself would: a file has another content and
 * thus another name, and page and service worker know of it. */
export function buildAnew(folder: string, after = "0123456789abcdef"): string {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const [style] = /style-[0-9a-f]+\.css/.exec(html)!;
  const before = buildOf(html);
  const change = (name: string) => {
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), text.replaceAll(style, `style-${after}.css`).replaceAll(before, after));
    for (const copy of ["br", "gz"]) rmSync(join(folder, `${name}.${copy}`), { force: true });
  };
  renameSync(join(folder, style), join(folder, `style-${after}.css`));
  change("index.html");
  change("sw.js");
  return after;
}

/** Waits until the service worker has all files of a build, and those of no other. */
export async function keeps(page: Page, build: string): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await expect.poll(() => cacheNames(page)).toEqual([`conch-${build}`]);
}

/** How many things are kept for another page. */
export const leftOver = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === "conch")) return 0;
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open("conch");
      request.onsuccess = () => done(request.result);
    });
    const count = await new Promise<number>((done) => {
      const request = database.transaction("kept").objectStore("kept").count();
      request.onsuccess = () => done(request.result);
    });
    database.close();
    return count;
  });

// How the page is brought into its states: the ways that several of them share.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { addTwin, expect, sample } from "./support.ts";

export type State = {
  /** Its name, and its picture's. */
  name: string;
  /** Brings a fresh page into it; `url` is the server's. */
  arrange: (page: Page, url: string) => Promise<void>;
};

export const NAMES = ["chelsea.png", "coffee.png", "rocket.jpg"];
export const SAMPLES = NAMES.map(sample);

const started = (page: Page) => expect(page.locator("#main")).toBeVisible();

export async function open(page: Page, url: string, query = ""): Promise<void> {
  await page.goto(`${url}/${query}`);
  await started(page);
}

type File = { name: string; mimeType: string; buffer: Buffer };

export async function choose(page: Page, ...files: string[] | File[]): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles(files as string[]);
}

/** So many photos, of which no two are the same file: a byte more at the end. */
export const different = (count: number): File[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `${at + 1}-${NAMES[at % NAMES.length]}`,
    mimeType: "image/*",
    buffer: Buffer.concat([readFileSync(SAMPLES[at % NAMES.length]!), Buffer.from([at])]),
  }));

export const cards = (page: Page, state: string) => page.locator(`article[data-state=${state}]`);

export async function settled(page: Page, count: number): Promise<void> {
  await expect(page.locator("article:is([data-state=done], [data-state=failed])")).toHaveCount(count);
}

export async function gallery(page: Page, url: string, ...files: string[] | File[]): Promise<void> {
  await open(page, url);
  await choose(page, ...files);
  await settled(page, files.length);
}

/** The large view of a sample photo, answered; on a phone scrolled to the panel. */
export async function large(page: Page, url: string, query: string): Promise<void> {
  await open(page, url, `?photo=coffee.png${query}`);
  await expect(cards(page, "done").first()).toBeVisible();
  if (query) await toPanel(page);
}

export async function toPanel(page: Page): Promise<void> {
  if (page.viewportSize()!.width < 704) {
    await page.locator(".tabs-place").evaluate((tabs) => tabs.scrollIntoView());
  }
}

/** Answers come when the page is gone. */
export const hold = (page: Page) => page.route("**/classify*", () => {});

export async function status(page: Page, url: string, change: object): Promise<void> {
  const status = await (await page.request.get(`${url}/api/status`)).json();
  await page.route("**/api/status", (route) => route.fulfill({ json: { ...status, ...change } }));
}

/** Two models side by side; `twin` arranges how the second answers. */
export async function beside(page: Page, url: string, twin: () => Promise<unknown>): Promise<void> {
  await open(page, url);
  await addTwin(page);
  await twin();
  await open(page, url, "?photo=coffee.png&panel=compare");
}

/** The occlusion map, begun; only the first so many of its requests are answered. */
export async function begin(page: Page, url: string, answers: number): Promise<void> {
  let asked = 0;
  await page.route("**/classify?class=*", async (route) => {
    if (++asked <= answers) await route.continue();
  });
  await large(page, url, "&panel=why");
  await page.getByRole("button", { name: "Show which parts matter" }).click();
}

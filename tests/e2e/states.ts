// Every state of the page that somebody may meet, and how it comes about. One table for who looks:
// `access.spec.ts` with axe and a ruler, `states.pictures.ts` with a camera.
import type { Page } from "@playwright/test";
import { CAMERA_STATES } from "./states.camera.ts";
import { expect, golden, sample } from "./support.ts";

export type State = {
  /** Its name, and its picture's. */
  name: string;
  /** Brings a fresh page into it; `url` is the server's. */
  arrange: (page: Page, url: string) => Promise<void>;
};

const SAMPLES = ["chelsea.png", "coffee.png", "rocket.jpg"].map(sample);

/** What the browser itself reports where a state lets requests fail. */
export const EXPECTED = /^Failed to (load resource|fetch)|Network error|WebAssembly is not defined/;

const started = (page: Page) => expect(page.locator("#main")).toBeVisible();

async function open(page: Page, url: string, query = ""): Promise<void> {
  await page.goto(`${url}/${query}`);
  await started(page);
}

async function choose(page: Page, ...files: string[]): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles(files);
}

const cards = (page: Page, state: string) => page.locator(`article[data-state=${state}]`);

async function gallery(page: Page, url: string, ...files: string[]): Promise<void> {
  await open(page, url);
  await choose(page, ...files);
  await expect(page.locator("article:is([data-state=done], [data-state=failed])")).toHaveCount(
    files.length,
  );
}

/** The large view of a sample photo, answered; on a phone scrolled to the panel. */
async function large(page: Page, url: string, query: string): Promise<void> {
  await open(page, url, `?photo=coffee.png${query}`);
  await expect(cards(page, "done").first()).toBeVisible();
  if (query) await toPanel(page);
}

async function toPanel(page: Page): Promise<void> {
  if (page.viewportSize()!.width < 704) {
    await page.locator(".tabs-place").evaluate((tabs) => tabs.scrollIntoView());
  }
}

/** Answers come when the page is gone. */
const hold = (page: Page) => page.route("**/classify*", () => {});

async function status(page: Page, url: string, change: object): Promise<void> {
  const status = await (await page.request.get(`${url}/api/status`)).json();
  await page.route("**/api/status", (route) => route.fulfill({ json: { ...status, ...change } }));
}

const inside = (step: string): State => ({
  name: `inside-${step}`,
  arrange: (page, url) => large(page, url, `&panel=inside&step=${step}`),
});

export const STATES: State[] = [
  { name: "empty", arrange: (page, url) => open(page, url) },
  {
    name: "dragging",
    arrange: async (page, url) => {
      await open(page, url);
      await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "x.png"));
        const options = { bubbles: true, cancelable: true, dataTransfer: data };
        document.body.dispatchEvent(new DragEvent("dragenter", options));
      });
      await expect(page.locator(".drop-veil")).toBeVisible();
    },
  },
  {
    name: "starting",
    arrange: async (page, url) => {
      await page.route("**/start-*.js", () => {});
      await page.goto(url, { waitUntil: "commit" });
      await expect(page.locator("#before-text")).toContainText("Conch is starting");
    },
  },
  {
    name: "cannot-start",
    arrange: async (page, url) => {
      await page.addInitScript(() => Reflect.deleteProperty(window, "WebAssembly"));
      await page.goto(url);
      await expect(page.locator("#before-text")).toContainText("could not start");
    },
  },
  {
    name: "waiting",
    arrange: async (page, url) => {
      await hold(page);
      await open(page, url);
      await choose(page, ...SAMPLES);
      await expect(cards(page, "asking")).toHaveCount(2);
    },
  },
  {
    name: "slow",
    arrange: async (page, url) => {
      await page.clock.install();
      await hold(page);
      await open(page, url);
      await choose(page, ...SAMPLES);
      await expect(cards(page, "asking")).toHaveCount(2);
      await page.clock.fastForward(6_000);
      await expect(page.getByText("The server takes longer than usual").first()).toBeVisible();
    },
  },
  { name: "gallery", arrange: (page, url) => gallery(page, url, ...SAMPLES) },
  {
    name: "failed",
    arrange: (page, url) =>
      gallery(page, url, sample("coffee.png"), golden("hostile/text.jpg"), golden("hostile/wild_size.png")),
  },
  {
    name: "away",
    arrange: async (page, url) => {
      await gallery(page, url, sample("coffee.png"));
      await page.route("**/api/**", (route) => route.abort());
      await choose(page, sample("rocket.jpg"));
      await expect(page.getByRole("alert")).toContainText("does not answer");
    },
  },
  {
    name: "offline",
    arrange: async (page, url) => {
      await open(page, url);
      await page.context().setOffline(true);
      await expect(page.getByRole("alert")).toContainText("offline");
    },
  },
  {
    name: "other-version",
    arrange: async (page, url) => {
      await status(page, url, { version: "9.0.0" });
      await open(page, url);
      await expect(page.getByRole("alert")).toContainText("9.0.0");
    },
  },
  {
    name: "no-model",
    arrange: async (page, url) => {
      const reason = "1/mobilenetv2.onnx is missing";
      const model = { name: "mobilenet", state: "unavailable", reason, versions: [] };
      await page.route("**/api/models", (route) =>
        route.fulfill({ json: { default: null, models: [model] } }),
      );
      await open(page, url);
      await expect(page.getByRole("alert")).toContainText(reason);
    },
  },
  {
    name: "help",
    arrange: async (page, url) => {
      await open(page, url, "?sheet=help");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "settings",
    arrange: async (page, url) => {
      await open(page, url, "?sheet=help");
      const settings = page.getByRole("dialog").getByRole("heading", { name: "Settings" });
      await settings.evaluate((it) => {
        it.closest("dialog")!.scrollTop = (it as HTMLElement).offsetTop - 90;
      });
    },
  },
  {
    name: "models",
    arrange: async (page, url) => {
      await open(page, url, "?sheet=models");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  { name: "answer", arrange: (page, url) => large(page, url, "") },
  {
    name: "answer-panel",
    arrange: async (page, url) => {
      await large(page, url, "");
      await toPanel(page);
    },
  },
  {
    name: "answer-waiting",
    arrange: async (page, url) => {
      await hold(page);
      await open(page, url, "?photo=coffee.png");
      await expect(cards(page, "asking").first()).toBeVisible();
    },
  },
  { name: "compare", arrange: (page, url) => large(page, url, "&panel=compare") },
  { name: "why", arrange: (page, url) => large(page, url, "&panel=why") },
  ...[
    "photo",
    "resized",
    "cropped",
    "channels",
    "tensor",
    "request",
    "response",
    "logits",
    "softmax",
    "labels",
    "config",
  ].map(inside),
  ...CAMERA_STATES,
];

// Every state of the page that somebody may meet, and how it comes about. One table for who looks:
// `access.spec.ts` with axe and a ruler, `states.pictures.ts` with a camera.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { CAMERA_STATES } from "./states.camera.ts";
import { addTwin, expect, golden, letTwinDiffer, openPhoto, refusal, sample } from "./support.ts";

export type State = {
  /** Its name, and its picture's. */
  name: string;
  /** Brings a fresh page into it; `url` is the server's. */
  arrange: (page: Page, url: string) => Promise<void>;
};

const NAMES = ["chelsea.png", "coffee.png", "rocket.jpg"];
const SAMPLES = NAMES.map(sample);

/** What the browser itself reports where a state lets requests fail. */
export const EXPECTED = /^Failed to (load resource|fetch)|Network error|WebAssembly is not defined/;

const started = (page: Page) => expect(page.locator("#main")).toBeVisible();

async function open(page: Page, url: string, query = ""): Promise<void> {
  await page.goto(`${url}/${query}`);
  await started(page);
}

type File = { name: string; mimeType: string; buffer: Buffer };

async function choose(page: Page, ...files: string[] | File[]): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles(files as string[]);
}

/** So many photos, of which no two are the same file: a byte more at the end. */
const different = (count: number): File[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `${at + 1}-${NAMES[at % NAMES.length]}`,
    mimeType: "image/*",
    buffer: Buffer.concat([readFileSync(SAMPLES[at % NAMES.length]!), Buffer.from([at])]),
  }));

const cards = (page: Page, state: string) => page.locator(`article[data-state=${state}]`);

async function settled(page: Page, count: number): Promise<void> {
  await expect(page.locator("article:is([data-state=done], [data-state=failed])")).toHaveCount(count);
}

async function gallery(page: Page, url: string, ...files: string[] | File[]): Promise<void> {
  await open(page, url);
  await choose(page, ...files);
  await settled(page, files.length);
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

/** Two models side by side; `twin` arranges how the second answers. */
async function beside(page: Page, url: string, twin: () => Promise<unknown>): Promise<void> {
  await open(page, url);
  await addTwin(page);
  await twin();
  await open(page, url, "?photo=coffee.png&panel=compare");
}

/** The occlusion map, begun; only the first so many of its requests are answered. */
async function begin(page: Page, url: string, answers: number): Promise<void> {
  let asked = 0;
  await page.route("**/classify?class=*", async (route) => {
    if (++asked <= answers) await route.continue();
  });
  await large(page, url, "&panel=why");
  await page.getByRole("button", { name: "Show which parts matter" }).click();
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
    name: "copies",
    arrange: async (page, url) => {
      await gallery(page, url, ...SAMPLES);
      // Twice at once would be once: the chooser has each file once.
      await choose(page, sample("coffee.png"));
      await settled(page, 4);
      await page.getByRole("button", { name: "Remove: rocket.jpg" }).click();
      await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
      await expect(page.getByRole("button", { name: "Remove the copies" })).toBeVisible();
    },
  },
  { name: "contact-sheet", arrange: (page, url) => gallery(page, url, ...different(12)) },
  {
    name: "export",
    arrange: async (page, url) => {
      await gallery(page, url, ...SAMPLES);
      await page.getByRole("button", { name: "Export" }).click();
      await expect(page.getByRole("button", { name: "Save JSON" })).toBeVisible();
    },
  },
  {
    name: "link",
    arrange: async (page, url) => {
      await open(page, url);
      await page.getByRole("button", { name: "Add from a link" }).click();
      await page.getByLabel("Address of the picture").fill("my picture");
      await page.keyboard.press("Enter");
      await expect(page.getByText("This is no address of a picture.")).toBeVisible();
    },
  },
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
    name: "lost-model",
    arrange: async (page, url) => {
      await open(page, url, "?model=resnet");
      await choose(page, ...SAMPLES);
      await settled(page, 3);
      await expect(page.getByRole("button", { name: "Keep EfficientNet-Lite0" })).toBeVisible();
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
  {
    name: "answer-failed",
    arrange: async (page, url) => {
      await gallery(page, url, golden("hostile/text.jpg"));
      await openPhoto(page, "1");
      await expect(page.locator(".photo-page").getByText("not a photo").first()).toBeVisible();
    },
  },
  {
    name: "square",
    arrange: async (page, url) => {
      await large(page, url, "");
      await page.getByRole("application", { name: "The square that the model sees" }).focus();
      for (const key of ["+", "+", "+", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
      await expect(page.locator(".stage-note")).not.toContainText("the square in the middle");
      await expect(page.locator(".stage")).not.toHaveAttribute("aria-busy");
    },
  },
  { name: "compare", arrange: (page, url) => large(page, url, "&panel=compare") },
  {
    name: "compare-two",
    arrange: async (page, url) => {
      await beside(page, url, () => letTwinDiffer(page));
      await expect(page.getByText(/^They disagree/)).toBeVisible();
      await toPanel(page);
    },
  },
  {
    name: "compare-failed",
    arrange: async (page, url) => {
      const failed = refusal(500, "failed", "the model gave no numbers");
      await beside(page, url, () =>
        page.route("**/twin/classify*", (route) => route.fulfill(failed)),
      );
      await expect(page.locator(".compare .failure")).toContainText("The model gave no numbers.");
      await toPanel(page);
    },
  },
  { name: "why", arrange: (page, url) => large(page, url, "&panel=why") },
  {
    name: "why-running",
    arrange: async (page, url) => {
      await begin(page, url, 12);
      await expect(page.getByText("12 of 49 patches")).toBeVisible();
    },
  },
  {
    name: "why-done",
    arrange: async (page, url) => {
      await begin(page, url, Infinity);
      await expect(page.getByRole("button", { name: "Look closer" })).toBeVisible({ timeout: 45_000 });
    },
  },
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

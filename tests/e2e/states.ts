// Every state of the page that somebody may meet, and how it comes about. One table for who looks:
// `access.spec.ts` with axe and a ruler, `states.pictures.ts` with a camera.
import { APP_STATES } from "./states.app.ts";
import { CAMERA_STATES } from "./states.camera.ts";
import { expect, golden, letTwinDiffer, openPhoto, refusal, sample } from "./support.ts";
import {
  SAMPLES, open, choose, different, cards, settled, gallery, large, toPanel, hold, status, beside, begin, type State,
} from "./ways.ts";

/** What the browser itself reports where a state lets requests fail. */
export const EXPECTED = /^Failed to (load resource|fetch)|Network error|WebAssembly is not defined/;

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
  ...APP_STATES,
  ...CAMERA_STATES,
];

// Every trouble with a camera has its message, a way on, and a way around; whatever happens, the
// camera is off once its sheet is left.
import type { Page } from "@playwright/test";
import { expectOff, scriptCamera, setScript, type Script } from "./scripted-camera.ts";
import { Conch, expect, expectAccessible, sample, test } from "./support.ts";

const picture = (page: Page) => page.locator(".camera-picture:not(.is-off)");
const trouble = (page: Page, name: string) => page.locator(`[data-trouble=${name}]`);

async function openCamera(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Camera", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Camera" })).toBeVisible();
}

/** The message is there and nothing waits any more; the system's camera is offered. */
async function expectTrouble(page: Page, name: string, says: RegExp): Promise<void> {
  const note = trouble(page, name);
  await expect(note).toBeVisible();
  await expect(note.getByRole("alert")).toContainText(says);
  await expect(page.locator(".camera-opening")).toHaveCount(0);
  const system = note.locator("input[type=file]");
  await expect(system).toHaveAttribute("capture", "environment");
  await expect(system).toHaveAttribute("accept", "image/*");
}

/** Trying again helps once what was in the way is gone; leaving turns the camera off. */
async function expectWayOut(page: Page): Promise<void> {
  await setScript(page, { does: "show" });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(picture(page)).toBeVisible();
  expect(await page.evaluate(() => window.scripted.tracks.at(-1)!.readyState)).toBe("live");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectOff(page);
}

const refusals: [name: string, says: RegExp, script: Script & { does: "refuse" }, permission?: string][] = [
  ["denied", /blocked for this page.*click the sign left of the address/, { does: "refuse", name: "NotAllowedError", message: "Permission denied" }, "denied"],
  ["dismissed", /question was closed.*choose Allow/, { does: "refuse", name: "NotAllowedError", message: "Permission dismissed" }],
  ["by-system", /system keeps the camera.*privacy settings/, { does: "refuse", name: "NotAllowedError", message: "Permission denied by system" }],
  ["by-policy", /not allowed here.*looks after this device/, { does: "refuse", name: "SecurityError" }],
  ["no-camera", /no camera.*plug it in/, { does: "refuse", name: "NotFoundError" }],
  ["in-use", /in use.*another tab/, { does: "refuse", name: "NotReadableError" }],
  ["impossible", /cannot do what is asked/, { does: "refuse", name: "OverconstrainedError" }],
  ["aborted", /did not start.*restart the browser/, { does: "refuse", name: "AbortError" }],
  ["unknown", /does not work.*does not say why/, { does: "refuse", name: "OperationError" }],
];
for (const [name, says, script, permission] of refusals) {
  test(`${name}: ${script.name} ${script.message ?? ""}`, async ({ page, conch }) => {
    await scriptCamera(page, script, permission);
    await openCamera(page, conch.url);
    await expectTrouble(page, name, says);
    if (name === "denied") await expectAccessible(page, name);
    await expectWayOut(page);
  });
}

test("no camera that can do what is wished: any other is taken", async ({ page, conch }) => {
  await scriptCamera(page, { does: "refuse", name: "OverconstrainedError", times: 1 });
  await openCamera(page, conch.url);
  await expect(picture(page)).toBeVisible();
  const asked = await page.evaluate(() => window.scripted.asked);
  expect(asked).toMatchObject([{ video: { facingMode: { ideal: "environment" } } }, { video: true }]);
});

test("no-support: a browser without cameras for pages", async ({ page, conch }) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "mediaDevices"));
  await openCamera(page, conch.url);
  await expectTrouble(page, "no-support", /no camera for pages.*Open this page in/);
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
});

test("not-encrypted: plain HTTP says why, and the system's camera works", async ({ page }) => {
  // The server must know the name, and take what a page of it sends.
  const conch = await new Conch(["--host", "conch.test", "--cors-origin", "http://conch.test"]).start();
  // A name that is not this device's own: Chromium itself takes the camera away.
  await page.route("http://conch.test/**", async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: `${conch.url}${pathname}${search}` }) });
  });
  await openCamera(page, "http://conch.test/");
  expect(await page.evaluate(() => [isSecureContext, "mediaDevices" in navigator])).toEqual([false, false]);
  await expectTrouble(page, "not-encrypted", /plain HTTP.*only over an encrypted connection/);
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await page.locator("[data-trouble] input[type=file]").setInputFiles(sample("coffee.png"));
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("article", { name: "coffee.png" })).toHaveAttribute("data-state", "done");
  await conch.stop();
});

test("no-answer: a question without one is said after ten seconds, and its late answer is taken", async ({ page, conch }) => {
  await page.clock.install();
  await scriptCamera(page, { does: "nothing" });
  await openCamera(page, conch.url);
  await expect(page.locator(".camera-opening")).toContainText("please allow it");
  await page.clock.fastForward(9_000);
  await expect(page.locator(".camera-opening")).toBeVisible();
  await page.clock.fastForward(1_500);
  await expectTrouble(page, "no-answer", /Still waiting for your permission.*choose Allow/);
  await page.evaluate(() => window.scripted.answer());
  await expect(picture(page)).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await expectOff(page);
});

test("an answer that comes when the sheet is closed turns nothing on", async ({ page, conch }) => {
  await scriptCamera(page, { does: "nothing" });
  await openCamera(page, conch.url);
  await expect(page.locator(".camera-opening")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.evaluate(() => window.scripted.answer());
  expect(await page.evaluate(() => window.scripted.tracks.length)).toBe(1);
  await expectOff(page);
});

test("unplugged: a track that ends", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await expect(picture(page)).toBeVisible();
  await page.evaluate(() => {
    const [track] = window.scripted.tracks;
    track.stop();
    track.dispatchEvent(new Event("ended"));
  });
  await expectTrouble(page, "unplugged", /camera is gone.*Plug it in/);
  await expectWayOut(page);
});

test("lost: a track that is mute for three seconds, as after a phone woke up", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await expect(picture(page)).toBeVisible();
  const mute = (muted: boolean) =>
    page.evaluate((muted) => {
      const [track] = window.scripted.tracks;
      Object.defineProperty(track, "muted", { value: muted, configurable: true });
      track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
    }, muted);
  await mute(true);
  await mute(false);
  await page.waitForTimeout(3_500);
  await expect(picture(page)).toBeVisible();
  await mute(true);
  await expectTrouble(page, "lost", /sends nothing any more/);
  await expectOff(page);
  await expectWayOut(page);
});

test("no-picture: frames of 0 × 0 pixels for three seconds", async ({ page, conch }) => {
  await scriptCamera(page, { does: "no picture" });
  await openCamera(page, conch.url);
  await expectTrouble(page, "no-picture", /sends no picture/);
  await expectOff(page);
  await expectWayOut(page);
});

test("not-playing: a browser that plays nothing by itself", async ({ page, conch }) => {
  await page.addInitScript(() => {
    const { play } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.play = async () => {
      HTMLMediaElement.prototype.play = play;
      throw new DOMException("", "NotAllowedError");
    };
  });
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await expectTrouble(page, "not-playing", /holds the picture back/);
  await expectWayOut(page);
});

test("the camera is off while the page is hidden, and on again after", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await expect(picture(page)).toBeVisible();
  const look = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, state);
  await look("hidden");
  await expectOff(page);
  await look("visible");
  await expect(picture(page)).toBeVisible();
  expect(await page.evaluate(() => window.scripted.tracks.map((it) => it.readyState))).toEqual(["ended", "live"]);
});

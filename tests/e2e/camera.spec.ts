// The camera that works: photos that are never mirrored, labels that follow the scene, and nothing
// left on.
import type { Page } from "@playwright/test";
import { asked, becomes, countAsked } from "./asked.ts";
import { SECONDS, test as filmed } from "./fake-camera.ts";
import { CAMERAS, expectOff, scriptCamera } from "./scripted-camera.ts";
import { classify, expect, expectAccessible, listen, test as scripted } from "./support.ts";

/** Milliseconds in which the first label follows a new scene. */
const FOLLOWS = 2_000;

const picture = (page: Page) => page.locator(".camera-picture:not(.is-off)");
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true });
const first = (page: Page) => page.locator(".camera-label").first();
const shutter = (page: Page) => page.locator(".camera-shutter");

async function openCamera(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await button(page, "Camera").click();
  await expect(picture(page)).toBeVisible();
}

/** A device that has neither heat nor a battery to spare: a busy machine says that it is hot. */
const untroubled = (page: Page) =>
  page.addInitScript(() => {
    Reflect.deleteProperty(window, "PressureObserver");
    Reflect.deleteProperty(Navigator.prototype, "getBattery");
  });

scripted("photos are taken in a row, looked at before, and kept beside the others", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await expectAccessible(page, "photo");
  await shutter(page).click();
  await expect(shutter(page)).toHaveText("Keep");
  expect(await page.locator("video").evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
  await button(page, "Retake").click();
  await expect(shutter(page)).toHaveText("Take photo");
  // A tap on the picture does the same.
  await picture(page).click();
  await expect(shutter(page)).toHaveText("Keep");
  await picture(page).click();
  await expect(shutter(page)).toHaveText("Take photo");
  for (const count of [1, 2]) {
    await shutter(page).click();
    await shutter(page).click();
    await expect(page.locator(".camera-count")).toHaveText(String(count));
    await expect(page.getByRole("dialog").getByRole("status").last()).toHaveText(`Kept as camera-${count}.png.`);
  }
  await button(page, "Show the 2 photos that you kept").click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectOff(page);
  for (const name of ["camera-1.png", "camera-2.png"]) {
    await expect(page.getByRole("article", { name })).toHaveAttribute("data-state", "done");
  }
  const sizes = await page.locator("article img").evaluateAll((all) =>
    all.map((it) => [(it as HTMLImageElement).naturalWidth, (it as HTMLImageElement).naturalHeight]),
  );
  expect(sizes).toEqual([[640, 480], [640, 480]]);
});

scripted("Space releases the shutter and keeps; c opens and Back closes", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show" });
  await page.goto(conch.url);
  await expect(page.getByText("Choose photos")).toBeVisible();
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/\?sheet=camera$/);
  await expect(page).toHaveTitle("Camera – Conch");
  await expect(picture(page)).toBeVisible();
  await page.keyboard.press("Space");
  await expect(shutter(page)).toHaveText("Keep");
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect(page.locator(".camera-count")).toHaveText("1", { timeout: 500 });
  }).toPass();
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expectOff(page);
  await expect(page.getByRole("article", { name: "camera-1.png" })).toBeVisible();
});

scripted("a front camera is a mirror, and its photo is not", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show", facing: "user" });
  await openCamera(page, conch.url);
  const mirror = () => page.locator("video").evaluate((video) => getComputedStyle(video).transform);
  expect(await mirror()).toBe("matrix(-1, 0, 0, 1, 0, 0)");
  await shutter(page).click();
  await expect(async () => {
    await shutter(page).click();
    await expect(page.locator(".camera-kept img")).toBeVisible({ timeout: 500 });
  }).toPass();
  // Red on the left, as the camera gave it.
  const colours = await page.locator(".camera-kept img").evaluate(async (img: HTMLImageElement) => {
    await img.decode();
    const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
    const context = canvas.getContext("2d")!;
    context.drawImage(img, 0, 0);
    return [100, 540].map((x) => [...context.getImageData(x, 240, 1, 1).data.slice(0, 3)]);
  });
  expect(colours[0][0]).toBeGreaterThan(colours[0][2]);
  expect(colours[1][2]).toBeGreaterThan(colours[1][0]);
});

scripted("each camera has its turn, with its lamp and its zoom; the one before goes off", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show", torch: true, zoom: true });
  await openCamera(page, conch.url);
  const lamp = button(page, "Light");
  await lamp.click();
  await expect(lamp).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("slider", { name: "Zoom" }).fill("3");
  const wished = () => page.evaluate(() => window.scripted.wished);
  expect(await wished()).toEqual([{ advanced: [{ torch: true }] }, { advanced: [{ zoom: 3 }] }]);
  await button(page, `Switch camera, now ${CAMERAS[0]}`).click();
  await expect(button(page, `Switch camera, now ${CAMERAS[1]}`)).toBeVisible();
  await expect(picture(page)).toHaveClass(/is-mirror/);
  const asked = await page.evaluate(() => window.scripted.asked.at(-1));
  expect(asked).toMatchObject({ video: { deviceId: { exact: "1" } } });
  expect(await page.evaluate(() => window.scripted.tracks.map((it) => it.readyState))).toEqual(["ended", "live"]);
});

scripted("a phone that is turned changes the picture and its square", async ({ page, conch }) => {
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  const shape = async () => {
    const sides = await page.locator(".camera-picture, .camera-square").evaluateAll((all) =>
      all.map((it) => it.getBoundingClientRect()).map(({ width, height }) => width / height),
    );
    return sides.map((side) => side.toFixed(2));
  };
  await expect.poll(shape).toEqual(["1.33", "1.00"]);
  await page.evaluate(() => window.scripted.turn(480, 640));
  await expect.poll(shape).toEqual(["0.75", "1.00"]);
});

scripted.describe("a server that is away", () => {
  scripted.use({ expectedErrors: /Failed to load resource/ });

  scripted("live labels wait for a server that is away, and go on", async ({ page, ownConch }) => {
    await scriptCamera(page, { does: "show" });
    await openCamera(page, ownConch.url);
    await page.getByText("Live", { exact: true }).click();
    await expect(first(page)).not.toBeEmpty();
    await expectAccessible(page, "live");
    await ownConch.stop();
    const news = page.locator(".camera-news");
    await expect(news).toContainText("The server does not answer");
    await ownConch.start();
    await expect(news).toBeEmpty({ timeout: 30_000 });
    await expect(page.locator(".camera-speed")).toContainText("frames/s");
  });
});

/** So many pictures pass, in a video that plays. */
const pass = (page: Page, pictures: number) =>
  page.locator("video").evaluate(
    (video: HTMLVideoElement, pictures) =>
      new Promise<void>((done) => {
        const next = () => void (pictures-- ? video.requestVideoFrameCallback(next) : done());
        next();
      }),
    pictures,
  );

scripted("nothing is asked while the picture stands still, or Photo is chosen", async ({ page, conch }) => {
  await countAsked(page);
  await untroubled(page);
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await pass(page, 10);
  expect((await asked(page)).count).toBe(0);
  await page.getByText("Live", { exact: true }).click();
  const count = async () => (await asked(page)).count;
  await expect.poll(count).toBeGreaterThan(20);
  expect((await asked(page)).most).toBeLessThanOrEqual(2);
  await shutter(page).click();
  await expect(shutter(page)).toHaveText("Go on");
  await expect(page.locator(".camera-count")).toHaveText("1");
  // The kept photo has its own answer; what was under way is given up.
  await expect(page.locator("article[data-state=done]")).toHaveCount(1);
  const still = async () => {
    await expect.poll(async () => (await asked(page)).atOnce).toBe(0);
    const before = await count();
    await page.waitForTimeout(700);
    expect(await count()).toBe(before);
    return before;
  };
  const before = await still();
  await shutter(page).click();
  await expect.poll(count).toBeGreaterThan(before);
  await page.getByText("Photo", { exact: true }).click();
  await expect(page.locator(".camera-answer")).toHaveCount(0);
  await still();
});

scripted("a slow server is asked one at a time and has its rests; a busy one is waited for", async ({ page, conch }, { project }) => {
  scripted.skip(project.name === "desktop", "nothing of it depends on the screen");
  await countAsked(page);
  await untroubled(page);
  await scriptCamera(page, { does: "show" });
  await openCamera(page, conch.url);
  await becomes(page, { slower: 800 });
  await page.getByText("Live", { exact: true }).click();
  await expect(first(page)).not.toBeEmpty();
  await expect.poll(async () => (await asked(page)).count).toBeGreaterThan(3);
  const { at, most } = await asked(page);
  expect(most).toBe(1);
  // The time of the answer, and half of it again.
  for (const nth of at.keys()) if (nth > 1) expect(at[nth] - at[nth - 1]).toBeGreaterThan(1_150);
  await becomes(page, { slower: 0, refuse: 3 });
  const news = page.locator(".camera-news");
  await expect(news).toHaveText("The server has much to do. The labels go on in a moment.");
  await expect(news).toBeEmpty();
});

scripted("a camera of 1 frame a second is followed, and one whose size changes", async ({ page, conch }, { project }) => {
  scripted.skip(project.name === "desktop", "nothing of it depends on the screen");
  await countAsked(page);
  await untroubled(page);
  await scriptCamera(page, { does: "show", every: 1_000, photo: "/samples/coffee.png" });
  await openCamera(page, conch.url);
  await page.getByText("Live", { exact: true }).click();
  await expect(first(page)).toHaveText("espresso");
  await page.evaluate(() => window.scripted.look("/samples/rocket.jpg"));
  await expect(first(page)).toHaveText("missile");
  const { at } = await asked(page);
  // A picture is asked about once, but for the last one of a camera that takes longer still.
  const between = at.slice(2).map((it, nth) => it - at[nth + 1]);
  expect(Math.min(...between)).toBeGreaterThan(500);
  for (const [width, height] of [[480, 640], [1280, 720], [16, 9], [640, 480]]) {
    await page.evaluate(([width, height]) => window.scripted.turn(width, height), [width, height]);
    await expect.poll(() => page.locator("video").evaluate((it: HTMLVideoElement) => it.videoWidth)).toBe(width);
    const { count } = await asked(page);
    await expect.poll(async () => (await asked(page)).count).toBeGreaterThan(count + 1);
  }
  await expect(first(page)).toHaveText("missile");
  await expect(page.locator(".camera-news")).toBeEmpty();
});

scripted("a browser whose worker cannot read frames has them read by the page", async ({ page, conch }, { project }) => {
  scripted.skip(project.name === "desktop", "nothing of it depends on the screen");
  await page.addInitScript(() => Reflect.deleteProperty(window, "VideoFrame"));
  await scriptCamera(page, { does: "show", photo: "/samples/coffee.png" });
  await openCamera(page, conch.url);
  await page.getByText("Live", { exact: true }).click();
  await expect(first(page)).toHaveText("espresso");
});

scripted("the settled label is felt and heard where that is wanted, and not spoken twice", async ({ page, conch }, { project }) => {
  scripted.skip(project.name === "desktop", "nothing of it depends on the screen");
  await page.addInitScript(() => {
    const told = { ticks: 0, said: [] as string[], isSpeaking: false };
    Object.assign(window, { told });
    Object.defineProperty(navigator, "vibrate", { value: () => !!++told.ticks });
    const speak = ({ text }: { text: string }) => ((told.isSpeaking = true), told.said.push(text));
    const voice = { speak, cancel: () => void (told.isSpeaking = false) };
    Object.defineProperty(window, "speechSynthesis", { value: voice });
  });
  const told = () => page.evaluate(() => (window as unknown as { told: object }).told);
  await scriptCamera(page, { does: "show", photo: "/samples/coffee.png" });
  const spoken = await listen(page);
  await page.goto(`${conch.url}/?sheet=help`);
  await page.getByText("Camera: tick when the live label changes").click();
  await page.getByText("Camera: say the live label aloud").click();
  await page.keyboard.press("Escape");
  await button(page, "Camera").click();
  await expect(picture(page)).toBeVisible();
  await page.getByText("Live", { exact: true }).click();
  await expect.poll(told).toEqual({ ticks: 1, said: ["espresso"], isSpeaking: true });
  await page.evaluate(() => window.scripted.look("/samples/rocket.jpg"));
  await expect.poll(told).toEqual({ ticks: 2, said: ["espresso", "missile"], isSpeaking: true });
  expect(await spoken()).not.toContain("missile.");
  const voice = button(page, "Say the label aloud");
  await expect(voice).toHaveAttribute("aria-pressed", "true");
  await voice.click();
  await expect.poll(told).toEqual({ ticks: 2, said: ["espresso", "missile"], isSpeaking: false });
  await page.evaluate(() => window.scripted.look("/samples/coffee.png"));
  await expect.poll(spoken).toContain("espresso.");
  await voice.click();
  await page.evaluate(() => window.scripted.look("/samples/rocket.jpg"));
  await expect.poll(told).toEqual({ ticks: 4, said: ["espresso", "missile", "missile"], isSpeaking: true });
  await page.keyboard.press("Escape");
  await expect.poll(told).toMatchObject({ isSpeaking: false });
});

/** Answers a second that the server gives to one who asks for the same frame again and again. */
async function answersASecond(page: Page): Promise<number> {
  const request = await page.waitForRequest(/\/classify/);
  const [url, headers, body] = [request.url(), request.headers(), request.postDataBuffer()!];
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const start = Date.now();
  let answers = 0;
  while (Date.now() - start < 2_000) {
    const { ok } = await fetch(url, { method: "POST", headers, body: new Uint8Array(body) });
    answers += Number(ok);
  }
  return (1000 * answers) / (Date.now() - start);
}

type Seen = { at: number; scene: number; label: string; speed: string };

filmed("the first label follows each scene within two seconds", async ({ page, conch, film }, info) => {
  const said = await classify(...film.frames);
  const expected = said.map(({ predictions }) => predictions![0].label);
  await untroubled(page);
  await openCamera(page, conch.url);
  await page.getByText("Live", { exact: true }).click();
  await expect(first(page)).not.toBeEmpty();
  // What is shown at each moment: the scene by the colour of its picture, the label as it is read.
  const seen: Seen[] = await page.evaluate(
    async ([seconds]) => {
      const video = document.querySelector("video")!;
      const canvas = new OffscreenCanvas(4, 4);
      const context = canvas.getContext("2d", { willReadFrequently: true })!;
      const seen: Seen[] = [];
      const pictures: number[][] = [];
      const end = performance.now() + seconds * 1000;
      while (performance.now() < end) {
        context.drawImage(video, 0, 0, 4, 4);
        const pixels = [...context.getImageData(0, 0, 4, 4).data];
        const same = (it: number[]) => it.every((value, at) => Math.abs(value - pixels[at]) < 12);
        let scene = pictures.findIndex(same);
        if (scene < 0) scene = pictures.push(pixels) - 1;
        const text = (at: string) => document.querySelector(at)?.textContent ?? "";
        seen.push({
          at: performance.now(),
          scene,
          label: text(".camera-label"),
          speed: text(".camera-speed"),
        });
        await new Promise((done) => setTimeout(done, 40));
      }
      return seen;
    },
    [SECONDS * (expected.length + 1.5)] as const,
  );
  const changes = seen.flatMap((it, at) => (at && it.scene !== seen[at - 1].scene ? [at] : []));
  expect(new Set(seen.map((it) => it.scene)).size).toBe(expected.length);
  expect(changes.length).toBeGreaterThanOrEqual(expected.length);
  const took: number[] = [];
  const labels = changes.slice(0, -1).map((start, nth) => {
    const scene = seen.slice(start, changes[nth + 1]);
    const label = scene.at(-1)!.label;
    const settled = scene.slice(scene.findIndex((it) => it.label === label));
    expect(new Set(settled.map((it) => it.label)).size, "labels after the first right one").toBe(1);
    took.push(settled[0].at - scene[0].at);
    return label;
  });
  // The film may be anywhere when it is first seen.
  const begin = expected.indexOf(labels[0]);
  expect(labels).toEqual(labels.map((_, nth) => expected[(begin + nth) % expected.length]));
  expect(Math.max(...took)).toBeLessThan(FOLLOWS);
  const speed = seen.at(-1)!.speed;
  const alone = await answersASecond(page);
  const delays = took.map((ms) => `${ms.toFixed(0)} ms`).join(", ");
  const description = `${speed}; conch alone ${alone.toFixed(1)}/s; labels after ${delays}`;
  info.annotations.push({ type: "live", description });
  console.log(description);
});

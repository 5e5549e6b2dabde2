// A camera of Chromium's own, fed from a film of the sample photos: what it shows is known.
import type { Browser } from "@playwright/test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sample, test as base } from "./support.ts";

/** Photos in the film, in their order. */
export const SCENES = ["chelsea.png", "coffee.png", "rocket.jpg"];
/** How long each is shown, in seconds, before the next; then the film begins anew. */
export const SECONDS = 4;
/** What Chromium plays such a file with. */
const FRAMES_A_SECOND = 30;
export const SIZE = { width: 640, height: 480 };

/** A film of JPEG frames, one after the other. A photo fills the frame's height, so that the square
 * that the model sees is the photo's own. */
async function film(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage();
  const frames = [];
  for (const name of SCENES) {
    const base64 = await page.evaluate(
      async ([base64, { width, height }]) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const photo = await createImageBitmap(new Blob([bytes]));
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width, height });
        const wide = (photo.width * height) / photo.height;
        const context = canvas.getContext("2d")!;
        context.drawImage(photo, (width - wide) / 2, 0, wide, height);
        return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
      },
      [readFileSync(sample(name)).toString("base64"), SIZE] as const,
    );
    const frame = Buffer.from(base64, "base64");
    frames.push(...Array<Buffer>(SECONDS * FRAMES_A_SECOND).fill(frame));
  }
  await page.close();
  return Buffer.concat(frames);
}

/** Tests whose browser has the camera, and asks nobody. */
export const test = base.extend<object, { browser: Browser }>({
  browser: [
    async ({ playwright, launchOptions }, use) => {
      const folder = mkdtempSync(join(tmpdir(), "conch-film-"));
      const file = join(folder, "film.mjpeg");
      const plain = await playwright.chromium.launch(launchOptions);
      writeFileSync(file, await film(plain));
      await plain.close();
      const args = [
        ...(launchOptions.args ?? []),
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        `--use-file-for-fake-video-capture=${file}`,
      ];
      const browser = await playwright.chromium.launch({ ...launchOptions, args });
      await use(browser);
      await browser.close();
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],
});

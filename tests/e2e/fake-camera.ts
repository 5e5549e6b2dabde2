// A camera of Chromium's own, fed from a film of the sample photos: what it shows is known.
import type { Browser } from "@playwright/test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sample, test as base } from "./support.ts";

/** Photos in the film, in their order. */
const SCENES = ["chelsea.png", "coffee.png", "rocket.jpg"];
/** How long each is shown, in seconds, before the next; then the film begins anew. */
export const SECONDS = 4;
/** What Chromium plays such a file with. */
const FRAMES_A_SECOND = 30;
const SIZE = { width: 640, height: 480 };

/** A JPEG of each photo. It fills the frame's height, so that the square that the model sees is the
 * photo's own. */
async function stills(browser: Browser): Promise<Buffer[]> {
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
    frames.push(Buffer.from(base64, "base64"));
  }
  await page.close();
  return frames;
}

type Film = { file: string; frames: string[] };

/** Tests whose browser has the camera, and asks nobody. */
export const test = base.extend<object, { film: Film; browser: Browser }>({
  /** The film, and its scenes as files, in their order. */
  film: [
    async ({ playwright, launchOptions }, use) => {
      const folder = mkdtempSync(join(tmpdir(), "conch-film-"));
      const browser = await playwright.chromium.launch(launchOptions);
      const pictures = await stills(browser);
      await browser.close();
      const frames = pictures.map((picture, at) => {
        const file = join(folder, `${at}.jpg`);
        writeFileSync(file, picture);
        return file;
      });
      const file = join(folder, "film.mjpeg");
      const count = SECONDS * FRAMES_A_SECOND;
      // Frames one after the other are all there is to such a film.
      writeFileSync(file, Buffer.concat(pictures.flatMap((it) => Array<Buffer>(count).fill(it))));
      await use({ file, frames });
      rmSync(folder, { recursive: true });
    },
    { scope: "worker" },
  ],

  browser: [
    async ({ playwright, launchOptions, film }, use) => {
      const args = [
        ...(launchOptions.args ?? []),
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        `--use-file-for-fake-video-capture=${film.file}`,
      ];
      const browser = await playwright.chromium.launch({ ...launchOptions, args });
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
});

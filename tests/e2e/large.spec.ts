// Photos of the largest phone cameras, in a page as small as a phone: the labels of the command
// line, and what Conch itself takes within 300 MB. The browser's own decoding of the picture that the
// card shows comes on top, and is printed and not held: ARCHITECTURE.md has the numbers.
import type { Browser } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { MB, peakDuring } from "./memory.ts";
import { classify, expect, percent, sample, test } from "./support.ts";

const LIMIT = 300 * MB;

/** A sample as a JPEG of these sides, with fine lines that no enlarging gives. In a page of its own,
 * so that its memory is none of the measured one's. */
async function enlarge(browser: Browser, name: string, width: number, height: number): Promise<Buffer> {
  const page = await browser.newPage();
  const picture = readFileSync(sample(name)).toString("base64");
  const base64 = await page.evaluate(
    async ([picture, width, height]) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d")!;
      // The picture's own proportions, as often as it fits.
      const side = (bitmap.width * height) / bitmap.height;
      for (let left = width / 2 - side * 1.5; left < width; left += side) {
        context.drawImage(bitmap, left, 0, side, height);
      }
      context.globalAlpha = 0.1;
      for (let x = 0; x < width; x += 7) context.fillRect(x, (x * 13) % 977, 2, height);
      const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      const reader = new FileReader();
      return new Promise<string>((done) => {
        reader.onload = () => done((reader.result as string).split(",")[1]);
        reader.readAsDataURL(blob);
      });
    },
    [picture, width, height] as const,
  );
  await page.close();
  return Buffer.from(base64, "base64");
}

/** The photo lying on its side, as phones store upright ones: EXIF's orientation 6. */
function lying(jpeg: Buffer): Buffer {
  const entry = "0112 0003 0000 0001 0006 0000".replaceAll(" ", "");
  const tiff = Buffer.from(`4d4d002a00000008 0001 ${entry} 00000000`.replaceAll(" ", ""), "hex");
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

test("48 megapixels and a panorama have the labels of the command line; the tab without their pictures stays within 300 MB", async ({
  page,
  photos,
  browser,
}, info) => {
  test.skip(info.project.name !== "phone" || process.platform !== "linux");
  test.setTimeout(180_000);
  const large = await enlarge(browser, "coffee.png", 8000, 6000);
  const panorama = await enlarge(browser, "chelsea.png", 12_000, 3000);
  const files = Object.entries({ large, panorama, lying: lying(large) }).map(([name, jpeg]) => {
    const file = info.outputPath(`${name}.jpg`);
    writeFileSync(file, jpeg);
    return file;
  });
  const expected = await classify(...files);

  // Chromium decodes what an <img> shows as a whole: the pictures stay away until all is measured.
  await page.addInitScript(() => {
    const hidden = new CSSStyleSheet();
    hidden.replaceSync("img { display: none !important }");
    document.adoptedStyleSheets = [hidden];
  });
  for (const [at, file] of files.entries()) {
    const name = basename(file);
    await page.reload();
    await expect(page.getByText("Choose photos")).toBeVisible();
    let took = 0;
    const peak = await peakDuring(browser, async () => {
      const start = Date.now();
      await photos.choose(file);
      await photos.settled(1, 60_000);
      took = Date.now() - start;
    });
    console.log(`${name}: ${took} ms to its labels, at most ${(peak / MB).toFixed(0)} MB without its picture`);
    const labels = expected[at].predictions!.map(({ label, score }) => ({ label, percent: percent(score) }));
    expect(await photos.labels(name), name).toEqual(labels);
    expect(peak, `bytes of the tab with ${name}, without its picture`).toBeLessThan(LIMIT);
  }
  const shown = await peakDuring(browser, async () => {
    await page.evaluate(() => void (document.adoptedStyleSheets = []));
    await page.screenshot();
  });
  console.log(`with the last one's picture: ${(shown / MB).toFixed(0)} MB`);
});

// A picture of every state, at both sizes and in both themes: docs/screens/. Chromium itself encodes
// them, at the best quality that keeps each small: WebP, about 32 kB, since there are some 210.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXPECTED, STATES } from "./states.ts";
import { expect, ROOT, test } from "./support.ts";
import type { Page } from "@playwright/test";

const FOLDER = join(ROOT, "docs/screens");
/** Bytes that a picture should take, and that one full of text may. */
const ENOUGH = 32_000;
const MOST = 40_000;
const QUALITIES = [0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1];

mkdirSync(FOLDER, { recursive: true });
test.use({ expectedErrors: EXPECTED, locale: "en-GB" });

for (const { name, arrange } of STATES) {
  test(name, async ({ page, conch, context }, { project }) => {
    await arrange(page, conch.url);
    const encoder = await context.newPage();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.bringToFront();
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const png = await page.screenshot({ animations: "disabled", caret: "hide" });
      const webp = await encode(encoder, png);
      expect(webp.length, `bytes of ${name}`).toBeLessThanOrEqual(MOST);
      writeFileSync(join(FOLDER, `${name}-${project.name}-${colorScheme}.webp`), webp);
    }
  });
}

/** A PNG as WebP, in a page of its own. */
async function encode(page: Page, png: Buffer): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([base64, qualities, enough]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const canvas = document.createElement("canvas");
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d")!.drawImage(picture, 0, 0);
      let encoded = "";
      for (const quality of qualities) {
        encoded = canvas.toDataURL("image/webp", quality).split(",")[1];
        if ((encoded.length * 3) / 4 <= enough) break;
      }
      return encoded;
    },
    [png.toString("base64"), QUALITIES, ENOUGH] as const,
  );
  return Buffer.from(base64, "base64");
}

// The README's picture: the three sample photos with their labels, as a visitor sees them.
import { join } from "node:path";
import { ROOT, sample, test } from "./support.ts";

test("docs/page.jpg", async ({ page, photos }) => {
  await page.setViewportSize({ width: 1280, height: 860 });
  await photos.choose(...["chelsea.png", "coffee.png", "rocket.jpg"].map(sample));
  await photos.settled(3);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(ROOT, "docs/page.jpg"), type: "jpeg", quality: 82 });
});

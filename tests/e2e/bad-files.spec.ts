// Files that are no photos, or hard ones: each gets a label or a sentence, the same as on the
// command line, and the photo beside it goes on.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { classify, expect, golden, sample, test } from "./support.ts";

type Case = { name: string; what: string; outcome: "error" | "image" | "either" };
const hostile: Case[] = JSON.parse(readFileSync(golden("hostile.json"), "utf8")).cases;

for (const { name, what, outcome } of hostile) {
  test(`${what} gets a label or a sentence`, async ({ photos }) => {
    const file = golden(`hostile/${name}`);
    await photos.choose(file, sample("coffee.png"));
    await photos.settled(2, 60_000);
    const state = await photos.card(name).getAttribute("data-state");
    if (outcome !== "either") expect(state).toBe(outcome === "error" ? "failed" : "done");
    const [entry] = await classify(file);
    expect(state).toBe(entry.error ? "failed" : "done");
    if (entry.error) {
      const why = await photos.why(name);
      expect(why).toMatch(/^[A-Z].{15,}[.]$/);
      expect(entry.error).toContain(why);
    } else {
      const [best] = await photos.labels(name);
      expect(best.label).toBe(entry.predictions![0].label);
    }
    expect((await photos.labels("coffee.png"))[0].label).toBe("espresso");
  });
}

const sentences: [string, string, RegExp][] = [
  ["text.jpg", "hostile/text.jpg", /^This is not a photo/],
  ["empty.jpg", "hostile/empty.jpg", /^The file is empty \(0 bytes\)\.$/],
  ["wild_size.png", "hostile/wild_size.png", /too large: 60000 × 60000 pixels/],
  ["header_only.jpg", "hostile/header_only.jpg", /^The JPEG file is damaged/],
];
for (const [name, file, sentence] of sentences) {
  test(`${name} is told by what is wrong with it`, async ({ photos }) => {
    await photos.choose(golden(file));
    await photos.settled(1);
    expect(await photos.why(name)).toMatch(sentence);
  });
}

test("16-bit, CMYK, grey, palette, transparent and animated pictures get the command line's labels", async ({
  photos,
}) => {
  const names = [
    "rgb_16_bits.png",
    "grey_alpha_16_bits.png",
    "cmyk.jpg",
    "grey.jpg",
    "palette_alpha.png",
    "rgba.png",
    "animated.gif",
    "animated.webp",
    "one_pixel.png",
    "rgb.bmp",
  ];
  const files = names.map((name) => golden(`files/${name}`));
  await photos.choose(...files);
  await photos.settled(names.length);
  for (const { file, predictions } of await classify(...files)) {
    const shown = (await photos.labels(basename(file))).map(({ label }) => label);
    expect(shown, file).toEqual(predictions!.map(({ label }) => label));
  }
});

test("a format that only the browser knows goes through the browser", async ({ page, photos }) => {
  // An icon file around a PNG: the decoders here do not read icons, Chromium does.
  const png = readFileSync(golden("files/rgb.png"));
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(1, 4);
  head.set([67, 45], 6);
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(24, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(22, 18);
  const icon = { name: "small.ico", mimeType: "image/x-icon", buffer: Buffer.concat([head, png]) };
  await page.locator("input[type=file]").setInputFiles(icon);
  await photos.settled(1);
  const card = photos.card("small.ico");
  await expect(card).toHaveAttribute("data-state", "done");
  await expect(card.locator(".readout-model")).toContainText("approximate: decoded by the browser");
});

for (const [format, start, helps] of [
  ["HEIC", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Settings, Camera, Formats, Most Compatible"],
  ["TIFF", "II*\0\x08\0\0\0", "Save the photo as JPEG or PNG and try again."],
]) {
  test(`${format} that this browser cannot open says what helps`, async ({ photos }, info) => {
    const name = `IMG_0001.${format}`;
    const file = info.outputPath(name);
    writeFileSync(file, Buffer.from(start, "latin1"));
    await photos.choose(file);
    await photos.settled(1);
    const why = await photos.why(name);
    expect(why).toContain(`${format} cannot be decoded here. `);
    expect(why).toContain(helps);
  });
}

test("a worker that dies fails its photo alone, and is started anew", async ({ page, photos }) => {
  // As it is when the worker's wasm runs into a trap: an event, and no answer.
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    let first = true;
    Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
      if (first) {
        first = false;
        const died = new ErrorEvent("error", { cancelable: true, message: "unreachable" });
        setTimeout(() => this.dispatchEvent(died));
      } else {
        Reflect.apply(post, this, args);
      }
    };
  });
  await photos.choose(sample("rocket.jpg"), sample("coffee.png"));
  await photos.settled(2);
  expect(await photos.why("rocket.jpg")).toMatch(/^The decoder gave up on this file/);
  expect((await photos.labels("coffee.png"))[0].label).toBe("espresso");
  await page.getByRole("button", { name: "Try again: rocket.jpg" }).click();
  await photos.settled(2);
  expect((await photos.labels("rocket.jpg"))[0].label).toBe("missile");
});

// One photo's answer: labels and their numbers, the time as a waterfall, the privacy receipt.
import type { Page } from "@playwright/test";
import {
  addTwin, chooseModel, classify, expect, expectAccessible, golden, openPhoto, percent, sample, test,
} from "./support.ts";

/** Opens the large view of the first photo that came to the page. */
async function open(page: Page): Promise<void> {
  await openPhoto(page, "1");
  await expect(page.locator(".answer")).toBeVisible();
}

/** What a list of the waterfall says: each part's name and its milliseconds. */
async function times(page: Page): Promise<{ name: string; ms: number }[]> {
  const rows = await page.getByRole("list", { name: "Time from file to answer" }).getByRole("listitem").all();
  return Promise.all(
    rows.map(async (row) => {
      const time = await row.locator(".waterfall-time").innerText();
      const [number, unit] = time.split(" ");
      return {
        name: await row.locator(".waterfall-name").innerText(),
        ms: Number(number) * (unit === "s" ? 1000 : 1),
      };
    }),
  );
}

test("the large view has the labels, and each one's class and logit on demand", async ({ page, photos }) => {
  await photos.choose(sample("chelsea.png"));
  await photos.settled(1);
  await open(page);
  const [{ predictions }] = await classify(sample("chelsea.png"));
  const rows = page.getByRole("list", { name: "The five best labels" }).getByRole("listitem");
  for (const [at, { label, score }] of predictions!.entries()) {
    await expect(rows.nth(at)).toContainText(label);
    await expect(rows.nth(at)).toContainText(percent(score));
  }
  // 38 % and 37 %: no winner.
  await expect(page.getByText("Not sure: between tiger cat and Egyptian cat.")).toBeVisible();
  const more = page.getByText("Class, logit and probability");
  await more.focus();
  await page.keyboard.press("Enter");
  const first = page.getByRole("row", { name: /^tiger cat/ });
  await expect(first).toContainText("282");
  await expect(first).toContainText(predictions![0].score.toFixed(6));
});

test("the parts of the time lie on one axis and add up to the total", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await open(page);
  const shown = await times(page);
  const names = shown.map(({ name }) => name);
  expect(names).toEqual(["Decode", "Resize", "Wait", "Send", "Queue", "Model", "Back", "Total"]);
  const total = shown.at(-1)!.ms;
  const sum = shown.slice(0, -1).reduce((sum, { ms }) => sum + ms, 0);
  // Each is rounded for itself: to a tenth below 10 ms, to one above.
  expect(Math.abs(sum - total)).toBeLessThanOrEqual(4.5);
  expect(shown.find(({ name }) => name === "Model")!.ms).toBeGreaterThan(0);

  const boxes = await page.locator(".waterfall-bar").evaluateAll((bars) =>
    bars.map((bar) => {
      const { left, right } = bar.getBoundingClientRect();
      return { left, right };
    }),
  );
  for (const [at, { left }] of boxes.entries()) {
    if (at > 0) expect(left).toBeGreaterThanOrEqual(boxes[at - 1].left);
  }
  await page.getByText("What each part is").click();
  await expect(page.getByText("The model runs.")).toBeVisible();
});

test("without Resource Timing the way is one part", async ({ page, photos }) => {
  await page.evaluate(() => {
    performance.getEntriesByName = () => [];
  });
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await open(page);
  const names = (await times(page)).map(({ name }) => name);
  expect(names).toEqual(["Decode", "Resize", "On the way", "Queue", "Model", "Total"]);
});

test("the browser's buffer of timings never fills", async ({ page, photos }) => {
  await page.evaluate(() => performance.setResourceTimingBufferSize(8));
  for (let count = 1; count <= 3; count++) {
    await photos.choose(sample("rocket.jpg"), sample("coffee.png"), sample("chelsea.png"));
    await photos.settled(3);
    await page.getByRole("button", { name: "Clear all" }).click();
  }
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await openPhoto(page, "10");
  expect((await times(page)).map(({ name }) => name)).toContain("Send");
});

for (const send of ["UINT8", "FP32"]) {
  test(`the receipt counts what was sent as ${send}, and shows that picture`, async ({ page, photos }) => {
    await page.evaluate((send) => localStorage.setItem("conch.send", send), send);
    await page.reload();
    const sent = page.waitForRequest("**/classify*");
    await photos.choose(sample("coffee.png"));
    const request = await sent;
    const body = request.postDataBuffer()!;
    const header = Number(request.headers()["inference-header-content-length"]);
    await photos.settled(1);
    await open(page);
    const receipt = page.getByRole("region", { name: "What left this device" });
    const number = (n: number) => n.toLocaleString("en-GB");
    await expect(receipt).toContainText(`${number(body.length)} bytes`);
    await expect(receipt).toContainText(`${number(header)} bytes are JSON`);
    await expect(receipt).toContainText(`${send === "UINT8" ? "150,528" : "602,112"} bytes are this picture`);
    await expect(receipt).toContainText(`To ${request.url()}`);
    await expect(receipt).toContainText("The file coffee.png: 600 × 400 pixels, 466,706 bytes.");
    // What is not said to be sent is not.
    expect(Object.keys(request.headers())).not.toContain("cookie");
    expect(JSON.stringify(request.headers()) + body.toString("latin1")).not.toContain("coffee");

    // As one text, compared as one: a comparison of numbers one by one takes seconds.
    const drawn = await receipt.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from(new Uint32Array(data.buffer)).map(String).join();
    });
    if (send === "UINT8") {
      const pixels = body.subarray(header);
      const plane = 224 * 224;
      const rgba = Buffer.alloc(4 * plane, 255);
      for (let at = 0; at < plane; at++) {
        for (const channel of [0, 1, 2]) rgba[4 * at + channel] = pixels[channel * plane + at]!;
      }
      const sent = Array.from(new Uint32Array(rgba.buffer, rgba.byteOffset, plane)).join();
      expect(drawn === sent, "the picture is what was sent").toBe(true);
    } else {
      expect(body.length - header).toBe(602_112);
      const espresso = page.getByRole("list", { name: "The five best labels" }).getByRole("listitem");
      await expect(espresso.first()).toContainText("espresso");
    }
  });
}

test("the receipt counts what the other panels send, too", async ({ page, photos }) => {
  await addTwin(page);
  let [requests, bytes] = [0, 0];
  page.on("request", (request) => {
    if (request.method() !== "POST") return;
    requests += 1;
    bytes += request.postDataBuffer()!.length;
  });
  const receipt = page.getByRole("region", { name: "What left this device" });
  const expectCounted = async (atLeast: number) => {
    await page.getByRole("link", { name: "Answer", exact: true }).click();
    expect(requests).toBeGreaterThanOrEqual(atLeast);
    const all = requests === 1 ? "1 request" : `${requests} requests`;
    await expect(receipt).toContainText(`${all} about this photo so far, ${bytes.toLocaleString("en-GB")} bytes.`);
  };
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await open(page);
  await expectCounted(1);
  await page.getByRole("link", { name: "Compare" }).click();
  await expect(page.locator(".duel-label").first()).toHaveText("espresso");
  await expectCounted(2);
  await page.getByRole("link", { name: "Inside" }).click();
  await page.getByRole("link", { name: "Response" }).click();
  await expect(page.locator(".inside-step")).toContainText("server-timing");
  await expectCounted(3);
  await page.getByRole("link", { name: "Why?" }).click();
  await page.getByRole("button", { name: "Show which parts matter" }).click();
  await expect(page.getByRole("button", { name: "Look closer" })).toBeVisible({ timeout: 45_000 });
  await expectCounted(20);
});

test("the last answer stays to be seen while the photo is asked about again", async ({ page, photos }) => {
  await addTwin(page);
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await open(page);
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/twin/classify*", async (route) => {
    await held;
    await route.fallback();
  });
  const height = () => page.locator(".answer").evaluate((part) => part.getBoundingClientRect().height);
  const before = await height();
  await chooseModel(page, "Twin");
  const busy = page.locator(".answer[aria-busy=true]");
  await expect(busy.locator(".row-label").first()).toHaveText("espresso");
  await expect(busy).toContainText("Asking the model");
  expect(await height()).toBe(before);
  answer();
  await expect(page.getByRole("heading", { name: "Twin, version 1" })).toBeVisible();
  await expect(page.locator(".answer[aria-busy=false]")).toBeVisible();
});

test("of a photo that failed there is nothing to count or to copy", async ({ page, photos }) => {
  await photos.choose(golden("hostile/text.jpg"));
  await photos.settled(1);
  await open(page);
  await expect(page.locator(".answer")).toContainText("There is no answer for this photo.");
  await expect(page.getByRole("region", { name: "What left this device" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Copy as text" })).toBeHidden();
  // Why stands with the photo, once.
  await expect(page.locator(".failure-why")).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Try again: text.jpg" })).toHaveCount(1);
});

test("the answer fits 320 px, and axe finds nothing in what opens", async ({ page, photos }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await open(page);
  for (const summary of await page.locator(".answer summary").all()) {
    expect((await summary.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await summary.click();
  }
  await expectAccessible(page, "answered, all of it open");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

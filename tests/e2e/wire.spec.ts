// The laboratory's second half: the bytes shown are those that went and came, the numbers are theirs,
// and each can be explored by pointer and by key.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import {
  code, expectFilled, expectNarrow, go, headerOf, lines, MODEL, normalise, open,
} from "./laboratory.ts";
import { addTwin, expect, expectAccessible, ROOT, sample, test } from "./support.ts";

const INFER = `**/v2/models/${MODEL}/infer`;
const STEPS = ["request", "response", "logits", "softmax", "labels"];

const sendButton = (page: Page) => page.getByRole("button", { name: /^Send it/ });

/** What a table of numbers shows. */
async function dump(page: Page): Promise<{ at: number; hex: string; value: number }[]> {
  const rows = await page.locator(".dump tbody tr:not(.dump-more)").all();
  return Promise.all(
    rows.map(async (row) => {
      const [at, hex, value] = await row.locator("td").allTextContents();
      return { at: Number(at.replaceAll(",", "")), hex, value: Number(value) };
    }),
  );
}

/** The rows shown must be the first eight and the last four numbers of the message. */
async function expectDumped(page: Page, body: Buffer, header: number) {
  await expect(page.locator(".dump-more")).toBeVisible();
  const rows = await dump(page);
  const first = rows.slice(0, 8).map((_, at) => header + 4 * at);
  const last = [4, 3, 2, 1].map((back) => body.length - 4 * back);
  expect(rows.map(({ at }) => at)).toEqual([...first, ...last]);
  for (const { at, hex, value } of rows) {
    expect(hex.replaceAll(" ", "")).toBe(body.subarray(at, at + 4).toString("hex"));
    expect(Math.fround(value)).toBe(body.readFloatLE(at));
  }
}

/** The logits of an answer. */
function floats(body: Buffer, header: number): number[] {
  const count = (body.length - header) / 4;
  return Array.from({ length: count }, (_, at) => body.readFloatLE(header + 4 * at));
}

const best = (values: number[]) =>
  [...values.keys()].sort((a, b) => values[b] - values[a] || a - b).slice(0, 5);

test("the request shown is the request sent, to the byte", async ({ page, photos: _ }) => {
  const early: string[] = [];
  page.on("request", (request) => early.push(new URL(request.url()).pathname));
  const { sent, recipe } = await open(page, "request");
  await expect(page.getByText("Nothing has been sent yet")).toBeVisible();
  expect(early.filter((path) => path.endsWith("/infer"))).toEqual([]);

  const going = page.waitForRequest(INFER);
  await sendButton(page).click();
  const request = await going;
  const body = request.postDataBuffer()!;
  const header = headerOf(request);
  const json = (await code(lines(page, "JSON header"))).join("");
  expect(json).toBe(body.subarray(0, header).toString());
  expect(JSON.parse(json).inputs[0].shape).toEqual([1, 3, 224, 224]);
  expect(await code(lines(page, "Request line and headers"))).toEqual([
    `POST /v2/models/${MODEL}/infer`,
    `Content-Type: ${request.headers()["content-type"]}`,
    `Inference-Header-Content-Length: ${header}`,
    `Content-Length: ${body.length}`,
  ]);
  await expectDumped(page, body, header);

  // The tensor is the pixels that were classified, normalised in single precision.
  expect(body.subarray(header).equals(normalise(sent, recipe))).toBe(true);
  await expect(page.locator(".wire-news")).toHaveText(/^Answered with status 200 after \d/);
});

test("the response shown is the response that came, and the logits are its", async ({
  page,
  photos: _,
}) => {
  const coming = page.waitForResponse(INFER);
  await open(page, "response");
  const response = await coming;
  const body = await response.body();
  const header = headerOf(response);
  expect((await code(lines(page, "JSON header"))).join("")).toBe(
    body.subarray(0, header).toString(),
  );
  const headers = await code(lines(page, "Status and headers"));
  expect(headers[0]).toBe("200 OK");
  expect(headers).toContain(`inference-header-content-length: ${header}`);
  await expectDumped(page, body, header);
  await expect(page.locator(".wire-times div", { hasText: "In the model" })).toHaveText(/\d+ ms$|\.\d ms$/);

  const values = floats(body, header);
  await go(page, "logits");
  const rows = page.locator(".logit-row");
  await expect(rows).toHaveCount(5);
  const shown = await rows.evaluateAll((rows) =>
    rows.map((row) => [".logit-class", ".logit-value"].map((it) => Number(row.querySelector(it)!.textContent))),
  );
  const expected = best(values).map((index) => [index, values[index]]);
  expect(shown.map(([index, value]) => [index, Math.fround(value)])).toEqual(expected);
  const [least] = [...values.keys()].sort((a, b) => values[a] - values[b]);
  await expect(page.locator(".logit-range dd").last()).toContainText(`(class ${least},`);
});

test("a class is found by its name, its number, the arrows and the pointer", async ({
  page,
  photos: _,
}) => {
  await open(page, "logits");
  const plot = page.getByRole("slider", { name: "The value of each class" });
  await expect(plot).toHaveAttribute("aria-valuetext", /^class 967, espresso: 1\d\.\d+$/);
  await page.getByLabel("Find a class").fill("tiger c");
  await page.getByRole("button", { name: "class 282, tiger cat" }).click();
  await expect(plot).toHaveAttribute("aria-valuenow", "282");
  await page.getByLabel("Find a class").fill("504");
  await page.keyboard.press("Enter");
  await expect(page.locator(".plot-name")).toHaveText("class 504, coffee mug");
  await page.getByLabel("Find a class").fill("no such class");
  await expect(page.getByText("No class has this number")).toBeVisible();
  await plot.focus();
  await page.keyboard.press("ArrowRight");
  await expect(plot).toHaveAttribute("aria-valuenow", "505");
  await page.keyboard.press("End");
  await expect(plot).toHaveAttribute("aria-valuenow", "999");
  const { x, y, width } = (await plot.boundingBox())!;
  await page.mouse.click(x + width * 0.25, y + 20);
  await expect(plot).toHaveAttribute("aria-valuenow", /^2[45]\d$/);
});

test("softmax at temperature 1 is the answer, and the temperature moves it", async ({
  page,
  photos: _,
}) => {
  const coming = page.waitForResponse(INFER);
  const { predictions } = await open(page, "softmax");
  const response = await coming;
  const logits = floats(await response.body(), headerOf(response));
  const max = Math.max(...logits);
  const shares = (temperature: number) => {
    const powers = logits.map((logit) => Math.exp((logit - max) / temperature));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  };
  const rows = page.locator(".warm-row");
  await expect(rows).toHaveCount(5);
  const shown = async () =>
    (await page.locator(".warm-share").allTextContents()).map((text) => parseFloat(text) / 100);
  const atOne = await shown();
  predictions.forEach(({ index, label, score }, rank) => {
    expect(Math.abs(shares(1)[index] - score)).toBeLessThan(1e-6);
    // Four decimals of a percentage: half of the last one, and the answer's own last bit.
    expect(Math.abs(atOne[rank] - score), label).toBeLessThan(0.6e-6);
  });
  await expect(page.locator(".warm-label")).toHaveText(predictions.map(({ label }) => label));

  const slider = page.getByRole("slider", { name: "Temperature T" });
  await expect(slider).toHaveAttribute("aria-valuetext", "1.00");
  await slider.focus();
  for (let presses = 0; presses < 30; presses++) await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuetext", "2.00");
  const warm = await shown();
  predictions.forEach(({ index }, rank) => {
    expect(Math.abs(warm[rank] - shares(2)[index])).toBeLessThan(0.6e-6);
  });
  await page.keyboard.press("End");
  await expect(page.locator(".warm-value")).toHaveText("10");
  await page.keyboard.press("Home");
  await expect(page.locator(".warm-value")).toHaveText("0.10");
  await page.getByRole("button", { name: "Reset to 1" }).click();
  await expect.poll(shown).toEqual(atOne);
  await expect(page.getByText("At T = 1 these are the answer's probabilities.")).toBeVisible();
});

test("an answer of other probabilities is told from these", async ({ page, photos: _ }) => {
  await page.route("**/classify*", async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    json.results[0][1].score += 0.02;
    await route.fulfill({ response, json });
  });
  await open(page, "softmax");
  const says = page.getByText(/probabilities differ from these by up to 2\.000\d percentage points/);
  await expect(says).toBeVisible();
  await expect(page.getByText("these are the answer's")).toHaveCount(0);
  await go(page, "labels");
  await expect(says).toBeVisible();
});

test("the top five are the answer's, each with its line of labels.txt", async ({
  page,
  photos: _,
}) => {
  const { predictions } = await open(page, "labels", "chelsea.png");
  const file = readFileSync(join(ROOT, "model_repo", MODEL, "labels.txt"), "utf8").split("\n");
  const rows = page.locator(".top tbody tr");
  await expect(rows).toHaveCount(5);
  await expect(page.locator(".top-label").nth(1)).not.toBeEmpty();
  for (const [rank, { index, label }] of predictions.entries()) {
    const cells = rows.nth(rank);
    await expect(cells.locator("td").nth(1)).toHaveText(`${index}`);
    await expect(cells.locator("td").nth(2)).toHaveText(`${index + 1}`);
    await expect(cells.locator("th")).toHaveText(label);
    expect(file[index]).toBe(label);
  }
  await expect(page.getByText("The same five as in the answer")).toBeVisible();
});

test("the saved request, sent with the curl line, gets the same answer", async ({
  page,
  photos: _,
}) => {
  await open(page, "request");
  await page.getByText("The same with curl, or in Python").click();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Save request\.bin/ }).click();
  const folder = mkdtempSync(join(tmpdir(), "conch-wire-"));
  await (await saving).saveAs(join(folder, "request.bin"));
  const [curl, python] = await page.locator(".snippet-code").allTextContents();
  const said = execFileSync("sh", ["-c", curl], { cwd: folder, encoding: "utf8" });
  expect(said).toMatch(/^HTTP\/1\.1 200 OK/);
  const header = Number(/^inference-header-content-length: (\d+)/im.exec(said)![1]);
  const logits = floats(readFileSync(join(folder, "response.bin")), header);
  expect(logits).toHaveLength(1000);
  expect(best(logits)[0]).toBe(967);
  expect(python).toContain(`client.infer("${MODEL}", [photo], outputs=[wanted])`);
});

test("another photo drops the exchange", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"));
  await go(page, "request");
  await sendButton(page).click();
  await expect(page.locator(".wire-news")).toHaveText(/^Answered/);
  await go(page, "logits");
  await expect(page.locator(".logit-label").first()).toHaveText("espresso");
  await go(page, "request", 2);
  await expect(page.getByText("Nothing has been sent yet")).toBeVisible();
  await go(page, "logits", 2);
  await expect(page.locator(".logit-label").first()).toHaveText("missile");
});

test("another model drops the exchange", async ({ page, photos: _ }) => {
  await addTwin(page);
  await open(page, "request");
  await sendButton(page).click();
  await expect(page.locator(".wire-news")).toHaveText(/^Answered/);
  await page.evaluate(() => {
    history.pushState(null, "", "?model=twin&photo=1&panel=inside&step=request");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await expect(page.getByText("Nothing has been sent yet")).toBeVisible();
  expect((await code(lines(page, "Request line and headers")))[0]).toBe(
    "POST /v2/models/twin/infer",
  );
});

test.describe("when it does not work out", () => {
  test.use({ expectedErrors: /^Failed to load resource/ });

  test("each step says why, and tries again", async ({ page, photos: _ }) => {
    await page.route(INFER, (route) => route.abort());
    await open(page, "logits");
    await expect(page.getByText("The server does not answer. Try again when it is back.")).toBeVisible();
    await page.unroute(INFER);
    const large = { error: "the body must be at most 1000 bytes" };
    await page.route(INFER, (route) => route.fulfill({ status: 413, json: large }));
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.locator("#inside-title")).toBeFocused();
    await expect(page.getByText("The body must be at most 1000 bytes.")).toBeVisible();
    await go(page, "request");
    await expect(page.locator(".wire-news")).toHaveText("The body must be at most 1000 bytes.");
    await expectAccessible(page, "refused");
    await page.unroute(INFER);
    await page.getByRole("button", { name: "Send it again" }).click();
    await expect(page.locator(".wire-news")).toHaveText(/^Answered/);
  });
});

test("axe finds nothing in the commands", async ({ page, photos: _ }) => {
  await open(page, "request");
  await page.getByText("The same with curl, or in Python").click();
  await expectAccessible(page, "commands");
});

test("every step fits 320 px, and fingers hit what they aim at", async ({ page, photos: _ }) => {
  await open(page, "request");
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByText("The same with curl, or in Python").click();
  for (const step of STEPS) {
    await go(page, step);
    await expectFilled(page);
    await expectNarrow(page, step);
    const small = await page.locator(".inside-step :is(button, input, summary)").evaluateAll((targets) =>
      targets
        .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 44)
        .map((it) => it.outerHTML),
    );
    expect(small, step).toEqual([]);
  }
});

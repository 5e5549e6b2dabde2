// Which parts matter: the map is made, watched, stopped and read; what batching buys is what the
// server counted.
import type { Page, Request } from "@playwright/test";
import { expect, refusal, sample, test } from "./support.ts";

/** Photos of the coarse pass that go alone; the other 32 are two batches. */
const ALONE = 17;
const MAP = { timeout: 45_000 };

/** Another place on the same page, photos and all. */
async function go(page: Page, query: string): Promise<void> {
  await page.evaluate((query) => {
    history.pushState(null, "", query);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }, query);
}

type File = string | { name: string; mimeType: string; buffer: Buffer };

/** Shows a photo to the model and opens the panel. */
async function openWhy(page: Page, url: string, file: File): Promise<void> {
  await page.goto(url);
  await page.locator("input[type=file]").setInputFiles(file as string);
  await expect(page.locator("article[data-state=done]")).toHaveCount(1);
  await go(page, "?photo=1&panel=why");
  await expect(page.getByRole("heading", { name: "Which parts matter?" })).toBeVisible();
}

/** The requests for one class, and how many photos each held: as many as its answer has, since a
 * batch is sent as a file, which Playwright cannot read. */
class Sent {
  #requests: Request[] = [];

  constructor(page: Page) {
    page.on("request", (request) => {
      if (request.url().includes("class=")) this.#requests.push(request);
    });
  }

  get count(): number {
    return this.#requests.length;
  }

  /** The photos of each request since the last time. */
  async photos(): Promise<number[]> {
    const answers = this.#requests.splice(0).map(async (request) => {
      const answer = await (await request.response())?.json();
      return answer.results.length as number;
    });
    return Promise.all(answers);
  }
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const map = (page: Page) => page.locator(".why .heat-explorer");
const cells = (page: Page) => map(page).locator(".heat canvas");
const cellLine = (page: Page) => page.locator("#why-cell");
const finding = (page: Page) => page.locator(".why-finding");

/** The strength of the map's orange in each cell, row by row. */
const strengths = (page: Page) =>
  cells(page).evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    return Array.from({ length: width * height }, (_, at) =>
      data[4 * at]! > data[4 * at + 2]! ? data[4 * at + 3]! : 0,
    );
  });

/** A grey photo with a cup of coffee in its top left quarter. */
async function cupAtTopLeft(page: Page, url: string) {
  await page.goto(url);
  const base64 = await page.evaluate(async () => {
    const cup = await createImageBitmap(await (await fetch("samples/coffee.png")).blob());
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 512;
    const context = canvas.getContext("2d")!;
    context.fillStyle = "#808080";
    context.fillRect(0, 0, 512, 512);
    context.drawImage(cup, 32, 32, 224, 224);
    return canvas.toDataURL("image/png").split(",")[1]!;
  });
  return { name: "cup.png", mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

async function counted(page: Page) {
  const url = new URL("/v2/models/efficientnet_lite0/stats", page.url()).href;
  const [model] = (await (await page.request.get(url)).json()).model_stats;
  return { photos: model.inference_count as number, runs: model.execution_count as number };
}

test("the map costs what was said, and what is counted is what the server counted", async ({
  page,
  conch,
}) => {
  await openWhy(page, conch.url, sample("coffee.png"));
  await expect(page.getByText("Sends the crop 49 times, covered: 7.4 MB, in 19 requests.")).toBeVisible();
  const [sent, before] = [new Sent(page), await counted(page)];
  await button(page, "Show which parts matter").click();
  await expect(button(page, "Look closer")).toBeVisible(MAP);
  expect(await sent.photos()).toEqual([...Array(ALONE).fill(1), 16, 16]);
  await expect(finding(page)).toHaveText(/^(Most depends on the|No single part matters) .*“espresso”/);
  const spoken = page.getByRole("status").filter({ hasText: (await finding(page).textContent())! });
  await expect(spoken).toHaveCount(1);

  await expect(page.getByText("Sends the crop 120 times, covered: 18.1 MB, in 8 requests.")).toBeVisible();
  await button(page, "Look closer").click();
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(button(page, "Start again")).toBeVisible(MAP);
  expect(await sent.photos()).toEqual([16, 16, 16, 16, 16, 16, 16, 8]);

  const after = await counted(page);
  expect(after.photos - before.photos).toBe(169);
  const batching = page.getByRole("region", { name: "What batching buys" });
  await expect(batching).toContainText(`169 photos in ${after.runs - before.runs} runs of the model`);
  const rows = await batching
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((c) => Number(c.textContent))));
  expect(rows[0]!.slice(0, 3)).toEqual([1, ALONE, ALONE]);
  const sum = (of: (row: number[]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  expect(sum(([size, runs]) => size! * runs!)).toBe(169);
  expect(sum(([, runs]) => runs!)).toBe(after.runs - before.runs);

  // The sentence on the gain follows from the two rates.
  const [alone, batched] = (await batching.locator(".batching-rate").allTextContents()).map(parseFloat);
  const gain = batched! / alone!;
  const said = (await batching.locator(".batching-gain").textContent())!;
  if (said.includes("slower")) expect(gain).toBeLessThan(1);
  else if (said.includes("gave")) expect(gain).toBeGreaterThan(1);
  else expect(said).toContain("no difference");
});

test("what matters is where the cup is", async ({ page, conch }) => {
  await openWhy(page, conch.url, await cupAtTopLeft(page, conch.url));
  await button(page, "Show which parts matter").click();
  await expect(button(page, "Look closer")).toBeVisible(MAP);
  await expect(finding(page)).toHaveText(/^Most depends on the (top|middle)( left| middle)?: covering it lowers/);
  const values = await strengths(page);
  expect(values).toHaveLength(49);
  const sum = (inside: (row: number, column: number) => boolean) =>
    values.reduce((sum, it, at) => sum + (inside(Math.floor(at / 7), at % 7) ? it : 0), 0);
  const overCup = sum((row, column) => row < 4 && column < 4);
  expect(overCup / sum(() => true)).toBeGreaterThan(0.75);

  // The strongest cell, read by keyboard, says the legend's number.
  const strongest = values.indexOf(Math.max(...values));
  await map(page).focus();
  await expect(cellLine(page)).toHaveText(/^Row 4, column 4: /);
  await page.keyboard.press("Home");
  for (let row = 3; row > Math.floor(strongest / 7); row--) await page.keyboard.press("ArrowUp");
  for (let column = 0; column < strongest % 7; column++) await page.keyboard.press("ArrowRight");
  const largest = /lowers it by up to (.+? points?)/.exec((await page.locator(".legend").textContent())!)![1];
  await expect(cellLine(page)).toContainText(new RegExp(`lowers “.*” by ${largest}\\.$`));
  await expect(page.locator(".heat-mark").first()).toBeVisible();

  // The same map lies in the square on the stage, for as long as the panel is there.
  const stage = page.locator(".stage .heat");
  const [onStage, square] = [await stage.boundingBox(), await page.locator(".stage-seen").boundingBox()];
  expect(onStage).toEqual(square);
  await go(page, "?photo=1");
  await expect(stage).toHaveCount(0);

  // What was found stays with the photo.
  await go(page, "?photo=1&panel=why");
  await expect(button(page, "Look closer")).toBeVisible();
  expect(await strengths(page)).toEqual(values);
});

test("a cell is read by keyboard and by finger, and spoken in one way", async ({ page, conch }, info) => {
  await openWhy(page, conch.url, sample("coffee.png"));
  let asked = 0;
  await page.route("**/classify?class=*", (route) => (++asked === 1 ? route.continue() : undefined));
  await button(page, "Show which parts matter").click();
  await expect(page.getByText("1 of 49 patches")).toBeVisible();
  await map(page).focus();
  await expect(cellLine(page)).toHaveText(/^Row 4, column 4: covering it /);
  await expect(cellLine(page)).toHaveAttribute("aria-live", "polite");
  await expect(map(page)).toHaveAccessibleDescription(
    "Point at the picture, or use the arrow keys, to read the map.",
  );
  await button(page, "Cancel").focus();
  await expect(cellLine(page)).toBeEmpty();
  // Only a phone has a finger.
  const position = { x: 8, y: 8 };
  if (info.project.name === "phone") await map(page).tap({ position });
  else await map(page).hover({ position });
  await expect(cellLine(page)).toHaveText("Row 1, column 1: not covered yet.");
});

test("it can be cancelled, keeps what it has, and goes on", async ({ page, conch }) => {
  let answered = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await openWhy(page, conch.url, sample("coffee.png"));
  await page.route("**/classify?class=*", async (route) => {
    if (++answered > 5) await held;
    await route.continue().catch(() => {});
  });
  await button(page, "Show which parts matter").click();
  await expect(page.getByText("5 of 49 patches")).toBeVisible(MAP);
  await expect(page.getByRole("progressbar")).toHaveAttribute("value", "5");
  await button(page, "Cancel").click();
  await expect(page.getByText("Stopped. What was found so far stays.")).toBeVisible();
  await expect(button(page, "Go on")).toBeFocused();
  expect(await cells(page).count()).toBe(1);
  release();
  const sent = new Sent(page);
  await button(page, "Go on").click();
  await expect(button(page, "Look closer")).toBeVisible(MAP);
  expect(await sent.photos()).toEqual([...Array(ALONE - 5).fill(1), 16, 16]);
});

test("leaving the panel cancels", async ({ page, conch }) => {
  await openWhy(page, conch.url, sample("coffee.png"));
  await page.route("**/classify?class=*", () => {});
  const [sent, failed] = [new Sent(page), page.waitForEvent("requestfailed")];
  await button(page, "Show which parts matter").click();
  await expect(page.getByText("0 of 49 patches")).toBeVisible();
  // Of one that is given up before it is on its way, nobody would hear.
  await expect.poll(() => sent.count).toBe(1);
  await go(page, "?photo=1");
  expect((await failed).url()).toContain("class=");
  expect(sent.count).toBe(1);
});

test("leaving the panel before anything is sent sends nothing, and the page goes on", async ({ page, conch }) => {
  await openWhy(page, conch.url, sample("coffee.png"));
  // What the server has counted so far is asked for first.
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/stats", async (route) => {
    await held;
    await route.continue();
  });
  const sent = new Sent(page);
  const asked = page.waitForRequest("**/stats");
  await button(page, "Show which parts matter").click();
  await asked;
  await go(page, "?photo=1");
  await expect(page.getByRole("heading", { name: "Which parts matter?" })).toHaveCount(0);
  const told = page.waitForResponse("**/stats");
  answer();
  await told;
  await go(page, "?photo=1&panel=why");
  await expect(button(page, "Show which parts matter")).toBeVisible();
  expect(sent.count).toBe(0);
});

test.describe("when the server refuses", () => {
  test.use({ expectedErrors: /^Failed to load resource/ });

  const overloaded = refusal(503, "overloaded", "64 requests wait already");

  test("a busy one is waited for", async ({ page, conch }) => {
    await openWhy(page, conch.url, sample("coffee.png"));
    let refused = 0;
    await page.route("**/classify?class=*", (route) =>
      ++refused <= 2 ? route.fulfill(overloaded) : route.continue(),
    );
    await button(page, "Show which parts matter").click();
    await expect(page.getByText("The server is busy. This goes on by itself.")).toBeVisible();
    await expect(button(page, "Look closer")).toBeVisible(MAP);
  });

  test("a model that goes away is said to be, and one can go on when it is back", async ({ page, conch }) => {
    await openWhy(page, conch.url, sample("coffee.png"));
    let asked = 0;
    await page.route("**/classify?class=*", (route) =>
      ++asked <= 3
        ? route.continue()
        : route.fulfill(refusal(503, "model_unavailable", "the model is being loaded")),
    );
    await button(page, "Show which parts matter").click();
    await expect(page.locator(".why")).toContainText("EfficientNet-Lite0 does not answer now.");
    await expect(page.getByText("The server does not answer.")).toHaveCount(0);
    await page.unroute("**/classify?class=*");
    await button(page, "Go on").click();
    await expect(button(page, "Look closer")).toBeVisible(MAP);
  });

  test("one that is away is said to be, and one can go on", async ({ page, ownConch }) => {
    await openWhy(page, ownConch.url, sample("coffee.png"));
    await ownConch.stop();
    await button(page, "Show which parts matter").click();
    await expect(page.locator(".why")).toContainText("The server does not answer.");
    await ownConch.start();
    await expect(page.getByRole("alert")).toBeEmpty({ timeout: 20_000 });
    await button(page, "Go on").click();
    await expect(button(page, "Look closer")).toBeVisible(MAP);
    // The server that counts anew since has counted this map, and nothing else.
    await expect(page.locator(".batching")).toContainText("49 photos in");
  });
});

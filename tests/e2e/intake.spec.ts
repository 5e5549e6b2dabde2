// Photos in by folder and link; copies noticed; what is removed can be brought back; many photos.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, expectAccessible, listen, sample, test } from "./support.ts";

/** A folder with these files, each with its content. */
function folder(at: string, files: Record<string, Buffer | string>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), content);
  }
  return at;
}

const photo = () => readFileSync(sample("rocket.jpg"));

/** Copies of a photo that differ in their last byte, so that no two files are the same. */
const different = (count: number, at: (name: string) => string) =>
  Array.from({ length: count }, (_, n) => {
    const file = at(`photo-${n + 1}.jpg`);
    writeFileSync(file, Buffer.concat([photo(), Buffer.from([n])]));
    return file;
  });

test.describe("a folder", () => {
  const files = () => ({
    "shell-10.jpg": photo(),
    "shell-9.jpg": photo(),
    "inner/cup.png": readFileSync(sample("coffee.png")),
    "notes.txt": "no photo",
    ".hidden.jpg": "hidden",
  });
  const expected = ["cup.png", "shell-9.jpg", "shell-10.jpg"];

  test("that is chosen gives its photos in the order of their names", async ({ page, photos }, info) => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a folder" }).click();
    await (await chooser).setFiles(folder(info.outputPath("folder"), files()));
    await photos.settled(3);
    expect(await page.getByRole("heading", { level: 3 }).allTextContents()).toEqual(expected);
    await expect(page.getByText("One file is no photo and was left out.").first()).toBeVisible();
  });

  test("tells a screen reader what was left out, and then what came of the rest", async ({ page, photos }, info) => {
    const spoken = await listen(page);
    // More than come onto the page in one go.
    const many = Array.from({ length: 10 }, (_, n) => [`${n}.jpg`, Buffer.concat([photo(), Buffer.from([n])])]);
    const files = { ...Object.fromEntries(many), "notes.txt": "no photo", "more.txt": "no photo" };
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a folder" }).click();
    await (await chooser).setFiles(folder(info.outputPath("folder"), files));
    await photos.settled(10);
    await expect.poll(spoken).toEqual(["2 files are no photos and were left out.", "10 photos are done."]);
  });

  test("that is dropped does, too", async ({ page, photos }, info) => {
    const at = folder(info.outputPath("folder"), files());
    // The browser's own drag and drop: a script cannot make a folder.
    const browser = await page.context().newCDPSession(page);
    const data = { items: [], files: [at], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) {
      await browser.send("Input.dispatchDragEvent", { type, x: 100, y: 100, data });
    }
    await photos.settled(3);
    expect(await page.getByRole("heading", { level: 3 }).allTextContents()).toEqual(expected);
  });
});

test.describe("a link", () => {
  // What a host refuses, the browser reports by itself.
  test.use({ expectedErrors: /CORS policy|Failed to load resource|net::ERR/ });

  let host: Server;
  let asked: { url: string; cookie?: string; referer?: string }[];
  const answer: RequestListener = (request, response) => {
    const { cookie, referer } = request.headers;
    asked.push({ url: request.url!, cookie, referer });
    if (!request.url!.startsWith("/closed")) response.setHeader("access-control-allow-origin", "*");
    if (request.url!.startsWith("/page")) response.setHeader("content-type", "text/html");
    if (request.url!.startsWith("/large")) response.setHeader("content-length", 2 ** 40);
    if (request.url!.startsWith("/none")) response.statusCode = 404;
    response.end(request.method === "HEAD" ? undefined : photo());
  };
  test.beforeEach(async () => {
    asked = [];
    host = createServer(answer);
    await new Promise<void>((ready) => host.listen(0, "127.0.0.1", ready));
  });
  test.afterEach(() => {
    host.closeAllConnections();
    host.close();
  });
  const at = (path: string) => `http://127.0.0.1:${(host.address() as AddressInfo).port}${path}`;

  test("is fetched by the browser, without cookies, and shown", async ({ page, photos }) => {
    await page.context().addCookies([{ name: "a", value: "b", url: at("/") }]);
    await page.getByRole("button", { name: "Add from a link" }).click();
    const field = page.getByLabel("Address of the picture");
    await expect(field).toBeFocused();
    await field.fill("a photo of a shell");
    await page.keyboard.press("Enter");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page, "a wrong link");
    await field.fill(at("/shell%20one.jpg?size=3"));
    await page.keyboard.press("Enter");
    await photos.settled(1);
    expect((await photos.labels("shell one.jpg"))[0].label).toBe("missile");
    const picture = photos.card("shell one.jpg").locator("img");
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    expect(asked).toEqual([{ url: "/shell%20one.jpg?size=3", cookie: undefined, referer: undefined }]);
    await expect(field).toHaveCount(0);
  });

  test("can be pasted and dropped, and text in a field is left alone", async ({ page, photos }) => {
    const bring = (link: string) =>
      page.evaluate((link) => {
        const data = new DataTransfer();
        data.setData("text/plain", link);
        const options = { bubbles: true, cancelable: true };
        const to = document.activeElement ?? document.body;
        to.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
        const dropped = new DataTransfer();
        dropped.setData("text/uri-list", `# a comment\r\n${link}?dropped`);
        document.body.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer: dropped }));
      }, link);
    await bring(at("/shell.jpg"));
    await photos.settled(2);
    await page.getByRole("button", { name: "Link", exact: true }).click();
    await expect(page.getByLabel("Address of the picture")).toBeFocused();
    await bring(at("/other.jpg"));
    await photos.settled(3);
    expect(asked.map(({ url }) => url).sort()).toEqual(["/other.jpg?dropped", "/shell.jpg", "/shell.jpg?dropped"]);
  });

  const failures: [string, RegExp][] = [
    ["/closed/shell.jpg", /does not let other pages read it\. Save the picture/],
    ["/none/shell.jpg", /no picture at this address \(HTTP status 404\)/],
    ["/page/shell.jpg", /leads to a web page, not to a picture/],
    ["/large/shell.jpg", /larger than 256 MB/],
  ];
  for (const [path, why] of failures) {
    test(`that fails says why and what to do: ${path}`, async ({ page, photos }) => {
      await page.getByRole("button", { name: "Add from a link" }).click();
      await page.getByLabel("Address of the picture").fill(at(path));
      await page.keyboard.press("Enter");
      await photos.settled(1);
      expect(await photos.why("shell.jpg")).toMatch(why);
    });
  }

  test("whose host is not there says so, and can be tried again", async ({ page, photos }) => {
    const { port } = host.address() as AddressInfo;
    await new Promise((closed) => host.close(closed));
    await page.getByRole("button", { name: "Add from a link" }).click();
    await page.getByLabel("Address of the picture").fill(`http://127.0.0.1:${port}/shell.jpg`);
    await page.keyboard.press("Enter");
    await photos.settled(1);
    expect(await photos.why("shell.jpg")).toContain("Nobody answers at this address");
    host = createServer(answer);
    await new Promise<void>((ready) => host.listen(port, "127.0.0.1", ready));
    await page.getByRole("button", { name: "Try again: shell.jpg" }).click();
    await expect(photos.card("shell.jpg")).toHaveAttribute("data-state", "done");
  });
});

test("the same photo twice is noticed, and the copies can be removed", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"));
  await photos.settled(2);
  await expect(page.getByText("The same photo as")).toHaveCount(0);
  await photos.bring("drop", sample("rocket.jpg"));
  await photos.settled(3);
  await expect(page.getByText("The same photo as rocket.jpg")).toBeVisible();
  await page.getByRole("button", { name: "Remove the copies" }).click();
  await expect(photos.cards).toHaveCount(2);
  await expect(page.getByText("One photo is here twice.")).toHaveCount(0);
});

test("what was removed comes back in its place, with its answer", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"), sample("chelsea.png"));
  await photos.settled(3);
  const names = () => page.getByRole("heading", { level: 3 }).allTextContents();
  const before = await names();
  const labels = await photos.labels("rocket.jpg");
  // Its answer is there at once, though it is asked about again: this one never comes.
  await page.route("**/classify*", () => {});

  await page.getByRole("button", { name: "Remove: rocket.jpg" }).click();
  await expect(page.getByRole("status")).toHaveText("rocket.jpg is removed.");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(photos.card("rocket.jpg")).toBeFocused();
  expect(await names()).toEqual(before);
  expect(await photos.labels("rocket.jpg")).toEqual(labels);
  await page.unroute("**/classify*");

  await page.getByRole("button", { name: "Clear all" }).click();
  await expect(photos.cards).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await photos.settled(3);
  expect(await names()).toEqual(before);
  const picture = photos.card("chelsea.png").locator("img");
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
});

test("a photo that was removed before it was done goes on when it is back", async ({ page, photos }) => {
  await page.route("**/classify*", () => {}); // never answered
  await photos.choose(sample("coffee.png"));
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "asking");
  await page.getByRole("button", { name: "Remove: coffee.png" }).click();
  await page.unroute("**/classify*");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "done");
});

test("a card's name and picture lead to the large view", async ({ page, photos }) => {
  await page.getByRole("button", { name: "A coffee" }).click();
  await photos.settled(1);
  const card = photos.card("coffee.png");
  const picture = (await card.locator(".card-picture").boundingBox())!;
  await page.mouse.click(picture.x + picture.width / 2, picture.y + picture.height / 2);
  await expect(page).toHaveURL(/photo=coffee\.png/);
  await page.goBack();
  await photos.card("coffee.png").getByRole("link", { name: "coffee.png" }).click();
  await expect(page).toHaveURL(/photo=coffee\.png/);
});

test("arrows lead from card to card", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), sample("rocket.jpg"));
  await photos.settled(2);
  const link = (name: string) => photos.card(name).getByRole("link", { name });
  await link("coffee.png").focus();
  await page.keyboard.press("ArrowRight");
  await expect(link("rocket.jpg")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(link("coffee.png")).toBeFocused();
});

test("30 photos at once are a contact sheet of their best labels", async ({ page, photos }, info) => {
  await photos.choose(...different(30, (name) => info.outputPath(name)));
  await photos.settled(30, 50_000);
  const first = photos.cards.first();
  await expect(first.locator(".row:visible")).toHaveCount(1);
  await expect(first.locator(".row-label").first()).toHaveText("missile");
  const [one, two] = await Promise.all([0, 1].map((at) => photos.cards.nth(at).boundingBox()));
  expect(two!.y).toBe(one!.y);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(page.viewportSize()!.width);
});

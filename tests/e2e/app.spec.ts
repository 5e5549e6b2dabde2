// The page as an app: installed, opened without the server, and photos that other apps share.
import { type Page } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { banner, build, buildAnew, cacheNames, EXPECTED, keeps, leftOver, test } from "./standalone.ts";
import { expect, expectAccessible, golden, Photos, sample } from "./support.ts";

test.use({ serviceWorkers: "allow", expectedErrors: EXPECTED });
test.skip(({ viewport }) => viewport!.width > 1000, "it is the same on a desktop");

/** Shares files with Conch, as the browser does it for another app: a form, from outside the page. */
async function share(page: Page, url: string, ...files: string[]): Promise<void> {
  await page.goto("about:blank");
  await page.setContent(
    `<form action="${url}/share" method="post" enctype="multipart/form-data">
      <input type="file" name="photos" multiple><button>Share</button></form>`,
  );
  await page.locator("input").setInputFiles(files);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.locator("#main")).toBeVisible();
}

test("Chromium takes it for an app", async ({ page, app }) => {
  await page.goto(app.url);
  await keeps(page, (await build(page))!);
  const session = await page.context().newCDPSession(page);
  const { url, errors, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data!);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // Tests run in a private window, which installs nothing.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);

  const color = page.locator("meta[name=theme-color][data-scheme=light]");
  await expect(color).toHaveAttribute("content", manifest.theme_color);
  const icons = [...manifest.icons, { src: "icons/apple-touch-icon.png", sizes: "180x180" }];
  for (const { src, sizes } of icons) {
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, new URL(src, url).href);
    if (sizes !== "any") expect(size, src).toBe(sizes);
  }
  await page.goto(new URL(manifest.shortcuts[0].url, url).href);
  await expect(page.getByRole("dialog", { name: "Camera" })).toBeVisible();
});

test("the help offers to install it where the browser does", async ({ page, app }) => {
  await page.goto(`${app.url}/?sheet=help`);
  const help = page.getByRole("dialog", { name: "Help" });
  const button = help.getByRole("button", { name: "Install Conch" });
  await expect(help).toBeVisible();
  await expect(button).toHaveCount(0);
  const offer = () =>
    page.evaluate(() => {
      const event = new Event("beforeinstallprompt", { cancelable: true });
      const prompt = async () => void Object.assign(window, { prompted: true });
      dispatchEvent(Object.assign(event, { prompt }));
      return event.defaultPrevented;
    });
  expect(await offer(), "the browser's own bar stays away").toBe(true);
  await button.click();
  await expect(button).toHaveCount(0);
  expect(await page.evaluate(() => (window as { prompted?: boolean }).prompted)).toBe(true);
  await offer();
  await expect(button).toBeVisible();
  await page.evaluate(() => dispatchEvent(new Event("appinstalled")));
  await expect(button).toHaveCount(0);

  // As on an iPhone, which offers nothing to pages.
  await page.addInitScript(() => Object.assign(navigator, { standalone: false }));
  await page.reload();
  await expect(help).toContainText("Add to Home Screen");
});

test("it opens without the server, says what needs it, and goes on when it is back", async ({ page, app }) => {
  await page.goto(app.url);
  const id = (await build(page))!;
  await keeps(page, id);
  const files = await page.evaluate(async (name) => {
    const requests = await (await caches.open(name)).keys();
    return requests.map(({ url }) => new URL(url).pathname);
  }, `conch-${id}`);
  // What the page needs to start; neither the large samples, nor the laboratory, nor what the server says.
  const names = files.map((path) => path.replace(/-[0-9a-f]{12,16}(?=[._])/, ""));
  expect(names.sort()).toEqual([
    "/",
    "/app.js",
    "/app_bg.wasm",
    "/boot.js",
    "/conch.svg",
    "/keep.js",
    "/samples/small/chelsea.webp",
    "/samples/small/coffee.webp",
    "/samples/small/rocket.webp",
    "/standalone.js",
    "/start.js",
    "/style.css",
    "/worker.js",
    "/worker_bg.wasm",
  ]);

  await app.stop();
  await page.goto(`${app.url}/?sheet=help`);
  await expect(page.getByRole("dialog", { name: "Help" })).toContainText("the server does not answer");
  await page.goto(app.url);
  await expect(banner(page)).toContainText("The server does not answer");
  await page.context().setOffline(true);
  await expect(banner(page)).toContainText("This device is offline. The models are on the server");
  // All of it looks as it should: styles, and the samples' small pictures.
  await expect(page.locator(".sample img")).toHaveCount(3);
  const shown = () =>
    page.evaluate(() => [...document.querySelectorAll<HTMLImageElement>(".sample img")].map((it) => it.naturalWidth > 0));
  await expect.poll(shown).toEqual([true, true, true]);
  const photos = new Photos(page);
  await photos.choose(sample("coffee.png"));
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "waiting");

  await page.context().setOffline(false);
  await app.start();
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "done", { timeout: 25_000 });
  await expect(banner(page)).toBeEmpty();
});

test("a server that says nothing is not waited for", async ({ page, app }) => {
  // Between page and server, so that it can keep a connection and not answer.
  let isHolding = false;
  const sockets: Socket[] = [];
  const gate = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    if (isHolding) return;
    const server = connect(Number(new URL(app.url).port), "127.0.0.1").on("error", () => {});
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((listens) => gate.listen(0, "127.0.0.1", listens));
  const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}`;
  await page.goto(url);
  await keeps(page, (await build(page))!);
  isHolding = true;
  sockets.forEach((socket) => socket.destroy());
  await page.goto(url);
  await expect(page.getByText("Choose photos")).toBeVisible();
  sockets.forEach((socket) => socket.destroy());
  gate.close();
});

test("what is broken in the cache, the server mends", async ({ page, app }) => {
  await page.goto(app.url);
  const id = (await build(page))!;
  await keeps(page, id);
  const count = await page.evaluate(async (name) => {
    const cache = await caches.open(name);
    const requests = await cache.keys();
    for (const request of requests) {
      if (/app-.*\.wasm$/.test(request.url)) await cache.put(request, new Response("no wasm"));
      if (/worker-.*\.js$|style-.*\.css$|\/$/.test(request.url)) await cache.delete(request);
    }
    return requests.length;
  }, `conch-${id}`);
  await page.reload();
  const photos = new Photos(page);
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await expect.poll(() => page.evaluate(async (name) => (await (await caches.open(name)).keys()).length, `conch-${id}`)).toBe(count);
  await app.stop();
  await page.reload();
  await expect(page.getByText("Choose photos")).toBeVisible();
});

test("files that are not of one build are not kept, and the page does without", async ({ page, app, folder }) => {
  // The server is in the middle of an update: it has the new page, and still the old service worker.
  const worker = readFileSync(join(folder, "sw.js"));
  buildAnew(folder);
  writeFileSync(join(folder, "sw.js"), worker);
  await page.addInitScript(() => {
    const { prototype } = ServiceWorkerContainer;
    const { register } = prototype;
    prototype.register = async function (...options) {
      const registration = await register.apply(this, options);
      const { installing } = registration;
      const ended = new Promise((done) => {
        installing!.addEventListener("statechange", () => done(installing!.state));
      });
      Object.assign(window, { ended });
      return registration;
    };
  });
  await page.goto(app.url);
  const ended = await page.waitForFunction(() => (window as { ended?: Promise<string> }).ended);
  expect(await ended.jsonValue()).toBe("redundant");
  expect(await cacheNames(page)).toEqual([]);
  const photos = new Photos(page);
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
});

test.describe("a photo that another app shares", () => {
  test("lands on the page, once", async ({ page, app }) => {
    await page.goto(app.url);
    await keeps(page, (await build(page))!);
    await share(page, app.url, sample("coffee.png"), sample("rocket.jpg"), golden("hostile/text.jpg"));
    const photos = new Photos(page);
    await photos.settled(3);
    expect((await photos.labels("coffee.png"))[0]!.label).toBe("espresso");
    expect(await photos.why("text.jpg")).toContain("not a photo");
    expect(page.url()).toBe(`${app.url}/`);
    expect(await leftOver(page)).toBe(0);
    await page.reload();
    await expect(page.getByText("Choose photos")).toBeVisible();
    await expect(photos.cards).toHaveCount(0);

    await share(page, app.url);
    await expect(page.locator(".notices")).toContainText("no photo was in it");
    expect(page.url()).toBe(`${app.url}/`);
  });

  test("comes after those that are in the app's window", async ({ page, app, context }) => {
    // Its window is known by its looks alone.
    await context.addInitScript(() => {
      const real = matchMedia;
      window.matchMedia = (query) => real(query.replace("standalone", "browser"));
    });
    await page.goto(app.url);
    await keeps(page, (await build(page))!);
    const photos = new Photos(page);
    await photos.choose(sample("rocket.jpg"));
    await photos.settled(1);
    const other = await context.newPage();
    await share(other, app.url, sample("coffee.png"));
    await new Photos(other).settled(2);
    await expect(other.getByRole("article").first()).toHaveAccessibleName("rocket.jpg");
  });

  test.describe("where no service worker is yet", () => {
    test.use({ serviceWorkers: "block" });

    test("is said not to have come", async ({ page, app }) => {
      await share(page, app.url, sample("coffee.png"));
      await expect(page.locator(".notices")).toContainText("Share it once more, or add it here");
      expect(page.url()).toBe(`${app.url}/`);
      await expectAccessible(page, "not shared");
    });
  });
});

// The page as an app: installed, opened without the server, renewed with its photos on it, and photos
// that other apps share.
import { type Page } from "@playwright/test";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conch, expect, expectAccessible, golden, openPhoto, Photos, ROOT, sample, test as base } from "./support.ts";

const test = base.extend<{ folder: string; app: Conch }>({
  /** A copy of the built page, to be changed. */
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "conch-page-"));
    cpSync(join(ROOT, "frontend/dist"), folder, { recursive: true });
    await use(folder);
    rmSync(folder, { recursive: true });
  },
  /** The server of that page. */
  app: async ({ folder }, use) => {
    const app = await new Conch(["--page-dir", folder]).start();
    await use(app);
    await app.stop();
  },
});
/** What the browser itself reports where the server is away, or a file is broken. */
const EXPECTED = /^Failed to (load resource|fetch)|Network error|WebAssembly/;
test.use({ serviceWorkers: "allow", expectedErrors: EXPECTED });
test.skip(({ viewport }) => viewport!.width > 1000, "it is the same on a desktop");

const SAMPLES = ["chelsea.png", "coffee.png", "rocket.jpg"];

const buildOf = (html: string) => /name="conch-build" content="(\w+)"/.exec(html)![1]!;
const build = (page: Page) => page.locator("meta[name=conch-build]").getAttribute("content");
const banner = (page: Page) => page.getByRole("alert");
const cacheNames = (page: Page) => page.evaluate(() => caches.keys());

/** Makes another build of the page in a folder, as the build itself would: a file has another content and
 * thus another name, and page and service worker know of it. */
function buildAnew(folder: string, after = "0123456789abcdef"): string {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const [style] = /base-[0-9a-f]+\.css/.exec(html)!;
  const before = buildOf(html);
  const change = (name: string) => {
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), text.replaceAll(style, `base-${after}.css`).replaceAll(before, after));
    for (const copy of ["br", "gz"]) rmSync(join(folder, `${name}.${copy}`), { force: true });
  };
  renameSync(join(folder, style), join(folder, `base-${after}.css`));
  change("index.html");
  change("sw.js");
  return after;
}

/** The page looks at once what the server has. */
const look = (page: Page) => page.evaluate(() => dispatchEvent(new Event("online")));

/** Waits until the service worker has all files of a build, and those of no other. */
async function keeps(page: Page, build: string): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await expect.poll(() => cacheNames(page)).toEqual([`conch-${build}`]);
}

/** How many things are kept for another page. */
const leftOver = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    if (!databases.some(({ name }) => name === "conch")) return 0;
    const database = await new Promise<IDBDatabase>((done) => {
      const request = indexedDB.open("conch");
      request.onsuccess = () => done(request.result);
    });
    const count = await new Promise<number>((done) => {
      const request = database.transaction("kept").objectStore("kept").count();
      request.onsuccess = () => done(request.result);
    });
    database.close();
    return count;
  });

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
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((it) => /\/(api|v2|health|trust|metrics|lab|sw\.js|samples\/[^/]+$)/.test(it))).toEqual([]);

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
      if (/worker-.*\.js$|base-.*\.css$|\/$/.test(request.url)) await cache.delete(request);
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
    /** What the browser itself reports where the server is away, or a file is broken. */
const EXPECTED = /^Failed to (load resource|fetch)|Network error|WebAssembly/;
test.use({ serviceWorkers: "block" });

    test("is said not to have come", async ({ page, app }) => {
      await share(page, app.url, sample("coffee.png"));
      await expect(page.locator(".notices")).toContainText("Share it once more, or add it here");
      expect(page.url()).toBe(`${app.url}/`);
      await expectAccessible(page, "not shared");
    });
  });
});

test.describe("a new build of the page", () => {
  const reload = (page: Page) => banner(page).getByRole("button", { name: "Reload the page" }).click();

  test("is offered, and taken with all photos", async ({ page, app, folder }) => {
    await page.goto(app.url);
    const photos = new Photos(page);
    await photos.choose(...SAMPLES.map(sample));
    await photos.settled(3);
    await page.getByRole("button", { name: "Remove: chelsea.png" }).click();
    await photos.settled(2);
    await keeps(page, (await build(page))!);
    await openPhoto(page, "3");
    await page.getByRole("application", { name: "The square that the model sees" }).focus();
    for (const key of ["+", "+", "ArrowRight"]) await page.keyboard.press(key);
    await expect(page.locator(".stage-note")).not.toContainText("the square in the middle");
    const square = (await page.locator(".stage-note").textContent())!;
    await expect(banner(page)).toBeEmpty();

    buildAnew(folder);
    await look(page);
    await expect(banner(page)).toContainText("The server has a newer build of this page");
    await banner(page).getByRole("button", { name: "Not now" }).click();
    await expect(banner(page)).toBeEmpty();

    // The next one is offered all the same. A server that is gone when it is wanted leaves the page as it is.
    const after = buildAnew(folder, "fedcba9876543210");
    await look(page);
    await expect(banner(page)).toContainText("newer build");
    await app.stop();
    await reload(page);
    await expect(banner(page)).toContainText("The server does not answer");
    await expect(page.locator("#photo-title")).toHaveText("rocket.jpg");
    await app.start();
    await expect(banner(page)).toContainText("newer build", { timeout: 25_000 });

    await reload(page);
    await expect(page.locator("meta[name=conch-build]")).toHaveAttribute("content", after);
    await expect(page.locator("#photo-title")).toHaveText("rocket.jpg");
    await expect(page.locator(".stage-note")).toHaveText(square);
    await expect(banner(page)).toBeEmpty();
    expect(new URL(page.url()).search).toBe("?photo=2");
    expect(await leftOver(page)).toBe(0);
    await page.keyboard.press("g");
    await photos.settled(2);
    await expect(photos.cards.first()).toHaveAccessibleName("coffee.png");
    await expect(photos.cards.last()).toHaveAccessibleName("rocket.jpg");

    await keeps(page, after);
    await app.stop();
    await page.reload();
    await expect(page.locator("meta[name=conch-build]")).toHaveAttribute("content", after);
    await expect(banner(page)).toContainText("The server does not answer");
  });

  test("where the photos cannot be kept, that is said before any is lost", async ({ page, app, folder }) => {
    // A browser without room says so when all is written.
    await page.addInitScript(() => {
      IDBObjectStore.prototype.put = function () {
        this.transaction.abort();
        return {} as IDBRequest<IDBValidKey>;
      };
    });
    await page.goto(app.url);
    const photos = new Photos(page);
    await photos.choose(sample("coffee.png"));
    await photos.settled(1);
    const after = buildAnew(folder);
    await look(page);
    await reload(page);
    await expect(banner(page)).toContainText("cannot keep the photos");
    await photos.settled(1);
    await banner(page).getByRole("button", { name: "Not now" }).click();
    await expect(banner(page)).toBeEmpty();

    buildAnew(folder, "fedcba9876543210");
    await look(page);
    await reload(page);
    await banner(page).getByRole("button", { name: "Reload without the photos" }).click();
    await expect(page.locator("meta[name=conch-build]")).not.toHaveAttribute("content", after);
    await expect(photos.cards).toHaveCount(0);
  });

  test("what nobody took for ten minutes is deleted, not shown", async ({ page, app }) => {
    await page.goto(app.url);
    await expect(page.getByText("Choose photos")).toBeVisible();
    const key = await page.evaluate(async () => {
      const { now } = Date;
      Date.now = () => now() - 11 * 60_000;
      const keep = (window as unknown as { conchKeep: { put: (it: unknown) => Promise<string> } }).conchKeep;
      return keep.put({ photos: [{ name: "old.png", file: new Blob(["old"]) }] });
    });
    expect(await leftOver(page)).toBe(1);
    await page.goto(`${app.url}/?kept=${key}`);
    await expect(page.locator(".notices")).toContainText("ten minutes at most");
    expect(page.url()).toBe(`${app.url}/`);
    expect(await leftOver(page)).toBe(0);
    await expect(page.locator("article")).toHaveCount(0);
  });
});

// A network that is slow or not there, a server that goes and comes back: the page says so, keeps what
// it has and goes on by itself.
import type { Route } from "@playwright/test";
import { expect, sample, test } from "./support.ts";

test.use({ expectedErrors: /^Failed to (load resource|fetch)|Network error/ });

test("a device that is offline is told so, and goes on by itself", async ({ page, photos }) => {
  await page.context().setOffline(true);
  const banner = page.getByRole("alert");
  await expect(banner).toContainText("This device is offline");
  await expect(page.locator(".colophon")).not.toContainText("Answered by");
  await photos.choose(sample("coffee.png"));
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "waiting");
  await page.context().setOffline(false);
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "done");
  await expect(banner).toBeEmpty();
  await expect(page.locator(".colophon")).toContainText("Answered by");
});

test("a device that goes offline while the server is asked about is told so at once", async ({ page, photos: _ }) => {
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const status = await (await page.request.get(new URL("/api/status", page.url()).href)).json();
  const answerLate = async (route: Route) => {
    asked();
    await held;
    await route.fulfill({ json: status });
  };
  await page.route("**/api/status", answerLate, { times: 1 });
  await page.evaluate(() => dispatchEvent(new Event("online"))); // the page looks at once
  await isAsked;
  await page.context().setOffline(true);
  await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false);
  answer();
  await expect(page.getByRole("alert")).toContainText("This device is offline");
});

test("a network that is gone a moment after the browser says so is noticed", async ({ page, photos: _ }, { project }) => {
  test.skip(project.name === "desktop", "nothing of it depends on the screen");
  // The server still answers when the page is told, and does not afterwards.
  const online = (is: boolean) =>
    page.evaluate((is) => {
      Object.defineProperty(navigator, "onLine", { value: is, configurable: true });
      dispatchEvent(new Event(is ? "online" : "offline"));
    }, is);
  const answered = page.waitForResponse("**/api/status");
  await online(false);
  await (await answered).finished();
  await page.route("**/api/status", (route) => route.abort());
  await expect(page.getByRole("alert")).toContainText("This device is offline");
  await page.unroute("**/api/status");
  await online(true);
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("an answer that takes long is said to, and then comes", async ({ page, photos }) => {
  await page.clock.install();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route("**/classify*", async (route) => {
    await held;
    await route.continue();
  });
  await photos.choose(sample("coffee.png"));
  const card = photos.card("coffee.png");
  await expect(card).toHaveAttribute("data-state", "asking");
  await expect(card).toContainText("Asking the model");
  await page.clock.fastForward(5_100);
  await expect(card).toContainText("The server takes longer than usual");
  answer();
  await expect(card).toHaveAttribute("data-state", "done");
});

test("a Triton that is away answers nothing, and the footer does not say so", async ({ page, conch }) => {
  const status = await (await page.request.get(`${conch.url}/api/status`)).json();
  const replicas = [{ name: "triton", ready: false }];
  const backend = { ...status.backend, kind: "triton", engine: "Triton 2.51.0", replicas };
  await page.route("**/api/status", (route) => route.fulfill({ json: { ...status, backend } }));
  await page.route("**/api/models", (route) => route.fulfill({ json: { default: null, models: [] } }));
  await page.goto(conch.url);
  await expect(page.getByRole("alert")).toContainText("Triton, which runs the models, does not answer");
  await expect(page.locator(".colophon")).not.toContainText("Answered by");
});

test("a server that is gone in the middle of a batch: the finished stay, the others go on", async ({
  page,
  ownConch: conch,
}) => {
  await page.goto(conch.url);
  // The first two photos go through; the server ends before the third is answered.
  let asked = 0;
  let ended = () => {};
  const end = new Promise<void>((resolve) => (ended = resolve));
  await page.route("**/classify*", async (route) => {
    if (++asked > 2) await end;
    await route.continue().catch(() => {});
  });
  const names = ["coffee.png", "chelsea.png", "rocket.jpg"];
  await page.locator("input[type=file]").setInputFiles(names.map(sample));
  await page.locator("input[type=file]").setInputFiles(names.map(sample));
  await expect(page.locator("article[data-state=done]")).toHaveCount(2);
  await conch.stop();
  ended();
  await page.unroute("**/classify*");
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await expect(page.locator("article[data-state=done]")).toHaveCount(2);
  await expect(page.locator("article[data-state=waiting]")).toHaveCount(4);
  await conch.start();
  await expect(page.locator("article[data-state=done]")).toHaveCount(6, { timeout: 25_000 });
  await expect(page.getByRole("alert")).toBeEmpty();
});

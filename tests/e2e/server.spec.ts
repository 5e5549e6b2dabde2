// The server goes away and comes back; it refuses; it says nothing.
import { expect, sample, test } from "./support.ts";

// The browser itself reports every request that fails, the worker's wasm on its way included.
test.use({ expectedErrors: /^Failed to (load resource|fetch)|Network error/ });

test("photos wait while the server is away and go on when it is back", async ({
  page,
  ownConch: conch,
}) => {
  await page.goto(conch.url);
  await page.locator("input[type=file]").setInputFiles(sample("rocket.jpg"));
  await expect(page.locator("article[data-state=done]")).toHaveCount(1);

  await conch.stop();
  await page.locator("input[type=file]").setInputFiles([sample("coffee.png"), sample("chelsea.png")]);
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await expect(page.locator("article[data-state=waiting]")).toHaveCount(2);
  await expect(page.locator("article[data-state=done]")).toHaveCount(1);

  await conch.start();
  await expect(page.locator("article[data-state=done]")).toHaveCount(3, { timeout: 20_000 });
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("a sample that is tried while the server is away waits as well", async ({
  page,
  ownConch: conch,
}) => {
  await page.goto(conch.url);
  await expect(page.getByLabel("Model").or(page.getByText("Answered by"))).not.toHaveCount(0);
  await conch.stop();
  await page.getByRole("button", { name: "A coffee" }).click();
  await expect(page.getByRole("alert")).toContainText("The server does not answer");
  await conch.start();
  // Where the worker was not there yet either, the page gives it 20 s before it starts another.
  await expect(page.locator("article[data-state=done]")).toHaveCount(1, { timeout: 45_000 });
});

test("a refusal is said in the server's words, and can be tried again", async ({ page, photos }) => {
  await page.route("**/classify*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      json: {
        type: "about:blank",
        title: "Queue full",
        status: 503,
        detail: "64 requests wait for mobilenet already; try again in a second",
        code: "queue_full",
      },
    }),
  );
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  expect(await photos.why("coffee.png")).toBe(
    "64 requests wait for mobilenet already; try again in a second.",
  );
  await expect(page.getByRole("alert")).toBeEmpty();
  await page.unroute("**/classify*");
  await page.getByRole("button", { name: "Try again: coffee.png" }).click();
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "done");
});

/** A refusal as the server writes it. */
const refusal = (code: string, detail: string) => ({
  status: 503,
  contentType: "application/problem+json",
  json: { type: "about:blank", title: "Refused", status: 503, detail, code },
});

test("a photo that finds the queue full asks again by itself", async ({ page, photos }) => {
  let refused = 0;
  await page.route("**/classify*", (route) =>
    ++refused <= 2
      ? route.fulfill(refusal("overloaded", "64 requests wait already"))
      : route.continue(),
  );
  await photos.choose(sample("coffee.png"));
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "done");
  expect(refused).toBe(3);
});

test("a photo waits for a model that went away, and goes on when it is back", async ({
  page,
  photos,
}) => {
  const list = await (await page.request.get(new URL("/api/models", page.url()).href)).json();
  const reason = "No Triton answers";
  const away = list.models.map((model: object) => ({ ...model, state: "unavailable", reason }));
  await page.route("**/api/models", (route) => route.fulfill({ json: { models: away } }));
  await page.route("**/classify*", (route) => route.fulfill(refusal("model_unavailable", reason)));
  await photos.choose(sample("coffee.png"));
  await expect(page.getByRole("alert")).toContainText(reason);
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "waiting");

  await page.unroute("**/classify*");
  await page.unroute("**/api/models");
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "done");
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("a connection that breaks each time fails the photo in the end", async ({ page, photos }) => {
  await page.route("**/classify*", (route) => route.abort("connectionreset"));
  await photos.choose(sample("coffee.png"));
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "failed", {
    timeout: 30_000,
  });
  expect(await photos.why("coffee.png")).toContain("The connection broke off each time");
});

test("an answer that cannot be understood is said", async ({ page, photos }) => {
  await page.route("**/classify*", (route) => route.fulfill({ json: { results: [] } }));
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  expect(await photos.why("coffee.png")).toContain("does not understand");
});

test("a removed photo's request is aborted", async ({ page, photos }) => {
  await page.route("**/classify*", () => {}); // never answered
  const aborted = page.waitForEvent("requestfailed", (request) =>
    request.url().includes("/classify"),
  );
  await photos.choose(sample("coffee.png"));
  await expect(photos.card("coffee.png")).toHaveAttribute("data-state", "asking");
  await page.getByRole("button", { name: "Remove: coffee.png" }).click();
  expect((await aborted).failure()?.errorText).toBe("net::ERR_ABORTED");
});

test("a server without a model that is ready says why", async ({ page, conch }) => {
  await page.route("**/api/models", (route) =>
    route.fulfill({
      json: {
        default: null,
        models: [
          { name: "mobilenet", state: "unavailable", reason: "1/mobilenetv2.onnx is missing", versions: [] },
        ],
      },
    }),
  );
  await page.goto(conch.url);
  await expect(page.getByRole("alert")).toContainText("no model that is ready");
  await expect(page.getByRole("alert")).toContainText("mobilenet: 1/mobilenetv2.onnx is missing.");
});

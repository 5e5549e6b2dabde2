// Choosing a model, losing it, and two of them side by side.
import type { Page } from "@playwright/test";
import {
  addTwin, chooseModel, expect, letTwinDiffer, openPhoto, refusal, sample, test,
} from "./support.ts";

/** The list of models without `twin`, from now on; photos that ask it are told so. */
async function loseTwin(page: Page): Promise<void> {
  const list = await page.evaluate(async () => (await fetch("/api/models")).json());
  const models = list.models.filter(({ name }: { name: string }) => name !== "twin");
  await page.route("**/api/models", (route) => route.fulfill({ json: { ...list, models } }));
  await page.route("**/twin/classify*", (route) =>
    route.fulfill(refusal(404, "unknown_model", 'there is no model "twin"')),
  );
}

test("the sheet says what the server says of a model", async ({ page, photos }) => {
  void photos;
  const [model] = (await (await page.request.get(new URL("/api/models", page.url()).href)).json()).models;
  const { display } = model.spec;
  await page.getByRole("button", { name: `Model: ${display.title}` }).click();
  const entry = page.getByRole("dialog", { name: "Models" }).getByRole("listitem");
  await expect(entry).toHaveCount(1);
  for (const fact of [
    display.title, display.description, display.source, display.license, model.name,
    "224 × 224 pixels, RGB, NCHW FP32", "1,000", "32 photos", "Answers now",
  ]) {
    await expect(entry).toContainText(fact);
  }
});

test("a model that is not ready says why and cannot be chosen", async ({ page, conch }) => {
  await page.route("**/api/models", async (route) => {
    const response = await route.fetch();
    const list = await response.json();
    list.models.push({ name: "resnet", state: "unavailable", reason: "1/model.onnx is missing", versions: [] });
    await route.fulfill({ response, json: list });
  });
  await page.goto(conch.url);
  await page.getByRole("button", { name: /^Model: / }).click();
  const entry = page.getByRole("listitem").filter({ hasText: "resnet" });
  await expect(entry).toContainText("Not ready");
  await expect(entry).toContainText("1/model.onnx is missing.");
  await expect(entry.getByRole("button")).toHaveCount(0);
});

test("a server without models says how to get one", async ({ page, conch }) => {
  await page.route("**/api/models", (route) => route.fulfill({ json: { default: null, models: [] } }));
  await page.goto(conch.url);
  await page.getByRole("button", { name: "Model: none is ready" }).click();
  await expect(page.getByRole("dialog")).toContainText("scripts/setup/models.sh");
});

test("the chosen model is in the address, and Back leads to the one before", async ({ page, photos }) => {
  await addTwin(page);
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  const model = photos.card("coffee.png").locator(".readout-model");
  await expect(model).toHaveText("EfficientNet-Lite0");

  const opener = page.getByRole("button", { name: /^Model: / });
  await opener.focus();
  await page.keyboard.press("Enter");
  const use = page.getByRole("button", { name: "Use this model: Twin" });
  await expect(use).toBeVisible();
  for (let presses = 0; presses < 5; presses++) {
    if (await use.evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(model).toHaveText("Twin");
  expect(new URL(page.url()).searchParams.get("model")).toBe("twin");

  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(model).toHaveText("EfficientNet-Lite0");
  await page.goForward();
  await expect(model).toHaveText("Twin");
});

test("the address's model answers when the page is opened", async ({ page, photos }) => {
  await addTwin(page);
  await page.goto(new URL("/?model=twin", page.url()).href);
  await expect(page.getByRole("button", { name: "Model: Twin" })).toBeVisible();
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await expect(photos.card("coffee.png").locator(".readout-model")).toHaveText("Twin");
});

test("a model that the server does not have is said; the default answers", async ({ page, conch }) => {
  await page.goto(`${conch.url}/?model=resnet`);
  await expect(page.getByText("The server does not have resnet. EfficientNet-Lite0 answers now.")).toBeVisible();
  await page.getByRole("button", { name: "Keep EfficientNet-Lite0" }).click();
  await expect(page.getByText("The server does not have resnet.")).toHaveCount(0);
  expect(new URL(page.url()).searchParams.get("model")).toBe("efficientnet_lite0");
});

test.describe("a model that goes", () => {
  test.use({ expectedErrors: /^Failed to load resource/ });

  test("while photos ask it is said, and another one answers them", async ({ page, photos }) => {
    await addTwin(page);
    await chooseModel(page, "Twin");
    await photos.choose(sample("coffee.png"));
    await photos.settled(1);
    await loseTwin(page);
    await photos.choose(sample("rocket.jpg"));
    await expect(page.getByText("The server does not have Twin. EfficientNet-Lite0 answers now.")).toBeVisible();
    await photos.settled(2);
    for (const name of ["coffee.png", "rocket.jpg"]) {
      const card = photos.card(name);
      await expect(card).toHaveAttribute("data-state", "done");
      await expect(card.locator(".readout-model")).toHaveText("EfficientNet-Lite0");
    }
  });

  test("is said where it was the second, and can be tried again", async ({ page, photos }) => {
    await addTwin(page);
    await photos.choose(sample("coffee.png"));
    await photos.settled(1);
    await page.route("**/twin/classify*", (route) =>
      route.fulfill(refusal(500, "failed", "the model gave no numbers")),
    );
    await openPhoto(page, "1", "compare");
    await expect(page.locator(".compare .failure")).toContainText("The model gave no numbers.");
    await page.unroute("**/twin/classify*");
    await letTwinDiffer(page);
    await page.getByRole("button", { name: "Try again: Twin" }).click();
    await expect(page.getByText(/^They disagree/)).toBeVisible();

    await loseTwin(page);
    await page.reload();
    await photos.choose(sample("coffee.png"));
    await openPhoto(page, "1", "compare");
    await expect(page.getByText("The server has no second model that is ready.")).toBeVisible();
  });
});

test.describe("a second model whose connection breaks off each time", () => {
  test.use({ expectedErrors: /^Failed to load resource/ });

  test("fails in the end, and can be tried again", async ({ page, photos }) => {
    await page.clock.install();
    await addTwin(page);
    await photos.choose(sample("coffee.png"));
    await photos.settled(1);
    let asked = 0;
    await page.route("**/twin/classify*", async (route) => {
      asked += 1;
      await route.abort("connectionreset");
    });
    await openPhoto(page, "1", "compare");
    // The page waits for the server, which is there, before it asks again.
    const failure = page.locator(".compare .failure");
    await expect(async () => {
      await page.clock.fastForward(3_000);
      await expect(failure).toContainText("The connection broke off each time", { timeout: 500 });
    }).toPass();
    expect(asked).toBe(4);
    await Promise.all([page.waitForResponse("**/api/status"), page.clock.fastForward(60_000)]);
    expect(asked).toBe(4);

    await page.unroute("**/twin/classify*");
    await letTwinDiffer(page);
    await page.getByRole("button", { name: "Try again: Twin" }).click();
    await expect(page.getByRole("heading", { name: "Two models on the same photo" })).toBeFocused();
    await expect(page.getByText(/^They disagree/)).toBeVisible();
  });
});

test("two models side by side: what both have, what one has, and how they differ", async ({ page, photos }) => {
  await addTwin(page);
  await letTwinDiffer(page);
  await photos.choose(sample("chelsea.png"));
  await photos.settled(1);
  await openPhoto(page, "1", "compare");
  await expect(
    page.getByText("They disagree: EfficientNet-Lite0 says tiger cat (38.3 %), Twin says Egyptian cat (50.0 %)."),
  ).toBeVisible();
  const rows = page.getByRole("list", { name: "The labels of both models" }).getByRole("listitem");
  await expect(rows).toHaveCount(6);
  await expect(rows.nth(0)).toContainText("place 1 → 2, −13.3 points");
  await expect(rows.nth(1)).toContainText("place 2 → 1, +13.0 points");
  await expect(rows.nth(2)).toContainText("same place, −3.6 points");
  await expect(rows.nth(3)).toContainText("only EfficientNet-Lite0");
  await expect(rows.nth(5)).toContainText("goldfish");
  await expect(rows.nth(5)).toContainText("only Twin");
  await expect(page.locator(".duel-times")).toHaveText([/model .+, request .+ m?s/, /model .+, request .+ m?s/]);
});

test("the two models change places when the first is chosen anew", async ({ page, photos }) => {
  await addTwin(page);
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await openPhoto(page, "1", "compare");
  await expect(page.getByText("Both say espresso: 95.7 % and 95.7 %.")).toBeVisible();
  await expect(page.getByLabel("Second model")).toHaveValue("twin");
  await chooseModel(page, "Twin");
  await expect(page.getByLabel("Second model")).toHaveValue("efficientnet_lite0");
  await expect(page.locator(".duel-title")).toHaveText([/^Twin/, /^EfficientNet-Lite0 version 1/]);
});

test("with one model the comparison says how to add another", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await openPhoto(page, "1", "compare");
  await expect(page.getByText("The server has no second model that is ready.")).toBeVisible();
  await expect(page.getByText("model_repo")).toBeVisible();
});

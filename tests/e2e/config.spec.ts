// The laboratory's last step: a model's config.pbtxt, line by line, each with its meaning.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { code, expectFilled, expectNarrow, lines, MODEL, open } from "./laboratory.ts";
import { expect, expectAccessible, ROOT, test } from "./support.ts";

const CONFIG = join(ROOT, "model_repo", MODEL, "config.pbtxt");
const LINES = "Lines of config.pbtxt";

test("config.pbtxt stands there to the letter, and each field has its meaning", async ({
  page,
  photos: _,
}) => {
  await open(page, "config");
  const box = lines(page, LINES);
  const file = readFileSync(CONFIG, "utf8").trimEnd().split("\n");
  await expect(box.locator("li")).toHaveCount(file.length);
  expect(await code(box)).toEqual(file.filter((line) => line !== ""));
  const bare = box.locator("li:not(.has-note):has(.code-name)");
  expect(await bare.allTextContents(), "lines without a note").toEqual([]);

  const size = box.getByRole("option", { name: /^max_batch_size: 32/ });
  await size.click();
  await expect(size).toHaveAttribute("aria-selected", "true");
  await expect(size.locator(".code-note")).toBeInViewport();
  await expect(size.locator(".code-note")).toContainText("Up to 32 items");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(":focus")).toHaveText(/^dynamic_batching \{ \}The dynamic batcher/);
  await page.keyboard.press("Home");
  await expect(page.locator(":focus")).toHaveText(/^name: /);
});

test("braces with something in them are not said to be empty", async ({ page, photos: _ }) => {
  const delayed = readFileSync(CONFIG, "utf8").replace(
    "dynamic_batching { }",
    "dynamic_batching {\n  max_queue_delay_microseconds: 100\n}",
  );
  await page.route(`**/api/models/${MODEL}/config`, (route) => route.fulfill({ body: delayed }));
  await open(page, "config");
  const line = lines(page, LINES).getByRole("option", { name: /^dynamic_batching/ });
  await expect(line).toHaveText(/What stands in the braces says how\.$/);
});

test.describe("when it does not come", () => {
  test.use({ expectedErrors: /^Failed to load resource/ });

  test("it says why, and tries again", async ({ page, photos: _ }) => {
    const config = `**/api/models/${MODEL}/config`;
    await page.route(config, (route) => route.abort());
    await open(page, "config");
    await expect(page.getByText("The server does not answer. Try again")).toBeVisible();
    await page.unroute(config);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(lines(page, LINES)).toBeVisible();
    await expect(page.locator("#inside-title")).toBeFocused();
  });
});

test("axe finds nothing, with a line chosen, and it fits 320 px", async ({ page, photos: _ }) => {
  await open(page, "config");
  await expectFilled(page);
  await page.getByRole("option").first().click();
  await expectAccessible(page, "a line is chosen");
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNarrow(page, "config");
});

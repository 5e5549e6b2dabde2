// Addresses: each place has one, Back and Forward lead between them, a teacher's link opens where it
// says, and one that leads nowhere is put right.
import { expect, expectAccessible, listen, sample, test } from "./support.ts";

test("a link to a sample photo loads it and opens it where it says", async ({ page, conch }) => {
  await page.goto(`${conch.url}/?photo=coffee.png&panel=inside&step=tensor`);
  await expect(page.locator("#photo-title")).toHaveText("coffee.png");
  await expect(page.locator(".tab[aria-current=page]")).toHaveText("Inside");
  await expect(page).toHaveTitle("Inside coffee.png – Conch");
  await expect(page).toHaveURL(/\?photo=coffee\.png&panel=inside&step=tensor$/);
  await page.locator(".wordmark-link").click();
  await expect(page.getByRole("article", { name: "coffee.png" })).toHaveAttribute("data-state", "done");
  await expect(page).toHaveTitle("Conch: what is in the photo?");
});

for (const photo of ["7", "cup.jpg"]) {
  test(`a photo that is not here leads to the gallery, which says so: ${photo}`, async ({ page, conch }) => {
    const spoken = await listen(page);
    await page.goto(`${conch.url}/?photo=${photo}&panel=why`);
    await expect(page.getByText("Choose photos")).toBeVisible();
    await expect(page).toHaveURL(/\/$/);
    await expect(page).toHaveTitle("Conch: what is in the photo?");
    const sentence = "The photo of this address is not here: photos go when the page is closed or loaded anew. Add it once more.";
    await expect(page.getByRole("region", { name: "Notices" })).toContainText(sentence);
    await expectAccessible(page, "a photo that is not here");
    await page.getByRole("button", { name: "A coffee" }).click();
    await expect(page.getByRole("article", { name: "coffee.png" })).toHaveAttribute("data-state", "done");
    await expect.poll(spoken).toEqual([sentence, expect.stringMatching(/^coffee\.png: espresso/)]);
  });
}

test("a photo that is removed while it is open needs no explanation", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"), sample("coffee.png"));
  await photos.settled(2);
  await photos.cards.last().getByRole("link").click();
  await expect(page).toHaveURL(/photo=2/);
  await page.clock.install();
  const spoken = await listen(page);
  await page.getByRole("button", { name: "Remove the copies" }).click();
  await expect(photos.cards).toHaveCount(1);
  await page.clock.fastForward(1000);
  await expect.poll(spoken).toEqual(["coffee.png is removed."]);
});

test("who goes on to a photo that was removed meanwhile is told that it is not here", async ({ page, photos }) => {
  await photos.choose(sample("coffee.png"));
  await photos.settled(1);
  await photos.cards.getByRole("link").click();
  await expect(page.locator("#photo-title")).toBeVisible();
  await page.goBack();
  await page.getByRole("button", { name: "Remove: coffee.png" }).click();
  const spoken = await listen(page);
  await page.goForward();
  await expect(page).toHaveURL(/\/$/);
  await expect.poll(spoken).toEqual([expect.stringContaining("The photo of this address is not here")]);
});

test("words that nobody understands do no harm", async ({ page, conch }) => {
  await page.goto(`${conch.url}/?photo=coffee.png&panel=%00&step=9&sheet=x&y=z`);
  await expect(page.locator("#photo-title")).toHaveText("coffee.png");
  await expect(page.locator(".tab[aria-current=page]")).toHaveText("Answer");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("Back and Forward lead through photos and panels", async ({ page, conch }) => {
  await page.goto(`${conch.url}/?photo=coffee.png`);
  await page.getByRole("link", { name: "Why?" }).click();
  await expect(page).toHaveURL(/panel=why/);
  await expect(page).toHaveTitle("Why? coffee.png – Conch");
  await page.getByRole("link", { name: "Inside" }).first().click();
  await expect(page).toHaveURL(/panel=inside/);
  await page.goBack();
  await expect(page.locator(".tab[aria-current=page]")).toHaveText("Why?");
  await page.goBack();
  await expect(page.locator(".tab[aria-current=page]")).toHaveText("Answer");
  await page.goForward();
  await expect(page.locator(".tab[aria-current=page]")).toHaveText("Why?");
  await expect(page).toHaveTitle("Why? coffee.png – Conch");
});

test("who comes back to the gallery finds it as far scrolled as it was", async ({ page, photos }) => {
  const names = ["coffee.png", "chelsea.png", "rocket.jpg"].map(sample);
  await photos.choose(...names);
  await photos.settled(3);
  await page.setViewportSize({ width: 390, height: 400 });
  const link = page.getByRole("article", { name: "rocket.jpg" }).getByRole("link").first();
  await link.scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollBy(0, 31));
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(100);
  await link.evaluate((it: HTMLElement) => it.click());
  await expect(page.locator("#photo-title")).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await page.goBack();
  await expect(page.getByRole("article", { name: "rocket.jpg" })).toBeInViewport();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(before);
});

test("a model that the address names answers", async ({ page, conch }) => {
  const list = await (await page.request.get(`${conch.url}/api/models`)).json();
  const [model] = list.models;
  const spec = { ...model.spec, name: "twin", display: { ...model.spec.display, title: "Twin" } };
  await page.route("**/api/models", (route) =>
    route.fulfill({ json: { ...list, models: [model, { ...model, name: "twin", spec }] } }),
  );
  const asked = page.waitForRequest("**/api/models/twin/classify*");
  await page.route("**/api/models/twin/classify*", async (route) => {
    const url = route.request().url().replace("/twin/", `/${model.name}/`);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await page.goto(`${conch.url}/?model=twin&photo=coffee.png`);
  await asked;
  await expect(page).toHaveURL(/\?model=twin&photo=coffee\.png$/);
  await expect(page.locator(".photo-page")).toHaveAttribute("data-state", "done");
});

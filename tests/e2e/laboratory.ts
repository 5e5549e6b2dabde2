// What the laboratory's tests share: the way to a step, what was sent and said meanwhile, and the
// tensor that the model takes.
import type { Locator, Page, Request, Response } from "@playwright/test";
import { expect, sample } from "./support.ts";

export const MODEL = "efficientnet_lite0";
/** Side of the model's square, pixels, and pixels of a channel. */
export const SIDE = 224;
export const PLANE = SIDE * SIDE;

export type Recipe = { mean: number[]; std: number[] };
export type Prediction = { index: number; label: string; score: number };
type Opened = { sent: Buffer; predictions: Prediction[]; recipe: Recipe };

/** Puts a photo on the page and opens a step of it; gives what the page sent and was told. */
export async function open(page: Page, step: string, photo = "coffee.png"): Promise<Opened> {
  const request = page.waitForRequest("**/classify*");
  const response = page.waitForResponse("**/classify*");
  await page.locator("input[type=file]").setInputFiles(sample(photo));
  const sent = await request;
  const predictions = (await (await response).json()).results[0];
  await go(page, step);
  const list = await (await page.request.get(new URL("/api/models", page.url()).href)).json();
  const { recipe } = list.models[0].spec;
  return { sent: sent.postDataBuffer()!.subarray(headerOf(sent)), predictions, recipe };
}

/** Goes to a step of a photo, by its address. */
export async function go(page: Page, step: string, photo = 1): Promise<void> {
  await page.evaluate(
    ([step, photo]) => {
      history.pushState(null, "", `?photo=${photo}&panel=inside&step=${step}`);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    [step, photo] as const,
  );
  await expect(page.locator(`.inside-step[data-step=${step}]`)).toBeVisible();
}

/** The step in sight is there whole: it has its numbers, its picture or its code. */
export async function expectFilled(page: Page): Promise<void> {
  await expect(page.locator(".inside-step .inside-wait")).toHaveCount(0);
  const content = "canvas, .facts, .dump, .plot, .warm, .top, .code";
  await expect(page.locator(".inside-step").locator(content).first()).toBeVisible();
}

/** Nothing of a step sticks out of a screen of 320 pixels. */
export async function expectNarrow(page: Page, step: string): Promise<void> {
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(width, step).toBeLessThanOrEqual(320);
}

/** Bytes of the JSON in front of a message's tensor. */
export const headerOf = (message: Request | Response) =>
  Number(message.headers()["inference-header-content-length"]);

/** The FP32 tensor that these bytes become: (x / 255 - mean) / std, in single precision. */
export function normalise(bytes: Buffer, { mean, std }: Recipe): Buffer {
  const f = Math.fround;
  const floats = Buffer.alloc(4 * bytes.length);
  bytes.forEach((byte, at) => {
    const channel = Math.floor(at / PLANE);
    const value = f(f(f(byte / 255) - f(mean[channel])) / f(std[channel]));
    floats.writeFloatLE(value, 4 * at);
  });
  return floats;
}

/** Lines of code with their notes. */
export const lines = (page: Page, label: string) => page.getByRole("listbox", { name: label });

/** A listbox's code, without the notes. */
export const code = (box: Locator) => box.locator(".code-source").allTextContents();

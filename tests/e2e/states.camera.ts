// The camera's states. Its picture is drawn, so that it looks the same each time.
import { expect, type Page } from "@playwright/test";
import { scriptCamera, type Script } from "./scripted-camera.ts";
import type { State } from "./ways.ts";

const COFFEE = { does: "show", photo: "/samples/coffee.png" } as const;

async function open(page: Page, url: string, script: Script, permission?: string): Promise<void> {
  await scriptCamera(page, script, permission);
  await page.goto(`${url}/?sheet=camera`);
  await expect(page.getByRole("dialog", { name: "Camera" })).toBeVisible();
}

/** The photo, not what stands for it until it is there; upright, as a phone is held. */
async function shows(page: Page): Promise<void> {
  await expect(page.locator(".camera-picture:not(.is-off)")).toBeVisible();
  if (page.viewportSize()!.width < 704) await page.evaluate(() => window.scripted.turn(720, 1080));
  await page.waitForTimeout(500);
}

export const CAMERA_STATES: State[] = [
  {
    name: "camera-asking",
    arrange: async (page, url) => {
      await open(page, url, { does: "nothing" });
      await expect(page.locator(".camera-opening")).toBeVisible();
    },
  },
  {
    name: "camera-photo",
    arrange: async (page, url) => {
      await open(page, url, { ...COFFEE, torch: true, zoom: true });
      await shows(page);
      for (const does of ["Take photo", "Keep"]) {
        await page.getByRole("button", { name: does }).click();
      }
      await expect(page.locator(".camera-kept img")).toBeVisible();
    },
  },
  {
    name: "camera-frozen",
    arrange: async (page, url) => {
      await open(page, url, COFFEE);
      await shows(page);
      await page.getByRole("button", { name: "Take photo" }).click();
      await expect(page.getByRole("button", { name: "Retake" })).toBeVisible();
    },
  },
  {
    name: "camera-live",
    arrange: async (page, url) => {
      await open(page, url, COFFEE);
      await shows(page);
      await page.getByText("Live", { exact: true }).click();
      await expect(page.locator(".camera-speed")).toContainText("frames/s");
    },
  },
  {
    name: "camera-denied",
    arrange: async (page, url) => {
      await open(page, url, { does: "refuse", name: "NotAllowedError" }, "denied");
      await expect(page.locator("[data-trouble=denied]")).toBeVisible();
    },
  },
  {
    name: "camera-plain-http",
    arrange: async (page, url) => {
      await page.addInitScript(() => {
        Object.defineProperty(window, "isSecureContext", { value: false });
        Reflect.deleteProperty(Navigator.prototype, "mediaDevices");
      });
      await page.goto(`${url}/?sheet=camera`);
      await expect(page.locator("[data-trouble=not-encrypted]")).toBeVisible();
    },
  },
];

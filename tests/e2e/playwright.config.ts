// Real Chromium against the real server; see support.ts for how a server comes to be.
import { defineConfig } from "@playwright/test";

const chromium = {
  browserName: "chromium",
  launchOptions: {
    executablePath: process.env.CONCH_CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
} as const;

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  forbidOnly: !!process.env.CI,
  fullyParallel: false,
  workers: 2,
  // Once more, and told as flaky: hundreds of real browsers on a shared machine.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  // A service worker would answer before a test can; app.spec.ts has them.
  use: { locale: "en-GB", screenshot: "only-on-failure", serviceWorkers: "block" },
  projects: [
    { name: "phone", use: { ...chromium, viewport: { width: 390, height: 844 }, hasTouch: true } },
    { name: "desktop", use: { ...chromium, viewport: { width: 1440, height: 900 } } },
  ],
});

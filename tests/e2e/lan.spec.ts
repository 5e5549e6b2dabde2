// HTTPS by the machine's own authority, in a Chromium that trusts it and in one that does not.
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conch, expect, expectAccessible, test as base } from "./support.ts";

const OPTIONS = ["--lan", "--host", "conch.test", "--no-mdns", "--https-bind", "127.0.0.1:0"];

const test = base.extend<{ home: string; lan: Conch; secure: string }>({
  // A home folder of its own: the authority is kept there, and so is what Chromium trusts.
  home: async ({}, use) => {
    const home = mkdtempSync(join(tmpdir(), "conch-lan-"));
    await use(home);
    rmSync(home, { recursive: true });
  },
  lan: async ({ home }, use) => {
    const lan = await new Conch([...OPTIONS, "--data-dir", join(home, "data")]).start();
    await use(lan);
    await lan.stop();
  },
  // The page ends before the server does: what it still asks for would be refused, which is on its
  // console and no fault of its own.
  page: async ({ lan: _, page }, use) => use(page),
  secure: async ({ lan, request }, use) => {
    const page = await (await request.get(`${lan.url}/trust`)).text();
    await use(/https:\/\/[\d.]+:\d+/.exec(page)![0]);
  },
});

/** Has Chromium trust a certificate, as its settings do: in the user's database of NSS. */
function trust(home: string, der: Buffer): void {
  const database = `sql:${join(home, ".pki/nssdb")}`;
  mkdirSync(join(home, ".pki/nssdb"), { recursive: true });
  const file = join(home, "authority.crt");
  writeFileSync(file, der);
  execFileSync("certutil", ["-d", database, "-N", "--empty-password"]);
  execFileSync("certutil", ["-d", database, "-A", "-t", "C,,", "-n", "conch", "-i", file]);
}

test("Chromium trusts the server once its authority is trusted, and has a camera there", async ({
  home,
  lan,
  secure,
  request,
}, info) => {
  trust(home, await (await request.get(`${lan.url}/trust/authority.crt`)).body());
  const { executablePath, args } = info.project.use.launchOptions!;
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home } });
  const page = await browser.newPage();
  for (const url of [secure, secure.replace("127.0.0.1", "localhost")]) {
    await page.goto(url);
    await expect(page.getByText("Choose photos")).toBeVisible();
    expect(await page.evaluate(() => [isSecureContext, "mediaDevices" in navigator])).toEqual([true, true]);
  }
  await browser.close();
});

test("by plain HTTP the camera’s place leads to HTTPS, and is there again", async ({ home, lan, secure, request }, info) => {
  test.skip(info.project.name === "desktop", "nothing of it depends on the screen");
  trust(home, await (await request.get(`${lan.url}/trust/authority.crt`)).body());
  const { executablePath, args } = info.project.use.launchOptions!;
  const browser = await chromium.launch({
    executablePath,
    // A name that browsers hold for insecure without HTTPS, as every other machine's.
    args: [...args!, "--host-resolver-rules=MAP conch.test 127.0.0.1"],
    env: { ...process.env, HOME: home },
  });
  const page = await browser.newPage(info.project.use);
  const address = lan.url.replace("127.0.0.1", "conch.test");
  await page.goto(`${address}/?sheet=camera`);
  await page.getByRole("link", { name: /^Go on without/ }).click();
  const way = page.locator("[data-trouble=not-encrypted]").getByRole("link", { name: "Set up the live camera" });
  await expect(way).toBeVisible();
  await expectAccessible(page, "not encrypted, with a way");
  await way.click();
  await expect(page.getByRole("heading", { name: "Trust this computer" })).toBeVisible();
  await page.getByRole("link", { name: /^Open https/ }).click();
  await expect(page).toHaveURL(`${secure}/?sheet=camera`);
  await expect(page.getByRole("dialog", { name: "Camera" })).toBeVisible();
  expect(await page.evaluate(() => [isSecureContext, "mediaDevices" in navigator])).toEqual([true, true]);
  await browser.close();
});

test("without that it does not", async ({ page, secure }) => {
  await expect(page.goto(secure)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
});

test.describe("by HTTP from another machine", () => {
  // A name that is not this machine's own: the page is not told from one of the network.
  const elsewhere = (lan: Conch) => lan.url.replace("127.0.0.1", "conch.localhost");

  test("one is asked which way to go, and goes on without", async ({ page, lan }) => {
    await page.goto(`${elsewhere(lan)}/?sheet=help`);
    await expect(page.getByText("Which way do you want to go?")).toBeVisible();
    await expectAccessible(page, "welcome");
    await page.getByRole("link", { name: /^Go on without/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(new URL(page.url()).search).toBe("?sheet=help");
    await page.goto(elsewhere(lan));
    await expect(page.getByText("Choose photos")).toBeVisible();
  });

  test("one is told how to trust it", async ({ page, lan, secure }) => {
    await page.goto(elsewhere(lan));
    await page.getByRole("link", { name: /^With the live camera/ }).click();
    await expect(page.getByRole("heading", { name: "Trust this computer" })).toBeVisible();
    await expect(page.locator("details[open] > summary")).toHaveText("Linux");
    await expectAccessible(page, "trust");
    await expect(page.getByRole("link", { name: /^Open https/ })).toHaveAttribute("href", `${secure}/`);
    const download = page.waitForEvent("download");
    await page.locator("details[open]").getByRole("link", { name: "Get the certificate" }).click();
    expect((await download).suggestedFilename()).toBe("conch.crt");
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});

test("the page has the way onto a phone as a code", async ({ page, lan }) => {
  await page.goto(lan.url);
  await page.getByRole("button", { name: "Open on your phone" }).click();
  const code = page.getByRole("img", { name: `QR code of ${lan.url}` });
  await expect(code).toBeVisible();
  expect(await code.evaluate((it) => (it as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole("link", { name: lan.url })).toHaveAttribute("href", lan.url);
  // The computer moves to another network, and then to none: this page notices by itself.
  const status = await (await page.request.get(`${lan.url}/api/status`)).json();
  for (const entrance of ["http://10.1.2.3:8080", undefined, lan.url]) {
    await page.route("**/api/status", (route) => route.fulfill({ json: { ...status, entrance } }));
    const said = entrance ? page.getByRole("img", { name: `QR code of ${entrance}` }) : page.getByText("is on no network now");
    await expect(said).toBeVisible();
  }
  await expectAccessible(page, "on your phone");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Open on your phone" })).toBeFocused();
});

test("a server for this machine alone offers no phone", async ({ page, photos: _ }) => {
  await expect(page.getByRole("button", { name: /^Model: / })).toBeVisible();
  await expect(page.getByRole("button", { name: "Open on your phone" })).toHaveCount(0);
});

// What the tests share: a real server, a page whose console is watched, and a page's photos.
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type axe from "axe-core";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const CACHES = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const CACHE = process.env.CONCH_CACHE || join(CACHES, "conch");
const BIN = process.env.CONCH_BIN || join(CACHE, "target/debug/conch");

export const sample = (name: string) => join(ROOT, "frontend/assets/samples", name);
export const golden = (name: string) => join(ROOT, "tests/golden", name);

// A model repository with the one model whose numbers the tests know, whatever else this machine has.
const MODELS = mkdtempSync(join(tmpdir(), "conch-e2e-"));
symlinkSync(join(ROOT, "model_repo/efficientnet_lite0"), join(MODELS, "efficientnet_lite0"));
process.on("exit", () => rmSync(MODELS, { recursive: true }));

// Of the shell's own settings only those of the engine.
const OF_ENGINE = ["CONCH_CACHE", "CONCH_ONNXRUNTIME", "CONCH_THREADS"];
const settings = Object.entries(process.env).filter(
  ([name]) => !name.startsWith("CONCH_") || OF_ENGINE.includes(name),
);
// One thread for the model: browsers and servers of several tests share the cores, and threads that
// wait for each other would take them from all.
const ENV = { CONCH_THREADS: "1", ...Object.fromEntries(settings), CONCH_MODEL_REPO: MODELS };

/** A running `conch serve`. It can be stopped, and started again on the same port. */
export class Conch {
  #process?: ChildProcess;
  #bind = "127.0.0.1:0";
  url = "";

  /** With options as on the command line. */
  constructor(readonly options: string[] = []) {}

  async start(): Promise<this> {
    const conch = spawn(BIN, ["serve", "--bind", this.#bind, ...this.options], { cwd: ROOT, env: ENV });
    this.#process = conch;
    let said = "";
    this.url = await new Promise<string>((ready, failed) => {
      conch.stdout!.on("data", (text) => {
        said += text;
        const address = /open (http:\/\/\S+)/.exec(said)?.[1];
        if (address) ready(address);
      });
      conch.stderr!.on("data", (text) => (said += text));
      conch.once("error", failed);
      conch.once("exit", (code) => failed(new Error(`conch serve ended with ${code}:\n${said}`)));
    });
    this.#bind = new URL(this.url).host;
    return this;
  }

  async stop(): Promise<void> {
    const conch = this.#process;
    if (!conch || conch.exitCode !== null || conch.signalCode !== null) return;
    const ended = new Promise((done) => conch.once("exit", done));
    conch.kill("SIGKILL");
    await ended;
  }
}

type Options = {
  /** Errors on the console that a test brings about itself. */
  expectedErrors: RegExp | undefined;
};
type Fixtures = {
  photos: Photos;
  /** A server of the test's own, to stop and to start. */
  ownConch: Conch;
};
type WorkerFixtures = { conch: Conch };

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  expectedErrors: [undefined, { option: true }],

  conch: [
    async ({}, use) => {
      const conch = await new Conch().start();
      await use(conch);
      await conch.stop();
    },
    { scope: "worker" },
  ],

  ownConch: async ({}, use) => {
    const conch = await new Conch().start();
    await use(conch);
    await conch.stop();
  },

  page: async ({ page, expectedErrors }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    // Without a listener Chromium would open a real chooser, and Playwright takes a while to have one
    // kept from opening once a test begins to wait for it: longer than a key takes.
    page.on("filechooser", () => {});
    await use(page);
    const unexpected = errors.filter((error) => !expectedErrors?.test(error));
    // A route that is still answering when the test is over is no fault of the page; nor is what the
    // server says to a page whose routes are gone.
    await page.unrouteAll({ behavior: "ignoreErrors" });
    expect(unexpected, "errors on the console").toEqual([]);
  },

  photos: async ({ page, conch }, use) => {
    const photos = new Photos(page);
    await photos.open(conch.url);
    await use(photos);
  },
});

export { expect };

/** The page, as a test sees it: photos in, cards out. */
export class Photos {
  constructor(readonly page: Page) {}

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.page.getByText("Choose photos")).toBeVisible();
  }

  get cards(): Locator {
    return this.page.getByRole("article");
  }

  card(name: string): Locator {
    return this.page.getByRole("article", { name, exact: true });
  }

  async choose(...files: string[]): Promise<void> {
    await this.page.locator("input[type=file]").setInputFiles(files);
  }

  /** Brings files in by an event that carries them, as dropping and pasting do. */
  async bring(how: "drop" | "paste", ...files: string[]): Promise<void> {
    const contents = files.map((file) => ({
      name: basename(file),
      base64: readFileSync(file).toString("base64"),
    }));
    await this.page.evaluate(
      ([how, contents]) => {
        const data = new DataTransfer();
        for (const { name, base64 } of contents) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name));
        }
        const options = { bubbles: true, cancelable: true };
        if (how === "paste") {
          document.body.dispatchEvent(
            new ClipboardEvent("paste", { ...options, clipboardData: data }),
          );
          return;
        }
        for (const kind of ["dragenter", "dragover", "drop"]) {
          document.body.dispatchEvent(new DragEvent(kind, { ...options, dataTransfer: data }));
        }
      },
      [how, contents] as const,
    );
  }

  /** Waits until `count` photos are there and nothing more happens by itself. */
  async settled(count: number, timeout = 30_000): Promise<void> {
    await expect(this.cards).toHaveCount(count);
    await expect(
      this.page.locator("article:is([data-state=done], [data-state=failed])"),
    ).toHaveCount(count, { timeout });
  }

  /** Labels and percentages of a card, as they are shown. */
  async labels(name: string): Promise<{ label: string; percent: string }[]> {
    // Also those that a contact sheet hides.
    const rows = await this.card(name).locator(".rows > .row").all();
    return Promise.all(
      rows.map(async (row) => ({
        label: (await row.locator(".row-label").textContent()) ?? "",
        percent: (await row.locator(".row-share").textContent()) ?? "",
      })),
    );
  }

  /** Why a photo failed. */
  async why(name: string): Promise<string> {
    return (await this.card(name).locator(".failure-why").textContent()) ?? "";
  }
}

/** All that a screen reader says of itself from now on, in this page and in those that are loaded
 * instead of it: what each live region holds, whenever it changes. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(hear);
  await page.evaluate(hear);
  return () => page.evaluate(() => (window as unknown as { spoken: string[] }).spoken);
}

function hear(): void {
  const REGIONS = "[role=status], [role=alert], [aria-live=polite], [aria-live=assertive], output";
  const spoken: string[] = [];
  Object.assign(window, { spoken });
  new MutationObserver((changes) => {
    const regions = new Set<Element>();
    for (const { target, addedNodes } of changes) {
      const at = target instanceof Element ? target : target.parentElement;
      const region = at?.closest(REGIONS);
      if (region) regions.add(region);
      // An alert is spoken also when it comes with its text; other regions are not.
      for (const added of addedNodes) {
        if (!(added instanceof Element)) continue;
        if (added.matches("[role=alert]")) regions.add(added);
        added.querySelectorAll("[role=alert]").forEach((alert) => regions.add(alert));
      }
    }
    for (const { textContent } of regions) {
      const says = textContent?.replace(/\s+/g, " ").trim();
      if (says) spoken.push(says);
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What differs from theme to theme. */
const COLOURS = ["color-contrast"];
/** The small edition: the other one has more than a megabyte for each page to read. */
const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Axe finds nothing in the page as it is now, in either theme. It runs in the page itself, which has
 * no frames: its own adapter for Playwright opens one more page for each look, which takes seconds. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(`${AXE}; 0`);
  for (const [colorScheme, rules] of [["dark", COLOURS], ["light", RULES]] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async (rules) => {
      // A colour on its way is none that anybody reads.
      const moving = document.getAnimations().filter((it) => it instanceof CSSTransition);
      await Promise.allSettled(moving.map((it) => it.finished));
      const { run } = (window as unknown as { axe: typeof axe }).axe;
      // Nothing to load first: no rule here reads style sheets or plays media.
      const { violations } = await run({ runOnly: rules, resultTypes: ["violations"], preload: false });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join("\n")}`);
    }, [...rules]);
    expect(found, `${state}, ${colorScheme}`).toEqual([]);
  }
}

/** Gives the page a second model, `twin`: the first one under another name, with another recipe. */
export async function addTwin(page: Page, recipe: object = {}): Promise<void> {
  const list = await (await page.request.get(new URL("/api/models", page.url()).href)).json();
  const [model] = list.models;
  const spec = {
    ...model.spec,
    name: "twin",
    display: { title: "Twin" },
    recipe: { ...model.spec.recipe, ...recipe },
  };
  await page.route("**/api/models", (route) =>
    route.fulfill({ json: { ...list, models: [model, { ...model, name: "twin", spec }] } }),
  );
  await page.route("**/api/models/twin/classify*", async (route) => {
    const url = route.request().url().replace("/twin/", `/${model.name}/`);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await page.reload();
}

/** Lets the twin give other labels than the first model, in another order. */
export async function letTwinDiffer(page: Page): Promise<void> {
  await page.route("**/twin/classify*", async (route) => {
    const url = route.request().url().replace("/twin/", "/efficientnet_lite0/");
    const response = await route.fetch({ url });
    const answer = await response.json();
    const [first, second, third] = answer.results[0];
    answer.results[0] = [
      { ...second, score: 0.5 },
      { ...first, score: 0.25 },
      { ...third, score: 0.125 },
      { index: 1, label: "goldfish", score: 0.0625, logit: 1 },
    ];
    await route.fulfill({ response, json: answer });
  });
}

/** A refusal as the server writes it. */
export const refusal = (status: number, code: string, detail: string) => ({
  status,
  contentType: "application/problem+json",
  json: { type: "about:blank", title: "Refused", status, detail, code },
});

/** Chooses a model on the models sheet. */
export async function chooseModel(page: Page, title: string): Promise<void> {
  await page.getByRole("button", { name: /^Model: / }).click();
  await page.getByRole("dialog").getByRole("button", { name: `Use this model: ${title}` }).click();
  await expect(page.getByRole("button", { name: `Model: ${title}` })).toBeVisible();
}

/** Goes to a photo's large view, by what the address calls it, without loading the page anew. */
export async function openPhoto(page: Page, key: string, panel = "answer"): Promise<void> {
  await page.evaluate(
    ([key, panel]) => {
      const query = new URLSearchParams(location.search);
      query.set("photo", key);
      query.set("panel", panel);
      history.pushState(null, "", `?${query}`);
      dispatchEvent(new PopStateEvent("popstate"));
    },
    [key, panel],
  );
  await expect(page.locator(".photo-page")).toBeVisible();
}

/** What the page says to its workers from now on gets lost, until `resume` is called. */
export async function muteWorker(page: Page): Promise<{ resume: () => Promise<void> }> {
  const muted = await page.evaluateHandle(() => {
    const { prototype } = Worker;
    const post = prototype.postMessage;
    prototype.postMessage = () => {};
    return { prototype, post };
  });
  return { resume: () => muted.evaluate(({ prototype, post }) => void (prototype.postMessage = post)) };
}

type Entry = {
  file: string;
  predictions?: { label: string; score: number }[];
  error?: string;
};

/** What `conch classify --json` says; files that fail are entries with an error. */
export async function classify(...files: string[]): Promise<Entry[]> {
  const json = await new Promise<string>((done) => {
    const args = ["classify", "--json", ...files];
    execFile(BIN, args, { cwd: ROOT, env: ENV, maxBuffer: 1 << 26 }, (_, stdout) => done(stdout));
  });
  return JSON.parse(json);
}

/** A probability as both the page and the command print it. */
export const percent = (score: number) => `${Math.fround(100 * score).toFixed(1)} %`;

// A server that takes tokens: the browser asks for one by itself, as for any password, and the page works.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Conch, expect, sample, test } from "./support.ts";

const TOKEN = "a-token-for-the-class-of-2026";

for (const [what, options] of [
  ["everything of the API", []],
  ["running a model alone", ["--public-read"]],
] as const) {
  test.describe(`a token for ${what}`, () => {
    test.use({ expectedErrors: /401/ });

    test("is asked for once, and then photos have labels", async ({ browser }, { project }) => {
      test.skip(project.name !== "phone", "nothing of it depends on the screen");
      const folder = mkdtempSync(join(tmpdir(), "conch-tokens-"));
      const file = join(folder, "tokens");
      writeFileSync(file, `# the class\n${TOKEN}\n`);
      const conch = await new Conch(["--token-file", file, ...options]).start();
      try {
        for (const [password, is_known] of [
          ["another-token-altogether", false],
          [TOKEN, true],
        ] as const) {
          const context = await browser.newContext({ httpCredentials: { username: "me", password } });
          const page = await context.newPage();
          await page.goto(conch.url);
          await page.locator("input[type=file]").setInputFiles(sample("coffee.png"));
          const photo = page.getByRole("article");
          if (is_known) {
            await expect(photo).toHaveAttribute("data-state", "done");
            await expect(photo).toContainText("espresso");
          } else {
            await expect(photo).not.toHaveAttribute("data-state", "done", { timeout: 2000 });
          }
          await context.close();
        }
      } finally {
        await conch.stop();
        rmSync(folder, { recursive: true });
      }
    });
  });
}

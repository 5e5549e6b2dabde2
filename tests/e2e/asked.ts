// What the page asks the model, counted in the page itself: what Playwright tells of requests comes
// late, and out of step with it. And a server that takes long, or has too much to do.
import type { Page } from "@playwright/test";

export type Asked = {
  /** Requests that were begun, and when, in milliseconds of the page's clock. */
  count: number;
  at: number[];
  /** Those whose answer was not read yet: now, and the most there ever were. */
  atOnce: number;
  most: number;
  /** How much longer each answer takes, in milliseconds. */
  slower: number;
  /** So many of the next ones are refused: the server has too much to do. */
  refuse: number;
};

declare global {
  interface Window {
    asked: Asked;
  }
}

/** Counts from now on, in a page that is not opened yet. */
export async function countAsked(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const asked: Asked = { count: 0, at: [], atOnce: 0, most: 0, slower: 0, refuse: 0 };
    window.asked = asked;
    const { fetch, setTimeout } = window;
    const overloaded = () =>
      new Response(JSON.stringify({ type: "about:blank", title: "", status: 503, detail: "", code: "overloaded" }), {
        status: 503,
        headers: { "content-type": "application/problem+json" },
      });
    const send = async (request: Request): Promise<Response> => {
      if (asked.slower) {
        await new Promise((done, failed) => {
          setTimeout.call(window, done, asked.slower);
          request.signal.addEventListener("abort", () => failed(request.signal.reason));
        });
      }
      if (asked.refuse) {
        asked.refuse -= 1;
        return overloaded();
      }
      return fetch.call(window, request);
    };
    window.fetch = async (...what) => {
      const request = new Request(...what);
      if (!request.url.includes("/classify")) return fetch.call(window, request);
      asked.count += 1;
      asked.at.push(performance.now());
      asked.most = Math.max(asked.most, ++asked.atOnce);
      const ended = () => void (asked.atOnce -= 1);
      try {
        const response = await send(request);
        const text = response.text.bind(response);
        return Object.assign(response, { text: () => text().finally(ended) });
      } catch (error) {
        ended();
        throw error;
      }
    };
  });
}

/** The counts as they are now. */
export const asked = (page: Page): Promise<Asked> => page.evaluate(() => window.asked);

/** Changes how the server seems from now on. */
export const becomes = (page: Page, change: Partial<Asked>): Promise<void> =>
  page.evaluate((change) => void Object.assign(window.asked, change), change);

// How much memory a tab takes: its process as the system counts it.
import type { Browser } from "@playwright/test";
import { readFileSync } from "node:fs";

export const MB = 1e6;

/** Bytes of the largest process that shows a page, at its most while `act` runs: what is its own, and
 * its share of what it has in common with others (Linux: PSS). */
export async function peakDuring(browser: Browser, act: () => Promise<void>): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  let peak = 0;
  let goesOn = true;
  const watched = (async () => {
    while (goesOn) {
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      const pages = processInfo.filter(({ type }) => type === "renderer");
      peak = Math.max(peak, ...pages.map(({ id }) => proportional(id)));
      await new Promise((next) => setTimeout(next, 15));
    }
  })();
  try {
    await act();
  } finally {
    goesOn = false;
    await watched;
    await session.detach();
  }
  return peak;
}

function proportional(process: number): number {
  try {
    const rollup = readFileSync(`/proc/${process}/smaps_rollup`, "utf8");
    return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

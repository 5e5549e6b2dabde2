// How long the page's thread is held up: what a person feels as a freeze.
import type { Browser, Page } from "@playwright/test";

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  tdur?: number;
  args: { name?: string };
};

/** How long each task of the page's thread took, in milliseconds of that thread: what else the
 * machine does meanwhile does not count. */
export async function tasksDuring(browser: Browser, page: Page, act: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ["toplevel"] });
  await act();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const events = trace.traceEvents;
  const threads = events.filter((it) => it.name === "thread_name" && it.args.name === "CrRendererMain");
  const isMain = ({ pid, tid }: TraceEvent) => threads.some((it) => it.pid === pid && it.tid === tid);
  const tasks = events.filter((it) => it.name === "ThreadControllerImpl::RunTask" && it.ph === "X");
  return tasks.filter(isMain).map((it) => (it.tdur ?? 0) / 1000);
}

import type { Page } from "@playwright/test";

/** A phone of the middle has about a quarter of a desk's speed. */
const slowedBy = 4;
const quietMs = 2_000;
/** Longer than this a task keeps a finger or a key waiting. */
const freeMs = 50;

/**
 * How long the tasks of a page last beyond 50 ms, from its first paint until it is quiet, on a slowed processor: "total blocking
 * time" as Lighthouse counts it, on the network as it is.
 */
export async function blockingTimeMs(page: Page, address: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await page.goto("about:blank");
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowedBy });
  try {
    await page.goto(address, { waitUntil: "networkidle" });
    return await page.evaluate(sumLongTasks, { quietMs, freeMs });
  } finally {
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await session.detach();
  }
}

/** Runs in the page. */
function sumLongTasks(bounds: {
  readonly quietMs: number;
  readonly freeMs: number;
}): Promise<number> {
  return new Promise((resolve) => {
    const tasks: PerformanceEntry[] = [];
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries());
    }).observe({ type: "longtask", buffered: true });
    setTimeout(() => {
      const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
      const late = tasks.filter(({ startTime }) => startTime >= painted);
      resolve(late.reduce((sum, { duration }) => sum + duration - bounds.freeMs, 0));
    }, bounds.quietMs);
  });
}

import type { Page } from "@playwright/test";
import { ask, begin, expect, lastAnswer, test } from "./test.ts";

const mostBytes = 200_000;

/** Sizes of scripts as they came over the network, by address. */
const watchScripts = (page: Page): (() => Promise<ReadonlyMap<string, number>>) => {
  const sizes = new Map<string, Promise<number>>();
  page.on("requestfinished", (request) => {
    if (request.resourceType() !== "script") return;
    sizes.set(
      request.url(),
      request.sizes().then(({ responseBodySize }) => responseBodySize),
    );
  });
  return async () =>
    new Map(await Promise.all([...sizes].map(async ([url, size]) => [url, await size] as const)));
};

test("the first page takes less than 200 KB of script; what formats answers comes with the first of them", async ({
  page,
  browser,
}) => {
  await begin(page);
  // Somebody who comes with nothing kept from before.
  const context = await browser.newContext({
    storageState: await page.context().storageState(),
    baseURL: new URL(page.url()).origin,
  });
  const fresh = await context.newPage();
  const scripts = watchScripts(fresh);
  await fresh.goto("/", { waitUntil: "networkidle" });
  const before = await scripts();
  const bytes = [...before.values()].reduce((sum, size) => sum + size, 0);
  console.log(`first page: ${(bytes / 1_000).toFixed(1)} KB of script, compressed`);
  // Less would mean that nothing was counted.
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(mostBytes);
  await ask(fresh, "What was the probable cause of the accident near Soledad?");
  await expect(lastAnswer(fresh)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const after = await scripts();
  expect(after.size).toBeGreaterThan(before.size);
  await context.close();
});

import type { BrowserContext, Page, Request } from "@playwright/test";
import {
  ask,
  begin,
  expect,
  lastAnswer,
  test,
  transcriptText,
  whileNodesStandStill,
} from "./test.ts";

/** Event streams that are open in pages that are still there, by page. */
const watchStreams = (context: BrowserContext): (() => readonly Page[]) => {
  const open = new Map<Request, Page>();
  context.on("request", (request) => {
    const path = new URL(request.url()).pathname;
    if (path === "/api/events" || /^\/api\/answers\/.*\/events$/u.test(path))
      open.set(request, request.frame().page());
  });
  const over = (request: Request): void => {
    open.delete(request);
  };
  context.on("requestfinished", over);
  context.on("requestfailed", over);
  return () => [...open.values()].filter((page) => !page.isClosed());
};

test("ten tabs follow one answer over one connection, and the one that leads may be closed", async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  const streams = watchStreams(context);
  await begin(page);
  const tabs: Page[] = [];
  for (let count = 0; count < 9; count += 1) {
    const tab = await context.newPage();
    await tab.goto("/");
    tabs.push(tab);
  }
  await page.bringToFront();
  await ask(page, "What do the strategic goals of the National Archives say about access?");
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  await whileNodesStandStill(async () => {
    await expect(page).toHaveURL(/\/c\//u);
    const chat = page.url();
    await Promise.all(
      tabs.map(async (tab) => {
        await tab.goto(chat);
        await expect(lastAnswer(tab).getByRole("blockquote").first()).toBeVisible();
      }),
    );
    await expect.poll(() => streams().length).toBeLessThanOrEqual(1);
    // Who asked led first: the others go on without it.
    await page.close();
  });
  for (const tab of tabs)
    await expect(lastAnswer(tab)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const [one, ...others] = tabs;
  const seen = await transcriptText(one!);
  for (const tab of others) expect(await transcriptText(tab)).toBe(seen);
  await one!.reload();
  await expect(lastAnswer(one!).getByRole("blockquote").first()).toBeVisible();
  expect(await transcriptText(one!)).toBe(seen);
  await expect.poll(() => streams().length).toBe(0);
});

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import {
  ask,
  begin,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  finished,
  lastAnswer,
  picture,
  test,
} from "./test.ts";

declare global {
  interface Window {
    /** What moved by itself. */
    shifts: number[];
  }
}

const question = "What was the probable cause of the accident near Soledad?";

const topOf = async (page: Page): Promise<number> =>
  (await lastAnswer(page).boundingBox())?.y ?? Number.NaN;

test("an answer is copied with its sources, and rated with a reason that stays", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await begin(page);
  await ask(page, question);
  await finished(page);
  await lastAnswer(page).getByRole("button", { name: "Copy with sources" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const quote = (await lastAnswer(page).getByRole("blockquote").first().innerText()).trim();
  expect(copied.startsWith(`${question}\n\n“`)).toBe(true);
  expect(copied.replace(/\s+/gu, " ")).toContain(quote.replace(/\s+/gu, " "));
  expect(copied).toMatch(/\n\[1\] .*Soledad/u);

  await lastAnswer(page).getByRole("button", { name: "Poor answer" }).click();
  const dialog = page.getByRole("dialog", { name: "What was wrong?" });
  await expectAccessible(page);
  // Opened from the small grey line below an answer, and set as any other dialog.
  await expect(dialog).toHaveCSS("font-size", "15px");
  await expect(dialog.getByRole("heading")).toHaveCSS("color", "rgb(25, 25, 23)");
  await dialog.getByRole("button", { name: "Missed a passage" }).click();
  await dialog.getByRole("textbox").fill("The weather is missing.");
  await dialog.getByRole("button", { name: "Send" }).click();
  const poor = lastAnswer(page).getByRole("button", { name: "Poor answer" });
  await expect(poor).toHaveAttribute("aria-pressed", "true");
  await expect(poor).toBeFocused();
  await page.reload();
  await expect(poor).toHaveAttribute("aria-pressed", "true");
  await page.goto("/admin/quality");
  await expect(page.getByText("Missed a passage: The weather is missing.")).toBeVisible();
});

test("a chat is saved as Markdown and as JSON under its title", async ({ page }) => {
  await begin(page);
  await ask(page, question);
  await finished(page);
  const row = page
    .getByRole("navigation", { name: "Pages and chats" })
    .locator("li")
    .filter({ has: page.locator("[aria-current=page]") });
  // The title says what the question is about.
  await expect(row.getByRole("link")).toHaveText("Probable cause of the accident near Soledad");
  const save = async (item: string): Promise<readonly [string, string]> => {
    await row.hover();
    await row.getByRole("button", { name: /^More for/u }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: item }).click();
    const file = await saved;
    return [file.suggestedFilename(), await readFile(await file.path(), "utf8")];
  };
  const [markdownName, markdown] = await save("Export as Markdown");
  expect(markdownName).toMatch(/Soledad.*\.md$/iu);
  expect(markdown).toContain(question);
  const [jsonName, json] = await save("Export as JSON");
  expect(jsonName).toMatch(/Soledad.*\.json$/iu);
  expect(JSON.stringify(JSON.parse(json))).toContain(question);
});

test("an answer offers questions that its documents answer too, and one click asks", async ({
  page,
}) => {
  await begin(page);
  await ask(page, question);
  await finished(page);
  const offered = page.locator("section").filter({
    has: page.getByRole("heading", { name: "These documents also answer" }),
  });
  const next = offered.getByRole("listitem").getByRole("button").first();
  await expect(next).toBeVisible();
  const words = (await next.innerText()).trim();
  await next.click();
  await expect(page.getByRole("heading", { level: 2, name: words })).toBeVisible();
  await finished(page);
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
});

test("a follow-up stays with the document that answered before it", async ({ page }) => {
  await begin(page);
  await ask(page, question);
  await finished(page);
  await ask(page, "And where did it happen?");
  await finished(page);
  await expect(lastAnswer(page).locator("figcaption").first()).toContainText("Soledad");
});

test("only the collections that are picked are searched, and a chat keeps them", async ({
  page,
}) => {
  await begin(page);
  await page.evaluate(async () => {
    await fetch("/api/collections", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Tides", visibility: "private" }),
    });
  });
  await page.goto("/");
  await page.getByRole("button", { name: /^Collections to search/u }).click();
  const choices = page.getByRole("group", { name: "Collections to search" });
  await choices.getByRole("checkbox", { name: /^Tides/u }).check();
  for (const choice of await choices.locator("label").all())
    if (!(await choice.innerText()).startsWith("Tides"))
      await choice.getByRole("checkbox").uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Collections to search: Tides" })).toBeVisible();
  await ask(page, question);
  await finished(page);
  await expect(
    page.getByRole("heading", { name: "The documents do not answer this" }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Collections to search: Tides" }).click();
  await expect(choices.getByRole("checkbox", { name: /^Tides/u })).toBeDisabled();
});

test("nothing that is there moves while an answer comes, nor when its chat is opened again, whose end is there before any script", async ({
  page,
  browser,
}) => {
  await page.addInitScript(() => {
    Object.assign(window, { shifts: [] });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[])
        if (!entry.hadRecentInput) window.shifts.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await begin(page);
  const moved: number[] = [];
  for (const [width, asked] of [
    [1440, question],
    [390, "What do the strategic goals say about customers?"],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate(() => {
      Object.assign(window, { shifts: [] });
    });
    await ask(page, asked);
    await finished(page);
    moved.push(await page.evaluate(() => window.shifts.reduce((sum, value) => sum + value, 0)));
  }
  const withoutScript = await browser.newContext({
    storageState: await page.context().storageState(),
    viewport: page.viewportSize(),
    javaScriptEnabled: false,
  });
  const still = await withoutScript.newPage();
  await still.goto(page.url());
  await expect(still.getByRole("article")).toHaveCount(2);
  await expect(
    lastAnswer(still).getByRole("button", { name: "Copy with sources" }),
  ).toBeInViewport();
  const place = await topOf(still);
  await withoutScript.close();
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  const last = page.waitForResponse((response) => response.url().endsWith("/follow-ups"));
  await page.reload();
  await last;
  // A short chat comes whole with its page, and its text is formatted: neither is asked for again.
  expect(requested.filter((path) => /^\/api\/conversations\/[\w-]+$/u.test(path))).toEqual([]);
  // A scrolled place is a whole number of the screen's points.
  await expect.poll(async () => Math.abs((await topOf(page)) - place)).toBeLessThan(1);
  moved.push(await page.evaluate(() => window.shifts.reduce((sum, value) => sum + value, 0)));
  // What Chromium counts as moved by itself, in shares of the screen; scrolling is none of it.
  expect(Math.max(...moved), moved.join(" and ")).toBeLessThan(0.01);
});

test("an answer in the middle of its text is accessible, still for who wants less motion, and fits a phone", async ({
  page,
}) => {
  await begin(page);
  await ask(page, question);
  await finished(page);
  const answerId = "00000000-0000-4000-8000-00000000abcd";
  const events = [
    { type: "sources", sources: [] },
    { type: "evidence", quotes: [], verdict: "answerable" },
    { type: "text-delta", text: "The plan names **four goals**. " },
    {
      type: "sentence",
      index: 0,
      text: "The plan names **four goals**. ",
      citations: [],
      supported: true,
    },
    { type: "text-delta", text: "The first of them is to make access" },
  ];
  const frames = [
    `event: started\ndata: ${JSON.stringify({ answerId, turn: 1 })}\n\n`,
    ...events.map((event, index) => `id: ${String(index + 1)}\ndata: ${JSON.stringify(event)}\n\n`),
  ];
  await page.route("**/api/conversations/*/turns", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: frames.join("") }),
  );
  // What follows is never sent.
  await page.route("**/api/events**", () => undefined);
  await ask(page, "What are the goals of the plan?");
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(lastAnswer(page)).toContainText("to make access");
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect
    .poll(() =>
      page.evaluate(
        () => document.getAnimations().filter(({ playState }) => playState === "running").length,
      ),
    )
    .toBe(0);
  await picture(page, "streaming");
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await picture(page, "phone-streaming");
  await expectAccessible(page);
});

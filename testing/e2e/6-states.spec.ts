import {
  allPages,
  ask,
  begin,
  expect,
  expectAccessible,
  expectNothingCutOff,
  forgiveRefusals,
  lastAnswer,
  picture,
  test,
  whileAway,
} from "./test.ts";

const question = "What was the probable cause of the accident near Soledad?";

test("offline and degraded say so in every frame and are accessible", async ({ page, context }) => {
  await begin(page);
  await ask(page, question);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await context.setOffline(true);
  await expect(page.getByText("You are offline.")).toBeVisible();
  await picture(page, "offline");
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(page.getByText("You are offline.")).toHaveCount(0);
  await page.route("**/api/status", (route) =>
    route.fulfill({
      contentType: "application/json",
      body: JSON.stringify({
        state: "degraded",
        messages: [{ code: "no_node", text: "No node answers. Quoted sentences still come." }],
      }),
    }),
  );
  await page.reload();
  await expect(page.getByText("No node answers.")).toBeVisible();
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  await picture(page, "degraded");
  await expectAccessible(page);
});

test("every node gone: quotes by words alone, what it waits for, and the answer without a click", async ({
  page,
}) => {
  await begin(page);
  await whileAway("node-", async () => {
    await expect(page.getByText("No node answers at the moment.")).toBeVisible({ timeout: 30_000 });
    await ask(page, "In which year was the National Transportation Safety Board established?");
    await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
    // No place in a line that nobody serves.
    await expect(lastAnswer(page).getByText("No node answers at the moment.")).toBeVisible();
    await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "true");
    await picture(page, "no-node");
    await expectAccessible(page);
  });
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await expect(lastAnswer(page).getByText("found by their words alone")).toBeVisible();
  await expect(page.getByText("No node answers at the moment.")).toHaveCount(0);
});

test("chats and lists that cannot be read say so with one thing to do", async ({
  page,
  watched,
}) => {
  await begin(page);
  // More than comes with the page: the rest has to be read.
  for (let turns = 1; turns <= 7; turns += 1) {
    await ask(page, question);
    await expect(page.getByRole("article")).toHaveCount(turns);
    await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  }
  await page.route(/\/api\/(?!session$|status$)/u, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/json",
      body: JSON.stringify({
        error: {
          code: "database_unavailable",
          message: "The database does not answer. Nothing is lost; try again in a moment.",
          requestId: "00000000-0000-4000-8000-000000000002",
        },
      }),
    }),
  );
  const says = /The database does not answer\.|connection to Drover is lost|ended this connection/u;
  for (const path of [new URL(page.url()).pathname, ...allPages]) {
    // Nothing is read before one asks there.
    if (path === "/" || path === "/admin/quality/search") continue;
    await page.goto(path);
    await expect(page.getByText(says).first(), path).toBeVisible();
    await expectAccessible(page);
  }
  forgiveRefusals(watched);
});

test("every page that is filled is accessible and fits a phone", async ({ page }) => {
  test.setTimeout(180_000);
  await begin(page);
  await ask(page, question);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const chat = new URL(page.url()).pathname;
  for (const path of [chat, ...allPages]) {
    await page.setViewportSize({ width: 1440, height: 844 });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
    await expectNothingCutOff(page);
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNothingCutOff(page);
  }
});

test("very long words, names and questions stay inside their places", async ({ page }) => {
  await begin(page);
  const word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  await page.goto("/admin/documents");
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await page.getByLabel("Choose files").setInputFiles({
    name: `${word.repeat(2)}.md`,
    mimeType: "text/markdown",
    buffer: Buffer.from(`# ${word}${word}\n\nThe ${word} employs 412 people on the quay.\n`),
  });
  const row = page.getByRole("row").filter({ hasText: word });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await page.goto("/");
  await ask(page, `How many people does the ${word} employ? ${"x".repeat(1_500)}`);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const chat = page.url();
  for (const width of [1440, 390])
    for (const path of [chat, "/admin/documents"]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(path);
      await expect(page.getByText(word).first()).toBeAttached();
      await expectNothingCutOff(page);
    }
  await page.goto(chat);
  await expect(lastAnswer(page)).toBeVisible();
  await picture(page, "phone-very-long");
});

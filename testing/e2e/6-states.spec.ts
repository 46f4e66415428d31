import {
  ask,
  begin,
  expect,
  expectAccessible,
  forgiveRefusals,
  lastAnswer,
  picture,
  test,
  whileNodesStandStill,
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
  await picture(page, "degraded");
  await expectAccessible(page);
});

test("every node gone: quotes by words alone, what it waits for, and the answer without a click", async ({
  page,
}) => {
  await begin(page);
  await whileNodesStandStill(async () => {
    await expect(page.getByText("No node answers at the moment.")).toBeVisible({ timeout: 30_000 });
    await ask(page, "In which year was the National Transportation Safety Board established?");
    await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
    await expect(lastAnswer(page).getByText("found by their words alone")).toBeVisible();
    // No place in a line that nobody serves.
    await expect(lastAnswer(page).getByText("No node answers at the moment.")).toBeVisible();
    await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "true");
    await picture(page, "no-node");
    await expectAccessible(page);
  });
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await expect(page.getByText("No node answers at the moment.")).toHaveCount(0);
});

test("chats and lists that cannot be read say so with one thing to do", async ({
  page,
  watched,
}) => {
  await begin(page);
  await ask(page, question);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await page.route(
    /\/api\/(?:conversations|documents|people|groups|invitations|settings|audit|queue)/u,
    (route) =>
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
  const pages = [
    new URL(page.url()).pathname,
    "/admin/documents",
    "/admin/users",
    "/admin/settings",
  ];
  for (const path of [...pages, "/admin/audit", "/admin/queue"]) {
    await page.goto(path);
    await expect(page.getByText("The database does not answer.").first()).toBeVisible();
    await expectAccessible(page);
  }
  await picture(page, "database-away");
  forgiveRefusals(watched);
});

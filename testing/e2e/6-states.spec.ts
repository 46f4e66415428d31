import { ask, begin, expect, expectAccessible, lastAnswer, picture, test } from "./test.ts";

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

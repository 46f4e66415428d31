import type { Page } from "@playwright/test";
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

/** Collects what live regions say, with the time. */
const listenToLiveRegions = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const said: { at: number; text: string }[] = [];
    Object.assign(window, { said });
    const regions = '[role="status"], [role="alert"], [aria-live]';
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const region = (target instanceof Element ? target : target.parentElement)?.closest(
          regions,
        );
        const text = region?.textContent.trim() ?? "";
        if (text !== "" && said.at(-1)?.text !== text) said.push({ at: performance.now(), text });
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
};

test("an answer being written is accessible, says little, and says why it takes long", async ({
  page,
}) => {
  test.setTimeout(180_000);
  await listenToLiveRegions(page);
  await begin(page);
  await whileNodesStandStill(async () => {
    await ask(page, "What did the investigation near Tallahassee find about the weather?");
    const running = page.getByRole("article").last();
    await expect(running).toHaveAttribute("aria-busy", "true");
    await picture(page, "waiting");
    await expectAccessible(page);
    await expect(page.getByText(/This is taking longer than usual|No node/u).first()).toBeVisible({
      timeout: 30_000,
    });
    await expectAccessible(page);
  });
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 90_000 });
  const said = await page.evaluate(
    () => (window as unknown as { said: { at: number; text: string }[] }).said,
  );
  const ends = said.filter(({ text }) => /Answer finished|do not answer|interrupted/u.test(text));
  expect(ends).toHaveLength(1);
  const tooSoon = said.filter(
    ({ at }, index) => index > 0 && at - (said[index - 1]?.at ?? 0) < 200,
  );
  expect(said.length, JSON.stringify(said)).toBeLessThanOrEqual(6);
  expect(tooSoon.length, JSON.stringify(said)).toBeLessThanOrEqual(1);
});

test("a question that the server refuses stays on the page with one thing to do", async ({
  page,
  watched,
}) => {
  await begin(page);
  await page.route("**/api/conversations", async (route) => {
    if (route.request().method() !== "POST") {
      await route.continue();
      return;
    }
    await route.fulfill({
      status: 503,
      contentType: "application/json",
      body: JSON.stringify({
        error: {
          code: "cluster_saturated",
          message: "Too many people are waiting. Try again in a minute.",
          requestId: "00000000-0000-4000-8000-000000000001",
        },
      }),
    });
  });
  await ask(page, question);
  await expect(page.getByText("Too many people are waiting.").first()).toBeVisible();
  await picture(page, "refused-by-server");
  await expectAccessible(page);
  await page.unroute("**/api/conversations");
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  forgiveRefusals(watched);
});

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

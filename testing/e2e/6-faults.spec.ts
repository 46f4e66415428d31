import { errorCodes } from "#lib/core/errors/error-codes.ts";
import { statusMessages } from "#lib/core/health/status-messages.ts";
import {
  ask,
  begin,
  composer,
  expect,
  expectAccessible,
  forgiveRefusals,
  killParts,
  lastAnswer,
  picture,
  test,
  transcriptText,
  whileAway,
} from "./test.ts";

const first = "What was the probable cause of the accident near Soledad?";
const second = "How many pages will the National Archives digitize by FY 2026?";
const unasked = "What does the National Archives preserve for future generations?";
const databaseAway = errorCodes.database_unavailable.message;

test("without its database the page says so, keeps the question, and goes on when it is back", async ({
  page,
  context,
  watched,
}) => {
  test.setTimeout(180_000);
  await begin(page);
  await ask(page, first);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const before = await transcriptText(page);
  await whileAway("database", async () => {
    const status = page.getByRole("status").filter({ hasText: databaseAway });
    await expect(status).toBeVisible({ timeout: 30_000 });
    await ask(page, second);
    await expect(lastAnswer(page)).toContainText(databaseAway);
    await expect(lastAnswer(page)).toContainText("database_unavailable");
    await expect(page.getByRole("heading", { level: 2, name: second })).toBeVisible();
    await picture(page, "database-away");
    await expectAccessible(page);
    const other = await context.newPage();
    await other.goto("/");
    await expect(other.getByText(/its database is not answering. Nothing is lost/u)).toBeVisible();
    await expectAccessible(other);
    await other.close();
  });
  // One is left: what the question says of itself.
  await expect(page.getByRole("status").filter({ hasText: databaseAway })).toHaveCount(1, {
    timeout: 60_000,
  });
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await page.reload();
  await expect(page.getByRole("article")).toHaveCount(2);
  expect((await transcriptText(page)).startsWith(before)).toBe(true);
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  forgiveRefusals(watched);
});

test("an answer that was accepted outlives the death of the database under it", async ({
  page,
  watched,
}) => {
  test.setTimeout(180_000);
  await begin(page);
  await ask(page, "What do the strategic goals of the National Archives say about access?");
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  killParts("database");
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 90_000 });
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  const seen = await transcriptText(page);
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("article")).toHaveCount(1, { timeout: 3_000 });
    expect(await transcriptText(page)).toBe(seen);
  }).toPass({ timeout: 60_000 });
  forgiveRefusals(watched);
});

test("a question that is searched for as the database dies is answered or says that the database is away, and stays", async ({
  page,
  watched,
}) => {
  test.setTimeout(180_000);
  await begin(page);
  const asked = "Which goals of the National Archives are about its customers?";
  await ask(page, asked);
  await expect(page).toHaveURL(/\/c\//u);
  killParts("database");
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 90_000 });
  await expect(lastAnswer(page)).not.toContainText(errorCodes.internal.message);
  const answered = lastAnswer(page).getByRole("blockquote").first();
  await expect(answered.or(lastAnswer(page).getByText(databaseAway))).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("heading", { level: 2, name: asked })).toBeVisible({
      timeout: 3_000,
    });
  }).toPass({ timeout: 60_000 });
  forgiveRefusals(watched);
});

test("without any node the page says so, and the question that was accepted is answered when one is back", async ({
  page,
  watched,
}) => {
  test.setTimeout(180_000);
  await begin(page);
  await whileAway("node-", async () => {
    await expect(page.getByRole("status").filter({ hasText: "No node answers" })).toBeVisible({
      timeout: 45_000,
    });
    // One that no other test asks: what was answered before needs no node.
    await ask(page, unasked);
    await expect(page).toHaveURL(/\/c\//u);
    await expect(lastAnswer(page)).toContainText(/node/iu, { timeout: 30_000 });
    await picture(page, "no-node");
    await expectAccessible(page);
  });
  await expect(page.getByRole("status").filter({ hasText: "No node answers" })).toHaveCount(0, {
    timeout: 60_000,
  });
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  forgiveRefusals(watched);
});

test("a model that no node has is named, with what is missing without it", async ({ page }) => {
  await begin(page);
  const node = { id: "node-1", status: { kind: "available" }, resident: true } as const;
  const status = statusMessages([{ ...node, hasChatModel: false, hasEmbedModel: false }], [], {
    chat: "smollm2:135m",
    embedding: "all-minilm",
  });
  await page.route("**/api/status", (route) => route.fulfill({ json: status }));
  await page.reload();
  await expect(
    page.getByText("No node has the model smollm2:135m installed. Answers are quotes only."),
  ).toBeVisible();
  await expect(page.getByText(/model all-minilm installed. Search goes by words/u)).toBeVisible();
  await expectAccessible(page);
});

test("on a full disk an upload and a question say what to do, and can be sent again", async ({
  page,
  watched,
}) => {
  await begin(page);
  const { status, message } = errorCodes.disk_full;
  const refusal = { error: { code: "disk_full", message, requestId: "full-disk" } };
  const full = /\/api\/(?:documents\?|conversations$)/u;
  await page.route(full, async (route) => {
    if (route.request().method() === "POST") await route.fulfill({ status, json: refusal });
    else await route.fallback();
  });
  await ask(page, first);
  await expect(lastAnswer(page)).toContainText(message);
  await expectAccessible(page);
  await page.goto("/admin/documents");
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await page.getByLabel("Choose files").setInputFiles({
    name: "tide.md",
    mimeType: "text/markdown",
    buffer: Buffer.from("# Tide\n\nThe tide turns at 04:10.\n"),
  });
  await expect(page.getByRole("alert").filter({ hasText: message })).toBeVisible();
  await expectAccessible(page);
  await page.unroute(full);
  await page.getByRole("button", { name: "Try again" }).click();
  const row = page.getByRole("row").filter({ hasText: "tide" });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await page.goto("/");
  await expect(composer(page)).toBeVisible();
  forgiveRefusals(watched);
});

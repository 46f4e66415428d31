import type { Page } from "@playwright/test";
import {
  ask,
  begin,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  lastAnswer,
  picture,
  test,
} from "./test.ts";

/** In words of its own: a kept answer was not searched for. */
const answerable = "By FY 2026, how many pages of records does the National Archives digitize?";
const unanswerable = "Which colour has the moon's favourite bicycle?";

const askAndWait = async (page: Page, question: string): Promise<void> => {
  await ask(page, question);
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
};

test("the trace of an answer tells what was searched, scored, sent and checked", async ({
  page,
}) => {
  await begin(page);
  await askAndWait(page, answerable);
  await lastAnswer(page).getByRole("link", { name: "How it came about" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("How an answer came about");
  await expect(page.getByRole("region", { name: "Question" })).toContainText(answerable);
  const ranking = page.getByRole("table", { name: "Scored and cut" });
  await expect(ranking.getByRole("row").nth(1)).toContainText("#1");
  await picture(page, "quality-trace");
  await expectAccessible(page);
  await ranking.getByRole("button").first().click();
  await expect(page.getByRole("complementary", { name: "Source" })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("a refused question is on the work list until it is dealt with", async ({ page }) => {
  await begin(page);
  await askAndWait(page, unanswerable);
  await page.goto("/admin/quality");
  const row = page.getByRole("row").filter({ hasText: unanswerable });
  await expect(row).toContainText("did not answer it");
  await expect(
    page.getByText("with the vectors of all-minilm, which learnt English only"),
  ).toBeVisible();
  await picture(page, "quality");
  await expectAccessible(page);
  await row.getByRole("button", { name: /^Done/u }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Done", exact: true }).click();
  await expect(row).toHaveCount(1);
  await row.getByRole("button", { name: /^Open again/u }).click();
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(row).toHaveCount(1);

  await row.getByRole("button", { name: "Make golden" }).click();
  const dialog = page.getByRole("dialog", { name: "New golden question" });
  await expect(dialog.getByLabel("Question")).toHaveValue(unanswerable);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toContainText("Golden");
});

test("golden questions are imported, asked and compared", async ({ page }) => {
  await begin(page);
  await page.goto("/admin/quality/golden");
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import golden questions" });
  const table = `question,file,passage\n"${answerable}",,\n,missing.txt,\nWho won the chess olympiad?,,\n`;
  await dialog
    .getByLabel("File")
    .setInputFiles({ name: "golden.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(dialog.getByRole("status")).toContainText("2 questions added");
  await expect(dialog.getByRole("status")).toContainText("Line 3: there is no question.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Close" }).last().click();

  for (const count of [1, 2]) {
    await page.getByRole("button", { name: "Ask them all" }).click();
    const runs = page.getByRole("region", { name: "Runs" }).last();
    await expect(runs.getByRole("radio", { name: /^After/u })).toHaveCount(count, {
      timeout: 60_000,
    });
  }
  await expect(page.getByRole("region", { name: "Before and after" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "chess olympiad" })).toContainText(
    "refused",
  );
  await picture(page, "quality-golden");
  await expectAccessible(page);
});

test("a search is tried with other parameters beside the one in force", async ({ page }) => {
  await begin(page);
  await page.goto("/admin/quality/search");
  await expect(page.getByText("Ask something to see what is found.")).toBeVisible();
  await page.getByLabel("Question", { exact: true }).fill(answerable);
  const now = page.getByRole("table", { name: "Now" });
  await expect(now.getByRole("row").nth(1)).toContainText("#");
  const weight = page.getByLabel("Weight of meaning");
  await weight.focus();
  for (let step = 0; step < 12; step += 1) await page.keyboard.press("ArrowLeft");
  const tried = page.getByRole("table", { name: "Tried" });
  await expect(tried.getByRole("row").nth(1)).toContainText("same place");
  await picture(page, "quality-search");
  await expectAccessible(page);
  await page.getByRole("button", { name: "As it is now" }).click();
  await expect(tried).toHaveCount(0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the quality pages fit", async ({ page }) => {
    await begin(page);
    for (const path of ["", "/golden", "/search"]) {
      await page.goto(`/admin/quality${path}`);
      const pages = page.getByRole("navigation", { name: "Quality pages" });
      await expect(pages.locator("[aria-current]")).toBeInViewport({ ratio: 0.9 });
      if (path === "/search") {
        await page.getByLabel("Question", { exact: true }).fill(answerable);
        await page.getByLabel("Candidates by words").fill("10");
        await expect(page.getByRole("table", { name: "Tried" })).toBeVisible();
      } else await expect(page.getByRole("row").nth(1)).toBeVisible();
      await expectNoSidewaysScroll(page);
      await picture(page, `phone-quality${path.replace("/", "-")}`);
      await expectAccessible(page);
    }
    await page.goto("/admin/quality");
    await page
      .getByRole("link", { name: /^How the answer/u })
      .first()
      .tap();
    await expect(page.getByRole("region", { name: "Checked" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await picture(page, "phone-quality-trace");
    await expectAccessible(page);
  });
});

import type { Page } from "@playwright/test";
import {
  ask,
  begin,
  composer,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  lastAnswer,
  picture,
  test,
} from "./test.ts";

const first = "What was the probable cause of the accident near Soledad?";
const other = "How many pages will the National Archives digitize by FY 2026?";

const finished = (page: Page): Promise<void> =>
  expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });

const heading = (page: Page, question: string) =>
  page.getByRole("heading", { level: 2, name: question });

/** The row of the chat that is open, in the list at the side. */
const currentRow = (page: Page) =>
  page
    .getByRole("navigation", { name: "Pages and chats" })
    .locator("li")
    .filter({ has: page.locator("[aria-current=page]") });

const actOnCurrent = async (page: Page, name: string): Promise<void> => {
  const row = currentRow(page);
  await row.hover();
  await row.getByRole("button", { name: /^More for/u }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
};

test("a question is rewritten and asked again, and every wording is kept and switched to", async ({
  page,
}) => {
  await begin(page);
  await ask(page, first);
  await finished(page);
  await lastAnswer(page).getByRole("button", { name: "Edit the question" }).click();
  const box = page.getByRole("textbox", { name: "Edit the question" });
  await expect(box).toBeFocused();
  await box.press("Escape");
  await expect(page.getByRole("button", { name: "Edit the question" })).toBeFocused();
  await page.keyboard.press("Enter");
  await box.fill(other);
  await expectAccessible(page);
  await box.press("Enter");
  await expect(heading(page, other)).toBeFocused();
  await finished(page);
  await expect(page.getByRole("article")).toHaveCount(1);
  await lastAnswer(page).getByRole("button", { name: "Ask again" }).click();
  await expect(page.getByRole("img", { name: "3 of 3" })).toBeVisible();
  await expect(heading(page, other)).toBeFocused();
  await finished(page);
  const before = page.getByRole("button", { name: "Show the one before" });
  await before.click();
  await expect(page.getByRole("img", { name: "2 of 3" })).toBeVisible();
  await expect(before).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(page, first)).toBeVisible();
  await page.reload();
  await expect(heading(page, first)).toBeVisible();
  await expect(page.getByRole("img", { name: "1 of 3" })).toBeVisible();
  await picture(page, "branches");
  await expectAccessible(page);
});

test("the palette finds what an answer says and brings that answer on screen", async ({ page }) => {
  await begin(page);
  for (const question of [first, "Who led it?", other]) {
    await ask(page, question);
    await finished(page);
  }
  const chat = page.url();
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(page.getByRole("article")).toHaveCount(0);
  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search and go to" });
  await expect(field).toBeFocused();
  await field.fill("probable soledad");
  const option = page.getByRole("option").filter({ hasText: /Soledad/u });
  await expect(option.first()).toBeVisible();
  await picture(page, "palette");
  await expectAccessible(page);
  await field.press("Enter");
  await expect(heading(page, first).first()).toBeInViewport();
  await expect(heading(page, first).first()).toBeFocused();
  // The newest chat that holds the words comes first: the one of before, at the answer that was found.
  expect(page.url().startsWith(`${chat}#`)).toBe(true);
  await page.reload();
  await expect(heading(page, first).first()).toBeInViewport();
});

test("a chat is pinned, archived and taken out again, and deleted with a way back", async ({
  page,
}) => {
  await begin(page);
  await ask(page, other);
  await finished(page);
  const history = page.getByRole("navigation", { name: "Pages and chats" });
  await actOnCurrent(page, "Pin");
  await expect(history.getByRole("heading", { name: "Pinned" })).toBeVisible();
  await actOnCurrent(page, "Unpin");
  await expect(history.getByRole("heading", { name: "Pinned" })).toHaveCount(0);
  await actOnCurrent(page, "Archive");
  await expect(history.getByText("Archived (1)")).toBeVisible();
  // The focus never falls back to the top of the page: the next chat has it, and the page itself after the undoing.
  await expect(history.locator(":focus")).toHaveCount(1);
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(history.getByText("Archived (1)")).toHaveCount(0);
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
  const chat = page.url();
  const title = await page.title();
  expect(title).toMatch(/digitize.* · Drover$/iu);
  await actOnCurrent(page, "Delete");
  await expect(page).not.toHaveURL(chat);
  await expect(page).toHaveTitle("New chat · Drover");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page).toHaveURL(chat);
  await expect(heading(page, other)).toBeVisible();
  await expect(page).toHaveTitle(title);
  await page.reload();
  await expect(heading(page, other)).toBeVisible();
  await expect(page).toHaveTitle(title);
});

test("a chat is read by its link until the link is ended", async ({ page }) => {
  await begin(page);
  await ask(page, other);
  await finished(page);
  const chat = page.url();
  await actOnCurrent(page, "Share by link");
  const dialog = page.getByRole("dialog", { name: "Share this chat" });
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = dialog.getByRole("link", { name: /^\/s\// });
  await expect(link).toBeVisible();
  await picture(page, "share");
  await expectAccessible(page);
  const path = (await link.getAttribute("href")) ?? "";
  await page.goto(path);
  await expect(page.getByText("Shared by Anna Berger")).toBeVisible();
  await expect(heading(page, other)).toBeVisible();
  await expect(page.getByRole("blockquote").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit the question" })).toHaveCount(0);
  await picture(page, "shared");
  await expectAccessible(page);
  await page.goto(chat);
  await expect(heading(page, other)).toBeVisible();
  await actOnCurrent(page, "Share by link");
  await dialog.getByRole("button", { name: "End this link" }).click();
  await expect(dialog.getByText("There is no link yet.")).toBeVisible();
  await page.goto(path);
  await expect(page.getByText(/This link does not work any more/u)).toBeVisible();
  await expectAccessible(page);
});

test("a file is attached to one chat and answers in it alone", async ({ page }) => {
  await begin(page);
  await page.locator("[data-attach]").setInputFiles({
    name: "ferry.md",
    mimeType: "text/markdown",
    buffer: Buffer.from("# Ferry\n\nThe ferry to Hiddensee leaves at 07:45 from pier nine.\n"),
  });
  await expect(page.getByRole("list", { name: "Attached to this chat" })).toContainText("ferry.md");
  await expect(page.getByText(/Your files are still being read/u)).toHaveCount(0, {
    timeout: 60_000,
  });
  await ask(page, "When does the ferry to Hiddensee leave?");
  await finished(page);
  await expect(lastAnswer(page).getByRole("blockquote").first()).toContainText("07:45");
  await picture(page, "attachment");
  await expectAccessible(page);
  await page.goto("/admin/documents");
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "ferry" })).toHaveCount(0);
  await page.goto("/");
  await ask(page, "When does the ferry to Hiddensee leave?");
  await finished(page);
  await expect(page.getByText("07:45")).toHaveCount(0);
});

test("each chat keeps its own draft, and single keys can be switched off", async ({ page }) => {
  await begin(page);
  await ask(page, first);
  await finished(page);
  await composer(page).fill("Half a question in this chat");
  await page.getByRole("button", { name: "New chat" }).first().click();
  await expect(composer(page)).toHaveValue("");
  await composer(page).fill("Another one for a new chat");
  await page.reload();
  await expect(composer(page)).toHaveValue("Another one for a new chat");
  await composer(page).fill("");
  await page
    .getByRole("navigation", { name: "Pages and chats" })
    .getByRole("link", { name: /probable cause/iu })
    .first()
    .click();
  await expect(composer(page)).toHaveValue("Half a question in this chat");
  await composer(page).fill("");
  await composer(page).blur();
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: /Single keys/u }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("[");
  await expect(page.getByRole("navigation", { name: "Pages and chats" })).toBeVisible();
  await page.reload();
  await expect(heading(page, first)).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("palette and editing fit", async ({ page }) => {
    await begin(page);
    await ask(page, first);
    await finished(page);
    await lastAnswer(page).getByRole("button", { name: "Edit the question" }).tap();
    await expectNoSidewaysScroll(page);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: "Search and go to" })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await picture(page, "phone-palette");
    await expectAccessible(page);
  });
});

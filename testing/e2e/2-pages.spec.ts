import {
  admin,
  ask,
  begin,
  composer,
  expect,
  expectAccessible,
  expectNothingCutOff,
  lastAnswer,
  picture,
  test,
} from "./test.ts";

const note = (words: string) => ({
  name: "harbour.md",
  mimeType: "text/markdown",
  buffer: Buffer.from(`# Harbour rules\n\n${words}\n`),
});

test("an uploaded file can be asked about, read and deleted with undo", async ({ page }) => {
  await begin(page);
  await page.getByRole("link", { name: "Documents" }).click();
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await page
    .getByLabel("Choose files")
    .setInputFiles(note("The crane on the east quay lifts boats of up to 12 tonnes."));
  const row = page.getByRole("row").filter({ hasText: "harbour" });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await picture(page, "documents");
  await expectAccessible(page);

  await row.getByRole("rowheader").getByRole("button").click();
  await expect(page.getByRole("complementary", { name: "Source" })).toContainText("12 tonnes");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary", { name: "Source" })).toHaveCount(0);

  await page.getByRole("button", { name: "New chat" }).first().click();
  await ask(page, "How heavy may boats be for the crane on the east quay?");
  await expect(lastAnswer(page).getByRole("blockquote").first()).toContainText("12 tonnes");

  await page.getByRole("link", { name: "Documents" }).click();
  const remove = async (): Promise<void> => {
    await row.getByRole("button", { name: /^More for/u }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(row).toHaveCount(0);
  };
  await remove();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toHaveCount(1);
  await remove();
  await page.reload();
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("a file that cannot be read says why and can be dismissed", async ({ page }) => {
  await begin(page);
  await page.goto("/admin/documents");
  // The list comes from the browser's own call: from then on the page listens.
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await page.getByLabel("Choose files").setInputFiles({
    name: "tool.exe",
    mimeType: "application/octet-stream",
    buffer: Buffer.from([0x4d, 0x5a, 0x90, 0x00, 0x03, 0x00]),
  });
  await expect(page.getByText(/cannot be read|could not be read/u)).toBeVisible({
    timeout: 30_000,
  });
  await expectAccessible(page);
});

test("chats are renamed, deleted and brought back from the history", async ({ page }) => {
  await begin(page);
  await ask(page, "What was the probable cause of the accident near Soledad?");
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  const history = page.getByRole("navigation", { name: "Pages and chats" });
  const entry = history.getByRole("link", { name: /probable cause/iu }).first();
  await expect(entry).toHaveAttribute("aria-current", "page");
  await entry.hover();
  await history
    .getByRole("button", { name: /^More for Probable cause/u })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByRole("dialog").getByLabel("Title").fill("Soledad");
  await page.getByRole("button", { name: "Save" }).click();
  const renamed = history.getByRole("link", { name: "Soledad", exact: true });
  await expect(renamed).toBeVisible();
  await page.reload();
  await expect(renamed).toBeVisible();
  await renamed.hover();
  await history.getByRole("button", { name: "More for Soledad" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(renamed).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(renamed).toBeVisible();
});

test("everything has a key and the keys are listed", async ({ page }) => {
  await begin(page);
  await page.locator("body").click({ position: { x: 900, y: 20 } });
  await page.keyboard.press("/");
  await expect(composer(page)).toBeFocused();
  await page.keyboard.type("First line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second");
  await expect(composer(page)).toHaveValue("First line\nsecond");
  await composer(page).fill("");
  await composer(page).blur();
  await page.keyboard.press("[");
  await expect(page.getByRole("navigation", { name: "Pages and chats" })).toBeHidden();
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Pages and chats" })).toBeHidden();
  await page.keyboard.press("[");
  await expect(page.getByRole("navigation", { name: "Pages and chats" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the theme is chosen without a flash: the server paints it", async ({ page }) => {
  await begin(page);
  await page.getByRole("button", { name: admin.email }).click();
  await page.getByRole("menuitem", { name: "Dark theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  const response = await page.request.get("/");
  expect(await response.text()).toContain('data-theme="dark"');
  await page.getByRole("button", { name: admin.email }).click();
  await page.getByRole("menuitem", { name: "Theme of the device" }).click();
  await expect(page.locator("html")).not.toHaveAttribute("data-theme", /./u);
});

test("without the server the page keeps the question and says what to do", async ({
  page,
  context,
}) => {
  await begin(page);
  await context.setOffline(true);
  await ask(page, "What was the weather in Tallahassee?");
  await expect(page.getByText("The server cannot be reached.").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: /Tallahassee/u })).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  await expect(page.getByRole("article")).toHaveCount(1);
});

test("an address that leads nowhere says so", async ({ page }) => {
  await begin(page);
  const absent = await page.goto("/c/00000000-0000-4000-8000-000000000000");
  expect(absent?.status()).toBe(404);
  await expect(page.getByText("This chat does not exist, or is not yours.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "New chat" }).click();
  await expect(composer(page)).toBeVisible();
  await page.goto("/no-such-page");
  await expect(page.getByRole("heading", { name: "This page does not exist" })).toBeVisible();
  await expectAccessible(page);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("chat, drawer, source sheet and documents fit", async ({ page }) => {
    await begin(page);
    await expectNothingCutOff(page);
    await ask(page, "How many pages will the National Archives digitize by FY 2026?");
    await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
    await expectNothingCutOff(page);
    await picture(page, "phone-answer");
    await expectAccessible(page);

    await page
      .getByRole("button", { name: /^Source 1:/u })
      .first()
      .tap();
    await expect(page.locator('[data-mark="quote"]').first()).toBeInViewport();
    await expectNothingCutOff(page);
    await picture(page, "phone-source");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Close the source" }).tap();

    await page.getByRole("button", { name: "Show chats" }).tap();
    const history = page.getByRole("navigation", { name: "Pages and chats" });
    await expect(history).toBeInViewport();
    await expectAccessible(page);
    await history.getByRole("link", { name: "Documents" }).tap();
    await expect(page.getByRole("heading", { level: 1, name: "Documents" })).toBeVisible();
    await expect(history).not.toBeInViewport();
    await expectNothingCutOff(page);
    await expectAccessible(page);
  });
});

import type { Page } from "@playwright/test";
import { admin, expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./test.ts";

const member = {
  name: "Bruno Keller",
  email: "bruno@example.org",
  password: "another four plain words",
} as const;

/** Opens a page, through the sign-in form where it has to. */
const openAs = async (
  page: Page,
  who: { readonly email: string; readonly password: string },
  path: string,
): Promise<void> => {
  await page.goto(path);
  if (!page.url().includes("/sign-in")) return;
  await page.getByLabel("E-mail").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  await page.goto(path);
};

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

test("an invitation makes a member, who sees no administration and can be suspended", async ({
  page,
  browser,
}) => {
  await openAs(page, admin, "/admin/users");
  await expect(row(page, admin.email)).toBeVisible();
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("E-mail (optional)").fill(member.email);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByLabel("Link").inputValue();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(row(page, member.email)).toBeVisible();

  const other = await browser.newContext({ baseURL: new URL(page.url()).origin, locale: "en-GB" });
  const theirs = await other.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole("heading", { level: 1 })).toContainText(admin.workspace);
  await expect(theirs.getByLabel("E-mail")).toHaveValue(member.email);
  await expectAccessible(theirs);
  await theirs.getByRole("button", { name: "Make the account" }).click();
  await expect(theirs.getByLabel("Your name")).toBeFocused();
  await theirs.getByLabel("Your name").fill(member.name);
  await theirs.getByLabel("Password").fill(member.password);
  await theirs.getByRole("button", { name: "Make the account" }).click();
  await theirs.waitForURL((url) => url.pathname === "/");
  for (const path of ["/admin/users", "/admin/settings", "/admin/audit"]) {
    await theirs.goto(path);
    await expect(theirs.getByRole("heading", { name: "This page does not exist" })).toBeVisible();
  }

  await page.reload();
  await row(page, member.email)
    .getByRole("button", { name: `More for ${member.name}` })
    .click();
  await page.getByRole("menuitem", { name: "Suspend" }).click();
  await expect(row(page, member.email)).toContainText("Suspended");
  await picture(page, "users");
  await expectAccessible(page);
  await theirs.goto("/account");
  await expect(theirs).toHaveURL(/\/sign-in/u);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, member.email)).not.toContainText("Suspended");
  await openAs(theirs, member, "/account");
  await expect(theirs.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  await expectAccessible(theirs);
  await other.close();
});

test("a setting is changed, said to be changed, and taken back", async ({ page }) => {
  await openAs(page, admin, "/admin/settings");
  const field = page.getByRole("textbox", { name: "Answers at the same time, per person" });
  await field.fill("many");
  await expect(page.getByText("Use a whole number from 1 to 20.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await expectAccessible(page);
  await field.fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("setting differs from the default", { exact: false })).toBeVisible();
  await picture(page, "settings");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Everything is at its default.")).toBeVisible();
  await expect(field).toHaveValue("2");
});

test("who mistypes a password is where they can type it again", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill("four plain words there");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The e-mail or the password is wrong.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeFocused();
  await page.goto("/reset");
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  await expect(page.getByRole("textbox")).toHaveCount(0);
});

test("people read for how long their chats are kept", async ({ page }) => {
  await openAs(page, admin, "/admin/settings");
  const history = page.getByRole("navigation", { name: "Pages and chats" });
  await expect(history.getByText(/Your chats appear here|Today/u)).toBeVisible();
  await expect(history.getByText(/is deleted/u)).toHaveCount(0);
  await page.getByRole("textbox", { name: "Days that chats are kept" }).fill("30");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("setting differs from the default", { exact: false })).toBeVisible();
  await page.goto("/");
  await expect(
    history.getByText("A chat without a new question for 30 days is deleted. Pinned chats stay."),
  ).toBeVisible();
  await page.goto("/admin/settings");
  await page.getByRole("textbox", { name: "Days that chats are kept" }).fill("0");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Everything is at its default.")).toBeVisible();
});

test("the audit log shows what happened and is filtered", async ({ page }) => {
  await openAs(page, admin, "/admin/audit");
  await page.getByLabel("What", { exact: true }).selectOption("Settings");
  await expect(row(page, "chat.answersAtOnce").first()).toContainText(admin.email);
  await expect(row(page, "session.start")).toHaveCount(0);
  await page.getByLabel("What", { exact: true }).selectOption("People");
  // Whom it was done to stands there by name, not by number.
  await expect(row(page, "person.change").first()).toContainText(
    `${member.name} <${member.email}>`,
  );
  await picture(page, "audit");
  await expectAccessible(page);
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await expect(page.getByText("Nothing fits these filters.")).toBeVisible();
  await expectAccessible(page);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("the administration fits", async ({ page }) => {
    for (const path of ["/admin/users", "/admin/settings", "/admin/audit", "/account"]) {
      await openAs(page, admin, path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
});

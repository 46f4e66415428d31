import type { Page } from "@playwright/test";
import { begin, expect, expectAccessible, expectNoSidewaysScroll, picture, test } from "./test.ts";

const member = { name: "Cleo Brandt", email: "cleo@example.org" } as const;

const post = (page: Page, path: string, body: unknown): Promise<unknown> =>
  page.evaluate(
    async ([to, json]) => {
      const headers = { "content-type": "application/json" };
      return (
        await fetch(to!, { method: "POST", headers, body: json! })
      ).json() as Promise<unknown>;
    },
    [path, JSON.stringify(body)],
  );

/** A member who is signed in somewhere else, made through an invitation. */
const addMember = async (page: Page): Promise<void> => {
  const made = (await post(page, "/api/invitations", {
    email: null,
    role: "member",
    groupIds: [],
  })) as { readonly link: string };
  const token = new URL(made.link).hash.replace("#token=", "");
  const theirs = await page.request.storageState();
  await post(page, "/api/join", { ...member, token, password: "another four plain words" });
  // Joining signs in: this browser stays who it was.
  await page.context().clearCookies();
  await page.context().addCookies(theirs.cookies);
};

const look = async (page: Page, name: string): Promise<void> => {
  await picture(page, name);
  await expectAccessible(page);
};

test("an admin sees where somebody is signed in, ends it, and changes their address", async ({
  page,
}) => {
  await begin(page);
  await addMember(page);
  await page.goto("/admin/users");
  const row = (text: string) => page.getByRole("row").filter({ hasText: text });
  const act = async (name: string): Promise<void> => {
    await page.getByRole("button", { name: `More for ${member.name}` }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await expect(row(member.email)).toContainText("1 device");
  await act("Signed-in devices");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toHaveCount(1);
  await look(page, "person-devices");
  await dialog.getByRole("listitem").getByRole("button").click();
  await expect(dialog.getByText("Signed in nowhere.")).toBeVisible();
  await page.keyboard.press("Escape");
  await act("Change the e-mail address");
  await dialog.getByLabel("E-mail").fill("anna@example.org");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText(/e-mail/iu).last()).toBeVisible();
  await look(page, "person-email");
  await dialog.getByLabel("E-mail").fill("cleo.brandt@example.org");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(row("cleo.brandt@example.org")).toBeVisible();
  await act("Link for a new password");
  await expect(dialog.getByLabel("Link")).toHaveValue(/\/reset#token=/u);
  await look(page, "reset-link");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New group" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await look(page, "group");
});

test("who manages a collection says how it answers and who may read it", async ({ page }) => {
  await begin(page);
  await post(page, "/api/collections", { name: "Handbook", visibility: "private" });
  await page.goto("/admin/documents");
  await page.getByRole("button", { name: /^Handbook/u }).click();
  const act = async (name: string): Promise<void> => {
    await page.getByRole("button", { name: "More for Handbook" }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  const dialog = page.getByRole("dialog");
  await act("How it answers…");
  await dialog.getByLabel("Length of answers").selectOption("short");
  await dialog.getByLabel("Language of answers").selectOption("de");
  await dialog.getByLabel(/What the model is told/u).fill("Call readers colleagues.");
  await look(page, "collection-answers");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await picture(page, "phone-collection-answers");
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await page.reload();
  await page.getByRole("button", { name: /^Handbook/u }).click();
  await act("How it answers…");
  await expect(dialog.getByLabel("Language of answers")).toHaveValue("de");
  await expect(dialog.getByLabel(/What the model is told/u)).toHaveValue(
    "Call readers colleagues.",
  );
  await page.keyboard.press("Escape");
  await act("Who may use Handbook");
  await expect(dialog).toBeVisible();
  await look(page, "collection-rights");
});

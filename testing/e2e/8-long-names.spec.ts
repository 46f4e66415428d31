import type { Locator, Page } from "@playwright/test";
import { begin, expect, expectNoSidewaysScroll, test } from "./test.ts";

/** One word, longer than a phone is wide, as some languages have them. */
const word = "Straßenverkehrsordnungswidrigkeitenverfahrensakten";
const collection = `${word} der Verwaltungsgemeinschaft`;
const rights = `Who may use ${collection}`;

const post = (page: Page, path: string, body: unknown): Promise<number> =>
  page.evaluate(
    async ([to, json]) => {
      const headers = { "content-type": "application/json" };
      return (await fetch(to!, { method: "POST", headers, body: json! })).status;
    },
    [path, JSON.stringify(body)],
  );

/** Words of the product's own stand on one line. */
const expectOnOneLine = async (words: Locator): Promise<void> => {
  const lines = await words.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  });
  expect(lines).toBe(1);
};

const expectWithin = async (inner: Locator, outer: Locator): Promise<void> => {
  // What opens may still be on its way to its place.
  await expect(async () => {
    const [box, around] = [await inner.boundingBox(), await outer.boundingBox()];
    if (box === null || around === null) throw new Error("not on the page");
    expect(box.x).toBeGreaterThanOrEqual(around.x);
    expect(box.x + box.width).toBeLessThanOrEqual(around.x + around.width);
  }).toPass({ timeout: 5_000 });
};

test("a name of any length leaves the tables of people in order", async ({ page }) => {
  await begin(page);
  expect(
    await post(page, "/api/invitations", {
      email: `${word.replaceAll("ß", "ss").toLowerCase()}@${"verwaltung".repeat(5)}.example.org`,
      role: "member",
      groupIds: [],
    }),
  ).toBe(201);
  await page.goto("/admin/users");
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const invitation = page.getByRole("row").filter({ hasText: "verwaltung" });
    await expectOnOneLine(invitation.getByRole("button"));
    await expectOnOneLine(invitation.getByText("Member", { exact: true }));
    await expectNoSidewaysScroll(page);
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("every dialog about a collection stays within its edges", async ({ page }) => {
    await begin(page);
    expect(await post(page, "/api/collections", { name: collection, visibility: "private" })).toBe(
      201,
    );
    await page.goto("/admin/documents");
    await page.getByRole("button", { name: new RegExp(`^${collection}`, "u") }).click();
    const more = page.getByRole("button", { name: `More for ${collection}` });
    const dialog = page.getByRole("dialog");
    for (const [item, first] of [
      [rights, null],
      ["How it answers…", "Length of answers"],
      ["Language, retention and sources…", "Language of its documents"],
    ] as const) {
      await more.click();
      const entry = page.getByRole("menuitem", { name: item });
      await expectWithin(entry, page.getByRole("menu"));
      expect(
        await page.getByRole("menu").evaluate((menu) => menu.scrollWidth - menu.clientWidth),
      ).toBe(0);
      await entry.click();
      await expectWithin(dialog.getByRole("button", { name: "Close" }), dialog);
      await expect(dialog.getByRole("button", { name: "Save" }).first()).toBeVisible();
      expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
      // The first thing that can be filled in, in the order of the page.
      if (first !== null) await expect(dialog.getByLabel(first)).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(more).toBeFocused();
    }
    await more.click();
    await page.getByRole("menuitem", { name: rights }).click();
    // Whom a right is given to is read whole: the word is not broken to make room for the choice beside it.
    await expectOnOneLine(dialog.getByText(/^Anna Berger/u).first());
  });
});

import type { Page } from "@playwright/test";
import {
  ask,
  begin,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  finished,
  lastAnswer,
  picture,
  test,
} from "./test.ts";

/** A text file is uploaded, read and ready to be asked about. */
const upload = async (page: Page, name: string, text: string): Promise<void> => {
  await page.goto("/admin/documents");
  await expect(page.getByRole("row").filter({ hasText: "National Archives" })).toBeVisible();
  await page
    .getByLabel("Choose files")
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  const row = page.getByRole("row").filter({ hasText: name.replace(/\.\w+$/u, "") });
  await expect(row.getByText("Ready")).toBeVisible({ timeout: 60_000 });
};

test("text that is written from right to left is set so, in questions, quotes and documents", async ({
  page,
}) => {
  await begin(page);
  await upload(
    page,
    "nahr.txt",
    "مواعيد العبارة\n\nتغادر العبارة إلى الجزيرة في الساعة السابعة صباحا من الرصيف التاسع.\n",
  );
  await page.goto("/");
  const asked = "متى تغادر العبارة إلى الجزيرة؟";
  await ask(page, asked);
  await finished(page);
  const direction = (selector: string): Promise<string> =>
    page
      .locator(selector)
      .last()
      .evaluate((element) => getComputedStyle(element).direction);
  expect(await direction("h2[data-question]")).toBe("rtl");
  await expect(lastAnswer(page).getByRole("blockquote").first()).toContainText("السابعة");
  expect(await direction("article blockquote")).toBe("rtl");
  const rule = await lastAnswer(page)
    .getByRole("listitem")
    .filter({ has: page.getByRole("blockquote") })
    .first()
    .evaluate((item) => getComputedStyle(item).borderRightWidth);
  expect(rule).toBe("2px");
  await page
    .getByRole("button", { name: /^Source 1:/u })
    .first()
    .click();
  const marked = page.locator('[data-mark="quote"]').first();
  await expect(marked).toBeVisible();
  expect(await marked.evaluate((element) => getComputedStyle(element).direction)).toBe("rtl");
  await picture(page, "right-to-left");
  await expectAccessible(page);
  // Its title in the list leaves room for what can be done with the chat.
  const row = page.getByRole("navigation").getByRole("listitem").filter({ hasText: asked }).first();
  await row.hover();
  const [title, more] = [
    await row.locator("[dir=auto]").boundingBox(),
    await row.getByRole("button", { name: /^More for/u }).boundingBox(),
  ];
  expect((title?.x ?? 0) + (title?.width ?? 9_999)).toBeLessThanOrEqual(more?.x ?? 0);
  // A page in such a language turns as a whole.
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  const rail = await page.getByRole("navigation", { name: "Pages and chats" }).boundingBox();
  expect(rail?.x).toBeGreaterThan(720);
  await expectNoSidewaysScroll(page);
});

test("rows of a table stay rows, in the quote and in the document beside it", async ({ page }) => {
  await begin(page);
  const crew = [
    "Name,Role,Phone,Since",
    "Ida Brandt,Harbour master,0471-22010,2019",
    "Selma Aydin,Crane operator,0471-22040,2016",
    "Piet Janssen,Diver,0471-22055,2022",
  ];
  await upload(page, "harbour-crew.csv", crew.join("\n"));
  await page.goto("/");
  await ask(page, "What is the phone number of the crane operator Selma Aydin?");
  await finished(page);
  const quoted = lastAnswer(page).getByRole("blockquote").getByRole("table").first();
  await expect(quoted.getByRole("columnheader", { name: "Phone" })).toBeVisible();
  await expect(quoted.getByRole("cell", { name: "0471-22040" })).toBeVisible();
  await page
    .getByRole("button", { name: /^Source \d+: harbour-crew/u })
    .first()
    .click();
  const read = page.getByRole("complementary", { name: "Source" }).or(page.getByRole("dialog"));
  await expect(read.getByRole("cell", { name: "Piet Janssen" })).toBeVisible();
  await expect(read.locator('td [data-mark="quote"]').first()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
});

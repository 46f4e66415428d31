import {
  addDemo,
  admin,
  allPages,
  ask,
  composer,
  expect,
  expectAccessible,
  lastAnswer,
  picture,
  setUp,
  setupLink,
  test,
  transcriptText,
  whileNodesStandStill,
} from "./test.ts";

test("from the set-up link to a cited answer, its passage, and out again", async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  let question = "";
  const requested: string[] = [];

  await test.step("a page asked for before the set-up leads to the set-up", async () => {
    await page.goto("/");
    await expect(page).toHaveURL(/\/setup$/u);
    await expect(page.getByText("missing its one-time code")).toBeVisible();
  });

  await test.step("the set-up link makes the first admin, with clear faults before", async () => {
    await page.goto(setupLink());
    await expectAccessible(page);
    await page.getByRole("button", { name: "Set up and sign in" }).click();
    await expect(page.getByText("Give the workspace a name.")).toBeVisible();
    await setUp(page);
    await expect(page.getByRole("heading", { name: "Nothing to search yet" })).toBeVisible();
    await expectAccessible(page);
    await page.goto("/admin/documents");
    await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
    for (const path of allPages) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      await expectAccessible(page);
    }
    await page.goto("/");
  });

  await test.step("one click adds the demo documents and suggests questions", async () => {
    await addDemo(page);
    await expectAccessible(page);
    await picture(page, "new-chat");
    const suggestion = page.getByRole("main").getByRole("listitem").getByRole("button").first();
    question = (await suggestion.innerText()).trim();
    page.on("request", (request) => requested.push(new URL(request.url()).pathname));
    await suggestion.click();
  });

  await test.step("evidence comes first, then the answer settles", async () => {
    // The question's own call brings the answer: whatever else the page asked for would come before the evidence.
    const needless = /\/api\/(suggestions|conversations\/|answers\/)/u;
    await expect(page.getByRole("heading", { level: 2, name: question })).toBeVisible();
    await expect(page.getByRole("heading", { name: "From the documents" })).toBeVisible();
    await expect(page.getByRole("blockquote").first()).not.toBeEmpty();
    expect(requested.filter((path) => needless.test(path))).toEqual([]);
    await expect(page).toHaveURL(/\/c\/[^/]+$/u);
    await expect(page.getByRole("button", { name: "Copy with sources" })).toBeVisible();
    await expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false");
    await expect(page.getByRole("status").filter({ hasText: /Answer finished/u })).toHaveCount(1);
    await picture(page, "answer");
    await expectAccessible(page);
  });

  await test.step("a citation opens the exact passage and gives the focus back", async () => {
    const quote = (await page.getByRole("blockquote").first().innerText()).trim();
    const citation = page.getByRole("button", { name: /^Source 1:/u }).first();
    await citation.click();
    const marked = page.locator('[data-mark="quote"]');
    // A PDF opens as its page; its text is one touch away.
    await expect(marked.first()).toBeInViewport({ timeout: 20_000 });
    await picture(page, "source-page");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Text", exact: true }).click();
    await expect(marked.first()).toBeInViewport();
    const words = (text: string): string => text.replace(/\s+/gu, " ").trim();
    expect(words((await marked.allInnerTexts()).join(" "))).toBe(words(quote));
    await picture(page, "source");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(marked).toHaveCount(0);
    await expect(citation).toBeFocused();
  });

  await test.step("a reload and a second tab in the middle of an answer lose and double nothing", async () => {
    const second = await context.newPage();
    await ask(page, "Who is responsible for the records of the National Archives?");
    await expect(page.getByRole("article")).toHaveCount(2);
    await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
    const evidence = await lastAnswer(page).getByRole("blockquote").allInnerTexts();
    await whileNodesStandStill(async () => {
      await page.reload();
      await second.goto(page.url());
      for (const tab of [page, second]) {
        await expect(tab.getByRole("article")).toHaveCount(2);
        await expect
          .poll(() => lastAnswer(tab).getByRole("blockquote").allInnerTexts())
          .toEqual(evidence);
      }
    });
    for (const tab of [page, second]) {
      await expect(lastAnswer(tab)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
    }
    const seen = await transcriptText(page);
    expect(await transcriptText(second)).toBe(seen);
    await page.reload();
    await expect(page.getByRole("article")).toHaveCount(2);
    expect(await transcriptText(page)).toBe(seen);
    await second.close();
  });

  await test.step("stop ends the answer and keeps what is there", async () => {
    await ask(page, "What does the strategic plan say about customers?");
    await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
    await whileNodesStandStill(async () => {
      await page.getByRole("button", { name: "Stop" }).click();
      await expect(page.getByText("You stopped this answer.")).toBeVisible();
      await expect(page.getByRole("button", { name: "Send" })).toBeVisible();
    });
    await expect(lastAnswer(page).getByRole("blockquote").first()).toBeVisible();
  });

  await test.step("a question the documents do not answer is refused in words", async () => {
    await ask(page, "Which football club won the cup in 1987?");
    await expect(
      page.getByRole("heading", { name: "The documents do not answer this" }),
    ).toBeVisible();
    await picture(page, "refusal");
    await expectAccessible(page);
  });

  await test.step("signing out ends the session", async () => {
    await page.getByRole("button", { name: admin.email }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectAccessible(page);
    await page.goto("/");
    await expect(page).toHaveURL(/\/sign-in/u);
    await expect(composer(page)).toHaveCount(0);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as plain, type Page } from "@playwright/test";
import { adminPages, adminSubPages } from "#components/admin/admin-pages.ts";

const fromSetUp = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing: the global set-up did not run`);
  return value;
};

export const address = (): string => fromSetUp("E2E_ADDRESS");
export const setupLink = (): string => fromSetUp("E2E_SETUP_LINK");

export const admin = {
  workspace: "Harbour Office",
  name: "Anna Berger",
  email: "anna@example.org",
  password: "four plain words here",
} as const;

const isOwn = (url: string): boolean =>
  url.startsWith(`${address()}/`) || url.startsWith("data:") || url.startsWith("blob:");

/** What the server painted can be seen before the page's script hears what is done to it: React marks what it has taken over. */
const heard = (page: Page) =>
  page.waitForFunction(() =>
    [...document.querySelectorAll("button, input, textarea")].every((node) =>
      Object.keys(node).some((key) => key.startsWith("__react")),
    ),
  );

/** From here on, who opens this page again also waits until it hears: nobody presses a key in the first tenth of a second. */
const openAndHear = (page: Page): void => {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => {
    const response = await goto(...args);
    await heard(page);
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload(...args);
    await heard(page);
    return response;
  };
};

/** Every page is watched: it asks nobody else for anything, breaks no content policy and throws nothing. */
export const test = plain.extend<{ readonly watched: string[] }>({
  // Playwright reads a fixture's needs from this pattern; it must be one.
  baseURL: async ({}, provide) => {
    await provide(address());
  },
  watched: [
    async ({ context }, provide) => {
      const faults: string[] = [];
      context.on("page", openAndHear);
      context.on("request", (request) => {
        if (!isOwn(request.url())) faults.push(`asked ${request.url()}`);
      });
      context.on("weberror", (error) => {
        faults.push(`threw ${error.error().message}`);
      });
      context.on("console", (message) => {
        if (
          message.type() === "error" &&
          !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/u.test(message.text())
        ) {
          faults.push(`said ${message.text()}`);
        }
      });
      await provide(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Every page that is reached without an id. */
export const allPages = [
  "/",
  "/account",
  ...adminPages.map(({ href }) => href),
  ...adminSubPages.map(({ href }) => href).filter((href) => !href.includes("[")),
];

/** For a test that has the server refuse: the browser says so of each answer, and React (#441) of a page that the server could not make; that is no fault. */
export const forgiveRefusals = (watched: string[]): void => {
  const others = watched.filter((fault) => !/status of 50[0347]|React error #441;/u.test(fault));
  watched.splice(0, watched.length, ...others);
};

export const composer = (page: Page) => page.getByRole("textbox", { name: "Question" });
export const lastAnswer = (page: Page) => page.getByRole("article").last();

/** The last answer has ended. */
export const finished = (page: Page): Promise<void> =>
  expect(lastAnswer(page)).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });

export const ask = async (page: Page, question: string): Promise<void> => {
  await heard(page);
  await composer(page).fill(question);
  await composer(page).press("Enter");
};

/** The words of a transcript without what belongs to the moment (seconds taken, model, open menus). */
export const transcriptText = async (page: Page): Promise<string> => {
  const parts = await page
    .getByRole("article")
    .locator("h2, blockquote, figcaption, section > div")
    .allInnerTexts();
  return parts.map((part) => part.replace(/\s+/gu, " ").trim()).join("\n");
};

/** Colours on their way from one theme to the other are neither's. */
const settled = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  });
};

const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** All else is the same in both themes. */
const rulesOfColour = ["color-contrast", "link-in-text-block"];

/** No violation of WCAG 2.2 A and AA on the page as it stands, in both themes. */
export const expectAccessible = async (page: Page): Promise<void> => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await settled(page);
    // What passes is not listed, and no page of its own is opened for the end: a check takes half the time.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
    const { violations } = await (
      colorScheme === "light" ? axe.withTags(levels) : axe.withRules(rulesOfColour)
    ).analyze();
    const found = violations.map(
      (violation) =>
        `${colorScheme}: ${violation.id} at ${violation.nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
    expect(found).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: "light" });
};

/** Nothing sticks out sideways. */
export const expectNoSidewaysScroll = async (page: Page): Promise<void> => {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
};

/** As `expectNoSidewaysScroll`, also of what a place hides that is too narrow for it. */
export const expectNothingCutOff = async (page: Page): Promise<void> => {
  await expectNoSidewaysScroll(page);
  expect(await page.evaluate(cutOffTexts)).toEqual([]);
};

/** Texts that end beyond the window where nothing scrolls to them; runs in the page. */
function cutOffTexts(): readonly string[] {
  const { clientWidth } = document.documentElement;
  const isNoMatter = (element: Element): boolean => {
    const { overflowX, textOverflow, visibility, clipPath } = getComputedStyle(element);
    const scrolls = overflowX === "auto" || overflowX === "scroll";
    const isSeen = visibility === "visible" && clipPath === "none";
    return scrolls || textOverflow === "ellipsis" || !isSeen;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const cut: string[] = [];
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const rects = [...range.getClientRects()].filter(({ width }) => width > 1);
    if (rects.every(({ left, right }) => left > -1 && right < clientWidth + 1)) continue;
    let around = text.parentElement;
    while (around !== null && !isNoMatter(around)) around = around.parentElement;
    if (around === null) cut.push(text.textContent?.slice(0, 80) ?? "");
  }
  return cut;
}

/** Kept in docs/screenshots when asked for; otherwise nothing. */
export const picture = async (page: Page, name: string): Promise<void> => {
  if (process.env["DROVER_SCREENSHOTS"] !== "1") return;
  await page.screenshot({ path: join("docs/screenshots", `${name}.png`), animations: "disabled" });
};

const signIn = async (page: Page): Promise<void> => {
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Sign in" }).click();
};

export const setUp = async (page: Page): Promise<void> => {
  await page.getByLabel("Workspace name").fill(admin.workspace);
  await page.getByLabel("Your name").fill(admin.name);
  await page.getByLabel("E-mail").fill(admin.email);
  await page.getByLabel("Password").fill(admin.password);
  await page.getByRole("button", { name: "Set up and sign in" }).click();
};

export const addDemo = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Add the demo documents" }).click();
  await expect(page.getByRole("heading", { name: "Questions these documents answer" })).toBeVisible(
    {
      timeout: 60_000,
    },
  );
};

/** Signed in with documents to ask about, whatever ran before. */
export const begin = async (page: Page): Promise<void> => {
  await page.goto("/");
  if (page.url().endsWith("/setup")) {
    await page.goto(setupLink());
    await setUp(page);
  } else if (page.url().includes("/sign-in")) {
    await signIn(page);
  }
  await expect(composer(page)).toBeVisible();
  await heard(page);
  const offer = page.getByRole("button", { name: "Add the demo documents" });
  // Questions to begin with are left out while the cluster has little to spare; what is searched is always named.
  const searched = page.getByText(/\([\d,]+ documents?\)$/u).first();
  await expect(offer.or(searched).first()).toBeVisible();
  if (await offer.isVisible()) await addDemo(page);
};

interface ProductState {
  readonly parts: readonly { readonly name: string; readonly pid: number | null }[];
}

const productState = (): ProductState =>
  JSON.parse(
    readFileSync(join(fromSetUp("E2E_DATA_DIR"), "run/state.json"), "utf8"),
  ) as ProductState;

const partPids = (start: string): readonly number[] =>
  productState().parts.flatMap(({ name, pid }) =>
    name.startsWith(start) && pid !== null ? [pid] : [],
  );

/** Kills parts of the product; who started them starts them anew. */
export const killParts = (start: "database" | "node-"): void => {
  const pids = partPids(start);
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, "SIGKILL");
};

/** Kills parts of the product and keeps them away: who would start them anew is held still for as long as `during` takes. */
export const whileAway = async (
  start: "database" | "node-",
  during: () => Promise<void>,
): Promise<void> => {
  const supervisor = Number(fromSetUp("E2E_PID"));
  process.kill(supervisor, "SIGSTOP");
  try {
    killParts(start);
    await during();
  } finally {
    process.kill(supervisor, "SIGCONT");
  }
};

/** A node that stood still for so long that it was ended and started anew needs no waking. */
const wake = (pid: number): void => {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
};

/** Holds every node of the product still, so that an answer stays in the middle for as long as `during` takes. */
export const whileNodesStandStill = async (during: () => Promise<void>): Promise<void> => {
  const pids = partPids("node-");
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  try {
    await during();
  } finally {
    for (const pid of pids) wake(pid);
  }
};

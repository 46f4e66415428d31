import {
  askOnScreen,
  beginNewChat,
  openBrowser,
  openSignedIn,
  type ScreenTimes,
} from "../browser.ts";
import { inventedQuestion, seededRandom } from "../corpus.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument, fillTo } from "../filled-product.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const sizes = [1000, 10_000];
const newChats = 25;
const laterTurns = 15;
const goalMs = 300;

/** From the key Enter in Chromium, on the same cores as everything else, to the quote that it shows. */
export async function benchScreen(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  const figures: Figure[] = [];
  let filled = 0;
  try {
    await beginWithOneDocument(dataDir);
    for (const chunks of sizes) {
      await fillTo(dataDir, chunks, filled);
      filled = chunks;
      figures.push(...figuresOf(chunks, await measure(dataDir)));
    }
    return figures;
  } finally {
    await removeDataDir(dataDir);
  }
}

const figuresOf = (chunks: number, times: readonly ScreenTimes[]): readonly Figure[] => {
  const figure = (name: string, value: number, goal: number | null): Figure => ({
    ...{ part: "screen", name: `${name}, ${chunks} chunks`, value, unit: "ms", goal },
    better: "lower",
    against: `Chromium beside it; ${newChats} new chats, ${laterTurns} further turns`,
  });
  const quotes = times.map(({ quoteMs }) => quoteMs);
  const painted = times.map(({ paintedMs }) => paintedMs);
  return [
    figure("Enter to quote on the page p50", quantile(quotes, 0.5), null),
    figure("Enter to quote on the page p95", quantile(quotes, 0.95), goalMs),
    figure("Enter to quote painted p50", quantile(painted, 0.5), null),
    figure("Enter to quote painted p95", quantile(painted, 0.95), goalMs),
  ];
};

async function measure(dataDir: string): Promise<readonly ScreenTimes[]> {
  const product = await startProduct(dataDir);
  const browser = await openBrowser();
  const times: ScreenTimes[] = [];
  try {
    const page = await openSignedIn(browser, product);
    const random = seededRandom(11);
    const finished = page.locator('article[aria-busy="true"]');
    for (let asked = 0; asked < newChats + laterTurns; asked += 1) {
      if (asked < newChats) await beginNewChat(page);
      times.push(await askOnScreen(page, inventedQuestion(random)));
      // As somebody who has read enough: the next question is not asked beside a running answer.
      await page
        .getByRole("button", { name: "Stop" })
        .click({ timeout: 1000 })
        .catch(() => undefined);
      await finished.waitFor({ state: "detached" });
    }
  } finally {
    await browser.close();
    await product.stop();
  }
  return times;
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Figure } from "../figures.ts";
import { askOnScreen, comeBack, openBrowser, openSignedIn } from "../browser.ts";
import { signIn } from "../person.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const document = "assets/demo/Accident report LAX08CA034 Soledad.pdf";
const question = "What was the probable cause of the accident?";
const goalMs = 10_000;

/** From the command of a second start to the first quoted passage and to the end of the first answer. */
export async function benchStart(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    const first = await startProduct(dataDir);
    const person = await signIn(first);
    await person.untilReady(await person.upload("report.pdf", await readFile(join(document))));
    await first.stop();

    const onScreenMs = await secondStartOnScreen(dataDir);
    const second = await startProduct(dataDir);
    const signedIn = await signIn(second);
    const events = await signedIn.ask(question);
    const signedInMs = second.startMs;
    await second.stop();
    const atOf = (type: string): number =>
      signedInMs + (events.find(({ event }) => event.type === type)?.atMs ?? Number.NaN);
    if (Number.isNaN(atOf("evidence"))) throw new Error("the first answer quoted nothing");
    const figure = (name: string, value: number, goal: number | null): Figure => ({
      ...{ part: "start", name, value: value / 1000, unit: "s", better: "lower" },
      goal: goal === null ? null : goal / 1000,
      against: "from the command; models in memory before the first question",
    });
    return [
      figure("first start to the address, weights and build present", first.startMs, null),
      figure("second start to the address", second.startMs, null),
      figure("second start to the first cited answer on the wire", atOf("evidence"), goalMs),
      figure("second start to the first quote on screen", onScreenMs, goalMs),
      figure("second start to the end of that answer", atOf("text-end"), null),
    ];
  } finally {
    await removeDataDir(dataDir);
  }
}

/** Somebody signed in comes back to a browser that is open already: from the command to the first quote in Chromium, ms. */
async function secondStartOnScreen(dataDir: string): Promise<number> {
  const browser = await openBrowser();
  try {
    const first = await startProduct(dataDir);
    const page = await openSignedIn(browser, first);
    await page.goto("about:blank");
    await first.stop();
    const beganAt = performance.now();
    const second = await startProduct(dataDir);
    await comeBack(page, second);
    await askOnScreen(page, question);
    const tookMs = performance.now() - beganAt;
    await second.stop();
    return tookMs;
  } finally {
    await browser.close();
  }
}

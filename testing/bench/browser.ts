import { chromium, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { account } from "./person.ts";
import type { Product } from "./product.ts";

/** Chromium of the machine, else Playwright's own. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });

const composer = (page: Page) => page.getByRole("textbox", { name: "Question" });

/** A page of the product, signed in and ready for a question. */
export async function openSignedIn(
  browser: Browser,
  product: Product,
  device: BrowserContextOptions = {},
): Promise<Page> {
  const page = await browser.newPage(device);
  await page.goto(`${product.origin}/sign-in`);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await composer(page).waitFor();
  return page;
}

/** The page of somebody who is signed in already and comes back, ready for a question. */
export async function comeBack(page: Page, product: Product): Promise<void> {
  await page.goto(product.origin);
  await composer(page).waitFor();
}

export interface ScreenTimes {
  /** From the key to the first quote in the document, ms. */
  readonly quoteMs: number;
  /** To the frame after it: what the eye sees. */
  readonly paintedMs: number;
}

/** Leaves the chat on screen; what it quoted must be gone before the quotes of the next one are counted. */
export async function beginNewChat(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New chat" }).filter({ visible: true }).first().click();
  await page.locator("blockquote").first().waitFor({ state: "detached" });
}

const patienceMs = 30_000;

/**
 * Types a question into an open page, presses Enter and waits for the first quote of its answer. All times are the browser's own.
 * @throws Error when none comes
 */
export async function askOnScreen(page: Page, question: string): Promise<ScreenTimes> {
  await composer(page).fill(question);
  const seen = page.evaluate(watchForQuote, patienceMs);
  await composer(page).press("Enter");
  return seen;
}

/** Runs in the page. A question that is refused shows its nearest passages as quotes too. */
function watchForQuote(patience: number): Promise<ScreenTimes> {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`no quote came on screen: ${document.body.innerText.slice(0, 500)}`));
    }, patience);
    const before = document.querySelectorAll("blockquote").length;
    let pressedAt = Number.NaN;
    addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Enter") pressedAt = event.timeStamp;
      },
      { capture: true },
    );
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll("blockquote").length <= before) return;
      observer.disconnect();
      const quoteMs = performance.now() - pressedAt;
      requestAnimationFrame(() => {
        // A message posted from a frame's callback arrives after that frame was painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve({ quoteMs, paintedMs: performance.now() - pressedAt });
        };
        port2.postMessage(null);
      });
    });
    observer.observe(document, { subtree: true, childList: true });
  });
}

import { gzipSync } from "node:zlib";
import type { Browser, Page } from "@playwright/test";
import { attachToDatabase } from "../../../embedded/supervisor/attach.ts";
import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import { parseConfig } from "#lib/config.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import { blockingTimeMs } from "../blocking-time.ts";
import { openBrowser, openSignedIn } from "../browser.ts";
import { inventedQuestion, seededRandom } from "../corpus.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument } from "../filled-product.ts";
import { newDataDir, removeDataDir, startProduct, type Product } from "../product.ts";

const turnCount = 500;
const openings = 5;
const openGoalMs = 1_000;
const frameGoalMs = 50;
const scriptGoalKilobytes = 200;
/** What comes whole with its page. */
const shortTurns = 6;
/** Lighthouse gives nine tenths of the mark for this. */
const blockingGoalMs = 200;

/** A conversation of 500 turns in the browser, and how much script the first page takes. */
export async function benchConversation(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    await beginWithOneDocument(dataDir);
    const [path, shortPath] = await writeConversations(dataDir);
    const product = await startProduct(dataDir);
    const browser = await openBrowser();
    try {
      return [
        ...(await measure(browser, product, path)),
        ...(await onAPhone(browser, product, shortPath)),
      ];
    } finally {
      await browser.close();
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

const figure = (
  name: string,
  value: number,
  unit: string,
  goal: number | null,
  against: string,
): Figure => ({ part: "conversation", name, value, unit, goal, better: "lower", against });

async function measure(browser: Browser, product: Product, path: string) {
  const page = await openSignedIn(browser, product);
  const kilobytes = await scriptKilobytes(page, product);
  const opened: number[] = [];
  for (let time = 0; time < openings; time += 1)
    opened.push(await openConversation(page, product, path));
  const keys = await typeBeside(page);
  const frames = await scrollThrough(page);
  const beside = `${turnCount} turns, Chromium on the same cores`;
  return [
    figure("opens with its end on screen p50", quantile(opened, 0.5), "ms", openGoalMs, beside),
    figure("opens, slowest", Math.max(...opened), "ms", null, beside),
    figure("a key typed beside it, painted p95", quantile(keys, 0.95), "ms", frameGoalMs, beside),
    figure("frame while scrolling p95", quantile(frames, 0.95), "ms", frameGoalMs, beside),
    figure("frame while scrolling, longest", Math.max(...frames), "ms", null, beside),
    figure(
      "script of the first page, gzip",
      kilobytes,
      "KB",
      scriptGoalKilobytes,
      "signed in, new chat",
    ),
  ];
}

const phone = { viewport: { width: 412, height: 823 }, isMobile: true, deviceScaleFactor: 1.75 };

async function onAPhone(browser: Browser, product: Product, path: string) {
  const page = await openSignedIn(browser, product, phone);
  const against = "total blocking time, processor slowed to a quarter, middle of five";
  const figures: Figure[] = [];
  for (const [name, address] of [
    ["a new chat", "/"],
    [`a chat of ${String(shortTurns)} turns`, path],
  ] as const) {
    const times: number[] = [];
    for (let time = 0; time < openings; time += 1)
      times.push(await blockingTimeMs(page, product.origin + address));
    const opened = `${name} opened on a phone keeps a finger waiting`;
    figures.push(figure(opened, quantile(times, 0.5), "ms", blockingGoalMs, against));
  }
  await page.context().close();
  return figures;
}

/** Written through the product's own stores, with the product stopped; returns the paths of a long and a short conversation. */
async function writeConversations(dataDir: string): Promise<readonly [string, string]> {
  const attached = await attachToDatabase(parseConfig({ DROVER_DATA_DIR: dataDir }));
  const connection = await openDatabase({ url: attached.url, maxConnections: 2 });
  try {
    const user = await connection.db.query.users.findFirst();
    if (user === undefined) throw new Error("the product was not set up");
    const actor: Actor = { userId: user.id, workspaceId: user.workspaceId, role: "admin" };
    const conversations = createConversationStore({ db: connection.db });
    const answers = createAnswerStore({ db: connection.db });
    const random = seededRandom(5);
    const write = async (title: string, turns: number): Promise<string> => {
      const { id } = await conversations.create(actor, { title, collectionIds: [] });
      for (let turn = 1; turn <= turns; turn += 1) {
        const question = `${String(turn)}. ${inventedQuestion(random)}`;
        const { answerId } = await conversations.addTurn(actor, id, { question, owner: "bench" });
        await answers.finish(answerId, "complete", {
          ...emptyAnswer,
          verdict: "answerable",
          sentences: answerOf(random),
          outcome: "complete",
        });
      }
      return `/c/${id}`;
    };
    return [
      await write("A long conversation", turnCount),
      await write("A short conversation", shortTurns),
    ];
  } finally {
    await connection.close();
    await attached.release();
  }
}

/** A paragraph, a list, a table or code: what answers are made of. */
function answerOf(random: () => number) {
  const words = (count: number) =>
    Array.from({ length: count }, () => inventedQuestion(random).split(" ").at(-2) ?? "word").join(
      " ",
    );
  const blocks = [
    words(60),
    `- ${words(8)}\n- ${words(12)}\n- ${words(6)}`,
    `| a | b |\n| - | - |\n| ${words(2)} | ${words(3)} |\n| ${words(2)} | ${words(1)} |`,
    `\`\`\`ts\nconst ${words(1)} = ${String(Math.round(random() * 99))};\n\`\`\``,
  ];
  const text = `${words(40)}.\n\n${blocks[Math.floor(random() * blocks.length)] ?? ""}`;
  return [{ text, citations: [], supported: true }];
}

/** From the navigation to the last turn painted, on a page that was loaded before. */
async function openConversation(page: Page, product: Product, path: string): Promise<number> {
  await page.goto(product.origin);
  await page.goto(product.origin + path);
  await page
    .getByRole("heading", { level: 2, name: new RegExp(`^${String(turnCount)}\\.`) })
    .waitFor();
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        requestAnimationFrame(() => {
          resolve(performance.now());
        });
      }),
  );
}

/** From each of thirty keys to the paint that shows it. */
async function typeBeside(page: Page): Promise<readonly number[]> {
  const box = page.getByRole("textbox", { name: "Question" });
  await box.focus();
  await box.evaluate((element) => {
    const shown: number[] = [];
    Object.assign(window, { shown });
    element.addEventListener("keydown", ({ timeStamp }) => {
      requestAnimationFrame(() => setTimeout(() => shown.push(performance.now() - timeStamp)));
    });
  });
  await page.keyboard.type("how many berths has the harbour", { delay: 60 });
  return page.evaluate(() => (window as unknown as { shown: readonly number[] }).shown);
}

/** Times between frames while the whole conversation is scrolled through in about five seconds, from its end to its beginning. */
function scrollThrough(page: Page): Promise<readonly number[]> {
  return page.evaluate(
    () =>
      new Promise<readonly number[]>((resolve) => {
        const box = document.querySelector('[role="region"][tabindex="0"]');
        if (box === null) throw new Error("no conversation is shown");
        const step = box.scrollHeight / 300;
        const frames: number[] = [];
        let before = performance.now();
        const next = (now: number): void => {
          frames.push(now - before);
          before = now;
          box.scrollTop -= step;
          if (box.scrollTop > 0 && frames.length < 600) requestAnimationFrame(next);
          else resolve(frames.slice(1));
        };
        requestAnimationFrame(next);
      }),
  );
}

async function scriptKilobytes(page: Page, product: Product): Promise<number> {
  const sizes = new Map<string, number>();
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    void response
      .body()
      .then((body) => sizes.set(response.url(), gzipSync(body).length))
      .catch(() => undefined);
  });
  await page.goto(product.origin, { waitUntil: "networkidle" });
  return [...sizes.values()].reduce((sum, size) => sum + size, 0) / 1_000;
}

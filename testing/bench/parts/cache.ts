import { setTimeout as delay } from "node:timers/promises";
import { inventedQuestion, seededRandom } from "../corpus.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument, fillTo } from "../filled-product.ts";
import { type Person, signIn, type TimedEvent } from "../person.ts";
import { measureInside } from "../cache-inside.ts";
import { newDataDir, type Product, removeDataDir, startProduct } from "../product.ts";

const chunks = 10_000;
const pumps = 20;
const misses = 30;

/** What a kept answer takes at the route and inside, another wording with its proof, and what asking the cache in vain costs. */
export async function benchCache(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  try {
    await beginWithOneDocument(dataDir);
    await fillTo(dataDir, chunks, 0);
    const product = await startProduct(dataDir);
    try {
      return await measure(product);
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

const figure = (
  name: string,
  value: number,
  goal: number | null,
  against: string,
  unit = "ms",
): Figure => ({
  ...{ part: "cache", name, value, unit, goal, against },
  better: unit === "ms" || unit === "ratio" ? "lower" : "higher",
});

const isEvidence = ({ event }: TimedEvent): boolean => event.type === "evidence";
const isCached = (events: readonly TimedEvent[]): boolean =>
  events.some(({ event }) => event.type === "notice" && event.kind === "cached");
const evidenceMs = (events: readonly TimedEvent[]): number => events.find(isEvidence)?.atMs ?? NaN;

async function measure(product: Product): Promise<readonly Figure[]> {
  const person = await signIn(product);
  await person.untilReady(await person.upload("pumps.md", new TextEncoder().encode(handbook())));
  const questions = Array.from({ length: pumps }, (_, pump) => questionOf(pump));
  for (const question of questions) await person.ask(question);
  await warm(person, questions);
  const exact = [...(await askAll(person, questions)), ...(await askAll(person, questions))];
  const other = await askAll(person, questions.map(otherWording));
  const hits = exact.filter(isCached);
  const proven = other.filter(isCached);
  const seconds = proven.map(evidenceMs);
  const bySearch = other.filter((events, pump) => !isOfForm(pump) && isCached(events));
  const paid = await missesPay(person);
  const inside = await measureInside(product, person, questions);
  const exactMs = quantile(hits.map(evidenceMs), 0.5);
  const at = `at the route, ${String(chunks)} chunks, embedded parts`;
  return [
    figure("exact hit to first evidence p50", exactMs, 12, at),
    figure(
      "exact hit, begin to proven, p50",
      inside.exactMs,
      5,
      "inside, over the product's database",
    ),
    figure(
      "kept for others told by time, AUC",
      inside.toldApart,
      0.55,
      "misses of somebody who may not read",
      "ratio",
    ),
    figure("exact hits", hits.length / exact.length, 1, "of equal questions", "share"),
    figure("proven other wording to evidence p50", quantile(seconds, 0.5), 25, at),
    figure("proven other wording to evidence p95", quantile(seconds, 0.95), 80, at),
    figure(
      "other wording proven by a search p50",
      quantile(bySearch.map(evidenceMs), 0.5),
      null,
      "three of ten",
    ),
    figure("other wordings proven", proven.length / other.length, null, "of all asked", "share"),
    figure("a miss pays, p50", paid.onMs - paid.offMs, 15, "the same with the cache off"),
    figure("miss to evidence p50, cache off", paid.offMs, null, at),
    figure("exact hit ÷ answer without cache", exactMs / paid.offMs, null, "evidence p50", "ratio"),
  ];
}

const handbook = (): string =>
  Array.from(
    { length: pumps },
    (_, pump) =>
      `# Aurora ${String(300 + pump)}\n\nThe warranty of the Aurora ${String(300 + pump)} pump is ${String(12 + pump)} months.\n`,
  ).join("\n");
const questionOf = (pump: number): string =>
  `What is the warranty of the Aurora ${String(300 + pump)} pump?`;

/** As hits on other wordings fall in real traffic: seven of ten are of one form, the others need the evidence. */
const isOfForm = (pump: number): boolean => pump % 10 < 7;
const otherWording = (question: string, pump: number): string =>
  isOfForm(pump)
    ? `Please tell me ${question.replace("What", "what")}`
    : question.replace("What is", "What should be");

/** What an answer leaves to be written has ended by then: each question is measured by itself, as of people who read. */
const settledMs = 100;

async function askAll(person: Person, questions: readonly string[]) {
  const answers: (readonly TimedEvent[])[] = [];
  for (const question of questions) {
    await delay(settledMs);
    answers.push(await person.ask(question));
  }
  return answers;
}

const warmRounds = 4;

/** As of a product that has been at work for a minute: programs that have just started run their code unoptimised. */
async function warm(person: Person, questions: readonly string[]): Promise<void> {
  for (let round = 0; round < warmRounds; round += 1) await askAll(person, questions);
  const some = questions.slice(0, questions.length / 2);
  await askAll(
    person,
    some.map((question) => `I want to know ${question.replace("What", "what")}`),
  );
}

/** The same kind of question, never asked before, with the cache on and off by turns. */
async function missesPay(person: Person) {
  const random = seededRandom(17);
  const times = { on: [] as number[], off: [] as number[] };
  for (const state of ["on", "off", "on", "off"] as const) {
    await person.change({ "cache.answers": state === "on" });
    // In force within two seconds.
    await delay(2500);
    for (let asked = 0; asked < misses / 2; asked += 1) {
      await delay(settledMs);
      times[state].push(
        evidenceMs(await person.ask(inventedQuestion(random), ({ type }) => type === "evidence")),
      );
    }
  }
  await person.change({ "cache.answers": null });
  return { onMs: quantile(times.on, 0.5), offMs: quantile(times.off, 0.5) };
}

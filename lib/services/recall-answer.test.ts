import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "../core/access/actor.ts";
import { emptyAnswer } from "../core/chat/fold-answer.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { CachedAnswer, RecallPlace, Recollection } from "../ports/answer-cache-store.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createScriptedTier, type ScriptedTier } from "#testing/fakes/scripted-tier.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { createRecallAnswer, type RecallAnswer } from "./recall-answer.ts";

const actor: Actor = { userId: "u", workspaceId: "w", role: "member" };
const scopeOf = (generations: Generations, instructions: string): string =>
  [...generations.keys()].join() + instructions;
const stored: CachedAnswer = {
  ...{ entryId: "e", question: "q", answerKey: "k", rankedChunkIds: [], source: "asked" },
  answer: { ...emptyAnswer, quotes: [{ citation: 1, text: "words", charStart: 0, charEnd: 5 }] },
  cited: [{ chunkId: "c", contentHash: "h", collectionId: "a" }],
  generations: new Map([["a", 1]]),
  createdAt: new Date("2026-01-01"),
  ...{ costMs: 1, costTokens: 2 },
};

describe("recalling an answer", () => {
  let memory: ScriptedTier;
  let asked: (RecallPlace | null)[];
  let readable: string[];
  let entries: CachedAnswer[];
  /** What the collections asked want, in the scope where the entry lies. */
  let placed: string;
  let answers: RecallAnswer;
  let instructions: string | Promise<string>;

  beforeEach(() => {
    memory = createScriptedTier("memory");
    asked = [];
    readable = ["a"];
    entries = [stored];
    placed = "";
    const clock = createFakeClock();
    instructions = "";
    answers = createRecallAnswer({
      ...{ clock, counters: { tier: () => undefined }, tiers: startTieredCache(clock, [memory]) },
      store: {
        recall(_actor, _ids, at): Promise<Recollection> {
          asked.push(at);
          const generations = new Map(readable.map((id) => [id, 1]));
          const isHere = at?.scope === readable.join() + placed && at.exactText === "q";
          const now = { generations, readable: new Map([["c", { contentHash: "h" }]]) };
          const [entry] = entries;
          if (entry === undefined || !isHere)
            return Promise.resolve({
              generations,
              hasAttachment: false,
              own: null,
              vetted: null,
              hasForm: false,
            });
          // As the database does: the words come from the caller when it holds them.
          const { held } = at;
          const answer = held?.answerKey === entry.answerKey ? held.answer : entry.answer;
          const own = { by: "exact" as const, entry: { ...entry, answer }, now };
          return Promise.resolve({
            generations,
            hasAttachment: false,
            own,
            vetted: null,
            hasForm: false,
          });
        },
      },
    });
  });
  const ask = (text = "q") =>
    answers.recall(
      { actor, collectionIds: [], instructions, exactText: text, form: null },
      scopeOf,
      "vetted",
    );
  const remembers = (text = "q", by = actor): boolean =>
    answers.remembers({ actor: by, collectionIds: [], exactText: text }, scopeOf);

  it("asks twice the first time, and once when the scope is what it was", async () => {
    expect((await ask()).own?.entry).toEqual(stored);
    expect(asked).toMatchObject([null, { scope: "a", held: null }]);
    asked.length = 0;
    expect((await ask()).own?.entry).toEqual(stored);
    expect(asked).toMatchObject([{ scope: "a", held: { entryId: "e", answerKey: "k" } }]);
    asked.length = 0;
    expect((await ask("other")).own).toBe(null);
    expect(asked).toHaveLength(1);
  });

  it("gives nothing of the scope that it guessed when another one may be read", async () => {
    await ask();
    readable = ["a", "b"];
    const other = await ask();
    expect(other).toMatchObject({ scope: "a,b", own: { entry: { entryId: "e" } } });
    readable = [];
    expect(await ask()).toMatchObject({ scope: "" });
    expect(asked.at(-1)).toMatchObject({ scope: "" });
  });

  it("asks at the last place while what the collections want is on its way, and gives nothing of it when they want something else", async () => {
    await ask();
    asked.length = 0;
    const wanted = Promise.withResolvers<string>();
    instructions = wanted.promise;
    const answer = ask();
    while (asked.length === 0) await Promise.resolve();
    expect(asked).toMatchObject([{ scope: "a" }]);
    wanted.resolve("!brief");
    expect(await answer).toMatchObject({ scope: "a!brief", instructions: "!brief", own: null });
    placed = "!brief";
    expect(await ask()).toMatchObject({ own: { entry: { entryId: "e" } } });
    expect(asked.slice(1)).toMatchObject([{ scope: "a!brief" }, { scope: "a!brief" }]);
  });

  it("remembers what lay there, for who may read the same and as long as it was found", async () => {
    expect(remembers()).toBe(false);
    await ask();
    expect([remembers(), remembers("other")]).toEqual([true, false]);
    expect(remembers("q", { ...actor, userId: "never asked" })).toBe(false);
    readable = ["a", "b"];
    await ask("other");
    expect(remembers()).toBe(false);
    readable = ["a"];
    entries = [];
    await ask();
    expect(remembers()).toBe(false);
  });

  it("takes the store's words once an entry was replaced, and forgets one that is gone", async () => {
    await ask();
    const quotes = [{ citation: 1, text: "new words", charStart: 0, charEnd: 9 }];
    entries = [{ ...stored, answerKey: "k2", answer: { ...emptyAnswer, quotes } }];
    expect((await ask()).own?.entry.answer.quotes[0]?.text).toBe("new words");
    entries = [];
    expect((await ask()).own).toBe(null);
    expect(memory.held.size).toBe(0);
  });

  it.each([
    ["no JSON", "no"],
    ["something else", "{}"],
    ["null", "null"],
    ["a list", "[1]"],
  ])("asks the store for the words when a tier holds %s", async (_name, text) => {
    await ask();
    for (const key of memory.held.keys()) memory.held.set(key, new TextEncoder().encode(text));
    expect((await ask()).own?.entry).toEqual(stored);
    expect(asked.at(-1)?.held).toBe(null);
  });

  it.each(["fails", "throws", "short"] as const)("goes on without a tier that %s", async (mode) => {
    memory.mode = mode;
    await ask();
    expect((await ask()).own?.entry).toEqual(stored);
  });
});

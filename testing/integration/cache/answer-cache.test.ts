import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AnswerCacheStore } from "#lib/ports/answer-cache-store.ts";
import { type CachedLine, startCachedLine } from "./cached-line.ts";

const question = "How long is the warranty of the Aurora 300 pump?";
const other = "What is the length of the warranty of the Aurora 300 pump?";
const handbook =
  "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months. Seals are not covered by it.\n";
const lisbon = "# Lisbon\n\nThe office in Lisbon is led by Marta Oliveira since 2019.\n";

describe("the answer cache over a real database", () => {
  let line: CachedLine;
  let handbookId: string;
  let collectionId: string;

  beforeAll(async () => {
    line = await startCachedLine();
    collectionId = await line.newCollection();
    handbookId = await line.addDocument(collectionId, "warranty.md", handbook);
    await line.addDocument(collectionId, "lisbon.md", lisbon);
  });
  afterAll(async () => {
    expect(line.faults).toEqual([]);
    await line.close();
  });
  beforeEach(async () => {
    line.settings.answers = true;
    line.settings.similar = true;
    await line.connection.pool.query("delete from cache_entries");
    await line.connection.pool.query("delete from cache_tombstones");
    await line.counters.flush();
    await line.connection.pool.query("delete from cache_counts");
  });

  const counts = async () => {
    await line.counters.flush();
    const { rows } = await line.connection.pool.query<{ result: string; reason: string }>(
      "select result, reason from cache_counts order by result, reason",
    );
    return rows.map(({ result, reason }) => `${result} ${reason}`.trim());
  };

  it("gives an answer again to the same words without a model, labelled, with its evidence", async () => {
    const first = await line.ask(line.admin, question);
    expect(first).toMatchObject({ isCached: false, outcome: "complete", verdict: "answerable" });
    const calls = line.modelCalls();
    const again = await line.ask(line.admin, `  ${question.toUpperCase()}  `);
    expect(again.isCached).toBe(true);
    expect(again.quotes).toEqual(first.quotes);
    expect(again.sources.map(({ chunkId }) => chunkId)).toEqual([first.sources[0]?.chunkId]);
    expect(again.notices[0]?.message).toContain("from Warranty");
    expect(line.modelCalls()).toBe(calls);
    expect(await counts()).toEqual(["exact", "miss new"]);
  });

  it("gives it to other words of the same form, and to none of another question", async () => {
    await line.ask(line.admin, "What is the warranty of the Aurora 300 pump?");
    expect(
      await line.ask(line.admin, "Please tell me what is the warranty of the Aurora 300 pump"),
    ).toMatchObject({ isCached: true });
    for (const near of [
      "What is the warranty of the Aurora 200 pump?",
      "What is not in the warranty of the Aurora 300 pump?",
      "Who is the warranty of the Aurora 300 pump?",
    ])
      expect(await line.ask(line.admin, near)).toMatchObject({ isCached: false });
    expect(await counts()).toContain("semantic");
    line.settings.similar = false;
    expect(
      await line.ask(line.admin, "Please, what is the warranty of the Aurora 300 pump"),
    ).toMatchObject({ isCached: false });
  });

  it("embeds a new question while it looks for it, and one that it remembers not at all", async () => {
    let before = line.calls.length;
    const looksOnceEmbedded: AnswerCacheStore = {
      ...line.answers,
      recall: async (...place) => {
        // Without the other it would wait for ever.
        while (line.calls.length === before) await new Promise(setImmediate);
        return line.answers.recall(...place);
      },
    };
    expect((await line.ask(line.admin, other, { store: looksOnceEmbedded })).isCached).toBe(false);
    await line.ask(line.admin, question);
    before = line.calls.length;
    expect((await line.ask(line.admin, question)).isCached).toBe(true);
    expect(line.calls).toHaveLength(before);
  });

  it("compares and keeps nothing for who asks too many near-duplicates, and still gives what lies at their words", async () => {
    const nearDuplicates = { holdsBack: (asker: string) => asker === line.admin.userId };
    const cache = line.cacheOver(line.answers, "1", line.tiers, { nearDuplicates });
    const wording = "Please tell me what is the warranty of the Aurora 300 pump";
    const plain = "What is the warranty of the Aurora 300 pump?";
    const isCached = async (asked: string, asksAgain = false): Promise<boolean> =>
      (await line.ask(line.admin, asked, { cache, asksAgain })).isCached;
    // Kept neither when asked nor when asked again.
    for (const asksAgain of [false, true, false])
      expect(await isCached(plain, asksAgain)).toBe(false);
    expect(await counts()).toEqual(["bypassed asked-again", "bypassed near-duplicates"]);
    await line.ask(line.admin, plain);
    expect(await isCached(plain)).toBe(true);
    expect(await isCached(wording)).toBe(false);
    expect((await line.ask(line.admin, wording)).isCached).toBe(true);
  });

  it("goes round when asked again, when off, for follow-ups and for what depends on the day", async () => {
    await line.ask(line.admin, question);
    expect((await line.ask(line.admin, question, { asksAgain: true })).isCached).toBe(false);
    const history = [
      {
        ...{ question: "What is the warranty of the Aurora 300 pump?", answer: "24 months." },
        documentIds: [],
      },
    ];
    expect((await line.ask(line.admin, "And how long is it?", { history })).isCached).toBe(false);
    expect((await line.ask(line.admin, "And how long is it?", { history })).isCached).toBe(false);
    const today = "What is the current warranty of the Aurora 300 pump today?";
    await line.ask(line.admin, today);
    expect((await line.ask(line.admin, today)).isCached).toBe(false);
    line.settings.answers = false;
    expect((await line.ask(line.admin, question)).isCached).toBe(false);
    expect(await counts()).toEqual([
      "bypassed asked-again",
      "bypassed follow-up",
      "bypassed time-relative",
      "miss new",
    ]);
  });

  it("never gives an answer that was asked for in another way", async () => {
    const ways = [
      { systemPrompt: "Call readers colleagues." },
      { answerStyle: "short" },
      { answerLanguage: "de" },
      { systemPrompt: "", answerStyle: "balanced", answerLanguage: "question" },
    ] as const;
    expect(await line.ask(line.admin, question)).toMatchObject({ isCached: false });
    for (const [index, way] of ways.entries()) {
      await line.collections.update(line.admin, collectionId, way);
      const isFirstWay = index === ways.length - 1;
      expect((await line.ask(line.admin, question)).isCached).toBe(isFirstWay);
      expect((await line.ask(line.admin, question)).isCached).toBe(true);
    }
  });

  it("never gives an answer whose document was deleted, replaced or overtaken by a better one", async () => {
    const temporary = await line.addDocument(
      collectionId,
      "boiler.md",
      "# Boiler\n\nThe boiler of the Zephyr line is 40 litres in volume.\n",
    );
    const ask = () => line.ask(line.admin, "What is the volume of the boiler of the Zephyr line?");
    expect((await ask()).isCached).toBe(false);
    expect((await ask()).isCached).toBe(true);
    // Something else is added: the ranking proves that the answer still holds, and proves it once.
    await line.addDocument(collectionId, "cats.md", "# Cats\n\nCats sleep for most of the day.\n");
    expect((await ask()).isCached).toBe(true);
    await line.addDocument(
      collectionId,
      "volume.md",
      "# Volume of the boiler of the Zephyr line\n\nThe volume of the boiler of the Zephyr line is 55 litres.\n",
    );
    const renewed = await ask();
    expect(renewed.isCached).toBe(false);
    expect(renewed.quotes[0]?.text).toContain("55");
    expect((await ask()).isCached).toBe(true);
    await line.documents.remove(line.admin, temporary);
    const last = await ask();
    expect(JSON.stringify(last.quotes)).not.toContain("40 litres");
  });

  it("writes nothing when the corpus moved while the answer was made", async () => {
    line.whileAnswering(() =>
      line.addDocument(
        collectionId,
        `late-${String(Math.random())}.md`,
        `# Late\n\nSomething came late ${String(Math.random())}.\n`,
      ),
    );
    expect((await line.ask(line.admin, question)).isCached).toBe(false);
    expect((await line.ask(line.admin, question)).isCached).toBe(false);
    expect((await line.ask(line.admin, question)).isCached).toBe(true);
  });

  it("shares an answer only between people who may read the same, and ends with the right to read", async () => {
    const secret = await line.newCollection(line.admin, "private");
    await line.addDocument(
      secret,
      "code.md",
      "# Vault\n\nThe code of the vault in the cellar is 4711.\n",
    );
    const vault = "What is the code of the vault in the cellar?";
    const [ann, ben] = [await line.addPerson("member"), await line.addPerson("member")];
    const grant = (userId: string) =>
      line.connection.pool.query(
        `insert into collection_grants (collection_id, subject_kind, subject_id, "right") values ($1, 'user', $2, 'read')`,
        [secret, userId],
      );
    await grant(ann.userId);
    expect((await line.ask(ann, vault)).quotes[0]?.text).toContain("4711");
    expect((await line.ask(ann, vault)).isCached).toBe(true);
    const seen = await line.ask(ben, vault);
    expect(seen.isCached).toBe(false);
    expect(JSON.stringify(seen)).not.toContain(" 4711");
    await grant(ben.userId);
    expect((await line.ask(ben, vault)).isCached).toBe(true);
    await line.connection.pool.query("delete from collection_grants where subject_id = $1", [
      ann.userId,
    ]);
    expect(JSON.stringify(await line.ask(ann, vault))).not.toContain(" 4711");
  });

  it("makes a new answer when the model's weights changed", async () => {
    await line.ask(line.admin, question);
    line.changeModel("two");
    expect((await line.ask(line.admin, question)).isCached).toBe(false);
    line.changeModel("one");
    expect((await line.ask(line.admin, question)).isCached).toBe(true);
  });

  it("removes a wrong answer for everyone at once, and does not take the same one in again", async () => {
    const made = await line.ask(line.admin, question);
    const hit = await line.ask(line.admin, question);
    const stranger = await line.addPerson("admin");
    // Somebody else's rating of an answer that is not theirs changes nothing.
    expect(await line.answers.reject(stranger, hit.answerId)).toBe(0);
    expect(await line.answers.reject(line.admin, hit.answerId)).toBe(1);
    expect((await line.ask(line.admin, question)).isCached).toBe(false);
    expect((await line.ask(line.admin, question)).isCached).toBe(false);
    expect(await line.answers.reject(line.admin, made.answerId)).toBe(0);
  });

  it("takes every fault of its store for a miss", async () => {
    await line.ask(line.admin, question);
    const broken = () => Promise.reject(new Error("down"));
    const names: readonly (keyof AnswerCacheStore)[] = [
      "recall",
      "near",
      "snapshot",
      "put",
      "renew",
      "served",
    ];
    for (const name of names) {
      const store = { ...line.answers, [name]: broken };
      const asked = name === "near" || name === "put" ? `Please, ${other}` : question;
      const answer = await line.ask(line.admin, asked, { store });
      expect([name, answer.outcome, answer.verdict]).toEqual([name, "complete", "answerable"]);
    }
    expect(line.faults.length).toBeGreaterThan(0);
    line.faults.length = 0;
  });

  it("keeps within its size: what was asked for longest ago goes first", async () => {
    await line.ask(line.admin, question);
    await line.ask(line.admin, "Who leads the office in Lisbon?");
    await line.ask(line.admin, question);
    const { rows } = await line.connection.pool.query<{ bytes: number }>(
      "select bytes from cache_entries order by bytes desc",
    );
    expect(rows).toHaveLength(2);
    expect(await line.answers.sweep(1_000_000)).toBe(0);
    expect(await line.answers.sweep(rows[0]?.bytes ?? 0)).toBe(1);
    expect((await line.ask(line.admin, question)).isCached).toBe(true);
  });

  it("never changes an answer by being on: other wordings get what they would get without it", async () => {
    const wordings = [
      question,
      "Please tell me how long is the warranty of the Aurora 300 pump",
      other,
      "What is not covered by the warranty of the Aurora 300 pump?",
      "Who leads the office in Lisbon?",
      "Who has led the office in Lisbon?",
      "Who pays for the canteen?",
    ];
    const shown = async (wording: string) => {
      const { quotes, verdict, outcome } = await line.ask(line.admin, wording);
      return { wording, quotes: quotes.map(({ text }) => text), verdict, outcome };
    };
    const allShown = async () => {
      const answers = [];
      for (const wording of wordings) answers.push(await shown(wording));
      return answers;
    };
    line.settings.answers = false;
    const off = await allShown();
    line.settings.answers = true;
    expect(await allShown()).toEqual(off);
    // Now every wording has an entry, its own or another one's.
    expect(await allShown()).toEqual(off);
    expect(await counts()).toContain("exact");
  });

  it("answers the same with the cache on and off", async () => {
    const shown = async () => {
      const { quotes, sentences, verdict, outcome } = await line.ask(line.admin, question);
      return { quotes, sentences, verdict, outcome };
    };
    line.settings.answers = false;
    const off = await shown();
    line.settings.answers = true;
    expect(await shown()).toEqual(off);
    expect(await shown()).toEqual(off);
    expect(handbookId).not.toBe("");
  });
});

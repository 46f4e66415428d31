import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PrewarmedLine, startPrewarmedLine } from "./prewarmed-line.ts";

const handbook =
  "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months. Seals are not covered by it.\n";
const lisbon = "# Lisbon\n\nThe office in Lisbon is led by Marta Oliveira since 2019.\n";
const question = "What is the warranty of the Aurora 300 pump?";
/** Another function word: no form and no equal words, so no hit at serve time. */
const other = "What is their warranty of the Aurora 300 pump?";
const never = new AbortController().signal;

describe("proofs at idle time over a real database", () => {
  let line: PrewarmedLine;
  let collectionId: string;
  let documentId: string;

  beforeAll(async () => {
    line = await startPrewarmedLine();
    // As if its similarities had been measured.
    line.fingerprint.embedder = "all-minilm:latest test";
    collectionId = await line.newCollection();
    documentId = await line.addDocument(collectionId, "warranty.md", handbook);
    await line.addDocument(collectionId, "lisbon.md", lisbon);
  });
  afterAll(async () => {
    expect(line.faults).toEqual([]);
    await line.close();
  });
  beforeEach(async () => {
    line.shadowing.share = 0;
    line.state.semantic = "serving";
    for (const table of ["entries", "wordings", "shadows", "blocked_pairs", "tombstones"])
      await line.connection.pool.query(`delete from cache_${table}`);
    await line.connection.pool.query("delete from cache_listed_questions");
  });

  const prove = async () => {
    await line.log.flush();
    return Object.fromEntries(await line.idle.work(50, never));
  };
  const verdicts = async () => {
    const { rows } = await line.connection.pool.query<{ question: string; verdict: string }>(
      "select question, verdict from cache_wordings where verdict is not null order by question",
    );
    return Object.fromEntries(rows.map((row) => [row.question, row.verdict]));
  };

  it("makes a missed wording an alias when both were answered alike; it is then an exact hit of that entry", async () => {
    await line.ask(line.admin, question);
    expect((await line.ask(line.admin, other)).isCached).toBe(false);
    expect(await prove()).toMatchObject({ aliases: 1 });
    const { rows } = await line.connection.pool.query<{ question: string; proof: object }>(
      "select question, proof from cache_aliases",
    );
    expect(rows).toMatchObject([{ question: other, proof: { by: "answers" } }]);
    // Its own entry went: one answer stands for both.
    const entries = await line.connection.pool.query("select question from cache_entries");
    expect(entries.rows).toEqual([{ question }]);
    const again = await line.ask(line.admin, other);
    expect(again.isCached).toBe(true);
    expect(again.quotes[0]?.text).toContain("24 months");
    // Nothing is looked at twice.
    expect(await prove()).toEqual({});
  });

  it("writes none against a guard, for another answer, or when the embedder was not measured", async () => {
    await line.ask(line.admin, question);
    await line.ask(line.admin, "What is not in the warranty of the Aurora 300 pump?");
    await line.ask(line.admin, "Who leads the office in Lisbon?");
    await prove();
    expect(await verdicts()).toMatchObject({
      "What is not in the warranty of the Aurora 300 pump?": "veto: negation",
      "Who leads the office in Lisbon?": "answers-differ",
    });
    line.fingerprint.embedder = "other";
    await line.ask(line.admin, question);
    await line.ask(line.admin, other);
    await prove();
    expect((await verdicts())[other]).toBe("not-calibrated");
    line.fingerprint.embedder = "all-minilm:latest test";
    expect((await line.connection.pool.query("select 1 from cache_aliases")).rowCount).toBe(0);
  });

  it("ends an alias with the answer that it was proven for", async () => {
    await line.ask(line.admin, question);
    await line.ask(line.admin, other);
    await prove();
    await line.replace(documentId, "warranty.md", handbook.replace("24 months", "36 months"));
    await line.workOff();
    await line.ask(line.admin, question, { asksAgain: true });
    const now = await line.ask(line.admin, other);
    expect(now.isCached).toBe(false);
    expect(now.quotes[0]?.text).toContain("36 months");
    await line.replace(documentId, "warranty.md", handbook);
    await line.workOff();
  });

  it("answers a share of the hits once more and counts what agrees", async () => {
    line.shadowing.share = 1;
    await line.ask(line.admin, question);
    const form = "Please tell me what is the warranty of the Aurora 300 pump";
    expect((await line.ask(line.admin, form)).isCached).toBe(true);
    expect(await prove()).toMatchObject({ "shadow-agrees": 1 });
    const tallies = await line.upkeep.tallies();
    expect(tallies.get(line.admin.workspaceId)).toMatchObject({ served: 1, wrong: 0 });
  });

  it("ends an entry whose fresh answer is another, never serves the pair again, and switches off at the second", async () => {
    line.shadowing.share = 1;
    const lied = async (asked: string): Promise<void> => {
      await line.ask(line.admin, question);
      // As if an answer had been kept that the documents never gave.
      await line.connection.pool.query(
        `update cache_entries set answer = jsonb_set(answer, '{quotes,0,text}', '"It is made of brass."')`,
      );
      expect((await line.ask(line.admin, asked)).isCached).toBe(true);
      expect(await prove()).toMatchObject({ "shadow-disagrees": 1 });
      expect((await line.connection.pool.query("select 1 from cache_entries")).rowCount).toBe(0);
    };
    const form = "Please tell me what is the warranty of the Aurora 300 pump";
    await lied(form);
    expect(line.idle.state(line.admin.workspaceId)).toBe("serving");
    await line.connection.pool.query("delete from cache_tombstones");
    await line.ask(line.admin, question);
    expect((await line.ask(line.admin, form)).isCached).toBe(false);
    await line.connection.pool.query("delete from cache_entries");
    await lied("Do you know what is the warranty of the Aurora 300 pump");
    expect(line.idle.state(line.admin.workspaceId)).toBe("off");
    line.state.semantic = line.idle.state(line.admin.workspaceId);
    await line.connection.pool.query("delete from cache_tombstones");
    await line.ask(line.admin, question);
    const third = "Hello, what is the warranty of the Aurora 300 pump";
    expect((await line.ask(line.admin, third)).isCached).toBe(false);
  });

  it("says nothing of a hit whose documents moved since", async () => {
    line.shadowing.share = 1;
    await line.ask(line.admin, question);
    await line.ask(line.admin, "Please tell me what is the warranty of the Aurora 300 pump");
    await line.addDocument(collectionId, "more.md", "# More\n\nNothing of the kind.\n");
    expect(await prove()).toMatchObject({ "shadow-unknown": 1 });
  });
});

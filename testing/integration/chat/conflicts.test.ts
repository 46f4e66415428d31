import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CachedLine, startCachedLine } from "../cache/cached-line.ts";

describe("documents that disagree, uploaded one after the other", () => {
  let line: CachedLine;
  beforeAll(async () => {
    line = await startCachedLine();
    const collectionId = await line.newCollection();
    const terms = (year: string, months: string) =>
      line.addDocument(
        collectionId,
        `terms-${year}.md`,
        `# Terms ${year}\n\nThe warranty of the Aurora 300 pump is ${months} months.\n`,
      );
    await terms("2023", "12");
    await terms("2024", "24");
    await line.addDocument(
      collectionId,
      "office.md",
      "# Lisbon office\n\nThe office in Lisbon is led by Marta Oliveira.\n",
    );
  });
  afterAll(() => line.close());

  it("are both quoted, the newer one first, and said to disagree, also when the answer comes from the cache", async () => {
    const question = "How long is the warranty of the Aurora 300 pump?";
    for (const isCached of [false, true]) {
      const answer = await line.ask(line.admin, question);
      expect(answer).toMatchObject({ isCached, verdict: "answerable", outcome: "complete" });
      const [first, second] = answer.quotes;
      expect(first?.text).toContain("24 months");
      expect(second?.text).toContain("12 months");
      const notice = answer.notices.find(({ kind }) => kind === "conflict");
      expect(notice?.message).toContain("“Terms 2024” is newer");
      expect(notice?.message).toContain("Terms 2023");
    }
  });

  it("leave other questions alone", async () => {
    const answer = await line.ask(line.admin, "Who leads the office in Lisbon?");
    expect(answer.notices.filter(({ kind }) => kind === "conflict")).toEqual([]);
  });
});

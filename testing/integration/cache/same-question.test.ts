import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScorerCalibration } from "#lib/core/cache/scored-pair.ts";
import { type PrewarmedLine, startPrewarmedLine } from "./prewarmed-line.ts";

const handbook =
  "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months. Seals are not covered by it.\n";
const question = "What is the warranty of the Aurora 300 pump?";
/** Another word: no form, no equal words, nothing that the evidence makes idle. */
const other = "What is the guarantee of the Aurora 300 pump?";
const never = new AbortController().signal;
const calibration: ScorerCalibration = {
  ...{ limit: 0.9, bound: 0.004, pairs: 6499, pairMs: 12 },
  tally: { served: 800, wrong: 0 },
};

describe("a cross-encoder behind the port, over a real database", () => {
  let line: PrewarmedLine;

  beforeAll(async () => {
    line = await startPrewarmedLine();
    line.fingerprint.embedder = "all-minilm:latest test";
    await line.addDocument(await line.newCollection(), "warranty.md", handbook);
  });
  afterAll(async () => {
    expect(line.faults).toEqual([]);
    await line.close();
  });
  beforeEach(async () => {
    for (const table of ["entries", "wordings", "shadows", "blocked_pairs", "tombstones"])
      await line.connection.pool.query(`delete from cache_${table}`);
    line.state.semantic = "serving";
    line.scorer.install("cross-encoder:latest d1");
    line.scorer.become(() => 0.95);
    line.measured.calibration = calibration;
    await line.ask(line.admin, question);
  });

  const isServed = async (asked = other): Promise<boolean> =>
    (await line.ask(line.admin, asked)).isCached;
  const prove = async () => {
    await line.log.flush();
    return Object.fromEntries(await line.idle.work(50, never));
  };

  it("serves at first sight what it says both ways round is the same, and that is proven as any hit is", async () => {
    line.scorer.become(([one, two]) => (one === question || two === question ? 0.95 : 0));
    const answer = await line.ask(line.admin, other);
    expect(answer.isCached).toBe(true);
    expect(answer.quotes[0]?.text).toContain("24 months");
    expect(line.scorer.asked.slice(-2)).toEqual([
      [question, other],
      [other, question],
    ]);
  });

  const cases: Readonly<Record<string, () => unknown>> = {
    "is not calibrated": () => (line.measured.calibration = null),
    "has no limit within the budget": () =>
      (line.measured.calibration = { ...calibration, limit: null }),
    "says less than its limit": () => {
      line.scorer.become(() => 0.89);
    },
    "says it one way round only": () => {
      line.scorer.become(([one]) => (one === other ? 0.99 : 0.5));
    },
    "says nothing": () => {
      line.scorer.become(null);
    },
    "breaks its word": () => {
      line.scorer.become(new Error("broken"));
    },
    "is gone": () => {
      line.scorer.install(null);
    },
    "is known to be slower than anybody would wait": () => {
      setPace(61);
    },
    "belongs to a tier that measures or is off": () => (line.state.semantic = "measuring"),
  };
  it.each(Object.entries(cases))("is a miss when it %s", async (_, happens) => {
    happens();
    expect(await isServed()).toBe(false);
  });
  const setPace = (pairMs: number): void => {
    line.measured.calibration = { ...calibration, pairMs };
  };

  it("overrules no guard, no direction and no evidence: it is not even asked", async () => {
    const before = line.scorer.asked.length;
    for (const asked of [
      "What is the guarantee of the Aurora 400 pump?",
      "What is not in the guarantee of the Aurora 300 pump?",
      "When was the guarantee of the Aurora 300 pump?",
      "What is the guarantee from the Aurora 300 pump?",
      "Which colour has the Aurora 300 pump?",
    ])
      expect([asked, await isServed(asked)]).toEqual([asked, false]);
    expect(line.scorer.asked.length).toBe(before);
  });

  it("proves at idle time what it is too slow for while somebody waits", async () => {
    setPace(400);
    expect(await isServed()).toBe(false);
    expect(await prove()).toMatchObject({ aliases: 1 });
    const { rows } = await line.connection.pool.query("select question, proof from cache_aliases");
    expect(rows).toMatchObject([{ question: other, proof: { by: "scorer" } }]);
    line.scorer.install(null);
    expect(await isServed()).toBe(true);
  });

  it("writes no alias before it is calibrated", async () => {
    line.measured.calibration = null;
    expect(await isServed()).toBe(false);
    expect(Object.keys(await prove())).toEqual(["unproven"]);
  });

  it("writes no alias when it says no, and leaves everything as it is when there is none", async () => {
    setPace(400);
    line.scorer.become(() => 0.2);
    expect(await isServed()).toBe(false);
    expect(Object.keys(await prove())).toEqual(["unproven"]);
    line.scorer.install(null);
    // By its own answer.
    expect(await isServed()).toBe(true);
    expect((await line.connection.pool.query("select 1 from cache_aliases")).rowCount).toBe(0);
  });
});

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { proveAlias } from "#lib/core/cache/alias-proof.ts";
import { exactText } from "#lib/core/cache/answer-key.ts";
import { calibrationOf, decideSemantic } from "#lib/core/cache/semantic-decision.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import { hardNegatives, type HardNegative } from "./hard-negatives.ts";

// As near as two texts can be, answered by one sentence: the words alone have to keep them apart, whatever the documents hold beside it.
const limits = calibrationOf("all-minilm");
const evidenceOf = ({ one, other }: HardNegative): readonly (readonly [string, string[]])[] => [
  ["One sentence for both.", ["One sentence for both."]],
  [one, [one]],
  [one, [one, other]],
  [other, [one, other]],
];

const isServed = (pair: HardNegative): boolean => {
  const { one, other } = pair;
  const wordings = { cached: one, asked: other, cosine: 1 };
  const agrees = { findsBestQuote: true, quotesBest: true, isAnswerable: true };
  const seen = evidenceOf(pair).map(([sharedQuote, passages]) => ({
    ...agrees,
    sharedQuote,
    passages,
  }));
  return (
    exactText(one) === exactText(other) ||
    [null, ...seen].some((evidence) => decideSemantic(wordings, evidence, limits).kind === "same")
  );
};

const becomesAlias = (pair: HardNegative): boolean => {
  const wordings = { cached: pair.one, asked: pair.other, cosine: 1 };
  return evidenceOf(pair).some(([text, passages]) => {
    const quotes = [{ citation: 1, text, charStart: 0, charEnd: text.length }];
    const answer = {
      ...emptyAnswer,
      quotes,
      verdict: "answerable",
      outcome: "complete",
    } as const;
    return (
      proveAlias(wordings, { cached: answer, fresh: answer, passages }, limits).kind === "proven"
    );
  });
};

const bothWays = (pairs: readonly HardNegative[]): readonly HardNegative[] =>
  pairs.flatMap((pair) => [pair, { ...pair, one: pair.other, other: pair.one }]);

/** Real texts: assets/calibration/SOURCES.md. */
function nearMisses(): readonly HardNegative[] {
  const packed = readFileSync(
    new URL("../../assets/calibration/near-misses.jsonl.gz", import.meta.url),
  );
  const rows = gunzipSync(packed).toString("utf8").trimEnd().split("\n");
  return rows.map((row) => {
    const { set, a, b } = JSON.parse(row) as { set: string; a: string; b: string };
    return { kind: set, one: a, other: b };
  });
}

describe("the semantic decision on near misses of real texts", () => {
  const pairs = nearMisses();

  it("serves none of 5,500: denials, antonyms, changed facts and the nearest question of another intent", () => {
    expect(pairs).toHaveLength(5500);
    expect(bothWays(pairs).filter(isServed)).toEqual([]);
  });

  it("makes none of them an alias at idle time, even where both were answered by the same passage", () => {
    expect(bothWays(pairs).filter(becomesAlias)).toEqual([]);
  });
});

describe("the semantic decision on generated near misses", () => {
  it("serves none of 5,000: opposites, numbers, units, dates, names, denials, orders and what is asked for", () => {
    const pairs = hardNegatives(5000, 1);
    expect(pairs.filter(isServed)).toEqual([]);
    expect(new Set(pairs.map(({ kind }) => kind)).size).toBe(11);
  });

  it("is asked about pairs that differ, all of them", () => {
    expect(hardNegatives(500, 2).every(({ one, other }) => one !== other)).toBe(true);
  });

  it("makes none of 5,000 an alias at idle time, even where both were answered by the same passage", () => {
    expect(hardNegatives(5000, 3).filter(becomesAlias)).toEqual([]);
  });
});

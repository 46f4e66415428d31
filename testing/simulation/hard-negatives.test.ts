import { describe, expect, it } from "vitest";
import { proveAlias } from "#lib/core/cache/alias-proof.ts";
import { exactText } from "#lib/core/cache/answer-key.ts";
import { decideSemantic, wordsLimit } from "#lib/core/cache/semantic-decision.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import { hardNegatives, type HardNegative } from "./hard-negatives.ts";

// As near as two texts can be, with evidence that agrees: the words alone have to keep them apart.
const isServed = ({ one, other }: HardNegative): boolean =>
  exactText(one) === exactText(other) ||
  decideSemantic({ cached: one, asked: other, cosine: 1 }, null, wordsLimit).kind === "same";

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
    const quotes = [{ citation: 1, text: "One sentence for both.", charStart: 0, charEnd: 22 }];
    const answer = { ...emptyAnswer, quotes, verdict: "answerable", outcome: "complete" } as const;
    const proven = hardNegatives(5000, 3).filter(({ one, other }) => {
      const pair = { cached: one, asked: other, cosine: 1 };
      const limits = { words: wordsLimit, answers: wordsLimit };
      return proveAlias(pair, { cached: answer, fresh: answer }, limits).kind === "proven";
    });
    expect(proven).toEqual([]);
  });
});

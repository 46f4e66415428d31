import { describe, expect, it } from "vitest";
import type { EvidenceChunk, EvidenceSentence } from "./evidence-features.ts";
import { sufficiency, sufficiencyMeasures } from "./evidence-sufficiency.ts";

const text = "The Aurora pump has a warranty of two years.";
const chunk: EvidenceChunk = {
  ...{ documentTitle: "Pumps", headingPath: [], text, cosine: 0.5, score: 1 },
};
const quote: EvidenceSentence = {
  ...{ chunkIndex: 0, place: 0, start: 0, end: text.length, text, contextCoverage: 0.6 },
  ...{ beyondTitle: 0.6, beyondBefore: 0, holdsType: 1, holdsNewType: 1, earliness: 1 },
  ...{ length: 0.2, chunkScore: 1 },
};
const measured = (
  question: string,
  chunks: readonly EvidenceChunk[] = [chunk],
  cosines: readonly number[] | null = null,
) => sufficiencyMeasures(question, chunks, quote, cosines?.[0] ?? null, cosines);

describe("what decides whether a question is answered", () => {
  it("counts the other chunks up to seven", () => {
    const among = (count: number) => measured("how long", Array<EvidenceChunk>(count).fill(chunk));
    expect([1, 2, 8, 20].map((count) => among(count).competition)).toEqual([0, 1 / 7, 1, 1]);
    expect(sufficiency(among(8))).toBeGreaterThan(sufficiency(among(1)));
  });

  it("sees by how much a sentence stands out among the others", () => {
    const lead = (cosines: readonly number[] | null) =>
      measured("how long", [chunk], cosines).standsOut;
    expect([lead(null), lead([]), lead([0.7])]).toEqual([0, 0, 0]);
    expect(lead([0.25, 0.75])).toBe(0.5);
    expect(lead([0.5, 0.75, 0.25, 0.125])).toBe(0.5);
  });

  it("expects more of a passage when the question says a number", () => {
    const [plain, numbered] = [measured("Which pump?"), measured("Which pump of 2019?")];
    expect([plain.saysNumber, numbered.saysNumber]).toEqual([0, 1]);
    expect(sufficiency({ ...plain, saysNumber: 1 })).toBeLessThan(sufficiency(plain));
  });

  it("takes identifiers that stand in a passage, word for word, for a sign of the answer", () => {
    const code = { ...chunk, text: "fn on_add(&mut self) {}", headingPath: [] };
    const found = (question: string, chunks: readonly EvidenceChunk[]) =>
      measured(question, chunks).identifiersFound;
    const far = [chunk, chunk, chunk, code];
    expect(found("How does `on_add` work?", [chunk, code])).toBe(1);
    expect(found("How do on_add and on_drop of MergeList differ?", [code])).toBe(1 / 3);
    expect(found("How does on_add work?", far)).toBe(0);
    expect(found("How does adding work?", [code])).toBe(0);
    const near = [{ ...code, cosine: 0.3 }];
    const probability = (question: string) => sufficiency(measured(question, near, [0.3, 0.2]));
    expect(probability("How does on_add work?")).toBeGreaterThan(
      2 * probability("How does on_drop work?"),
    );
  });

  it("is a probability whatever could be had of vectors", () => {
    for (const cosines of [null, [0.9, 0.1]])
      for (const cosine of [null, 0.5]) {
        const probability = sufficiency(measured("Which pump?", [{ ...chunk, cosine }], cosines));
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }
  });
});

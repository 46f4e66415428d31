import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsLabelOf } from "../chat/answer-type.ts";
import {
  chooseEvidence,
  evidenceCandidates,
  mostEmbeddedSentences,
  type EvidenceChunk,
} from "./evidence.ts";

const chunk = (text: string, change: Partial<EvidenceChunk> = {}): EvidenceChunk => ({
  documentTitle: "Handbook",
  headingPath: [],
  text,
  cosine: 0.6,
  score: 1,
  ...change,
});

const office = chunk(
  "The office in Lisbon opened in March 2019 and is led by Marta Oliveira. It has 42 employees. The canteen is open from 11:30 to 14:00.",
  { headingPath: ["Lisbon office"] },
);
const returns = chunk(
  "Customers may return unused goods within 30 days of delivery. Shipping costs are not refunded.",
  { score: 0.8, cosine: 0.2 },
);

const choose = (question: string, chunks: readonly EvidenceChunk[], cosines = false) => {
  const candidates = evidenceCandidates(question, chunks);
  return chooseEvidence(candidates, cosines ? candidates.sentences.map(() => 0.6) : null);
};

describe("evidence", () => {
  it.each([
    ["Who leads the Lisbon office?", "led by Marta Oliveira"],
    ["How many employees does the Lisbon office have?", "42 employees"],
    ["When is the canteen open?", "11:30"],
    ["How long may customers return unused goods?", "within 30 days"],
  ])("quotes the sentence that answers %s", (question, expected) => {
    const { quotes, verdict } = choose(question, [office, returns]);
    expect(quotes[0]?.text).toContain(expected);
    expect(verdict).toBe("answerable");
  });

  it.each(["What is the boiling point of tungsten?", "Who painted the Mona Lisa?"])(
    "calls passages that do not hold the answer related: %s",
    (question) => {
      const far = [office, returns].map((each) => ({ ...each, cosine: 0.1 }));
      expect(choose(question, far).verdict).toBe("related");
      const candidates = evidenceCandidates(question, far);
      const cosines = candidates.sentences.map(() => 0.05);
      expect(chooseEvidence(candidates, cosines).verdict).toBe("related");
    },
  );

  it("decides without any vectors when there are none", () => {
    const lexical = [office, returns].map((each) => ({ ...each, cosine: null }));
    expect(choose("Who leads the Lisbon office?", lexical).verdict).toBe("answerable");
    expect(choose("Who painted the Mona Lisa?", lexical).verdict).toBe("related");
  });

  it("lets the nearest sentence win where words leave it open", () => {
    const texts = chunk("The first pump hums softly. The second pump whistles loudly.");
    const candidates = evidenceCandidates("Which pump makes noise?", [texts]);
    const loud = candidates.sentences.map(({ text }) => (text.includes("loudly") ? 0.9 : 0.1));
    expect(chooseEvidence(candidates, loud).quotes[0]?.text).toContain("loudly");
  });

  it("does not hold it against a sentence that its heading says what is asked", () => {
    const found = chunk("The board found the probable cause to be a worn seal.", {
      headingPath: ["Probable cause"],
    });
    const aside = chunk("The board publishes the probable cause of each failure.", {
      ...{ headingPath: ["About the board"], score: 0.9 },
    });
    const { quotes } = choose("What was the probable cause?", [found, aside], true);
    expect(quotes[0]?.text).toContain("worn seal");
  });

  it("sees by its label that a value is what is asked for", () => {
    const form = chunk("Location: Soledad, CA | Report number: 34\nOwner: Ann Marsh", {
      score: 0.9,
    });
    const prose = chunk(
      "The Safety Board of America, established in Washington in 1967, is an agency of the country that looks after ships and aeroplanes.",
    );
    expect(choose("Where did it happen?", [prose, form], true).quotes[0]?.text).toContain(
      "Location: Soledad",
    );
    // Nothing is asked for that "Location:" could label, and a sentence may speak of a location.
    expect(holdsLabelOf("Location: Soledad", "any")).toBe(false);
    expect(holdsLabelOf("The location was never found: nobody looked.", "place")).toBe(false);
    expect(holdsLabelOf("Aircraft: AT-401 | Site of accident: a ravine", "place")).toBe(true);
    expect(holdsLabelOf("Location:\nDate: 12/06/2007", "place")).toBe(false);
  });

  it("weighs the words of a follow-up more than those carried over to it", () => {
    const carried = "What was the probable cause of the accident near Soledad?";
    const standard = chunk(
      "The board determines the probable cause of each accident, also of the one near Soledad.",
    );
    const asked = chunk("The pilot was trained for mountains at the school of Fresno in 1999.");
    const first = (question: string, before: string) => {
      const candidates = evidenceCandidates(question, [standard, asked], before);
      return chooseEvidence(candidates, null).quotes[0]?.text;
    };
    expect(first("Where was the pilot trained?", carried)).toContain("Fresno");
    expect(first(`${carried} Where was the pilot trained?`, "")).toContain("The board");
  });

  it("asks for what the turn before it asked for when a follow-up names nothing", () => {
    const [people, year] = ["It was built by Ada Byron.", "It was built in stone in 1843."].map(
      (text) => chunk(text),
    ) as [EvidenceChunk, EvidenceChunk];
    const { sentences } = evidenceCandidates("And the mill?", [people, year], "When was it built?");
    const holds = new Map(sentences.map(({ text, holdsNewType }) => [text, holdsNewType]));
    expect([...holds.entries()].sort()).toEqual([
      ["It was built by Ada Byron.", 0],
      ["It was built in stone in 1843.", 1],
    ]);
  });

  it("quotes no title, although its words are the question's", () => {
    const report = chunk(
      "Cause and Findings\n\nThe pump failed since its seal was worn, which nobody had looked at.\n\nDamage\n\nThe hall stood under water for a day.",
    );
    const { quotes } = choose("What are the findings on the cause?", [report]);
    expect(quotes.map(({ text }) => text)).not.toContain("Cause and Findings");
    expect(quotes.length).toBeGreaterThan(0);
    const alone = choose("What are the findings on the cause?", [chunk("Cause and Findings")]);
    expect(alone.quotes.map(({ text }) => text)).toEqual(["Cause and Findings"]);
  });

  it("quotes another document only when it speaks of what the question names", () => {
    const reportOn = (place: string, cause: string, score: number) =>
      chunk(`The accident happened at the harbour of ${place}. ${cause}`, {
        documentTitle: `Report ${place}`,
        score,
      });
    const oslo = reportOn("Oslo", "The probable cause of the accident was a worn rope.", 1);
    const genoa = reportOn("Genoa", "The probable cause of the accident was a loose bolt.", 0.98);
    const texts = (question: string) =>
      choose(question, [oslo, genoa])
        .quotes.map(({ text }) => text)
        .join(" ");
    expect(texts("What was the probable cause of the accident in Oslo?")).not.toContain("bolt");
    expect(texts("What was the probable cause of the accident in Genoa?")).not.toContain("rope");
    const both = texts("What was the probable cause of the accident?");
    expect(both).toContain("bolt");
    expect(both).toContain("rope");
  });

  it("quotes a sentence that stands in two chunks once", () => {
    const { quotes } = choose("Who leads the Lisbon office?", [office, { ...office, score: 0.9 }]);
    const texts = quotes.map((quote) => quote.text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it("has nothing to quote where nothing was found", () => {
    expect(choose("Anything?", [])).toEqual({ quotes: [], verdict: "related", sufficiency: 0 });
  });

  it("embeds at most eight sentences, quotes at most three, each word for word from its place", () => {
    fc.assert(
      fc.property(
        fc.array(fc.lorem({ mode: "sentences", maxCount: 6 }), { minLength: 1, maxLength: 8 }),
        fc.lorem({ maxCount: 6 }),
        fc.boolean(),
        (texts, question, cosines) => {
          const chunks = texts.map((text) => chunk(text));
          expect(evidenceCandidates(question, chunks).sentences.length).toBeLessThanOrEqual(
            mostEmbeddedSentences,
          );
          const { quotes, sufficiency } = choose(question, chunks, cosines);
          expect(quotes.length).toBeLessThanOrEqual(3);
          expect(sufficiency).toBeGreaterThanOrEqual(0);
          expect(sufficiency).toBeLessThanOrEqual(1);
          for (const { chunkIndex, start, end, text } of quotes)
            expect(chunks[chunkIndex]?.text.slice(start, end)).toBe(text);
        },
      ),
      { numRuns: 100 },
    );
  });
});

import { wordsOf } from "../chat/words.ts";
import type { EvidenceVerdict } from "../chat/events.ts";

/** A question whose right place in the documents is known. */
export interface GoldenText {
  readonly question: string;
  /** File name of the document that answers it; `null`: the collection does not answer it. */
  readonly fileName: string | null;
  /** Words of the passage that answers it; empty: any passage of the document. */
  readonly passage: string;
}

/** What came of asking one golden question. */
export interface GoldenResult {
  readonly questionId: string;
  readonly question: string;
  readonly fileName: string | null;
  /** Place of the first right passage, from 1; `null`: not among those looked at. */
  readonly rank: number | null;
  /** Some quote comes from the right passage; `null` where nothing answers it. */
  readonly evidence: boolean | null;
  readonly refused: boolean;
}

/** How many passages are looked at for the right one. */
export const goldenDepth = 20;

const runWords = 4;
/** A passage may be cut between two chunks: half of it proves the place. */
const leastShare = 0.5;

function runsOf(words: readonly string[]): readonly string[] {
  if (words.length <= runWords) return [words.join(" ")];
  return words.slice(runWords - 1).map((_, at) => words.slice(at, at + runWords).join(" "));
}

/** Does the text hold the passage, whatever line breaks and punctuation either has? At least half of its runs of four words must be there. */
export function holdsPassage(text: string, passage: string): boolean {
  const words = wordsOf(passage);
  if (words.length === 0) return true;
  if (words.length <= runWords)
    return ` ${wordsOf(text).join(" ")} `.includes(` ${words.join(" ")} `);
  const there = new Set(runsOf(wordsOf(text)));
  const runs = runsOf(words);
  return runs.filter((run) => there.has(run)).length >= leastShare * runs.length;
}

/** A quote is short and the passage may be too: either may hold the other. */
const sharesWords = (quote: string, passage: string): boolean =>
  holdsPassage(passage, quote) || holdsPassage(quote, passage);

interface Placed {
  readonly fileName: string;
  readonly text: string;
}

/**
 * @param passages as an answer gets them, the best first
 * @param quotes the evidence shown, the best first
 */
export function judgeGolden(
  golden: GoldenText & { readonly id: string },
  found: {
    readonly passages: readonly Placed[];
    readonly quotes: readonly Placed[];
    readonly verdict: EvidenceVerdict;
  },
): GoldenResult {
  const { id: questionId, question, fileName, passage } = golden;
  const at = found.passages
    .slice(0, goldenDepth)
    .findIndex((one) => one.fileName === fileName && holdsPassage(one.text, passage));
  const evidence = found.quotes.some(
    (quote) => quote.fileName === fileName && (passage === "" || sharesWords(quote.text, passage)),
  );
  return {
    ...{ questionId, question, fileName },
    rank: fileName === null || at === -1 ? null : at + 1,
    evidence: fileName === null ? null : evidence,
    refused: found.verdict === "related",
  };
}

export const goldenMeasures = [
  "recall@1",
  "recall@5",
  "recall@8",
  "mrr@20",
  "answered",
  "evidence",
  "refused",
] as const;
export type GoldenMeasure = (typeof goldenMeasures)[number];

const shareOf = (results: readonly GoldenResult[], holds: (one: GoldenResult) => boolean) =>
  results.filter(holds).length / results.length;

/**
 * Shares from 0 to 1: of the answerable questions those whose right passage is among the first 1, 5, 8, that were not refused
 * (`answered`) and whose evidence is from the right passage; of the others those that were refused. What has no question is left out.
 */
export function goldenMetrics(
  results: readonly GoldenResult[],
): Readonly<Partial<Record<GoldenMeasure, number>>> {
  const answerable = results.filter(({ fileName }) => fileName !== null);
  const others = results.filter(({ fileName }) => fileName === null);
  const within = (k: number) => shareOf(answerable, ({ rank }) => rank !== null && rank <= k);
  const reciprocal = answerable.reduce((sum, { rank }) => sum + (rank === null ? 0 : 1 / rank), 0);
  return {
    ...(answerable.length === 0
      ? {}
      : {
          "recall@1": within(1),
          "recall@5": within(5),
          "recall@8": within(8),
          "mrr@20": reciprocal / answerable.length,
          answered: shareOf(answerable, ({ refused }) => !refused),
          evidence: shareOf(answerable, (one) => one.evidence === true),
        }),
    ...(others.length === 0 ? {} : { refused: shareOf(others, ({ refused }) => refused) }),
  };
}

export interface GoldenChange {
  readonly question: string;
  readonly before: GoldenResult;
  readonly after: GoldenResult;
  readonly direction: "better" | "worse";
}

/** Higher is better: the right passage near the top, the right evidence, the right refusal. */
const worth = ({ fileName, rank, evidence, refused }: GoldenResult): number =>
  fileName === null
    ? Number(refused)
    : (rank === null ? 0 : 1 / rank) + Number(evidence) + Number(!refused);

/** Questions of both runs that came out otherwise, the losses first. */
export function compareGolden(
  before: readonly GoldenResult[],
  after: readonly GoldenResult[],
): readonly GoldenChange[] {
  const earlier = new Map(before.map((one) => [one.questionId, one]));
  const changes = after.flatMap((one): readonly GoldenChange[] => {
    const old = earlier.get(one.questionId);
    if (old === undefined || worth(old) === worth(one)) return [];
    const direction = worth(one) > worth(old) ? "better" : "worse";
    return [{ question: one.question, before: old, after: one, direction }];
  });
  return changes.toSorted(
    (one, other) => Number(one.direction === "better") - Number(other.direction === "better"),
  );
}

import { checkSupport, nearestSentences } from "../core/rag/support.ts";
import type { ModelCall } from "../core/scheduling/work.ts";
import { mostScoredTexts, type TextScorer } from "../ports/text-scorer.ts";

interface Passage {
  readonly citation: number;
  readonly text: string;
}

const budgetMs = 1000;
/** Below it no nearness brings a sentence over the limit. */
const leastWorthAsking = 0.3;

/** Does one of the passages, or all of them together, say what the sentence says? Words first, as they are free; then the meaning. */
export async function supportOf(
  deps: { readonly scorer: TextScorer },
  sentence: string,
  passages: readonly Passage[],
  call: ModelCall,
): Promise<{ readonly supported: boolean; readonly citations: readonly number[] }> {
  const whole = passages.map((passage) => passage.text).join("\n");
  const candidates = [
    ...passages.map((passage) => ({ text: passage.text, citations: [passage.citation] })),
    { text: whole, citations: [...new Set(passages.map((passage) => passage.citation))] },
  ].map((candidate) => ({ ...candidate, verdict: checkSupport(sentence, candidate.text, null) }));
  // Words that do not stand there cannot be made up for by nearness; doubt about the rest can.
  const first = candidates
    .filter(({ verdict }) => verdict.faults.every((fault) => fault === "words"))
    .filter(({ verdict }) => verdict.probability >= leastWorthAsking)
    .toSorted((one, other) => other.verdict.probability - one.verdict.probability)[0];
  if (first === undefined) return { supported: false, citations: [] };
  const nearness = await nearnessTo(deps.scorer, sentence, first.text, call);
  const { supported } = checkSupport(sentence, first.text, nearness);
  return { supported, citations: first.citations };
}

/** How near the nearest of the passage's own sentences comes; `null` when that could not be had in time. */
export async function nearnessTo(
  scorer: TextScorer,
  sentence: string,
  passage: string,
  call: ModelCall,
): Promise<number | null> {
  const candidates = nearestSentences(sentence, passage, mostScoredTexts - 1);
  const request = { text: sentence, vector: null, candidates, withinMs: budgetMs };
  const nearness = await scorer.score(request, call);
  return nearness === null ? null : Math.max(...nearness);
}

import { decideSemantic } from "../core/cache/semantic-decision.ts";
import { chooseEvidence, evidenceCandidates } from "../core/rag/evidence.ts";
import type { CachedAnswer, NearAnswer } from "../ports/answer-cache-store.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";

export type SemanticProposal =
  | { readonly entry: CachedAnswer; readonly reason: null }
  /** Why the nearest entry was not taken: `veto: number`, `unproven: similarity`, or `new` when nothing lies near. */
  | { readonly entry: null; readonly reason: string };

// Below this nobody would call two questions alike, and a reason for the miss would tell nothing.
const leastNear = 0.75;

/**
 * The nearest entry whose question asks what is asked now. Its evidence still has to be proven.
 * @param limit similarity for equal words in another form; `null` = form alone proves
 */
export function proposeSemantic(
  question: string,
  near: readonly NearAnswer[],
  chunks: readonly RankedChunk[],
  limit: number | null,
): SemanticProposal {
  let reason = "new";
  for (const { entry, cosine } of near) {
    const pair = { cached: entry.question, asked: question, cosine };
    const agreement = agreementWith(entry, question, chunks);
    const decision = decideSemantic(pair, agreement, limit);
    if (decision.kind === "same") return { entry, reason: null };
    if (reason !== "new" || cosine < leastNear) continue;
    reason =
      decision.reason === "veto"
        ? `veto: ${decision.vetoes[0]?.kind ?? ""}`
        : `unproven: ${decision.reason}`;
  }
  return { entry: null, reason };
}

/** By words alone: no vector is computed for a proof. */
function agreementWith(entry: CachedAnswer, question: string, chunks: readonly RankedChunk[]) {
  const candidates = evidenceCandidates(question, chunks);
  const best = entry.answer.quotes[0]?.text;
  const { quotes, verdict } = chooseEvidence(candidates, null);
  return {
    findsBestQuote: candidates.sentences.some(({ text }) => text === best),
    quotesBest: quotes.some(({ text }) => text === best),
    isAnswerable: verdict === "answerable",
  };
}

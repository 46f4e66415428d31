import {
  decideSemantic,
  type EvidenceAgreement,
  type SemanticDecision,
  type SemanticLimits,
} from "../core/cache/semantic-decision.ts";
import { answersBoth, isOpenToScore } from "../core/cache/scored-pair.ts";
import { chooseEvidence, evidenceCandidates } from "../core/rag/evidence.ts";
import type { CachedAnswer, NearAnswer } from "../ports/answer-cache-store.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";

export type SemanticProposal =
  | { readonly entry: CachedAnswer; readonly reason: null }
  /**
   * Why the nearest entry was not taken: `veto: number`, `unproven: similarity`, or `new` when nothing lies near. `open`: the nearest one
   * that is answered alike and that words alone stand against.
   */
  | { readonly entry: null; readonly reason: string; readonly open: CachedAnswer | null };

// Far below what any embedder is served from; a reason for the miss would tell nothing either.
const leastNear = 0.75;

/**
 * The nearest entry whose question asks what is asked now. Its evidence still has to be proven.
 */
export function proposeSemantic(
  question: string,
  near: readonly NearAnswer[],
  chunks: readonly RankedChunk[],
  limits: SemanticLimits,
): SemanticProposal {
  let reason = "new";
  let open: CachedAnswer | null = null;
  let evidence: ReturnType<typeof evidenceFor> | undefined;
  for (const { entry, cosine } of near) {
    // Nobody would call them alike, and looking at the passages would cost every miss some milliseconds.
    if (cosine < leastNear) continue;
    const pair = { cached: entry.question, asked: question, cosine };
    evidence ??= evidenceFor(question, chunks);
    const agreement = agreementWith(entry, evidence);
    const decision = decideSemantic(pair, agreement, limits);
    if (decision.kind === "same") return { entry, reason: null };
    if (answersBoth(agreement) && isOpenToScore(pair)) open ??= entry;
    if (reason === "new") reason = reasonOf(decision);
  }
  return { entry: null, reason, open };
}

const reasonOf = (decision: Extract<SemanticDecision, { kind: "unproven" }>): string =>
  decision.reason === "veto"
    ? `veto: ${decision.vetoes[0]?.kind ?? ""}`
    : `unproven: ${decision.reason}`;

/** What the asked wording finds by words alone, the same for every entry: no vector is computed for a proof. */
function evidenceFor(question: string, chunks: readonly RankedChunk[]) {
  const candidates = evidenceCandidates(question, chunks);
  const { quotes, verdict } = chooseEvidence(candidates, null);
  const passages = chunks.map(({ text }) => text);
  return { candidates, quotes, passages, isAnswerable: verdict === "answerable" };
}

function agreementWith(
  { answer }: CachedAnswer,
  { candidates, quotes, passages, isAnswerable }: ReturnType<typeof evidenceFor>,
): EvidenceAgreement {
  const best = answer.quotes[0]?.text;
  const isFirst = best !== undefined && quotes[0]?.text === best;
  return {
    findsBestQuote: candidates.sentences.some(({ text }) => text === best),
    quotesBest: quotes.some(({ text }) => text === best),
    isAnswerable,
    // What a model said of the one question may be no answer to the other; the sentence itself is one.
    sharedQuote: isFirst && answer.sentences.length === 0 ? best : null,
    passages,
  };
}

import { bm25, type WeighedTerm } from "./bm25.ts";
import { type ChunkOfDocument, documentScores, type DocumentStatistics } from "./document-words.ts";
import { fuse } from "./fusion.ts";

/** What may be tried on the search page; the values of `retrievalSettings` are chosen by measurement. */
export interface RetrievalSettings {
  /** Weight of the vectors' leg against the words', 0 to 1. */
  readonly vectorShare: number;
  /** Candidates that words propose. */
  readonly lexicalCandidates: number;
  /** Candidates that vectors propose. */
  readonly vectorCandidates: number;
}

/** @see docs/decisions/2026-11-26-fusion-by-standard-scores.md */
export const retrievalSettings: RetrievalSettings = {
  vectorShare: 0.6,
  lexicalCandidates: 200,
  vectorCandidates: 100,
};

/** What a chunk gains, on top of a score from 0 to 1, when it holds all that the question quotes, or all identifiers it names. */
const quotedBonus = 1;
const identifierBonus = 0.2;
/**
 * And when a follow-up is asked and its document answered the turn before.
 * @see docs/decisions/2026-11-27-follow-ups-stay-with-their-documents.md
 */
const continuityBonus = 0.1;

export interface LegCandidate extends ChunkOfDocument {
  readonly chunkId: string;
  readonly language: string;
  readonly cosine: number | null;
  /** Places in the list of phrases: the quoted ones first, then identifiers. */
  readonly phrases: readonly number[];
}

export interface RankingQuestion extends DocumentStatistics {
  readonly terms: readonly (WeighedTerm & { readonly language: string })[];
  readonly quoted: readonly string[];
  readonly identifiers: readonly string[];
  /** Documents that answered the turn before; empty for what is no follow-up. */
  readonly previousDocumentIds: readonly string[];
}

export interface RankedCandidate<C extends LegCandidate> {
  readonly candidate: C;
  readonly lexicalScore: number;
  /** Fused score, 0 to 1. */
  readonly score: number;
}

const shareOf = (found: number, all: number): number => (all === 0 ? 0 : found / all);

function bonusOf({ phrases, documentId }: LegCandidate, question: RankingQuestion): number {
  const { quoted, identifiers, previousDocumentIds } = question;
  const inQuotes = phrases.filter((place) => place < quoted.length).length;
  return (
    quotedBonus * shareOf(inQuotes, quoted.length) +
    identifierBonus * shareOf(phrases.length - inQuotes, identifiers.length) +
    (previousDocumentIds.includes(documentId) ? continuityBonus : 0)
  );
}

/**
 * What the words of its document add to those of a chunk.
 * @see docs/decisions/2026-11-26-words-of-the-document.md
 */
const documentWeight = 0.5;
/** Documents of more chunks, about three pages, are about more than one thing: what they say as a whole counts the less. */
const fewChunks = 8;

const weightOf = ({ documentChunks }: LegCandidate): number =>
  (documentWeight * fewChunks) / Math.max(fewChunks, documentChunks);

function lexicalScores(
  candidates: readonly LegCandidate[],
  question: RankingQuestion,
): readonly number[] {
  const scores = new Map<LegCandidate, number>();
  // A document is of one language, so each document's chunks stay together.
  for (const [language, of] of Map.groupBy(candidates, (candidate) => candidate.language)) {
    const terms = question.terms.filter((term) => term.language === language);
    const byDocument = documentScores(of, terms, question);
    for (const candidate of of) {
      const { lexemeCount: length, frequencies, documentId } = candidate;
      const own = bm25(terms, question, { length, frequencies });
      const shared = own === 0 ? 0 : weightOf(candidate) * (byDocument.get(documentId) ?? 0);
      scores.set(candidate, own + shared);
    }
  }
  return candidates.map((candidate) => scores.get(candidate) ?? 0);
}

/** So many of the best by words tell in what language the answer is. */
const bestByWords = 5;

function languagesOf(
  candidates: readonly LegCandidate[],
  lexical: readonly number[],
): readonly string[] {
  const scored = candidates.map(({ language }, at) => ({ language, score: lexical[at] ?? 0 }));
  const found = scored.filter(({ score }) => score > 0);
  const best = found.toSorted((one, other) => other.score - one.score).slice(0, bestByWords);
  return best.map(({ language }) => language);
}

/**
 * The candidates by exact scores of both legs, fused, best first; equal scores in the order of their ids.
 * @param vectorShareFor Weight of the vectors' leg, 0 to 1, by the languages of the best chunks by words, best first.
 */
export function rankCandidates<C extends LegCandidate>(
  candidates: readonly C[],
  question: RankingQuestion,
  vectorShareFor: (languages: readonly string[]) => number,
): readonly RankedCandidate<C>[] {
  const lexical = lexicalScores(candidates, question);
  const fused = fuse(
    candidates.map(({ cosine }, place) => ({ lexical: lexical[place] ?? 0, cosine })),
    vectorShareFor(languagesOf(candidates, lexical)),
  );
  const raised = candidates.map((candidate, at) => (fused[at] ?? 0) + bonusOf(candidate, question));
  const most = Math.max(1, ...raised);
  return candidates
    .map((candidate, place) => ({
      candidate,
      lexicalScore: lexical[place] ?? 0,
      score: (raised[place] ?? 0) / most,
    }))
    .sort((one, other) => other.score - one.score || byId(one.candidate, other.candidate));
}

const byId = (one: LegCandidate, other: LegCandidate): number =>
  one.chunkId < other.chunkId ? -1 : 1;

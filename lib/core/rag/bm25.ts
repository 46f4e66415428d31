/** A question's word and about how many chunks of the searched scope hold it. */
export interface WeighedTerm {
  readonly lexeme: string;
  /** How often the question says it. */
  readonly count: number;
  readonly chunkCount: number;
}

export interface CorpusStatistics {
  readonly chunkCount: number;
  /** Mean length of a chunk in lexemes. */
  readonly averageLength: number;
}

const saturation = 1.2; // k1
const lengthWeight = 0.75; // b

/** Rarity of a word, > 0: ln(1 + (N - n + .5) / (n + .5)). */
export const inverseFrequency = (chunkCount: number, holding: number): number =>
  Math.log(1 + (Math.max(0, chunkCount - holding) + 0.5) / (holding + 0.5));

/**
 * Okapi BM25 of one chunk, k1 1.2 and b .75; a word that the question repeats counts as often.
 * @see Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009)
 */
export function bm25(
  terms: readonly WeighedTerm[],
  statistics: CorpusStatistics,
  chunk: { readonly length: number; readonly frequencies: Readonly<Record<string, number>> },
): number {
  const relativeLength = chunk.length / Math.max(1, statistics.averageLength);
  const dampening = saturation * (1 - lengthWeight + lengthWeight * relativeLength);
  let score = 0;
  for (const { lexeme, count, chunkCount } of terms) {
    // Words such as "constructor" name what every object inherits.
    if (!Object.hasOwn(chunk.frequencies, lexeme)) continue;
    const frequency = chunk.frequencies[lexeme] ?? 0;
    const weight = inverseFrequency(statistics.chunkCount, chunkCount);
    score += (count * weight * frequency * (saturation + 1)) / (frequency + dampening);
  }
  return score;
}

/** Below this many chunks every candidate is looked at anyway. */
const smallScope = 1000;
const commonShare = 1 / 5;

/** Chunks that are looked at to propose candidates, about; beyond it the more common words propose none. */
const mostLookedAt = 20_000;

/**
 * The words worth proposing candidates with: those of more than a fifth of the chunks leave when rarer ones remain, and in a large
 * scope the rarest stay, as many as can be looked at in time.
 */
export function proposingTerms<T extends WeighedTerm & { readonly lexemeChunks: number }>(
  terms: readonly T[],
  statistics: CorpusStatistics,
): readonly T[] {
  const known = terms.filter((term) => term.lexemeChunks > 0);
  if (statistics.chunkCount <= smallScope) return known;
  const rare = known.filter((term) => term.chunkCount <= statistics.chunkCount * commonShare);
  const proposing = rare.length > 0 ? rare : known;
  // Of stems of one word first the one that most texts have.
  const ordered = proposing.toSorted(
    (one, other) => one.chunkCount - other.chunkCount || other.lexemeChunks - one.lexemeChunks,
  );
  let lookedAt = 0;
  return ordered.filter(({ lexemeChunks }, place) => {
    const isKept = place === 0 || lookedAt + lexemeChunks <= mostLookedAt;
    if (isKept) lookedAt += lexemeChunks;
    return isKept;
  });
}

const rareChunks = 40;

/** Words so rare, in whatever language, that each chunk that holds one is worth a look. */
export const rareTerms = <T extends WeighedTerm>(terms: readonly T[]): readonly T[] =>
  terms.filter((term) => term.chunkCount > 0 && term.chunkCount <= rareChunks);

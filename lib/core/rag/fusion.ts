export interface LegScores {
  /** BM25, >= 0. */
  readonly lexical: number;
  /** -1 to 1; `null` when the chunk has no vector in the question's space, or no vector was asked with. */
  readonly cosine: number | null;
}

const lexicalShare = 0.2;
const vectorShare = 0.8;

/**
 * One score from 0 to 1 out of both legs' own: .2 × bm25 ÷ best bm25 + .8 × (1 + cosine) ÷ (1 + best cosine).
 * Without any cosine the lexical part stands alone.
 */
export function fuse(candidates: readonly LegScores[]): readonly number[] {
  const cosines = candidates.flatMap(({ cosine }) => (cosine === null ? [] : [cosine]));
  const bestLexical = Math.max(0, ...candidates.map(({ lexical }) => lexical));
  const bestCosine = Math.max(-1, ...cosines);
  return candidates.map(({ lexical, cosine }) => {
    const byWords = bestLexical === 0 ? 0 : lexical / bestLexical;
    if (cosines.length === 0) return byWords;
    const byMeaning = cosine === null || bestCosine <= -1 ? 0 : (1 + cosine) / (1 + bestCosine);
    return lexicalShare * byWords + vectorShare * Math.max(0, byMeaning);
  });
}

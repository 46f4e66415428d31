export interface LegScores {
  /** BM25, >= 0. */
  readonly lexical: number;
  /** -1 to 1; `null` when the chunk has no vector in the question's space, or no vector was asked with. */
  readonly cosine: number | null;
}

/**
 * One score from 0 (worst candidate) to 1 (best) out of both legs' own: the weighted mean of their standard scores over the
 * candidates. How far a chunk stands out of the others counts, in each leg's own measure; a list where nothing stands out
 * says little, whatever its numbers. Without any cosine the words stand alone, against the best.
 * @param vectorShare weight of the vectors' leg, 0 to 1
 * @see docs/decisions/2026-11-26-fusion-by-standard-scores.md
 */
export function fuse(candidates: readonly LegScores[], vectorShare: number): readonly number[] {
  const cosines = candidates.flatMap(({ cosine }) => (cosine === null ? [] : [cosine]));
  if (cosines.length === 0) {
    const best = Math.max(0, ...candidates.map(({ lexical }) => lexical));
    return candidates.map(({ lexical }) => (best === 0 ? 0 : lexical / best));
  }
  // A chunk without a vector is as far off as the farthest.
  const farthest = Math.min(...cosines);
  const lexical = candidates.map((candidate) => candidate.lexical);
  const byWords = standardScores(lexical, usualLexicalShare * Math.max(...lexical));
  const byMeaning = standardScores(
    candidates.map(({ cosine }) => cosine ?? farthest),
    usualCosineDeviation,
  );
  return stretched(
    candidates.map(
      (_, place) =>
        (1 - vectorShare) * (byWords[place] ?? 0) + vectorShare * (byMeaning[place] ?? 0),
    ),
  );
}

// Deviations over the candidates of real questions: .11 (cosine), .14 of the best (BM25). Among a few candidates every difference would
// look large, so these count like the deviation of ten more; among two hundred they change nothing.
const usualCosineDeviation = 0.11;
const usualLexicalShare = 0.14;
const usualCount = 10;
const smallest = 1e-9;

function standardScores(values: readonly number[], usual: number): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt((squares + usualCount * usual ** 2) / (values.length + usualCount));
  return values.map((value) => (deviation < smallest ? 0 : (value - mean) / deviation));
}

function stretched(values: readonly number[]): readonly number[] {
  const worst = Math.min(...values);
  const range = Math.max(...values) - worst;
  return values.map((value) => (range < smallest ? 1 : (value - worst) / range));
}

/** A word of a question as one text-search language stems it. */
export interface PlacedTerm {
  readonly language: string;
  readonly lexeme: string;
  /** Where the question says it: the same numbers for the same word in every language, which number what they leave out too. */
  readonly positions: readonly number[];
  /** Chunks that hold the lexeme, whatever their language. */
  readonly chunkCount: number;
}

/** A word of a question as one text-search language stems it, and how common the word is. */
export interface CountedTerm {
  readonly language: string;
  readonly lexeme: string;
  /** How often the question says it, >= 1. */
  readonly count: number;
  readonly chunkCount: number;
}

/**
 * How many chunks hold each word, however the languages of the corpus stem it; a language that leaves it out as too common holds it in
 * every chunk. Counted by its own stem alone, "de" would be the rarest word of all in the one French document that was taken for an
 * English one.
 * @param documents Published documents by language.
 * @see docs/decisions/2026-11-27-words-across-languages.md
 */
export function countedAcrossLanguages(
  terms: readonly PlacedTerm[],
  documents: Readonly<Record<string, number>>,
  chunkCount: number,
): readonly CountedTerm[] {
  const all = Object.values(documents).reduce((sum, count) => sum + count, 0);
  const chunksOf = (language: string): number =>
    all === 0 ? 0 : ((documents[language] ?? 0) / all) * chunkCount;
  const placed = terms.flatMap((term) => term.positions.map((position) => ({ position, term })));
  const holding = new Map(
    [...Map.groupBy(placed, ({ position }) => position)].map(([position, at]) => {
      const stems = new Map(at.map(({ term }) => [term.lexeme, term.chunkCount]));
      const keeping = new Set(at.map(({ term }) => term.language));
      const leftOut = Object.keys(documents).filter((language) => !keeping.has(language));
      const chunks = [...stems.values(), ...leftOut.map(chunksOf)];
      return [position, chunks.reduce((sum, count) => sum + count, 0)];
    }),
  );
  return terms.map(({ language, lexeme, positions }) => ({
    ...{ language, lexeme, count: positions.length },
    chunkCount: Math.min(
      chunkCount,
      Math.round(Math.max(...positions.map((position) => holding.get(position) ?? 0))),
    ),
  }));
}

/** A word of a question as one text-search language stems it. */
export interface PlacedTerm {
  readonly language: string;
  readonly lexeme: string;
  /** Is it part of an identifier that the question says whole? */
  readonly isPart: boolean;
  /** Where the question says it: the same numbers for the same word in every language, which number what they leave out too. */
  readonly positions: readonly number[];
  /** Chunks that hold the lexeme, whatever their language. */
  readonly chunkCount: number;
}

/** A word of a question as one text-search language stems it, and how common the word is. */
export interface CountedTerm {
  readonly language: string;
  readonly lexeme: string;
  /** How often the question says it, > 0; a part of an identifier counts a quarter. */
  readonly count: number;
  /** About how many chunks hold the word, however their languages stem it. */
  readonly chunkCount: number;
  /** Chunks that hold this very lexeme. */
  readonly lexemeChunks: number;
}

/** Whole and in parts, "OpenCL" would otherwise weigh like three words of a question. */
const partWeight = 0.25;

/** Chunks that hold the word at each place, in whatever language they write its stem. */
function chunksHolding(
  terms: readonly PlacedTerm[],
  documents: Readonly<Record<string, number>>,
  chunkCount: number,
): ReadonlyMap<number, number> {
  const all = Object.values(documents).reduce((sum, count) => sum + count, 0);
  const chunksOf = (language: string): number =>
    all === 0 ? 0 : ((documents[language] ?? 0) / all) * chunkCount;
  const placed = terms.flatMap((term) => term.positions.map((position) => ({ position, term })));
  return new Map(
    [...Map.groupBy(placed, ({ position }) => position)].map(([position, at]) => {
      const stems = new Map(at.map(({ term }) => [term.lexeme, term.chunkCount]));
      const keeping = new Set(at.map(({ term }) => term.language));
      const leftOut = Object.keys(documents).filter((language) => !keeping.has(language));
      const chunks = [...stems.values(), ...leftOut.map(chunksOf)];
      return [position, chunks.reduce((sum, count) => sum + count, 0)];
    }),
  );
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
  const counted = [false, true].flatMap((isPart) => {
    const of = terms.filter((term) => term.isPart === isPart);
    const holding = chunksHolding(of, documents, chunkCount);
    return of.map(({ language, lexeme, positions, chunkCount: lexemeChunks }) => ({
      ...{ language, lexeme, lexemeChunks },
      count: positions.length * (isPart ? partWeight : 1),
      chunkCount: Math.round(Math.max(...positions.map((position) => holding.get(position) ?? 0))),
    }));
  });
  // What is said by itself and within an identifier is one word.
  const same = Map.groupBy(counted, ({ language, lexeme }) => JSON.stringify([language, lexeme]));
  return [...same.values()].flatMap(([first, second]) =>
    first === undefined
      ? []
      : {
          ...first,
          count: first.count + (second?.count ?? 0),
          chunkCount: Math.min(chunkCount, Math.max(first.chunkCount, second?.chunkCount ?? 0)),
        },
  );
}

/** A word of a question as one text-search language stems it. */
export interface PlacedTerm {
  readonly language: string;
  readonly lexeme: string;
  /** 0: the question's own words; else the parts of one of its identifiers. */
  readonly identifier: number;
  /** Does no chunk hold the identifier whole, so that its parts are all there is to find? */
  readonly isOnlyInParts: boolean;
  /** Where it is said: the same numbers for the same word in every language, which number what they leave out too. */
  readonly positions: readonly number[];
  /** Chunks that hold the lexeme, whatever their language. */
  readonly lexemeChunks: number;
}

/** A word of a question as one text-search language stems it, and how common the word is. */
export interface CountedTerm {
  readonly language: string;
  readonly lexeme: string;
  /** How often the question says it, > 0; a part of an identifier that is found whole counts a quarter. */
  readonly count: number;
  /** About how many chunks hold the word, however their languages stem it: its rarity. */
  readonly chunkCount: number;
  /** Chunks that hold this very lexeme. */
  readonly lexemeChunks: number;
}

/** Whole and in parts, "OpenCL" would otherwise weigh like three words of a question. */
const partWeight = 0.25;

const nameOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);

/**
 * How many chunks hold each word, however the languages of the corpus stem it; a language that leaves it out as too common holds it in
 * every chunk. Counted by its own stem alone, "de" would be the rarest word of all in the one French document that was taken for an
 * English one.
 * @param chunksOf Published chunks by the language of their document.
 * @see docs/decisions/2026-11-27-words-across-languages.md
 */
export function countedAcrossLanguages(
  terms: readonly PlacedTerm[],
  chunksOf: ReadonlyMap<string, number>,
): readonly CountedTerm[] {
  const all = [...chunksOf.values()].reduce((sum, count) => sum + count, 0);
  const placed = terms.flatMap((term) =>
    term.positions.map((position) => ({ place: nameOf(term.identifier, position), term })),
  );
  const saidAt = Map.groupBy(placed, ({ place }) => place);
  /** What the other languages add: German stems "printer" like "print", and holds no more of it than it has chunks. */
  const elsewhere = (own: PlacedTerm, position: number): number => {
    const here = saidAt.get(nameOf(own.identifier, position)) ?? [];
    const stemOf = new Map(here.map(({ term }) => [term.language, term]));
    return [...chunksOf].reduce((sum, [language, chunks]) => {
      const stem = stemOf.get(language);
      if (stem?.lexeme === own.lexeme) return sum;
      return sum + Math.min(chunks, stem?.lexemeChunks ?? chunks);
    }, 0);
  };
  const counted = terms.map((term) => ({
    ...{ language: term.language, lexeme: term.lexeme, lexemeChunks: term.lexemeChunks },
    count: term.positions.length * (term.identifier > 0 && !term.isOnlyInParts ? partWeight : 1),
    chunkCount: term.lexemeChunks + Math.max(...term.positions.map((at) => elsewhere(term, at))),
  }));
  // What is said by itself and within an identifier is one word.
  const same = Map.groupBy(counted, ({ language, lexeme }) => nameOf(language, lexeme));
  return [...same.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : {
          ...first,
          count: others.reduce((sum, { count }) => sum + count, first.count),
          chunkCount: Math.min(
            all,
            Math.max(first.chunkCount, ...others.map(({ chunkCount }) => chunkCount)),
          ),
        },
  );
}

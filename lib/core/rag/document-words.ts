import { bm25, type CorpusStatistics, type WeighedTerm } from "./bm25.ts";

export interface ChunkOfDocument {
  readonly documentId: string;
  /** All chunks that the document has. */
  readonly documentChunks: number;
  readonly lexemeCount: number;
  readonly frequencies: Readonly<Record<string, number>>;
}

export interface DocumentStatistics extends CorpusStatistics {
  /** Documents of the scope. */
  readonly documentCount: number;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

function togetherOf(chunks: readonly ChunkOfDocument[]): Record<string, number> {
  const together: Record<string, number> = {};
  for (const { frequencies } of chunks)
    for (const [lexeme, times] of Object.entries(frequencies))
      together[lexeme] = (Object.hasOwn(together, lexeme) ? (together[lexeme] ?? 0) : 0) + times;
  return together;
}

/**
 * BM25 of whole documents by what their candidates show of them: the words of all of a document's candidates together, against the
 * length that its number of chunks makes likely. An answer's words are often said in the chunk before or after it.
 * @returns the score by document
 */
export function documentScores(
  candidates: readonly ChunkOfDocument[],
  terms: readonly WeighedTerm[],
  statistics: DocumentStatistics,
): ReadonlyMap<string, number> {
  const { chunkCount, averageLength, documentCount } = statistics;
  const usualLength = (averageLength * chunkCount) / Math.max(1, documentCount);
  const chunksOf = Map.groupBy(candidates, ({ documentId }) => documentId);
  const scores = [...chunksOf].map(([documentId, chunks]): [string, number] => {
    const meanLength = sum(chunks.map(({ lexemeCount }) => lexemeCount)) / chunks.length;
    const length = meanLength * Math.max(chunks.length, chunks[0]?.documentChunks ?? 1);
    const document = { length, frequencies: togetherOf(chunks) };
    return [documentId, bm25(terms, { chunkCount, averageLength: usualLength }, document)];
  });
  return new Map(scores);
}

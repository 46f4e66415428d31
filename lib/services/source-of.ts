import type { Source } from "../core/chat/events.ts";
import type { FoundChunk, RankedChunk } from "../ports/chunk-search.ts";

/** What is shown of a chunk wherever it is listed. */
export type Passage = Omit<Source, "citation" | "score">;

export const passageOf = (chunk: FoundChunk): Passage => ({
  chunkId: chunk.chunkId,
  documentId: chunk.documentId,
  versionId: chunk.versionId,
  documentTitle: chunk.documentTitle,
  collectionId: chunk.collectionId,
  collectionName: chunk.collectionName,
  headingPath: chunk.headingPath,
  page: chunk.page,
  charStart: chunk.charStart,
  charEnd: chunk.charEnd,
  text: chunk.text,
});

/** A chunk as an answer lists it. */
export const sourceOf = (chunk: RankedChunk, index: number): Source => ({
  citation: index + 1,
  ...passageOf(chunk),
  score: chunk.score,
});

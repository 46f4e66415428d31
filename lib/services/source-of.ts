import type { Source } from "../core/chat/events.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";

/** A chunk as an answer lists it. */
export const sourceOf = (chunk: RankedChunk, index: number): Source => ({
  citation: index + 1,
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
  score: chunk.score,
});

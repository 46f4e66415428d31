import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import { openViewer, type ViewerStop } from "#components/viewer/viewer-state.ts";

import { quoteOf } from "./answer-words.ts";

/** The sources of an answer as places to read, in the order of their numbers; each at its quote where it has one. */
const stopsOf = (answerKey: string, snapshot: AnswerSnapshot): readonly ViewerStop[] =>
  [...snapshot.sources]
    .sort((one, other) => one.citation - other.citation)
    .map((source) => {
      const quote = quoteOf(snapshot, source.citation);
      return {
        key: `${answerKey}-${String(source.citation)}`,
        citation: source.citation,
        documentId: source.documentId,
        versionId: source.versionId,
        title: source.documentTitle,
        collectionName: source.collectionName,
        page: source.page,
        passage: { start: source.charStart, end: source.charEnd },
        quote: quote === null ? null : { start: quote.charStart, end: quote.charEnd },
      };
    });

/** Opens the passage behind a citation beside the chat. */
export const openSource = (answerKey: string, snapshot: AnswerSnapshot, citation: number): void => {
  const stops = stopsOf(answerKey, snapshot);
  const index = stops.findIndex((stop) => stop.citation === citation);
  if (index !== -1) openViewer(stops, index);
};

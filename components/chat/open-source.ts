import type { AnswerSnapshot, EvidenceQuote } from "#lib/core/chat/events.ts";
import { openViewer, type ViewerStop } from "#components/viewer/viewer-state.ts";

import { quotesOf } from "./answer-words.ts";

/** The sources of an answer as places to read, in the order of their numbers; one for each quote where there are any. */
const stopsOf = (answerKey: string, snapshot: AnswerSnapshot): readonly ViewerStop[] =>
  [...snapshot.sources]
    .sort((one, other) => one.citation - other.citation)
    .flatMap((source) => {
      const quotes = quotesOf(snapshot, source.citation);
      return (quotes.length === 0 ? [null] : quotes).map((quote) => ({
        key: `${answerKey}-${String(source.citation)}-${String(quote?.charStart ?? "")}`,
        citation: source.citation,
        documentId: source.documentId,
        versionId: source.versionId,
        title: source.documentTitle,
        collectionName: source.collectionName,
        page: source.page,
        passage: { start: source.charStart, end: source.charEnd },
        quote: quote === null ? null : { start: quote.charStart, end: quote.charEnd },
      }));
    });

/** Opens the passage behind a citation beside the chat, at one of its quotes when it is given. */
export const openSource = (
  answerKey: string,
  snapshot: AnswerSnapshot,
  citation: number,
  quote?: EvidenceQuote,
): void => {
  const stops = stopsOf(answerKey, snapshot);
  const index = stops.findIndex(
    (stop) =>
      stop.citation === citation && (quote === undefined || stop.quote?.start === quote.charStart),
  );
  if (index !== -1) openViewer(stops, index);
};

import type { AnswerSnapshot } from "./events.ts";

/** Shown instead of what a person may no longer read. */
export const withdrawnNotice = {
  kind: "withdrawn",
  message:
    "A part of this answer came from documents that you can no longer read. It is not shown.",
} as const;

/** An answer as its owner may see it now: nothing of collections outside `readable`, neither sources, quotes nor sentences that rest on them. */
export function visibleSnapshot(
  snapshot: AnswerSnapshot,
  readable: ReadonlySet<string>,
): AnswerSnapshot {
  const sources = snapshot.sources.filter((source) => readable.has(source.collectionId));
  if (sources.length === snapshot.sources.length) return snapshot;
  const kept = new Set(sources.map((source) => source.citation));
  return {
    ...snapshot,
    sources,
    quotes: snapshot.quotes.filter((quote) => kept.has(quote.citation)),
    // A sentence without a citation may still say what the hidden passages say.
    sentences: snapshot.sentences.filter(
      (sentence) =>
        sentence.citations.length > 0 && sentence.citations.every((citation) => kept.has(citation)),
    ),
    openText: "",
    notices: [...snapshot.notices, withdrawnNotice],
  };
}

/** The words of an answer as the next turn may know them: supported sentences, else the quotes. */
export function answerText(snapshot: AnswerSnapshot): string {
  const spoken = snapshot.sentences.filter((sentence) => sentence.supported);
  const parts = spoken.length > 0 ? spoken : snapshot.quotes;
  return parts.map((part) => part.text.trim()).join(" ");
}

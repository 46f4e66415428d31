import type { AnswerSnapshot } from "./events.ts";

export const withdrawnKind = "withdrawn";

/** Shown instead of what a person may not read, whether they never could or cannot any more. */
export const withdrawnNotice = (isWhole: boolean) => ({
  kind: withdrawnKind,
  message: isWhole
    ? "This answer rests on documents that you cannot read now. It is not shown."
    : "A part of this answer rests on documents that you cannot read now. It is not shown.",
});

/** Their words name the documents that an answer came from. */
const namingNotices: ReadonlySet<string> = new Set(["cached", "conflict"]);

const withheldSentence = { text: "", citations: [], supported: false, withheld: true } as const;

/**
 * An answer as a reader may see it now: nothing of documents outside `readable`, neither sources nor quotes; where a
 * sentence rests on them stands that it is not shown.
 */
export function visibleSnapshot(
  snapshot: AnswerSnapshot,
  readable: ReadonlySet<string>,
): AnswerSnapshot {
  const sources = snapshot.sources.filter((source) => readable.has(source.documentId));
  if (sources.length === snapshot.sources.length) return snapshot;
  const kept = new Set(sources.map((source) => source.citation));
  // A sentence without a citation may still say what the hidden passages say.
  const isShown = ({ citations }: { readonly citations: readonly number[] }): boolean =>
    citations.length > 0 && citations.every((citation) => kept.has(citation));
  const quotes = snapshot.quotes.filter((quote) => kept.has(quote.citation));
  const sentences = snapshot.sentences.map((sentence) =>
    isShown(sentence) ? sentence : withheldSentence,
  );
  const isWhole = quotes.length === 0 && !snapshot.sentences.some(isShown);
  const notices = snapshot.notices.filter(({ kind }) => !namingNotices.has(kind));
  return {
    ...snapshot,
    ...{ sources, quotes, sentences },
    openText: "",
    notices: [...notices, withdrawnNotice(isWhole)],
  };
}

/** An answer without the text of its passages: what a page needs to show it, for the passages are read from the documents. */
export const withoutPassages = (snapshot: AnswerSnapshot): AnswerSnapshot => ({
  ...snapshot,
  sources: snapshot.sources.map((source) => ({ ...source, text: "" })),
});

/** The words of an answer as the next turn may know them: supported sentences, else the quotes. */
export function answerText(snapshot: AnswerSnapshot): string {
  const spoken = snapshot.sentences.filter((sentence) => sentence.supported);
  const parts = spoken.length > 0 ? spoken : snapshot.quotes;
  return parts.map((part) => part.text.trim()).join(" ");
}

/** Documents that the answer was quoted from, the first quote's first; none when they did not answer. */
export function quotedDocuments({ quotes, sources, verdict }: AnswerSnapshot): readonly string[] {
  if (verdict !== "answerable") return [];
  const byCitation = new Map(sources.map((source) => [source.citation, source.documentId]));
  return [...new Set(quotes.flatMap(({ citation }) => byCitation.get(citation) ?? []))];
}

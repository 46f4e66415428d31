import type { AnswerSnapshot, EvidenceQuote, Source } from "#lib/core/chat/events.ts";

/** Citation marks as a model writes them: the chips stand in their place. */
const codeOrMarks = /```[\s\S]*?(?:```|$)|`[^`\n]*`|\s*\[\d+(?:\s*[,;]\s*\d+)*\]/gu;

export const withoutMarks = (text: string): string =>
  text.replaceAll(codeOrMarks, (found) => (found.startsWith("`") ? found : ""));

/** Where a source stands: document, page, collection. */
export const sayPlaceOf = (source: Source): string =>
  [
    source.documentTitle,
    ...(source.page === null ? [] : [`page ${String(source.page)}`]),
    source.collectionName,
  ].join(" · ");

export const sourceOf = (snapshot: AnswerSnapshot, citation: number): Source | null =>
  snapshot.sources.find((source) => source.citation === citation) ?? null;

/** The citations a reader can see, in the order of their numbers. */
export const citedNumbers = (snapshot: AnswerSnapshot): readonly number[] => {
  const cited = new Set(snapshot.quotes.map((quote) => quote.citation));
  for (const sentence of snapshot.sentences) {
    if (sentence.supported) for (const citation of sentence.citations) cited.add(citation);
  }
  return [...cited].sort((one, other) => one - other);
};

export const quotesOf = (snapshot: AnswerSnapshot, citation: number): readonly EvidenceQuote[] =>
  snapshot.quotes.filter((quote) => quote.citation === citation);

const marked = (text: string, citations: readonly number[]): string =>
  `${text.trimEnd()}${citations.length === 0 ? "" : ` ${citations.map((one) => `[${String(one)}]`).join("")}`}`;

/** A quote stands by itself: the bullet that its line began with belongs to the list it comes from. */
export const withoutBullet = (text: string): string => text.trim().replace(/^[•‣◦▪●⁃]\s*/u, "");

/** The answer as plain text for pasting elsewhere: what was quoted, what was written and is supported, and the sources. */
export const copyText = (question: string, snapshot: AnswerSnapshot): string => {
  const written = snapshot.sentences
    .filter((sentence) => sentence.supported)
    .map((sentence) => marked(withoutMarks(sentence.text), sentence.citations))
    // A sentence that begins a list or a paragraph brings its own line.
    .reduce((text, next) => (/^\s*\n/u.test(next) ? text + next : `${text} ${next.trim()}`), "")
    .trim();
  const quotes = snapshot.quotes.map((quote) =>
    marked(`“${withoutBullet(quote.text)}”`, [quote.citation]),
  );
  const sources = citedNumbers(snapshot).flatMap((citation) => {
    const source = sourceOf(snapshot, citation);
    return source === null ? [] : [`[${String(citation)}] ${sayPlaceOf(source)}`];
  });
  return [question, quotes.join("\n"), written, sources.join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
};

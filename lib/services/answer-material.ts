import type { ChatEvent, EvidenceQuote, Source } from "../core/chat/events.ts";
import { conflictOf } from "../core/rag/conflicts.ts";
import { contradictingSentence } from "../core/rag/contradicting-sentence.ts";
import { withoutForeignRequests } from "../core/rag/foreign-requests.ts";
import { injectionSigns } from "../core/rag/injection-signs.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";

const mostQuotes = 3;

/** What another document says against the best quote stands beside it, although it may rank below what else is quoted. */
function withContradiction(
  quotes: readonly EvidenceQuote[],
  chunks: readonly RankedChunk[],
): readonly EvidenceQuote[] {
  const [best, ...others] = quotes;
  const bestChunk = chunks[(best?.citation ?? 0) - 1];
  if (best === undefined || bestChunk === undefined) return quotes;
  const passages = chunks.map(({ documentId, text }) => ({
    documentId,
    text: injectionSigns(text).length === 0 ? text : "",
  }));
  const found = contradictingSentence({ ...bestChunk, text: best.text }, passages);
  const chunk = chunks[found?.passage ?? -1];
  if (found === null || chunk === undefined) return quotes;
  const charStart = chunk.charStart + found.start;
  const second: EvidenceQuote = {
    citation: found.passage + 1,
    text: chunk.text.slice(found.start, found.end),
    charStart,
    charEnd: chunk.charStart + found.end,
  };
  const rest = others.filter(
    ({ citation, text }) => citation !== second.citation || text !== second.text,
  );
  return [best, second, ...rest].slice(0, mostQuotes);
}

/** Where two documents disagree the newer one is quoted before the older one, and readers are told. */
export function newestFirst(
  chosen: readonly EvidenceQuote[],
  chunks: readonly RankedChunk[],
): { readonly quotes: readonly EvidenceQuote[]; readonly notice: ChatEvent | null } {
  const quotes = withContradiction(chosen, chunks);
  const dated = quotes.flatMap((quote) => {
    const chunk = chunks[quote.citation - 1];
    return chunk === undefined ? [] : [{ ...chunk, text: quote.text, quote }];
  });
  const conflict = conflictOf(dated);
  if (conflict === null) return { quotes, notice: null };
  const { newer, older } = conflict;
  const rest = quotes.filter((quote) => quote !== newer.quote && quote !== older.quote);
  const message = `Two documents disagree: “${newer.documentTitle}” is newer, “${older.documentTitle}” says otherwise.`;
  const notice = { type: "notice", kind: "conflict", message } as const;
  return { quotes: [newer.quote, older.quote, ...rest], notice };
}

/** A source as a model is told it and as sentences may rest on it. */
export interface TrustedSource extends Source {
  readonly told: string;
  readonly stated: string;
}

/**
 * What may reach a model, and what generated sentences may rest on. Readers see passages that speak to a model, but no model does, and
 * nothing counts as supported by them; of the others, what belongs neither to the passage nor to the question is taken out.
 */
export function trustedMaterial(
  question: string,
  sources: readonly Source[],
  quotes: readonly EvidenceQuote[],
) {
  const trusted = sources
    .filter((source) => injectionSigns(source.text).length === 0)
    .map((source): TrustedSource => {
      const { documentTitle, headingPath, text } = source;
      const surroundings = [question, documentTitle, ...headingPath].join("\n");
      return { ...source, ...withoutForeignRequests(text, surroundings) };
    });
  const told = new Map(trusted.map((source) => [source.citation, source.told]));
  return {
    sources: trusted,
    quotes: quotes.filter(({ citation, text }) => told.get(citation)?.includes(text) === true),
  };
}

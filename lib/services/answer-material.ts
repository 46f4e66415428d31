import type { ChatEvent, EvidenceQuote, Source } from "../core/chat/events.ts";
import { conflictOf } from "../core/rag/conflicts.ts";
import { injectionSigns } from "../core/rag/injection-signs.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";

/** Where two documents disagree the newer one is quoted before the older one, and readers are told. */
export function newestFirst(
  quotes: readonly EvidenceQuote[],
  chunks: readonly RankedChunk[],
): { readonly quotes: readonly EvidenceQuote[]; readonly notice: ChatEvent | null } {
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

/** Passages that speak to a model are shown to readers, but no model sees them, and nothing counts as supported by them. */
export function trustedMaterial(sources: readonly Source[], quotes: readonly EvidenceQuote[]) {
  const trusted = sources.filter((source) => injectionSigns(source.text).length === 0);
  const citations = new Set(trusted.map((source) => source.citation));
  return { sources: trusted, quotes: quotes.filter((quote) => citations.has(quote.citation)) };
}

import { hasOtherScript } from "../chat/other-scripts.ts";
import { nameTwoThings, plainStems, saysOtherwise } from "./conflicts.ts";
import { splitSentences } from "./sentences.ts";

/** A passage of a document, as it was found. */
export interface FoundPassage {
  readonly documentId: string;
  readonly text: string;
}

/** A sentence by its range in its passage. */
export interface FoundSentence {
  readonly passage: number;
  readonly start: number;
  readonly end: number;
}

/** One sentence in two versions of a text: nearly all of the words of both, figures left out. */
const sameSentenceShare = 0.8;
const leastWords = 3;

/** Rows of tables and forms ("Injuries: 1 serious | …") say something else of another thing, and nothing against it. */
const isRow = (text: string): boolean => text.includes(" | ");

function isSameSentence(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const shared = [...one].filter((stem) => other.has(stem)).length;
  const all = new Set([...one, ...other]).size;
  return shared >= leastWords && shared >= all * sameSentenceShare;
}

/** Can one of its sentences hold as many of these stems? Latin stems begin as their words do: a look that costs next to nothing. */
function mayHold(text: string, stems: ReadonlySet<string>): boolean {
  if (hasOtherScript(text)) return true;
  const lower = text.normalize("NFKC").toLowerCase();
  const held = [...stems].filter((stem) => lower.includes(stem.slice(0, 3))).length;
  return held >= stems.size * sameSentenceShare;
}

/**
 * The sentence of another document that says what a quote says in nearly the same words, with another figure or the opposite:
 * the handbook of last year. Such a sentence has to stand beside the quote, however it was ranked. `null` where there is none.
 */
export function contradictingSentence(
  quote: { readonly documentId: string; readonly text: string },
  passages: readonly FoundPassage[],
): FoundSentence | null {
  if (isRow(quote.text)) return null;
  const stems = plainStems(quote.text);
  for (const [passage, { documentId, text }] of passages.entries()) {
    if (documentId === quote.documentId || !mayHold(text, stems)) continue;
    for (const { start, end } of splitSentences(text)) {
      const sentence = text.slice(start, end);
      if (isRow(sentence) || !isSameSentence(stems, plainStems(sentence))) continue;
      if (!nameTwoThings(quote.text, sentence) && saysOtherwise(quote.text, sentence))
        return { passage, start, end };
    }
  }
  return null;
}

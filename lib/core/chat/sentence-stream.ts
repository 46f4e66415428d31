import { splitSentences } from "../rag/sentences.ts";

/** Text as it comes, cut at the ends of sentences. */
export interface SentenceStream {
  /** Sentences that are complete now, in order. */
  push(text: string): readonly string[];
  /** What is left at the end; empty when nothing is. */
  rest(): string;
}

// Marks like " [2]" follow the full stop, so a sentence ends only when the next one has begun.
const nextBegun = /^\s*(?:\[\d{1,2}\]\s*)*\S/;

export function createSentenceStream(): SentenceStream {
  let open = "";
  return {
    push(text) {
      open += text;
      const done: string[] = [];
      for (;;) {
        const end = firstEnd(open);
        if (end === null) return done;
        done.push(open.slice(0, end).trim());
        open = open.slice(end);
      }
    },
    rest() {
      const left = open.trim();
      open = "";
      return left;
    },
  };
}

function firstEnd(text: string): number | null {
  const [first, second] = splitSentences(text);
  if (first === undefined || second === undefined) return null;
  const marks = /^\s*(?:\[\d{1,2}\]\s*)+/.exec(text.slice(first.end));
  const end = first.end + (marks?.[0].length ?? 0);
  return nextBegun.test(text.slice(end)) ? end : null;
}

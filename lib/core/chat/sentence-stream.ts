import { splitSentences } from "../rag/sentences.ts";

/** Text as it comes, cut at the ends of sentences. Line ends before a sentence stay with it; a block of code and a table are one each. */
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
        done.push(tidy(open.slice(0, end)));
        open = open.slice(end);
      }
    },
    rest() {
      const left = tidy(open);
      open = "";
      return left;
    },
  };
}

const tidy = (text: string): string => text.trimEnd().replace(/^[ \t]+(?=\S)/, "");

/** A block of code or a table: it stands and falls as a whole. */
const wholeStart = /(?:^|\n)\s*(`{3,}|~{3,}|\|)/;

function firstEnd(text: string): number | null {
  const whole = wholeStart.exec(text);
  if (whole === null) return proseEnd(text);
  const before = text.slice(0, whole.index);
  if (before.trim() !== "") return proseEnd(before) ?? whole.index;
  const mark = whole[1] ?? "";
  const from = whole.index + whole[0].length;
  return mark === "|" ? tableEnd(text, from) : codeEnd(text, from, mark);
}

function codeEnd(text: string, from: number, mark: string): number | null {
  const close = text.slice(from).search(new RegExp(`\\n[ \\t]*${mark}[ \\t]*(?=\\n)`));
  return close === -1 ? null : text.indexOf("\n", from + close + 1);
}

function tableEnd(text: string, from: number): number | null {
  const end = text.slice(from).search(/\n(?=[ \t]*[^ \t|])/);
  return end === -1 ? null : from + end;
}

function proseEnd(text: string): number | null {
  const [first, second] = splitSentences(text);
  if (first === undefined || second === undefined) return null;
  const marks = /^[ \t]*(?:\[\d{1,2}\][ \t]*)+/.exec(text.slice(first.end));
  const end = first.end + (marks?.[0].length ?? 0);
  return nextBegun.test(text.slice(end)) ? end : null;
}

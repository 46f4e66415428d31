/** A piece of an answer's text in the order of its writing. */
export interface MarkedSentence {
  readonly text: string;
  /** `settled`: checked and shown. `folded`: only its place is kept. `open`: still being written. */
  readonly state: "settled" | "folded" | "open";
}

// Private characters say where a sentence begins and ends. The point beside them counts as punctuation, so that emphasis
// opens and closes next to a mark as it would next to a full stop.
const point = "\u2027";
const begin = "\ue000";
const end = "\ue001";
const fold = "\ue002";
const firstNumber = 0xe100;
const mostSentences = 6_000;

const foreignMarks = /[\ue000-\uf8ff]/gu;
/** Groups: sentence that begins, that ends, that is folded. */
export const sentenceMark = new RegExp(
  `${begin}([\\ue100-\\uf8ff])${point}|${point}${end}([\\ue100-\\uf8ff])|${point}${fold}([\\ue100-\\uf8ff])${point}`,
  "gu",
);

const numbered = (index: number): string => String.fromCharCode(firstNumber + index);

export const sentenceNumber = (character: string): number => character.charCodeAt(0) - firstNumber;

/** What stands before the words of a line: quote marks, a list mark with its box, a heading's signs, the bar of a table. */
const lineStart =
  /^(\s*(?:>[ \t]?)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?|#{1,6}[ \t]+|\|[ \t]*)?)/u;
/** What must stay last in a line or block: the bar of a table, a closing fence. */
const lineEnd = /(\s*\|?\s*)$/u;
const fenceStart = /^\s*(?:`{3,}|~{3,}|\$\$|\\\[)/u;

const marked = (index: number, text: string): string => {
  if (fenceStart.test(text)) return `${text.trimEnd()}\n\n${point}${end}${numbered(index)}\n\n`;
  const start = lineStart.exec(text)?.[0] ?? "";
  const rest = text.slice(start.length);
  const tail = lineEnd.exec(rest)?.[0] ?? "";
  const words = rest.slice(0, rest.length - tail.length);
  return `${start}${begin}${numbered(index)}${point}${words}${point}${end}${numbered(index)}${tail}`;
};

const placed = (sentence: MarkedSentence, index: number): string => {
  const text = sentence.text.replaceAll(foreignMarks, "\ufffd");
  switch (sentence.state) {
    case "settled":
      return marked(index, text);
    case "folded": {
      const breaks = /^\s*\n/u.test(text) ? "\n\n" : "";
      return `${breaks}${point}${fold}${numbered(index)}${point}`;
    }
    case "open": {
      const start = lineStart.exec(text)?.[0] ?? "";
      if (fenceStart.test(text)) return text;
      return `${start}${begin}${numbered(index)}${point}${text.slice(start.length)}`;
    }
    default:
      return sentence.state satisfies never;
  }
};

/** One markdown text out of the sentences of an answer, with private marks where each begins and ends. */
export const markSentences = (sentences: readonly MarkedSentence[]): string =>
  sentences
    .slice(0, mostSentences)
    .map((sentence, index) => {
      const text = placed(sentence, index);
      const spaced = index === 0 || /^\s/u.test(text);
      // What follows a table in its own line would be one more cell of it.
      const afterTable = /\|\s*$/u.test(sentences[index - 1]?.text ?? "");
      return spaced ? text : `${afterTable ? "\n\n" : " "}${text}`;
    })
    .join("");

/** Code keeps its brackets; a block that has not ended reaches to the end. */
const codeOrMark = /```[\s\S]*?(?:```|$)|`[^`\n]*`|\s*\[(\d{1,2})\]/g;

/** The citation numbers at the marks of a sentence, each once, only those that exist. */
export function citationsIn(sentence: string, known: number): readonly number[] {
  const found = [...sentence.matchAll(codeOrMark)].map((match) => Number(match[1]));
  return [...new Set(found)].filter((citation) => citation >= 1 && citation <= known);
}

/** The sentence without its marks; line ends before it stay, for they may begin a list or a paragraph. */
export const withoutMarks = (sentence: string): string =>
  sentence
    .replace(codeOrMark, (found) => (found.startsWith("`") ? found : ""))
    .trimEnd()
    .replace(/^[ \t]+(?=\S)/, "");

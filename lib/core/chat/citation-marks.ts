const mark = /\s*\[(\d{1,2})\]/g;

/** The citation numbers at the marks of a sentence, each once, only those that exist. */
export function citationsIn(sentence: string, known: number): readonly number[] {
  const found = [...sentence.matchAll(mark)].map((match) => Number(match[1]));
  return [...new Set(found)].filter((citation) => citation >= 1 && citation <= known);
}

/** The sentence without its marks. */
export const withoutMarks = (sentence: string): string => sentence.replace(mark, "").trim();

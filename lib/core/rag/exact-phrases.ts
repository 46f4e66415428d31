const quotation =
  /(?<![\p{L}\p{N}])"(?=\S)([^"]{2,200})(?<=\S)"(?![\p{L}\p{N}])|“([^”]{2,200})”|„([^“”]{2,200})[“”]|«([^»]{2,200})»/gu;
/** Letters, digits and the marks that join them into one name, path, number or code. */
const joined = /[\p{L}\p{N}_$]+(?:(?:::|->|[-./:#@])[\p{L}\p{N}_$]+)*/gu;
const ordinal = /^\d+(?:st|nd|rd|th|s)$/i;
const mostPhrases = 6;

function isIdentifier(word: string): boolean {
  if (word.length < 3 || ordinal.test(word)) return false;
  const hasDigit = /\d/.test(word);
  const hasLetter = /\p{L}/u.test(word);
  return /[_$#@]|::|->/.test(word) || /\p{Ll}\p{Lu}/u.test(word) || (hasDigit && hasLetter);
}

/**
 * What a question wants to see word for word: quoted strings, and identifiers such as `ERR_42`, `parseHeader` or `INC-2024-117`. A
 * single word in quotes is a name or a word held at arm's length: it weighs no more than an identifier (CISI .378 to .390).
 */
export interface ExactPhrases {
  readonly quoted: readonly string[];
  readonly identifiers: readonly string[];
}

export function exactPhrases(question: string): ExactPhrases {
  const quoted = [...question.matchAll(quotation)].flatMap((match) => {
    const words = match.slice(1).find((group: string | undefined) => group !== undefined);
    const text = (words ?? "").replace(/\s+/g, " ").trim();
    return /[\p{L}\p{N}]/u.test(text) ? [text] : [];
  });
  const names = (question.replace(quotation, " ").match(joined) ?? []).filter(isIdentifier);
  const unique = (texts: readonly string[]) => [...new Set(texts)].slice(0, mostPhrases);
  const isOneWord = (text: string): boolean => !/\s/.test(text);
  return {
    quoted: unique(quoted.filter((text) => !isOneWord(text))),
    identifiers: unique([...quoted.filter(isOneWord), ...names]),
  };
}

const fence = /^[ \t>]*(?:`{3,}|~{3,})/u;

/** Is the end of the text inside a block of code? */
const endsInCode = (lines: readonly string[]): boolean =>
  lines.reduce((inside, line) => (fence.test(line) ? !inside : inside), false);

const openSpans: readonly { readonly sign: string; readonly pattern: RegExp }[] = [
  { sign: "**", pattern: /\*\*/gu },
  { sign: "`", pattern: /`/gu },
];

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * A text that still arrives, ended so that its last line already looks as it will: a link without its end shows its words,
 * bold and code that were opened are closed, a lone sign at the end waits.
 */
export const completePartial = (text: string): string => {
  const lineStart = text.lastIndexOf("\n") + 1;
  const before = text.slice(0, lineStart);
  if (endsInCode(text.split("\n"))) return text;
  let line = text
    .slice(lineStart)
    .replace(/!?\[([^\][]*)\]\([^()\s]*(?:\s[^()]*)?$/u, "$1")
    .replace(/!?\[([^\][]*)$/u, "$1")
    .replace(/(?<!\\)[*_~]+$/u, "");
  for (const { sign, pattern } of openSpans) {
    if (countOf(line, pattern) % 2 === 1) {
      const trimmed = line.trimEnd();
      line = trimmed.endsWith(sign) ? trimmed.slice(0, -sign.length) : `${trimmed}${sign}`;
    }
  }
  return before + line;
};

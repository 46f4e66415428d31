const longest = 80;

/** The question's first line as a title, cut at a word. */
export function conversationTitle(question: string): string {
  const line =
    question
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.replace(/\s+/g, " ")
      .trim() ?? "";
  const characters = Array.from(line);
  if (characters.length <= longest) return line;
  const cut = characters.slice(0, longest - 1).join("");
  const lastSpace = cut.lastIndexOf(" ");
  return `${lastSpace > longest / 2 ? cut.slice(0, lastSpace) : cut}…`;
}

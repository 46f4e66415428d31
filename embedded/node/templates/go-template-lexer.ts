/** A piece of a template: text to write, or what stands between the braces. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly source: string };

const action = /\{\{(- )?((?:[^"`}]|"(?:\\.|[^"\\])*"|`[^`]*`|\}(?!\}))*?)( -)?\}\}/g;

/** Splits a template; `{{-` and `-}}` take the white space beside them away. @throws Error for an open action */
export const piecesOf = (source: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  let at = 0;
  let trims = false;
  const addText = (text: string): void => {
    const kept = trims ? text.trimStart() : text;
    if (kept.includes("{{")) throw new Error("template: unclosed action");
    if (kept !== "") pieces.push({ kind: "text", text: kept });
  };
  for (const match of source.matchAll(action)) {
    const [whole, left, inside = "", right] = match;
    const text = source.slice(at, match.index);
    addText(left === undefined ? text : text.trimEnd());
    if (!inside.trim().startsWith("/*")) pieces.push({ kind: "action", source: inside.trim() });
    trims = right !== undefined;
    at = match.index + whole.length;
  }
  addText(source.slice(at));
  return pieces;
};

export interface Token {
  readonly kind: "word" | "field" | "variable" | "string" | "number" | "sign";
  readonly text: string;
  /** Whether white space stands before it: `.A .B` are two operands, `.A.B` is one. */
  readonly spaced: boolean;
}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["string", /^"(?:\\.|[^"\\])*"|^`[^`]*`/],
  ["number", /^-?[0-9]+(?:\.[0-9]+)?/],
  ["field", /^\.[A-Za-z_]\w*/],
  ["variable", /^\$\w*/],
  ["word", /^[A-Za-z_]\w*/],
  ["sign", /^(?::=|[().,=|])/],
];

/** @throws Error for a character that no action may have */
export const tokensOf = (source: string): readonly Token[] => {
  const tokens: Token[] = [];
  let rest = source;
  let spaced = true;
  while (rest !== "") {
    const trimmed = rest.trimStart();
    spaced ||= trimmed.length < rest.length;
    rest = trimmed;
    if (rest === "") break;
    const found = patterns
      .map(([kind, pattern]) => ({ kind, text: pattern.exec(rest)?.[0] }))
      .find(({ text }) => text !== undefined);
    if (found?.text === undefined)
      throw new Error(`template: unexpected ${JSON.stringify(rest[0])} in action`);
    tokens.push({ kind: found.kind, text: found.text, spaced });
    rest = rest.slice(found.text.length);
    spaced = false;
  }
  return tokens;
};

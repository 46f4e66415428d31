import { decodeEntities } from "./entities.ts";
import type { MarkdownToken } from "./markdown-lexer.ts";
import type { Block, Inline, ListItem } from "./markdown-tree.ts";
import { safeLink } from "./safe-link.ts";
import { sentenceMark, sentenceNumber } from "./sentence-marks.ts";

const deepest = 12;

/** Sentence that the words at this place belong to, while the tree is read from its beginning to its end. */
export interface Place {
  sentence: number | null;
}

const children = (token: MarkdownToken): readonly MarkdownToken[] =>
  (token["tokens"] as readonly MarkdownToken[] | undefined) ?? [];

const stringOf = (token: MarkdownToken, field: string): string => {
  const value: unknown = token[field];
  return typeof value === "string" ? value : "";
};

/** Text without its marks, and the ends of sentences that stood in it. */
const withoutSentenceMarks = (text: string, place: Place) => {
  const ends: Inline[] = [];
  const plain = text.replaceAll(
    sentenceMark,
    (_, begun?: string, ended?: string, folded?: string) => {
      const kind = ended === undefined ? "fold" : "end";
      if (begun !== undefined) place.sentence = sentenceNumber(begun);
      else {
        ends.push({ kind, sentence: sentenceNumber(ended ?? folded ?? "") });
        if (ended !== undefined) place.sentence = null;
      }
      return "";
    },
  );
  return { plain, ends };
};

const textParts = (text: string, place: Place): Inline[] => {
  const parts: Inline[] = [];
  let at = 0;
  const add = (to: number): void => {
    const piece = decodeEntities(text.slice(at, to));
    if (piece !== "") parts.push({ kind: "text", text: piece, sentence: place.sentence });
  };
  for (const mark of text.matchAll(sentenceMark)) {
    add(mark.index);
    at = mark.index + mark[0].length;
    parts.push(...withoutSentenceMarks(mark[0], place).ends);
  }
  add(text.length);
  return parts;
};

const linkParts = (token: MarkdownToken, place: Place, depth: number): Inline[] => {
  const { plain, ends } = withoutSentenceMarks(stringOf(token, "href"), { sentence: null });
  const inside =
    token.type === "image"
      ? textParts(stringOf(token, "text"), place)
      : inlineParts(children(token), place, depth);
  const link = safeLink(decodeEntities(plain));
  if (link === null) return [...inside, ...ends];
  return [{ kind: "link", ...link, children: inside }, ...ends];
};

const emphases: Readonly<Record<string, "strong" | "emphasis" | "deleted">> = {
  strong: "strong",
  em: "emphasis",
  del: "deleted",
};

const inlineParts = (
  tokens: readonly MarkdownToken[],
  place: Place,
  depth: number,
): readonly Inline[] => tokens.flatMap((token) => inlinePart(token, place, depth));

const inlinePart = (token: MarkdownToken, place: Place, depth: number): readonly Inline[] => {
  if (depth > deepest) return textParts(token.raw, place);
  const emphasis = emphases[token.type];
  if (emphasis !== undefined) {
    return [{ kind: emphasis, children: inlineParts(children(token), place, depth + 1) }];
  }
  switch (token.type) {
    case "codespan": {
      const { plain, ends } = withoutSentenceMarks(stringOf(token, "text"), place);
      return [{ kind: "code", text: plain, sentence: place.sentence }, ...ends];
    }
    case "mathInline": {
      const { plain, ends } = withoutSentenceMarks(stringOf(token, "tex"), place);
      return [{ kind: "math", tex: plain, display: token["display"] === true }, ...ends];
    }
    case "link":
    case "image":
      return linkParts(token, place, depth + 1);
    case "br":
      return [{ kind: "break" }];
    case "text":
      return children(token).length > 0
        ? inlineParts(children(token), place, depth + 1)
        : textParts(stringOf(token, "text"), place);
    case "escape":
      return textParts(stringOf(token, "text"), place);
    default:
      return textParts(token.raw, place);
  }
};

/** Ends of sentences that stood where no words can stand, in a line of their own. */
const endsBlock = (ends: readonly Inline[]): readonly Block[] =>
  ends.length === 0 ? [] : [{ kind: "paragraph", children: ends }];

const codeBlocks = (token: MarkdownToken, place: Place): readonly Block[] => {
  const { plain, ends } = withoutSentenceMarks(stringOf(token, "text"), place);
  const language = /^[\w+#.-]{1,30}/u.exec(stringOf(token, "lang").trim())?.[0] ?? "";
  const closed = /\n[ \t>]*(?:`{3,}|~{3,})\s*$/u.test(token.raw);
  return [
    { kind: "code", language: language.toLowerCase(), text: plain, closed },
    ...endsBlock(ends),
  ];
};

const mathBlocks = (token: MarkdownToken, place: Place): readonly Block[] => {
  const { plain, ends } = withoutSentenceMarks(stringOf(token, "tex"), place);
  return [{ kind: "math", tex: plain }, ...endsBlock(ends)];
};

const paragraphBlock = (token: MarkdownToken, place: Place, depth: number): Block => {
  const inside = children(token);
  return {
    kind: "paragraph",
    children: inlineParts(inside.length > 0 ? inside : [token], place, depth + 1),
  };
};

const listBlock = (token: MarkdownToken, place: Place, depth: number): Block => {
  const items = (token["items"] as readonly MarkdownToken[]).map((item): ListItem => ({
    checked: item["task"] === true ? item["checked"] === true : null,
    blocks: blocksOf(
      children(item).filter(({ type }) => type !== "checkbox"),
      place,
      depth + 1,
    ),
  }));
  const start = Number(token["start"]);
  const ordered = token["ordered"] === true;
  return { kind: "list", start: ordered ? (Number.isSafeInteger(start) ? start : 1) : null, items };
};

const tableBlock = (token: MarkdownToken, place: Place, depth: number): Block => {
  const cells = (row: unknown): readonly (readonly Inline[])[] =>
    (row as readonly MarkdownToken[]).map((cell) => inlineParts(children(cell), place, depth + 1));
  return {
    kind: "table",
    align: token["align"] as readonly ("left" | "center" | "right" | null)[],
    head: cells(token["header"]),
    rows: (token["rows"] as readonly unknown[]).map(cells),
  };
};

const blockOf = (token: MarkdownToken, place: Place, depth: number): readonly Block[] => {
  switch (token.type) {
    case "space":
    case "def":
      return [];
    case "hr":
      return [{ kind: "rule" }];
    case "code":
      return codeBlocks(token, place);
    case "mathBlock":
      return mathBlocks(token, place);
    case "heading": {
      const level = Number(token["depth"]);
      return [{ kind: "heading", level, children: inlineParts(children(token), place, depth + 1) }];
    }
    case "blockquote":
      return [{ kind: "quote", blocks: blocksOf(children(token), place, depth + 1) }];
    case "list":
      return [listBlock(token, place, depth)];
    case "table":
      return [tableBlock(token, place, depth)];
    case "paragraph":
    case "text":
      return [paragraphBlock(token, place, depth)];
    default:
      return [{ kind: "plain", text: withoutMarks(token.raw) }];
  }
};

/** Blocks out of the tokens of a lexer; `place` moves on to the sentence in which they end. */
export const blocksOf = (
  tokens: readonly MarkdownToken[],
  place: Place,
  depth: number,
): readonly Block[] =>
  depth > deepest
    ? tokens.map(({ raw }) => ({ kind: "plain", text: withoutMarks(raw) }))
    : tokens.flatMap((token) => blockOf(token, place, depth));

/** Text without the private signs of sentences. */
export const withoutMarks = (text: string): string => text.replaceAll(sentenceMark, "");

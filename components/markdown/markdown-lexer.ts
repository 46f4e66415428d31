import { Marked, type TokenizerExtension } from "marked";

const longestTex = 2_000;

/** Tex between `$$ … $$` or `\[ … \]` that begins a line; it may still lack its end. */
const mathBlock: TokenizerExtension = {
  name: "mathBlock",
  level: "block",
  start: (text) => {
    const found = /\n(?:\$\$|\\\[)/u.exec(text);
    return found === null ? undefined : found.index + 1;
  },
  tokenizer(text) {
    const open = /^(?:\$\$|\\\[)/u.exec(text)?.[0];
    if (open === undefined) return undefined;
    const close = open === "$$" ? "$$" : "\\]";
    const at = text.indexOf(close, open.length);
    if (at === -1 || at > longestTex) return undefined;
    const raw = text.slice(0, at + close.length);
    return { type: "mathBlock", raw, tex: text.slice(open.length, at).trim() };
  },
};

const inlineMath =
  /^(?:\$\$([^$]{1,2000}?)\$\$|\$(?![\s$])([^$\n]{0,300}?[^\s$\\])\$(?![\d$])|\\\(([^\n]{1,300}?)\\\))/u;

/** A price is no formula: the closing sign follows a character and no figure follows it. */
const mathInline: TokenizerExtension = {
  name: "mathInline",
  level: "inline",
  start: (text) => {
    const at = text.search(/\$|\\\(/u);
    return at === -1 ? undefined : at;
  },
  tokenizer(text) {
    const found = inlineMath.exec(text);
    if (found === null) return undefined;
    const tex = found[1] ?? found[2] ?? found[3] ?? "";
    return { type: "mathInline", raw: found[0], tex: tex.trim(), display: found[1] !== undefined };
  },
};

const nothing = (): undefined => undefined;

/**
 * GitHub's markdown without HTML: a tag is text like any other. Headings by underlines and code by indentation are left
 * out too, for while text arrives they would turn a paragraph into something else and back.
 */
const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: { html: nothing, tag: nothing, lheading: nothing, code: nothing },
  extensions: [mathBlock, mathInline],
});

/** What the lexer found; fields depend on the type. */
export interface MarkdownToken {
  readonly type: string;
  readonly raw: string;
  readonly [field: string]: unknown;
}

/** @throws when the text nests deeper than the stack */
export const lexMarkdown = (text: string): readonly MarkdownToken[] =>
  marked.lexer(text) as readonly object[] as readonly MarkdownToken[];

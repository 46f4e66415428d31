import katex from "katex";

const longestTex = 2_000;

/** Everything that KaTeX makes for a formula; anything else is not shown. */
const elements = new Set(
  "math semantics annotation mrow mi mo mn ms mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mlabeledtr mstyle mpadded mphantom menclose merror".split(
    " ",
  ),
);
const attributes = new Set(
  "xmlns display encoding mathvariant mathcolor mathbackground mathsize scriptlevel displaystyle stretchy fence separator form lspace rspace minsize maxsize symmetric largeop movablelimits accent accentunder linethickness width height depth voffset rowspacing columnspacing columnalign rowalign columnlines rowlines frame notation columnspan rowspan class side".split(
    " ",
  ),
);

const isPlain = (element: Element): boolean =>
  elements.has(element.localName) &&
  [...element.attributes].every(({ name }) => attributes.has(name)) &&
  [...element.children].every(isPlain);

/**
 * A formula as MathML; `null` for one that cannot be read or holds anything but a formula.
 * Made in a document of its own, where nothing loads.
 */
export const renderMath = (tex: string, display: boolean, page: Document): Element | null => {
  if (tex.length > longestTex) return null;
  const host = page.implementation.createHTMLDocument().createElement("span");
  try {
    katex.render(tex, host, {
      output: "mathml",
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: "ignore",
      maxSize: 20,
      maxExpand: 200,
    });
  } catch {
    return null;
  }
  const math = host.querySelector("math");
  return math !== null && isPlain(math) ? page.importNode(math, true) : null;
};

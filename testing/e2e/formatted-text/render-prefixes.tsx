import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

import { MarkdownBlocks } from "#components/markdown/markdown.tsx";
import { createMarkdownReader } from "#components/markdown/parse-markdown.ts";
import { completePartial } from "#components/markdown/partial-markdown.ts";

/** What formatted text may be made of. */
const allowed = new Set(
  "a p h4 h5 h6 ul ol li input blockquote table thead tbody tr th td div figure figcaption pre code span strong em del br hr button svg path img math semantics annotation mrow mi mo mn mtext mspace msub msup msubsup mfrac msqrt mroot mtable mtr mtd mstyle mpadded mover munder munderover merror menclose mphantom ms".split(
    " ",
  ),
);

const faultOf = (element: Element): string | null => {
  if (!allowed.has(element.localName)) return `element ${element.localName}`;
  for (const { name, value } of element.attributes) {
    if (name.startsWith("on") || name === "srcdoc" || name === "srcset") return `attribute ${name}`;
    if (name === "href" && !/^(?:https?|mailto):/u.test(value)) return `href ${value}`;
    if (name === "src" && !value.startsWith("data:image/svg+xml")) return `src ${value}`;
    if (name === "style" && /url/iu.test(value)) return `style ${value}`;
  }
  return null;
};

const host = document.createElement("div");
document.body.append(host);
const root = createRoot(host);

/** Shows every prefix of a text, as a stream would, and returns what stood on the page that must not. */
const renderPrefixes = (text: string): readonly string[] => {
  const read = createMarkdownReader();
  const faults = new Set<string>();
  for (let end = 1; end <= text.length; end += 1) {
    const prefix = text.slice(0, end);
    const shown = end === text.length ? prefix : completePartial(prefix);
    flushSync(() => {
      root.render(<MarkdownBlocks blocks={read(shown)} />);
    });
    for (const element of host.querySelectorAll("*")) {
      const fault = faultOf(element);
      if (fault !== null) faults.add(`${fault} at ${JSON.stringify(prefix)}`);
    }
  }
  return [...faults];
};

/** What a page without any of these defences would do: the text as HTML. */
const renderRaw = (text: string): void => {
  host.innerHTML = text;
};

Object.assign(window, { renderPrefixes, renderRaw });

import { common, createLowlight } from "lowlight";

/** Code as text and named parts, in the order of the text. */
export type CodePart = string | { readonly token: string; readonly parts: readonly CodePart[] };

const lowlight = createLowlight(common);

type Children = ReturnType<typeof lowlight.highlight>["children"];

const tokenOf = (classes: unknown): string => {
  const [first] = Array.isArray(classes) ? (classes as readonly unknown[]) : [];
  return typeof first === "string" ? first.replace(/^hljs-/u, "").replace(/_$/u, "") : "";
};

const partsOf = (children: Children): readonly CodePart[] =>
  children.flatMap((child): readonly CodePart[] => {
    if (child.type === "text") return [child.value];
    if (child.type !== "element") return [];
    const { className } = child.properties;
    return [{ token: tokenOf(className), parts: partsOf(child.children) }];
  });

/** The text itself, unchanged, as parts that styles may colour; one part for a language nobody knows. */
export const highlightCode = (language: string, text: string): readonly CodePart[] =>
  lowlight.registered(language) ? partsOf(lowlight.highlight(language, text).children) : [text];

import { parseDocument } from "htmlparser2";

/** The part of a parsed tree that reading needs, whatever the parser calls its classes. */
export interface TreeNode {
  readonly type: string;
  readonly name?: string;
  readonly data?: string;
  readonly attribs?: Readonly<Record<string, string>>;
  readonly children?: readonly TreeNode[];
}

/** Deeper than any document that people write; below it nothing is read. */
export const deepestMarkup = 400;

/** Parses the XML of an Office or e-book part, forgiving damage; entities other than the five of XML stay as they are. */
export const parseXml = (text: string): TreeNode => parseDocument(text, { xmlMode: true });

/** Children by name, prefix included, e.g. `a:p`. */
export const childrenOf = (node: TreeNode | undefined, name: string): readonly TreeNode[] =>
  (node?.children ?? []).filter((child) => child.name === name);

export const childOf = (node: TreeNode | undefined, name: string): TreeNode | undefined =>
  (node?.children ?? []).find((child) => child.name === name);

/** Everything below `node` with one of these names, in order, without looking inside what it found. */
export function findAll(node: TreeNode, names: readonly string[], depth = 0): readonly TreeNode[] {
  if (depth > deepestMarkup) return [];
  return (node.children ?? []).flatMap((child) =>
    names.includes(child.name ?? "") ? [child] : findAll(child, names, depth + 1),
  );
}

export const attribute = (node: TreeNode | undefined, name: string): string | undefined =>
  node?.attribs?.[name];

/** All text below a node. */
export function textContent(node: TreeNode, depth = 0): string {
  if (node.type === "text") return node.data ?? "";
  if (depth > deepestMarkup) return "";
  return (node.children ?? []).map((child) => textContent(child, depth + 1)).join("");
}

/** `Id` to target of an Office relationships part; external targets are left out, because nothing outside is ever read. */
export function relationships(text: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (text === null) return found;
  for (const each of findAll(parseXml(text), ["Relationship"])) {
    const id = attribute(each, "Id");
    const target = attribute(each, "Target");
    if (id === undefined || target === undefined) continue;
    if (attribute(each, "TargetMode") !== "External") found.set(id, target);
  }
  return found;
}

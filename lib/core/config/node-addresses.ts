export interface ConfiguredNode {
  /** Stable identity of the node, unique in the list. */
  readonly id: string;
  /** Origin of the node's Ollama API, without a trailing slash. */
  readonly baseUrl: string;
  /** Requests that a chat model on this node works on at the same time: 1 to 64. */
  readonly slots: number;
  /** Relative share for weighted policies: above 0. */
  readonly weight: number;
}

export interface ConfiguredDiscovery {
  readonly kind: "a" | "srv";
  readonly name: string;
  /** Port of the nodes that address records give. */
  readonly port: number;
  readonly slots: number;
}

export const parseUrl = (text: string): URL | undefined =>
  URL.canParse(text) ? new URL(text) : undefined;
export const isHttp = (url: URL): boolean => url.protocol === "http:" || url.protocol === "https:";

const withoutTrailingSlash = (text: string): string => text.replace(/\/+$/, "");

const isSlotCount = (slots: number): boolean =>
  Number.isInteger(slots) && slots >= 1 && slots <= 64;

const nodeParameters = ["slots", "weight", "id"];

/** One entry of the list of nodes; a sentence when it is none. */
export function parseNode(entry: string): ConfiguredNode | string {
  const url = parseUrl(entry);
  if (url === undefined || !isHttp(url)) {
    return `"${entry}" is not a node address. Use http://HOST:11434?slots=1&weight=1&id=NAME.`;
  }
  const unknown = [...url.searchParams.keys()].find((key) => !nodeParameters.includes(key));
  if (unknown !== undefined) {
    return `"${entry}" has the unknown parameter "${unknown}". Use slots, weight and id.`;
  }
  const slots = Number(url.searchParams.get("slots") ?? "1");
  const weight = Number(url.searchParams.get("weight") ?? "1");
  const id = url.searchParams.get("id") ?? url.host;
  const baseUrl = withoutTrailingSlash(`${url.origin}${url.pathname}`);
  const node = { id, baseUrl, slots, weight };
  return impossibleValue(entry, node) ?? node;
}

function impossibleValue(entry: string, node: ConfiguredNode): string | undefined {
  if (!isSlotCount(node.slots)) {
    return `"${entry}" asks for impossible slots. Use a whole number from 1 to 64.`;
  }
  if (!(node.weight > 0 && node.weight <= 1000)) {
    return `"${entry}" has an impossible weight. Use a number above 0 and up to 1000.`;
  }
  if (!/^[\w.:[\]-]{1,64}$/.test(node.id)) {
    return `"${entry}" has an id that cannot be used. Use up to 64 letters, digits, dots and dashes.`;
  }
  return undefined;
}

const discoveryKinds: Readonly<Record<string, "a" | "srv">> = { "dns:": "a", "dns+srv:": "srv" };

export function parseDiscovery(text: string): ConfiguredDiscovery | undefined {
  const url = parseUrl(text);
  const kind = discoveryKinds[url?.protocol ?? ""];
  if (url === undefined || kind === undefined) return undefined;
  const slots = Number(url.searchParams.get("slots") ?? "1");
  const hasOthers = [...url.searchParams.keys()].some((key) => key !== "slots");
  if (!/^[\w.-]+$/.test(url.hostname) || url.pathname.length > 1) return undefined;
  if (hasOthers || !isSlotCount(slots)) return undefined;
  return { kind, name: url.hostname, port: Number(url.port || "11434"), slots };
}

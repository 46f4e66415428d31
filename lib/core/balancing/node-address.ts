/** A node as it is written down: by the environment, an admin, or the name service. */
export interface NodeAddress {
  readonly id: string;
  /** Origin of its Ollama API, without a trailing slash. */
  readonly baseUrl: string;
  readonly slots: number;
  readonly weight: number;
}

/** What an admin decided about a node. `null` fields are as given elsewhere. */
export interface NodeDecision {
  readonly id: string;
  readonly baseUrl: string | null;
  readonly slots: number | null;
  readonly weight: number | null;
  readonly isDraining: boolean;
  readonly isRemoved: boolean;
}

export interface DesiredNode extends NodeAddress {
  readonly source: "configured" | "admin" | "dns";
  readonly isDraining: boolean;
}

/** The nodes that should be there: given ones with an admin's changes, those an admin added, without those an admin removed. */
export function desiredNodes(
  configured: readonly NodeAddress[],
  discovered: readonly NodeAddress[],
  decisions: readonly NodeDecision[],
): readonly DesiredNode[] {
  const given = new Map<string, DesiredNode>();
  for (const node of discovered) given.set(node.id, { ...node, source: "dns", isDraining: false });
  for (const node of configured)
    given.set(node.id, { ...node, source: "configured", isDraining: false });
  for (const decision of decisions) {
    const known = given.get(decision.id);
    const baseUrl = decision.baseUrl ?? known?.baseUrl;
    if (decision.isRemoved || baseUrl === undefined) given.delete(decision.id);
    else given.set(decision.id, decided(decision, baseUrl, known));
  }
  return [...given.values()];
}

const decided = (
  { id, slots, weight, isDraining }: NodeDecision,
  baseUrl: string,
  known: DesiredNode | undefined,
): DesiredNode => ({
  ...(known ?? { slots: 1, weight: 1, source: "admin" as const }),
  ...(slots === null ? {} : { slots }),
  ...(weight === null ? {} : { weight }),
  ...{ id, baseUrl, isDraining },
});

/**
 * What is wrong with an address that an admin gives for a node, in one sentence; `null` when it may be called. Addresses that hold
 * credentials of machines (link-local, where clouds serve them) are never called.
 */
export function nodeAddressFault(text: string): string | null {
  if (!URL.canParse(text)) return "This is not a web address. Use http://HOST:11434.";
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return "Use an address that begins with http:// or https://.";
  if (url.username !== "" || url.password !== "") return "Leave user and password out.";
  if (url.search !== "" || url.hash !== "") return "Leave out what follows ? or #.";
  if (isForbiddenHost(url.hostname)) return "Drover never calls this address.";
  return null;
}

// As the parser writes them: every spelling of an address has become one of these.
const forbiddenHosts = [
  /^169\.254\./,
  /^\[fe[89ab][0-9a-f]:/,
  /^\[::ffff:a9fe:/,
  /^\[fd00:ec2::/,
  /^0\.0\.0\.0$/,
  /^\[::\]$/,
  /^metadata(\.google\.internal)?\.?$/,
];

const isForbiddenHost = (host: string): boolean =>
  forbiddenHosts.some((pattern) => pattern.test(host.toLowerCase()));

import { Resolver } from "node:dns/promises";
import type { NodeAddress } from "../../core/balancing/node-address.ts";
import type { NodeDiscovery } from "../../ports/node-discovery.ts";

export interface DnsDiscoveryOptions {
  /** `a`: every address of the name is a node · `srv`: every record is a node, called as its target is. */
  readonly kind: "a" | "srv";
  readonly name: string;
  /** Port of the nodes that A records give. */
  readonly port: number;
  readonly slots: number;
  /** Addresses of name servers, `HOST:PORT`; absent = those of the machine. */
  readonly servers?: readonly string[];
}

const timeoutMs = 2000;

/** A headless service of Kubernetes, a name of Consul, or any other name. A node's identity is its SRV target, or its address. */
export function createDnsDiscovery(options: DnsDiscoveryOptions): NodeDiscovery {
  const { kind, name, servers } = options;
  const resolverFor = (signal: AbortSignal): Resolver => {
    const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    signal.addEventListener(
      "abort",
      () => {
        resolver.cancel();
      },
      { once: true },
    );
    return resolver;
  };
  return {
    async find(signal) {
      signal.throwIfAborted();
      const resolver = resolverFor(signal);
      return kind === "srv" ? bySrv(resolver, options) : byAddress(resolver, options, name);
    },
  };
}

async function bySrv(
  resolver: Resolver,
  { name, slots }: DnsDiscoveryOptions,
): Promise<readonly NodeAddress[]> {
  const records = await nothingIfNone(resolver.resolveSrv(name));
  const best = Math.min(...records.map(({ priority }) => priority));
  return records
    .filter(({ priority }) => priority === best)
    .map((record) => {
      const host = record.name.replace(/\.$/, "");
      const weight = Math.max(record.weight, 1);
      return { id: host, baseUrl: `http://${host}:${String(record.port)}`, slots, weight };
    });
}

async function byAddress(
  resolver: Resolver,
  { slots, port }: DnsDiscoveryOptions,
  name: string,
): Promise<readonly NodeAddress[]> {
  const [four, six] = await Promise.all([
    nothingIfNone(resolver.resolve4(name)),
    nothingIfNone(resolver.resolve6(name)),
  ]);
  return [...four, ...six.map((address) => `[${address}]`)].sort().map((host) => ({
    id: `${host}:${String(port)}`,
    baseUrl: `http://${host}:${String(port)}`,
    slots,
    weight: 1,
  }));
}

/** A name without records of that kind has no nodes; a server that does not answer says nothing. */
async function nothingIfNone<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await asked;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENODATA" || code === "ENOTFOUND") return [];
    throw error;
  }
}

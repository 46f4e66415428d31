import {
  desiredNodes,
  type DesiredNode,
  type NodeAddress,
  type NodeDecision,
} from "../core/balancing/node-address.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelNode } from "../ports/model-node.ts";
import type { NodeDecisions } from "../ports/node-decisions.ts";
import type { NodeDiscovery } from "../ports/node-discovery.ts";
import type { NodeRegistry } from "./node-registry.ts";

/** A connection to a node that can be ended. */
export type ConnectedNode = ModelNode & { close(): Promise<void> };

export interface NodeDirectoryDeps {
  readonly registry: NodeRegistry;
  readonly decisions: NodeDecisions;
  readonly discovery: NodeDiscovery | null;
  readonly configured: readonly NodeAddress[];
  readonly clock: Clock;
  readonly connect: (address: NodeAddress) => ConnectedNode;
  /** Requests that a node works on now, of every kind. */
  readonly inFlight: (nodeId: string) => number;
}

/** Which nodes there are: the list of the environment, what admins decided, and the name service, brought together while Drover runs. */
export interface NodeDirectory {
  /** Reads what admins decided and applies it at once. */
  refresh(): Promise<void>;
  /** Follows the changes, at most 2 s behind, and the name service each 10 s, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const followEveryMs = 1000;
const discoverEveryMs = 10_000;
const discoverLimitMs = 5000;

export function createNodeDirectory(deps: NodeDirectoryDeps): NodeDirectory {
  const { registry, clock, configured } = deps;
  const connections = createConnections(deps);
  let discovered: readonly NodeAddress[] = [];
  let decisions: readonly NodeDecision[] = [];

  const apply = (): void => {
    const desired = desiredNodes(configured, discovered, decisions);
    for (const node of desired) {
      const { slots, weight, baseUrl, source } = node;
      const entry = registry.entry(node.id);
      const connected = connections.of(node);
      const isSame =
        entry?.node === connected && entry.weight === weight && entry.source === source;
      if (!isSame) registry.put({ node: connected, slots, weight, baseUrl, source });
      if (registry.entry(node.id)?.health.isDraining !== node.isDraining)
        registry.setDraining(node.id, node.isDraining);
    }
    for (const { node } of registry.entries())
      if (!desired.some(({ id }) => id === node.id)) retire(node.id);
  };

  /** A node that is no longer wanted takes no more work and goes when it has finished. */
  const retire = (nodeId: string): void => {
    const entry = registry.entry(nodeId);
    if (entry?.health.isDraining === false) registry.setDraining(nodeId, true);
    if (deps.inFlight(nodeId) > 0 && entry?.health.reach === "reachable") return;
    registry.remove(nodeId);
    connections.end(nodeId);
  };

  const refresh = async (): Promise<void> => {
    decisions = await deps.decisions.all();
    apply();
  };

  apply();
  return {
    refresh,
    async run(signal) {
      let discoveredAt = -Infinity;
      while (!signal.aborted) {
        if (deps.discovery !== null && clock.now() - discoveredAt >= discoverEveryMs) {
          discoveredAt = clock.now();
          const limit = AbortSignal.any([signal, clock.timeout(discoverLimitMs)]);
          // A name service that is away takes no node away.
          discovered = await deps.discovery.find(limit).catch(() => discovered);
        }
        // The database is away: what was decided stays so.
        await refresh().catch(() => {
          apply();
        });
        await clock.sleep(followEveryMs, signal).catch(() => undefined);
      }
    },
    close: () => connections.close(),
  };
}

/** One connection a node; a changed address gets a new one, and what still runs over the old one ends by itself. */
function createConnections(deps: NodeDirectoryDeps) {
  const open = new Map<string, { readonly address: string; readonly node: ConnectedNode }>();
  return {
    of(desired: DesiredNode): ConnectedNode {
      const address = `${desired.baseUrl} ${String(desired.slots)}`;
      const known = open.get(desired.id);
      if (known?.address === address) return known.node;
      const node = deps.connect(desired);
      open.set(desired.id, { address, node });
      if (known !== undefined) void closeWhenIdle(deps, desired.id, known.node);
      return node;
    },
    end(nodeId: string): void {
      void open.get(nodeId)?.node.close();
      open.delete(nodeId);
    },
    async close(): Promise<void> {
      await Promise.all([...open.values()].map(({ node }) => node.close()));
    },
  };
}

async function closeWhenIdle(
  { clock, inFlight }: NodeDirectoryDeps,
  nodeId: string,
  node: ConnectedNode,
): Promise<void> {
  while (inFlight(nodeId) > 0) await clock.sleep(followEveryMs);
  await node.close();
}

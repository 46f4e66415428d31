import { scoresPairs } from "../core/balancing/model-kind.ts";
import { sameModel } from "../core/balancing/node-view.ts";
import { breakerLimits, isProbeDue } from "../core/resilience/circuit-breaker.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelNode } from "../ports/model-node.ts";
import { kindOf, type ModelLoader } from "./model-loader.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface RecoverNodeDeps {
  readonly registry: NodeRegistry;
  readonly clock: Clock;
  readonly loader: ModelLoader;
  readonly inFlight: (nodeId: string) => number;
  readonly pinned: readonly string[];
}

/**
 * The half-open probe of a node whose breaker is due: one token from a model in memory, loaded by Drover first where there is none.
 * Its slot counts: while calls from before fill the node, it waits.
 */
export async function recoverNode(
  deps: RecoverNodeDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<void> {
  const { registry, clock } = deps;
  const entry = registry.entry(nodeId);
  if (entry === undefined || !isProbeDue(entry.health.breaker, clock.now())) return;
  if (deps.inFlight(nodeId) >= entry.slots) return;
  const model = await residentModel(deps, nodeId, signal);
  if (!registry.beginRecovery(nodeId)) return;
  // Not the entry from before: it may have been away once more while its model was loaded.
  const { node, lost } = registry.entry(nodeId) ?? entry;
  const limit = AbortSignal.any([signal, clock.timeout(breakerLimits.probeMs), lost]);
  try {
    if (model !== null) await oneToken(node, kindOf(registry, nodeId, model), model, limit);
    registry.endRecovery(nodeId, true);
  } catch {
    registry.endRecovery(nodeId, false);
  }
}

/** A model to probe with; `null` when the node has none that chats or embeds, and then its version is all it can show. */
async function residentModel(
  { registry, clock, loader, pinned }: RecoverNodeDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<string | null> {
  const entry = registry.entry(nodeId);
  if (entry === undefined) return null;
  const rank = (name: string): number => pinned.findIndex((other) => sameModel(other, name));
  const names = (entry.installed ?? [])
    .filter(({ capabilities }) => !scoresPairs(capabilities))
    .map(({ name }) => name)
    .sort((one, other) => rank(other) - rank(one));
  const isChat = (name: string): boolean => kindOf(registry, nodeId, name) === "chat";
  try {
    const limit = AbortSignal.any([signal, clock.timeout(breakerLimits.probeMs)]);
    const loaded = await entry.node.loadedModels(limit);
    registry.update(nodeId, { loaded });
    const resident = names.filter((name) => loaded.some((other) => sameModel(other.name, name)));
    const own = resident.find(isChat) ?? resident[0];
    if (own !== undefined) return own;
    const first = names.find(isChat) ?? names[0];
    if (first === undefined) return null;
    await loader.load(nodeId, first, signal);
    return first;
  } catch {
    // The probe itself will say what is wrong.
    return names.find(isChat) ?? names[0] ?? null;
  }
}

async function oneToken(
  node: ModelNode,
  kind: "chat" | "embedding",
  model: string,
  signal: AbortSignal,
): Promise<void> {
  if (kind === "embedding") {
    await node.embed({ model, inputs: ["Hi"] }, signal);
    return;
  }
  const messages = [{ role: "user", content: "Hi" }] as const;
  const options = { maxTokens: 1, temperature: 0 };
  for await (const chunk of node.chat({ model, messages, options }, signal))
    if (chunk.type === "done") return;
}

import { recentPoint, historyPoints } from "../core/capacity/call-history.ts";
import type { NodeModelSnapshot, NodeSnapshot } from "../core/health/cluster-snapshot.ts";
import { whyWords } from "../core/health/cluster-words.ts";
import { openSlots } from "../core/health/node-health.ts";
import { sameModel } from "../core/balancing/node-view.ts";
import type { InstalledModel } from "../ports/model-node.ts";
import type { Clock } from "../ports/clock.ts";
import type { SlotLedger } from "../ports/slot-ledger.ts";
import type { CallRecords } from "./call-records.ts";
import { kindOf, type ModelLoader } from "./model-loader.ts";
import type { NodeEntry, NodeRegistry } from "./node-registry.ts";

export interface NodeSnapshotDeps {
  readonly registry: NodeRegistry;
  readonly ledger: Pick<SlotLedger, "inFlight">;
  readonly loader: Pick<ModelLoader, "loading">;
  readonly records: CallRecords;
  readonly clock: Clock;
}

const recentMinutes = 5;
// Ollama writes a date centuries ahead for a model that is kept for good.
const foreverMs = 10 * 365 * 24 * 3_600_000;

/** @param allCalls requests of the whole cluster in the last five minutes */
export function snapshotNode(
  deps: NodeSnapshotDeps,
  entry: NodeEntry,
  allCalls: number,
): NodeSnapshot {
  const { ledger, loader, records, clock } = deps;
  const now = clock.now();
  const { id } = entry.node;
  const { health } = entry;
  const inUse = ledger.inFlight(id, "chat");
  const embedding = ledger.inFlight(id, "embedding");
  const history = records.history(id);
  const recent = recentPoint(history, now, recentMinutes);
  const { lastFailure } = entry;
  return {
    id,
    baseUrl: entry.baseUrl ?? "",
    source: entry.source ?? "configured",
    status: entry.status.kind,
    why: whyWords(entry.status, health),
    version: entry.version,
    isDrained: health.isDraining && inUse + embedding === 0,
    weight: entry.weight,
    slots: {
      inUse,
      embedding,
      open: openSlots(health, entry.slots),
      configured: entry.slots,
    },
    share: allCalls === 0 ? 0 : recent.calls / allCalls,
    breaker: breakerOf(entry, now),
    models: (entry.installed ?? []).map((model) => modelOf(deps, entry, model)),
    loading: loader.loading(id),
    recent,
    hour: historyPoints(history, now),
    lastFailure:
      lastFailure === null
        ? null
        : { agoMs: Math.round(now - lastFailure.at), reason: lastFailure.reason },
  };
}

function breakerOf({ health: { breaker } }: NodeEntry, now: number): NodeSnapshot["breaker"] {
  const { state, reason, openings } = breaker;
  const nextAt =
    state.kind === "open" ? state.until : state.kind === "half-open" ? state.deadline : null;
  return {
    state: state.kind,
    reason: state.kind === "closed" ? null : reason,
    nextTryMs: nextAt === null ? null : Math.max(Math.round(nextAt - now), 0),
    openings,
  };
}

function modelOf(
  { registry, clock }: NodeSnapshotDeps,
  entry: NodeEntry,
  { name, digest, bytes }: InstalledModel,
): NodeModelSnapshot {
  const { id } = entry.node;
  const loaded = entry.loaded?.find((other) => sameModel(other.name, name));
  const leftMs =
    loaded === undefined ? null : loaded.expiresAt.getTime() - clock.wallTime().getTime();
  const rates = registry.measuredRates(id, name);
  return {
    name,
    digest,
    bytes,
    kind: kindOf(registry, id, name),
    isResident: loaded !== undefined,
    keepAliveMs: leftMs === null || !(leftMs < foreverMs) ? null : Math.max(Math.round(leftMs), 0),
    isShared: registry.serves(id).some((other) => sameModel(other, name)),
    prefillPerSecond: rates.prefillPerSecond ?? null,
    decodePerSecond: rates.decodePerSecond ?? null,
  };
}

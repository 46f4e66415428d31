import { sameModel } from "../core/balancing/node-view.ts";
import { isAppError } from "../core/errors/app-error.ts";
import {
  afterModelsProbe,
  afterProbe,
  takesWork,
  type ProbeResult,
} from "../core/health/node-health.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelNode } from "../ports/model-node.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface ResidentModel {
  readonly name: string;
  readonly kind: "chat" | "embedding";
}

export interface HealthMonitorDeps {
  readonly registry: NodeRegistry;
  readonly clock: Clock;
  /** Kept loaded on every node that has them. */
  readonly residentModels: readonly ResidentModel[];
}

export interface HealthMonitor {
  /** Probes every node until the signal aborts; resolves when all probing has ended. */
  run(signal: AbortSignal): Promise<void>;
}

const versionEveryMs = 5000;
const repeatAfterMs = 1000;
const lookEveryMs = 250;
const versionLimitMs = 2000;
const loadedEveryMs = 15_000;
const loadedLimitMs = 10_000;
const installedEveryMs = 30_000;
const installedLimitMs = 10_000;
// Ollama gives a load five minutes without a sign of life; Drover waits a little longer than that.
const loadLimitMs = 330_000;

/** Probes each node on its own rhythm, never loads a model by a probe, and keeps the chosen models resident. */
export function createHealthMonitor(deps: HealthMonitorDeps): HealthMonitor {
  return {
    async run(signal) {
      const nodes = deps.registry.entries().map((entry) => entry.node);
      await Promise.all(
        nodes.map((node) =>
          Promise.all([watchVersion(deps, node, signal), watchModels(deps, node, signal)]),
        ),
      );
    },
  };
}

async function watchVersion(
  deps: HealthMonitorDeps,
  node: ModelNode,
  signal: AbortSignal,
): Promise<void> {
  let nextAt = -Infinity;
  while (!signal.aborted) {
    // A node that a call found broken is looked at within a second, not at its next turn.
    if (deps.clock.now() >= nextAt || !servesNow(deps, node)) {
      const missed = await probeVersion(deps, node, signal);
      nextAt = deps.clock.now() + (missed ? repeatAfterMs : versionEveryMs);
    }
    await pause(deps.clock, repeatAfterMs, signal);
  }
}

const servesNow = (deps: HealthMonitorDeps, node: ModelNode): boolean => {
  const status = deps.registry.entry(node.id)?.health.status;
  return status !== undefined && takesWork(status);
};

async function probeVersion(
  deps: HealthMonitorDeps,
  node: ModelNode,
  signal: AbortSignal,
): Promise<boolean> {
  const startedAt = deps.clock.now();
  let probe: ProbeResult;
  let version: string | undefined;
  try {
    version = await node.version(limited(deps.clock, versionLimitMs, signal));
    probe = { kind: "answered", tookMs: deps.clock.now() - startedAt };
  } catch (error) {
    if (signal.aborted) return false;
    probe = isAppError(error, "deadline_exceeded") ? { kind: "silent" } : { kind: "refused" };
  }
  const entry = deps.registry.entry(node.id);
  if (entry === undefined) return false;
  const health = afterProbe(entry.health, probe, deps.clock.now());
  deps.registry.update(node.id, version === undefined ? { health } : { health, version });
  return probe.kind !== "answered";
}

async function watchModels(
  deps: HealthMonitorDeps,
  node: ModelNode,
  signal: AbortSignal,
): Promise<void> {
  let installedAt = -Infinity;
  let loadedAt = -Infinity;
  while (!signal.aborted) {
    const now = deps.clock.now();
    if (!isReachable(deps, node)) {
      // It may come back with other models, or with none in memory.
      installedAt = -Infinity;
      loadedAt = -Infinity;
    } else {
      if (now >= installedAt && (await askInstalled(deps, node, signal)))
        installedAt = now + installedEveryMs;
      if (now >= loadedAt && deps.registry.entry(node.id)?.installed != null) {
        loadedAt = now + loadedEveryMs;
        await askLoaded(deps, node, signal);
        await keepResident(deps, node, signal);
      }
    }
    await pause(deps.clock, lookEveryMs, signal);
  }
}

const isReachable = (deps: HealthMonitorDeps, node: ModelNode): boolean => {
  const entry = deps.registry.entry(node.id);
  return entry !== undefined && entry.health.status.kind !== "unreachable";
};

async function askInstalled(
  deps: HealthMonitorDeps,
  node: ModelNode,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const installed = await node.installedModels(limited(deps.clock, installedLimitMs, signal));
    deps.registry.update(node.id, { installed });
    return true;
  } catch {
    // The version probe decides about the node; what was known of its models stays known.
    return false;
  }
}

async function askLoaded(
  deps: HealthMonitorDeps,
  node: ModelNode,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = deps.clock.now();
  try {
    const loaded = await node.loadedModels(limited(deps.clock, loadedLimitMs, signal));
    const entry = deps.registry.entry(node.id);
    if (entry === undefined) return;
    const health = afterModelsProbe(entry.health, deps.clock.now() - startedAt);
    deps.registry.update(node.id, { loaded, health });
  } catch {
    const entry = deps.registry.entry(node.id);
    if (signal.aborted || entry === undefined) return;
    deps.registry.update(node.id, { health: afterModelsProbe(entry.health, loadedLimitMs) });
  }
}

/** Loads what is installed but not in memory, one model at a time: Drover pays for a cold load, no person does. */
async function keepResident(
  deps: HealthMonitorDeps,
  node: ModelNode,
  signal: AbortSignal,
): Promise<void> {
  for (const model of deps.residentModels) {
    const entry = deps.registry.entry(node.id);
    if (entry?.loaded == null || !takesWork(entry.health.status)) return;
    const installed = entry.installed?.some((other) => sameModel(other.name, model.name)) ?? false;
    const loaded = entry.loaded.some((other) => sameModel(other.name, model.name));
    if (!installed || loaded) continue;
    try {
      await node.load(model.name, model.kind, limited(deps.clock, loadLimitMs, signal));
      await askLoaded(deps, node, signal);
    } catch {
      // Tried again at the next round; until then the node answers for itself through its calls.
      return;
    }
  }
}

const limited = (clock: Clock, ms: number, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, clock.timeout(ms)]);

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    // Aborted: the loops end by themselves.
  }
}

import { isAppError } from "../core/errors/app-error.ts";
import { takesWork, type ProbeResult } from "../core/health/node-health.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelLoader } from "./model-loader.ts";
import type { NodeRegistry } from "./node-registry.ts";
import { recoverNode } from "./recover-node.ts";

export interface HealthMonitorDeps {
  readonly registry: NodeRegistry;
  readonly clock: Clock;
  readonly loader: ModelLoader;
  /** Requests that a node works on now, booked slots included. */
  readonly inFlight: (nodeId: string) => number;
  /** Models that a node which comes back empty is probed with, the last one first. */
  readonly pinned: readonly string[];
}

/** What a node says when a call on it takes longer than predicted. */
export interface ControlAnswer {
  readonly version: "answers" | "silent" | "refused";
  /** Models in memory; `null` = it does not say. */
  readonly loaded: readonly string[] | null;
}

export interface HealthMonitor {
  /** Probes every node, those added later too, until the signal aborts; resolves when all probing has ended. */
  run(signal: AbortSignal): Promise<void>;
  /** Asks a node at once, on connections of its own; callers at the same time share the answer. */
  control(nodeId: string): Promise<ControlAnswer>;
}

const versionEveryMs = 5000;
const repeatAfterMs = 1000;
const lookEveryMs = 250;
const versionLimitMs = 2000;
const loadedEveryMs = 15_000;
const loadedLimitMs = 10_000;
const installedEveryMs = 30_000;
const installedLimitMs = 10_000;
const controlLimitMs = 1000;

/** Probes each node on its own rhythm and never loads a model by a probe. */
export function createHealthMonitor(deps: HealthMonitorDeps): HealthMonitor {
  const controls = new Map<string, Promise<ControlAnswer>>();
  /** Nodes that a call found suspicious: looked at now, not at their next turn. */
  const hurried = new Set<string>();

  return {
    async run(signal) {
      const watching = new Map<
        string,
        { readonly end: AbortController; readonly done: Promise<void> }
      >();
      while (!signal.aborted) {
        const ids = deps.registry.entries().map(({ node }) => node.id);
        for (const [nodeId, watch] of watching)
          if (!ids.includes(nodeId)) {
            watch.end.abort(new Error("removed"));
            watching.delete(nodeId);
          }
        for (const nodeId of ids.filter((id) => !watching.has(id))) {
          const end = new AbortController();
          const done = watchNode(deps, nodeId, hurried, AbortSignal.any([signal, end.signal]));
          watching.set(nodeId, { end, done });
        }
        deps.registry.refresh();
        await pause(deps.clock, lookEveryMs, signal);
      }
      await Promise.all([...watching.values()].map(({ done }) => done));
    },
    control(nodeId) {
      const open = controls.get(nodeId);
      if (open !== undefined) return open;
      const asked = ask(deps, nodeId)
        .then((answer) => {
          if (answer.version === "silent") deps.registry.suspected(nodeId);
          if (answer.version !== "answers") hurried.add(nodeId);
          return answer;
        })
        .finally(() => controls.delete(nodeId));
      controls.set(nodeId, asked);
      return asked;
    },
  };
}

const watchNode = async (
  deps: HealthMonitorDeps,
  nodeId: string,
  hurried: Set<string>,
  signal: AbortSignal,
): Promise<void> => {
  // Its models are asked for as soon as it has answered once, not at the next look.
  const missed = await probeVersion(deps, nodeId, signal);
  await Promise.all([
    watchVersion(deps, nodeId, { hurried, missed }, signal),
    watchModels(deps, nodeId, signal),
    watchBreaker(deps, nodeId, signal),
  ]);
};

async function watchVersion(
  deps: HealthMonitorDeps,
  nodeId: string,
  { hurried, missed }: { readonly hurried: Set<string>; readonly missed: boolean },
  signal: AbortSignal,
): Promise<void> {
  let askedAt = deps.clock.now();
  let waitMs = missed ? repeatAfterMs : versionEveryMs;
  while (!signal.aborted) {
    const now = deps.clock.now();
    // A node that a call found broken is looked at within a second, not at its next turn.
    const due = servesNow(deps, nodeId) ? waitMs : Math.min(waitMs, repeatAfterMs);
    if (hurried.delete(nodeId) || now - askedAt >= due) {
      askedAt = now;
      const isSilent = await probeVersion(deps, nodeId, signal);
      if (isSilent) askedAt = deps.clock.now();
      waitMs = isSilent ? repeatAfterMs : versionEveryMs;
    }
    await pause(deps.clock, lookEveryMs, signal);
  }
}

const servesNow = (deps: HealthMonitorDeps, nodeId: string): boolean => {
  const status = deps.registry.entry(nodeId)?.status;
  return status !== undefined && takesWork(status);
};

async function probeVersion(
  deps: HealthMonitorDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const entry = deps.registry.entry(nodeId);
  if (entry === undefined) return false;
  const startedAt = deps.clock.now();
  let probe: ProbeResult;
  try {
    const version = await entry.node.version(limited(deps.clock, versionLimitMs, signal));
    if (version !== entry.version) deps.registry.update(nodeId, { version });
    probe = { kind: "answered", tookMs: deps.clock.now() - startedAt };
  } catch (error) {
    if (signal.aborted) return false;
    probe = isAppError(error, "deadline_exceeded") ? { kind: "silent" } : { kind: "refused" };
  }
  deps.registry.probed(nodeId, probe);
  return probe.kind !== "answered";
}

async function watchModels(
  deps: HealthMonitorDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<void> {
  let installedAt = -Infinity;
  let loadedAt = -Infinity;
  while (!signal.aborted) {
    const now = deps.clock.now();
    const entry = deps.registry.entry(nodeId);
    if (entry?.health.reach !== "reachable") {
      // It may come back with other models, or with none in memory.
      installedAt = -Infinity;
      loadedAt = -Infinity;
    } else {
      if (entry.installed === null || now >= installedAt) {
        if (await askInstalled(deps, nodeId, signal)) installedAt = now + installedEveryMs;
      }
      if (now >= loadedAt && deps.registry.entry(nodeId)?.installed != null) {
        loadedAt = now + loadedEveryMs;
        await askLoaded(deps, nodeId, signal);
      }
    }
    await pause(deps.clock, lookEveryMs, signal);
  }
}

async function askInstalled(
  deps: HealthMonitorDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const limit = limited(deps.clock, installedLimitMs, signal);
    const installed = await deps.registry.entry(nodeId)?.node.installedModels(limit);
    if (installed !== undefined) deps.registry.update(nodeId, { installed });
    return true;
  } catch {
    // The version probe decides about the node; what was known of its models stays known.
    return false;
  }
}

async function askLoaded(
  deps: HealthMonitorDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = deps.clock.now();
  const node = deps.registry.entry(nodeId)?.node;
  try {
    const loaded = await node?.loadedModels(limited(deps.clock, loadedLimitMs, signal));
    if (loaded !== undefined) deps.registry.update(nodeId, { loaded });
  } catch {
    // How long it took says what there is to say.
  }
  // Seconds of silence are normal while a node loads (ollama.md section 2).
  if (!signal.aborted && deps.loader.loading(nodeId) === null)
    deps.registry.modelsListed(nodeId, deps.clock.now() - startedAt);
}

/** Sends the half-open probe when it is due; nobody waits for it. */
async function watchBreaker(
  deps: HealthMonitorDeps,
  nodeId: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const entry = deps.registry.entry(nodeId);
    if (entry?.health.reach === "reachable" && entry.health.breaker.state.kind !== "closed")
      await recoverNode(deps, nodeId, signal);
    await pause(deps.clock, lookEveryMs, signal);
  }
}

async function ask(deps: HealthMonitorDeps, nodeId: string): Promise<ControlAnswer> {
  const node = deps.registry.entry(nodeId)?.node;
  if (node === undefined) return { version: "refused", loaded: null };
  const never = new AbortController().signal;
  const [version, loaded] = await Promise.all([
    node.version(limited(deps.clock, controlLimitMs, never)).then(
      () => "answers" as const,
      (error: unknown) =>
        isAppError(error, "deadline_exceeded") ? ("silent" as const) : ("refused" as const),
    ),
    node.loadedModels(limited(deps.clock, controlLimitMs, never)).then(
      (models) => models.map(({ name }) => name),
      () => null,
    ),
  ]);
  return { version, loaded };
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

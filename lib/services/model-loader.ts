import { neverChats } from "../core/balancing/model-kind.ts";
import { sameModel } from "../core/balancing/node-view.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeRegistry } from "./node-registry.ts";

export type ModelKind = "chat" | "embedding";

/** Loads and unloads models on nodes: one cold load a node at a time, and never on a person's connection, whose end would kill it. */
export interface ModelLoader {
  /** Resolves when the model is in memory. Leaving early leaves the load running. Throws `node_failed`, `model_not_found`. */
  load(nodeId: string, model: string, signal: AbortSignal): Promise<void>;
  /** Keeps a model that is in memory there for good; one that is not stays away. */
  keep(nodeId: string, model: string, signal: AbortSignal): Promise<void>;
  /** Resolves when the memory is free, or in use again by a request that came since. */
  unload(nodeId: string, model: string, signal: AbortSignal): Promise<void>;
  /** The model that the node loads now; `null` = none. A node that loads may be slow to answer. */
  loading(nodeId: string): string | null;
}

export interface ModelLoaderDeps {
  readonly registry: NodeRegistry;
  readonly clock: Clock;
}

// Ollama gives a load five minutes without a sign of life; Drover waits a little longer than that.
export const loadLimitMs = 330_000;
const unloadLimitMs = 20_000;
/** Memory is free by then; a model that is still there was asked for again. */
const freeLimitMs = 5000;
const lookEveryMs = 100;
const listLimitMs = 10_000;

interface NodeLoads {
  current: string | null;
  /** Ends when everything asked for before has ended, well or not. */
  line: Promise<unknown>;
  readonly open: Map<string, Promise<void>>;
}

export function createModelLoader({ registry, clock }: ModelLoaderDeps): ModelLoader {
  const nodes = new Map<string, NodeLoads>();
  const loadsOf = (nodeId: string): NodeLoads => {
    const known = nodes.get(nodeId);
    if (known !== undefined) return known;
    const open = new Map<string, Promise<void>>();
    const fresh = { current: null, line: Promise.resolve(), open };
    nodes.set(nodeId, fresh);
    return fresh;
  };

  const inLine = <T>(loads: NodeLoads, work: () => Promise<T>): Promise<T> => {
    const running = loads.line.then(work);
    loads.line = running.catch(() => undefined);
    return running;
  };

  const loadNow = async (nodeId: string, model: string, loads: NodeLoads): Promise<void> => {
    const entry = registry.entry(nodeId);
    if (entry === undefined) throw new AppError("node_failed", { nodeId, reason: "removed" });
    if (entry.loaded?.some((loaded) => sameModel(loaded.name, model))) return;
    loads.current = model;
    const startedAt = clock.now();
    try {
      const signal = AbortSignal.any([clock.timeout(loadLimitMs), entry.lost]);
      await entry.node.load(model, kindOf(registry, nodeId, model), signal);
      registry.reportLoad(nodeId, model, clock.now() - startedAt);
    } finally {
      loads.current = null;
    }
    await listLoaded(registry, clock, nodeId);
  };

  return {
    async load(nodeId, model, signal) {
      const loads = loadsOf(nodeId);
      const key = model.toLowerCase();
      const open = loads.open.get(key);
      const running =
        open ??
        inLine(loads, () => loadNow(nodeId, model, loads)).finally(() => loads.open.delete(key));
      loads.open.set(key, running);
      running.catch(() => undefined);
      await orLeave(running, signal);
    },
    keep: (nodeId, model, signal) =>
      inLine(loadsOf(nodeId), () => keepLoaded(registry, clock, nodeId, model, signal)),
    unload: (nodeId, model, signal) =>
      inLine(loadsOf(nodeId), async () => {
        const entry = registry.entry(nodeId);
        if (entry === undefined) return;
        const limit = AbortSignal.any([signal, clock.timeout(unloadLimitMs)]);
        await entry.node.unload(model, kindOf(registry, nodeId, model), limit);
        // The answer comes before the memory is free: the next load would run into the eviction of Ollama's own.
        const freeAt = clock.now() + freeLimitMs;
        while ((await isListed(registry, clock, nodeId, model)) && clock.now() < freeAt)
          await clock.sleep(lookEveryMs, limit);
      }),
    loading: (nodeId) => nodes.get(nodeId)?.current ?? null,
  };
}

/** As the node itself says; a model that says nothing chats. */
export function kindOf(registry: NodeRegistry, nodeId: string, model: string): ModelKind {
  const installed = registry.entry(nodeId)?.installed ?? [];
  const capabilities = installed.find(({ name }) => sameModel(name, model))?.capabilities ?? [];
  return neverChats(capabilities) ? "embedding" : "chat";
}

/** Asks what is in memory and writes it down. */
async function listLoaded(registry: NodeRegistry, clock: Clock, nodeId: string): Promise<void> {
  const entry = registry.entry(nodeId);
  if (entry === undefined) return;
  const limit = AbortSignal.any([clock.timeout(listLimitMs), entry.lost]);
  registry.update(nodeId, { loaded: await entry.node.loadedModels(limit) });
}

/** Asked for again, a model that is in memory only gets its new keep-alive. */
async function keepLoaded(
  registry: NodeRegistry,
  clock: Clock,
  nodeId: string,
  model: string,
  signal: AbortSignal,
): Promise<void> {
  const entry = registry.entry(nodeId);
  if (entry === undefined || !(await isListed(registry, clock, nodeId, model))) return;
  const limit = AbortSignal.any([signal, clock.timeout(loadLimitMs), entry.lost]);
  await entry.node.load(model, kindOf(registry, nodeId, model), limit);
  await listLoaded(registry, clock, nodeId);
}

async function isListed(
  registry: NodeRegistry,
  clock: Clock,
  nodeId: string,
  model: string,
): Promise<boolean> {
  await listLoaded(registry, clock, nodeId);
  return registry.entry(nodeId)?.loaded?.some(({ name }) => sameModel(name, model)) ?? false;
}

/** What `work` gives, or the signal's reason when that comes first. */
async function orLeave<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const left = Promise.withResolvers<never>();
  const leave = (): void => {
    left.reject(signal.reason as Error);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

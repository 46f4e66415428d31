import { isAppError } from "../core/errors/app-error.ts";
import type { InstallSnapshot } from "../core/health/cluster-snapshot.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeRegistry } from "./node-registry.ts";

/** Downloads of models to nodes, in the background: a page may come and go. */
export interface ModelInstalls {
  /** Does nothing when that download runs already. */
  start(nodeId: string, model: string): void;
  all(): readonly InstallSnapshot[];
  /** Ends the downloads; they can be started again where they stopped. */
  stop(): void;
}

const keptMs = 600_000;
const listLimitMs = 10_000;

export function createModelInstalls(deps: {
  readonly registry: NodeRegistry;
  readonly clock: Clock;
}): ModelInstalls {
  const { registry, clock } = deps;
  const installs = new Map<string, { shown: InstallSnapshot; endedAt: number | null }>();
  const stopping = new AbortController();

  const follow = async (nodeId: string, model: string): Promise<void> => {
    const key = `${nodeId} ${model}`;
    const show = (change: Partial<InstallSnapshot>, isOver = false): void => {
      const before = installs.get(key)?.shown;
      const start = { nodeId, model, state: "running", status: "", completedBytes: 0 } as const;
      const shown = { ...start, totalBytes: 0, ...before, ...change };
      installs.set(key, { shown, endedAt: isOver ? clock.now() : null });
    };
    show({ state: "running", status: "asking the node", completedBytes: 0, totalBytes: 0 });
    try {
      const entry = registry.entry(nodeId);
      if (entry === undefined) return;
      const signal = AbortSignal.any([stopping.signal, entry.lost]);
      for await (const { status, completedBytes, totalBytes } of entry.node.pull(model, signal))
        show(totalBytes > 0 ? { status, completedBytes, totalBytes } : { status });
      const installed = await entry.node.installedModels(clock.timeout(listLimitMs));
      registry.update(nodeId, { installed });
      show({ state: "installed", status: "installed" }, true);
    } catch (error) {
      show({ state: "failed", status: reasonOf(error) }, true);
    }
  };

  return {
    start(nodeId, model) {
      const open = installs.get(`${nodeId} ${model}`);
      if (open?.shown.state !== "running") void follow(nodeId, model);
    },
    all() {
      const now = clock.now();
      for (const [key, { endedAt }] of installs)
        if (endedAt !== null && now - endedAt > keptMs) installs.delete(key);
      return [...installs.values()].map(({ shown }) => shown);
    },
    stop() {
      stopping.abort(new Error("stopped"));
    },
  };
}

/** What the node said is plain text of a machine: shown as it is, cut to a line. */
function reasonOf(error: unknown): string {
  if (!isAppError(error, "node_failed")) return isAppError(error) ? error.message : "it failed";
  const said = typeof error.cause === "string" ? error.cause : error.details.reason;
  return said.replace(/\s+/g, " ").slice(0, 200);
}

import {
  nextDegradation,
  noDegradation,
  type Degradation,
  type DegradationLimits,
} from "../core/resilience/degradation.ts";
import type { WorkClass } from "../core/scheduling/work-class.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallRecords } from "./call-records.ts";
import type { NodeRegistry } from "./node-registry.ts";

/** How far the cluster has cut back, and why. */
export interface DegradationWatch {
  current(): Degradation;
  /** Looks at the strain each second until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const lookEveryMs = 1000;
const people: readonly WorkClass[] = ["interactive", "agent-high"];

export function createDegradationWatch(deps: {
  readonly registry: NodeRegistry;
  readonly records: Pick<CallRecords, "longestWaitMs">;
  readonly clock: Clock;
  /** Asked at each look. */
  readonly limits: () => DegradationLimits;
}): DegradationWatch {
  const { registry, records, clock, limits } = deps;
  let state = noDegradation;
  return {
    current: () => state,
    async run(signal) {
      while (!signal.aborted) {
        const health = registry.entries().map((entry) => entry.health);
        // Before its first probe a node is not known to be missing.
        const known = health.filter(({ reach, isDraining }) => reach !== "unknown" && !isDraining);
        const strain = {
          waitMs: records.longestWaitMs(people),
          nodes: known.length,
          openNodes: known.filter(
            ({ reach, breaker }) => reach === "unreachable" || breaker.state.kind !== "closed",
          ).length,
        };
        state = nextDegradation(state, strain, clock.now(), limits());
        await clock.sleep(lookEveryMs, signal).catch(() => undefined);
      }
    },
  };
}

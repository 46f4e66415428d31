import { createMemorySlotLedger } from "../adapters/memory/slot-ledger.ts";
import { defaultSettings, type Settings } from "../core/settings/settings.ts";
import { policies } from "../core/balancing/policies.ts";
import { createLoadBalancer, type LoadBalancer } from "../load-balancer.ts";
import { createLocalModels, type LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContinuationStore } from "../ports/continuation-store.ts";
import type { SlotLedger } from "../ports/slot-ledger.ts";
import { createAdmission, type Admission } from "../services/admission.ts";
import { createCallRecords, type CallRecord, type CallRecords } from "../services/call-records.ts";
import { createContinuationTests, type ContinuationTests } from "../services/continuation-tests.ts";
import { createHealthMonitor, type HealthMonitor } from "../services/health-monitor.ts";
import { createModelLoader, type ModelLoader } from "../services/model-loader.ts";
import {
  createNodeRegistry,
  type NodeRegistry,
  type RegisteredNode,
} from "../services/node-registry.ts";
import { createPlacement } from "../services/placement.ts";
import { createDegradationWatch, type DegradationWatch } from "../services/degradation.ts";
import { holdsClass } from "../core/resilience/degradation.ts";
import { engineSettings } from "./engine-settings.ts";

export interface EngineOptions {
  readonly clock: Clock;
  readonly nodes: readonly RegisteredNode[];
  readonly chatModel: string;
  readonly embedModel: string;
  readonly continuations: ContinuationStore;
  /** Asked at each decision. */
  readonly settings?: () => Settings;
  /** From 0 up to 1. */
  readonly chance?: () => number;
  readonly onCallEnd?: (record: CallRecord) => void;
}

export interface Engine {
  readonly ledger: SlotLedger;
  readonly registry: NodeRegistry;
  readonly loader: ModelLoader;
  readonly monitor: HealthMonitor;
  readonly records: CallRecords;
  readonly balancer: LoadBalancer;
  readonly continuations: ContinuationTests;
  readonly degradation: DegradationWatch;
  readonly models: LocalModels;
  /** Asked before a request is accepted. */
  readonly admission: Admission;
  /** Probes, places and tests until the signal aborts; resolves when all has ended. */
  run(signal: AbortSignal): Promise<void>;
}

/** Everything between a call of a model and the nodes, whatever they are: the product and the tests run this same one. */
export function composeEngine(options: EngineOptions): Engine {
  const { clock, nodes, chatModel, embedModel, onCallEnd } = options;
  const settings = options.settings ?? (() => defaultSettings);
  const chance = options.chance ?? Math.random;
  const { rules, strain, breaker, patience, retryShare } = engineSettings(settings);
  const ledger = createMemorySlotLedger({
    clock,
    policy: () => policies[settings().cluster.policy],
    chance,
    rules,
    isHeld: (workClass) => holdsClass(degradation.current().level, workClass),
  });
  const registry = createNodeRegistry({
    ...{ nodes, ledger, clock, embedModel, chance },
    limits: breaker,
  });
  const loader = createModelLoader({ registry, clock });
  const inFlight = (nodeId: string): number => ledger.inFlight(nodeId, "chat");
  const pinned = [embedModel, chatModel];
  const monitor = createHealthMonitor({ registry, clock, loader, inFlight, pinned });
  const admission = createAdmission({ ledger, clock, rules, limits: () => settings().limits });
  const records = createCallRecords({
    clock,
    onEnd(record) {
      admission.spent(record.client, record.promptTokens + record.completionTokens);
      onCallEnd?.(record);
    },
  });
  const placement = createPlacement({
    ...{ registry, loader, records, clock, pinned },
    mostModels: () => settings().cluster.modelsPerNode,
  });
  const balancer = createLoadBalancer({
    ...{ ledger, registry, clock, loader, monitor, records },
    ...{ patience, retryShare },
  });
  const continuations = createContinuationTests({
    ...{ balancer, registry, clock, chatModel },
    store: options.continuations,
  });
  const degradation = createDegradationWatch({
    ...{ registry, records, clock },
    limits: strain,
  });
  const models = createLocalModels({
    ...{ balancer, registry, continuations, degradation, chatModel, embedModel },
    now: () => clock.now(),
  });
  return {
    ...{ ledger, registry, loader, monitor, records, balancer, continuations },
    ...{ degradation, models, admission },
    async run(signal) {
      const parts = [monitor, placement, continuations, degradation];
      await Promise.all(parts.map((part) => part.run(signal)));
    },
  };
}

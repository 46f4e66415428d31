import { createContinuationStore } from "../adapters/database/continuation-store.ts";
import { createNodeDecisions } from "../adapters/database/node-decisions.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createDnsDiscovery } from "../adapters/discovery/dns-discovery.ts";
import { createOllamaNode } from "../adapters/ollama/ollama-node.ts";
import { watchProcess } from "../adapters/system/process-metrics.ts";
import { createProcessStatus } from "../adapters/system/process-status.ts";
import { createOtlpExporter } from "../adapters/telemetry/otlp-exporter.ts";
import type { Config } from "../config.ts";
import { allowsExtras } from "../core/resilience/degradation.ts";
import { defaultSettings, type Settings } from "../core/settings/settings.ts";
import type { LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { PairScorer } from "../ports/pair-scorer.ts";
import type { Admission } from "../services/admission.ts";
import { traceOf } from "../services/call-trace.ts";
import { createClusterAdmin, type ClusterAdmin } from "../services/cluster-admin.ts";
import { createClusterMetrics } from "../services/cluster-metrics.ts";
import { createClusterSnapshots, type ClusterSnapshots } from "../services/cluster-snapshot.ts";
import { createClusterStatus, type ClusterStatusReader } from "../services/cluster-status.ts";
import { keepResident, type ResidencyCounts } from "../services/keep-resident.ts";
import { createModelInstalls } from "../services/model-installs.ts";
import { createNodePairScorer } from "../services/node-pair-scorer.ts";
import { createNodeDirectory } from "../services/node-directory.ts";
import { createQuietTime, type QuietTime } from "../services/quiet-time.ts";
import { composeEngine, type Engine } from "./engine.ts";

export interface Cluster {
  readonly models: LocalModels;
  /** A cross-encoder, where a node has one. */
  readonly pairScorer: PairScorer;
  readonly admission: Admission;
  readonly status: ClusterStatusReader;
  readonly snapshots: ClusterSnapshots;
  readonly admin: ClusterAdmin;
  /** In Prometheus' text format. */
  metrics(): string;
  /** False while the cluster cuts back: suggestions, titles and the like are left out. */
  allowsExtras(): boolean;
  /** When work that nobody waits for may run. */
  readonly quiet: QuietTime;
  /** Brings both models into memory wherever there is room, for longer than `periodMs`. */
  readonly keepResident: (periodMs: number, signal: AbortSignal) => Promise<ResidencyCounts>;
  /** Probes, places and follows changes until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

/** The nodes of the configuration, of admins and of the name service behind one balancer; `settings` is asked at each decision. */
export function composeCluster(
  deps: {
    readonly db: Database;
    readonly clock: Clock;
    readonly settings?: () => Settings;
  },
  config: Config,
): Cluster {
  const { db, clock, settings = () => defaultSettings } = deps;
  const { chatModel, embedModel } = config;
  const metrics = createClusterMetrics();
  const own = watchProcess();
  const traces = config.traces === undefined ? null : createOtlpExporter(config.traces);
  const engine = composeEngine({
    ...{ clock, chatModel, embedModel, settings },
    nodes: [],
    continuations: createContinuationStore({ db }),
    onCallEnd(record) {
      metrics.count(record);
      traces?.add(traceOf(record, clock));
    },
  });
  const { registry, ledger, loader, models, records, degradation } = engine;
  const decisions = createNodeDecisions({ db });
  const directory = createNodeDirectory({
    ...{ registry, decisions, clock },
    discovery: config.discovery === undefined ? null : createDnsDiscovery(config.discovery),
    configured: config.ollamaNodes,
    connect: createOllamaNode,
    inFlight: (nodeId) => ledger.inFlight(nodeId, "chat") + ledger.inFlight(nodeId, "embedding"),
  });
  const installs = createModelInstalls({ registry, clock });
  const processes = createProcessStatus(config.dataDir);
  const snapshots = createClusterSnapshots({
    ...{ registry, ledger, loader, records, degradation, installs, clock },
    policy: () => settings().cluster.policy,
    needed: [chatModel, embedModel],
  });
  return {
    models,
    pairScorer: createNodePairScorer({ balancer: engine.balancer, registry, clock }),
    admission: engine.admission,
    status: createClusterStatus({ registry, processes, chatModel, embedModel, clock }),
    snapshots,
    metrics: () => metrics.text(snapshots.now()) + own.text(),
    admin: createClusterAdmin({ registry, decisions, directory, loader, installs, clock }),
    allowsExtras: () => allowsExtras(degradation.current().level),
    ...idleParts(engine, { clock, models: [embedModel, chatModel], settings }),
    async run(signal) {
      await Promise.all([engine.run(signal), directory.run(signal)]);
    },
    async dispose() {
      own.stop();
      installs.stop();
      await traces?.close();
      await directory.close();
    },
  };
}

const idleParts = (
  { registry, loader, records }: Engine,
  own: {
    readonly clock: Clock;
    readonly models: readonly string[];
    readonly settings: () => Settings;
  },
): Pick<Cluster, "quiet" | "keepResident"> => {
  const mostModels = (): number => own.settings().cluster.modelsPerNode;
  const deps = { registry, loader, clock: own.clock, models: own.models, mostModels };
  return {
    quiet: createQuietTime({ records, clock: own.clock }),
    keepResident: (periodMs, signal) => keepResident(deps, periodMs, signal),
  };
};

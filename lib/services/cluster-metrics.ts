import {
  metricsText,
  type MetricFamily,
  type MetricHistogram,
  type MetricSample,
} from "../core/capacity/metrics-text.ts";
import type { ClusterSnapshot } from "../core/health/cluster-snapshot.ts";
import type { CallRecord } from "./call-records.ts";

/** Counters since the start, and the cluster as it is, for Prometheus. */
export interface ClusterMetrics {
  count(record: CallRecord): void;
  text(snapshot: ClusterSnapshot): string;
}

const boundsSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60, 120];

type Labels = Readonly<Record<string, string>>;

function createCounter() {
  const values = new Map<string, { readonly labels: Labels; value: number }>();
  return {
    add(labels: Labels, value: number): void {
      const key = JSON.stringify(labels);
      const own = values.get(key) ?? { labels, value: 0 };
      own.value += value;
      values.set(key, own);
    },
    samples: (): readonly MetricSample[] => [...values.values()],
  };
}

function createHistogram(name: string, help: string) {
  const series = new Map<
    string,
    { readonly labels: Labels; readonly counts: number[]; sum: number }
  >();
  return {
    add(labels: Labels, ms: number): void {
      const key = JSON.stringify(labels);
      const counts = Array.from({ length: boundsSeconds.length + 1 }, () => 0);
      const own = series.get(key) ?? { labels, counts, sum: 0 };
      const seconds = ms / 1000;
      const found = boundsSeconds.findIndex((bound) => seconds <= bound);
      const bucket = found < 0 ? boundsSeconds.length : found;
      own.counts[bucket] = (own.counts[bucket] ?? 0) + 1;
      own.sum += seconds;
      series.set(key, own);
    },
    read: (): MetricHistogram => ({
      name,
      help,
      bounds: boundsSeconds,
      series: [...series.values()],
    }),
  };
}

export function createClusterMetrics(): ClusterMetrics {
  const calls = createCounter();
  const tokens = createCounter();
  const retries = createCounter();
  const queued = createHistogram("drover_queue_seconds", "Time in the admission queue.");
  const first = createHistogram(
    "drover_first_token_seconds",
    "From a chat call to its first token, waiting included.",
  );
  return {
    count(record) {
      const { kind, model, outcome } = record;
      const node = record.nodeId ?? "";
      calls.add({ kind, model, node, class: record.class, outcome }, 1);
      tokens.add({ kind: "prompt", model, node }, record.promptTokens - record.cachedPromptTokens);
      tokens.add({ kind: "cached", model, node }, record.cachedPromptTokens);
      tokens.add({ kind: "completion", model, node }, record.completionTokens);
      if (record.attempts > 1) retries.add({ model }, record.attempts - 1);
      queued.add({ class: record.class }, record.queuedMs);
      if (kind === "chat" && record.firstTokenMs !== null)
        first.add({ class: record.class }, record.firstTokenMs);
    },
    text(snapshot) {
      const counted: readonly MetricFamily[] = [
        family("drover_calls_total", "Calls of models that ended.", "counter", calls.samples()),
        family(
          "drover_tokens_total",
          "Tokens by the nodes' own counts.",
          "counter",
          tokens.samples(),
        ),
        family("drover_retries_total", "Attempts beyond the first.", "counter", retries.samples()),
      ];
      return metricsText([...counted, ...gaugesOf(snapshot)], [queued.read(), first.read()]);
    },
  };
}

const family = (
  name: string,
  help: string,
  type: "counter" | "gauge",
  samples: readonly MetricSample[],
): MetricFamily => ({ name, help, type, samples });

function gaugesOf({ nodes, queue, degradation }: ClusterSnapshot): readonly MetricFamily[] {
  const byNode = (
    name: string,
    help: string,
    of: (node: ClusterSnapshot["nodes"][number]) => number,
  ): MetricFamily =>
    family(
      name,
      help,
      "gauge",
      nodes.map((node) => ({ labels: { node: node.id }, value: of(node) })),
    );
  const waiting = Object.entries(queue.byClass).map(([name, value]) => ({
    labels: { class: name },
    value,
  }));
  return [
    byNode("drover_node_takes_work", "1 = new requests may go there.", ({ status }) =>
      status === "available" || status === "degraded" ? 1 : 0,
    ),
    byNode("drover_node_in_flight", "Chat requests there now.", ({ slots }) => slots.inUse),
    byNode("drover_node_slots", "Chat slots open there now.", ({ slots }) => slots.open),
    byNode("drover_node_breaker_open", "1 = its breaker is open or half-open.", ({ breaker }) =>
      breaker.state === "closed" ? 0 : 1,
    ),
    byNode(
      "drover_node_resident_models",
      "Models in memory.",
      ({ models }) => models.filter(({ isResident }) => isResident).length,
    ),
    family("drover_queue_waiting", "Requests that wait now.", "gauge", waiting),
    family("drover_degradation_level", "How far the cluster cuts back, 0 to 3.", "gauge", [
      { labels: {}, value: degradation.level },
    ]),
  ];
}

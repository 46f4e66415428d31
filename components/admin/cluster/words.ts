import type { CallOutcome } from "#lib/core/capacity/call-history.ts";
import type {
  ClusterSnapshot,
  FailoverSnapshot,
  NodeSnapshot,
} from "#lib/core/health/cluster-snapshot.ts";
import type { WorkClass } from "#lib/core/scheduling/work-class.ts";
import { sayWait } from "#components/ui/time-words.ts";

/** Every sentence of the cluster page. */
export const words = {
  title: "Cluster",
  opening: "Looking at the nodes …",
  lost: "The connection to Drover is lost: what you see is old. It comes back by itself.",
  refused: "Drover ended this connection. Reload the page.",
  addNode: "Add a node",
  now: "Now",
  figures: {
    waiting: "Waiting",
    wait: "Wait for a new question",
    perMinute: "Answers a minute",
    firstToken: "First token, p95",
    level: "Cutting back",
  },
  nobody: "nobody",
  unknown: "unknown",
  lastHour: "The last hour",
  byClass: "The last hour, by who asks",
  charts: {
    calls: "Requests a minute",
    firstToken: "First token",
    queued: "Waiting time, p95",
    speed: "Tokens per second",
    callsOf: (who: string) => `${who}: requests a minute`,
    queuedOf: (who: string) => `${who}: waiting time, p95`,
  },
  lines: {
    calls: "requests",
    failures: "failed",
    p50: "p50",
    p95: "p95",
    prefill: "reading",
    decode: "writing",
  },
  problems: "Needs attention",
  more: (count: number) => ` and ${String(count)} more`,
  nodes: "Nodes",
  noNodes: "There are no nodes. Add an Ollama server, or start Drover without OLLAMA_NODES.",
  slots: (inUse: number, open: number) => `${String(inUse)} of ${String(open)} slots`,
  noSlots: "no slot open",
  slowStart: (configured: number) => `coming back, ${String(configured)} in all`,
  share: (share: number) => `${String(Math.round(share * 100))} % of requests`,
  prefix: (share: number) => `${String(Math.round(share * 100))} % of prompts from memory`,
  nextTry: (waitMs: number) => `Next try in ${sayWait(Math.max(waitMs, 0)).replace("about ", "")}`,
  speeds: (prefill: number | null, decode: number | null) =>
    `reads ${prefill === null ? "?" : String(Math.round(prefill))}, writes ${decode === null ? "?" : String(Math.round(decode))} tokens/s`,
  loadingModel: (model: string) => `loading ${model}`,
  resident: "in memory",
  keptFor: (ms: number) => `in memory for ${sayWait(ms).replace("about ", "")}`,
  onDisk: "on disk",
  otherWeights: "other weights than the other nodes: not used here",
  lastFailure: (ago: string, reason: string) => `Last failure ${ago}: ${reason}`,
  actions: (id: string) => `Actions for ${id}`,
  drain: (id: string) => `Drain ${id}`,
  resume: (id: string) => `Resume ${id}`,
  remove: (id: string) => `Remove ${id}`,
  edit: "Change address, slots or weight",
  models: "Models",
  resetBreaker: "Try it again now",
  drained: (id: string) => `${id} takes nothing new and finishes what it has.`,
  resumed: (id: string) => `${id} takes work again.`,
  removed: (id: string) => `${id} is taken out when it has finished what it has.`,
  breakerReset: (id: string) => `${id} is tried again.`,
  saved: (id: string) => `${id} is changed.`,
  added: (id: string) => `${id} is added.`,
  undo: "Undo",
  removeTitle: (id: string) => `Remove ${id}?`,
  removeText:
    "It finishes what it works on and leaves the cluster. Its models stay on its disk. You can add it again.",
  cancel: "Cancel",
  save: "Save",
  add: "Add",
  done: "Done",
  fields: {
    id: "Name",
    idHint: "Letters, digits, dots and dashes.",
    baseUrl: "Address",
    baseUrlHint: "For example http://10.0.0.5:11434",
    slots: "Slots",
    slotsHint: "Requests at the same time, as OLLAMA_NUM_PARALLEL of that server.",
    weight: "Weight",
    weightHint: "Share of the work under the weighted policies; 1 is usual.",
  },
  editTitle: (id: string) => `Change ${id}`,
  modelsOf: (id: string) => `Models on ${id}`,
  noModels: "No model is installed on this node.",
  load: "Load",
  unload: "Unload",
  removeModel: "Remove from disk",
  install: "Install",
  installLabel: "Model to install",
  installHint: "A name of the model library, for example qwen2.5:1.5b",
  installing: (model: string, status: string) => `${model}: ${status}`,
  events: "What happened",
  noEvents: "No request had to move to another node.",
  moved: "moved before the first word",
  broken: "broke after the first word",
  attempts: "Attempts",
  trace: "How this answer came about",
  predictions: "Told and true",
  noPredictions: "Nobody had to wait yet, so there is nothing to compare.",
  policy: (policy: string) => `Policy: ${policy}.`,
  settings: "Change policy and limits",
} as const;

export const classWords: Readonly<Record<WorkClass, string>> = {
  interactive: "People",
  "agent-high": "Agents, high",
  "agent-medium": "Agents, medium",
  "agent-low": "Agents, low",
  ingest: "Documents",
  prewarm: "Preparing answers",
};

const outcomeWords: Readonly<Record<CallOutcome, string>> = {
  complete: "the answer came whole",
  failed: "the quotes stood as the answer",
  cancelled: "the asker left",
  refused: "it was refused",
  expired: "its time was over",
};

export interface Incident {
  readonly turnId: string;
  /** Where to read how its answer came about. */
  readonly traceHref: string | null;
  readonly at: string;
  readonly title: string;
  /** What was tried, in order, and how it ended. */
  readonly attempts: readonly string[];
}

/** The failures of each answer as one incident, the newest first. */
export function incidentsOf(failovers: ClusterSnapshot["failovers"]): readonly Incident[] {
  const turns = new Map<string, FailoverSnapshot[]>();
  for (const one of failovers) turns.set(one.turnId, [...(turns.get(one.turnId) ?? []), one]);
  return [...turns].reverse().flatMap(([turnId, failures]) => {
    const [first] = failures;
    const last = failures.at(-1);
    if (first === undefined || last === undefined) return [];
    const from = [...new Set(failures.map(({ nodeId }) => nodeId))].join(", ");
    const to = last.toNodeId === null ? "" : ` → ${last.toNodeId}`;
    const end = last.outcome === null ? "it runs" : outcomeWords[last.outcome];
    return [
      {
        turnId,
        traceHref: last.answerId === null ? null : `/admin/quality/traces/${last.answerId}`,
        at: first.at,
        title: `${classWords[first.class]}, ${first.model}: ${from}${to}; ${end}.`,
        attempts: failures.map(sayFailure),
      },
    ];
  });
}

// What a node is charged with (DESIGN.md section 4), as an admin would say it; `status-500` and the like say it themselves.
const failureWords: Readonly<Record<string, string>> = {
  refused: "connection refused",
  unreachable: "it stopped answering",
  removed: "it was removed",
  cut: "the connection was cut",
  "no-done": "the text ended without its end mark",
  "not-json": "its answer made no sense",
  garbage: "its answer made no sense",
  "error-line": "it reported an error",
  "line-too-long": "its answer made no sense",
  "too-much-text": "it did not stop writing",
  frozen: "it froze",
  "frozen-model": "its model stopped",
  silent: "no word came for too long",
  model_not_found: "the model was gone",
};

/** Why a request failed on a node. */
export const sayReason = (reason: string): string =>
  failureWords[reason] ?? reason.replace(/^status-/u, "it answered with status ");

/** Where a node's row is on the page. */
export const placeOfNode = (id: string): string => `node-${id}`;

const sayFailure = (one: FailoverSnapshot): string => {
  const next =
    one.toNodeId === null
      ? "nothing took it on"
      : `${one.toNodeId} took it on${one.movedMs === null ? "" : ` after ${sayMs(one.movedMs)}`}${one.flowsMs === null ? "" : `, text after ${sayMs(one.flowsMs)}`}`;
  return `${one.nodeId} failed after ${sayMs(one.afterMs)} (${sayReason(one.reason)}), ${words[one.kind]}; ${next}`;
};

export const statusWords: Readonly<Record<NodeSnapshot["status"], string>> = {
  available: "Well",
  degraded: "Slow",
  draining: "Draining",
  ejected: "Taken out",
  unreachable: "Away",
};

export const sayMs = (ms: number): string =>
  ms < 950 ? `${String(Math.round(ms))} ms` : `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;

export const sayPredictions = ({
  count,
  p50Ratio,
  p95Ratio,
}: ClusterSnapshot["predictions"]): string =>
  p50Ratio === null || p95Ratio === null
    ? words.noPredictions
    : `The last ${String(count)} people who waited: half of them at most ${p50Ratio.toFixed(2)} times what they were told, 95 % at most ${p95Ratio.toFixed(2)} times.`;

import { takesWork, type NodeStatus } from "./node-health.ts";

/** Condition of the whole, in the words of the page: `degraded` = usable, but something is missing. */
export interface ClusterStatus {
  readonly state: "ok" | "starting" | "degraded";
  readonly messages: readonly { readonly code: string; readonly text: string }[];
}

export interface NodeCondition {
  readonly id: string;
  readonly status: NodeStatus;
  readonly hasChatModel: boolean;
  readonly hasEmbedModel: boolean;
  /** Both models are in memory. */
  readonly resident: boolean;
}

export interface ProcessCondition {
  readonly name: string;
  readonly status: "starting" | "running" | "restarting" | "stopped";
}

interface Message {
  readonly state: ClusterStatus["state"];
  readonly code: string;
  readonly text: string;
}

/** What a person should know about the nodes and programs now; nothing to tell = ok. */
export function statusMessages(
  nodes: readonly NodeCondition[],
  processes: readonly ProcessCondition[],
  models: { readonly chat: string; readonly embedding: string },
): ClusterStatus {
  const messages = [...processMessages(processes), ...nodeMessages(nodes, models)];
  const states = messages.map((message) => message.state);
  const state = states.includes("degraded")
    ? "degraded"
    : states.includes("starting")
      ? "starting"
      : "ok";
  return { state, messages: messages.map(({ code, text }) => ({ code, text })) };
}

function processMessages(processes: readonly ProcessCondition[]): readonly Message[] {
  return processes.flatMap(({ name, status }): readonly Message[] => {
    const part = plainName(name);
    switch (status) {
      case "running":
        return [];
      case "starting":
        return [{ state: "starting", code: "part_starting", text: `${part} is starting.` }];
      case "restarting":
        return [
          {
            state: "degraded",
            code: "part_restarting",
            text: `${part} stopped and is being started again.`,
          },
        ];
      case "stopped":
        return [{ state: "degraded", code: "part_stopped", text: `${part} is not running.` }];
      default:
        return status satisfies never;
    }
  });
}

/** `node-1` → "Node 1"; anything else as "The NAME". */
function plainName(name: string): string {
  const node = /^node-?(\w+)$/.exec(name);
  return node === null ? `The ${name}` : `Node ${node[1] ?? ""}`;
}

function nodeMessages(
  nodes: readonly NodeCondition[],
  models: { readonly chat: string; readonly embedding: string },
): readonly Message[] {
  const serving = nodes.filter((node) => takesWork(node.status));
  if (serving.length === 0) return [noneServing(nodes)];
  const messages: Message[] = [];
  const away = nodes.length - serving.length;
  if (away > 0) {
    const share = `${String(away)} of ${String(nodes.length)} nodes`;
    const text = `${share} ${away === 1 ? "does" : "do"} not answer. The others serve everything, more slowly.`;
    messages.push({ state: "degraded", code: "nodes_missing", text });
  }
  if (!serving.some((node) => node.hasEmbedModel))
    messages.push(missing("embed_model_missing", models.embedding, "Search goes by words alone."));
  if (!serving.some((node) => node.hasChatModel))
    messages.push(missing("chat_model_missing", models.chat, "Answers are quotes only."));
  const loading = serving.some((node) => !node.resident && node.hasChatModel && node.hasEmbedModel);
  if (loading && !serving.some((node) => node.resident))
    messages.push({
      state: "starting",
      code: "models_loading",
      text: "The models are being loaded.",
    });
  return messages;
}

function noneServing(nodes: readonly NodeCondition[]): Message {
  if (nodes.every((node) => node.status.kind === "draining") && nodes.length > 0)
    return { state: "degraded", code: "nodes_draining", text: "Every node is being drained." };
  return {
    state: "degraded",
    code: "no_node",
    text: "No node answers at the moment. Questions wait until one is back.",
  };
}

const missing = (code: string, model: string, effect: string): Message => ({
  state: "degraded",
  code,
  text: `No node has the model ${model} installed. ${effect}`,
});

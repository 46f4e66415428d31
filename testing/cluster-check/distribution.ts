import type { ChatPart } from "#lib/local-models.ts";
import type { Balanced } from "./balanced.ts";
import { sampleText, type DirectResult } from "./direct.ts";
import type { Finding } from "#lib/core/deployment/finding.ts";
import type { NodeLatency } from "./finding.ts";
import type { TestedNode } from "./nodes.ts";

/** One chat through the balancer, read to its end. */
export interface ChatOutcome {
  readonly text: string;
  readonly nodeId: string;
  readonly firstTokenMs: number;
  readonly tokens: number;
  readonly decodeMs: number;
  /** How often the answer began anew. */
  readonly resets: number;
}

const shortAnswerTokens = 4;
const clients = 10;

/** @throws AppError when no node could answer it */
export async function chatThrough(
  balanced: Balanced,
  question: string,
  maxTokens: number,
  client = "check",
): Promise<ChatOutcome> {
  const messages = [{ role: "user", content: question }] as const;
  const options = { temperature: 0, maxTokens };
  let text = "";
  let resets = 0;
  let usage: Extract<ChatPart, { type: "usage" }> | undefined;
  for await (const part of balanced.models.chat({ messages, options }, balanced.call(client))) {
    if (part.type === "text") text += part.text;
    if (part.type === "reset") {
      text = "";
      resets += 1;
    }
    if (part.type === "usage") usage = part;
  }
  if (usage === undefined) throw new Error("the answer ended without its counts");
  const { nodeId, firstTokenMs } = usage;
  const { completionTokens: tokens, decodeMs } = usage.usage;
  return { text, nodeId, firstTokenMs, tokens, decodeMs, resets };
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const cosine = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

/** One embedding and one chat, as the product makes them. */
export async function checkThroughBalancer(
  balanced: Balanced,
  direct: readonly DirectResult[],
): Promise<readonly Finding[]> {
  const embedding = async (): Promise<Finding> => {
    const { vectors, space } = await balanced.models.embed([sampleText], balanced.call("check"));
    const vector = vectors[0] ?? [];
    const nearest = Math.max(...direct.map((result) => cosine(result.vector, vector)));
    const check = "embedding through the balancer";
    if (nearest < 0.999)
      return {
        check,
        verdict: "fail",
        text: `differs from what the nodes give (cosine ${nearest.toFixed(4)})`,
        advice: "Install one and the same embedding model on all nodes.",
      };
    return {
      check,
      verdict: "ok",
      text: `${space.model}, ${String(space.dimension)} numbers, as the nodes give it`,
    };
  };
  const chat = async (): Promise<Finding> => {
    const { text, nodeId, tokens } = await chatThrough(balanced, "Name a colour.", 12);
    const check = "chat through the balancer";
    return tokens > 0 && text !== ""
      ? { check, verdict: "ok", text: `${String(tokens)} tokens from ${nodeId}` }
      : {
          check,
          verdict: "fail",
          text: "no text came",
          advice: "See whether the chat model works: ollama run it on the node.",
        };
  };
  const guarded = (check: string, work: () => Promise<Finding>): Promise<Finding> =>
    work().catch((error: unknown) => ({
      check,
      verdict: "fail" as const,
      text: reasonOf(error),
      advice: "See the findings of the nodes above.",
    }));
  return [
    await guarded("embedding through the balancer", embedding),
    await guarded("chat through the balancer", chat),
  ];
}

const quantile = (values: readonly number[], p: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0;
};

const latencyOf = (node: string, outcomes: readonly ChatOutcome[]): NodeLatency => {
  const own = outcomes.filter(({ nodeId }) => nodeId === node);
  const firsts = own.map(({ firstTokenMs }) => firstTokenMs);
  const decodeMs = own.reduce((sum, outcome) => sum + outcome.decodeMs, 0);
  const tokens = own.reduce((sum, outcome) => sum + outcome.tokens, 0);
  return {
    node,
    requests: own.length,
    firstTokenMsP50: quantile(firsts, 0.5),
    firstTokenMsP95: quantile(firsts, 0.95),
    tokensPerSecond: decodeMs > 0 ? (1000 * tokens) / decodeMs : 0,
  };
};

/** Many short chats, twice as many at a time as there are slots. */
export async function checkDistribution(
  balanced: Balanced,
  nodes: readonly TestedNode[],
  requests: number,
): Promise<{ readonly finding: Finding; readonly latencies: readonly NodeLatency[] }> {
  const outcomes: ChatOutcome[] = [];
  const faults: string[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const number = (next += 1);
      const client = `client-${String(number % clients)}`;
      const question = `Question ${String(number)}: name a number.`;
      await chatThrough(balanced, question, shortAnswerTokens, client).then(
        (outcome) => outcomes.push(outcome),
        (error: unknown) => faults.push(reasonOf(error)),
      );
    }
  };
  const slots = nodes.reduce((sum, node) => sum + node.slots, 0);
  await Promise.all(Array.from({ length: 2 * slots }, worker));
  const latencies = nodes.map(({ id }) => latencyOf(id, outcomes));
  const shares = latencies.map((one) => `${one.node} ${String(one.requests)}`).join(", ");
  const check = `${String(requests)} requests`;
  const idle = latencies.filter((one) => one.requests < requests / (4 * nodes.length));
  const finding: Finding =
    faults.length > 0
      ? {
          check,
          verdict: "fail",
          text: `${String(faults.length)} failed, the first: ${faults[0] ?? ""}`,
          advice: "See the findings of the nodes above.",
        }
      : idle.length > 0
        ? {
            check,
            verdict: "warn",
            text: `all answered, but unevenly: ${shares}`,
            advice: `See why ${idle.map(({ node }) => node).join(" and ")} is so slow, or whether others use it.`,
          }
        : { check, verdict: "ok", text: `all answered: ${shares}` };
  return { finding, latencies };
}

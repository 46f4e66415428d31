import { isAppError } from "../core/errors/app-error.ts";
import { estimatedTokens } from "../core/rag/prompt-tokens.ts";
import { repairOf } from "../core/resilience/resume.ts";
import { prefixChain } from "../core/scheduling/prefix-chain.ts";
import type { ModelCall, QueuedEvent, Work } from "../core/scheduling/work.ts";
import type { WorkSizes } from "../core/scheduling/work-sizes.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { AttemptContext, LoadBalancer } from "../load-balancer.ts";
import type {
  ChatMessage,
  ModelNode,
  NodeChunk,
  NodeUsage,
  SamplingOptions,
} from "../ports/model-node.ts";
import type { ContinuationTests } from "./continuation-tests.ts";

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly options: SamplingOptions;
  /** JSON, free or of this schema, instead of prose. */
  readonly format?: "json" | Readonly<Record<string, unknown>>;
}

export type ChatPart =
  | QueuedEvent
  | { readonly type: "text"; readonly text: string }
  /** The text goes on where it broke: attempt number `attempt` (from 2) writes from here. */
  | { readonly type: "resumed"; readonly attempt: number }
  /** What came so far is void: attempt number `attempt` (from 2) begins. */
  | { readonly type: "reset"; readonly attempt: number }
  | {
      readonly type: "usage";
      readonly model: string;
      readonly nodeId: string;
      readonly usage: NodeUsage;
      /** From the call to the first text, waiting included. */
      readonly firstTokenMs: number;
      readonly reason: "stop" | "length";
    };

export interface ChatTurnDeps {
  readonly balancer: LoadBalancer;
  readonly continuations: Pick<ContinuationTests, "passed">;
  readonly sizes: WorkSizes;
  readonly now: () => number;
}

/** A version that cannot show its prompt, or a model that failed the test, takes no part of a text: the turn begins anew. */
class CannotContinue extends Error {}

interface Turn {
  readonly id: string;
  readonly model: string;
  readonly request: ChatRequest;
  readonly call: ModelCall;
  readonly startedAt: number;
  /** What the person has seen, and in how many chunks it came. */
  text: string;
  chunks: number;
  firstTokenMs: number | null;
  readonly failedNodeIds: string[];
}

let turnsSoFar = 0;

/**
 * One turn of a chat, through at most one broken node: the text is an exact prefix of one attempt, then `resumed` and its continuation, or
 * `reset` and a fresh one; never a silent splice.
 * @throws what the balancer throws; `node_failed` when a second attempt broke
 */
export async function* chatTurn(
  deps: ChatTurnDeps,
  model: string,
  request: ChatRequest,
  call: ModelCall,
): AsyncGenerator<ChatPart, void> {
  const turn: Turn = {
    ...{ id: `turn-${String((turnsSoFar += 1))}`, model, request, call, startedAt: deps.now() },
    ...{ text: "", chunks: 0, firstTokenMs: null, failedNodeIds: [] },
  };
  let next: "begin" | "resume" = "begin";
  for (let repairs = 0; ;) {
    try {
      const parts = next === "resume" ? resumed(deps, turn, repairs + 1) : begun(deps, turn);
      for await (const part of parts) {
        // Counted here, where it is handed on: what an attempt received but nobody saw is not part of the text.
        if (part.type === "text") seen(turn, part.text);
        yield part;
      }
      return;
    } catch (error) {
      if (next === "resume" && error instanceof CannotContinue) {
        yield { type: "reset", attempt: repairs + 1 };
        forget(turn);
        next = "begin";
        continue;
      }
      const repair = repairAfter(deps, turn, error, repairs);
      if (repair === "stop") throw error;
      repairs += 1;
      if (repair === "reset") {
        yield { type: "reset", attempt: repairs + 1 };
        forget(turn);
      }
      next = repair === "resume" ? "resume" : "begin";
    }
  }
}

/** Notes the node that broke; only what breaks after the first token is repaired here. */
function repairAfter(
  { continuations }: ChatTurnDeps,
  turn: Turn,
  error: unknown,
  repairs: number,
): ReturnType<typeof repairOf> {
  if (turn.chunks === 0 || !isAppError(error, "node_failed")) return "stop";
  const { nodeId } = error.details;
  turn.failedNodeIds.push(nodeId);
  return repairOf({
    repairs,
    text: turn.text,
    // A request cannot carry tools yet.
    hasTools: false,
    hasFormat: turn.request.format !== undefined,
    continues: continuations.passed(nodeId, turn.model),
    tokensLeft: tokensLeft(turn),
  });
}

function seen(turn: Turn, text: string): void {
  turn.text += text;
  turn.chunks += 1;
}

function forget(turn: Turn): void {
  turn.text = "";
  turn.chunks = 0;
}

// A chunk is a token as the node streams it, so this errs by little, and never above what was allowed.
const tokensLeft = ({ request, chunks }: Turn): number => request.options.maxTokens - chunks;

const sizedOf = ({ model, request, call }: Turn) => ({
  model,
  class: call.class,
  estimatedPromptTokens: request.messages.reduce(
    (sum, { content }) => sum + estimatedTokens(content) + 4,
    0,
  ),
  maxOutputTokens: request.options.maxTokens,
});

/** What the scheduler may know of the turn: what has been written counts as prompt when it goes on. */
function workOf({ sizes }: ChatTurnDeps, turn: Turn): Work {
  const size = sizes.predict(sizedOf(turn));
  const promptTokens = size.promptTokens + turn.chunks;
  return {
    ...turn.call,
    kind: "chat",
    turnId: turn.id,
    model: turn.model,
    estimatedPromptTokens: promptTokens,
    estimatedOutputTokens: Math.max(size.outputTokens - turn.chunks, 1),
    prefix: prefixChain(turn.request.messages, promptTokens),
    avoidNodeIds: turn.failedNodeIds,
    ...(turn.failedNodeIds.length === 0 ? {} : { since: milliseconds(turn.startedAt) }),
  };
}

const begun = (deps: ChatTurnDeps, turn: Turn): AsyncGenerator<ChatPart, void> =>
  deps.balancer.run(workOf(deps, turn), (node, context) =>
    follow(deps, turn, node.chat({ ...turn.request, model: turn.model }, context.signal), context),
  );

const resumed = (deps: ChatTurnDeps, turn: Turn, attempt: number): AsyncGenerator<ChatPart, void> =>
  deps.balancer.run(workOf(deps, turn), async function* (node, context) {
    const prompt = await resumePrompt(deps, turn, node, context);
    const options = { ...turn.request.options, maxTokens: tokensLeft(turn) };
    const { model } = turn;
    const chunks = node.continueText({ model, prompt, options }, context.signal);
    let said = false;
    for await (const part of follow(deps, turn, chunks, context)) {
      if (!said) yield { type: "resumed", attempt };
      said = true;
      yield part;
    }
  });

/** The prompt as the model read it and the text up to the last chunk that came. Throws CannotContinue. */
async function resumePrompt(
  { continuations }: ChatTurnDeps,
  { model, request, text }: Turn,
  node: ModelNode,
  { nodeId, signal }: AttemptContext,
): Promise<string> {
  if (continuations.passed(nodeId, model) !== true) throw new CannotContinue();
  const rendered = await node.renderPrompt({ model, messages: request.messages }, signal);
  if (rendered === null) throw new CannotContinue();
  return rendered + text;
}

async function* follow(
  deps: ChatTurnDeps,
  turn: Turn,
  chunks: AsyncGenerator<NodeChunk, void>,
  { nodeId, used }: AttemptContext,
): AsyncGenerator<ChatPart, void> {
  for await (const chunk of chunks) {
    turn.firstTokenMs ??= deps.now() - turn.startedAt;
    if (chunk.type === "text") {
      yield chunk;
      continue;
    }
    const { usage, reason } = chunk;
    used(usage);
    // A continued text's counts are those of its rest only.
    if (turn.failedNodeIds.length === 0)
      deps.sizes.learn(sizedOf(turn), {
        promptTokens: usage.promptTokens,
        outputTokens: usage.completionTokens,
      });
    const { model, firstTokenMs } = turn;
    yield { type: "usage", model, nodeId, usage, firstTokenMs, reason };
  }
}

import type { EmbeddingSpace } from "./core/balancing/embedding-space.ts";
import { assumedRates, prefillTime, type Rates } from "./core/balancing/rates.ts";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import { estimatedTokens } from "./core/rag/prompt-tokens.ts";
import { prefixChain } from "./core/scheduling/prefix-chain.ts";
import { isBulk } from "./core/scheduling/work-class.ts";
import { createWorkSizes, type WorkSizes } from "./core/scheduling/work-sizes.ts";
import type {
  AttemptContext,
  LoadBalancer,
  ModelCall,
  QueuedEvent,
  Work,
} from "./load-balancer.ts";
import type { ChatMessage, NodeUsage, SamplingOptions } from "./ports/model-node.ts";
import { createOneFlight } from "./services/one-flight.ts";
import type { NodeRegistry } from "./services/node-registry.ts";

export type { ModelCall } from "./load-balancer.ts";

export interface Embeddings {
  /** One L2-normalised vector an input, in order. */
  readonly vectors: readonly (readonly number[])[];
  readonly space: EmbeddingSpace;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly options: SamplingOptions;
}

export type ChatPart =
  | QueuedEvent
  | { readonly type: "text"; readonly text: string }
  /** What came so far is void: attempt number `attempt` (from 1) begins. */
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

/** The models on the cluster's own nodes, for everyone else. */
export interface LocalModels {
  readonly chatModel: string;
  /**
   * Vectors of all inputs, computed in one space; equal texts asked at the same time are computed once.
   * @throws AppError `model_not_found`, `context_exceeded`, `deadline_exceeded`, `cluster_saturated`, `no_node_available`
   */
  embed(inputs: readonly string[], call: ModelCall): Promise<Embeddings>;
  /** Ends with `usage`. Leaving early frees the node's slot. Errors as `embed`, and `node_failed` after a second broken attempt. */
  chat(request: ChatRequest, call: ModelCall): AsyncGenerator<ChatPart, void>;
  /** Measured speed of the chat model on the slowest node. */
  chatRates(): Rates;
}

export interface LocalModelsDeps {
  readonly balancer: LoadBalancer;
  readonly registry: NodeRegistry;
  readonly now: () => number;
  readonly chatModel: string;
  readonly embedModel: string;
}

// A question gets its turn at every batch boundary, so bulk batches stay short: about 150 ms on one CPU thread (ollama-measured.md
// section 10: 192 tokens take 70 ms; the estimate lies a fifth above the truth).
const bulkBatch: BatchLimits = { items: 5, tokens: 520 };
// Two nodes share what a person waits for.
const interactiveBatch: BatchLimits = { items: 4, tokens: Number.POSITIVE_INFINITY };
const mostAttempts = 2;
const shortestFirstTokenMs = 10_000;
const shortestInterTokenMs = 10_000;
// The longest prefill that a node may run beside a stream (ollama-measured.md section 5).
const neighbourPrefillTokens = 2048;

type Vectors = readonly (readonly number[])[];

export function createLocalModels(deps: LocalModelsDeps): LocalModels {
  const { registry, chatModel, embedModel } = deps;
  const flights = createOneFlight<Vectors>();
  const sizes = createWorkSizes();

  return {
    chatModel,
    chatRates: () => registry.slowestRates(chatModel),
    async embed(inputs, call) {
      const distinct = [...new Set(inputs)];
      const batches = batchesOf(distinct, isBulk(call.class) ? bulkBatch : interactiveBatch);
      const results = await Promise.all(
        batches.map((batch) =>
          flights.join(
            `${call.class} ${JSON.stringify(batch)}`,
            (signal) => embedBatch(deps, batch, { ...call, signal }),
            call.signal,
          ),
        ),
      );
      const vectors = results.flat();
      const byText = new Map(distinct.map((text, index) => [text, vectors[index] ?? []]));
      const group = registry.embeddingGroup(embedModel);
      if (group === null) throw new AppError("model_not_found", { model: embedModel });
      const { digest, engine } = group;
      return {
        vectors: inputs.map((text) => byText.get(text) ?? []),
        space: { model: embedModel, engine, digest, dimension: vectors[0]?.length ?? 0 },
      };
    },
    async *chat(request, call) {
      const startedAt = deps.now();
      for (let attempt = 1; ; attempt += 1) {
        let began = false;
        try {
          for await (const part of chatAttempt(deps, sizes, request, call, startedAt)) {
            began ||= part.type === "text";
            yield part;
          }
          return;
        } catch (error) {
          const again = began && attempt < mostAttempts && isAppError(error, "node_failed");
          if (!again) throw error;
          yield { type: "reset", attempt: attempt + 1 };
        }
      }
    },
  };
}

async function embedBatch(
  { balancer, embedModel }: LocalModelsDeps,
  inputs: readonly string[],
  call: ModelCall,
): Promise<Vectors> {
  const estimatedPromptTokens = inputs.reduce((sum, input) => sum + estimatedTokens(input), 0);
  const work = { ...call, kind: "embedding", model: embedModel, estimatedPromptTokens } as const;
  const running = balancer.run(work, async function* (node, context) {
    const { vectors } = await node.embed({ model: embedModel, inputs }, context.signal);
    yield { type: "vectors" as const, vectors };
  });
  // Read to the end: leaving early would count as a call that was given up.
  let vectors: Vectors | undefined;
  for await (const item of running) if (item.type === "vectors") vectors = item.vectors;
  if (vectors === undefined) throw new AppError("internal", { reason: "no vectors" });
  return vectors;
}

function chatAttempt(
  { balancer, registry, chatModel, now }: LocalModelsDeps,
  sizes: WorkSizes,
  request: ChatRequest,
  call: ModelCall,
  startedAt: number,
): AsyncGenerator<ChatPart, void> {
  const { messages, options } = request;
  const sized = {
    model: chatModel,
    class: call.class,
    estimatedPromptTokens: messages.reduce(
      (sum, { content }) => sum + estimatedTokens(content) + 4,
      0,
    ),
    maxOutputTokens: options.maxTokens,
  };
  const size = sizes.predict(sized);
  const work: Work = {
    ...call,
    kind: "chat",
    model: chatModel,
    estimatedPromptTokens: size.promptTokens,
    estimatedOutputTokens: size.outputTokens,
    prefix: prefixChain(messages, size.promptTokens),
  };
  return balancer.run(work, async function* (node, context): AsyncGenerator<ChatPart, void> {
    const { nodeId } = context;
    const limits = limitsOf(size.promptTokens, context);
    let firstTokenMs: number | undefined;
    for await (const chunk of node.chat({ ...request, model: chatModel, limits }, context.signal)) {
      firstTokenMs ??= now() - startedAt;
      if (chunk.type === "text") {
        yield chunk;
        continue;
      }
      registry.reportSpeed(nodeId, chatModel, chunk.usage);
      const { usage, reason } = chunk;
      const { promptTokens, completionTokens: outputTokens } = usage;
      sizes.learn(sized, { promptTokens, outputTokens });
      yield { type: "usage", model: chatModel, nodeId, usage, firstTokenMs, reason };
    }
  });
}

interface BatchLimits {
  readonly items: number;
  readonly tokens: number;
}

/** The texts in order; a batch holds at least one, however long that is. */
function batchesOf(texts: readonly string[], limits: BatchLimits): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let tokens = 0;
  for (const text of texts) {
    const cost = estimatedTokens(text);
    const open = batches.at(-1);
    if (open === undefined || open.length >= limits.items || tokens + cost > limits.tokens) {
      batches.push([text]);
      tokens = cost;
    } else {
      open.push(text);
      tokens += cost;
    }
  }
  return batches;
}

/** Generous on purpose: a node that shares its cores is slower than it was measured, and giving it up loses all it has done. */
function limitsOf(
  promptTokens: number,
  { rates, attempt }: AttemptContext,
): { readonly firstTokenMs: number; readonly interTokenMs: number } {
  const slowest = Math.min(rates.prefillPerSecond, assumedRates.prefillPerSecond);
  const cautious = { ...rates, prefillPerSecond: slowest };
  const firstTokenMs = Math.max(shortestFirstTokenMs, 4 * prefillTime(promptTokens, cautious));
  return {
    firstTokenMs: firstTokenMs * 2 ** (attempt - 1),
    interTokenMs: shortestInterTokenMs + prefillTime(neighbourPrefillTokens, cautious),
  };
}

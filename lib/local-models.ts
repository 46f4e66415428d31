import type { EmbeddingSpace } from "./core/balancing/embedding-space.ts";
import { neverChats } from "./core/balancing/model-kind.ts";
import { sameModel } from "./core/balancing/node-view.ts";
import type { Rates } from "./core/balancing/rates.ts";
import { AppError } from "./core/errors/app-error.ts";
import { takesWork } from "./core/health/node-health.ts";
import { outputLimit } from "./core/resilience/degradation.ts";
import { estimatedTokens } from "./core/rag/prompt-tokens.ts";
import { isBulk } from "./core/scheduling/work-class.ts";
import { createWorkSizes } from "./core/scheduling/work-sizes.ts";
import type { LoadBalancer, ModelCall } from "./load-balancer.ts";
import { chatTurn, type ChatPart, type ChatRequest } from "./services/chat-turn.ts";
import type { ContinuationTests } from "./services/continuation-tests.ts";
import type { DegradationWatch } from "./services/degradation.ts";
import { createOneFlight } from "./services/one-flight.ts";
import type { NodeRegistry } from "./services/node-registry.ts";

export type { ModelCall } from "./load-balancer.ts";
export type { ChatPart, ChatRequest } from "./services/chat-turn.ts";

export interface Embeddings {
  /** One L2-normalised vector an input, in order. */
  readonly vectors: readonly (readonly number[])[];
  readonly space: EmbeddingSpace;
  /** How many different texts of the call were not computed for it. */
  readonly fromCache?: number;
}

/** The models on the cluster's own nodes, for everyone else. */
export interface LocalModels {
  readonly chatModel: string;
  readonly embedModel: string;
  /**
   * Vectors of all inputs, computed in one space; equal texts asked at the same time are computed once.
   * @throws AppError `model_not_found`, `context_exceeded`, `deadline_exceeded`, `cluster_saturated`, `no_node_available`
   */
  embed(inputs: readonly string[], call: ModelCall): Promise<Embeddings>;
  /** Ends with `usage`. A text that breaks goes on once, after `resumed` or `reset`. Leaving early frees the node's slot. Errors as `embed`, and `node_failed` after a second broken attempt. */
  chat(request: ChatRequest, call: ModelCall): AsyncGenerator<ChatPart, void>;
  /** Measured speed of the chat model on the slowest node. */
  chatRates(): Rates;
  /** Name, digest and engine of the weights behind each: other weights give other answers. */
  fingerprint(): { readonly chat: string; readonly embedder: string };
  /** What would compute vectors now; `null` while no node is known to have the model. */
  embeddingEngine(): Omit<EmbeddingSpace, "dimension"> | null;
}

export interface LocalModelsDeps {
  readonly balancer: LoadBalancer;
  readonly registry: NodeRegistry;
  readonly continuations: Pick<ContinuationTests, "passed">;
  readonly degradation: Pick<DegradationWatch, "current">;
  readonly now: () => number;
  readonly chatModel: string;
  readonly embedModel: string;
}

// A question gets its turn at every batch boundary, so bulk batches stay short: about 150 ms on one CPU thread (ollama-measured.md
// section 10: 192 tokens take 70 ms; the estimate lies a fifth above the truth).
const bulkBatch: BatchLimits = { items: 5, tokens: 520 };
// Two nodes share what a person waits for.
const interactiveBatch: BatchLimits = { items: 4, tokens: Number.POSITIVE_INFINITY };

type Vectors = readonly (readonly number[])[];

export function createLocalModels(deps: LocalModelsDeps): LocalModels {
  const { registry, chatModel, embedModel } = deps;
  const flights = createOneFlight<Vectors>();
  const sizes = createWorkSizes();

  return {
    chatModel,
    embedModel,
    chatRates: () => registry.slowestRates(chatModel),
    fingerprint: () => ({
      chat: fingerprintOf(registry, chatModel),
      embedder: fingerprintOf(registry, embedModel),
    }),
    embeddingEngine() {
      const group = registry.embeddingGroup(embedModel);
      return group && { model: embedModel, engine: group.engine, digest: group.digest };
    },
    async embed(inputs, call) {
      const mayWait = isBulk(call.class) || call.waitsForNode === true;
      if (!mayWait && !canServe(registry, embedModel)) throw new AppError("no_node_available", {});
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
    chat(request, call) {
      const { level } = deps.degradation.current();
      const maxTokens = outputLimit(level, request.options.maxTokens);
      const limited = { ...request, options: { ...request.options, maxTokens } };
      const model = level >= 2 ? smallestResident(registry, chatModel) : chatModel;
      return chatTurn({ ...deps, sizes }, model, limited, call);
    },
  };
}

const fingerprintOf = (registry: NodeRegistry, model: string): string => {
  const group = registry.embeddingGroup(model);
  return `${model} ${group?.digest ?? "none"} ${group?.engine ?? ""}`;
};

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

/** A person's search does not wait for a node: words alone find too. */
const canServe = (registry: NodeRegistry, model: string): boolean =>
  registry
    .entries()
    .some(
      ({ node, status }) =>
        takesWork(status) && registry.serves(node.id).some((name) => sameModel(name, model)),
    );

/** Of the chat models in memory on nodes that take work, the one with the fewest bytes. */
function smallestResident(registry: NodeRegistry, chatModel: string): string {
  const resident = registry
    .entries()
    .filter(({ status }) => takesWork(status))
    .flatMap(({ node, installed, loaded }) =>
      (installed ?? []).filter(
        ({ name, capabilities }) =>
          !neverChats(capabilities) &&
          registry.serves(node.id).includes(name) &&
          loaded?.some((other) => sameModel(other.name, name)),
      ),
    )
    .sort((one, other) => one.bytes - other.bytes);
  return resident[0]?.name ?? chatModel;
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

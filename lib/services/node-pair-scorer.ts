import { scoresPairs } from "../core/balancing/model-kind.ts";
import { fullModelName } from "../core/balancing/node-view.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { takesWork } from "../core/health/node-health.ts";
import { estimatedTokens } from "../core/rag/prompt-tokens.ts";
import type { LoadBalancer, ModelCall } from "../load-balancer.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelNode } from "../ports/model-node.ts";
import type { PairScorer, TextPair } from "../ports/pair-scorer.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface NodePairScorerDeps {
  readonly balancer: LoadBalancer;
  readonly registry: NodeRegistry;
  readonly clock: Clock;
}

/** Its failures count against the node: a model that cannot be run is not asked again at once. */
const restAfterFaultMs = 600_000;

/** The cross-encoder that is installed on nodes of the cluster, the first by name where there are several. */
export function createNodePairScorer({
  balancer,
  registry,
  clock,
}: NodePairScorerDeps): PairScorer {
  let restsUntil = Number.NEGATIVE_INFINITY;
  const modelNow = (): string | null => {
    const names = registry
      .entries()
      .filter(({ status }) => takesWork(status))
      .flatMap(({ node, installed }) =>
        (installed ?? [])
          .filter(({ capabilities }) => scoresPairs(capabilities))
          .filter(({ name }) => registry.serves(node.id).includes(name)),
      )
      .map(({ name }) => fullModelName(name));
    return names.sort()[0] ?? null;
  };
  return {
    fingerprint() {
      const model = modelNow();
      if (model === null) return null;
      const group = registry.embeddingGroup(model);
      return `${model} ${group?.digest ?? ""} ${group?.engine ?? ""}`;
    },
    async score(pairs, call) {
      const model = modelNow();
      if (model === null || pairs.length === 0 || clock.now() < restsUntil) return null;
      try {
        return await scoredOnOne(balancer, model, pairs, call);
      } catch (error) {
        call.signal.throwIfAborted();
        if (!isAppError(error, "deadline_exceeded")) restsUntil = clock.now() + restAfterFaultMs;
        return null;
      }
    },
  };
}

/** Pairs with one first text go together. */
async function scoredOnOne(
  balancer: LoadBalancer,
  model: string,
  pairs: readonly TextPair[],
  call: ModelCall,
): Promise<readonly number[]> {
  const estimatedPromptTokens = pairs.flat().reduce((sum, text) => sum + estimatedTokens(text), 0);
  const work = { ...call, kind: "embedding", model, estimatedPromptTokens } as const;
  const running = balancer.run(work, async function* (node, { signal }) {
    yield { type: "scores" as const, scores: await scoresOf(node, model, pairs, signal) };
  });
  // Read to the end: leaving early would count as a call that was given up.
  let scores: readonly number[] = [];
  for await (const item of running) if (item.type === "scores") scores = item.scores;
  return scores;
}

async function scoresOf(
  node: ModelNode,
  model: string,
  pairs: readonly TextPair[],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const scores = new Map<TextPair, number>();
  for (const [query, group] of Map.groupBy(pairs, ([one]) => one)) {
    const documents = group.map(([, other]) => other);
    const said = await node.rerank({ model, query, documents }, signal);
    for (const [place, pair] of group.entries()) scores.set(pair, said[place] ?? 0);
  }
  return pairs.map((pair) => scores.get(pair) ?? 0);
}

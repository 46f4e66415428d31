import { sessionStream, type StreamRequest } from "#testing/bench/proxies/request-stream.ts";
import { createPrefixCache } from "#testing/bench/paced-nodes/prefix-cache.ts";
import { startVirtualCluster } from "#testing/fakes/virtual-cluster.ts";

const pace = { prefillPerSecond: 1500, decodePerSecond: 100, loadMs: 1500, cachedPrompts: 8 };
const [nodeCount, slots] = [4, 2];

export interface SessionsResult {
  readonly meanFirstTokenMs: number;
  /** Tokens found in nodes' caches ÷ tokens that their conversations had sent before. */
  readonly found: number;
  readonly mostAtOnce: number;
}

/** The stream of `npm run bench -- cluster`, sessions; other seeds are other conversations. */
export const sessions = (seed: number): readonly StreamRequest[] =>
  sessionStream({ seed, requests: 130, perSecond: 7 }, "chat:1b", 24);

const reusableOf = (stream: readonly StreamRequest[]): number =>
  stream.reduce((sum, { reusableTokens }) => sum + reusableTokens, 0);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The product's whole engine, from a cold start: it has measured nothing yet. */
export async function sessionsWithDrover(
  stream: readonly StreamRequest[],
): Promise<SessionsResult> {
  const { clock, nodes, ask, stop } = await startVirtualCluster(nodeCount, slots, pace);
  const startedAt = clock.now();
  const firstTokens: number[] = [];
  const read = async (request: StreamRequest): Promise<void> => {
    let isFirst = true;
    for await (const part of ask(request.answerTokens, request)) {
      if (part.type !== "text" || !isFirst) continue;
      isFirst = false;
      firstTokens.push(clock.now() - startedAt - request.atMs);
    }
  };
  const reading: Promise<void>[] = [];
  for (const request of stream) {
    await clock.advance(startedAt + request.atMs - clock.now());
    reading.push(read(request));
  }
  await clock.advance(120_000);
  await Promise.all(reading);
  stop();
  const found = nodes.reduce((sum, node) => sum + node.foundTokens(), 0);
  return {
    meanFirstTokenMs: mean(firstTokens),
    found: found / reusableOf(stream),
    mostAtOnce: Math.max(...nodes.map((node) => node.mostAtOnce())),
  };
}

/** One queue, the oldest first, any free slot: a proxy with K connections a node, on the same nodes. */
export function sessionsWithQueue(stream: readonly StreamRequest[]): number {
  const nodes = Array.from({ length: nodeCount }, () => createPrefixCache(pace.cachedPrompts));
  const free = nodes.flatMap((cache) => Array.from({ length: slots }, () => ({ cache, at: 0 })));
  return mean(
    stream.map(({ atMs, prompt, answerTokens }) => {
      const [slot] = free.sort((one, other) => one.at - other.at);
      if (slot === undefined) throw new RangeError("no slot");
      const tokens = prompt.split(" ");
      const begun = Math.max(slot.at, atMs);
      const cold = tokens.length - slot.cache.shared(tokens);
      const firstAt = begun + (cold / pace.prefillPerSecond) * 1000;
      slot.cache.remember(tokens);
      slot.at = firstAt + (answerTokens / pace.decodePerSecond) * 1000;
      return firstAt - atMs;
    }),
  );
}

import { sameModel } from "../core/balancing/node-view.ts";
import { takesWork } from "../core/health/node-health.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { AttemptContext, LoadBalancer } from "../load-balancer.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContinuationStore } from "../ports/continuation-store.ts";
import type { ModelNode } from "../ports/model-node.ts";
import type { NodeEntry, NodeRegistry } from "./node-registry.ts";

/** Whether a model goes on exactly where a text was cut: what resuming a broken answer rests on. */
export interface ContinuationTests {
  /** By what is known now; `null` = not tested yet. */
  passed(nodeId: string, model: string): boolean | null;
  /** Tests each chat model once per digest and server version, when its node has nothing better to do. */
  run(signal: AbortSignal): Promise<void>;
}

export interface ContinuationTestsDeps {
  readonly balancer: LoadBalancer;
  readonly registry: NodeRegistry;
  readonly clock: Clock;
  readonly store: ContinuationStore;
  readonly chatModel: string;
}

const roundMs = 250;
/** Until the first result: a text that breaks before it begins anew. */
const firstRoundMs = 50;
const testLimitMs = 60_000;
const retryAfterMs = 60_000;
const testTokens = 24;
const shortestTokens = 6;
const prompts = [
  "Tell me about the capital of France.",
  "List the months of the year in order.",
] as const;

export function createContinuationTests(deps: ContinuationTestsDeps): ContinuationTests {
  const known = new Map<string, boolean>();
  const keyOf = (entry: NodeEntry | undefined, model: string): string | null => {
    const installed = entry?.installed?.find(({ name }) => sameModel(name, model));
    return entry === undefined || installed === undefined || entry.version === ""
      ? null
      : `${installed.digest} ${entry.version}`;
  };

  const settle = async (key: string, signal: AbortSignal): Promise<void> => {
    const [digest = "", ...version] = key.split(" ");
    const stored = { digest, version: version.join(" ") };
    const before = await deps.store.read(stored);
    if (before !== null) {
      known.set(key, before);
      return;
    }
    const result = await testOnce(deps, signal);
    if (result === null) return;
    // The balancer chose the node: what was learnt belongs to that one.
    const tested = keyOf(deps.registry.entry(result.nodeId), deps.chatModel);
    if (tested === null) return;
    known.set(tested, result.passed);
    if (tested === key) await deps.store.write(stored, result.passed);
  };

  return {
    passed(nodeId, model) {
      const key = keyOf(deps.registry.entry(nodeId), model);
      return key === null ? null : (known.get(key) ?? null);
    },
    async run(signal) {
      const triedAt = new Map<string, number>();
      while (!signal.aborted) {
        const open = untested(deps, (entry) => keyOf(entry, deps.chatModel)).filter(
          (key) =>
            !known.has(key) && deps.clock.now() - (triedAt.get(key) ?? -Infinity) > retryAfterMs,
        );
        for (const key of open) {
          triedAt.set(key, deps.clock.now());
          await settle(key, signal).catch(() => undefined);
        }
        const waitMs = known.size === 0 ? firstRoundMs : roundMs;
        await deps.clock.sleep(waitMs, signal).catch(() => undefined);
      }
    },
  };
}

/** Keys of the nodes that serve the chat model from memory now. */
const untested = (
  { registry, chatModel }: ContinuationTestsDeps,
  keyOf: (entry: NodeEntry) => string | null,
): readonly string[] => [
  ...new Set(
    registry
      .entries()
      .filter(
        (entry) =>
          takesWork(entry.status) && entry.loaded?.some(({ name }) => sameModel(name, chatModel)),
      )
      .map(keyOf)
      .filter((key) => key !== null),
  ),
];

async function testOnce(
  { balancer, clock, chatModel }: ContinuationTestsDeps,
  signal: AbortSignal,
): Promise<{ readonly nodeId: string; readonly passed: boolean } | null> {
  const work = {
    class: "prewarm",
    client: "continuation-test",
    kind: "chat",
    model: chatModel,
    estimatedPromptTokens: 200,
    deadline: milliseconds(clock.now() + testLimitMs),
    signal,
  } as const;
  const running = balancer.run(work, async function* (node, context) {
    let passed = true;
    for (const prompt of prompts)
      passed &&= await continuesExactly(node, chatModel, prompt, context);
    yield { type: "result" as const, nodeId: context.nodeId, passed };
  });
  let result: { readonly nodeId: string; readonly passed: boolean } | null = null;
  for await (const item of running) if (item.type === "result") result = item;
  return result;
}

/** Cut where a chunk ended, at temperature 0, the rest comes out word for word (ollama-measured.md section 6). */
async function continuesExactly(
  node: ModelNode,
  model: string,
  prompt: string,
  { signal }: AttemptContext,
): Promise<boolean> {
  const messages = [{ role: "user", content: prompt }] as const;
  const rendered = await node.renderPrompt({ model, messages }, signal);
  if (rendered === null) return false;
  const options = { temperature: 0, seed: 1 };
  const whole = await chunksOf(
    node.chat({ model, messages, options: { ...options, maxTokens: testTokens } }, signal),
  );
  if (whole.length < shortestTokens) return false;
  const cut = Math.floor(whole.length / 2);
  const seen = whole.slice(0, cut).join("");
  const rest = await chunksOf(
    node.continueText(
      { model, prompt: rendered + seen, options: { ...options, maxTokens: testTokens - cut } },
      signal,
    ),
  );
  return rest.join("") === whole.slice(cut).join("");
}

async function chunksOf(stream: ReturnType<ModelNode["chat"]>): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const chunk of stream) if (chunk.type === "text") texts.push(chunk.text);
  return texts;
}

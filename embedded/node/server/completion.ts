import type { Token } from "node-llama-cpp";
import type { ChatRunner } from "../engine/chat-runner.ts";
import type { ChosenLogprob, GenerateResult, TextChunk } from "../engine/generation.ts";
import type { ModelLease } from "../engine/loaded-entries.ts";
import { engineError } from "../engine/node-error.ts";
import type { CompletionOutcome, CompletionWire } from "./completion-wire.ts";
import type { NamedModel, NodeContext, Exchange } from "./node-context.ts";
import type { RunFields } from "./run-fields.ts";

export interface CompletionPlan {
  readonly named: NamedModel;
  readonly run: RunFields;
  readonly wire: CompletionWire;
  /** The prompt, shortened to the window where the route can do that by dropping messages. */
  readonly prompt: (runner: ChatRunner) => string;
}

const exceeds = (tokens: number, numCtx: number): Error =>
  engineError(
    400,
    JSON.stringify({
      error: {
        code: 400,
        message: `request (${tokens} tokens) exceeds the available context size (${numCtx} tokens), try increasing it`,
        type: "exceed_context_size_error",
        n_prompt_tokens: tokens,
        n_ctx: numCtx,
      },
    }),
  );

/** Too long a prompt keeps its start and its last half window, as measured on a real Ollama. */
const fitTokens = (
  tokens: readonly Token[],
  runner: ChatRunner,
  run: RunFields,
): readonly Token[] => {
  const { numCtx } = runner;
  if (tokens.length < numCtx) return tokens;
  if (!run.truncate) throw exceeds(tokens.length, numCtx);
  const keep = Math.min(run.options.numKeep, Math.floor(numCtx / 2));
  return [...tokens.slice(0, keep), ...tokens.slice(-Math.floor((numCtx - keep) / 2))];
};

interface Collected {
  text: string;
  logprobs: ChosenLogprob[];
}

/** Sends chunks while they come; returns what the engine counted. */
const pump = async (
  generation: AsyncGenerator<TextChunk, GenerateResult>,
  plan: CompletionPlan,
  collected: Collected,
): Promise<GenerateResult> => {
  const take = async (chunk: TextChunk): Promise<void> => {
    collected.text += chunk.text;
    collected.logprobs.push(...(chunk.logprobs ?? []));
    if (plan.run.stream) await plan.wire.piece(chunk);
  };
  try {
    let step = await generation.next();
    while (step.done !== true) {
      await take(step.value);
      step = await generation.next();
    }
    if (step.value.rest.text !== "") await take(step.value.rest);
    return step.value;
  } finally {
    await generation.return(undefined as never);
  }
};

const runOn = async (
  lease: ModelLease,
  plan: CompletionPlan,
  { signal }: Exchange,
): Promise<void> => {
  const runner = lease.runner as ChatRunner;
  const prompt = plan.prompt(runner);
  if (plan.run.renderOnly) {
    plan.wire.rendered(prompt);
    return;
  }
  const { options, shift, topLogprobs, grammar } = plan.run;
  const tokens = fitTokens(runner.tokenize(prompt), runner, plan.run);
  const request = { tokens, options, shift, topLogprobs, grammar, stop: options.stop };
  const collected: Collected = { text: "", logprobs: [] };
  const result = await pump(runner.run(request, signal), plan, collected);
  const outcome: CompletionOutcome = {
    runner,
    prompt,
    text: collected.text,
    logprobs: topLogprobs === undefined ? undefined : collected.logprobs,
    result,
    loadMs: lease.loadMs,
  };
  if (plan.run.stream) await plan.wire.end(outcome);
  else plan.wire.whole(outcome);
};

const acquire = (
  context: NodeContext,
  { named, run }: Pick<CompletionPlan, "named" | "run">,
  { signal }: Exchange,
): Promise<ModelLease> =>
  context.scheduler.acquire(
    named.model,
    { numCtx: run.options.numCtx, keepAliveMs: run.keepAliveMs },
    signal,
  );

/** Runs a prompt and answers, streaming or whole. */
export const complete = async (
  context: NodeContext,
  plan: CompletionPlan,
  exchange: Exchange,
): Promise<void> => {
  const lease = await acquire(context, plan, exchange);
  try {
    await runOn(lease, plan, exchange);
  } finally {
    lease.release();
  }
};

/** A call without a prompt loads the model, or with keep_alive 0 unloads it. */
export const loadOrUnload = async (
  context: NodeContext,
  plan: Omit<CompletionPlan, "prompt">,
  exchange: Exchange,
): Promise<void> => {
  const unloads = plan.run.keepAliveMs === 0;
  if (unloads) context.scheduler.unload(plan.named.model.name);
  else (await acquire(context, plan, exchange)).release();
  plan.wire.loaded(unloads ? "unload" : "load");
};

import type { Token } from "node-llama-cpp";
import type { ChatRunner } from "../engine/chat-runner.ts";
import type { ChosenLogprob, GenerateResult, TextChunk } from "../engine/generation.ts";
import type { ModelLease } from "../engine/loaded-entries.ts";
import { engineError } from "../engine/node-error.ts";
import type { NamedModel, NodeContext, Exchange } from "./node-context.ts";
import { goNow, nanoseconds, sendJson, sendLine } from "./reply.ts";
import type { RunFields } from "./run-fields.ts";

/** How one route words its answers. */
export interface CompletionShape {
  /** The part of a chunk that carries text: `message` or `response`. */
  readonly content: (text: string) => Readonly<Record<string, unknown>>;
  /** The same in an answer that only shows the prompt. */
  readonly noContent: Readonly<Record<string, unknown>>;
  /** Fields of the last chunk that only this route has. */
  readonly extra: (
    runner: ChatRunner,
    prompt: string,
    text: string,
  ) => Readonly<Record<string, unknown>>;
}

export interface CompletionPlan {
  readonly named: NamedModel;
  readonly run: RunFields;
  readonly shape: CompletionShape;
  readonly stop: readonly string[];
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

const countersOf = (
  result: GenerateResult,
  times: { readonly startedMs: number; readonly loadMs: number },
): Readonly<Record<string, number>> => ({
  total_duration: nanoseconds(performance.now() - times.startedMs),
  load_duration: nanoseconds(times.loadMs),
  prompt_eval_count: result.promptTokens,
  prompt_eval_cached_count: result.cachedTokens,
  prompt_eval_duration: nanoseconds(result.promptMs),
  eval_count: result.evalTokens,
  eval_duration: nanoseconds(result.evalMs),
});

interface Collected {
  text: string;
  logprobs: ChosenLogprob[];
}

const chunkLine = (
  plan: CompletionPlan,
  { text, logprobs }: TextChunk,
): Readonly<Record<string, unknown>> => ({
  model: plan.named.asked,
  created_at: goNow(),
  ...plan.shape.content(text),
  done: false,
  ...(logprobs === undefined ? {} : { logprobs }),
});

/** Sends chunks while they come; returns what the engine counted. */
const pump = async (
  generation: AsyncGenerator<TextChunk, GenerateResult>,
  plan: CompletionPlan,
  { response, signal }: Exchange,
  collected: Collected,
): Promise<GenerateResult> => {
  const take = async (chunk: TextChunk): Promise<void> => {
    collected.text += chunk.text;
    collected.logprobs.push(...(chunk.logprobs ?? []));
    if (plan.run.stream) await sendLine(response, chunkLine(plan, chunk), signal);
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
  exchange: Exchange,
): Promise<void> => {
  const runner = lease.runner as ChatRunner;
  const { asked } = plan.named;
  const prompt = plan.prompt(runner);
  if (plan.run.renderOnly) {
    const debug = { rendered_template: prompt };
    sendJson(exchange.response, 200, {
      model: asked,
      created_at: goNow(),
      ...plan.shape.noContent,
      done: false,
      _debug_info: debug,
    });
    return;
  }
  const tokens = fitTokens(runner.tokenize(prompt), runner, plan.run);
  const { options, shift, topLogprobs } = plan.run;
  const generation = runner.run(
    { tokens, options, shift, topLogprobs, stop: plan.stop },
    exchange.signal,
  );
  const collected: Collected = { text: "", logprobs: [] };
  const result = await pump(generation, plan, exchange, collected);
  const last = {
    model: asked,
    created_at: goNow(),
    ...plan.shape.content(plan.run.stream ? "" : collected.text),
    done: true,
    done_reason: result.doneReason,
    ...plan.shape.extra(runner, prompt, collected.text),
    ...(topLogprobs === undefined || plan.run.stream ? {} : { logprobs: collected.logprobs }),
    ...countersOf(result, { startedMs: exchange.startedMs, loadMs: lease.loadMs }),
  };
  if (!plan.run.stream) {
    sendJson(exchange.response, 200, last);
    return;
  }
  await sendLine(exchange.response, last, exchange.signal);
  exchange.response.end();
};

/** Runs a prompt and answers, streaming or whole. */
export const complete = async (
  context: NodeContext,
  plan: CompletionPlan,
  exchange: Exchange,
): Promise<void> => {
  const { keepAliveMs, options } = plan.run;
  const wanted = { numCtx: options.numCtx, keepAliveMs };
  const lease = await context.scheduler.acquire(plan.named.model, wanted, exchange.signal);
  try {
    await runOn(lease, plan, exchange);
  } finally {
    lease.release();
  }
};

/** A call without a prompt loads the model, or with keep_alive 0 unloads it. */
export const loadOrUnload = async (
  context: NodeContext,
  plan: Omit<CompletionPlan, "prompt" | "stop">,
  exchange: Exchange,
): Promise<void> => {
  const { keepAliveMs, options } = plan.run;
  const unloads = keepAliveMs === 0;
  if (unloads) context.scheduler.unload(plan.named.model.name);
  else
    (
      await context.scheduler.acquire(
        plan.named.model,
        { numCtx: options.numCtx, keepAliveMs },
        exchange.signal,
      )
    ).release();
  sendJson(exchange.response, 200, {
    model: plan.named.asked,
    created_at: goNow(),
    ...plan.shape.content(""),
    done: true,
    done_reason: unloads ? "unload" : "load",
  });
};

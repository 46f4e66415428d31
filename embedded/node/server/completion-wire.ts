import type { ChatRunner } from "../engine/chat-runner.ts";
import type { ChosenLogprob, GenerateResult, TextChunk } from "../engine/generation.ts";
import type { Exchange } from "./node-context.ts";
import { goNow, nanoseconds, sendJson, sendLine } from "./reply.ts";

/** A finished answer. */
export interface CompletionOutcome {
  readonly runner: ChatRunner;
  readonly prompt: string;
  readonly text: string;
  /** Undefined where none were asked for. */
  readonly logprobs: readonly ChosenLogprob[] | undefined;
  readonly result: GenerateResult;
  readonly loadMs: number;
}

/** How an API words its answers. */
export interface CompletionWire {
  /** A piece of a streamed answer. */
  readonly piece: (chunk: TextChunk) => Promise<void>;
  /** The end of a streamed answer. */
  readonly end: (outcome: CompletionOutcome) => Promise<void>;
  readonly whole: (outcome: CompletionOutcome) => void;
  /** What the model would be given, without running it. */
  readonly rendered: (prompt: string) => void;
  readonly loaded: (reason: "load" | "unload") => void;
}

/** What differs between Ollama's chat and generate. */
export interface NativeShape {
  /** The part of a chunk that carries text: `message` or `response`. */
  readonly content: (text: string) => Readonly<Record<string, unknown>>;
  /** The same in an answer that only shows the prompt. */
  readonly noContent: Readonly<Record<string, unknown>>;
  /** Fields of the last chunk that only this route has. */
  readonly extra: (outcome: CompletionOutcome) => Readonly<Record<string, unknown>>;
}

const countersOf = (
  { result, loadMs }: CompletionOutcome,
  startedMs: number,
): Readonly<Record<string, number>> => ({
  total_duration: nanoseconds(performance.now() - startedMs),
  load_duration: nanoseconds(loadMs),
  prompt_eval_count: result.promptTokens,
  prompt_eval_cached_count: result.cachedTokens,
  prompt_eval_duration: nanoseconds(result.promptMs),
  eval_count: result.evalTokens,
  eval_duration: nanoseconds(result.evalMs),
});

/** Ollama's own form: a JSON object a line, the last one with the counts. */
export const nativeWire = (
  shape: NativeShape,
  asked: string,
  { response, signal, startedMs }: Exchange,
): CompletionWire => {
  const last = (outcome: CompletionOutcome, text: string, logprobs: object): object => ({
    model: asked,
    created_at: goNow(),
    ...shape.content(text),
    done: true,
    done_reason: outcome.result.doneReason,
    ...shape.extra(outcome),
    ...logprobs,
    ...countersOf(outcome, startedMs),
  });
  return {
    piece: ({ text, logprobs }) =>
      sendLine(
        response,
        {
          model: asked,
          created_at: goNow(),
          ...shape.content(text),
          done: false,
          ...(logprobs === undefined ? {} : { logprobs }),
        },
        signal,
      ),
    end: async (outcome) => {
      await sendLine(response, last(outcome, "", {}), signal);
      response.end();
    },
    whole: (outcome) => {
      const { text, logprobs } = outcome;
      sendJson(response, 200, last(outcome, text, logprobs === undefined ? {} : { logprobs }));
    },
    rendered: (prompt) => {
      sendJson(response, 200, {
        model: asked,
        created_at: goNow(),
        ...shape.noContent,
        done: false,
        _debug_info: { rendered_template: prompt },
      });
    },
    loaded: (reason) => {
      sendJson(response, 200, {
        model: asked,
        created_at: goNow(),
        ...shape.content(""),
        done: true,
        done_reason: reason,
      });
    },
  };
};

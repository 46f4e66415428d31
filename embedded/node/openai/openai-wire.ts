import { randomInt } from "node:crypto";
import type { CompletionOutcome, CompletionWire } from "../server/completion-wire.ts";
import type { ChosenLogprob } from "../engine/generation.ts";
import type { Exchange } from "../server/node-context.ts";
import { sendEvent, sendJson } from "../server/reply.ts";

const idRange = 1000;
const fingerprint = "fp_ollama";

const now = (): number => Math.floor(Date.now() / 1000);

const usageOf = ({ result }: CompletionOutcome): object => ({
  prompt_tokens: result.promptTokens,
  prompt_tokens_details: { cached_tokens: result.cachedTokens },
  completion_tokens: result.evalTokens,
  total_tokens: result.promptTokens + result.evalTokens,
});

const logprobsOf = (content: readonly ChosenLogprob[] | undefined): object =>
  content === undefined ? {} : { logprobs: { content } };

const notHere = (): never => {
  throw new Error("The OpenAI form has no such answer.");
};

/** What both kinds of completions share: events, and an end that clients wait for. */
const streamOf = (
  { response, signal }: Exchange,
  includeUsage: boolean,
): {
  readonly send: (body: object) => Promise<void>;
  readonly end: (last: object, usage: object) => Promise<void>;
} => {
  const send = (body: object): Promise<void> => sendEvent(response, JSON.stringify(body), signal);
  return {
    send,
    end: async (last, usage) => {
      await send(last);
      if (includeUsage) await send(usage);
      await sendEvent(response, "[DONE]", signal);
      response.end();
    },
  };
};

/** `/v1/chat/completions`. */
export const openAiChatWire = (
  asked: string,
  exchange: Exchange,
  includeUsage: boolean,
): CompletionWire => {
  const id = `chatcmpl-${String(randomInt(idRange))}`;
  const stream = streamOf(exchange, includeUsage);
  const head = (object: string): object => ({
    id,
    object,
    created: now(),
    model: asked,
    system_fingerprint: fingerprint,
  });
  const chunk = (choices: readonly object[]): object => ({
    ...head("chat.completion.chunk"),
    choices,
  });
  let isFirst = true;
  return {
    piece: async ({ text, logprobs }) => {
      const delta = isFirst ? { role: "assistant", content: text } : { content: text };
      isFirst = false;
      await stream.send(chunk([{ index: 0, delta, finish_reason: null, ...logprobsOf(logprobs) }]));
    },
    end: (outcome) =>
      stream.end(chunk([{ index: 0, delta: {}, finish_reason: outcome.result.doneReason }]), {
        ...chunk([]),
        usage: usageOf(outcome),
      }),
    whole: (outcome) => {
      const message = { role: "assistant", content: outcome.text };
      const { doneReason } = outcome.result;
      sendJson(
        exchange.response,
        200,
        {
          ...head("chat.completion"),
          choices: [
            { index: 0, message, finish_reason: doneReason, ...logprobsOf(outcome.logprobs) },
          ],
          usage: usageOf(outcome),
        },
        "application/json",
      );
    },
    rendered: notHere,
    loaded: notHere,
  };
};

/** `/v1/completions`. */
export const openAiCompletionWire = (
  asked: string,
  exchange: Exchange,
  includeUsage: boolean,
): CompletionWire => {
  const id = `cmpl-${String(randomInt(idRange))}`;
  const stream = streamOf(exchange, includeUsage);
  const body = (choices: readonly object[]): object => ({
    id,
    object: "text_completion",
    created: now(),
    choices,
    model: asked,
    system_fingerprint: fingerprint,
  });
  const choice = (text: string, reason: string | null): object => ({
    text,
    index: 0,
    finish_reason: reason,
  });
  return {
    piece: ({ text }) => stream.send(body([choice(text, null)])),
    end: (outcome) =>
      stream.end(body([choice("", outcome.result.doneReason)]), {
        ...body([]),
        usage: usageOf(outcome),
      }),
    whole: (outcome) => {
      sendJson(
        exchange.response,
        200,
        {
          ...body([choice(outcome.text, outcome.result.doneReason)]),
          usage: usageOf(outcome),
        },
        "application/json",
      );
    },
    rendered: notHere,
    loaded: notHere,
  };
};

import { AppError, isAppError } from "../../core/errors/app-error.ts";
import { fromNanoseconds } from "../../core/time/milliseconds.ts";
import type {
  NodeChatRequest,
  NodeChunk,
  NodeContinueRequest,
  SamplingOptions,
} from "../../ports/model-node.ts";
import { readNdjson } from "./ndjson.ts";
import { asFault, type CallLimits, type OllamaConnection } from "./ollama-connection.ts";
import { chatLine, type LastChunk } from "./wire.ts";

// Who calls watches for silence with knowledge of the node's speed; these end only what nobody watches any more.
export const workLimits: CallLimits = { firstTokenMs: 0, interTokenMs: 300_000 };
const mostTokens = 16_384;
const longestAnswerChars = 1_048_576;

/** Text of a chat or generate call, one chunk as the node sent it, ended by exactly one `done`. */
export async function* streamText(
  connection: OllamaConnection,
  call: { readonly path: string; readonly body: () => unknown },
  signal: AbortSignal,
): AsyncGenerator<NodeChunk, void> {
  const response = await connection.stream(call.path, call.body(), workLimits, signal);
  let complete = false;
  try {
    for await (const chunk of chunksOf(
      connection,
      response.body.iterator({ destroyOnReturn: false }),
    )) {
      complete = chunk.type === "done";
      yield chunk;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isAppError(error) ? error : asFault(error, signal, connection.fault);
  } finally {
    // Reading to the end keeps the connection for the next call; destroying closes the socket, which frees the slot.
    if (complete) response.body.dump().catch(() => undefined);
    else response.body.destroy();
  }
}

async function* chunksOf(
  connection: OllamaConnection,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<NodeChunk, void> {
  let chars = 0;
  for await (const value of readNdjson(body, connection.fault)) {
    const line = chatLine.safeParse(value);
    if (!line.success) throw connection.fault("garbage", line.error);
    if ("error" in line.data) throw connection.fault("error-line", line.data.error);
    const text = line.data.message?.content ?? line.data.response ?? "";
    chars += text.length;
    if (chars > longestAnswerChars) throw connection.fault("too-much-text");
    if (text !== "") yield { type: "text", text };
    if (!line.data.done) continue;
    yield doneOf(line.data);
    return;
  }
  throw connection.fault("no-done");
}

export const chatBody = ({
  model,
  messages,
  options,
  format,
}: NodeChatRequest): Record<string, unknown> => ({
  model,
  messages,
  stream: true,
  truncate: false,
  ...(format === undefined ? {} : { format }),
  options: wireOptions(options),
});

export const continueBody = ({
  model,
  prompt,
  options,
}: NodeContinueRequest): Record<string, unknown> => ({
  model,
  prompt,
  raw: true,
  stream: true,
  truncate: false,
  options: wireOptions(options),
});

function wireOptions({ maxTokens, temperature, seed, stop }: SamplingOptions) {
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw new AppError("bad_request", { issues: ["maxTokens must be a whole number from 1"] });
  return {
    num_predict: Math.min(maxTokens, mostTokens),
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(stop === undefined ? {} : { stop }),
  };
}

const doneOf = (line: LastChunk): NodeChunk => ({
  type: "done",
  reason: line.done_reason === "length" ? "length" : "stop",
  usage: {
    promptTokens: line.prompt_eval_count,
    cachedPromptTokens: line.prompt_eval_cached_count,
    completionTokens: line.eval_count,
    loadMs: fromNanoseconds(line.load_duration),
    prefillMs: fromNanoseconds(line.prompt_eval_duration),
    decodeMs: fromNanoseconds(line.eval_duration),
    totalMs: fromNanoseconds(line.total_duration),
  },
});

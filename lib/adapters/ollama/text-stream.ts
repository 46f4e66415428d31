import { AppError, isAppError } from "../../core/errors/app-error.ts";
import { fromNanoseconds } from "../../core/time/milliseconds.ts";
import type {
  NodeChatRequest,
  NodeChunk,
  NodeContinueRequest,
  SamplingOptions,
} from "../../ports/model-node.ts";
import { createNdjsonLines } from "./ndjson.ts";
import { asFault, type CallLimits, type OllamaConnection } from "./ollama-connection.ts";
import { chatLineOf, type LastChunk } from "./wire.ts";

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
  const lines = createNdjsonLines(connection.fault);
  const chunkOf = createChunkReader(connection.fault);
  let complete = false;
  try {
    for await (const bytes of response.body.iterator({ destroyOnReturn: false }))
      for (const chunk of chunksOf(lines.read(bytes as Uint8Array), chunkOf)) {
        complete = chunk.type === "done";
        yield chunk;
        if (complete) return;
      }
    for (const chunk of chunksOf(lines.end(), chunkOf)) {
      complete = chunk.type === "done";
      yield chunk;
    }
    if (!complete) throw connection.fault("no-done");
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isAppError(error) ? error : asFault(error, signal, connection.fault);
  } finally {
    // Reading to the end keeps the connection for the next call; destroying closes the socket, which frees the slot.
    if (complete) response.body.dump().catch(() => undefined);
    else response.body.destroy();
  }
}

function* chunksOf(
  values: Iterable<unknown>,
  chunkOf: (value: unknown) => ReadChunk,
): Generator<NodeChunk, void> {
  for (const value of values) {
    const { text, done } = chunkOf(value);
    if (text !== "") yield { type: "text", text };
    if (done !== null) yield done;
  }
}

interface ReadChunk {
  readonly text: string;
  readonly done: NodeChunk | null;
}

/** Checks the lines of one answer, one after another. */
function createChunkReader(fault: OllamaConnection["fault"]): (value: unknown) => ReadChunk {
  let chars = 0;
  return (value) => {
    const line = chatLineOf(value).safeParse(value);
    if (!line.success) throw fault("garbage", line.error);
    if ("error" in line.data) throw fault("error-line", line.data.error);
    const text = line.data.message?.content ?? line.data.response ?? "";
    chars += text.length;
    if (chars > longestAnswerChars) throw fault("too-much-text");
    return { text, done: line.data.done ? doneOf(line.data) : null };
  };
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

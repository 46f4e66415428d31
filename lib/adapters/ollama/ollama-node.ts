import { AppError, isAppError } from "../../core/errors/app-error.ts";
import { fromNanoseconds } from "../../core/time/milliseconds.ts";
import type { ModelNode, NodeChatRequest, NodeChunk } from "../../ports/model-node.ts";
import { readNdjson } from "./ndjson.ts";
import {
  asFault,
  createOllamaConnection,
  type CallLimits,
  type OllamaAddress,
  type OllamaConnection,
} from "./ollama-connection.ts";
import {
  chatLine,
  embedAnswer,
  psAnswer,
  tagsAnswer,
  versionAnswer,
  type LastChunk,
} from "./wire.ts";

export interface OllamaNode extends ModelNode {
  /** Ends every connection; calls in flight fail. */
  close(): Promise<void>;
}

// Callers give their own limits through signals; these end only what nobody watches any more.
const workLimits: CallLimits = { firstTokenMs: 300_000, interTokenMs: 30_000 };
const embedLimits: CallLimits = { firstTokenMs: 30_000, interTokenMs: 10_000 };
const probeLimits: CallLimits = { firstTokenMs: 30_000, interTokenMs: 10_000 };
const loadLimits: CallLimits = { firstTokenMs: 0, interTokenMs: 30_000 };
const mostTokens = 16_384;
const longestAnswerChars = 1_048_576;

/** A node that speaks the Ollama API, over undici's own client. */
export function createOllamaNode(address: OllamaAddress): OllamaNode {
  const connection = createOllamaConnection(address);
  const probe = { probe: true, limits: probeLimits };

  return {
    id: address.id,
    chat: (request, signal) => chat(connection, request, signal),
    async embed(request, signal) {
      if (request.inputs.length === 0) return { vectors: [], promptTokens: 0 };
      const body = { model: request.model, input: request.inputs, truncate: false };
      const answer = await connection.json(
        {
          path: "/api/embed",
          schema: embedAnswer,
          body,
          limits: embedLimits,
          probe: false,
        },
        signal,
      );
      if (answer.embeddings.length !== request.inputs.length) throw connection.fault("garbage");
      return { vectors: answer.embeddings, promptTokens: answer.prompt_eval_count };
    },
    async version(signal) {
      const call = { ...probe, path: "/api/version", schema: versionAnswer };
      return (await connection.json(call, signal)).version;
    },
    async installedModels(signal) {
      const answer = await connection.json(
        { ...probe, path: "/api/tags", schema: tagsAnswer },
        signal,
      );
      return (answer.models ?? []).map((model) => ({
        name: model.name,
        digest: model.digest,
        bytes: model.size,
        capabilities: model.capabilities,
      }));
    },
    async loadedModels(signal) {
      const answer = await connection.json({ ...probe, path: "/api/ps", schema: psAnswer }, signal);
      return (answer.models ?? []).map((model) => ({
        name: model.name,
        digest: model.digest,
        expiresAt: new Date(model.expires_at),
      }));
    },
    async load(model, kind, signal) {
      const path = kind === "chat" ? "/api/generate" : "/api/embed";
      const body = { model, keep_alive: -1, ...(kind === "chat" ? { stream: false } : {}) };
      const response = await connection.stream(path, body, loadLimits, signal);
      await response.body.dump();
    },
    close: () => connection.close(),
  };
}

async function* chat(
  connection: OllamaConnection,
  request: NodeChatRequest,
  signal: AbortSignal,
): AsyncGenerator<NodeChunk, void> {
  const limits = request.limits ?? workLimits;
  const response = await connection.stream("/api/chat", chatBody(request), limits, signal);
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
    const text = line.data.message?.content ?? "";
    chars += text.length;
    if (chars > longestAnswerChars) throw connection.fault("too-much-text");
    if (text !== "") yield { type: "text", text };
    if (!line.data.done) continue;
    yield doneOf(line.data);
    return;
  }
  throw connection.fault("no-done");
}

function chatBody(request: NodeChatRequest): Record<string, unknown> {
  const { maxTokens, temperature, seed, stop } = request.options;
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw new AppError("bad_request", { issues: ["maxTokens must be a whole number from 1"] });
  return {
    model: request.model,
    messages: request.messages,
    stream: true,
    truncate: false,
    options: {
      num_predict: Math.min(maxTokens, mostTokens),
      ...(temperature === undefined ? {} : { temperature }),
      ...(seed === undefined ? {} : { seed }),
      ...(stop === undefined ? {} : { stop }),
    },
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

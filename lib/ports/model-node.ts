export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Options sent on every call; load-time options are never sent (they would reload the model). */
export interface SamplingOptions {
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** Output limit in tokens, >= 1: 0 would mean unlimited to Ollama. */
  readonly maxTokens: number;
}

export interface NodeChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly options: SamplingOptions;
  /** JSON, free or of this schema, instead of prose. */
  readonly format?: "json" | Readonly<Record<string, unknown>>;
}

/** A prompt as the model reads it, template and all: the model goes on with it. */
export interface NodeContinueRequest {
  readonly model: string;
  readonly prompt: string;
  readonly options: SamplingOptions;
}

/** What the node itself counted and timed. */
export interface NodeUsage {
  readonly promptTokens: number;
  /** Of `promptTokens`, those found in the node's prefix cache. */
  readonly cachedPromptTokens: number;
  readonly completionTokens: number;
  readonly loadMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  readonly totalMs: number;
}

export type NodeChunk =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "done"; readonly reason: "stop" | "length"; readonly usage: NodeUsage };

export interface NodeEmbedRequest {
  readonly model: string;
  readonly inputs: readonly string[];
}

export interface NodeEmbeddings {
  /** One L2-normalised vector an input, in order. */
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
}

export interface NodeRerankRequest {
  readonly model: string;
  readonly query: string;
  readonly documents: readonly string[];
}

export interface InstalledModel {
  /** Always with its tag, e.g. `all-minilm:latest`. */
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
  readonly capabilities: readonly string[];
}

export interface LoadedModel {
  readonly name: string;
  readonly digest: string;
  readonly expiresAt: Date;
}

/** How far the download of a model is. `total` is 0 until the node knows it. */
export interface PullProgress {
  readonly status: string;
  readonly completedBytes: number;
  readonly totalBytes: number;
}

/** One Ollama server. Throws AppError: `node_failed` (refused, cut, frozen, 5xx, garbage, no `done`), `model_not_found`, `context_exceeded`, `bad_request`. */
export interface ModelNode {
  readonly id: string;
  /** Ends with exactly one `done`; a stream that ends without it throws `node_failed`. Leaving early cancels upstream. */
  chat(request: NodeChatRequest, signal: AbortSignal): AsyncGenerator<NodeChunk, void>;
  /** As `chat`, from a rendered prompt. */
  continueText(request: NodeContinueRequest, signal: AbortSignal): AsyncGenerator<NodeChunk, void>;
  /** The prompt that these messages become, without running it; `null` where the server cannot say. */
  renderPrompt(
    request: Pick<NodeChatRequest, "model" | "messages">,
    signal: AbortSignal,
  ): Promise<string | null>;
  embed(request: NodeEmbedRequest, signal: AbortSignal): Promise<NodeEmbeddings>;
  /** What a cross-encoder says of the query with each document, 0 to 1, in their order. Only of models that say they `rerank`. */
  rerank(request: NodeRerankRequest, signal: AbortSignal): Promise<readonly number[]>;
  version(signal: AbortSignal): Promise<string>;
  installedModels(signal: AbortSignal): Promise<readonly InstalledModel[]>;
  loadedModels(signal: AbortSignal): Promise<readonly LoadedModel[]>;
  /** Loads a model for good (keep_alive -1) and returns when it is resident. */
  load(model: string, kind: "chat" | "embedding", signal: AbortSignal): Promise<void>;
  /** Takes a model out of memory; returns when the node has agreed, not when it is gone. */
  unload(model: string, kind: "chat" | "embedding", signal: AbortSignal): Promise<void>;
  /** Downloads a model; ends when it is installed. */
  pull(model: string, signal: AbortSignal): AsyncGenerator<PullProgress, void>;
  /** Deletes a model from the node's disk. */
  removeModel(model: string, signal: AbortSignal): Promise<void>;
}

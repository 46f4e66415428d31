import { isAppError } from "../../core/errors/app-error.ts";
import type { ModelNode, NodeRerankRequest } from "../../ports/model-node.ts";
import { manageModels } from "./model-management.ts";
import {
  createOllamaConnection,
  type CallLimits,
  type OllamaAddress,
  type OllamaConnection,
} from "./ollama-connection.ts";
import { chatBody, continueBody, streamText, workLimits } from "./text-stream.ts";
import {
  embedAnswer,
  psAnswer,
  renderedAnswer,
  rerankAnswer,
  tagsAnswer,
  versionAnswer,
} from "./wire.ts";

export interface OllamaNode extends ModelNode {
  /** Ends every connection; calls in flight fail. */
  close(): Promise<void>;
}

const embedLimits: CallLimits = { firstTokenMs: 30_000, interTokenMs: 10_000 };
const probeLimits: CallLimits = { firstTokenMs: 30_000, interTokenMs: 10_000 };

/** A node that speaks the Ollama API, over undici's own client. */
export function createOllamaNode(address: OllamaAddress): OllamaNode {
  const connection = createOllamaConnection(address);
  const probe = { probe: true, limits: probeLimits };

  return {
    id: address.id,
    chat: (request, signal) =>
      streamText(connection, { path: "/api/chat", body: () => chatBody(request) }, signal),
    continueText: (request, signal) =>
      streamText(connection, { path: "/api/generate", body: () => continueBody(request) }, signal),
    async renderPrompt({ model, messages }, signal) {
      // A server that does not know the flag answers for real: one token is the least it can be held to.
      const options = { num_predict: 1 };
      const plain = { model, messages, stream: false, truncate: false, options };
      const body = { ...plain, _debug_render_only: true };
      const call = { path: "/api/chat", schema: renderedAnswer, body, limits: workLimits };
      try {
        const answer = await connection.json({ ...call, probe: false }, signal);
        return answer._debug_info?.rendered_template ?? null;
      } catch (error) {
        if (isAppError(error, "bad_request")) return null;
        throw error;
      }
    },
    async embed(request, signal) {
      if (request.inputs.length === 0) return { vectors: [], promptTokens: 0 };
      const body = { model: request.model, input: request.inputs, truncate: false };
      const call = { path: "/api/embed", schema: embedAnswer, body, limits: embedLimits };
      const answer = await connection.json({ ...call, probe: false }, signal);
      if (answer.embeddings.length !== request.inputs.length) throw connection.fault("garbage");
      return { vectors: answer.embeddings, promptTokens: answer.prompt_eval_count };
    },
    rerank: (request, signal) => reranked(connection, request, signal),
    async version(signal) {
      const call = { ...probe, path: "/api/version", schema: versionAnswer };
      return (await connection.json(call, signal)).version;
    },
    async installedModels(signal) {
      const call = { ...probe, path: "/api/tags", schema: tagsAnswer };
      const answer = await connection.json(call, signal);
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
    ...manageModels(connection),
    close: () => connection.close(),
  };
}

async function reranked(
  connection: OllamaConnection,
  { model, query, documents }: NodeRerankRequest,
  signal: AbortSignal,
): Promise<readonly number[]> {
  if (documents.length === 0) return [];
  const body = { model, query, documents };
  const call = { path: "/v1/rerank", schema: rerankAnswer, body, limits: embedLimits };
  const { results } = await connection.json({ ...call, probe: false }, signal);
  const scores = new Map(results.map((one) => [one.index, one.relevance_score]));
  return documents.map((_, place) => {
    const score = scores.get(place);
    if (score === undefined) throw connection.fault("garbage");
    return score;
  });
}

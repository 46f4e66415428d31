import type { RankRunner } from "../engine/rank-runner.ts";
import { nodeError } from "../engine/node-error.ts";
import { findInstalled, lease } from "./embed-routes.ts";
import { parseKeepAliveMs } from "./keep-alive.ts";
import type { Route } from "./node-context.ts";
import { sendJson } from "./reply.ts";
import type { RequestFields } from "./request-shape.ts";

const notAScorer = "This model does not score pairs of texts";

const textsOf = ({ query, documents }: RequestFields): readonly [string, readonly string[]] => {
  if (typeof query !== "string") throw nodeError(400, "query must be a text");
  if (!Array.isArray(documents) || !documents.every((text) => typeof text === "string"))
    throw nodeError(400, "documents must be a list of texts");
  return [query, documents];
};

/**
 * How well each document goes with the query, 0 to 1, best first: the form that llama.cpp's server, Jina and others share. Ollama has no
 * such route.
 */
export const rerank: Route = async (context, exchange) => {
  const { fields, response, signal } = exchange;
  parseKeepAliveMs(fields["keep_alive"]);
  const [query, documents] = textsOf(fields);
  const named = await findInstalled(context, exchange);
  if (!named.model.capabilities.includes("rerank")) throw nodeError(501, notAScorer);
  const held = await lease(context, named, exchange);
  try {
    const runner = held.runner as RankRunner;
    const tokens = documents.map((document) => runner.tokensOf(query, document));
    if (tokens.some((count) => count > runner.numCtx))
      throw nodeError(400, "the input length exceeds the context length");
    const results: { index: number; relevance_score: number }[] = [];
    // One after another through the queue, so that another client's pair gets its turn in between.
    for (const [index, document] of documents.entries())
      results.push({ index, relevance_score: await runner.rank(query, document, signal) });
    const total = tokens.reduce((sum, count) => sum + count, 0);
    sendJson(response, 200, {
      model: named.asked,
      results: results.sort((one, other) => other.relevance_score - one.relevance_score),
      usage: { prompt_tokens: total, total_tokens: total },
    });
  } finally {
    held.release();
  }
};

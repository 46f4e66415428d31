import type { InstalledModel } from "../engine/installed-models.ts";
import { nodeError } from "../engine/node-error.ts";
import { chatAs } from "../server/chat-route.ts";
import { embedTexts } from "../server/embed-routes.ts";
import { generateAs } from "../server/generate-route.ts";
import type { JsonValue } from "../server/go-json.ts";
import { findModel } from "../server/node-context.ts";
import type { Route } from "../server/node-context.ts";
import { sendJson } from "../server/reply.ts";
import { wantsUsage } from "./openai-fields.ts";
import { openAiChatWire, openAiCompletionWire } from "./openai-wire.ts";

const jsonType = "application/json";

export const chatCompletions: Route = (context, exchange) =>
  chatAs(context, exchange, (asked) =>
    openAiChatWire(asked, exchange, wantsUsage(exchange.fields)),
  );

export const completions: Route = (context, exchange) =>
  generateAs(context, exchange, (asked) =>
    openAiCompletionWire(asked, exchange, wantsUsage(exchange.fields)),
  );

const textsOf = (input: JsonValue | undefined): readonly string[] => {
  if (typeof input === "string") return [input];
  if (Array.isArray(input) && input.length > 0 && input.every((one) => typeof one === "string"))
    return input;
  throw nodeError(400, "invalid input");
};

/** Numbers as clients of this API ask for them: a list, or the bytes of 32-bit floats. */
const encoded = (vector: readonly number[], format: JsonValue | undefined): unknown => {
  if (format === undefined || format === null || format === "float") return vector;
  if (format === "base64") return Buffer.from(Float32Array.from(vector).buffer).toString("base64");
  throw nodeError(400, "encoding_format must be float or base64");
};

export const embeddings: Route = async (context, exchange) => {
  const { input, encoding_format: format } = exchange.fields;
  const texts = textsOf(input);
  const answer = await embedTexts(context, exchange, texts);
  const data = answer.embeddings.map((vector, index) => ({
    object: "embedding",
    embedding: encoded(vector, format),
    index,
  }));
  const usage = { prompt_tokens: answer.tokens, total_tokens: answer.tokens };
  sendJson(exchange.response, 200, { object: "list", data, model: answer.asked, usage }, jsonType);
};

const entryOf = (model: InstalledModel, id: string): object => ({
  id,
  object: "model",
  created: Math.floor(model.modifiedMs / 1000),
  owned_by: "library",
});

export const models: Route = async (context, { response }) => {
  const list = await context.models.list();
  const data = list.length === 0 ? null : list.map((model) => entryOf(model, model.name));
  sendJson(response, 200, { object: "list", data }, jsonType);
};

export const oneModel: Route = async (context, exchange) => {
  const fields = { model: exchange.named };
  const { model, asked } = await findModel(context, fields, (_, key) => `model '${key}' not found`);
  sendJson(exchange.response, 200, entryOf(model, asked), jsonType);
};

import { engineError, nodeError } from "../engine/node-error.ts";
import { readRunOptions } from "../engine/run-options.ts";
import type { RunOptions } from "../engine/run-options.ts";
import { anyJsonGrammar, grammarOfSchema, SchemaFault } from "../grammar/json-grammar.ts";
import type { JsonSchema } from "../grammar/json-grammar.ts";
import type { JsonValue } from "./go-json.ts";
import { parseKeepAliveMs } from "./keep-alive.ts";
import type { RequestFields } from "./request-shape.ts";

/** The fields that chat and generate share, checked. */
export interface RunFields {
  readonly options: RunOptions;
  readonly keepAliveMs: number | undefined;
  readonly stream: boolean;
  readonly truncate: boolean;
  readonly shift: boolean;
  /** How many likeliest tokens to state beside each; undefined = no log probabilities asked for. */
  readonly topLogprobs: number | undefined;
  readonly renderOnly: boolean;
  /** What the text must keep to (GBNF); undefined = anything. */
  readonly grammar: string | undefined;
}

/** What can be read before the model is known. */
export type EarlyFields = Omit<RunFields, "options" | "grammar">;

const thinkLevels: readonly JsonValue[] = ["low", "medium", "high", "max"];

/** @throws NodeError 400: no model of this node can think */
export const checkThink = (asked: string, think: JsonValue | undefined): void => {
  if (think === undefined || think === false) return;
  if (think === true || thinkLevels.includes(think))
    throw nodeError(400, `${JSON.stringify(asked)} does not support thinking`);
  throw nodeError(
    400,
    'think must be a boolean or string ("high", "medium", "low", "max", true, or false)',
  );
};

const isSchema = (format: JsonValue): format is JsonSchema & Readonly<Record<string, JsonValue>> =>
  typeof format === "object" && format !== null && !Array.isArray(format);

/** As llama-server words it. */
const schemaFault = (reason: string): Error =>
  engineError(
    400,
    JSON.stringify({
      error: {
        code: 400,
        message: `Field 'json_schema': "json_schema": JSON schema conversion failed:\n${reason}`,
        type: "invalid_request_error",
      },
    }),
  );

/**
 * A grammar of what `format` asks for; undefined when it asks for nothing.
 *
 * @throws NodeError 500 for another value than "json" or a schema, 400 for a schema that no grammar can hold to
 */
export const grammarOfFormat = (format: JsonValue | undefined): string | undefined => {
  if (format === undefined || format === null || format === "") return undefined;
  if (format === "json") return anyJsonGrammar();
  if (isSchema(format)) {
    try {
      return grammarOfSchema(format);
    } catch (error) {
      if (error instanceof SchemaFault) throw schemaFault(error.message);
      throw error;
    }
  }
  const raw = JSON.stringify(format);
  throw engineError(
    500,
    `invalid format: ${JSON.stringify(raw)}; expected "json" or a valid JSON Schema object`,
  );
};

export const checkNoImages = (images: JsonValue | undefined): void => {
  if (!Array.isArray(images) || images.length === 0) return;
  throw engineError(
    400,
    JSON.stringify({
      error: {
        code: 400,
        message: "Multimodal data provided, but model does not support multimodal requests.",
        type: "invalid_request_error",
      },
    }),
  );
};

const topLogprobsOf = (fields: RequestFields): number | undefined => {
  const top = Number(fields["top_logprobs"] ?? 0);
  if (top < 0 || top > 20) throw nodeError(400, "top_logprobs must be between 0 and 20");
  return fields["logprobs"] === true ? top : undefined;
};

/** Read before the model is looked up, as Ollama's decoder does. */
export const readEarlyFields = (fields: RequestFields): EarlyFields => ({
  keepAliveMs: parseKeepAliveMs(fields["keep_alive"]),
  stream: fields["stream"] !== false,
  truncate: fields["truncate"] !== false,
  shift: fields["shift"] !== false,
  topLogprobs: topLogprobsOf(fields),
  renderOnly: fields["_debug_render_only"] === true,
});

/**
 * All of them, for a model: its own parameters hold where the request says nothing.
 *
 * @throws NodeError 500 for an option of a wrong type, 400 for a format that cannot be kept to
 */
export const readRunFields = (
  early: EarlyFields,
  fields: RequestFields,
  parameters: Readonly<Record<string, unknown>>,
): RunFields => {
  const asked = fields["options"] as Readonly<Record<string, unknown>> | undefined;
  const said = Object.entries(asked ?? {}).filter(([, value]) => value !== null);
  const options = readRunOptions({ ...parameters, ...Object.fromEntries(said) });
  const grammar = grammarOfFormat(fields["format"]);
  if (grammar !== undefined && early.topLogprobs !== undefined)
    throw nodeError(400, "logprobs together with format are not supported by this embedded node");
  return { ...early, options, grammar };
};

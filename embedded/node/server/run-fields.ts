import { engineError, nodeError } from "../engine/node-error.ts";
import { readRunOptions } from "../engine/run-options.ts";
import type { RunOptions } from "../engine/run-options.ts";
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
}

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

/** @throws NodeError for every format: grammars are not part of this node yet, and silence would be a lie */
export const checkFormat = (format: JsonValue | undefined): void => {
  if (format === undefined || format === "") return;
  if (format === "json" || (typeof format === "object" && !Array.isArray(format)))
    throw engineError(
      400,
      "format is not supported by this embedded node: use an Ollama node for structured output",
    );
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
export const readEarlyFields = (fields: RequestFields): Omit<RunFields, "options"> => ({
  keepAliveMs: parseKeepAliveMs(fields["keep_alive"]),
  stream: fields["stream"] !== false,
  truncate: fields["truncate"] !== false,
  shift: fields["shift"] !== false,
  topLogprobs: topLogprobsOf(fields),
  renderOnly: fields["_debug_render_only"] === true,
});

export const readOptions = (fields: RequestFields): RunOptions =>
  readRunOptions(fields["options"] as Readonly<Record<string, unknown>> | undefined);

import { nodeError } from "../engine/node-error.ts";
import type { JsonValue } from "../server/go-json.ts";
import type { RequestFields } from "../server/request-shape.ts";

type Fields = Readonly<Record<string, JsonValue>>;

const isObject = (value: JsonValue | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields that would change the answer and that this node cannot keep to. */
const refuseUnsupported = (fields: RequestFields): void => {
  if (Number(fields["n"] ?? 1) !== 1)
    throw nodeError(400, "n other than 1 is not supported by this embedded node");
  for (const field of ["logit_bias", "functions", "suffix", "echo", "best_of"]) {
    const value = fields[field];
    const isSaid = isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
    if (isSaid && !(field === "best_of" && value === 1))
      throw nodeError(400, `${field} is not supported by this embedded node`);
  }
};

const numberOf = (fields: RequestFields, name: string): number | undefined => {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") throw nodeError(400, `${name} must be a number`);
  return value;
};

const stopOf = (stop: JsonValue | undefined): readonly JsonValue[] | undefined => {
  if (stop === undefined || stop === null) return undefined;
  if (typeof stop === "string") return [stop];
  if (Array.isArray(stop) && stop.every((text) => typeof text === "string")) return stop;
  throw nodeError(400, "invalid type for 'stop' field");
};

const dropAbsent = (values: Readonly<Record<string, JsonValue | undefined>>): Fields =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Fields;

/** The options as Ollama takes them over: temperature and top_p are 1 here where nothing is said. */
const optionsOf = (fields: RequestFields): Fields => {
  const most = numberOf(fields, "max_completion_tokens") ?? numberOf(fields, "max_tokens");
  if (most !== undefined && most < 1) throw nodeError(400, "max_tokens must be at least 1");
  return dropAbsent({
    num_predict: most,
    temperature: numberOf(fields, "temperature") ?? 1,
    top_p: numberOf(fields, "top_p") ?? 1,
    seed: numberOf(fields, "seed"),
    frequency_penalty: numberOf(fields, "frequency_penalty"),
    presence_penalty: numberOf(fields, "presence_penalty"),
    stop: stopOf(fields["stop"]),
  });
};

const formatOf = (format: JsonValue | undefined): JsonValue | undefined => {
  if (!isObject(format) || format["type"] === "text") return undefined;
  if (format["type"] === "json_object") return "json";
  const schema = isObject(format["json_schema"]) ? format["json_schema"]["schema"] : undefined;
  if (format["type"] !== "json_schema" || !isObject(schema))
    throw nodeError(400, "response_format must be text, json_object or json_schema with a schema");
  return schema;
};

/** Texts of a content given in parts. @throws NodeError 400 for parts that are no text */
const contentOf = (content: JsonValue | undefined): string => {
  if (content === undefined || content === null) return "";
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw nodeError(400, "invalid message content type");
  const parts = content.map((part: JsonValue) => {
    if (isObject(part) && part["type"] === "text" && typeof part["text"] === "string")
      return part["text"];
    throw nodeError(400, "only text parts are supported by this embedded node");
  });
  return parts.join("");
};

const messageOf = (message: JsonValue): Fields => {
  if (!isObject(message)) throw nodeError(400, "invalid message format");
  if (isFilled(message["tool_calls"]))
    throw nodeError(400, "tool_calls are not supported by this embedded node");
  const { role } = message;
  return {
    // What newer clients call developer is what models were trained on as system.
    role: role === "developer" ? "system" : typeof role === "string" ? role : "",
    content: contentOf(message["content"]),
  };
};

const isFilled = (value: JsonValue | undefined): boolean =>
  Array.isArray(value) && value.length > 0;

const thinkOf = (effort: JsonValue | undefined): JsonValue | undefined =>
  effort === undefined || effort === null || effort === "none" ? undefined : effort;

/** A chat of the OpenAI form in Ollama's fields. @throws NodeError 400 */
export const chatFieldsOf = (fields: RequestFields): RequestFields => {
  const messages = fields["messages"];
  if (!Array.isArray(messages) || messages.length === 0)
    throw nodeError(400, "[] is too short - 'messages'");
  refuseUnsupported(fields);
  return dropAbsent({
    model: fields["model"],
    messages: (messages as readonly JsonValue[]).map(messageOf),
    stream: fields["stream"] ?? false,
    stream_options: fields["stream_options"],
    tools: fields["tools"],
    format: formatOf(fields["response_format"]),
    think: thinkOf(fields["reasoning_effort"]),
    logprobs: fields["logprobs"],
    top_logprobs: fields["top_logprobs"],
    options: optionsOf(fields),
  });
};

/** A completion of the OpenAI form in Ollama's fields of generate. @throws NodeError 400 */
export const completionFieldsOf = (fields: RequestFields): RequestFields => {
  const { prompt } = fields;
  if (typeof prompt !== "string" || prompt === "")
    throw nodeError(400, "prompt must be a text that is not empty");
  if (Number(fields["logprobs"] ?? 0) > 0)
    throw nodeError(
      400,
      "logprobs are not supported here by this embedded node: use chat completions",
    );
  refuseUnsupported(fields);
  return dropAbsent({
    model: fields["model"],
    prompt,
    stream: fields["stream"] ?? false,
    stream_options: fields["stream_options"],
    options: optionsOf(fields),
  });
};

/** Whether a stream ends with the counts. */
export const wantsUsage = (fields: RequestFields): boolean =>
  isObject(fields["stream_options"]) && fields["stream_options"]["include_usage"] === true;

import { nodeError } from "../engine/node-error.ts";
import type { JsonValue } from "./go-json.ts";

/** Go types that request fields have; a field of another JSON kind is answered as Go's decoder does. */
type Shape =
  | { readonly kind: "string" | "bool" | "int" | "any" | "map" }
  | { readonly kind: "list"; readonly typeName: string; readonly item: Shape }
  | {
      readonly kind: "struct";
      readonly typeName: string;
      readonly fields: Readonly<Record<string, Shape>>;
    };

const string: Shape = { kind: "string" };
const bool: Shape = { kind: "bool" };
const int: Shape = { kind: "int" };
const any: Shape = { kind: "any" };
const map: Shape = { kind: "map" };
const list = (typeName: string, item: Shape): Shape => ({ kind: "list", typeName, item });
const struct = (typeName: string, fields: Readonly<Record<string, Shape>>): Shape => ({
  kind: "struct",
  typeName,
  fields,
});

const images = list("[]api.ImageData", any);
const message = struct("api.Message", {
  role: string,
  content: string,
  thinking: string,
  images,
  tool_calls: list("[]api.ToolCall", any),
  tool_name: string,
  tool_call_id: string,
});
const running: Readonly<Record<string, Shape>> = {
  model: string,
  stream: bool,
  format: any,
  keep_alive: any,
  options: map,
  think: any,
  truncate: bool,
  shift: bool,
  logprobs: bool,
  top_logprobs: int,
  _debug_render_only: bool,
};

const shapes = {
  ChatRequest: struct("api.ChatRequest", {
    ...running,
    messages: list("[]api.Message", message),
    tools: list("api.Tools", any),
  }),
  GenerateRequest: struct("api.GenerateRequest", {
    ...running,
    prompt: string,
    suffix: string,
    system: string,
    template: string,
    context: list("[]int", int),
    raw: bool,
    images,
  }),
  EmbedRequest: struct("api.EmbedRequest", {
    model: string,
    input: any,
    keep_alive: any,
    truncate: bool,
    dimensions: int,
    options: map,
  }),
  EmbeddingRequest: struct("api.EmbeddingRequest", {
    model: string,
    prompt: string,
    keep_alive: any,
    options: map,
  }),
  ShowRequest: struct("api.ShowRequest", {
    model: string,
    name: string,
    verbose: bool,
    system: string,
    options: map,
  }),
  PullRequest: struct("api.PullRequest", {
    model: string,
    name: string,
    insecure: bool,
    stream: bool,
  }),
  DeleteRequest: struct("api.DeleteRequest", { model: string, name: string }),
  CopyRequest: struct("api.CopyRequest", { source: string, destination: string }),
  CreateRequest: struct("api.CreateRequest", {
    model: string,
    name: string,
    from: string,
    files: map,
    adapters: map,
    template: string,
    system: string,
    license: any,
    parameters: map,
    messages: list("[]api.Message", message),
    quantize: string,
    stream: bool,
  }),
} as const;

export type RequestKind = keyof typeof shapes;

export type RequestFields = Readonly<Record<string, JsonValue>>;

const kindOf = (value: JsonValue): string => {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
};

const goTypeOf = (shape: Shape): string => {
  switch (shape.kind) {
    case "list":
    case "struct":
      return shape.typeName;
    case "map":
      return "map[string]interface {}";
    case "string":
    case "bool":
    case "int":
    case "any":
      return shape.kind;
    default:
      return shape satisfies never;
  }
};

const fits = (shape: Shape, value: JsonValue): boolean => {
  switch (shape.kind) {
    case "any":
      return true;
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "int":
      return Number.isInteger(value);
    case "list":
      return Array.isArray(value);
    case "map":
    case "struct":
      return typeof value === "object" && !Array.isArray(value);
    default:
      return shape satisfies never;
  }
};

const describeValue = (shape: Shape, value: JsonValue): string =>
  shape.kind === "int" && typeof value === "number" ? `number ${String(value)}` : kindOf(value);

const check = (shape: Shape, value: JsonValue, root: string, path: string): void => {
  if (value === null) return;
  if (!fits(shape, value)) {
    const where = path === "" ? "Go value" : `Go struct field ${root}.${path}`;
    throw nodeError(
      400,
      `json: cannot unmarshal ${describeValue(shape, value)} into ${where} of type ${goTypeOf(shape)}`,
    );
  }
  if (shape.kind === "list")
    for (const item of value as readonly JsonValue[]) check(shape.item, item, root, path);
  if (shape.kind === "struct")
    for (const [name, inner] of Object.entries(shape.fields)) {
      const field = (value as RequestFields)[name];
      if (field !== undefined) check(inner, field, root, path === "" ? name : `${path}.${name}`);
    }
};

/** Checks a parsed body and leaves out fields that are null. @throws NodeError 400 worded like Go's decoder */
export const checkRequest = (kind: RequestKind, body: JsonValue): RequestFields => {
  check(shapes[kind], body, kind, "");
  return Object.fromEntries(
    Object.entries((body ?? {}) as RequestFields).filter(([, value]) => value !== null),
  );
};

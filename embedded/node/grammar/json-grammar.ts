import { createRules } from "./grammar-rules.ts";
import type { Rules } from "./grammar-rules.ts";
import { objectRule } from "./object-rule.ts";
import type { Member } from "./object-rule.ts";

/** A JSON schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a rule is built with. */
interface Build {
  readonly rules: Rules;
  readonly root: JsonSchema;
  /** Names of the rules that stand for a `$ref`, so that a schema may contain itself. */
  readonly references: Map<string, string>;
}

/** Raised with the sentence that llama.cpp's converter gives. */
export class SchemaFault extends Error {
  constructor(path: string, reason: string) {
    super(`JSON schema error at ${path}: ${reason}`);
    this.name = "SchemaFault";
  }
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Keywords that narrow what is allowed and that this converter cannot keep: better refused than not kept to. */
const refusedKeywords = ["pattern", "not", "if", "patternProperties", "propertyNames", "contains"];

const literal = (value: unknown): string => JSON.stringify(JSON.stringify(value));

const alternatives = (rules: readonly string[]): string => `(${rules.join(" | ")})`;

const countOf = (schema: JsonSchema, keyword: string): number | undefined => {
  const value = schema[keyword];
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
};

/** A repetition in the grammar's notation. */
const times = (least: number, most: number | undefined): string => {
  if (most === undefined) return least === 0 ? "*" : `{${String(least)},}`;
  return `{${String(least)},${String(most)}}`;
};

const formats: Readonly<Record<string, string>> = {
  date: "date-string",
  time: "time-string",
  "date-time": "date-time-string",
  uuid: "uuid-string",
};

const stringRule = (schema: JsonSchema, { rules }: Build): string => {
  const format = formats[String(schema["format"])];
  if (format !== undefined) return rules.shared(format);
  const [least, most] = [countOf(schema, "minLength"), countOf(schema, "maxLength")];
  if (least === undefined && most === undefined) return rules.shared("string");
  return rules.add("text", `"\\"" ${rules.shared("char")}${times(least ?? 0, most)} "\\"" space`);
};

const numberRule = (schema: JsonSchema, name: "number" | "integer", { rules }: Build): string => {
  const least = Math.max(
    Number(schema["minimum"] ?? -Infinity),
    Number(schema["exclusiveMinimum"] ?? -Infinity),
  );
  return rules.shared(least >= 0 ? `positive-${name}` : name);
};

const arrayRule = (schema: JsonSchema, build: Build, path: string): string => {
  const { rules } = build;
  const prefix = schema["prefixItems"] ?? (Array.isArray(schema["items"]) ? schema["items"] : null);
  if (Array.isArray(prefix)) {
    const items = prefix.map((item, index) => ruleFor(item, build, `${path}/${String(index)}`));
    return rules.add("tuple", `"[" space ${items.join(' "," space ')} "]" space`);
  }
  const item = ruleFor(schema["items"] ?? {}, build, `${path}/items`);
  const least = countOf(schema, "minItems") ?? 0;
  const most = countOf(schema, "maxItems");
  if (most === 0) return rules.add("list", `"[" space "]" space`);
  const rest = `("," space ${item})${times(Math.max(0, least - 1), most === undefined ? undefined : most - 1)}`;
  const filled = `${item} ${rest}`;
  return rules.add("list", `"[" space ${least > 0 ? filled : `(${filled})?`} "]" space`);
};

const membersOf = (schema: JsonSchema, build: Build, path: string): readonly Member[] => {
  const required = Array.isArray(schema["required"]) ? (schema["required"] as unknown[]) : [];
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  return Object.entries(properties).map(([key, value]) => ({
    key,
    rule: ruleFor(value, build, `${path}/properties/${key}`),
    required: required.includes(key),
  }));
};

const objectFor = (schema: JsonSchema, build: Build, path: string): string => {
  const extra = schema["additionalProperties"];
  const open = isSchema(extra) || extra === true;
  if (!isSchema(schema["properties"]) && !isSchema(extra))
    return extra === false
      ? build.rules.add("nothing", `"{" space "}" space`)
      : build.rules.shared("object");
  return objectRule(build.rules, membersOf(schema, build, path), {
    others: open
      ? ruleFor(isSchema(extra) ? extra : {}, build, `${path}/additionalProperties`)
      : undefined,
  });
};

const resolveReference = (reference: string, build: Build, path: string): string => {
  const known = build.references.get(reference);
  if (known !== undefined) return known;
  if (!reference.startsWith("#/") && reference !== "#")
    throw new SchemaFault(path, `unsupported reference ${reference}`);
  let target: unknown = build.root;
  for (const part of reference.split("/").slice(1)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    target = isSchema(target) && Object.hasOwn(target, key) ? target[key] : undefined;
  }
  if (target === undefined) throw new SchemaFault(path, `cannot resolve ${reference}`);
  const name = build.rules.reserve("ref");
  build.references.set(reference, name);
  build.rules.define(name, ruleFor(target, build, reference));
  return name;
};

/** One object that has everything that each part asks for. */
const merge = (parts: readonly unknown[], schema: JsonSchema, path: string): JsonSchema => {
  const own = Object.entries(schema).filter(([keyword]) => keyword !== "allOf");
  const all = [Object.fromEntries(own), ...parts];
  if (!all.every(isSchema)) throw new SchemaFault(path, "allOf holds something that is no schema");
  const objects = all as readonly JsonSchema[];
  return {
    ...(Object.assign({}, ...objects) as JsonSchema),
    properties: Object.assign({}, ...objects.map((part) => part["properties"] ?? {})) as JsonSchema,
    required: objects.flatMap((part) => (part["required"] as string[] | undefined) ?? []),
  };
};

const typed = (type: unknown, schema: JsonSchema, build: Build, path: string): string => {
  switch (type) {
    case "object":
      return objectFor(schema, build, path);
    case "array":
      return arrayRule(schema, build, path);
    case "string":
      return stringRule(schema, build);
    case "number":
    case "integer":
      return numberRule(schema, type, build);
    case "boolean":
    case "null":
      return build.rules.shared(type);
    default:
      throw new SchemaFault(path, `unrecognized type ${String(type)}`);
  }
};

const withoutType = (schema: JsonSchema, build: Build, path: string): string => {
  if ("properties" in schema || "additionalProperties" in schema)
    return objectFor(schema, build, path);
  if ("items" in schema || "prefixItems" in schema) return arrayRule(schema, build, path);
  return build.rules.shared("value");
};

const ruleFor = (schema: unknown, build: Build, path: string): string => {
  if (schema === true) return build.rules.shared("value");
  if (!isSchema(schema)) throw new SchemaFault(path, "expected an object");
  const refused = refusedKeywords.find((keyword) => keyword in schema);
  if (refused !== undefined) throw new SchemaFault(path, `unsupported keyword ${refused}`);
  if (typeof schema["$ref"] === "string") return resolveReference(schema["$ref"], build, path);
  const choice = schema["oneOf"] ?? schema["anyOf"];
  if (Array.isArray(choice))
    return alternatives(
      choice.map((item, index) => ruleFor(item, build, `${path}/${String(index)}`)),
    );
  if (Array.isArray(schema["allOf"]))
    return ruleFor(merge(schema["allOf"], schema, path), build, path);
  if ("const" in schema) return `${literal(schema["const"])} space`;
  if (Array.isArray(schema["enum"]))
    return `${alternatives(schema["enum"].map((value) => literal(value)))} space`;
  const type = schema["type"];
  if (Array.isArray(type)) return alternatives(type.map((one) => typed(one, schema, build, path)));
  return type === undefined ? withoutType(schema, build, path) : typed(type, schema, build, path);
};

/**
 * A grammar (GBNF) of the texts that a JSON schema allows; members of objects come in the schema's order.
 * After llama.cpp's common/json-schema-to-grammar.
 *
 * @throws SchemaFault for a schema that is wrong or uses what no grammar can hold to
 */
export const grammarOfSchema = (schema: JsonSchema): string => {
  const rules = createRules();
  const build: Build = { rules, root: schema, references: new Map() };
  rules.define("root", ruleFor(schema, build, "#"));
  return rules.text();
};

/** A grammar of any JSON object: what `format: "json"` asks for. */
export const anyJsonGrammar = (): string => {
  const rules = createRules();
  rules.define("root", rules.shared("object"));
  return rules.text();
};

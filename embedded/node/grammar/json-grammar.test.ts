import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { beforeAll, describe, expect, it } from "vitest";
import type { Llama } from "node-llama-cpp";
import { anyJsonGrammar, grammarOfSchema, SchemaFault } from "./json-grammar.ts";

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer", minimum: 0 } },
  required: ["name"],
};

describe("grammarOfSchema", () => {
  let llama: Llama;
  beforeAll(async () => {
    llama = await getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.error,
    });
  });

  const schemas: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["an object with optional members", person],
    ["optional members only", { ...person, required: [] }],
    ["further members", { ...person, additionalProperties: { type: "number" } }],
    ["no members", { type: "object", properties: {}, additionalProperties: false }],
    ["a list with limits", { type: "array", items: { type: "string" }, minItems: 1, maxItems: 3 }],
    ["a list of nothing", { type: "array", maxItems: 0 }],
    ["a tuple", { type: "array", prefixItems: [{ type: "string" }, { type: "null" }] }],
    ["alternatives", { anyOf: [{ type: "boolean" }, { type: ["string", "null"] }] }],
    ["fixed values", { enum: ['a"b', 3, null] }],
    ["one value", { const: { a: [1] } }],
    ["parts put together", { allOf: [person, { properties: { b: {} }, required: ["b"] }] }],
    ["text of a length", { type: "string", minLength: 2, maxLength: 5 }],
    ["forms of text", { type: "array", items: { type: "string", format: "date-time" } }],
    [
      "a schema that contains itself",
      {
        $ref: "#/$defs/tree",
        $defs: {
          tree: {
            type: "object",
            properties: { children: { type: "array", items: { $ref: "#/$defs/tree" } } },
          },
        },
      },
    ],
  ];

  it.each(schemas)("makes a grammar that the engine takes, for %s", async (_, schema) => {
    const grammar = await llama.createGrammar({ grammar: grammarOfSchema(schema) });
    expect(grammar.rootRuleName).toBe("root");
  });

  it("makes one for any object", async () => {
    await expect(llama.createGrammar({ grammar: anyJsonGrammar() })).resolves.toMatchObject({
      rootRuleName: "root",
    });
  });

  it("keeps to the order of the schema, and knows which members must be there", () => {
    const grammar = grammarOfSchema(person);
    expect(grammar).toContain(`pair-1 ::= "\\"name\\"" space ":" space string`);
    expect(grammar).toMatch(/"\{" space pair-1 \("," space \(pair-2\)\)\? "\}" space/);
  });

  it.each([
    [{ type: "nonsense" }, "JSON schema error at #: unrecognized type nonsense"],
    [{ type: "string", pattern: "a+" }, "JSON schema error at #: unsupported keyword pattern"],
    [
      { type: "object", properties: { a: { $ref: "#/none" } } },
      "JSON schema error at #/properties/a: cannot resolve #/none",
    ],
    [{ $ref: "other.json" }, "JSON schema error at #: unsupported reference other.json"],
  ])("refuses %o rather than keeping to less", (schema, message) => {
    expect(() => grammarOfSchema(schema)).toThrow(SchemaFault);
    expect(() => grammarOfSchema(schema)).toThrow(message);
  });
});

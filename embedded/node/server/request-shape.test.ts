import { describe, expect, it } from "vitest";
import type { JsonValue } from "./go-json.ts";
import { checkRequest } from "./request-shape.ts";
import type { RequestKind } from "./request-shape.ts";

const cases: readonly (readonly [RequestKind, JsonValue, string])[] = [
  [
    "ChatRequest",
    { messages: "x" },
    "string into Go struct field ChatRequest.messages of type []api.Message",
  ],
  [
    "ChatRequest",
    { messages: ["x"] },
    "string into Go struct field ChatRequest.messages of type api.Message",
  ],
  [
    "ChatRequest",
    { messages: [{ content: 5 }] },
    "number into Go struct field ChatRequest.messages.content of type string",
  ],
  ["ChatRequest", { stream: "yes" }, "string into Go struct field ChatRequest.stream of type bool"],
  [
    "GenerateRequest",
    { context: ["a"] },
    "string into Go struct field GenerateRequest.context of type int",
  ],
  [
    "EmbedRequest",
    { dimensions: 1.5 },
    "number 1.5 into Go struct field EmbedRequest.dimensions of type int",
  ],
  [
    "ShowRequest",
    { options: [] },
    "array into Go struct field ShowRequest.options of type map[string]interface {}",
  ],
  ["ChatRequest", [], "array into Go value of type api.ChatRequest"],
];

describe("checkRequest", () => {
  it.each(cases)("answers 400 for a wrong type in %s %j", (kind, body, rest) => {
    const message = `json: cannot unmarshal ${rest}`;
    expect(() => checkRequest(kind, body)).toThrow(
      expect.objectContaining({ status: 400, message }) as Error,
    );
  });

  it("takes null as not sent and lets unknown fields through", () => {
    expect(checkRequest("ChatRequest", { model: "a", stream: null, extra: 1 })).toEqual({
      model: "a",
      extra: 1,
    });
    expect(checkRequest("ChatRequest", null)).toEqual({});
  });
});

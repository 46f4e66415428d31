import { describe, expect, it } from "vitest";
import { parseModelName } from "./model-name.ts";

describe("parseModelName", () => {
  it.each([
    ["all-minilm", "all-minilm:latest"],
    ["SmolLM2:135M", "smollm2:135m"],
    ["library/smollm2:135m", "smollm2:135m"],
    ["registry.ollama.ai/library/smollm2:135m", "smollm2:135m"],
    ["me/model", "me/model:latest"],
    ["example.org/me/model:1", "example.org/me/model:1"],
  ])("reads %s as %s", (name, key) => {
    expect(parseModelName(name).key).toBe(key);
  });

  it("knows the full name that error texts use", () => {
    expect(parseModelName("smollm2:135m").full).toBe("registry.ollama.ai/library/smollm2:135m");
  });

  it.each(["a b/c d::", "x:", ":x", "a/b/c/d", "../x"])("refuses %s", (name) => {
    expect(() => parseModelName(name)).toThrow(
      expect.objectContaining({ status: 400, message: "invalid model name" }) as Error,
    );
  });

  it.each(["gpt-oss:120b-cloud", "x:cloud"])("never goes to a cloud: %s", (name) => {
    expect(() => parseModelName(name)).toThrow(expect.objectContaining({ status: 403 }) as Error);
  });
});

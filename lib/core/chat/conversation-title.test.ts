import { describe, expect, it } from "vitest";
import { conversationTitle } from "./conversation-title.ts";

describe("conversationTitle", () => {
  it("is the first line, with its spaces tidied", () => {
    expect(conversationTitle("  What   is\tnew?\nAnd why?")).toBe("What is new?");
  });

  it("is cut at a word, never inside a character", () => {
    const title = conversationTitle("How many ".repeat(20));
    expect(title.endsWith(" many…") || title.endsWith(" How…")).toBe(true);
    expect(Array.from(title).length).toBeLessThanOrEqual(80);
    expect(conversationTitle("🙂".repeat(200)).isWellFormed()).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { answerPolicyOf } from "./answer-policy.ts";

const collection = (id: string, answerMode: "strict" | "open", refusalText = "") => ({
  id,
  answerMode,
  refusalText,
});

describe("answerPolicyOf", () => {
  it("is strict as soon as one of the searched collections is", () => {
    const both = [collection("a", "open"), collection("b", "strict")];
    expect(answerPolicyOf(both, []).mode).toBe("strict");
    expect(answerPolicyOf(both, ["a"]).mode).toBe("open");
    expect(answerPolicyOf([], []).mode).toBe("strict");
  });
  it("has a refusal text only when those that have one agree", () => {
    const some = [collection("a", "strict", "Ask Ann."), collection("b", "strict")];
    expect(answerPolicyOf(some, []).refusalText).toBe("Ask Ann.");
    expect(answerPolicyOf([...some, collection("c", "strict", "Ask Bob.")], []).refusalText).toBe(
      "",
    );
    expect(answerPolicyOf(some, ["b"]).refusalText).toBe("");
  });
});

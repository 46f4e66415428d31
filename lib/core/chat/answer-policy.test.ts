import { describe, expect, it } from "vitest";
import { answerPolicyOf } from "./answer-policy.ts";

const collection = (answerMode: "strict" | "open", refusalText = "") => ({
  answerMode,
  refusalText,
});

describe("answerPolicyOf", () => {
  it("is strict as soon as one of the searched collections is", () => {
    expect(answerPolicyOf([collection("open"), collection("strict")]).mode).toBe("strict");
    expect(answerPolicyOf([collection("open")]).mode).toBe("open");
    expect(answerPolicyOf([]).mode).toBe("strict");
  });
  it("has a refusal text only when those that have one agree", () => {
    const some = [collection("strict", "Ask Ann."), collection("strict")];
    expect(answerPolicyOf(some).refusalText).toBe("Ask Ann.");
    expect(answerPolicyOf([...some, collection("strict", "Ask Bob.")]).refusalText).toBe("");
    expect(answerPolicyOf([collection("strict")]).refusalText).toBe("");
  });
});

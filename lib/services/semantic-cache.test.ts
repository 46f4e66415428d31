import { describe, expect, it } from "vitest";
import { exactText, scopeText, type AnswerScope } from "../core/cache/answer-key.ts";
import type { AskedQuestion } from "./asked-question.ts";
import { replayAnswer } from "./replay-answer.ts";
import type { CacheQuestion } from "./semantic-cache.ts";
import { emptyAnswer } from "../core/chat/fold-answer.ts";

/** A new field does not compile until it is said here what it does to the cache. */
const askedFields: Readonly<
  Record<keyof Required<AskedQuestion>, "key" | "bypass" | "changes nothing">
> = {
  answerId: "changes nothing",
  question: "key",
  collectionIds: "key",
  history: "bypass",
  asksAgain: "bypass",
  onlyKept: "changes nothing",
  isPrewarm: "changes nothing",
};
const cacheFields: Readonly<Record<keyof CacheQuestion, "key" | "bypass" | "changes nothing">> = {
  answerId: "changes nothing",
  question: "key",
  collectionIds: "key",
  standsAlone: "bypass",
  usesHistory: "bypass",
  asksAgain: "bypass",
  instructions: "key",
  isPrewarm: "changes nothing",
};

describe("the key of a kept answer", () => {
  const scope: AnswerScope = {
    workspaceId: "w",
    collectionIds: ["a", "b"],
    readableCollectionIds: ["a", "b"],
    chatModel: "m 1",
    embedder: "e 1",
    answerVersion: "1",
    prompts: "p 1",
    instructions: "",
  };

  it("differs with everything that can change the answer", () => {
    const changes: { readonly [K in keyof AnswerScope]: AnswerScope[K] } = {
      workspaceId: "v",
      collectionIds: ["a"],
      readableCollectionIds: ["a"],
      chatModel: "m 2",
      embedder: "e 2",
      answerVersion: "2",
      prompts: "p 2",
      instructions: "Be brief.",
    };
    const texts = Object.entries(changes).map(([field, value]) =>
      scopeText({ ...scope, [field]: value }),
    );
    expect(new Set([scopeText(scope), ...texts]).size).toBe(Object.keys(scope).length + 1);
    const reordered = { ...scope, collectionIds: ["b", "a"], readableCollectionIds: ["b", "a"] };
    expect(scopeText(reordered)).toBe(scopeText(scope));
  });

  it("counts every field of a question in, forbids the cache by it, or says that it changes nothing", () => {
    const keyed = Object.entries(askedFields).filter(([, use]) => use === "key");
    expect(keyed.map(([field]) => field)).toEqual(["question", "collectionIds"]);
    expect(Object.keys(cacheFields)).toEqual(expect.arrayContaining(["standsAlone", "asksAgain"]));
  });

  it("takes case, spacing and closing marks for nothing, and every word and number for something", () => {
    expect(exactText("  How  long is IT? ")).toBe(exactText("how long is it"));
    expect(exactText("أين يقع النهر؟")).toBe(exactText("أين يقع النهر"));
    const distinct = ["What is 5!", "What is 5?", "What is -5?", "What is C?", "What is C#?"];
    expect(new Set(distinct.map(exactText)).size).toBe(distinct.length);
  });
});

describe("replayAnswer", () => {
  it("says how old it is and where it comes from", () => {
    const entry = {
      entryId: "e",
      question: "q",
      answer: emptyAnswer,
      answerKey: "k",
      cited: [],
      rankedChunkIds: [],
      generations: new Map<string, number>(),
      source: "asked",
      createdAt: new Date("2026-01-01T00:00:00Z"),
      costMs: 1,
      costTokens: 1,
    } as const;
    const ages = ["2026-01-01T00:00:40Z", "2026-01-01T00:01:00Z", "2026-01-03T05:00:00Z"].map(
      (now) => {
        const events = [...replayAnswer(entry, "a", new Date(now))];
        const notice = events.find((event) => event.type === "notice");
        return notice?.message.split(",")[0];
      },
    );
    expect(ages).toEqual([
      "This question was answered before: less than a minute ago",
      "This question was answered before: 1 minute ago",
      "This question was answered before: 2 days ago",
    ]);
  });
});

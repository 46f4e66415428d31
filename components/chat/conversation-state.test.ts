import { describe, expect, it } from "vitest";

import type { StoredTurn } from "#components/api/shapes.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";

import {
  addAsked,
  askedTurn,
  emptyConversation,
  loadingConversation,
  mergeStored,
  openedConversation,
  runningTurn,
  type ConversationState,
} from "./conversation-state.ts";
import { newAnswer } from "./live-answer.ts";

const conversation = {
  id: "c",
  title: "Gate",
  collectionIds: ["one"],
  createdAt: "2026-03-12T09:00:00Z",
  pinned: false,
  archived: false,
  updatedAt: "2026-03-12T09:00:00Z",
};

const stored = (answerId: string, more: Partial<StoredTurn> = {}): StoredTurn => ({
  answerId,
  turn: 1,
  siblings: [answerId],
  question: `question of ${answerId}`,
  outcome: "complete",
  snapshot: { ...emptyAnswer, outcome: "complete" },
  rating: null,
  startedAt: "2026-03-12T09:00:00Z",
  endedAt: "2026-03-12T09:00:02Z",
  ...more,
});

const holding = (...turns: ConversationState["turns"]): ConversationState => ({
  ...emptyConversation,
  turns,
});

describe("openedConversation", () => {
  const opened = { conversation, turns: [stored("b")], isWhole: false, blocks: {} };

  it("is a part, to which the rest is added without anything on the page becoming another", () => {
    const part = openedConversation(opened);
    expect(part).toMatchObject({ phase: "ready", isPart: true, title: "Gate" });
    const whole = mergeStored(part, conversation, [stored("a"), stored("b")]);
    expect(whole).toMatchObject({ key: part.key, isPart: false });
    expect(whole.turns.map(({ key }) => key)).toEqual(["a", "b"]);
    expect(whole.turns[1]).toBe(part.turns[0]);
  });

  it("is no part when there is nothing else to be read", () => {
    expect(openedConversation({ ...opened, isWhole: true }).isPart).toBe(false);
  });
});

describe("the key of a conversation on the page", () => {
  it("stays while a new chat gets its id and its stored turns, and differs from another chat's", () => {
    const asked = addAsked(emptyConversation, askedTurn("asked-1", "q", 0));
    const merged = mergeStored(asked, conversation, [stored("a")]);
    expect([asked.key, merged.key]).toEqual(["asked-1", "asked-1"]);
    expect(addAsked(merged, askedTurn("asked-2", "q", 0)).key).toBe("asked-1");
    expect(mergeStored(loadingConversation, conversation, [stored("a")]).key).toBe("c");
  });
});

describe("mergeStored", () => {
  it("keeps the events of a running answer that this page has folded already", () => {
    const live = { ...newAnswer, seq: 7, snapshot: { ...emptyAnswer, openText: "The gate" } };
    const before = holding({ ...askedTurn("k1", "q", 0), answerId: "a", live });
    const running = stored("a", { outcome: "running", snapshot: null, endedAt: null });
    const [turn] = mergeStored(before, conversation, [running]).turns;
    expect(turn?.live).toBe(live);
  });

  it("takes the stored answer once it has ended, under the key of the first paint", () => {
    const before = holding({ ...askedTurn("k1", "q", 0), answerId: "a" });
    const [turn] = mergeStored(before, conversation, [stored("a", { rating: "up" })]).turns;
    expect(turn).toMatchObject({
      key: "k1",
      rating: "up",
      endedAtMs: Date.parse("2026-03-12T09:00:02Z"),
    });
    expect(turn?.live.snapshot.outcome).toBe("complete");
  });

  it("does not lose a question that the server has not accepted yet", () => {
    const before = holding(askedTurn("k2", "waiting", 0));
    const merged = mergeStored(before, conversation, [stored("a")]);
    expect(merged.turns.map(({ question }) => question)).toEqual(["question of a", "waiting"]);
    expect(merged).toMatchObject({ phase: "ready", title: "Gate", collectionIds: ["one"] });
  });
});

describe("runningTurn", () => {
  it("is the last turn from the moment it was asked", () => {
    expect(runningTurn(holding(askedTurn("k", "q", 0)))?.key).toBe("k");
  });

  it("is none after the answer ended, when the question was not accepted, or in an empty chat", () => {
    const ended = mergeStored(emptyConversation, conversation, [stored("a")]);
    expect(runningTurn(ended)).toBeNull();
    const failure = {
      code: "offline",
      message: "",
      requestId: null,
      status: 0,
      retryAfterMs: null,
      issues: [],
    };
    expect(runningTurn(holding({ ...askedTurn("k", "q", 0), failure }))).toBeNull();
    expect(runningTurn(emptyConversation)).toBeNull();
  });
});

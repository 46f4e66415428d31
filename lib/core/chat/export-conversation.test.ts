import { describe, expect, it } from "vitest";
import type { Source } from "./events.ts";
import { conversationAsJson, conversationAsMarkdown } from "./export-conversation.ts";
import { emptyAnswer } from "./fold-answer.ts";

const source: Source = {
  citation: 1,
  chunkId: "k",
  documentId: "d",
  versionId: "v",
  documentTitle: "Plan",
  collectionId: "c",
  collectionName: "Staff",
  headingPath: [],
  page: 4,
  charStart: 0,
  charEnd: 9,
  text: "",
  score: 1,
};

const conversation = { title: "Tides\n# and times", createdAt: new Date(0) };
const turns = [
  {
    question: "When\n# is it?",
    outcome: "complete",
    startedAt: new Date(0),
    snapshot: {
      ...emptyAnswer,
      outcome: "complete" as const,
      sources: [source],
      quotes: [{ citation: 1, text: "At\nnine.", charStart: 0, charEnd: 9 }],
      sentences: [
        { text: "At nine.", citations: [1], supported: true },
        { text: "Or ten.", citations: [], supported: false },
        { text: "", citations: [], supported: false, withheld: true as const },
        { text: "\n- So it is.", citations: [1], supported: true },
      ],
    },
  },
];

describe("conversationAsMarkdown", () => {
  it("keeps questions on one line, quotes as quotes, and leaves out what nothing supports", () => {
    expect(conversationAsMarkdown(conversation, turns)).toBe(
      [
        "# Tides # and times",
        "## When # is it?",
        "> At\n> nine. [1]",
        "At nine. [1]",
        "_A sentence is not shown: it rests on documents that you cannot read now._",
        "\n- So it is. [1]",
        "Sources:\n\n1. Plan · page 4 · Staff\n",
      ].join("\n\n"),
    );
  });
});

describe("conversationAsJson", () => {
  it("can be read again", () => {
    const read = JSON.parse(conversationAsJson(conversation, turns)) as Record<string, unknown>;
    expect(read).toMatchObject({
      title: "Tides\n# and times",
      turns: [{ question: "When\n# is it?", sources: [{ documentTitle: "Plan", page: 4 }] }],
    });
  });
});

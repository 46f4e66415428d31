import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import type { Block } from "#components/markdown/markdown-tree.ts";
import { parseMarkdown } from "#components/markdown/parse-markdown.ts";
import { completePartial } from "#components/markdown/partial-markdown.ts";
import { markSentences, type MarkedSentence } from "#components/markdown/sentence-marks.ts";

import { withoutMarks } from "./answer-words.ts";

/** The markdown that a model wrote so far, with its sentences marked. */
export const markedText = ({ sentences, openText, outcome }: AnswerSnapshot): string => {
  const settled = sentences.map(({ text, supported }): MarkedSentence => ({
    text: withoutMarks(text),
    state: supported ? "settled" : "folded",
  }));
  const open = outcome === "running" ? withoutMarks(openText) : "";
  if (open.trim() === "") return markSentences(settled);
  return completePartial(markSentences([...settled, { text: open, state: "open" }]));
};

/** What a finished answer says, read once and for all; nothing where a model wrote nothing. */
export const writtenBlocks = (snapshot: AnswerSnapshot): readonly Block[] => {
  const text = markedText(snapshot);
  return text.trim() === "" ? [] : parseMarkdown(text);
};

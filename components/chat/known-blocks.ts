import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import type { Block } from "#components/markdown/markdown-tree.ts";

/** Texts that the server has read already: a page that opens with them needs no reader of markdown before the next question. */
const known = new WeakMap<AnswerSnapshot, readonly Block[]>();

export const keepBlocks = (snapshot: AnswerSnapshot, blocks: readonly Block[]): void => {
  known.set(snapshot, blocks);
};

export const knownBlocks = (snapshot: AnswerSnapshot): readonly Block[] | undefined =>
  known.get(snapshot);

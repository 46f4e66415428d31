"use client";

import type { ReactElement } from "react";

import type { Collection, OpenedChat } from "#components/api/shapes.ts";

import { FormattingContext } from "./answer-text.tsx";
import { ChatPage } from "./chat-page.tsx";
import { knownBlocks } from "./known-blocks.ts";
import { WrittenBlocks, type Part } from "./written-blocks.tsx";

const format = (part: Part): ReactElement | null => {
  const blocks = knownBlocks(part.snapshot);
  return blocks === undefined ? null : <WrittenBlocks {...part} blocks={blocks} />;
};

/** A chat whose newest turns come with the page. */
export const OpenedChatPage = ({
  known,
  opened,
}: {
  readonly known: readonly Collection[];
  readonly opened: OpenedChat;
}): ReactElement => (
  <FormattingContext value={format}>
    <ChatPage known={known} opened={opened} />
  </FormattingContext>
);

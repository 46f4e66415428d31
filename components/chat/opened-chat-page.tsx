"use client";

import type { ComponentProps, ReactElement } from "react";

import type { Collection, OpenedChat } from "#components/api/shapes.ts";

import { FormattingContext } from "./answer-text.tsx";
import { ChatPage } from "./chat-page.tsx";
import { WrittenAnswer } from "./written-answer.tsx";

const format = (answer: ComponentProps<typeof WrittenAnswer>): ReactElement => (
  <WrittenAnswer {...answer} />
);

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

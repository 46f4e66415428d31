"use client";

import { useEffect, useState, type ReactElement } from "react";

import { chatApi } from "#components/api/chat-endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import type { SharedConversation } from "#components/api/shapes.ts";
import { Notice } from "#components/ui/notice.tsx";
import { sayExactly } from "#components/ui/time-words.ts";
import { forgetViewer } from "#components/viewer/viewer-state.ts";

import { storedTurn } from "./conversation-state.ts";
import css from "./shared-chat.module.css";
import { loadFormatting } from "./answer-text.tsx";
import { Turn } from "./turn.tsx";
import { words } from "./words.ts";

type Shared =
  | { readonly kind: "loading" }
  | { readonly kind: "there"; readonly shared: SharedConversation }
  | { readonly kind: "failed"; readonly failure: Failure };

const useShared = (id: string): Shared => {
  const [state, setState] = useState<Shared>({ kind: "loading" });
  useEffect(() => {
    forgetViewer();
    Promise.all([chatApi.shared(id), loadFormatting()]).then(
      ([{ shared }]) => {
        setState({ kind: "there", shared });
      },
      (error: unknown) => {
        setState({ kind: "failed", failure: failureOf(error) });
      },
    );
  }, [id]);
  return state;
};

const nothing = (): void => undefined;

/** A chat as its link shows it: to be read, with the evidence that this reader may see. */
export const SharedChat = ({ id }: { readonly id: string }): ReactElement => {
  const state = useShared(id);
  if (state.kind === "loading") {
    return (
      <p className={css["column"]} role="status">
        {`${words.loading}…`}
      </p>
    );
  }
  if (state.kind === "failed") {
    const missing = state.failure.code === "not_found";
    return (
      <div className={css["column"]}>
        <Notice tone="bad" code={missing ? null : state.failure.requestId}>
          {missing ? words.sharedGone : state.failure.message}
        </Notice>
      </div>
    );
  }
  const { title, sharedBy, createdAt, turns } = state.shared;
  return (
    <div className={css["scroll"]} tabIndex={0} role="region" aria-label={words.transcript}>
      <div className={css["column"]}>
        <header className={css["head"]}>
          <h1 dir="auto">{title}</h1>
          <p>
            {words.sharedBy(sharedBy)} · {sayExactly(Date.parse(createdAt))}
          </p>
          <p>{words.sharedHint}</p>
        </header>
        {turns.map((turn) => (
          <Turn
            key={turn.answerId}
            conversationId=""
            turn={storedTurn(turn)}
            searched={[]}
            mayAsk={false}
            readOnly
            onAskAgain={nothing}
            onResend={nothing}
          />
        ))}
      </div>
    </div>
  );
};

"use client";

import { useEffect, useState, type ReactElement } from "react";

import { chatApi, sharePath } from "#components/api/chat-endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import type { Conversation, ConversationShare } from "#components/api/shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { sayExactly } from "#components/ui/time-words.ts";
import { showToast } from "#components/ui/toast.tsx";

import css from "./share-dialog.module.css";
import { words } from "./words.ts";

const copyLink = async (shareId: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(`${location.origin}${sharePath(shareId)}`);
    showToast(words.linkCopied);
  } catch {
    showToast(words.copyFailed);
  }
};

const sayFailure = (error: unknown): void => {
  showToast(failureOf(error).message);
};

/** The links of a chat: made, copied and ended here. */
export const ShareDialog = ({
  conversation,
  onClose,
}: {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}): ReactElement => {
  const [shares, setShares] = useState<readonly ConversationShare[] | null>(null);
  useEffect(() => {
    chatApi.shares(conversation.id).then((answer) => {
      setShares(answer.shares);
    }, sayFailure);
  }, [conversation.id]);
  const make = async (): Promise<void> => {
    const { share } = await chatApi.share(conversation.id);
    setShares((known) => [share, ...(known ?? [])]);
    await copyLink(share.id);
  };
  const revoke = async (id: string): Promise<void> => {
    await chatApi.revokeShare(id);
    setShares((known) => (known ?? []).filter((share) => share.id !== id));
  };
  return (
    <Dialog title={words.shareTitle} onClose={onClose}>
      <p>{words.shareText}</p>
      {shares?.length === 0 ? <p className={css["none"]}>{words.noLinks}</p> : null}
      <ul className={css["links"]}>
        {(shares ?? []).map((share) => (
          <li key={share.id} className={css["link"]}>
            <a href={sharePath(share.id)} className={css["address"]}>
              {sharePath(share.id)}
            </a>
            <span className={css["when"]}>
              {words.linkMade(sayExactly(Date.parse(share.createdAt)))}
            </span>
            <IconButton
              icon="copy"
              label={words.copyLink}
              onClick={() => void copyLink(share.id)}
            />
            <IconButton
              icon="trash"
              label={words.revokeLink}
              onClick={() => void revoke(share.id).catch(sayFailure)}
            />
          </li>
        ))}
      </ul>
      <DialogFoot>
        <Button look="primary" onClick={() => void make().catch(sayFailure)}>
          {words.makeLink}
        </Button>
      </DialogFoot>
    </Dialog>
  );
};

"use client";

import { useState, type ReactElement } from "react";

import type { Conversation } from "#components/api/shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";

import { changeConversation } from "./conversations.ts";
import { words } from "./words.ts";

const longestTitle = 120;

export const RenameDialog = ({
  conversation,
  onClose,
}: {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}): ReactElement => {
  const [title, setTitle] = useState(conversation.title);
  return (
    <Dialog title={words.renameTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void changeConversation(conversation.id, { title: title.trim() });
        }}
      >
        <Field
          label={words.renameLabel}
          value={title}
          maxLength={longestTitle}
          required
          autoComplete="off"
          onFocus={(event) => {
            event.target.select();
          }}
          onChange={(event) => {
            setTitle(event.target.value);
          }}
        />
        <DialogFoot>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button look="primary" type="submit" disabled={title.trim() === ""}>
            {words.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
};

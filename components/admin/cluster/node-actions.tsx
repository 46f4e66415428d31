"use client";

import { useState, type ReactElement } from "react";

import type { InstallSnapshot, NodeSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { clusterApi } from "#components/api/cluster-endpoints.ts";
import { failureOf } from "#components/api/failure.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { Dialog, DialogFoot } from "#components/ui/dialog.tsx";
import { Menu, type MenuItem } from "#components/ui/menu.tsx";
import { showToast } from "#components/ui/toast.tsx";

import css from "./cluster-page.module.css";
import { ModelsDialog } from "./models-dialog.tsx";
import { NodeDialog } from "./node-dialog.tsx";
import { words } from "./words.ts";

/** Does it and says so, with the way back where there is one. */
const act = async (
  call: () => Promise<unknown>,
  text: string,
  undo: (() => Promise<unknown>) | null = null,
): Promise<void> => {
  try {
    await call();
    const run = (): void => {
      void act(undo ?? call, words.done);
    };
    showToast(text, undo === null ? null : { label: words.undo, run });
  } catch (error) {
    showToast(failureOf(error).message);
  }
};

const drain = (id: string): Promise<void> =>
  act(
    () => clusterApi.drainNode(id),
    words.drained(id),
    () => clusterApi.resumeNode(id),
  );

const resume = (id: string): Promise<void> =>
  act(
    () => clusterApi.resumeNode(id),
    words.resumed(id),
    () => clusterApi.drainNode(id),
  );

const RemoveDialog = ({
  id,
  onClose,
}: {
  readonly id: string;
  readonly onClose: () => void;
}): ReactElement => (
  <Dialog title={words.removeTitle(id)} onClose={onClose}>
    <p className={css["text"]}>{words.removeText}</p>
    <DialogFoot>
      <Button onClick={onClose}>{words.cancel}</Button>
      <Button
        look="danger"
        onClick={() => {
          onClose();
          void act(() => clusterApi.removeNode(id), words.removed(id));
        }}
      >
        {words.remove(id)}
      </Button>
    </DialogFoot>
  </Dialog>
);

type OpenDialog = "edit" | "models" | "remove" | null;

/** What can be done with one node. */
export const NodeActions = ({
  node,
  installs,
}: {
  readonly node: NodeSnapshot;
  readonly installs: readonly InstallSnapshot[];
}): ReactElement => {
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const { id } = node;
  const open = (which: OpenDialog) => () => {
    setDialog(which);
  };
  const items: readonly MenuItem[] = [
    { label: words.models, icon: "books", run: open("models") },
    node.status === "draining"
      ? { label: words.resume(id), icon: "retry", run: () => void resume(id) }
      : { label: words.drain(id), icon: "arrowDown", run: () => void drain(id) },
    ...(node.breaker.state === "closed"
      ? []
      : [
          {
            label: words.resetBreaker,
            icon: "retry" as const,
            run: () => void act(() => clusterApi.resetBreaker(id), words.breakerReset(id)),
          },
        ]),
    { label: words.edit, icon: "pencil", run: open("edit") },
    { label: words.remove(id), icon: "trash", run: open("remove"), dangerous: true },
  ];
  return (
    <div className={css["actions"]}>
      <Menu
        label={words.actions(id)}
        items={items}
        trigger={(props) => <IconButton {...props} icon="more" label={words.actions(id)} />}
      />
      {dialog === "edit" ? <NodeDialog node={node} onClose={open(null)} /> : null}
      {dialog === "models" ? (
        <ModelsDialog node={node} installs={installs} onClose={open(null)} />
      ) : null}
      {dialog === "remove" ? <RemoveDialog id={id} onClose={open(null)} /> : null}
    </div>
  );
};

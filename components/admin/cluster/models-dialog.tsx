"use client";

import { useState, type ReactElement } from "react";

import type {
  InstallSnapshot,
  NodeModelSnapshot,
  NodeSnapshot,
} from "#lib/core/health/cluster-snapshot.ts";
import { Failed } from "#components/account/failed.tsx";
import { useSubmit } from "#components/account/use-submit.ts";
import { clusterApi, type ModelAction } from "#components/api/cluster-endpoints.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field } from "#components/ui/field.tsx";
import { saySize } from "#components/ui/time-words.ts";

import css from "./cluster-page.module.css";
import { words } from "./words.ts";

const Installed = ({
  model,
  busy,
  onAct,
}: {
  readonly model: NodeModelSnapshot;
  readonly busy: boolean;
  readonly onAct: (action: ModelAction, model: string) => void;
}): ReactElement => (
  <li>
    <span>
      {model.name}
      <small>
        {saySize(model.bytes)}, {model.isResident ? words.resident : words.onDisk}
      </small>
    </span>
    <Button
      look="quiet"
      disabled={busy}
      onClick={() => {
        onAct(model.isResident ? "unload" : "load", model.name);
      }}
    >
      {model.isResident ? words.unload : words.load}
    </Button>
    <Button
      look="quiet"
      disabled={busy}
      onClick={() => {
        onAct("remove", model.name);
      }}
    >
      {words.removeModel}
    </Button>
  </li>
);

const Progress = ({ install }: { readonly install: InstallSnapshot }): ReactElement => (
  <li>
    <span>
      {words.installing(install.model, install.status)}
      {install.state === "running" ? (
        <progress
          aria-label={install.model}
          {...(install.totalBytes > 0
            ? { value: install.completedBytes, max: install.totalBytes }
            : {})}
        />
      ) : null}
    </span>
  </li>
);

/** The models of one node: in memory, on disk, and on their way. */
export const ModelsDialog = ({
  node,
  installs,
  onClose,
}: {
  readonly node: NodeSnapshot;
  readonly installs: readonly InstallSnapshot[];
  readonly onClose: () => void;
}): ReactElement => {
  const [name, setName] = useState("");
  const { failure, run } = useSubmit();
  const [busy, setBusy] = useState(false);
  const act = async (action: ModelAction, model: string): Promise<void> => {
    setBusy(true);
    const worked = await run(() => clusterApi.changeModel(node.id, model, action));
    if (worked && action === "install") setName("");
    setBusy(false);
  };
  return (
    <Dialog title={words.modelsOf(node.id)} onClose={onClose} wide>
      <Failed failure={failure} />
      {node.models.length === 0 ? <p className={css["soft"]}>{words.noModels}</p> : null}
      <ul className={css["installed"]}>
        {node.models.map((model) => (
          <Installed
            key={model.name}
            model={model}
            busy={busy}
            onAct={(action, which) => void act(action, which)}
          />
        ))}
        {installs.map((install) => (
          <Progress key={install.model} install={install} />
        ))}
      </ul>
      <form
        className={css["install"]}
        onSubmit={(event) => {
          event.preventDefault();
          void act("install", name);
        }}
      >
        <Field
          label={words.installLabel}
          hint={words.installHint}
          required
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <Button type="submit" disabled={busy}>
          {words.install}
        </Button>
      </form>
    </Dialog>
  );
};

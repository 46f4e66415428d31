"use client";

import { useState, type ReactElement } from "react";

import { failureOf, type Failure } from "#components/api/failure.ts";
import { createResource, useRefreshed, type Resource } from "#components/api/resource.ts";
import { type Source, sourceApi } from "#components/api/source-endpoints.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { ChoiceField, Field } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";
import { sayMoment } from "#components/ui/time-words.ts";
import { showToast } from "#components/ui/toast.tsx";

import css from "./upkeep-dialog.module.css";
import { upkeepWords as words } from "./upkeep-words.ts";

const refreshEveryMs = 3_000;

type NewSource = Parameters<typeof sourceApi.add>[1];

const SourceRow = ({
  source,
  onChange,
}: {
  readonly source: Source;
  readonly onChange: (call: Promise<unknown>) => void;
}): ReactElement => {
  const nowMs = useSlowNow();
  const { id, location, lastRunAt, lastResult } = source;
  const moment =
    lastRunAt === null || nowMs === null ? "" : sayMoment(Date.parse(lastRunAt), nowMs);
  return (
    <li className={css["source"]}>
      <div className={css["about"]}>
        <span>{location}</span>
        <span className={css["note"]}>
          {words.kinds[source.kind]} · {words.documents(source.documentCount)}
        </span>
        {source.isWaiting ? <span className={css["note"]}>{words.waiting}</span> : null}
        {lastResult === null ? null : (
          <span className={source.lastFailed ? css["bad"] : css["note"]}>
            {words.lastRun(moment, lastResult)}
          </span>
        )}
      </div>
      <IconButton
        icon="retry"
        label={words.syncNow(location)}
        disabled={source.isWaiting}
        onClick={() => {
          onChange(sourceApi.syncNow(id));
        }}
      />
      <IconButton
        icon="trash"
        label={words.remove(location)}
        onClick={() => {
          onChange(sourceApi.remove(id));
        }}
      />
    </li>
  );
};

const startingSource: NewSource = {
  kind: "web",
  location: "",
  everyHours: 24,
  onVanished: "keep",
};

const NewSourceFields = ({
  source,
  onChange,
}: {
  readonly source: NewSource;
  readonly onChange: (part: Partial<NewSource>) => void;
}): ReactElement => (
  <>
    <ChoiceField
      label={words.kind}
      value={source.kind}
      onChange={({ target }) => {
        onChange({ kind: target.value === "folder" ? "folder" : "web" });
      }}
    >
      <option value="web">{words.kinds.web}</option>
      <option value="folder">{words.kinds.folder}</option>
    </ChoiceField>
    <Field
      label={words.location[source.kind]}
      value={source.location}
      required
      maxLength={2000}
      autoComplete="off"
      onChange={({ target }) => {
        onChange({ location: target.value });
      }}
    />
    <ChoiceField
      label={words.every}
      value={String(source.everyHours)}
      onChange={({ target }) => {
        onChange({ everyHours: Number(target.value) });
      }}
    >
      {Object.entries(words.everyHours).map(([hours, label]) => (
        <option key={hours} value={hours}>
          {label}
        </option>
      ))}
    </ChoiceField>
    <ChoiceField
      label={words.vanished}
      value={source.onVanished}
      onChange={({ target }) => {
        onChange({ onVanished: target.value === "remove" ? "remove" : "keep" });
      }}
    >
      <option value="keep">{words.onVanished.keep}</option>
      <option value="remove">{words.onVanished.remove}</option>
    </ChoiceField>
  </>
);

const NewSourceForm = ({
  onAdd,
}: {
  readonly onAdd: (source: NewSource) => Promise<unknown>;
}): ReactElement => {
  const [source, setSource] = useState(startingSource);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const add = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await onAdd({ ...source, location: source.location.trim() });
      setSource(startingSource);
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css["part"]}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      {failure === null ? null : (
        <Notice tone="bad" code={failure.requestId}>
          {[failure.message, ...failure.issues].join(" ")}
        </Notice>
      )}
      <NewSourceFields
        source={source}
        onChange={(part) => {
          setSource((before) => ({ ...before, ...part }));
        }}
      />
      <div className={css["foot"]}>
        <Button type="submit" disabled={busy || source.location.trim() === ""}>
          {busy ? words.adding : words.add}
        </Button>
      </div>
    </form>
  );
};

const SourceList = ({
  resource,
}: {
  readonly resource: Resource<readonly Source[]>;
}): ReactElement | null => {
  const { value, failure } = useStore(resource, (state) => state);
  useRefreshed(resource, refreshEveryMs);
  const change = (call: Promise<unknown>): void => {
    call
      .catch((error: unknown) => {
        showToast(failureOf(error).message);
      })
      .finally(() => void resource.refresh());
  };
  if (value === null)
    return failure === null ? null : <Notice tone="bad">{failure.message}</Notice>;
  if (value.length === 0) return <p className={css["note"]}>{words.none}</p>;
  return (
    <ul className={css["list"]}>
      {value.map((source) => (
        <SourceRow key={source.id} source={source} onChange={change} />
      ))}
    </ul>
  );
};

/** The folders and pages that a collection follows, how the last look went, and one more. */
export const SourcesPart = ({ collectionId }: { readonly collectionId: string }): ReactElement => {
  const [resource] = useState(() =>
    createResource(async () => (await sourceApi.list(collectionId)).sources),
  );
  return (
    <section className={css["part"]} aria-label={words.sources}>
      <h3>{words.sources}</h3>
      <SourceList resource={resource} />
      <NewSourceForm
        onAdd={async (source) => {
          await sourceApi.add(collectionId, source);
          await resource.refresh();
        }}
      />
    </section>
  );
};

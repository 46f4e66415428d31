import { useCallback, useEffect, useState, type ReactElement } from "react";

import { NotRead } from "#components/admin/admin-page.tsx";
import table from "#components/ui/table.module.css";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { CacheEntry } from "#components/api/cache-shapes.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { Button } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { Field } from "#components/ui/field.tsx";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";
import { withUndo } from "#components/ui/toast.tsx";

import css from "./cache-page.module.css";
import { ClearDialog } from "./clear-dialog.tsx";
import { EntryDialog } from "./entry-dialog.tsx";
import { words } from "./words.ts";

const says = words.entries;
const typingMs = 250;

interface Loaded {
  readonly entries: readonly CacheEntry[];
  readonly next: number | null;
}

/** The entries whose question fits, page after page. */
const useEntries = (text: string) => {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const read = useCallback(
    async (offset: number, before: readonly CacheEntry[]): Promise<void> => {
      try {
        const page = await cacheApi.cacheEntries(text, offset);
        setLoaded({ entries: [...before, ...page.entries], next: page.next });
        setFailure(null);
      } catch (error) {
        setFailure(failureOf(error));
      }
    },
    [text],
  );
  useEffect(() => {
    const timer = setTimeout(() => void read(0, []), typingMs);
    return () => {
      clearTimeout(timer);
    };
  }, [read]);
  const remove = (entry: CacheEntry): void => {
    setLoaded((before) =>
      before === null
        ? null
        : { ...before, entries: before.entries.filter(({ id }) => id !== entry.id) },
    );
    withUndo({
      text: says.removed,
      undoLabel: says.undo,
      undo: () => void read(0, []),
      commit: (leaving) => {
        cacheApi.removeCacheEntry(entry.id, leaving).catch((error: unknown) => {
          setFailure(failureOf(error));
        });
      },
    });
  };
  const more = (): Promise<void> => read(loaded?.next ?? 0, loaded?.entries ?? []);
  return { loaded, failure, remove, more, again: () => read(0, []) };
};

const Row = ({
  entry,
  nowMs,
  onOpen,
}: {
  readonly entry: CacheEntry;
  readonly nowMs: number | null;
  readonly onOpen: () => void;
}): ReactElement => {
  const keptMs = Date.parse(entry.createdAt);
  return (
    <tr>
      <th scope="row">
        <button type="button" className={css["link"]} onClick={onOpen}>
          {entry.question ?? <i>{says.ownWords}</i>}
        </button>
      </th>
      <td data-label={says.columns.documents}>{entry.documents.join(", ")}</td>
      <td data-label={says.columns.hits}>{says.times(entry.hits)}</td>
      <td data-label={says.columns.kept}>
        {says.sources[entry.source]},{" "}
        <time dateTime={entry.createdAt} title={sayExactly(keptMs)}>
          {nowMs === null ? "" : sayMoment(keptMs, nowMs)}
        </time>
      </td>
    </tr>
  );
};

const Rows = ({
  entries,
  onOpen,
}: {
  readonly entries: readonly CacheEntry[];
  readonly onOpen: (entry: CacheEntry) => void;
}): ReactElement => {
  const nowMs = useSlowNow();
  const { columns } = says;
  return (
    <table className={table["table"]} aria-label={says.title}>
      <thead>
        <tr>
          <th scope="col">{columns.question}</th>
          <th scope="col">{columns.documents}</th>
          <th scope="col">{columns.hits}</th>
          <th scope="col">{columns.kept}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row
            key={entry.id}
            entry={entry}
            nowMs={nowMs}
            onOpen={() => {
              onOpen(entry);
            }}
          />
        ))}
      </tbody>
    </table>
  );
};

const Search = ({
  text,
  onChange,
}: {
  readonly text: string;
  readonly onChange: (text: string) => void;
}): ReactElement => (
  <div className={css["search"]}>
    <Field
      label={says.search}
      type="search"
      value={text}
      maxLength={200}
      onChange={({ target }) => {
        onChange(target.value);
      }}
    />
  </div>
);

/** What is kept, newest first, to be searched, looked at and removed. */
export const EntriesSection = (): ReactElement => {
  const [text, setText] = useState("");
  const [open, setOpen] = useState<CacheEntry | "clear" | null>(null);
  const { loaded, failure, remove, more, again } = useEntries(text);
  const close = (): void => {
    setOpen(null);
  };
  return (
    <section className={table["section"]} aria-label={says.title}>
      <div className={table["sectionHead"]}>
        <h2>{says.title}</h2>
        <Button
          onClick={() => {
            setOpen("clear");
          }}
        >
          {says.clear}
        </Button>
      </div>
      <Search text={text} onChange={setText} />
      {failure === null ? null : (
        <NotRead what={words.notRead} failure={failure} onRetry={() => void again()} />
      )}
      {loaded?.entries.length === 0 ? <p className={css["hint"]}>{says.empty}</p> : null}
      {loaded === null || loaded.entries.length === 0 ? null : (
        <Rows entries={loaded.entries} onOpen={setOpen} />
      )}
      {loaded?.next == null ? null : (
        <div className={css["foot"]}>
          <Button onClick={() => void more()}>{says.more}</Button>
        </div>
      )}
      {open === "clear" ? (
        <ClearDialog
          onClose={close}
          onCleared={() => {
            close();
            void again();
          }}
        />
      ) : null}
      {open === null || open === "clear" ? null : (
        <EntryDialog
          entry={open}
          onClose={close}
          onRemove={() => {
            remove(open);
            close();
          }}
        />
      )}
    </section>
  );
};

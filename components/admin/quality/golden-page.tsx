"use client";

import { useState, type ReactElement } from "react";

import { NotRead } from "#components/admin/admin-page.tsx";
import { failureOf } from "#components/api/failure.ts";
import { goldenExportPath, qualityApi } from "#components/api/quality-endpoints.ts";
import type { GoldenQuestion, GoldenRunSummary } from "#components/api/quality-shapes.ts";
import { collections } from "#components/shell/conversations.ts";
import { Button } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";
import { useStore } from "#components/ui/store.ts";
import { sayCount } from "#components/ui/time-words.ts";
import { showToast, withUndo } from "#components/ui/toast.tsx";

import { CollectionSelect, useCollections } from "./collection-select.tsx";
import { GoldenDialog } from "./golden-dialog.tsx";
import { GoldenImport } from "./golden-import.tsx";
import { GoldenRuns } from "./golden-runs.tsx";
import { GoldenTable } from "./golden-table.tsx";
import { QualityFrame } from "./quality-frame.tsx";
import css from "./quality.module.css";
import { useRead } from "./use-read.ts";
import { goldenWords as words } from "./words.ts";

interface GoldenOf {
  readonly questions: readonly GoldenQuestion[];
  readonly runs: readonly GoldenRunSummary[];
}

const load = async (collectionId: string): Promise<GoldenOf> => {
  const [{ questions }, { runs }] = await Promise.all([
    qualityApi.golden(collectionId),
    qualityApi.runs(collectionId),
  ]);
  return { questions, runs };
};

const pollMs = 1500;
const isOpen = ({ status }: GoldenRunSummary): boolean =>
  status === "waiting" || status === "running";

/** Reads again and again while a run is under way. */
const useGolden = (collectionId: string) => {
  const [polls, setPolls] = useState(false);
  const read = useRead(collectionId, load, polls ? pollMs : null);
  const open = read.value?.runs.some(isOpen) ?? false;
  if (read.value !== null && open !== polls) setPolls(open);
  return { ...read, open };
};

const sayGolden = ({ questions, runs }: GoldenOf): string => {
  const count = sayCount(questions.length, "golden question", "golden questions");
  const last = runs.find(({ status }) => status === "complete");
  const share = last?.metrics["recall@5"];
  return share === undefined
    ? `${count}.`
    : `${count}. In the last run the right passage was among the first five for ${String(Math.round(100 * share))} % of them.`;
};

const formats = ["csv", "jsonl", "qrels", "corpus"] as const;

const Tools = ({
  collectionId,
  mayRun,
  onAdd,
  onImport,
  onRun,
}: {
  readonly collectionId: string;
  readonly mayRun: boolean;
  readonly onAdd: () => void;
  readonly onImport: () => void;
  readonly onRun: () => void;
}): ReactElement => (
  <>
    <Button icon="plus" onClick={onAdd}>
      {words.add}
    </Button>
    <Button icon="upload" onClick={onImport}>
      {words.import}
    </Button>
    <Menu
      label={words.export}
      items={formats.map((format) => ({
        label: words.exports[format],
        icon: "download",
        run: () => {
          window.location.assign(goldenExportPath(collectionId, format));
        },
      }))}
      trigger={(props) => (
        <Button {...props} icon="download">
          {words.export}
        </Button>
      )}
    />
    <Button look="primary" disabled={!mayRun} onClick={onRun}>
      {words.run}
    </Button>
  </>
);

/** Deleted here, not yet on the server. */
const useRemoval = (refresh: () => void) => {
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const set = (id: string, isLeaving: boolean): void => {
    setLeaving((old) => new Set(isLeaving ? [...old, id] : [...old].filter((one) => one !== id)));
  };
  const remove = ({ id }: GoldenQuestion): void => {
    set(id, true);
    withUndo({
      text: words.removed,
      undoLabel: words.undo,
      undo: () => {
        set(id, false);
      },
      commit: () => {
        qualityApi.removeGolden(id).then(refresh, (error: unknown) => {
          set(id, false);
          showToast(failureOf(error).message);
        });
      },
    });
  };
  return { leaving, remove };
};

const startRun = async (collectionId: string, refresh: () => void): Promise<void> => {
  try {
    await qualityApi.startRun(collectionId);
    showToast(words.started);
  } catch (error) {
    showToast(failureOf(error).message);
  }
  refresh();
};

type Opened =
  { readonly kind: "add" | "import" } | { readonly kind: "edit"; readonly of: GoldenQuestion };

const Dialogs = ({
  opened,
  collectionId,
  onClose,
  onChanged,
}: {
  readonly opened: Opened;
  readonly collectionId: string;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}): ReactElement => {
  if (opened.kind === "import")
    return <GoldenImport {...{ collectionId, onClose }} onImported={onChanged} />;
  const edited = opened.kind === "edit" ? { edited: opened.of } : {};
  const start = opened.kind === "edit" ? opened.of : { question: "", fileName: "", passage: "" };
  return <GoldenDialog {...{ start, collectionId, onClose, ...edited }} onSaved={onChanged} />;
};

const Golden = ({
  collectionId,
  picker,
}: {
  readonly collectionId: string;
  readonly picker: ReactElement;
}): ReactElement => {
  const { value, failure, refresh, open } = useGolden(collectionId);
  const [opened, setOpened] = useState<Opened | null>(null);
  const { leaving, remove } = useRemoval(refresh);
  const questions = value?.questions.filter(({ id }) => !leaving.has(id)) ?? [];
  const lastRun = value?.runs.find(({ status }) => status === "complete")?.id ?? null;
  return (
    <QualityFrame
      title={words.title}
      says={value === null ? "" : sayGolden({ ...value, questions })}
      tools={
        <Tools
          collectionId={collectionId}
          mayRun={questions.length > 0 && !open}
          onAdd={() => {
            setOpened({ kind: "add" });
          }}
          onImport={() => {
            setOpened({ kind: "import" });
          }}
          onRun={() => void startRun(collectionId, refresh)}
        />
      }
    >
      {picker}
      {failure === null ? null : (
        <NotRead what={words.notRead} failure={failure} onRetry={refresh} />
      )}
      {value === null ? null : (
        <>
          <GoldenTable
            {...{ questions, lastRun }}
            onEdit={(of) => {
              setOpened({ kind: "edit", of });
            }}
            onRemove={remove}
          />
          <GoldenRuns runs={value.runs} />
        </>
      )}
      {opened === null ? null : (
        <Dialogs
          {...{ opened, collectionId }}
          onClose={() => {
            setOpened(null);
          }}
          onChanged={refresh}
        />
      )}
    </QualityFrame>
  );
};

/** There is none, they could not be read, or they are being read. */
const NoCollection = (): ReactElement => {
  const { value, failure } = useStore(collections, (state) => state);
  return (
    <QualityFrame title={words.title} says={value === null ? "" : words.noCollections}>
      {value !== null || failure === null ? null : (
        <NotRead
          what={words.notRead}
          failure={failure}
          onRetry={() => void collections.refresh()}
        />
      )}
    </QualityFrame>
  );
};

/** The golden questions of a collection, and what came of asking them. */
export const GoldenPage = (): ReactElement => {
  const all = useCollections();
  const [chosen, setChosen] = useState<string | null>(null);
  const filled = all.find(({ documentCount }) => documentCount > 0) ?? all[0];
  const collectionId = chosen ?? filled?.id ?? "";
  if (collectionId === "") return <NoCollection />;
  const picker = (
    <div className={css["narrow"]}>
      <CollectionSelect label={words.collection} value={collectionId} onChange={setChosen} />
    </div>
  );
  return <Golden collectionId={collectionId} picker={picker} />;
};

"use client";

import Link from "next/link";
import { useState, type ReactElement } from "react";

import { NotRead } from "#components/admin/admin-page.tsx";
import table from "#components/ui/table.module.css";
import { failureOf } from "#components/api/failure.ts";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { FailedQuestion, UnfoundDocument, WorkState } from "#components/api/quality-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { useSlowNow } from "#components/ui/clock.ts";
import { sayExactly, sayMoment } from "#components/ui/time-words.ts";
import { showToast } from "#components/ui/toast.tsx";
import { openViewer } from "#components/viewer/viewer-state.ts";

import { GoldenDialog } from "./golden-dialog.tsx";
import { QualityFrame } from "./quality-frame.tsx";
import css from "./quality.module.css";
import { useRead } from "./use-read.ts";
import { sayWork, words, workWords } from "./words.ts";

type Settle = (kind: "questions" | "documents", id: string) => void;

const When = ({ at }: { readonly at: string }): ReactElement => {
  const nowMs = useSlowNow();
  const atMs = Date.parse(at);
  return (
    <time dateTime={at} title={sayExactly(atMs)} suppressHydrationWarning>
      {nowMs === null ? "" : sayMoment(atMs, nowMs)}
    </time>
  );
};

const SettleButton = ({
  state,
  what,
  onSettle,
}: {
  readonly state: WorkState;
  readonly what: string;
  readonly onSettle: () => void;
}): ReactElement => (
  <Button
    look="secondary"
    aria-label={state === "open" ? workWords.settleOf(what) : workWords.reopenOf(what)}
    onClick={onSettle}
  >
    {state === "open" ? workWords.settle : workWords.reopen}
  </Button>
);

const QuestionRow = ({
  entry,
  state,
  onSettle,
  onGolden,
}: {
  readonly entry: FailedQuestion;
  readonly state: WorkState;
  readonly onSettle: Settle;
  readonly onGolden: (entry: FailedQuestion) => void;
}): ReactElement => (
  <tr>
    <th scope="row">
      <span className={table["name"]}>{entry.question}</span>
      <Link
        href={`/admin/quality/traces/${entry.answerId}`}
        aria-label={words.traceOf(entry.question)}
      >
        {words.trace}
      </Link>
    </th>
    <td>
      {workWords.kinds[entry.kind]}
      {entry.times === 1 ? null : (
        <span className={css["reason"]}>{workWords.times(entry.times)}</span>
      )}
      {entry.reason === null ? null : <q className={css["reason"]}>{entry.reason}</q>}
    </td>
    <td data-label={workWords.columns.when} className={table["soft"]}>
      <When at={entry.askedAt} />
    </td>
    <td className={css["rowActions"]}>
      {entry.isGolden ? (
        <span className={css["tag"]}>{workWords.isGolden}</span>
      ) : (
        <Button
          look="quiet"
          onClick={() => {
            onGolden(entry);
          }}
        >
          {workWords.makeGolden}
        </Button>
      )}
      <SettleButton
        state={state}
        what={entry.question}
        onSettle={() => {
          onSettle("questions", entry.answerId);
        }}
      />
    </td>
  </tr>
);

const DocumentRow = ({
  entry,
  state,
  onSettle,
}: {
  readonly entry: UnfoundDocument;
  readonly state: WorkState;
  readonly onSettle: Settle;
}): ReactElement => (
  <tr>
    <th scope="row">
      <button
        type="button"
        className={css["link"]}
        onClick={() => {
          const { documentId, title, collectionName } = entry;
          const stop = { key: documentId, documentId, title, collectionName, versionId: null };
          openViewer([{ ...stop, citation: null, page: null, passage: null, quote: null }], 0);
        }}
      >
        {entry.title}
      </button>
      <span className={css["sub"]}>{workWords.chunks(entry.chunkCount)}</span>
    </th>
    <td data-label={workWords.columns.collection}>{entry.collectionName}</td>
    <td data-label={workWords.columns.added} className={table["soft"]}>
      <When at={entry.addedAt} />
    </td>
    <td className={css["rowActions"]}>
      <SettleButton
        state={state}
        what={entry.title}
        onSettle={() => {
          onSettle("documents", entry.documentId);
        }}
      />
    </td>
  </tr>
);

const Section = ({
  title,
  hint,
  empty,
  columns,
  rows,
}: {
  readonly title: string;
  readonly hint: string;
  readonly empty: string;
  readonly columns: readonly string[];
  readonly rows: readonly ReactElement[];
}): ReactElement => (
  <section className={css["section"]} aria-label={title}>
    <h2>{title}</h2>
    <p className={css["hint"]}>{rows.length === 0 ? empty : hint}</p>
    {rows.length === 0 ? null : (
      <table className={table["table"]} aria-label={title}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
    )}
  </section>
);

const StateSwitch = ({
  state,
  onChange,
}: {
  readonly state: WorkState;
  readonly onChange: (state: WorkState) => void;
}): ReactElement => (
  <div className={css["switch"]} role="group" aria-label={workWords.stateLabel}>
    {(["open", "done"] as const).map((one) => (
      <button
        key={one}
        type="button"
        aria-pressed={state === one}
        onClick={() => {
          onChange(one);
        }}
      >
        {workWords.states[one]}
      </button>
    ))}
  </div>
);

const useSettling = (state: WorkState, refresh: () => void): Settle => {
  const set = async (...[kind, id, settled]: Parameters<typeof qualityApi.settle>) => {
    try {
      await qualityApi.settle(kind, id, settled);
      refresh();
      return true;
    } catch (error) {
      showToast(failureOf(error).message);
      return false;
    }
  };
  return (kind, id) => {
    const settled = state === "open";
    void set(kind, id, settled).then((done) => {
      if (!done) return;
      showToast(settled ? workWords.settled : workWords.reopened, {
        label: workWords.undo,
        run: () => void set(kind, id, !settled),
      });
    });
  };
};

const { columns } = workWords;
const loadWork = (state: string) => qualityApi.work(state as WorkState);

/** Questions that went wrong and documents that nobody found, to be dealt with. */
export const WorkPage = (): ReactElement => {
  const [state, setState] = useState<WorkState>("open");
  const [golden, setGolden] = useState<FailedQuestion | null>(null);
  const { value, failure, refresh } = useRead(state, loadWork);
  const settle = useSettling(state, refresh);
  return (
    <QualityFrame
      says={value === null ? "" : sayWork(value)}
      tools={<StateSwitch state={state} onChange={setState} />}
    >
      {failure === null ? null : (
        <NotRead what={words.notRead} failure={failure} onRetry={refresh} />
      )}
      {value === null ? null : (
        <>
          <Section
            title={workWords.questions}
            hint={workWords.questionsHint}
            empty={workWords.noQuestions[state]}
            columns={[columns.question, columns.why, columns.when, columns.actions]}
            rows={value.questions.map((entry) => (
              <QuestionRow
                key={entry.answerId}
                {...{ entry, state }}
                onSettle={settle}
                onGolden={setGolden}
              />
            ))}
          />
          <Section
            title={workWords.documents}
            hint={workWords.documentsHint}
            empty={workWords.noDocuments[state]}
            columns={[columns.document, columns.collection, columns.added, columns.actions]}
            rows={value.documents.map((entry) => (
              <DocumentRow key={entry.documentId} {...{ entry, state }} onSettle={settle} />
            ))}
          />
          <p className={css["hint"]}>{workWords.scorer(value.scorer)}</p>
        </>
      )}
      {golden === null ? null : (
        <GoldenDialog
          start={{ question: golden.question, fileName: null, passage: "" }}
          collectionId={golden.collectionIds[0] ?? null}
          answerId={golden.answerId}
          onClose={() => {
            setGolden(null);
          }}
          onSaved={refresh}
        />
      )}
    </QualityFrame>
  );
};

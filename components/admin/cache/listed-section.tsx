import { useState, type ReactElement } from "react";

import table from "#components/ui/table.module.css";
import { cacheApi } from "#components/api/cache-endpoints.ts";
import type { ListedQuestion } from "#components/api/cache-shapes.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { withUndo } from "#components/ui/toast.tsx";

import css from "./cache-page.module.css";
import { report } from "./cache-store.ts";
import { QuestionDialog } from "./question-dialog.tsx";
import { words } from "./words.ts";

const says = words.listed;

/** Gone from the page at once, from the server when nobody took it back. */
const remove = (listed: ListedQuestion): void => {
  report.update((value) => ({
    ...value,
    listed: value.listed.filter(({ id }) => id !== listed.id),
  }));
  withUndo({
    text: says.removed,
    undoLabel: words.entries.undo,
    undo: () => void report.refresh(),
    commit: (leaving) => {
      void cacheApi.unlistQuestion(listed.id, leaving).finally(() => report.refresh());
    },
  });
};

const Row = ({
  listed,
  onEdit,
}: {
  readonly listed: ListedQuestion;
  readonly onEdit: () => void;
}): ReactElement => (
  <tr>
    <th scope="row">
      <button type="button" className={css["link"]} onClick={onEdit}>
        {listed.question}
      </button>
    </th>
    <td data-label={says.columns.answer}>
      {listed.answer ?? <span className={table["soft"]}>{says.fromDocuments}</span>}
    </td>
    <td data-label={says.columns.state}>
      {listed.state === null ? null : (
        <span className={listed.state === "needs-review" ? css["warn"] : undefined}>
          {says.state[listed.state]}
        </span>
      )}
    </td>
    <td className={table["actions"]}>
      <IconButton
        icon="close"
        label={says.remove(listed.question)}
        onClick={() => {
          remove(listed);
        }}
      />
    </td>
  </tr>
);

/** Questions that are answered ahead of time, and those with an answer of the admins' own. */
export const ListedSection = ({
  listed,
}: {
  readonly listed: readonly ListedQuestion[];
}): ReactElement => {
  const [open, setOpen] = useState<ListedQuestion | "new" | null>(null);
  return (
    <section className={table["section"]} aria-label={says.title}>
      <div className={table["sectionHead"]}>
        <h2>{says.title}</h2>
        <Button
          onClick={() => {
            setOpen("new");
          }}
        >
          {says.add}
        </Button>
      </div>
      <p className={css["hint"]}>{listed.length === 0 ? says.empty : says.hint}</p>
      {listed.length === 0 ? null : (
        <table className={table["table"]} aria-label={says.title}>
          <thead>
            <tr>
              <th scope="col">{says.columns.question}</th>
              <th scope="col">{says.columns.answer}</th>
              <th scope="col">{says.columns.state}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {listed.map((one) => (
              <Row
                key={one.id}
                listed={one}
                onEdit={() => {
                  setOpen(one);
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      {open === null ? null : (
        <QuestionDialog
          listed={open === "new" ? null : open}
          onClose={() => {
            setOpen(null);
          }}
        />
      )}
    </section>
  );
};

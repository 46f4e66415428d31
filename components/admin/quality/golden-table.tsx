"use client";

import { type ReactElement } from "react";

import table from "#components/ui/table.module.css";
import { qualityApi } from "#components/api/quality-endpoints.ts";
import type { GoldenQuestion, GoldenRun } from "#components/api/quality-shapes.ts";
import { IconButton } from "#components/ui/button.tsx";

import css from "./quality.module.css";
import { useRead } from "./use-read.ts";
import { goldenWords as words, sayResult, words as shared } from "./words.ts";

const loadRun = (runId: string): Promise<GoldenRun | null> =>
  runId === "" ? Promise.resolve(null) : qualityApi.run(runId).then(({ run }) => run);

const isRight = ({ fileName, rank, refused }: GoldenRun["results"][number]): boolean =>
  fileName === null ? refused : rank !== null && rank <= 5 && !refused;

const Row = ({
  golden,
  result,
  onEdit,
  onRemove,
}: {
  readonly golden: GoldenQuestion;
  readonly result: GoldenRun["results"][number] | undefined;
  readonly onEdit: (golden: GoldenQuestion) => void;
  readonly onRemove: (golden: GoldenQuestion) => void;
}): ReactElement => (
  <tr>
    <th scope="row">
      <span className={table["name"]}>{golden.question}</span>
    </th>
    <td data-label={words.columns.expected}>
      {golden.fileName ?? words.unanswerable}
      {golden.passage === "" ? null : <q className={css["reason"]}>{golden.passage}</q>}
    </td>
    <td data-label={words.columns.last}>
      {result === undefined ? (
        shared.none
      ) : (
        <span className={isRight(result) ? css["good"] : css["warn"]}>{sayResult(result)}</span>
      )}
    </td>
    <td className={css["rowActions"]}>
      <IconButton
        icon="pencil"
        label={words.edit(golden.question)}
        onClick={() => {
          onEdit(golden);
        }}
      />
      <IconButton
        icon="trash"
        label={words.remove(golden.question)}
        onClick={() => {
          onRemove(golden);
        }}
      />
    </td>
  </tr>
);

/** Every golden question with its right place and how it came out last. */
export const GoldenTable = ({
  questions,
  lastRun,
  onEdit,
  onRemove,
}: {
  readonly questions: readonly GoldenQuestion[];
  readonly lastRun: string | null;
  readonly onEdit: (golden: GoldenQuestion) => void;
  readonly onRemove: (golden: GoldenQuestion) => void;
}): ReactElement => {
  const { value: run } = useRead(lastRun ?? "", loadRun);
  const results = new Map(run?.results.map((result) => [result.questionId, result]));
  if (questions.length === 0) return <p className={css["hint"]}>{words.empty}</p>;
  return (
    <table className={table["table"]} aria-label={words.title}>
      <thead>
        <tr>
          <th scope="col">{words.columns.question}</th>
          <th scope="col">{words.columns.expected}</th>
          <th scope="col">{words.columns.last}</th>
          <th scope="col">{words.columns.actions}</th>
        </tr>
      </thead>
      <tbody>
        {questions.map((golden) => (
          <Row key={golden.id} {...{ golden, onEdit, onRemove }} result={results.get(golden.id)} />
        ))}
      </tbody>
    </table>
  );
};

"use client";

import { useState, type ReactElement } from "react";

import type { Collection } from "#components/api/shapes.ts";
import { classNames } from "#components/ui/class-names.ts";
import table from "#components/ui/table.module.css";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

import { ChosenBar } from "./chosen-bar.tsx";
import { DocumentRow } from "./document-row.tsx";
import css from "./documents-table.module.css";
import type { ShownDocument } from "./documents-store.ts";
import { words } from "./words.ts";

/** Which documents are ticked, of those that the reader may change. */
const useChosen = (documents: readonly ShownDocument[], writable: ReadonlySet<string>) => {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const mine = documents.filter(({ collectionId }) => writable.has(collectionId));
  const chosen = mine.filter(({ id }) => picked.has(id));
  const choose = (ids: readonly string[], isOn: boolean): void => {
    setPicked((before) => {
      const rest = [...before].filter((id) => !ids.includes(id));
      return new Set(isOn ? [...rest, ...ids] : rest);
    });
  };
  return { mine, chosen, picked, choose };
};

const Head = ({
  mayChoose,
  all,
  onAll,
}: {
  readonly mayChoose: boolean;
  readonly all: boolean;
  readonly onAll: (isOn: boolean) => void;
}): ReactElement => {
  const { columns } = words;
  return (
    <thead>
      <tr>
        <td className={css["choose"]}>
          {mayChoose ? (
            <input
              type="checkbox"
              checked={all}
              aria-label={words.chooseAll}
              onChange={(event) => {
                onAll(event.target.checked);
              }}
            />
          ) : null}
        </td>
        <th scope="col">{columns.name}</th>
        <th scope="col">{columns.collection}</th>
        <th scope="col" className={css["number"]}>
          {columns.pages}
        </th>
        <th scope="col" className={css["number"]}>
          {columns.chunks}
        </th>
        <th scope="col" className={css["status"]}>
          {columns.status}
        </th>
        <th scope="col">{columns.by}</th>
        <th scope="col">{columns.when}</th>
        <th scope="col" className={classNames(table["actions"], css["actions"])}>
          <VisuallyHidden>{columns.actions}</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
};

/** Documents in a table; where there is little room each becomes a block of its own. */
export const DocumentsTable = ({
  documents,
  collections,
}: {
  readonly documents: readonly ShownDocument[];
  readonly collections: readonly Collection[];
}): ReactElement => {
  const writable = new Set(collections.filter((one) => one.right !== "read").map((one) => one.id));
  const { mine, chosen, picked, choose } = useChosen(documents, writable);
  const ids = mine.map(({ id }) => id);
  return (
    <>
      <ChosenBar
        chosen={chosen}
        onClear={() => {
          choose(ids, false);
        }}
      />
      <table className={classNames(table["table"], css["documents"])}>
        <Head
          mayChoose={mine.length > 0}
          all={mine.length > 0 && chosen.length === mine.length}
          onAll={(isOn) => {
            choose(ids, isOn);
          }}
        />
        <tbody>
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              document={document}
              mayWrite={writable.has(document.collectionId)}
              isChosen={picked.has(document.id)}
              onChoose={(isOn) => {
                choose([document.id], isOn);
              }}
            />
          ))}
        </tbody>
      </table>
    </>
  );
};

"use client";

import type { ReactElement } from "react";

import type { Collection } from "#components/api/shapes.ts";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

import { DocumentRow } from "./document-row.tsx";
import css from "./documents-table.module.css";
import type { ShownDocument } from "./documents-store.ts";
import { words } from "./words.ts";

/** Documents in a table; where there is little room each becomes a block of its own. */
export const DocumentsTable = ({
  documents,
  collections,
}: {
  readonly documents: readonly ShownDocument[];
  readonly collections: readonly Collection[];
}): ReactElement => {
  const writable = new Set(collections.filter((one) => one.right !== "read").map((one) => one.id));
  const { columns } = words;
  return (
    <table className={css["table"]}>
      <thead>
        <tr>
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
          <th scope="col" className={css["actions"]}>
            <VisuallyHidden>{columns.actions}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {documents.map((document) => (
          <DocumentRow
            key={document.id}
            document={document}
            mayWrite={writable.has(document.collectionId)}
          />
        ))}
      </tbody>
    </table>
  );
};

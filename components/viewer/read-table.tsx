import type { ReactElement, ReactNode } from "react";

import type { TextRange } from "./document-blocks.ts";
import css from "./read-table.module.css";
import { namesColumns } from "./table-rows.ts";
import { words } from "./words.ts";

/** A table as it was read from a document. It scrolls sideways in its own frame. */
export const ReadTable = ({
  text,
  rows,
  cell,
}: {
  readonly text: string;
  readonly rows: readonly (readonly TextRange[])[];
  readonly cell: (range: TextRange) => ReactNode;
}): ReactElement => {
  const [first = [], ...others] = rows;
  const head = namesColumns(text, first) ? first : null;
  return (
    <div className={css["frame"]} role="region" aria-label={words.table} tabIndex={0}>
      <table className={css["table"]} dir="auto">
        {head === null ? null : (
          <thead>
            <tr>
              {head.map((range) => (
                <th key={range.start} scope="col" dir="auto">
                  {cell(range)}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {(head === null ? rows : others).map((row) => (
            <tr key={row[0]?.start}>
              {row.map((range) => (
                <td key={range.start} dir="auto">
                  {cell(range)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

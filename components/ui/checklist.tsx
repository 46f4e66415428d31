import type { ReactElement } from "react";

import css from "./checklist.module.css";

export interface ChecklistItem {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
}

/** Any number of a list. */
export const Checklist = ({
  legend,
  items,
  empty,
  chosen,
  onChange,
}: {
  readonly legend: string;
  readonly items: readonly ChecklistItem[];
  /** Stands where there is nothing to choose. */
  readonly empty: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}): ReactElement => (
  <fieldset className={css["field"]}>
    <legend className={css["legend"]}>{legend}</legend>
    <div className={css["list"]}>
      {items.length === 0 ? <p className={css["empty"]}>{empty}</p> : null}
      <div className={css["items"]}>
        {items.map(({ id, label, note }) => (
          <label key={id} className={css["item"]}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) => {
                onChange(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id));
              }}
            />
            <span className={css["words"]}>
              <span>{label}</span>
              {note === undefined ? null : <span className={css["note"]}>{note}</span>}
            </span>
          </label>
        ))}
      </div>
    </div>
  </fieldset>
);

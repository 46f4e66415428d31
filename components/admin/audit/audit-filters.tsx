import { useId, type ReactElement } from "react";

import css from "./audit-page.module.css";
import { areas, words } from "./words.ts";

export interface Filters {
  readonly action: string;
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

export const noFilters: Filters = { action: "", text: "", from: "", to: "" };

/** As the server reads it; what is empty is left out. */
export const queryOf = (filters: Filters): string =>
  new URLSearchParams(
    Object.entries(filters).filter(([, value]) => (value as string).trim() !== ""),
  ).toString();

export const AuditFilters = ({
  filters,
  onChange,
}: {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}): ReactElement => {
  const id = useId();
  const inputs = [
    { key: "text", label: words.text, type: "search" },
    { key: "from", label: words.from, type: "date" },
    { key: "to", label: words.to, type: "date" },
  ] as const;
  return (
    <div className={css["filters"]} role="search">
      <div className={css["filter"]}>
        <label htmlFor={`${id}-area`}>{words.area}</label>
        <select
          id={`${id}-area`}
          value={filters.action}
          onChange={({ target }) => {
            onChange({ ...filters, action: target.value });
          }}
        >
          <option value="">{words.all}</option>
          {areas.map(([area, label]) => (
            <option key={area} value={area}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {inputs.map(({ key, label, type }) => (
        <div key={key} className={css["filter"]}>
          <label htmlFor={`${id}-${key}`}>{label}</label>
          <input
            id={`${id}-${key}`}
            type={type}
            value={filters[key]}
            onChange={({ target }) => {
              onChange({ ...filters, [key]: target.value });
            }}
          />
        </div>
      ))}
    </div>
  );
};

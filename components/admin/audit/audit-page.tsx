"use client";

import { useEffect, useState, type ReactElement } from "react";

import { AdminPage, NotRead } from "#components/admin/admin-page.tsx";
import table from "#components/ui/table.module.css";
import { api } from "#components/api/endpoints.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";
import { auditExportPath } from "#components/api/people-endpoints.ts";
import type { AuditRow } from "#components/api/people-shapes.ts";
import { Button } from "#components/ui/button.tsx";
import { Menu } from "#components/ui/menu.tsx";

import { AuditFilters, type Filters, noFilters, queryOf } from "./audit-filters.tsx";
import css from "./audit-page.module.css";
import { sayDetail, words } from "./words.ts";

const typingMs = 250;

interface Loaded {
  readonly rows: readonly AuditRow[];
  readonly next: number | null;
}

/** The rows that fit, page after page. */
const useAudit = (query: string) => {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    const timer = setTimeout(() => {
      api.audit(query).then(
        (page) => {
          if (!here) return;
          setLoaded(page);
          setFailure(null);
        },
        (error: unknown) => {
          if (here) setFailure(failureOf(error));
        },
      );
    }, typingMs);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [query, turn]);
  const more = async (): Promise<void> => {
    const before = loaded?.next ?? null;
    if (loaded === null || before === null) return;
    try {
      const page = await api.audit(`${query}${query === "" ? "" : "&"}before=${String(before)}`);
      setLoaded({ rows: [...loaded.rows, ...page.rows], next: page.next });
    } catch (error) {
      setFailure(failureOf(error));
    }
  };
  const again = (): void => {
    setFailure(null);
    setTurn((value) => value + 1);
  };
  return { loaded, failure, more, again };
};

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const Row = ({ row }: { readonly row: AuditRow }): ReactElement => (
  <tr>
    <td className={css["when"]}>
      <time dateTime={row.at} suppressHydrationWarning>
        {moment.format(Date.parse(row.at))}
      </time>
    </td>
    <td data-label={words.columns.who}>{row.actorName ?? row.actorId ?? words.nobody}</td>
    <th scope="row">
      <code className={css["action"]}>{row.action}</code>
    </th>
    <td data-label={words.columns.target}>
      {row.targetName ?? row.target ?? ""}
      {row.detail === null ? null : <code className={css["detail"]}>{sayDetail(row.detail)}</code>}
      {row.targetName === null ? null : <code className={css["detail"]}>{row.target}</code>}
    </td>
    <td className={css["address"]} data-label={words.columns.address}>
      {row.address ?? "–"}
    </td>
  </tr>
);

const Rows = ({ rows }: { readonly rows: readonly AuditRow[] }): ReactElement => (
  <table className={table["table"]}>
    <thead>
      <tr>
        <th scope="col">{words.columns.when}</th>
        <th scope="col">{words.columns.who}</th>
        <th scope="col">{words.columns.action}</th>
        <th scope="col">{words.columns.target}</th>
        <th scope="col">{words.columns.address}</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <Row key={row.id} row={row} />
      ))}
    </tbody>
  </table>
);

const ExportMenu = ({ query }: { readonly query: string }): ReactElement => (
  <Menu
    label={words.exportMenu}
    items={(["csv", "json"] as const).map((format) => ({
      label: format === "csv" ? words.exportCsv : words.exportJson,
      icon: "download",
      run: () => {
        window.location.assign(auditExportPath(query, format));
      },
    }))}
    trigger={(props) => (
      <Button {...props} icon="download">
        {words.exportMenu}
      </Button>
    )}
  />
);

/** Who did what, when and from where. */
export const AuditPage = (): ReactElement => {
  const [filters, setFilters] = useState<Filters>(noFilters);
  const query = queryOf(filters);
  const { loaded, failure, more, again } = useAudit(query);
  return (
    <AdminPage title={words.title} says={words.says} tools={<ExportMenu query={query} />}>
      <AuditFilters filters={filters} onChange={setFilters} />
      {failure === null ? null : <NotRead what={words.notRead} failure={failure} onRetry={again} />}
      {loaded === null ? null : <Rows rows={loaded.rows} />}
      {loaded?.rows.length === 0 ? <p className={css["empty"]}>{words.empty}</p> : null}
      {loaded?.next == null ? null : (
        <p className={css["more"]}>
          <Button onClick={() => void more()}>{words.more}</Button>
        </p>
      )}
    </AdminPage>
  );
};

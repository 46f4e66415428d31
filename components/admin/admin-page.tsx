import type { ReactElement, ReactNode } from "react";

import type { Failure } from "#components/api/failure.ts";
import { StatusLine } from "#components/shell/status-line.tsx";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Notice } from "#components/ui/notice.tsx";

import css from "./admin-page.module.css";
import { words } from "./words.ts";

/** One page of the administration: its name, its question answered in words, what can be done, and what explains it. */
export const AdminPage = ({
  title,
  says,
  state = null,
  tools,
  children,
}: {
  readonly title: string;
  /** The first line: how things stand. Empty while it is not known. */
  readonly says: string;
  /** How well that is; `null` where it is neither. */
  readonly state?: "good" | "warning" | "bad" | null;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}): ReactElement => (
  <div className={css["page"]}>
    <div className={css["column"]}>
      <StatusLine />
      <header className={css["head"]}>
        <div>
          <h1>{title}</h1>
          <p className={css["says"]} data-state={state}>
            {state === null ? null : (
              <Icon name={state === "good" ? "check" : "warning"} size={16} />
            )}
            {says}
          </p>
        </div>
        {tools === undefined ? null : <div className={css["tools"]}>{tools}</div>}
      </header>
      {children}
    </div>
  </div>
);

/** Stands where the page's content would be when it could not be read. */
export const NotRead = ({
  what,
  failure,
  onRetry,
}: {
  readonly what: string;
  readonly failure: Failure;
  readonly onRetry: () => void;
}): ReactElement => (
  <Notice
    tone="bad"
    code={failure.requestId}
    action={<Button onClick={onRetry}>{words.retry}</Button>}
  >
    {what} {failure.message}
  </Notice>
);

import type { ReactElement, ReactNode } from "react";

import { classNames } from "./class-names.ts";
import { Icon } from "./icon.tsx";
import css from "./notice.module.css";

/** Something went wrong or is not as usual: what happened, what to do, and the code small. */
export const Notice = ({
  tone,
  children,
  code,
  action,
}: {
  readonly tone: "bad" | "warning";
  readonly children: ReactNode;
  readonly code?: string | null;
  readonly action?: ReactNode;
}): ReactElement => (
  <div className={classNames(css["notice"], css[tone])} role={tone === "bad" ? "alert" : undefined}>
    <Icon name="warning" />
    <div className={css["words"]}>
      <p>{children}</p>
      {code === undefined || code === null ? null : <p className={css["small"]}>{code}</p>}
      {action === undefined ? null : <div className={css["actions"]}>{action}</div>}
    </div>
  </div>
);

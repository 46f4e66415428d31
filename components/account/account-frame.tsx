import type { ReactElement, ReactNode } from "react";

import css from "./account-frame.module.css";

/** The plain page around set-up, sign-in and errors: the name of the program and one column. */
export const AccountFrame = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <div className={css["frame"]}>
    <header className={css["brand"]}>
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" className={css["tile"]} />
        <path
          d="M9 8h6.5a8 8 0 0 1 0 16H9zM13.5 16h7"
          fill="none"
          strokeWidth="2.6"
          strokeLinejoin="round"
          strokeLinecap="round"
          className={css["stroke"]}
        />
      </svg>
      Drover
    </header>
    <main className={css["content"]}>{children}</main>
  </div>
);

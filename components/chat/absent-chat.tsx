import Link from "next/link";
import type { ReactElement } from "react";

import button from "#components/ui/button.module.css";
import { classNames } from "#components/ui/class-names.ts";
import { Notice } from "#components/ui/notice.tsx";
import { VisuallyHidden } from "#components/ui/visually-hidden.tsx";

import css from "./chat-page.module.css";
import { words } from "./words.ts";

/** In the place of a chat that does not exist or is somebody else's. */
export const AbsentChat = (): ReactElement => (
  <div className={css["middle"]}>
    <h1>
      <VisuallyHidden>{words.noChat}</VisuallyHidden>
    </h1>
    <Notice
      tone="bad"
      action={
        <Link className={classNames(button["button"], button["secondary"])} href="/">
          {words.newChat}
        </Link>
      }
    >
      {words.notFound}
    </Notice>
  </div>
);

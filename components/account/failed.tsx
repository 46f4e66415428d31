import type { ReactElement } from "react";

import type { Failure } from "#components/api/failure.ts";
import { Notice } from "#components/ui/notice.tsx";

/** Why a form's call did not work, where it was asked for: what `useSubmit` holds. */
export const Failed = ({ failure }: { readonly failure: Failure | null }): ReactElement | null =>
  failure === null ? null : (
    <Notice tone="bad" code={failure.requestId}>
      {[failure.message, ...failure.issues].join(" ")}
    </Notice>
  );

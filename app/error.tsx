"use client";

import type { ReactElement } from "react";

import { AccountFrame } from "#components/account/account-frame.tsx";
import { Button } from "#components/ui/button.tsx";

/** Shown when a page could not be made, most often while the server is still starting. */
export default function PageError({
  error,
  retry,
}: {
  readonly error: Error & { readonly digest?: string };
  readonly retry?: () => void;
}): ReactElement {
  return (
    <AccountFrame>
      <h1>The page could not be made</h1>
      <p>
        The server may still be starting, or its database is not answering. Nothing is lost; try
        again in a moment.
      </p>
      {error.digest === undefined ? null : <p>Code {error.digest}</p>}
      <p>
        <Button
          look="primary"
          onClick={() => {
            if (retry === undefined) window.location.reload();
            else retry();
          }}
        >
          Try again
        </Button>
      </p>
    </AccountFrame>
  );
}

import { useState } from "react";

import { failureOf, type Failure } from "#components/api/failure.ts";

export interface Submission {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Runs the call; `true` when it worked. */
  readonly run: (call: () => Promise<unknown>) => Promise<boolean>;
}

/**
 * One call of a form at a time, with what went wrong in the last one.
 * @param after whether the form is gone once its call worked (and stays busy until then), or can be used again
 */
export const useSubmit = (after: "leaves" | "stays" = "leaves"): Submission => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = async (call: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailure(null);
    try {
      await call();
      if (after === "stays") setBusy(false);
      return true;
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
      return false;
    }
  };
  return { busy, failure, run };
};

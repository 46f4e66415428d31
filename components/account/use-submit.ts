import { useState } from "react";

import { failureOf, type Failure } from "#components/api/failure.ts";

export interface Submission {
  readonly busy: boolean;
  readonly failure: Failure | null;
  /** Runs the call; `true` when it worked. */
  readonly run: (call: () => Promise<unknown>) => Promise<boolean>;
}

/** One call of a form at a time, with what went wrong in the last one. */
export const useSubmit = (): Submission => {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const run = async (call: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailure(null);
    try {
      await call();
      return true;
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
      return false;
    }
  };
  return { busy, failure, run };
};

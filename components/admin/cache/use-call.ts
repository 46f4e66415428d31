import { useState } from "react";

import type { Submission } from "#components/account/use-submit.ts";
import { failureOf, type Failure } from "#components/api/failure.ts";

/** As `useSubmit`, for what stays on the page and can be asked again. */
export const useCall = (): Submission => {
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
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, run };
};

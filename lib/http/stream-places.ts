import { AppError } from "../core/errors/app-error.ts";

export interface StreamPlaces {
  /** Returns what gives the place back. Throws `rate_limited` when the person holds all of theirs. */
  take(userId: string): () => void;
}

/** At most `limit` open event connections a person: a browser needs one, its tabs share the answer's log. */
export function createStreamPlaces(limit: number): StreamPlaces {
  const taken = new Map<string, number>();
  return {
    take(userId) {
      const count = taken.get(userId) ?? 0;
      if (count >= limit) throw new AppError("rate_limited", { retryAfterMs: 5_000 });
      taken.set(userId, count + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (taken.get(userId) ?? 1) - 1;
        if (left > 0) taken.set(userId, left);
        else taken.delete(userId);
      };
    },
  };
}

import { useEffect, useState } from "react";

import { failureOf, type Failure } from "#components/api/failure.ts";

export interface Read<T> {
  /** The last good value; `null` until there is one. */
  readonly value: T | null;
  readonly failure: Failure | null;
  readonly refresh: () => void;
}

/** Reads when the component appears, when `key` changes, when asked to, and every `periodMs` while that is not `null`. */
export function useRead<T>(
  key: string,
  load: (key: string) => Promise<T>,
  periodMs: number | null = null,
): Read<T> {
  const [state, setState] = useState<{
    readonly key: string;
    readonly value: T | null;
    readonly failure: Failure | null;
  }>({ key, value: null, failure: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let here = true;
    load(key).then(
      (value) => {
        if (here) setState({ key, value, failure: null });
      },
      (error: unknown) => {
        const failure = failureOf(error);
        if (here) setState((old) => ({ key, value: old.key === key ? old.value : null, failure }));
      },
    );
    return () => {
      here = false;
    };
  }, [key, load, turn]);
  useEffect(() => {
    if (periodMs === null) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") setTurn((value) => value + 1);
    }, periodMs);
    return () => {
      clearInterval(timer);
    };
  }, [periodMs]);
  const refresh = (): void => {
    setTurn((value) => value + 1);
  };
  const isCurrent = state.key === key;
  return {
    value: isCurrent ? state.value : null,
    failure: isCurrent ? state.failure : null,
    refresh,
  };
}

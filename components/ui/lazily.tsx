"use client";

import { useEffect, type ComponentType, type ReactElement, type ReactNode } from "react";

import { createStore, useStore } from "./store.ts";

interface Given<Props> {
  /** What the part itself is given. */
  readonly given: Props;
  /** Shown until the part is there. */
  readonly meanwhile: (state: {
    readonly failed: boolean;
    readonly retry: () => void;
  }) => ReactNode;
}

interface LazyPart<Props extends object> {
  readonly Part: (props: Given<Props>) => ReactElement;
  /** Fetches it ahead of its use. Never throws: what could not be fetched is tried again with the next call. */
  readonly load: () => Promise<void>;
}

/** A part of the page whose script comes when it is first needed. */
export const lazily = <Props extends object>(
  fetchPart: () => Promise<ComponentType<Props>>,
): LazyPart<Props> => {
  const found = createStore<{
    readonly Found: ComponentType<Props> | null;
    readonly failed: boolean;
  }>({ Found: null, failed: false });
  let fetching: Promise<void> | null = null;
  const load = (): Promise<void> => {
    fetching ??= fetchPart().then(
      (Found) => {
        found.set({ Found, failed: false });
      },
      () => {
        fetching = null;
        found.set({ Found: null, failed: true });
      },
    );
    return fetching;
  };
  const retry = (): void => {
    void load();
  };
  const Part = ({ meanwhile, given }: Given<Props>): ReactElement => {
    const { Found, failed } = useStore(found, (value) => value);
    useEffect(retry, []);
    return Found === null ? <>{meanwhile({ failed, retry })}</> : <Found {...given} />;
  };
  return { Part, load };
};

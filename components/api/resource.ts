import { useEffect } from "react";

import { createStore, type Store } from "#components/ui/store.ts";
import { soon } from "#components/ui/when-idle.ts";

import { failureOf, type Failure } from "./failure.ts";
import { unlessSame } from "./unless-same.ts";

export interface ResourceState<T> {
  /** The last good value; kept while a later read fails. */
  readonly value: T | null;
  readonly failure: Failure | null;
}

/** A value of the server that several components read: fetched once, refreshed on demand, changed ahead of the server by `update`. */
export interface Resource<T> extends Store<ResourceState<T>> {
  refresh(): Promise<void>;
  update(change: (value: T) => T): void;
}

export const createResource = <T>(load: () => Promise<T>): Resource<T> => {
  const store = createStore<ResourceState<T>>({ value: null, failure: null });
  let running: Promise<void> | null = null;
  let again = false;

  const readOnce = async (): Promise<void> => {
    try {
      const read = await load();
      store.set((state) => {
        const value = unlessSame(read, state.value);
        return value === state.value && state.failure === null ? state : { value, failure: null };
      });
    } catch (error) {
      store.set((state) => ({ ...state, failure: failureOf(error) }));
    }
  };
  const readUntilFresh = async (): Promise<void> => {
    do {
      again = false;
      await readOnce();
      // The flag is set by refresh() while the read was under way.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    } while (again);
    running = null;
  };

  return {
    ...store,
    refresh: () => {
      if (running !== null) {
        again = true;
        return running;
      }
      running = readUntilFresh();
      return running;
    },
    update: (change) => {
      store.set((state) =>
        state.value === null ? state : { ...state, value: change(state.value) },
      );
    },
  };
};

/** Reads a resource when the component appears, and again every `periodMs` while it is visible (`null`: never again). */
export const useRefreshed = (
  resource: { readonly refresh: () => Promise<void> },
  periodMs: number | null = null,
): void => {
  useEffect(() => {
    soon(() => resource.refresh());
  }, [resource]);
  useEffect(() => {
    if (periodMs === null) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void resource.refresh();
    }, periodMs);
    return () => {
      clearInterval(timer);
    };
  }, [resource, periodMs]);
};

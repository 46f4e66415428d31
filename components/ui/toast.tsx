"use client";

import { useEffect, useRef, type FocusEvent, type ReactElement } from "react";

import { announce } from "./announcer.tsx";
import { createStore, useStore } from "./store.ts";
import css from "./toast.module.css";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const shownMs = 6_000;
const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

const drop = (id: number): void => {
  toasts.set((list) => list.filter((toast) => toast.id !== id));
};

export const showToast = (text: string, action: Toast["action"] = null): void => {
  lastId += 1;
  const id = lastId;
  toasts.set((list) => [...list.slice(-2), { id, text, action }]);
  announce(text);
  setTimeout(() => {
    drop(id);
  }, shownMs);
};

const pending = new Map<number, (leaving: boolean) => void>();
let lastPending = 0;

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => {
    for (const commit of [...pending.values()]) commit(true);
  });
}

/** Does something that can be taken back for six seconds: it is committed after that, or at once when the page closes. */
export const withUndo = (deed: {
  readonly text: string;
  readonly undoLabel: string;
  readonly undo: () => void;
  /** `leaving` is true when the page is closing: use a keep-alive request. */
  readonly commit: (leaving: boolean) => void;
}): void => {
  lastPending += 1;
  const id = lastPending;
  const timer = setTimeout(() => pending.get(id)?.(false), shownMs);
  pending.set(id, (leaving) => {
    clearTimeout(timer);
    pending.delete(id);
    deed.commit(leaving);
  });
  showToast(deed.text, {
    label: deed.undoLabel,
    run: () => {
      if (!pending.has(id)) return;
      clearTimeout(timer);
      pending.delete(id);
      deed.undo();
    },
  });
};

/** A toast that goes with the focus gives it back to where it came from, else to the page. */
const useFocusBack = (list: readonly Toast[]) => {
  const before = useRef<Element | null>(null);
  const isInside = useRef(false);
  useEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    isInside.current = false;
    const { current } = before;
    const target =
      current instanceof HTMLElement && current.isConnected
        ? current
        : document.querySelector<HTMLElement>("main");
    target?.focus({ preventScroll: true });
  }, [list]);
  return {
    onFocus: ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>): void => {
      if (!currentTarget.contains(relatedTarget)) before.current = relatedTarget;
      isInside.current = true;
    },
    onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>): void => {
      if (relatedTarget !== null) isInside.current = false;
    },
  };
};

export const Toasts = (): ReactElement => {
  const list = useStore(toasts, (value) => value);
  return (
    <div className={css["region"]} {...useFocusBack(list)}>
      {list.map((toast) => (
        <div key={toast.id} className={css["toast"]}>
          <p>{toast.text}</p>
          {toast.action === null ? null : (
            <button
              type="button"
              className={css["action"]}
              onClick={() => {
                toast.action?.run();
                drop(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
};

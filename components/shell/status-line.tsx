"use client";

import { useSyncExternalStore, type ReactElement } from "react";

import { useRefreshed } from "#components/api/resource.ts";
import { useStore } from "#components/ui/store.ts";

import { serverStatus } from "./conversations.ts";
import css from "./status-line.module.css";
import { words } from "./words.ts";

const pollMs = 10_000;

const watchNetwork = (listener: () => void): (() => void) => {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
};

const useOnline = (): boolean =>
  useSyncExternalStore(
    watchNetwork,
    () => navigator.onLine,
    () => true,
  );

/** Says in plain words what is not as usual; nothing while all is well. */
export const StatusLine = (): ReactElement | null => {
  useRefreshed(serverStatus, pollMs);
  const online = useOnline();
  const { value, failure } = useStore(serverStatus, (state) => state);
  const lines = !online
    ? [words.offline]
    : failure?.code === "offline"
      ? [words.unreachable]
      : value === null || value.state === "ok"
        ? []
        : value.messages.map((message) => message.text);
  if (lines.length === 0) return null;
  return (
    <div className={css["status"]} role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
};

"use client";

import { useSyncExternalStore, type ReactElement } from "react";

import { useRefreshed, type ResourceState } from "#components/api/resource.ts";
import type { ServerStatus } from "#components/api/shapes.ts";
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

/** A server that answers with an error is as far from usual as one that does not answer. */
const linesOf = (
  online: boolean,
  { value, failure }: ResourceState<ServerStatus>,
): readonly string[] => {
  if (!online) return [words.offline];
  if (failure?.code === "offline") return [words.unreachable];
  if (failure?.code === "database_unavailable") return [failure.message];
  if (failure !== null && failure.status >= 500) return [words.struggling];
  if (value === null || value.state === "ok") return [];
  return value.messages.map((message) => message.text);
};

/** Says in plain words what is not as usual; nothing while all is well. */
export const StatusLine = (): ReactElement | null => {
  useRefreshed(serverStatus, pollMs);
  const online = useOnline();
  const lines = linesOf(
    online,
    useStore(serverStatus, (state) => state),
  );
  if (lines.length === 0) return null;
  return (
    <div className={css["status"]} role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
};

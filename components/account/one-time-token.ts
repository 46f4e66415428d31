import { useSyncExternalStore } from "react";

/** Pasting the link into a tab that shows the page already changes the address without loading it anew. */
const watchAddress = (listener: () => void): (() => void) => {
  window.addEventListener("hashchange", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
  };
};

const readToken = (): string => {
  const inHash = new URLSearchParams(window.location.hash.slice(1)).get("token");
  return inHash ?? new URLSearchParams(window.location.search).get("token") ?? "";
};

/** The one-time code of the address; it stands behind the `#` so that no server log sees it. `null` until the page runs. */
export const useOneTimeToken = (): string | null =>
  useSyncExternalStore<string | null>(watchAddress, readToken, () => null);

import { useEffect } from "react";

import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { createStore } from "#components/ui/store.ts";

export interface ClusterState {
  readonly snapshot: ClusterSnapshot | null;
  /** `lost`: what is shown is old; the browser tries again. `refused`: it does not. */
  readonly connection: "opening" | "live" | "lost" | "refused";
}

const nothing: ClusterState = { snapshot: null, connection: "opening" };
export const cluster = createStore<ClusterState>(nothing);

const follow = (): (() => void) => {
  const source = new EventSource("/api/cluster/events");
  source.onmessage = (event: MessageEvent<string>) => {
    cluster.set({ snapshot: JSON.parse(event.data) as ClusterSnapshot, connection: "live" });
  };
  source.onerror = () => {
    const connection = source.readyState === EventSource.CLOSED ? "refused" : "lost";
    cluster.set((state) => ({ ...state, connection }));
  };
  return () => {
    source.close();
  };
};

/** A new snapshot each second while the page is open and looked at. */
export const useClusterEvents = (): void => {
  useEffect(() => {
    let leave: (() => void) | null = null;
    const look = (): void => {
      const isSeen = document.visibilityState === "visible";
      if (isSeen) leave ??= follow();
      else {
        leave?.();
        leave = null;
      }
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      leave?.();
      cluster.set(nothing);
    };
  }, []);
};

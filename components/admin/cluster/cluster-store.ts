import { useEffect } from "react";

import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { followTopic } from "#components/api/browser-events.ts";
import { createStore } from "#components/ui/store.ts";

export interface ClusterState {
  readonly snapshot: ClusterSnapshot | null;
  /** `lost`: what is shown is old; the browser tries again. `refused`: it does not. */
  readonly connection: "opening" | "live" | "lost" | "refused";
}

const nothing: ClusterState = { snapshot: null, connection: "opening" };
export const cluster = createStore<ClusterState>(nothing);

const follow = (): (() => void) => {
  const lost = (connection: "lost" | "refused"): void => {
    cluster.set((state) => ({ ...state, connection }));
  };
  const channel = followTopic("cluster", 0, {
    opened: () => undefined,
    message: (snapshot) => {
      cluster.set({ snapshot: snapshot as ClusterSnapshot, connection: "live" });
    },
    ended: () => {
      lost("refused");
    },
    failed: (how) => {
      lost(how === "refused" ? "refused" : "lost");
    },
  });
  return () => {
    channel.close();
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

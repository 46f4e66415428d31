"use client";

import Link from "next/link";
import { useState, type ReactElement } from "react";

import type { ClusterSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { AdminPage } from "#components/admin/admin-page.tsx";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { useStore } from "#components/ui/store.ts";

import { ClusterCharts } from "./cluster-charts.tsx";
import { ClusterEvents } from "./cluster-events.tsx";
import { ClusterFigures } from "./cluster-figures.tsx";
import { ClusterProblems } from "./cluster-problems.tsx";
import css from "./cluster-page.module.css";
import { cluster, useClusterEvents } from "./cluster-store.ts";
import { NodeDialog } from "./node-dialog.tsx";
import { NodeList } from "./node-list.tsx";
import { words } from "./words.ts";

const Parts = ({ snapshot }: { readonly snapshot: ClusterSnapshot }): ReactElement => (
  <>
    <ClusterFigures snapshot={snapshot} />
    <ClusterProblems problems={snapshot.problems} />
    <section className={css["section"]} aria-label={words.nodes}>
      <h2>{words.nodes}</h2>
      {snapshot.nodes.length === 0 ? (
        <p className={css["soft"]}>{words.noNodes}</p>
      ) : (
        <NodeList nodes={snapshot.nodes} installs={snapshot.installs} />
      )}
    </section>
    <ClusterCharts snapshot={snapshot} />
    <ClusterEvents snapshot={snapshot} />
    <p className={css["soft"]}>
      {words.policy(snapshot.policy)} <Link href="/admin/settings">{words.settings}</Link>
    </p>
  </>
);

const stateTones = { ok: "good", strained: "warning", down: "bad" } as const;

/** Is the cluster well, how long do people wait, which node is the problem: live, and what can be done about it. */
export const ClusterPage = (): ReactElement => {
  useClusterEvents();
  const { snapshot, connection } = useStore(cluster, (state) => state);
  const [isAdding, setAdding] = useState(false);
  const gone = connection === "lost" || connection === "refused";
  return (
    <AdminPage
      title={words.title}
      says={snapshot?.summary ?? words.opening}
      state={snapshot === null ? null : stateTones[snapshot.state]}
      tools={
        <Button
          icon="plus"
          onClick={() => {
            setAdding(true);
          }}
        >
          {words.addNode}
        </Button>
      }
    >
      {gone ? <Notice tone="warning">{words[connection]}</Notice> : null}
      {snapshot === null ? null : <Parts snapshot={snapshot} />}
      {isAdding ? (
        <NodeDialog
          node={null}
          onClose={() => {
            setAdding(false);
          }}
        />
      ) : null}
    </AdminPage>
  );
};

import type { ReactElement } from "react";

import type { ClusterProblem } from "#lib/core/health/cluster-snapshot.ts";
import { Icon } from "#components/ui/icon.tsx";

import css from "./cluster-page.module.css";
import { placeOfNode, words } from "./words.ts";

const mostNames = 4;

/** Which nodes are in trouble, what it is and what to do next: before a list that may be long. */
export const ClusterProblems = ({
  problems,
}: {
  readonly problems: readonly ClusterProblem[];
}): ReactElement | null =>
  problems.length === 0 ? null : (
    <section className={css["section"]} aria-label={words.problems}>
      <h2>{words.problems}</h2>
      <ul className={css["problems"]}>
        {problems.map(({ tone, nodeIds, what, next }) => (
          <li key={`${what} ${next}`} data-tone={tone}>
            <Icon name="warning" size={16} />
            <div>
              <strong>
                {nodeIds.slice(0, mostNames).map((id, place) => (
                  <span key={id}>
                    {place === 0 ? "" : ", "}
                    <a href={`#${placeOfNode(id)}`}>{id}</a>
                  </span>
                ))}
                {nodeIds.length > mostNames ? words.more(nodeIds.length - mostNames) : ""}
              </strong>{" "}
              <span className={css["what"]}>{what}</span> {next}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );

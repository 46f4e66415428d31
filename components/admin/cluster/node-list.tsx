import type { ReactElement } from "react";

import type { InstallSnapshot, NodeSnapshot } from "#lib/core/health/cluster-snapshot.ts";
import { Icon } from "#components/ui/icon.tsx";
import { sayWait } from "#components/ui/time-words.ts";

import { CallsChart, callsTop, FirstTokenChart, firstTokenTop } from "./cluster-charts.tsx";
import css from "./cluster-page.module.css";
import { NodeActions } from "./node-actions.tsx";
import { placeOfNode, sayReason, statusWords, words } from "./words.ts";

const mostDots = 16;

/** One mark a slot: full = in use, ring = open, faint = closed while the node comes back. */
const Slots = ({ slots }: { readonly slots: NodeSnapshot["slots"] }): ReactElement => (
  <div className={css["slots"]}>
    <span aria-hidden="true">
      {Array.from({ length: Math.min(slots.configured, mostDots) }, (_, place) => (
        <i
          key={place}
          data-slot={place < slots.inUse ? "used" : place < slots.open ? "open" : "closed"}
        />
      ))}
    </span>
    {slots.open === 0 ? words.noSlots : words.slots(slots.inUse, slots.open)}
    {slots.open > 0 && slots.open < slots.configured ? (
      <small>{words.slowStart(slots.configured)}</small>
    ) : null}
  </div>
);

const State = ({ node }: { readonly node: NodeSnapshot }): ReactElement => {
  const { breaker } = node;
  const isWell = node.status === "available";
  return (
    <div className={css["state"]}>
      <span data-status={node.status}>
        <Icon
          name={isWell ? "check" : node.status === "draining" ? "arrowDown" : "warning"}
          size={16}
        />
        {statusWords[node.status]}
      </span>
      {node.why === "" ? null : <small>{node.why}</small>}
      {breaker.nextTryMs === null ? null : <small>{words.nextTry(breaker.nextTryMs)}</small>}
      {node.lastFailure === null || isWell ? null : (
        <small>
          {words.lastFailure(
            `${sayWait(node.lastFailure.agoMs).replace("about ", "")} ago`,
            sayReason(node.lastFailure.reason),
          )}
        </small>
      )}
    </div>
  );
};

const placeOf = (model: NodeSnapshot["models"][number]): string => {
  if (!model.isShared) return words.otherWeights;
  if (!model.isResident) return words.onDisk;
  return model.keepAliveMs === null ? words.resident : words.keptFor(model.keepAliveMs);
};

const Models = ({ node }: { readonly node: NodeSnapshot }): ReactElement => (
  <ul className={css["models"]}>
    {node.models.map((model) => (
      <li key={model.name} data-resident={model.isResident}>
        {model.name}
        <small>
          {placeOf(model)}
          {model.kind === "chat" && model.prefillPerSecond !== null
            ? `; ${words.speeds(model.prefillPerSecond, model.decodePerSecond)}`
            : ""}
        </small>
      </li>
    ))}
    {node.loading === null ? null : <li>{words.loadingModel(node.loading)}</li>}
  </ul>
);

const NodeRow = ({
  node,
  installs,
  tops,
}: {
  readonly node: NodeSnapshot;
  readonly installs: readonly InstallSnapshot[];
  readonly tops: { readonly firstToken: number; readonly calls: number };
}): ReactElement => (
  <li className={css["node"]} id={placeOfNode(node.id)} aria-label={node.id}>
    <div className={css["who"]}>
      <h3>{node.id}</h3>
      <small>
        {node.baseUrl.replace(/^https?:\/\//, "")}
        {node.version === "" ? "" : `, ${node.version}`}
      </small>
      <State node={node} />
    </div>
    <div className={css["load"]}>
      <Slots slots={node.slots} />
      <small>{words.share(node.share)}</small>
      {node.recent.cachedShare === null ? null : (
        <small>{words.prefix(node.recent.cachedShare)}</small>
      )}
      <Models node={node} />
    </div>
    <FirstTokenChart hour={node.hour} most={tops.firstToken} />
    <CallsChart hour={node.hour} most={tops.calls} />
    <NodeActions node={node} installs={installs} />
  </li>
);

/** A row a node, in the order in which they were given; their charts share one scale, so that the odd one shows. */
export const NodeList = ({
  nodes,
  installs,
}: {
  readonly nodes: readonly NodeSnapshot[];
  readonly installs: readonly InstallSnapshot[];
}): ReactElement => {
  const points = nodes.flatMap(({ hour }) => hour);
  const tops = { firstToken: firstTokenTop(points), calls: callsTop(points) };
  return (
    <ul className={css["nodes"]}>
      {nodes.map((node) => (
        <NodeRow
          key={node.id}
          node={node}
          installs={installs.filter(({ nodeId }) => nodeId === node.id)}
          tops={tops}
        />
      ))}
    </ul>
  );
};

import type { Milliseconds } from "../time/milliseconds.ts";
import type { ClassShares } from "./class-shares.ts";
import { virtualTokens } from "./client-counters.ts";
import { scanLimit, type DispatcherState } from "./dispatcher-state.ts";
import { agedCost, isAhead } from "./pull.ts";
import type { Waiter } from "./waiter.ts";
import { workClasses, type WorkClass, type WorkKind } from "./work-class.ts";

interface Row {
  readonly waiter: Waiter;
  readonly isNewcomer: boolean;
  /** Predicted time by node. */
  readonly onNode: ReadonlyMap<string, number>;
  readonly tokens: number;
  readonly account: Account;
}

/** What a client has had beyond others, with what it gets on the way, in virtual tokens. */
interface Account {
  had: number;
}

/** Everyone who waits, and what the classes and clients will have had by then. */
export interface ForecastLine {
  /** Of those who wait now. */
  readonly waitersLeft: () => number;
  readonly add: (newcomer: Waiter) => void;
  /** Who takes a slot of the node at that time; it leaves the line. */
  readonly next: (
    nodeId: string,
    at: Milliseconds,
  ) => { readonly waiter: Waiter; readonly totalMs: number } | undefined;
  /** Those who wait now and whom some node serves, that are still in the line. */
  readonly rest: () => readonly Waiter[];
}

export function createForecastLine(
  state: DispatcherState,
  kind: WorkKind,
  now: Milliseconds,
): ForecastLine {
  const shares: ClassShares = state.shares(kind).copy();
  const rows = new Map<WorkClass, Row[]>();
  const accounts = new Map<string, Account>();
  const accountOf = ({ class: workClass, client }: Waiter): Account => {
    const key = `${workClass} ${client}`;
    const account = accounts.get(key) ?? { had: state.clients(kind, workClass).excess(client) };
    accounts.set(key, account);
    return account;
  };
  const isHeld = (workClass: WorkClass): boolean => state.isHeld(workClass);
  let left = 0;
  for (const workClass of workClasses) {
    const waiters = state.lists.of(kind, workClass).slice(0, scanLimit);
    if (waiters.length === 0 || isHeld(workClass)) continue;
    const own = waiters.map((waiter) => rowOf(state, waiter, now, accountOf(waiter)));
    rows.set(workClass, own);
    left += own.length;
  }

  const take = (workClass: WorkClass, row: Row): void => {
    const own = rows.get(workClass) ?? [];
    own.splice(own.indexOf(row), 1);
    if (own.length === 0) rows.delete(workClass);
    if (!row.isNewcomer) left -= 1;
  };

  return {
    waitersLeft: () => left,
    add(newcomer) {
      if (isHeld(newcomer.class)) return;
      const own = rows.get(newcomer.class) ?? [];
      own.push(rowOf(state, newcomer, now, null));
      rows.set(newcomer.class, own);
    },
    next(nodeId, at) {
      for (const workClass of shares.order([...rows.keys()], at)) {
        const row = bestOf(rows.get(workClass) ?? [], nodeId, at, shares.ageLimitMs(workClass));
        if (row === undefined) continue;
        const { waiter } = row;
        const totalMs = row.onNode.get(nodeId) ?? 0;
        shares.granted(workClass, totalMs, at - waiter.since, at);
        row.account.had += row.tokens;
        take(workClass, row);
        return { waiter, totalMs };
      }
      return undefined;
    },
    rest: () =>
      [...rows.values()]
        .flat()
        .filter(({ isNewcomer, onNode }) => !isNewcomer && onNode.size > 0)
        .map(({ waiter }) => waiter),
  };
}

/** @param account `null` for a newcomer, who has had nothing */
const rowOf = (
  state: DispatcherState,
  waiter: Waiter,
  now: Milliseconds,
  account: Account | null,
): Row => ({
  waiter,
  isNewcomer: account === null,
  account: account ?? { had: 0 },
  tokens: Math.max(virtualTokens(waiter.promptTokens, waiter.outputTokens), 1),
  onNode: new Map(
    state.view
      .placesFor(waiter, now)
      .map(({ candidate, predicted }) => [candidate.node.id, predicted.totalMs]),
  ),
});

/** Whom a slot of the node takes among the rows of a class. */
function bestOf(
  rows: readonly Row[],
  nodeId: string,
  at: Milliseconds,
  ageLimitMs: number,
): Row | undefined {
  let best: { readonly row: Row; readonly cost: number } | undefined;
  for (const row of rows) {
    const totalMs = row.onNode.get(nodeId);
    if (totalMs === undefined) continue;
    const { since } = row.waiter;
    const sizeMs = totalMs * (1 + row.account.had / row.tokens);
    const rival = { row, cost: agedCost(sizeMs, at - since, ageLimitMs), since };
    if (best === undefined || isAhead(rival, { ...best, since: best.row.waiter.since }))
      best = rival;
  }
  return best?.row;
}

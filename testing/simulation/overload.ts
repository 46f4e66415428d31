import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { policies } from "#lib/core/balancing/policies.ts";
import { Dispatcher } from "#lib/core/scheduling/dispatcher.ts";
import { forecastOf } from "#lib/core/scheduling/forecast.ts";
import { noPrefix } from "#lib/core/scheduling/prefix-chain.ts";
import type { Waiter } from "#lib/core/scheduling/waiter.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import { createAgenda } from "./agenda.ts";
import { createChance } from "./chance.ts";

export interface Rush {
  readonly seed: number;
  /** Requests a second ÷ what the nodes can serve. */
  readonly factor: number;
  readonly seconds: number;
  readonly longestWaitS: number;
  /** Coefficient of variation of the sizes; their mean is 2 s. */
  readonly spread: number;
  /** Log-error of what is known of the sizes; `null` = nothing is. */
  readonly noise: number | null;
  readonly clients: number;
}

export interface RushResult {
  /** What those who waited longer than a moment were told, against what came, s. */
  readonly waits: readonly { readonly toldS: number; readonly waitedS: number }[];
  readonly served: number;
  readonly refused: number;
}

type Event =
  | { readonly kind: "arrive" }
  | { readonly kind: "tell"; readonly id: string }
  | { readonly kind: "end"; readonly leaseId: string };

const meanS = 2;
const nodes = 4;
const slots = 2;
const decodePerSecond = 20;
const tellAfterS = 0.4;
const model = "chat:latest";

const nodeOf = (id: number): NodeCapacity => ({
  id: String(id),
  status: { kind: "available" },
  slots,
  weight: 1,
  models: [model],
  resident: [model],
  rates: { [model]: { prefillPerSecond: 2000, decodePerSecond } },
  loadMs: {},
  penaltyMs: milliseconds(0),
});

/** Many more than the nodes can serve, let in by the predicted wait as admission does it; on a virtual clock. */
export function runRush(rush: Rush): RushResult {
  const chance = createChance(rush.seed);
  const dispatcher = new Dispatcher({
    policy: () => policies["predicted-time"],
    chance: chance.next,
  });
  dispatcher.setNodes(Array.from({ length: nodes }, (_, index) => nodeOf(index)));
  const agenda = createAgenda<Event>();
  const sizes = new Map<string, number>();
  const told = new Map<string, { readonly at: number; readonly toldS: number }>();
  const waits: { toldS: number; waitedS: number }[] = [];
  let [arrived, refused] = [0, 0];
  const gapS = meanS / (rush.factor * nodes * slots);
  const now = (at: number) => milliseconds(at * 1000);

  const enter = (at: number): void => {
    const tailMs = forecastOf(dispatcher.state, "chat", now(at)).tailMs("interactive", 0);
    if (tailMs !== null && tailMs > rush.longestWaitS * 1000) {
      refused += 1;
      return;
    }
    const id = String((arrived += 1));
    const sizeS = rush.spread === 0 ? meanS : chance.logNormal(meanS, rush.spread);
    const knownS = rush.noise === null ? meanS : sizeS * Math.exp(rush.noise * chance.normal());
    sizes.set(id, sizeS);
    dispatcher.enter(waiterOf(id, knownS, `client-${chance.below(rush.clients)}`, at), now(at));
    agenda.add(at + tellAfterS, { kind: "tell", id });
  };
  const dispatch = (at: number): void => {
    for (const { leaseId, waiter } of dispatcher.grants(now(at))) {
      const said = told.get(waiter.id);
      if (said !== undefined) waits.push({ toldS: said.toldS, waitedS: at - said.at });
      agenda.add(at + (sizes.get(waiter.id) ?? meanS), { kind: "end", leaseId });
    }
  };

  agenda.add(0, { kind: "arrive" });
  for (let next = agenda.next(); next !== undefined; next = agenda.next()) {
    const { at, event } = next;
    if (event.kind === "arrive") {
      enter(at);
      const after = at + chance.exponential(gapS);
      if (after < rush.seconds) agenda.add(after, { kind: "arrive" });
    } else if (event.kind === "end") dispatcher.end(event.leaseId, {}, now(at));
    else {
      const turn = forecastOf(dispatcher.state, "chat", now(at)).turns().get(event.id);
      if (turn !== undefined) told.set(event.id, { at, toldS: turn.expectedMs / 1000 });
      continue;
    }
    dispatch(at);
  }
  return { waits, served: arrived, refused };
}

const waiterOf = (id: string, sizeS: number, client: string, at: number): Waiter => ({
  ...{ id, client, model, kind: "chat", class: "interactive", prefix: noPrefix },
  since: milliseconds(at * 1000),
  promptTokens: 200,
  outputTokens: sizeS * decodePerSecond,
  avoidNodeIds: [],
});

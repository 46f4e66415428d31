import { fullModelName } from "../core/balancing/node-view.ts";
import {
  assumedRates,
  measuredRates,
  type MeasuredCall,
  type MeasuredRates,
  type Rates,
} from "../core/balancing/rates.ts";

/** Measured speed of each model on each node. */
export interface NodeSpeeds {
  report(nodeId: string, model: string, call: MeasuredCall): void;
  /** Without what has not been measured. */
  of(nodeId: string, model: string): MeasuredRates;
  reportLoad(nodeId: string, model: string, tookMs: number): void;
  /** How long its last load took; undefined until Drover has loaded it there. */
  loadMs(nodeId: string, model: string): number | undefined;
  /** Slowest of these nodes, by prefill; what is assumed when none has been measured. */
  slowest(nodeIds: readonly string[], model: string): Rates;
}

export function createNodeSpeeds(): NodeSpeeds {
  const measured = new Map<string, MeasuredRates>();
  const loads = new Map<string, number>();
  const keyOf = (nodeId: string, model: string): string => `${nodeId} ${fullModelName(model)}`;
  const of = (nodeId: string, model: string): MeasuredRates =>
    measured.get(keyOf(nodeId, model)) ?? {};
  return {
    of,
    report(nodeId, model, call) {
      measured.set(keyOf(nodeId, model), measuredRates(of(nodeId, model), call));
    },
    reportLoad(nodeId, model, tookMs) {
      loads.set(keyOf(nodeId, model), tookMs);
    },
    loadMs: (nodeId, model) => loads.get(keyOf(nodeId, model)),
    slowest(nodeIds, model) {
      const known = nodeIds
        .map((nodeId) => of(nodeId, model))
        .filter(({ prefillPerSecond }) => prefillPerSecond !== undefined)
        .map((rates) => ({ ...assumedRates, ...rates }));
      if (known.length === 0) return assumedRates;
      return known.reduce((slowest, rates) =>
        rates.prefillPerSecond < slowest.prefillPerSecond ? rates : slowest,
      );
    },
  };
}

import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { embedModel } from "./behaviour.ts";
import { send, type NodeState, type SeenRequest } from "./node-state.ts";

/** Resolves when the client has gone before the end. */
export function clientGone(response: ServerResponse): { left: Promise<void>; gone: () => boolean } {
  let isGone = false;
  const left = new Promise<void>((resolve) => {
    response.on("close", () => {
      if (response.writableFinished) return;
      isGone = true;
      resolve();
    });
  });
  return { left, gone: () => isGone };
}

/** A field of a request as text; anything else than text counts as empty. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const pause = (ms: number): Promise<void> => delay(Math.max(ms, 0));

/** The model's full name; answers 404 and returns null when it is not here. */
export function knownModel(
  state: NodeState,
  seen: SeenRequest,
  response: ServerResponse,
): string | null {
  const asked = textOf(seen.body["model"]).toLowerCase();
  const full = asked.includes(":") ? asked : `${asked}:latest`;
  if (full === state.behaviour.chatName || full === embedModel.name) return full;
  send(response, 404, { error: `model '${asked}' not found` });
  return null;
}

export const isFrozen = (fault: string): boolean => fault === "freeze" || fault === "freeze-model";

/** One load at a time, as Ollama does it. */
export async function ensureLoaded(state: NodeState, model: string): Promise<void> {
  if (state.loaded.has(model)) return;
  const give = await state.loads.take(new Promise(() => undefined));
  if (!state.loaded.has(model)) await pause(state.behaviour.loadMs);
  state.loaded.add(model);
  give?.();
}

/** Whether the node's fault hits this request; a counted fault ends by itself. */
export function takeFault(state: NodeState): string {
  const { fault, faultCount } = state.behaviour;
  if (fault === "none" || faultCount <= 0) return "none";
  state.behaviour = { ...state.behaviour, faultCount: faultCount - 1 };
  return fault;
}

/** Resolves when the node answers again after its load, where it stalls on one. */
export async function loadStallOver(state: NodeState): Promise<void> {
  while (state.behaviour.stallsOnLoad && state.loads.busy() > 0) await pause(5);
}

export function countOpen(state: NodeState, kind: "chat" | "embedding"): () => void {
  state.open[kind] += 1;
  state.mostAtOnce[kind] = Math.max(state.mostAtOnce[kind], state.open[kind]);
  return () => {
    state.open[kind] -= 1;
  };
}

export const nanoseconds = (ms: number): number => Math.max(1, Math.round(ms * 1_000_000));

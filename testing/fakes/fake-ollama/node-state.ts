import type { IncomingMessage, ServerResponse } from "node:http";
import type { FakeBehaviour } from "./behaviour.ts";
import type { Slots } from "./slots.ts";

/** One request for work, as the node saw it. Times are ms since the node started. */
export interface SeenRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage["headers"];
  readonly arrivedAt: number;
  startedAt?: number;
  firstTokenAt?: number;
  /** Tokens so far. */
  sent?: number;
  endedAt?: number;
  end?: "complete" | "aborted" | "faulted";
}

/** The inside of a fake node. */
export interface NodeState {
  behaviour: FakeBehaviour;
  readonly seen: SeenRequest[];
  readonly loaded: Set<string>;
  readonly slots: Slots;
  readonly embedSlots: Slots;
  readonly loads: Slots;
  readonly mostAtOnce: { chat: number; embedding: number };
  readonly open: { chat: number; embedding: number };
  now(): number;
}

/** A whole JSON answer. */
export function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

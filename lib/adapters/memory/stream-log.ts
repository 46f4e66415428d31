import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { NumberedEvent } from "../../core/chat/events.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { Milliseconds } from "../../core/time/milliseconds.ts";
import type { Clock } from "../../ports/clock.ts";
import type { StreamLog } from "../../ports/stream-log.ts";

const keptMs = 600_000;
/** Whoever followed an answer to its end has read it by then; only a page that comes back reads it again. */
const packedAfterMs = 10_000;

interface Log {
  events: NumberedEvent[];
  /** In the place of `events`: 4,800 short answers in ten minutes are 61 MB of objects, packed 3 MB. */
  packed: string | null;
  closedAt: Milliseconds | null;
  /** Readers that have seen everything so far. */
  readonly waiting: Set<() => void>;
}

/** The stream logs of a single process. */
export function createMemoryStreamLog(deps: { readonly clock: Clock }): StreamLog {
  const logs = new Map<string, Log>();

  const tidy = (): void => {
    const now = deps.clock.now();
    for (const [answerId, log] of logs) {
      if (log.closedAt === null) continue;
      if (log.closedAt < now - keptMs) logs.delete(answerId);
      else if (log.closedAt < now - packedAfterMs) pack(log);
    }
  };

  const wake = (log: Log): void => {
    for (const resume of log.waiting) resume();
    log.waiting.clear();
  };

  return {
    open(answerId) {
      tidy();
      if (logs.has(answerId))
        return Promise.reject(new AppError("conflict", { reason: "log open" }));
      logs.set(answerId, { events: [], packed: null, closedAt: null, waiting: new Set() });
      return Promise.resolve();
    },
    append(answerId, event) {
      const log = logs.get(answerId);
      if (log?.closedAt !== null)
        return Promise.reject(new AppError("conflict", { reason: "log not open" }));
      const seq = log.events.length + 1;
      log.events.push({ seq, event });
      wake(log);
      return Promise.resolve(seq);
    },
    close(answerId) {
      const log = logs.get(answerId);
      if (log?.closedAt !== null) return Promise.resolve();
      log.closedAt = deps.clock.now();
      wake(log);
      return Promise.resolve();
    },
    read(answerId, afterSeq, signal) {
      tidy();
      const log = logs.get(answerId);
      return Promise.resolve(log === undefined ? null : follow(log, afterSeq, signal));
    },
  };
}

function pack(log: Log): void {
  if (log.packed !== null) return;
  // As text: a buffer would keep the shared block that it was cut from.
  log.packed = deflateRawSync(JSON.stringify(log.events)).toString("latin1");
  // Whoever is reading still keeps the old list.
  log.events = [];
}

const eventsOf = ({ events, packed }: Log): readonly NumberedEvent[] =>
  packed === null
    ? events
    : (JSON.parse(
        inflateRawSync(Buffer.from(packed, "latin1")).toString(),
      ) as readonly NumberedEvent[]);

async function* follow(
  log: Log,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<NumberedEvent, void> {
  const events = eventsOf(log);
  let next = Math.max(afterSeq, 0);
  for (;;) {
    signal.throwIfAborted();
    const event = events[next];
    if (event !== undefined) {
      next += 1;
      yield event;
    } else if (log.closedAt !== null) return;
    else await newEvent(log, signal);
  }
}

function newEvent(log: Log, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      log.waiting.delete(resume);
      reject(signal.reason as Error);
    };
    const resume = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    log.waiting.add(resume);
    signal.addEventListener("abort", leave, { once: true });
  });
}

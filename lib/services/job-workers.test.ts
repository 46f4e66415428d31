import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import type { JobQueue, LeasedJob } from "../ports/job-queue.ts";
import { createJobWorkers, type JobHandler, type JobOutcome } from "./job-workers.ts";

const job = (change: Partial<LeasedJob> = {}): LeasedJob => ({
  id: "j1",
  kind: "ingest",
  payload: {},
  attempt: 1,
  maxAttempts: 3,
  ...change,
});

/** A queue that hands out the given jobs once and notes what became of them. */
function scriptedQueue(jobs: readonly LeasedJob[], holds: () => boolean = () => true) {
  const log: string[] = [];
  const waiting = [...jobs];
  const queue: JobQueue = {
    enqueue: () => Promise.reject(new Error("not scripted")),
    cancel: () => Promise.reject(new Error("not scripted")),
    stop: () => Promise.reject(new Error("not scripted")),
    replay: () => Promise.reject(new Error("not scripted")),
    purge: () => Promise.reject(new Error("not scripted")),
    lease: () => Promise.resolve(waiting.shift() ?? null),
    renew: () => {
      log.push("renew");
      return Promise.resolve(holds());
    },
    complete: () => Promise.resolve(log.push("complete") > 0),
    fail: (_, reason, delayMs) => {
      log.push(`fail ${reason} ${String(delayMs)}`);
      return Promise.resolve("waiting");
    },
    postpone: (_, reason, delayMs) =>
      Promise.resolve(log.push(`postpone ${reason} ${String(delayMs)}`) > 0),
    bury: (_, reason) => Promise.resolve(log.push(`bury ${reason}`) > 0),
  };
  return { queue, log, add: (...more: readonly LeasedJob[]) => waiting.push(...more) };
}

type Work = (job: LeasedJob, signal: AbortSignal) => Promise<JobOutcome>;

function start(work: Work, scripted: ReturnType<typeof scriptedQueue>) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const gaveUp: string[] = [];
  const faults: unknown[] = [];
  let sweeps = 0;
  const handler: JobHandler = {
    run: work,
    giveUp: (_, reason) => {
      scripted.log.push("give up");
      gaveUp.push(reason);
      return Promise.resolve();
    },
  };
  const workers = createJobWorkers({
    queue: scripted.queue,
    clock,
    handlers: { ingest: handler },
    owner: "test",
    sweep: () => {
      sweeps += 1;
      return Promise.resolve();
    },
    onFault: (error) => faults.push(error),
  });
  const running = workers.run(stop.signal);
  return {
    clock,
    workers,
    gaveUp,
    faults,
    sweeps: () => sweeps,
    end: async () => {
      stop.abort(new Error("stopped"));
      await clock.advance(0);
      await running;
    },
  };
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });

describe("job workers", () => {
  it("settles each outcome as it is meant", async () => {
    const outcomes: JobOutcome[] = [
      { kind: "complete" },
      { kind: "wait", reason: "no node", delayMs: 9 },
      { kind: "retry", reason: "hiccup" },
      { kind: "dead", reason: "no pdf" },
    ];
    const scripted = scriptedQueue(outcomes.map(() => job()));
    const started = start(() => {
      const outcome = outcomes.shift();
      return outcome === undefined ? Promise.reject(new Error()) : Promise.resolve(outcome);
    }, scripted);
    await started.clock.advance(0);
    await started.end();
    expect(scripted.log).toEqual([
      "complete",
      "postpone no node 9",
      "fail hiccup 2000",
      "give up",
      "bury no pdf",
    ]);
  });

  it("waits longer after each failure, and says why before it gives the last one up", async () => {
    const scripted = scriptedQueue([1, 2, 3].map((attempt) => job({ attempt })));
    const started = start(() => Promise.reject(new Error("disk")), scripted);
    await started.clock.advance(0);
    await started.end();
    expect(scripted.log).toEqual(["fail disk 2000", "fail disk 4000", "give up", "bury disk"]);
  });

  it("ends a job whose every attempt was cut off, without running it again", async () => {
    const scripted = scriptedQueue([job({ attempt: 4 })]);
    const started = start(() => Promise.reject(new Error("ran")), scripted);
    await started.clock.advance(0);
    await started.end();
    expect(started.gaveUp).toEqual(["The program stopped each time it worked on this."]);
  });

  it("keeps its lease while it works and stops the work when the lease is lost", async () => {
    let holds = true;
    const scripted = scriptedQueue([job()], () => holds);
    let ended = false;
    const started = start(async (_, signal) => {
      await untilAborted(signal).finally(() => (ended = true));
      return { kind: "complete" };
    }, scripted);
    await started.clock.advance(10_000);
    expect(scripted.log).toEqual(["renew", "renew"]);
    expect(ended).toBe(false);
    holds = false;
    await started.clock.advance(5000);
    expect(ended).toBe(true);
    await started.end();
    // Nothing is settled: the job is somebody else's now.
    expect(scripted.log).toEqual(["renew", "renew", "renew"]);
  });

  it("gives the job in hand back when it is stopped", async () => {
    const scripted = scriptedQueue([job()]);
    const started = start(async (_, signal) => untilAborted(signal), scripted);
    await started.clock.advance(0);
    await started.end();
    expect(scripted.log).toEqual(["postpone Drover was stopped. 0"]);
  });

  it("looks at once when it is woken, and each second otherwise", async () => {
    const scripted = scriptedQueue([]);
    const started = start(() => Promise.resolve({ kind: "complete" }), scripted);
    await started.clock.advance(0);
    scripted.add(job());
    started.workers.wake();
    await started.clock.advance(0);
    expect(scripted.log).toEqual(["complete"]);
    scripted.add(job());
    await started.clock.advance(999);
    expect(scripted.log).toEqual(["complete"]);
    await started.clock.advance(1);
    expect(scripted.log).toEqual(["complete", "complete"]);
    await started.end();
  });

  it("cleans up when it is idle, every ten seconds and when it is woken", async () => {
    const started = start(() => Promise.resolve({ kind: "complete" }), scriptedQueue([]));
    await started.clock.advance(9000);
    expect(started.sweeps()).toBe(1);
    await started.clock.advance(2000);
    expect(started.sweeps()).toBe(2);
    started.workers.wake();
    await started.clock.advance(0);
    expect(started.sweeps()).toBe(3);
    await started.end();
  });

  it("goes on after a fault of the queue, and tells of it", async () => {
    const scripted = scriptedQueue([]);
    let broken = true;
    const lease = scripted.queue.lease.bind(scripted.queue);
    const queue: JobQueue = {
      ...scripted.queue,
      lease: (...args) => (broken ? Promise.reject(new Error("away")) : lease(...args)),
    };
    const started = start(() => Promise.resolve({ kind: "complete" }), { ...scripted, queue });
    await started.clock.advance(0);
    expect(started.faults).toEqual([new Error("away")]);
    broken = false;
    scripted.add(job());
    await started.clock.advance(1000);
    expect(scripted.log).toEqual(["complete"]);
    await started.end();
  });
});

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { JobQueue, LeasedJob } from "#lib/ports/job-queue.ts";

const minute = 60_000;

/** What every job queue keeps. Leases of no length stand for those that ran out, so that no test waits. */
export function jobQueueContract(name: string, open: () => Promise<JobQueue>): void {
  describe(`JobQueue contract: ${name}`, () => {
    let queue: JobQueue;
    let kind: string;

    beforeAll(async () => {
      queue = await open();
    });

    /** Each test has a kind of its own, so none sees the jobs of another. */
    const freshKind = () => {
      kind = randomUUID();
      return kind;
    };
    const add = (change: object = {}) =>
      queue.enqueue({ kind, payload: { document: 1 }, ...change });
    const take = async (leaseMs = minute): Promise<LeasedJob> => {
      const job = await queue.lease([kind], "worker", leaseMs);
      if (job === null) throw new Error("there was no job");
      return job;
    };

    it("hands out a job once, with what it was given", async () => {
      freshKind();
      const id = await add();
      const job = await take();
      expect(job).toMatchObject({ id, kind, payload: { document: 1 }, attempt: 1, maxAttempts: 3 });
      expect(await queue.lease([kind], "other", minute)).toBeNull();
    });

    it("hands out no job of another kind", async () => {
      freshKind();
      await add();
      expect(await queue.lease([randomUUID()], "worker", minute)).toBeNull();
      expect(await queue.lease([], "worker", minute)).toBeNull();
    });

    it("takes higher priorities first, then older jobs", async () => {
      freshKind();
      const first = await add();
      const second = await add();
      const urgent = await add({ priority: 5 });
      expect([(await take()).id, (await take()).id, (await take()).id]).toEqual([
        urgent,
        first,
        second,
      ]);
    });

    it("keeps one open job a key and returns its id", async () => {
      freshKind();
      const key = randomUUID();
      const id = await add({ dedupeKey: key });
      expect(await add({ dedupeKey: key })).toBe(id);
      const job = await take();
      expect(await add({ dedupeKey: key })).toBe(id);
      await queue.complete(job);
      expect(await add({ dedupeKey: key })).not.toBe(id);
    });

    it("never gives one job to two of many workers that ask at once", async () => {
      freshKind();
      await Promise.all(Array.from({ length: 10 }, () => add()));
      const leased = await Promise.all(
        Array.from({ length: 20 }, (_, index) => queue.lease([kind], `w${String(index)}`, minute)),
      );
      const ids = leased.flatMap((job) => (job === null ? [] : [job.id]));
      expect(ids).toHaveLength(10);
      expect(new Set(ids).size).toBe(10);
    });

    it("makes one job of many enqueues of one key at once", async () => {
      freshKind();
      const key = randomUUID();
      const ids = await Promise.all(Array.from({ length: 10 }, () => add({ dedupeKey: key })));
      expect(new Set(ids).size).toBe(1);
    });

    it("gives a job whose lease ran out to another worker and refuses the first one", async () => {
      freshKind();
      await add();
      const lost = await take(0);
      const taken = await take();
      expect(taken).toMatchObject({ id: lost.id, attempt: 2 });
      expect(await queue.renew(lost, minute)).toBe(false);
      expect(await queue.complete(lost)).toBe(false);
      expect(await queue.fail(lost, "late", 0)).toBe("lost");
      expect(await queue.postpone(lost, "late", 0)).toBe(false);
      expect(await queue.bury(lost, "late")).toBe(false);
      expect(await queue.complete(taken)).toBe(true);
    });

    it("keeps a renewed lease", async () => {
      freshKind();
      await add();
      const job = await take(0);
      expect(await queue.renew(job, minute)).toBe(true);
      expect(await queue.lease([kind], "other", minute)).toBeNull();
    });

    it("runs a failed job again, not before its delay is over, and ends it when no attempt is left", async () => {
      freshKind();
      await add({ maxAttempts: 2 });
      expect(await queue.fail(await take(), "once", 0)).toBe("waiting");
      const second = await take();
      expect(second.attempt).toBe(2);
      expect(await queue.fail(second, "twice", 0)).toBe("dead");
      expect(await queue.lease([kind], "worker", minute)).toBeNull();

      await add({ maxAttempts: 2 });
      expect(await queue.fail(await take(), "later", minute)).toBe("waiting");
      expect(await queue.lease([kind], "worker", minute)).toBeNull();
    });

    it("uses up no attempt when a job is postponed, and goes on fencing", async () => {
      freshKind();
      await add({ maxAttempts: 1 });
      const first = await take();
      expect(await queue.postpone(first, "no node", 0)).toBe(true);
      const second = await take();
      expect(second.attempt).toBe(2);
      expect(second.attempt).toBeLessThanOrEqual(second.maxAttempts);
      expect(await queue.complete(first)).toBe(false);
      expect(await queue.complete(second)).toBe(true);
    });

    it("still hands out a job whose every attempt lost its lease, so that somebody can say why it ends", async () => {
      freshKind();
      await add({ maxAttempts: 1 });
      await take(0);
      const spent = await take();
      expect(spent.attempt).toBeGreaterThan(spent.maxAttempts);
      expect(await queue.bury(spent, "stopped each time")).toBe(true);
      expect(await queue.lease([kind], "worker", minute)).toBeNull();
    });

    it("stops a cancelled job wherever it is", async () => {
      freshKind();
      const waiting = randomUUID();
      await add({ dedupeKey: waiting });
      expect(await queue.cancel(waiting)).toBe(true);
      expect(await queue.lease([kind], "worker", minute)).toBeNull();
      expect(await queue.cancel(waiting)).toBe(false);

      const running = randomUUID();
      await add({ dedupeKey: running });
      const job = await take();
      expect(await queue.cancel(running)).toBe(true);
      expect(await queue.renew(job, minute)).toBe(false);
      expect(await queue.complete(job)).toBe(false);
    });

    it("stops an open job by its id, and no other", async () => {
      freshKind();
      const id = await add();
      const other = await add();
      const job = await take();
      expect(await queue.stop(id)).toBe(true);
      expect(await queue.complete(job)).toBe(false);
      expect(await queue.stop(id)).toBe(false);
      expect((await take()).id).toBe(other);
    });

    it("runs a dead job again with fresh attempts, and never beside another of its key", async () => {
      freshKind();
      const key = randomUUID();
      const id = await add({ dedupeKey: key, maxAttempts: 1 });
      expect(await queue.replay(id)).toBe(false);
      const first = await take();
      await queue.bury(first, "hopeless");
      const open = await add({ dedupeKey: key });
      expect(await queue.replay(id)).toBe(false);
      await queue.stop(open);
      expect(await queue.replay(id)).toBe(true);
      const again = await take();
      expect(again.id).toBe(id);
      // Attempts go on counting, so that whoever held it before stays fenced.
      expect(again.attempt).toBeGreaterThan(first.attempt);
      expect(again.maxAttempts - again.attempt).toBeGreaterThanOrEqual(2);
      expect(await queue.complete(first)).toBe(false);
    });

    it("forgets a dead job and nothing that may still run", async () => {
      freshKind();
      const id = await add();
      expect(await queue.purge(id)).toBe(false);
      await queue.bury(await take(), "hopeless");
      expect(await queue.purge(id)).toBe(true);
      expect(await queue.replay(id)).toBe(false);
    });

    it("ends a poison job after three attempts while the others flow", async () => {
      freshKind();
      const poison = await add({ payload: { poison: true } });
      await Promise.all(Array.from({ length: 20 }, () => add()));
      const done: string[] = [];
      const became: string[] = [];
      for (let job = await queue.lease([kind], "w", minute); job !== null;) {
        if (job.payload["poison"] === true) became.push(await queue.fail(job, "poison", 0));
        else if (await queue.complete(job)) done.push(job.id);
        job = await queue.lease([kind], "w", minute);
      }
      expect(became).toEqual(["waiting", "waiting", "dead"]);
      expect(new Set(done).size).toBe(20);
      expect(done).not.toContain(poison);
    });

    it("ends a buried job at once", async () => {
      freshKind();
      await add();
      const job = await take();
      expect(await queue.bury(job, "hopeless")).toBe(true);
      expect(await queue.bury(job, "again")).toBe(false);
      expect(await queue.lease([kind], "worker", minute)).toBeNull();
    });
  });
}

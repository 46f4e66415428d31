import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createJobOverview } from "#lib/adapters/database/job-overview.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { createSteerJobs, type SteerJobs } from "#lib/services/steer-jobs.ts";
import { type DocumentLine, startDocumentLine } from "./document-line.ts";

describe("steering the queue", () => {
  let line: DocumentLine;
  let steering: SteerJobs;
  let collectionId: string;
  let woken = 0;

  beforeAll(async () => {
    line = await startDocumentLine();
    collectionId = await line.newCollection();
    steering = createSteerJobs({
      queue: line.queue,
      overview: createJobOverview({ database: line.connection.db }),
      documents: line.documents,
      onQueued: () => {
        woken += 1;
      },
    });
  });
  afterAll(() => line.close());

  const jobOf = async (documentId: string) => {
    const { jobs } = await steering.overview(line.admin);
    const found = jobs.find((job) => job.documentId === documentId);
    if (found === undefined) throw new Error("the document has no job");
    return found;
  };

  it("shows what waits, runs and is dead, with what it is about and why", async () => {
    const { document: waiting } = await line.upload(collectionId, "waiting.txt", "Waits here.");
    const held = await line.queue.lease(["ingest"], "test", 60_000);
    const { document: later } = await line.upload(collectionId, "later.txt", "Comes later.");
    expect(await jobOf(waiting.id)).toMatchObject({ status: "running", subject: "waiting" });
    expect(await jobOf(later.id)).toMatchObject({ status: "waiting", kind: "ingest", attempt: 0 });
    if (held !== null) await line.queue.fail(held, "The node went away.", 60_000);
    expect(await jobOf(waiting.id)).toMatchObject({
      status: "waiting",
      reason: "The node went away.",
    });
    const { counts } = await steering.overview(line.admin);
    expect(counts).toEqual({ waiting: 2, running: 0, dead: 0 });
    const ids = [(await jobOf(waiting.id)).id, (await jobOf(later.id)).id];
    expect(await steering.steer(line.admin, "cancel", ids)).toBe(2);
    expect((await line.documents.get(line.admin, later.id)).status).toBe("cancelled");
    expect((await steering.overview(line.admin)).counts.waiting).toBe(0);
  });

  it("runs a dead document again, and forgets one that cannot be mended", async () => {
    const { document } = await line.upload(collectionId, "broken.json", '{"a": ');
    await line.workOff();
    const dead = await jobOf(document.id);
    expect(dead).toMatchObject({ status: "dead", subject: "broken" });
    expect(dead.reason).toMatch(/not valid JSON/);

    const before = woken;
    expect(await steering.steer(line.admin, "replay", [dead.id])).toBe(1);
    expect(woken).toBe(before + 1);
    expect((await line.documents.get(line.admin, document.id)).status).toBe("queued");
    expect(await jobOf(document.id)).toMatchObject({ status: "waiting" });
    await line.workOff();
    const again = await jobOf(document.id);
    expect(again.id).not.toBe(dead.id);
    expect(await steering.steer(line.admin, "purge", [again.id])).toBe(1);
    expect((await steering.overview(line.admin)).counts.dead).toBe(0);
    // The document itself says why it failed for as long as it is there.
    expect((await line.documents.get(line.admin, document.id)).failure?.reason).toMatch(/JSON/);
  });

  it("is for the admins of the workspace alone", async () => {
    const { document } = await line.upload(collectionId, "mine.txt", "Only ours.");
    const job = await jobOf(document.id);
    const member = await line.addPerson("member");
    await expect(steering.overview(member)).rejects.toMatchObject({ code: "forbidden" });
    const { rows } = await line.connection.pool.query<{ id: string }>(
      "insert into workspaces (name) values ('Other') returning id",
    );
    const stranger: Actor = { ...line.admin, workspaceId: rows[0]?.id ?? "" };
    expect(await steering.overview(stranger)).toMatchObject({ jobs: [] });
    await expect(steering.steer(stranger, "cancel", [job.id])).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await jobOf(document.id)).toMatchObject({ status: "waiting" });
  });
});

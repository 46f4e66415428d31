import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDocumentStore } from "#lib/adapters/database/document-store.ts";
import { createIngestStore } from "#lib/adapters/database/ingest-store.ts";
import type { SqlDatabase, SqlRunner } from "#lib/adapters/database/sql-database.ts";
import type { DocumentParser, ParsedDocument } from "#lib/ports/document-parser.ts";
import type { LeasedJob } from "#lib/ports/job-queue.ts";
import { createIngestDocument } from "#lib/services/ingest-document.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { auditCorpus } from "./corpus-audit.ts";
import { type DocumentLine, hashingEmbedder, startDocumentLine } from "./document-line.ts";

const killed = new Error("killed");
const never = new AbortController().signal;

/** Dies at statement number `at`: before it runs, or after it ran and before anybody heard of it. */
function mortal(database: SqlDatabase, at: number, moment: "before" | "after") {
  let seen = 0;
  const guard = (runner: SqlRunner): SqlRunner => ({
    execute: (async (query: Parameters<SqlRunner["execute"]>[0]) => {
      seen += 1;
      if (seen > at || (seen === at && moment === "before")) throw killed;
      const result = await runner.execute(query);
      if (seen === at) throw killed;
      return result;
    }) as unknown as SqlRunner["execute"],
  });
  const transaction = ((work: (runner: SqlRunner) => Promise<unknown>) =>
    database.transaction((inner) => work(guard(inner)))) as unknown as SqlDatabase["transaction"];
  return {
    database: { ...guard(database), transaction } satisfies SqlDatabase,
    statements: () => seen,
  };
}

const paragraph = (document: string, part: number): string =>
  `Part ${String(part)} of ${document}. ${`The ${document} keeps its secret number ${String(part)} in a drawer. `.repeat(16)}`;

function invented(name: string): ParsedDocument {
  const parts = Array.from({ length: 45 }, (_, part) => paragraph(name, part).trim());
  const text = parts.join("\n\n");
  const blocks = parts.map((part) => {
    const start = text.indexOf(part);
    return { kind: "paragraph" as const, start, end: start + part.length, level: 0 };
  });
  return { title: null, text, pages: [], blocks, warnings: [] };
}

describe("an ingest that is cut off", () => {
  let line: DocumentLine;
  let collectionId: string;

  beforeAll(async () => {
    line = await startDocumentLine();
    collectionId = await line.newCollection();
  });
  afterAll(() => line.close());

  const parserFor = (name: string): DocumentParser => ({
    parse: () => Promise.resolve(invented(name)),
    detect: () => Promise.resolve("text/plain"),
  });

  const run = (database: SqlDatabase, name: string, job: LeasedJob) =>
    createIngestDocument({
      store: createIngestStore({ database }),
      parser: parserFor(name),
      files: { path: (key) => key },
      models: hashingEmbedder,
      clock: createFakeClock(),
    }).run(job, never);

  const add = async (name: string) => {
    const { document } = await createDocumentStore({ database: line.connection.db }).create(
      line.admin,
      {
        collectionId,
        title: name,
        fileName: `${name}.txt`,
        mediaType: "text/plain",
        bytes: 1,
        contentHash: randomUUID(),
        fileKey: randomUUID(),
      },
    );
    return document.id;
  };

  const lease = async (leaseMs: number) => {
    const job = await line.queue.lease(["ingest"], "test", leaseMs);
    if (job === null) throw new Error("nothing is queued");
    return job;
  };

  /** Kills the first attempt; returns how many statements it got to. */
  const killAt = async (at: number, moment: "before" | "after") => {
    const name = `book${randomUUID().slice(0, 8)}`;
    const documentId = await add(name);
    const guarded = mortal(line.connection.db, at, moment);
    // The lease is over at once, as it is a while after the death of its holder.
    const first = await lease(0);
    const ended = await run(guarded.database, name, first).then(
      () => "finished" as const,
      () => "killed" as const,
    );
    const between = await line.documents.get(line.admin, documentId);
    const found = await line.retrieve(line.admin, `secret number of ${name}`, [], 50);
    const visible = found.chunks.filter((chunk) => chunk.documentId === documentId).length;
    const half = between.status !== "ready" && visible > 0;

    const second = await lease(60_000);
    const outcome = await run(line.connection.db, name, second);
    await line.queue.complete(second);
    const after = await line.documents.get(line.admin, documentId);
    return { ended, half, outcome, after, statements: guarded.statements() };
  };

  it("is never half searchable and never stored twice, wherever it is cut", async () => {
    const whole = await killAt(Infinity, "before");
    expect(whole.ended).toBe("finished");
    expect(whole.statements).toBeGreaterThanOrEqual(20);
    for (let at = 1; at <= whole.statements; at += 1) {
      for (const moment of ["before", "after"] as const) {
        const { ended, half, outcome, after } = await killAt(at, moment);
        const point = `${moment} statement ${String(at)}`;
        expect({ point, ended, half, outcome: outcome.kind, status: after.status }).toEqual({
          point,
          ended: "killed",
          half: false,
          outcome: "complete",
          status: "ready",
        });
        expect(after.chunkCount).toBe(whole.after.chunkCount);
      }
    }
    expect(await auditCorpus(line.connection)).toEqual([]);
  }, 180_000);

  it("goes on from what was stored instead of starting again", async () => {
    const name = "continued";
    await add(name);
    let embedded = 0;
    const counting = {
      embed: (...args: Parameters<typeof hashingEmbedder.embed>) => {
        embedded += args[0].length;
        // The node goes away after the first two steps.
        if (embedded > 40) throw killed;
        return hashingEmbedder.embed(...args);
      },
    };
    const deps = {
      store: line.store,
      parser: parserFor(name),
      files: { path: (key: string) => key },
      clock: line.clock,
    };
    const first = await lease(0);
    await expect(
      createIngestDocument({ ...deps, models: counting }).run(first, never),
    ).rejects.toBe(killed);
    embedded = -1000;
    const second = await lease(60_000);
    await createIngestDocument({ ...deps, models: counting }).run(second, never);
    await line.queue.complete(second);
    expect(embedded + 1000).toBe(5);
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("embeds the next two steps while one is stored", async () => {
    const name = "overlapping";
    await add(name);
    const order: string[] = [];
    const handler = createIngestDocument({
      store: {
        ...line.store,
        addChunks: (...args) => {
          order.push("store");
          return line.store.addChunks(...args);
        },
      },
      parser: parserFor(name),
      files: { path: (key: string) => key },
      models: {
        embed: (...args) => {
          order.push("embed");
          return hashingEmbedder.embed(...args);
        },
      },
      clock: line.clock,
    });
    const job = await lease(0);
    expect(await handler.run(job, never)).toEqual({ kind: "complete" });
    await line.queue.complete(job);
    expect(order).toEqual(["embed", "embed", "embed", "store", "store", "store"]);
  });

  it("never mixes vectors of two models: it starts again when the embedder changes on the way", async () => {
    const name = "changing";
    const documentId = await add(name);
    let calls = 0;
    const changing = {
      embed: async (...args: Parameters<typeof hashingEmbedder.embed>) => {
        const { vectors, space } = await hashingEmbedder.embed(...args);
        calls += 1;
        return { vectors, space: { ...space, digest: calls === 1 ? "old" : "new" } };
      },
    };
    const handler = createIngestDocument({
      store: line.store,
      parser: parserFor(name),
      files: { path: (key: string) => key },
      models: changing,
      clock: line.clock,
    });
    expect(await handler.run(await lease(0), never)).toMatchObject({ kind: "retry" });
    expect((await line.documents.get(line.admin, documentId)).status).toBe("processing");
    const second = await lease(60_000);
    expect(await handler.run(second, never)).toEqual({ kind: "complete" });
    await line.queue.complete(second);
    const { rows } = await line.connection.pool.query<{ digest: string }>(
      `select distinct s.digest from chunk_embeddings e join embedding_spaces s on s.id = e.space_id
        join chunks k on k.id = e.chunk_id where k.document_id = $1`,
      [documentId],
    );
    expect(rows).toEqual([{ digest: "new" }]);
    expect(await auditCorpus(line.connection)).toEqual([]);
  });

  it("writes nothing more once another worker has taken the job over", async () => {
    const name = "fenced";
    const documentId = await add(name);
    const slow = await lease(0);
    const taken = await lease(60_000);
    expect(await run(line.connection.db, name, slow)).toEqual({ kind: "complete" });
    expect((await line.documents.get(line.admin, documentId)).status).toBe("queued");
    await run(line.connection.db, name, taken);
    expect((await line.documents.get(line.admin, documentId)).status).toBe("ready");
    await line.queue.complete(taken);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "#testing/bench/corpus.ts";
import { auditCorpus } from "./corpus-audit.ts";
import { type DocumentLine, startDocumentLine } from "./document-line.ts";

const seed = 20_261_121;

/** Long enough for several chunks, with words that all documents share. */
const note = (name: string): string =>
  Array.from(
    { length: 12 },
    (_, part) =>
      `## Part ${String(part)} of ${name}\n\n${`The lighthouse keeper of ${name} trims lamp ${String(part)} at dusk. `.repeat(12)}`,
  ).join("\n\n");

describe("ingest, removal and requeue at the same time", () => {
  let line: DocumentLine;
  beforeAll(async () => {
    line = await startDocumentLine();
  });
  afterAll(() => line.close());

  it(`leaves no removed document findable and every count right (seed ${String(seed)})`, async () => {
    const random = seededRandom(seed);
    const collectionId = await line.newCollection();
    const added = await Promise.all(
      Array.from({ length: 14 }, (_, index) =>
        line.upload(collectionId, `n${String(index)}.md`, note(`station${String(index)}`)),
      ),
    );
    const ids = added.map(({ document }) => document.id);
    const removed = new Set(ids.filter(() => random() < 0.5));
    const wrong: string[] = [];
    const disturb = async () => {
      for (const id of ids) {
        if (removed.has(id)) {
          await line.documents.remove(line.admin, id);
          const { chunks } = await line.retrieve(line.admin, "lighthouse keeper lamp", [], 100);
          if (chunks.some((chunk) => chunk.documentId === id)) wrong.push(id);
        } else {
          await line.documents.cancel(line.admin, id);
          await line.documents.requeue(line.admin, id);
        }
      }
    };
    const faults = (await Promise.all([line.workOff(), line.workOff(), disturb()]))
      .filter((each) => each !== undefined)
      .flat();
    expect(faults).toEqual([]);
    // What was taken from a worker in the middle comes back once its lease is over.
    await line.connection.pool.query(
      "update jobs set lease_expires_at = now(), run_after = now() where status in ('running', 'waiting')",
    );
    await line.workOff();
    expect(wrong).toEqual([]);
    const left = await line.documents.list(line.admin, { collectionId });
    expect(left.map(({ id }) => id).sort()).toEqual(ids.filter((id) => !removed.has(id)).sort());
    expect(new Set(left.map(({ status }) => status))).toEqual(new Set(["ready"]));
    expect(await auditCorpus(line.connection)).toEqual([]);
  }, 90_000);
});

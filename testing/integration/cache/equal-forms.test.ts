import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { type CachedLine, startCachedLine } from "./cached-line.ts";

const question = "What is the warranty of the Aurora 300 pump?";
const sameForm = "Please tell me what is the warranty of the Aurora 300 pump";
const handbook = "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months.\n";

describe("another wording of the same form", () => {
  let line: CachedLine;
  let collectionId: string;
  let searches: number;
  const counted: RetrieveChunks = (...asked) => {
    searches += 1;
    return line.kept(...asked);
  };
  const ask = (actor: CachedLine["admin"], text: string) =>
    line.ask(actor, text, { retrieve: counted });

  beforeAll(async () => {
    line = await startCachedLine();
    collectionId = await line.newCollection();
    await line.addDocument(collectionId, "warranty.md", handbook);
  });
  afterAll(async () => {
    expect(line.faults).toEqual([]);
    await line.close();
  });
  beforeEach(async () => {
    await line.connection.pool.query("delete from cache_entries");
    await line.connection.pool.query("delete from cache_tombstones");
    await line.connection.pool.query("delete from cache_blocked_pairs");
    await line.ask(line.admin, question);
    searches = 0;
  });

  it("is answered by one embedding, without a search, while nothing moved", async () => {
    const calls = line.calls.length;
    expect(await ask(line.admin, sameForm)).toMatchObject({ isCached: true });
    expect(searches).toBe(0);
    expect(line.calls.length - calls).toBeLessThanOrEqual(1);
  });

  it("is searched for once the documents moved, and gets what is said now", async () => {
    await line.addDocument(collectionId, "other.md", "# Tides\n\nThe tide comes twice a day.\n");
    expect(await ask(line.admin, sameForm)).toMatchObject({ isCached: true });
    expect(searches).toBe(1);
  });

  it("is nothing to who may read other documents, and nothing once the answer was called wrong", async () => {
    const secret = await line.newCollection(line.admin, "private");
    await line.addDocument(secret, "code.md", "# Vault\n\nThe code of the vault is 4711.\n");
    await line.ask(line.admin, "What is the code of the vault?");
    const seen = await ask(
      await line.addPerson("member"),
      "Please tell me what the code of the vault is",
    );
    expect(JSON.stringify(seen)).not.toContain(" 4711");
    const again = await line.ask(line.admin, question);
    expect(await ask(line.admin, sameForm)).toMatchObject({ isCached: true });
    await line.answers.reject(line.admin, again.answerId);
    expect(await ask(line.admin, sameForm)).toMatchObject({ isCached: false });
  });

  it("is a miss when shadow answers found the two wordings to differ, and where forms are all that is known", async () => {
    line.state.semantic = "off";
    expect(await ask(line.admin, sameForm)).toMatchObject({ isCached: false });
    line.state.semantic = "measuring";
    await line.connection.pool.query("delete from cache_entries");
    await line.ask(line.admin, question);
    expect(await ask(line.admin, sameForm)).toMatchObject({ isCached: true });
    line.state.semantic = "serving";
  });
});

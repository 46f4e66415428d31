import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "#lib/core/errors/app-error.ts";
import { type PrewarmedLine, startPrewarmedLine } from "./prewarmed-line.ts";

const question = "How long is the warranty of the Aurora 300 pump?";
const handbook =
  "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months. Seals are not covered by it.\n";
const answer = "The pump is covered for two years. Seals are excluded.";

describe("curated answers over a real database", () => {
  let line: PrewarmedLine;
  let documentId: string;

  beforeAll(async () => {
    line = await startPrewarmedLine();
    const collectionId = await line.newCollection();
    documentId = await line.addDocument(collectionId, "warranty.md", handbook);
  });
  afterAll(async () => {
    expect(line.faults).toEqual([]);
    await line.close();
  });
  beforeEach(async () => {
    for (const table of ["entries", "listed_questions", "tombstones"])
      await line.connection.pool.query(`delete from cache_${table}`);
  });

  const write = async () => {
    const passages = await line.curated.passages(line.admin, question, line.call());
    const chunkIds = passages.slice(0, 1).map(({ chunkId }) => chunkId);
    return line.curated.save(line.admin, { question, answer, chunkIds }, line.call());
  };
  const saidTo = async (actor: typeof line.admin, asked: string) => {
    const { isCached, sentences, notices } = await line.ask(actor, asked);
    return { isCached, text: sentences.map(({ text }) => text).join(" "), notices };
  };

  it("is given to everyone who may read its passages, in the admin's words, labelled, in other forms too", async () => {
    await write();
    const member = await line.addPerson("member");
    for (const asked of [question, `Please tell me ${question.toLowerCase()}`]) {
      const said = await saidTo(member, asked);
      expect(said).toMatchObject({ isCached: true, text: answer });
      expect(said.notices[0]?.message).toContain("An answer that an admin wrote");
    }
  });

  it("stands behind a person's own exact hit in order, and is nobody's who may not read", async () => {
    const secret = await line.newCollection(line.admin, "private");
    await line.addDocument(secret, "plan.md", "# Plan\n\nThe Borealis 900 is planned for 2031.\n");
    const about = "When is the Borealis 900 planned?";
    const passages = await line.curated.passages(line.admin, about, line.call());
    const chunkIds = passages.slice(0, 1).map(({ chunkId }) => chunkId);
    const secretAnswer = { question: about, answer: "In 2031, quietly.", chunkIds };
    await line.curated.save(line.admin, secretAnswer, line.call());
    expect(await saidTo(line.admin, about)).toMatchObject({ text: "In 2031, quietly." });
    const outsider = await line.addPerson("member");
    expect(JSON.stringify(await line.ask(outsider, about))).not.toContain("quietly");
    await line.collections.remove(line.admin, secret);
    expect(JSON.stringify(await line.ask(line.admin, about))).not.toContain("quietly");
  });

  it("ends with its passages until an admin looks again, and says so", async () => {
    const listed = await write();
    expect(await line.curated.state(line.admin, listed)).toBe("in-force");
    await line.replace(documentId, "warranty.md", handbook.replace("24 months", "36 months"));
    await line.workOff();
    expect(await line.curated.state(line.admin, listed)).toBe("needs-review");
    expect(await line.curated.refresh(line.admin, listed, line.call())).toBe("needs-review");
    expect((await saidTo(line.admin, question)).text).not.toBe(answer);
    await line.connection.pool.query("delete from cache_entries where source <> 'curated'");
    const again = await write();
    expect(await line.curated.state(line.admin, again)).toBe("in-force");
    expect((await saidTo(line.admin, question)).text).toBe(answer);
  });

  it("lives on under another embedder once it was proven there", async () => {
    const listed = await write();
    line.fingerprint.embedder = "another";
    expect((await saidTo(line.admin, question)).isCached).toBe(false);
    expect(await line.curated.refresh(line.admin, listed, line.call())).toBe("in-force");
    await line.connection.pool.query("delete from cache_entries where source <> 'curated'");
    expect((await saidTo(line.admin, question)).text).toBe(answer);
    line.fingerprint.embedder = "hashing";
  });

  it("is written by admins alone, on passages that are there, and goes with its place on the list", async () => {
    const member = await line.addPerson("member");
    const nothing = { question, answer, chunkIds: [] };
    await expect(line.curated.save(member, nothing, line.call())).rejects.toSatisfy((error) =>
      isAppError(error, "forbidden"),
    );
    await expect(line.curated.save(line.admin, nothing, line.call())).rejects.toSatisfy((error) =>
      isAppError(error, "bad_request"),
    );
    const listed = await write();
    await expect(line.prewarm.unlist(member, listed.id)).rejects.toSatisfy((error) =>
      isAppError(error, "forbidden"),
    );
    await line.prewarm.unlist(line.admin, listed.id);
    expect((await saidTo(line.admin, question)).isCached).toBe(false);
  });
});

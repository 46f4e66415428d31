import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type PrewarmedLine, startPrewarmedLine } from "./prewarmed-line.ts";

const question = "How long is the warranty of the Aurora 300 pump?";
const handbook =
  "# Warranty of pumps\n\nThe warranty of the Aurora 300 pump is 24 months. Seals are not covered by it.\n";
const seals =
  "# Seals\n\n## How is the seal of the Aurora 300 pump replaced?\n\nThe seal of the Aurora 300 pump is replaced with the blue key. " +
  "Drain the housing first, then loosen the four screws of the cover and lift the old seal out of its groove. Clean the groove with a dry cloth before the new seal is laid in, and never use oil on it.\n";

describe("the prewarmer over a real database", () => {
  let line: PrewarmedLine;
  let collectionId: string;
  let documentId: string;

  beforeAll(async () => {
    line = await startPrewarmedLine();
    collectionId = await line.newCollection();
    await line.addDocument(collectionId, "seals.md", seals);
    documentId = await line.addDocument(collectionId, "warranty.md", handbook);
  });
  afterAll(async () => {
    expect(line.faults).toEqual([]);
    await line.close();
  });
  beforeEach(async () => {
    line.prewarming.prewarm = true;
    line.prewarming.prewarmQuestions = 15;
    line.people.open = 0;
    line.calls.length = 0;
    for (const table of ["entries", "prewarm_runs", "wordings", "listed_questions"])
      await line.connection.pool.query(`delete from cache_${table}`);
    await line.connection.pool.query("delete from leader_leases");
  });

  const rounds = async (count: number) => (await line.endedRuns()).length >= count;
  const sources = async () => {
    const { rows } = await line.connection.pool.query<{ source: string; question: string }>(
      "select source, question from cache_entries order by question",
    );
    return rows;
  };

  it("answers what admins listed and what the documents offer, at the lowest class, and counts its cost", async () => {
    await line.list(question);
    await line.prewarmUntil(() => rounds(1));
    const kept = await sources();
    expect(kept.map(({ question: text }) => text)).toContain(question);
    expect(kept.length).toBeGreaterThan(1);
    expect(new Set(kept.map(({ source }) => source))).toEqual(new Set(["prewarmed"]));
    expect(new Set(line.calls.map((call) => call.class))).toEqual(new Set(["prewarm"]));
    const [run] = await line.endedRuns();
    expect(run).toMatchObject({ trigger: "start", outcome: "complete" });
    expect(run?.counts).toMatchObject({ answered: kept.length, modelsKept: 1 });
    expect(run?.costTokens).toBeGreaterThan(0);
    const calls = line.modelCalls();
    expect((await line.ask(line.admin, question)).isCached).toBe(true);
    expect(line.modelCalls()).toBe(calls);
  });

  it("answers for those who may read, each with their own rights", async () => {
    const member = await line.addPerson("member");
    const secret = await line.newCollection(line.admin, "private");
    const text = "# Plans\n\nThe plan for the Borealis 900 pump is secret until 2031.\n";
    const secretId = await line.addDocument(secret, "plans.md", text);
    const about = "What is the plan for the Borealis 900 pump?";
    await line.list(about);
    await line.list(question);
    await line.prewarmUntil(() => rounds(1));
    expect((await line.ask(line.admin, about)).isCached).toBe(true);
    const told = await line.ask(member, about);
    expect(JSON.stringify(told)).not.toContain(" 2031");
    expect((await line.ask(member, question)).isCached).toBe(true);
    await line.documents.remove(line.admin, secretId);
    await line.collections.remove(line.admin, secret);
  });

  it("answers popular questions again when their documents changed, and leaves alone what still stands", async () => {
    line.prewarming.prewarmQuestions = 1;
    await line.ask(line.admin, question);
    await line.ask(line.admin, question);
    await line.prewarmUntil(() => rounds(2));
    const [first, second] = await line.endedRuns();
    expect([first?.counts, second?.counts]).toMatchObject([{ stillGood: 1 }, { stillGood: 1 }]);
    expect(second?.trigger).toBe("timer");
    await line.replace(documentId, "warranty.md", handbook.replace("24 months", "36 months"));
    await line.workOff();
    await line.prewarmUntil(() => rounds(3));
    expect((await line.endedRuns())[2]?.counts).toMatchObject({ answered: 1 });
    const now = await line.ask(line.admin, question);
    expect(now.isCached).toBe(true);
    expect(now.quotes[0]?.text).toContain("36 months");
  });

  it("breaks off as soon as someone asks, and goes on when they have been served", async () => {
    line.prewarming.prewarmQuestions = 1;
    await line.list(question);
    let wasBrokenOff = false;
    line.whileAnswering(async () => {
      const { signal } = line.calls.at(-1) ?? {};
      line.people.open = 1;
      await new Promise((resolve) => {
        signal?.addEventListener("abort", resolve, { once: true });
      });
      wasBrokenOff = true;
      line.people.open = 0;
    });
    await line.prewarmUntil(() => rounds(1));
    expect(wasBrokenOff).toBe(true);
    expect((await line.endedRuns())[0]?.counts).toMatchObject({ yields: 1, answered: 1 });
  });

  it("begins nothing while someone asks", async () => {
    await line.list(question);
    line.people.open = 1;
    let looks = 0;
    await line.prewarmUntil(async () => {
      const [run] = await line.prewarm.runs(1);
      if (run?.outcome === "running") looks += 1;
      return looks > 100;
    });
    expect(line.calls).toEqual([]);
    expect(await sources()).toEqual([]);
  });

  it("is led by one process, and by another when that one stops", async () => {
    line.prewarming.prewarmQuestions = 0;
    const stop = new AbortController();
    const first = line.prewarmerOf("one").run(stop.signal);
    while (!(await rounds(1)));
    const { rows } = await line.connection.pool.query<{ owner: string }>(
      "select owner from leader_leases",
    );
    expect(rows).toEqual([{ owner: "one" }]);
    let looks = 0;
    const otherStop = new AbortController();
    const before = (await line.endedRuns()).filter(({ trigger }) => trigger === "start").length;
    const other = line.prewarmerOf("two").run(otherStop.signal);
    while ((looks += 1) < 50) await line.endedRuns();
    const starts = async () =>
      (await line.endedRuns()).filter(({ trigger }) => trigger === "start").length;
    expect(await starts()).toBe(before);
    stop.abort(new Error("stopped"));
    await first;
    while ((await starts()) === before);
    otherStop.abort(new Error("stopped"));
    await other;
  });

  it("runs a round when an admin asks for one, even switched off, and none by itself then", async () => {
    line.prewarming.prewarm = false;
    await line.list(question);
    let looks = 0;
    await line.prewarmUntil(() => Promise.resolve((looks += 1) > 100));
    expect(await line.prewarm.runs(5)).toEqual([]);
    await line.prewarm.request();
    await line.prewarm.request();
    await line.prewarmUntil(() => rounds(1));
    expect(await line.prewarm.runs(5)).toMatchObject([{ trigger: "admin", outcome: "complete" }]);
  });

  it("hears what others found, and tells what was asked, in a process that only answers", async () => {
    await line.ask(line.admin, question);
    expect(line.idle.state(line.admin.workspaceId)).toBe("measuring");
    await line.connection.pool.query(
      `insert into cache_shadows (workspace_id, entry_id, answer_key, result, question, user_id, collection_ids, checked_at, agrees)
       select $1, gen_random_uuid(), 'k', 'semantic', 'q', $2, '{}', now(), false from generate_series(1, 2)`,
      [line.admin.workspaceId, line.admin.userId],
    );
    const stop = new AbortController();
    const following = line.prewarmerOf("two").follow(stop.signal);
    while (line.idle.state(line.admin.workspaceId) !== "off") await line.upkeep.tallies();
    stop.abort(new Error("done"));
    await following;
    const { rows } = await line.connection.pool.query("select question from cache_wordings");
    expect(rows).toEqual([{ question }]);
    // It leads nothing.
    expect((await line.connection.pool.query("select 1 from leader_leases")).rowCount).toBe(0);
    await line.connection.pool.query("delete from cache_shadows");
  });
});

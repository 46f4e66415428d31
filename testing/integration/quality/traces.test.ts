import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "#lib/core/access/actor.ts";
import { type QualityLine, startQualityLine } from "./quality-line.ts";

const rules =
  "# Harbour rules\n\nThe crane on the east quay lifts boats of up to 12 tonnes. The office opens at eight.\n";
const answerable = "How heavy may boats be for the crane on the east quay?";
const unanswerable = "Who won the chess olympiad in Yerevan?";

let line: QualityLine;
let member: Actor;
let documentId: string;

beforeAll(async () => {
  line = await startQualityLine();
  member = await line.addPerson("member");
  const collectionId = await line.newCollection();
  documentId = await line.addDocument(collectionId, "rules.md", rules);
});
afterAll(async () => {
  expect(line.faults).toEqual([]);
  await line.close();
});
beforeEach(() => {
  Object.assign(line.policy, { refusalsShown: true, traceDays: 30 });
});

const workOf = (state: "open" | "done" = "open") => line.work.list(line.admin, state, line.policy);
const isListed = async (answerId: string) =>
  (await workOf()).questions.some((question) => question.answerId === answerId);

describe("the trace of an answer", () => {
  it("tells its own asker what was searched, scored, sent and checked", async () => {
    const { answerId } = await line.ask(line.admin, answerable);
    const { trace, passages, question, isOwn } = await line.readTrace(line.admin, answerId);
    expect({ question, isOwn }).toEqual({ question: answerable, isOwn: true });
    // What a node did to the call is told with the answer's id, so that an admin finds this trace from there.
    expect(line.calledFor.at(-1)).toBe(answerId);
    expect(trace).toMatchObject({ verdict: "answerable", outcome: "complete" });
    expect(trace?.search?.terms.map(({ lexeme }) => lexeme)).toContain("crane");
    const [first] = trace?.search?.ranking ?? [];
    expect(first).toMatchObject({ lexicalRank: 1, vectorRank: 1, outcome: "shown", score: 1 });
    expect(trace?.prompt).toMatchObject({
      citations: [1],
      written: "The crane lifts boats of up to 12 tonnes.",
    });
    expect(trace?.sentences).toEqual([
      { text: "The crane lifts boats of up to 12 tonnes.", citations: [1], supported: true },
    ]);
    expect(trace?.model).toMatchObject({ nodeId: "node-1", promptTokens: 40 });
    expect(passages.find(({ chunkId }) => chunkId === first?.chunkId)).toMatchObject({
      documentId,
      documentTitle: "Harbour rules",
    });
  });

  it("shows an admin figures but no words of what somebody else asked", async () => {
    const { answerId } = await line.ask(member, answerable);
    const traced = await line.readTrace(line.admin, answerId);
    expect(traced).toMatchObject({ wordsShown: false, question: null, isOwn: false });
    expect(traced.trace?.search?.terms.map(({ lexeme }) => lexeme).join("")).toBe("");
    expect(traced.trace?.search?.ranking[0]?.score).toBe(1);
    expect(JSON.stringify(traced.trace)).not.toMatch(/crane|tonnes/);
  });

  it("shows the words of what its asker rated, or of a refusal as long as the workspace allows it", async () => {
    const rated = await line.ask(member, answerable);
    await line.conversations.rate(member, rated.answerId, { rating: "down", reason: "Too short" });
    expect(await line.readTrace(line.admin, rated.answerId)).toMatchObject({
      ...{ wordsShown: true, question: answerable, rating: "down", reason: "Too short" },
    });
    const refused = await line.ask(member, unanswerable);
    expect(refused.outcome).toBe("refused");
    expect((await line.readTrace(line.admin, refused.answerId)).question).toBe(unanswerable);
    line.policy.refusalsShown = false;
    expect((await line.readTrace(line.admin, refused.answerId)).question).toBeNull();
    expect((await line.readTrace(line.admin, rated.answerId)).question).toBe(answerable);
  });

  it("never shows the words of a chat with attached files, nor the files", async () => {
    const attached = [
      "private.md",
      "The salary of Mara is 4,100 a month. She starts in May.",
    ] as const;
    const asked = await line.ask(member, "What is the salary of Mara?", attached);
    const given = { rating: "down", reason: "Mara earns more" } as const;
    await line.conversations.rate(member, asked.answerId, given);
    const traced = await line.readTrace(line.admin, asked.answerId);
    expect(traced).toMatchObject({ wordsShown: false, question: null, reason: null });
    expect(JSON.stringify(traced)).not.toMatch(/4,100|earns more/);
    expect(await isListed(asked.answerId)).toBe(false);
  });

  it("is there for nobody but admins of the workspace, and goes with its conversation", async () => {
    const { answerId, conversationId } = await line.ask(member, unanswerable);
    const elsewhere = { ...line.admin, workspaceId: line.admin.userId };
    for (const actor of [member, elsewhere])
      await expect(line.readTrace(actor, answerId)).rejects.toMatchObject({ code: "not_found" });
    expect(await isListed(answerId)).toBe(true);
    await line.conversations.remove(member, conversationId);
    await expect(line.readTrace(line.admin, answerId)).rejects.toMatchObject({ code: "not_found" });
    expect(await isListed(answerId)).toBe(false);
  });

  it("is kept for the days that are set, the newest of too many, and not at all for none", async () => {
    const old = await line.ask(line.admin, answerable);
    await line.connection.pool.query(
      "update answer_traces set created_at = now() - interval '31 days' where answer_id = $1",
      [old.answerId],
    );
    const young = await line.ask(line.admin, answerable);
    await line.traces.retire(30, 1);
    const traceOf = async (answerId: string) =>
      (await line.readTrace(line.admin, answerId)).trace?.outcome ?? null;
    expect([await traceOf(old.answerId), await traceOf(young.answerId)]).toEqual([
      null,
      "complete",
    ]);
    await line.traces.retire(30, 0);
    expect(await traceOf(young.answerId)).toBeNull();
    line.policy.traceDays = 0;
    const untraced = await line.ask(line.admin, answerable);
    expect(await traceOf(untraced.answerId)).toBeNull();
  });
});

describe("the work list", () => {
  it("names refused and thumbed-down questions until they are settled", async () => {
    const refused = await line.ask(member, unanswerable);
    const rated = await line.ask(member, answerable);
    const fine = await line.ask(member, answerable);
    await line.conversations.rate(member, rated.answerId, { rating: "down", reason: "Old figure" });
    const { questions, counts } = await workOf();
    const byId = new Map(questions.map((one) => [one.answerId, one]));
    expect(byId.get(refused.answerId)).toMatchObject({ kind: "refused", hasTrace: true });
    expect(byId.get(rated.answerId)).toMatchObject({ kind: "rated-down", reason: "Old figure" });
    expect(byId.has(fine.answerId)).toBe(false);
    await line.work.settleQuestion(line.admin, rated.answerId, true);
    const after = await workOf();
    expect(after.counts.open.questions).toBe(counts.open.questions - 1);
    expect((await workOf("done")).questions.map(({ answerId }) => answerId)).toEqual([
      rated.answerId,
    ]);
    await line.work.settleQuestion(line.admin, rated.answerId, false);
    expect(await isListed(rated.answerId)).toBe(true);
    await expect(line.work.settleQuestion(member, rated.answerId, true)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is one work however often it was asked, and settled as one", async () => {
    const asked = "How many zebras does the ferry carry?";
    await line.ask(member, asked);
    const before = (await workOf()).counts.open.questions;
    const last = await line.ask(line.admin, ` ${asked.toUpperCase()}`);
    const { questions, counts } = await workOf();
    expect(counts.open.questions).toBe(before);
    const listed = questions.filter(({ question }) => /zebras/iu.test(question));
    expect(listed).toMatchObject([{ answerId: last.answerId, times: 2 }]);
    await line.work.settleQuestion(line.admin, last.answerId, true);
    expect((await workOf()).questions.filter(({ question }) => /zebras/iu.test(question))).toEqual(
      [],
    );
    expect((await workOf()).counts.open.questions).toBe(before - 1);
    await line.work.settleQuestion(line.admin, last.answerId, false);
    expect((await workOf()).counts.open.questions).toBe(before);
  });

  it("leaves refusals out where the workspace does not show them to admins", async () => {
    const refused = await line.ask(member, unanswerable);
    line.policy.refusalsShown = false;
    expect(await isListed(refused.answerId)).toBe(false);
  });

  it("names a document that no answer found, once it had a week for it", async () => {
    const collectionId = await line.newCollection();
    const lost = await line.addDocument(
      collectionId,
      "lost.md",
      "# Zither\n\nIt hangs in the attic.",
    );
    const unfound = async () => (await workOf()).documents.map((one) => one.documentId);
    expect(await unfound()).not.toContain(lost);
    await line.connection.pool.query("update documents set created_at = now() - interval '8 days'");
    expect(await unfound()).toContain(lost);
    expect(await unfound()).not.toContain(documentId);
    await line.work.settleDocument(line.admin, lost, true);
    expect(await unfound()).not.toContain(lost);
    await line.work.settleDocument(line.admin, lost, false);
    await line.ask(member, "Where does the zither hang?");
    expect(await unfound()).not.toContain(lost);
  });
});

describe("trying a search", () => {
  const settings = {
    ...{ vectorShare: 0.6, lexicalCandidates: 200, vectorCandidates: 100 },
    ...{ limit: 3, neighbourChars: 400, language: null },
  };

  it("shows the ranks and scores of each leg with each set of parameters", async () => {
    const words = { ...settings, vectorShare: 0, vectorCandidates: 0 };
    const trial = { text: answerable, collectionIds: [], settings: [settings, words] };
    const [both, lexical] = await line.trySearch(line.admin, trial, new AbortController().signal);
    expect(both?.ranking[0]).toMatchObject({ lexicalRank: 1, vectorRank: 1 });
    expect(both?.ranking.length).toBeGreaterThan(lexical?.ranking.length ?? 0);
    expect(lexical?.passages[0]?.text).toContain("12 tonnes");
    expect(both?.passages.length).toBe(both?.ranking.length);
  });

  it("searches with the words of one language alone", async () => {
    const german = { ...settings, language: "german" };
    const trial = { text: "crane", collectionIds: [], settings: [settings, german] };
    const [all, none] = await line.trySearch(line.admin, trial, new AbortController().signal);
    expect(all?.terms.map(({ language }) => language)).toContain("english");
    expect(none?.terms).toEqual([]);
  });
});

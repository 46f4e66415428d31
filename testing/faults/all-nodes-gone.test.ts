import { afterAll, beforeAll, expect, it } from "vitest";
import type { ChatEvent } from "#lib/core/chat/events.ts";
import type { CallRecord } from "#lib/services/call-records.ts";
import { defaultSettings } from "#lib/core/settings/settings.ts";
import {
  startDocumentLine,
  type DocumentLine,
} from "#testing/integration/documents/document-line.ts";
import { databaseConnections, openDoor, townOf } from "./door.ts";
import { startHerd, type Herd } from "./herd.ts";

/** Asks what no word of the documents answers. */
const unknown = 3;

let herd: Herd;
let line: DocumentLine;
const ended: CallRecord[] = [];

beforeAll(async () => {
  herd = await startHerd(
    2,
    { reply: "It is 107 tonnes." },
    { onCallEnd: (record) => ended.push(record) },
  );
  line = await startDocumentLine(herd.cluster.models, databaseConnections);
});
afterAll(async () => {
  await herd.stop();
  await line.close();
});

it("all nodes gone: a question gets its quotes by words alone and says so, sees that it waits, and is answered by itself when one node is back; one that words alone do not answer is not refused, but searched for again then", async () => {
  const { running, askers, faults } = await openDoor(herd, line, {
    settings: defaultSettings,
    people: 4,
  });
  for (const node of herd.nodes) await node.kill();
  const { registry, engine } = herd.cluster;
  await expect
    .poll(() => registry.entries().every(({ status }) => status.kind === "unreachable"), {
      timeout: 10_000,
    })
    .toBe(true);

  ended.length = 0;
  const seen = askers.map((): ChatEvent[] => []);
  const reading = askers.map(async ({ actor, conversationId }, person) => {
    const question =
      person === unknown
        ? "Which place keeps bread for everybody?"
        : `What is the capacity of depot ${String(person)} in ${townOf(person)}?`;
    const { events } = await running.start(actor, { conversationId, question });
    for await (const { event } of (await events(new AbortController().signal)) ?? [])
      seen[person]?.push(event);
  });
  const of = (person: number, wanted: ChatEvent["type"]) =>
    (seen[person] ?? []).filter(({ type }) => type === wanted);
  const eachWaits = (): boolean =>
    seen.every((_, person) => of(person, person === unknown ? "notice" : "queued").length > 0) &&
    engine.records.waiting().interactive === askers.length;
  await expect.poll(eachWaits, { timeout: 10_000 }).toBe(true);
  // The queue holds all of them, whatever a cluster without nodes predicts, and no search has waited for a vector.
  expect(ended).toEqual([]);
  for (const [person, events] of seen.entries()) {
    expect(events.some(({ type }) => type === "text-end" || type === "error")).toBe(false);
    if (person === unknown) continue;
    const evidence = events.find((event) => event.type === "evidence");
    expect(evidence).toMatchObject({ verdict: "answerable" });
    expect(evidence?.quotes[0]?.text).toContain(`depot ${String(person)} in`);
    const notices = events.filter((event) => event.type === "notice");
    expect(notices.map(({ kind }) => kind)).toEqual(["degraded"]);
    expect(notices[0]?.message).toContain("by their words alone");
  }
  expect(of(unknown, "evidence")).toMatchObject([{ verdict: "related" }]);
  expect(of(unknown, "notice")).toMatchObject([{ kind: "degraded" }]);

  await herd.nodes[1]?.restart();
  await Promise.all(reading);
  expect(of(unknown, "evidence")).toHaveLength(2);
  expect(of(unknown, "text-end")).toHaveLength(1);
  for (const events of seen.slice(0, unknown)) {
    expect(events.some((event) => event.type === "usage" && event.nodeId === "n1")).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "text-end", outcome: "complete" });
  }
  expect(faults).toEqual([]);
}, 60_000);

import { defaultSettings } from "#lib/core/settings/settings.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryStreamLog } from "#lib/adapters/memory/stream-log.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import type { EarlierTurn } from "#lib/ports/conversation-store.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";
import type { ChatPart } from "#lib/local-models.ts";
import { answerQuestion } from "#lib/services/answer-question.ts";
import { createEmbeddingScorer } from "#lib/services/embedding-scorer.ts";
import { createRunningAnswers } from "#lib/services/running-answers.ts";
import { startTestCluster, type TestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { createMemoryConversations } from "#testing/fakes/memory-conversations.ts";
import { createMemoryRetrieval } from "#testing/fakes/memory-retrieval.ts";
import { chatOnce, longText, slotWaitMs } from "#testing/integration/embedded-node/ollama-calls.ts";
import {
  startEmbeddedNode,
  type RunningNode,
} from "#testing/integration/embedded-node/start-embedded-node.ts";

const actor = { userId: "someone", workspaceId: "w", role: "member" } as const;
const clock = createSystemClock();
const documents = [
  {
    title: "Returns",
    text: "Customers may return unused goods within 30 days of delivery. Opened software cannot be returned.",
  },
  {
    title: "Lisbon office",
    text: "The office in Lisbon opened in March 2019 and is led by Marta Oliveira. It has 42 employees.",
  },
];

async function collect<T>(stream: AsyncGenerator<T, void>): Promise<readonly T[]> {
  const parts: T[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe("cluster of real embedded nodes", { timeout: 120_000 }, () => {
  let nodes: readonly RunningNode[];
  let cluster: TestCluster;

  beforeAll(async () => {
    nodes = [await startEmbeddedNode("--id", "a"), await startEmbeddedNode("--id", "b")];
    cluster = await startTestCluster(
      nodes.map(({ url, port }) => ({ id: `n${String(port)}`, url })),
    );
  });
  afterAll(async () => {
    await cluster.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const answer = (question: string, history: readonly EarlierTurn[] = []) =>
    collect<ChatEvent>(
      answerQuestion(
        {
          models: cluster.models,
          scorer: createEmbeddingScorer({ models: cluster.models, clock }),
          clock,
          collections: { rules: () => Promise.resolve([]) },
          retrieve: createMemoryRetrieval(cluster.models, documents),
        },
        actor,
        { answerId: "a", question, collectionIds: [], history },
        cluster.call(),
      ),
    );
  const quotesOf = (events: readonly ChatEvent[]): readonly string[] =>
    events.flatMap((event) => (event.type === "evidence" ? event.quotes.map((q) => q.text) : []));

  it("embeds in one space on both nodes: near texts are nearer than far ones", async () => {
    const { vectors, space } = await cluster.models.embed(
      ["a dog barks", "a hound is barking", "quarterly revenue grew"],
      cluster.call(),
    );
    const dot = (one = 0, other = 0): number =>
      (vectors[one] ?? []).reduce((sum, value, at) => sum + value * (vectors[other]?.[at] ?? 0), 0);
    expect(dot(0, 1)).toBeGreaterThan(dot(0, 2) + 0.3);
    expect(space).toMatchObject({ model: "all-minilm", dimension: 384 });
    expect(space.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("counts tokens and speed of a chat as the node saw them", async () => {
    const parts = await collect<ChatPart>(
      cluster.models.chat(
        { messages: [{ role: "user", content: "Name a colour." }], options: { maxTokens: 8 } },
        cluster.call(),
      ),
    );
    const usage = parts.at(-1);
    expect(usage).toMatchObject({ type: "usage", model: "smollm2:135m" });
    if (usage?.type !== "usage") return;
    expect(usage.usage.promptTokens).toBeGreaterThan(5);
    expect(usage.usage.completionTokens).toBeLessThanOrEqual(8);
    expect(usage.usage.prefillMs).toBeGreaterThan(0);
  });

  it("quotes the sentence that answers before any model text, and ends complete", async () => {
    const events = await answer("Who leads the Lisbon office?");
    expect(events.slice(0, 2).map((event) => event.type)).toEqual(["sources", "evidence"]);
    expect(quotesOf(events)[0]).toContain("led by Marta Oliveira");
    expect(events.at(-1)).toMatchObject({ type: "text-end", outcome: "complete" });
  });

  it("refuses without asking a model when the documents do not hold the answer", async () => {
    const events = await answer("What is the boiling point of tungsten?");
    expect(events.find((event) => event.type === "evidence")).toMatchObject({ verdict: "related" });
    expect(events.at(-1)).toMatchObject({ outcome: "refused" });
    expect(events.some((event) => event.type === "usage" || event.type === "text-delta")).toBe(
      false,
    );
  });

  it("finds the answer of a follow-up with the question before it", async () => {
    const history = [
      { question: "Who leads the Lisbon office?", answer: "Marta Oliveira.", documentIds: [] },
    ];
    const events = await answer("And how many employees does it have?", history);
    expect(quotesOf(events).join(" ")).toContain("42 employees");
  });

  it("frees the node within a second after a stop in the prefill, as the node itself shows", async () => {
    const [node] = nodes;
    if (node === undefined) throw new Error("no node");
    const single = await startTestCluster([{ id: "single", url: node.url }]);
    const memory = createMemoryConversations();
    const running = createRunningAnswers({
      isAnsweredAlready: () => Promise.resolve(false),
      isRememberedAnswer: () => false,
      async *answer(_actor, asked, call) {
        const messages = [{ role: "user", content: longText(330, 7) }] as const;
        for await (const part of single.models.chat({ messages, options: { maxTokens: 20 } }, call))
          if (part.type === "text") yield { type: "text-delta", text: part.text };
        yield { type: "text-end", answerId: asked.answerId, outcome: "complete" };
      },
      conversations: memory.conversations,
      store: memory.answers,
      log: createMemoryStreamLog({ clock }),
      clock,
      owner: "test",
      turnLimits: () => defaultSettings.chat,
      admission: { admit: () => undefined },
      report: () => undefined,
    });
    const { id } = await memory.conversations.create(actor, { title: "t", collectionIds: [] });
    const waits: number[] = [];
    for (const stopAfterMs of [300, 900, 1700]) {
      const { answerId } = await running.start(actor, { conversationId: id, question: "q" });
      await clock.sleep(stopAfterMs);
      const stoppedAt = clock.now();
      await running.stop(actor, answerId);
      expect(clock.now() - stoppedAt).toBeLessThan(300);
      waits.push(slotWaitMs(await chatOnce(node.url, "Hi.", 1)));
      expect((await memory.conversations.ownAnswer(actor, answerId)).outcome).toBe("stopped");
    }
    await single.stop();
    expect(waits.toSorted((one, other) => one - other)[1]).toBeLessThan(1000);
  });

  it("answers from the other node when one is killed with its prefill running", async () => {
    const [first] = nodes;
    const held = cluster.registry.entries()[0]?.node.id ?? "";
    const content = longText(40, 3);
    const request = { messages: [{ role: "user", content }], options: { maxTokens: 5 } } as const;
    const answers = [1, 2].map(() => collect(cluster.models.chat(request, cluster.call())));
    await expect.poll(() => cluster.ledger.inFlight(held, "chat")).toBe(1);
    first?.process.kill("SIGKILL");
    for (const parts of await Promise.all(answers)) {
      expect(parts.at(-1)).toMatchObject({ type: "usage" });
      expect(parts.some((part) => part.type === "reset")).toBe(false);
    }
    await expect
      .poll(() => cluster.registry.entry(held)?.status.kind, { timeout: 10_000 })
      .toBe("unreachable");
  });
});

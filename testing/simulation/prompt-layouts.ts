import { startVirtualCluster } from "#testing/fakes/virtual-cluster.ts";
import { createChance } from "./chance.ts";

/** `passages-last`: system, questions and answers so far, this turn's passages and question. `append-only`: earlier passages stay where they were. */
export type PromptLayout = "passages-last" | "append-only";

export interface LayoutRun {
  readonly layout: PromptLayout;
  readonly seed: number;
  /** New conversations a minute. */
  readonly perMinute: number;
  /** Prompts that a node remembers beside those in its slots. */
  readonly remembered: number;
}

// A CPU node, and a prompt within its two seconds of prefill (prompt.ts).
const pace = { prefillPerSecond: 400, decodePerSecond: 30, loadMs: 1500 };
const [nodeCount, slots] = [4, 2];
const size = { system: 120, question: 15, answer: 60, passages: 450 };
const turns = 5;
const conversations = 60;
const thinkMs = { least: 10_000, spread: 20_000 };

const words = (label: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${label}${String(at)}`).join(" ");

const system = words("s", size.system);

function promptOf(layout: PromptLayout, conversation: number, turn: number): string {
  const part = (kind: keyof typeof size, at: number): string =>
    words(`${kind.slice(0, 1)}${String(conversation)}.${String(at)}.`, size[kind]);
  const before = Array.from({ length: turn }, (_, at) =>
    layout === "append-only"
      ? [part("passages", at), part("question", at), part("answer", at)]
      : [part("question", at), part("answer", at)],
  );
  return [...before.flat(), part("passages", turn), part("question", turn)].join(" ");
}

/** Mean time to the first token, ms, over conversations of five turns. */
export async function firstTokenWith(run: LayoutRun): Promise<number> {
  const cachedPrompts = run.remembered + slots;
  const { clock, ask, stop } = await startVirtualCluster(nodeCount, slots, {
    ...pace,
    cachedPrompts,
  });
  const chance = createChance(run.seed);
  const firstTokens: number[] = [];
  const converse = async (conversation: number, beginsMs: number, thinks: readonly number[]) => {
    await clock.sleep(beginsMs);
    for (const [turn, thinkFor] of thinks.entries()) {
      const askedAt = clock.now();
      let isFirst = true;
      const prompt = promptOf(run.layout, conversation, turn);
      const client = `client-${String(conversation)}`;
      for await (const part of ask(size.answer, { prompt, system, client })) {
        if (part.type !== "text" || !isFirst) continue;
        isFirst = false;
        firstTokens.push(clock.now() - askedAt);
      }
      await clock.sleep(thinkFor);
    }
  };
  let beginsMs = 0;
  const all = Array.from({ length: conversations }, (_, conversation) => {
    beginsMs += chance.exponential(60_000 / run.perMinute);
    const thinks = Array.from(
      { length: turns },
      () => thinkMs.least + chance.below(thinkMs.spread),
    );
    return converse(conversation, beginsMs, thinks);
  });
  await clock.advance(beginsMs + 600_000);
  await Promise.all(all);
  stop();
  return firstTokens.reduce((sum, ms) => sum + ms, 0) / firstTokens.length;
}

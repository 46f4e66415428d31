import { startEmbeddedNode } from "#testing/integration/embedded-node/start-embedded-node.ts";
import type { Figure } from "../figures.ts";
import { contestants, type ContestantName } from "./contestants.ts";
import { summarise } from "./outcome.ts";

const requests = 12;
const atOnce = 4;
const model = "smollm2:135m";

/** Real models on two embedded nodes: no figure to boast with on two cores, only a sign that nothing is made up. */
export async function embeddedSanity(): Promise<readonly Figure[]> {
  console.log("  two embedded nodes …");
  const running = [await startEmbeddedNode("--id", "a"), await startEmbeddedNode("--id", "b")];
  const figures: Figure[] = [];
  try {
    for (const name of ["round robin", "drover"] as const satisfies readonly ContestantName[]) {
      const nodes = running.map(({ url }) => url);
      const contestant = await contestants[name].open({ nodes, slots: 1, models: [model] });
      let next = 0;
      const outcomes: Awaited<ReturnType<typeof contestant.ask>>[] = [];
      const worker = async (): Promise<void> => {
        while (next < requests) {
          const number = (next += 1);
          const prompt = `Question ${String(number)}: name an animal and say where it lives.`;
          const asked = {
            atMs: 0,
            model,
            prompt,
            answerTokens: 12,
            client: `c${String(number % 3)}`,
            reusableTokens: 0,
          };
          outcomes.push(await contestant.ask(asked, performance.now()));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      await contestant.close();
      const { meanMs, cut, lost } = summarise(outcomes);
      const against = `${String(requests)} chats, ${String(atOnce)} at a time; ${String(cut + lost)} cut or lost`;
      figures.push({
        part: "cluster",
        name: `two embedded nodes, ${name}: first token, mean`,
        value: meanMs,
        unit: "ms",
        goal: null,
        better: "lower",
        against,
      });
    }
  } finally {
    await Promise.all(running.map((node) => node.stop()));
  }
  return figures;
}

import { startTestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { quantile, type Figure } from "../figures.ts";
import { newDataDir, removeDataDir, startProduct } from "../product.ts";

const rounds = 12;
const maxTokens = 48;
const model = "smollm2:135m";

interface Run {
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
}

/** Another beginning each time, so that no round finds the prefix of an earlier one. */
const promptOf = (round: number, way: string): string =>
  `Note ${round} ${way}. ${"The ship left the harbour in the morning and came back late. ".repeat(8)}Tell a short story about it.`;

const options = { temperature: 0, seed: 1 };

/** The same prompts through Drover's balancer and straight to the node, in turns. */
export async function benchTokens(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  const product = await startProduct(dataDir);
  try {
    const part = (await product.parts()).find(({ name }) => name === "node-1");
    const url = `http://127.0.0.1:${part?.port ?? 0}`;
    const through: Run[] = [];
    const straight: Run[] = [];
    await withDrover(url, async (chat) => {
      for (let round = 0; round < rounds; round += 1) {
        through.push(await chat(promptOf(round, "through")));
        straight.push(await askNode(url, promptOf(round, "straight")));
      }
    });
    const median = (runs: readonly Run[], key: keyof Run): number =>
      quantile(
        runs.map((run) => run[key]),
        0.5,
      );
    const first = [median(through, "firstTokenMs"), median(straight, "firstTokenMs")] as const;
    const speed = [
      median(through, "tokensPerSecond"),
      median(straight, "tokensPerSecond"),
    ] as const;
    const against = `the same prompts straight to the node, ${rounds} in turns, medians`;
    const figure = (
      name: string,
      value: number,
      unit: string,
      better: Figure["better"],
    ): Figure => ({
      ...{ part: "tokens", name, value, unit, goal: null, better, against },
    });
    return [
      figure("first token through Drover", first[0], "ms", "lower"),
      figure("added to the first token", first[0] - first[1], "ms", "lower"),
      figure("first token ÷ straight", first[0] / first[1], "×", "lower"),
      figure("tokens/s ÷ straight", speed[0] / speed[1], "×", "higher"),
    ];
  } finally {
    await product.stop();
    await removeDataDir(dataDir);
  }
}

async function withDrover(
  url: string,
  measure: (chat: (prompt: string) => Promise<Run>) => Promise<void>,
): Promise<void> {
  const cluster = await startTestCluster([{ id: "node-1", url }]);
  await measure(async (prompt) => {
    const pace = startPace();
    const request = {
      messages: [{ role: "user" as const, content: prompt }],
      options: { ...options, maxTokens },
    };
    for await (const chunk of cluster.models.chat(request, cluster.call()))
      if (chunk.type === "text") pace.token();
    return pace.end();
  });
  await cluster.stop();
}

async function askNode(url: string, prompt: string): Promise<Run> {
  const pace = startPace();
  const response = await fetch(`${url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: prompt }],
      options: { ...options, num_predict: maxTokens },
    }),
  });
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    const lines = decoder.decode(part, { stream: true }).split("\n");
    for (const line of lines) if (line.includes('"done":false')) pace.token();
  }
  return pace.end();
}

function startPace(): { readonly token: () => void; readonly end: () => Run } {
  const beganAt = performance.now();
  const tokens: number[] = [];
  return {
    token: () => tokens.push(performance.now()),
    end() {
      const [first] = tokens;
      const last = tokens.at(-1);
      if (first === undefined || last === undefined || tokens.length < 2)
        throw new Error("the model said nothing");
      return {
        firstTokenMs: first - beganAt,
        tokensPerSecond: ((tokens.length - 1) / (last - first)) * 1000,
      };
    },
  };
}

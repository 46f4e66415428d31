import type { FakeBehaviour } from "#testing/fakes/fake-ollama/behaviour.ts";
import type { Settings } from "#lib/core/settings/settings.ts";
import type { CallRecord } from "#lib/services/call-records.ts";
import { startTestCluster, type TestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { watchAnswer, type SeenAnswer } from "./ledger.ts";
import { startNodeProcess, type NodeProcess } from "./node-process.ts";

/** Fake nodes as processes behind the real cluster layer. */
export interface Herd {
  readonly nodes: readonly NodeProcess[];
  readonly cluster: TestCluster;
  /** Asks for an answer of that many tokens. */
  ask(tokens: number, promptWords?: number): Promise<SeenAnswer>;
  /** The node that works on an answer now. */
  working(): Promise<NodeProcess>;
  stop(): Promise<void>;
}

interface HerdOptions {
  readonly settings?: () => Settings;
  readonly onCallEnd?: (record: CallRecord) => void;
}

export const startNodes = (
  count: number,
  behaviour: Partial<FakeBehaviour> = {},
): Promise<readonly NodeProcess[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => startNodeProcess(`n${String(index)}`, behaviour)),
  );

export async function startHerd(
  count: number,
  behaviour: Partial<FakeBehaviour> = {},
  options: HerdOptions = {},
): Promise<Herd> {
  const nodes = await startNodes(count, behaviour);
  const herd = await herdOver(nodes, behaviour.slots ?? 1, options);
  return {
    ...herd,
    async stop() {
      await herd.stop();
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** A cluster layer that knows nothing yet over nodes that run; they go on running when it stops. */
export async function herdOver(
  nodes: readonly NodeProcess[],
  slots: number,
  options: HerdOptions = {},
): Promise<Herd> {
  const cluster = await startTestCluster(
    nodes.map(({ id, url }) => ({ id, url, slots })),
    options,
  );
  let asked = 0;
  return {
    nodes,
    cluster,
    ask(tokens, promptWords = 0) {
      const id = `q${String((asked += 1))}`;
      const content = `${"word ".repeat(promptWords)}id=${id} tokens=${String(tokens)}`;
      const request = {
        messages: [{ role: "user", content }],
        options: { maxTokens: tokens + 50 },
      } as const;
      return watchAnswer(id, tokens, cluster.models.chat(request, cluster.call()));
    },
    async working() {
      for (;;) {
        const busy = nodes.find(({ id }) => cluster.ledger.inFlight(id, "chat") > 0);
        if (busy !== undefined) return busy;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    stop: () => cluster.stop(),
  };
}

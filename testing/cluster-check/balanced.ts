import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { composeCluster } from "#lib/composition/cluster.ts";
import { parseConfig } from "#lib/config.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "#lib/local-models.ts";
import type { TestedNode } from "./nodes.ts";

/** The cluster layer of the product over the tested nodes. */
export interface Balanced {
  readonly models: LocalModels;
  readonly call: (client: string) => ModelCall;
  /** Resolves with what is still missing when the nodes did not all become ready. */
  readonly untilReady: (patienceMs: number) => Promise<readonly string[]>;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ModelNames {
  readonly chat: string;
  readonly embedding: string;
}

const callPatienceMs = 180_000;
const lookEveryMs = 100;

export async function openBalanced(
  nodes: readonly TestedNode[],
  names: ModelNames,
): Promise<Balanced> {
  const dataDir = await mkdtemp(join(tmpdir(), "drover-cluster-check-"));
  const list = nodes.map(
    ({ id, balancedUrl, slots }) => `${balancedUrl}?slots=${String(slots)}&id=${id}`,
  );
  const config = parseConfig({
    OLLAMA_NODES: list.join(","),
    DROVER_DATA_DIR: dataDir,
    DROVER_CHAT_MODEL: names.chat,
    DROVER_EMBED_MODEL: names.embedding,
  });
  const clock = createSystemClock();
  const cluster = composeCluster(config, clock);
  const ending = new AbortController();
  const { signal } = ending;
  const probing = cluster.health.run(signal);
  return {
    models: cluster.models,
    now: () => clock.now(),
    pause: (ms) => clock.sleep(ms),
    call: (client) => ({
      class: "interactive",
      client,
      deadline: milliseconds(clock.now() + callPatienceMs),
      signal,
    }),
    async untilReady(patienceMs) {
      const giveUpAt = clock.now() + patienceMs;
      for (;;) {
        const { messages } = await cluster.status.status();
        if (messages.length === 0 || clock.now() > giveUpAt)
          return messages.map(({ text }) => text);
        await clock.sleep(lookEveryMs);
      }
    },
    async close() {
      ending.abort(new Error("the check is over"));
      await probing;
      await cluster.dispose();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

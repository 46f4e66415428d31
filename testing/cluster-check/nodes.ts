import { parseConfig } from "#lib/config.ts";
import {
  startEmbeddedNode,
  type RunningNode,
} from "#testing/integration/embedded-node/start-embedded-node.ts";
import { startGate, type Gate } from "./gate.ts";

/** A node that is tested, behind a door where it speaks plain HTTP. */
export interface TestedNode {
  readonly id: string;
  /** The node itself. */
  readonly url: string;
  readonly slots: number;
  /** Where the balancer finds it. */
  readonly balancedUrl: string;
  /** Takes it away: a node that this program started is killed, another one only shut off from the balancer. Absent when it cannot be. */
  readonly takeAway?: () => Promise<void>;
  readonly bringBack: () => Promise<void>;
  /** Bytes that came from it through the balancer. */
  readonly receivedBytes: () => number;
  readonly stop: () => Promise<void>;
}

const ownNodes = 2;

const named = async (
  entry: ReturnType<typeof parseConfig>["ollamaNodes"][number],
): Promise<TestedNode> => {
  const { id, baseUrl: url, slots } = entry;
  if (new URL(url).protocol !== "http:")
    return {
      ...{ id, url, slots, balancedUrl: url },
      bringBack: () => Promise.resolve(),
      receivedBytes: () => 0,
      stop: () => Promise.resolve(),
    };
  const gate = await startGate(url);
  return {
    ...{ id, url, slots, balancedUrl: gate.url },
    takeAway: () => gate.close(),
    bringBack: () => gate.open(),
    receivedBytes: () => gate.receivedBytes(),
    stop: () => gate.close(),
  };
};

const kill = async (node: RunningNode): Promise<void> => {
  node.process.kill("SIGKILL");
  await node.stop();
};

const embedded = async (index: number): Promise<TestedNode> => {
  const id = `embedded-${String(index + 1)}`;
  let node = await startEmbeddedNode("--id", id);
  const { url, port } = node;
  const gate: Gate = await startGate(url);
  return {
    ...{ id, url, slots: 1, balancedUrl: gate.url },
    takeAway: () => kill(node),
    async bringBack() {
      node = await startEmbeddedNode("--id", id, "--port", String(port));
    },
    receivedBytes: () => gate.receivedBytes(),
    async stop() {
      await gate.close();
      await node.stop();
    },
  };
};

/**
 * The nodes of a list written like OLLAMA_NODES; two embedded ones started for this when it is empty.
 * @throws AppError `config_invalid`
 */
export async function openNodes(list: string): Promise<readonly TestedNode[]> {
  const { ollamaNodes } = parseConfig({ OLLAMA_NODES: list });
  if (ollamaNodes.length > 0) return Promise.all(ollamaNodes.map(named));
  return Promise.all(Array.from({ length: ownNodes }, (_, index) => embedded(index)));
}

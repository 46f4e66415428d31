import type { Herd } from "./herd.ts";
import type { NodeProcess } from "./node-process.ts";

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Resolves when the node that works has sent its first token; 0 = it prefills. */
export async function reached(herd: Herd, sent: 0 | 1): Promise<NodeProcess> {
  const node = await herd.working();
  await until(async () => {
    const [seen] = await node.seen();
    return seen?.startedAt !== undefined && (sent === 0 || seen.firstTokenAt !== undefined);
  });
  return node;
}

import { sameModel } from "./node-view.ts";

/** Vectors compare only inside one space. */
export interface EmbeddingSpace {
  readonly model: string;
  /** Program and version that computed the vectors, e.g. `ollama 0.35.1`. */
  readonly engine: string;
  /** Digest of the model's weights; empty when no node says one. */
  readonly digest: string;
  readonly dimension: number;
}

export interface NodeModels {
  readonly id: string;
  readonly version: string;
  readonly installed: readonly { readonly name: string; readonly digest: string }[];
}

/** Who computes vectors of a model alike: the digest and engine that most nodes share, the first in the list when even. */
export interface EmbeddingGroup {
  readonly digest: string;
  readonly engine: string;
  readonly nodeIds: readonly string[];
}

/** `null` when no node has the model. */
export function embeddingGroup(nodes: readonly NodeModels[], model: string): EmbeddingGroup | null {
  const groups = new Map<string, { digest: string; engine: string; nodeIds: string[] }>();
  for (const node of nodes) {
    const installed = node.installed.find((entry) => sameModel(entry.name, model));
    if (installed === undefined) continue;
    const engine = `ollama ${node.version}`;
    const key = `${installed.digest} ${engine}`;
    const group = groups.get(key) ?? { digest: installed.digest, engine, nodeIds: [] };
    group.nodeIds.push(node.id);
    groups.set(key, group);
  }
  let largest: EmbeddingGroup | null = null;
  for (const group of groups.values())
    if (largest === null || group.nodeIds.length > largest.nodeIds.length) largest = group;
  return largest;
}

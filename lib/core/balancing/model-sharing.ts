import { fullModelName, sameModel } from "./node-view.ts";
import { embeddingGroup, type NodeModels } from "./embedding-space.ts";

/**
 * Which nodes may serve which models: a model is shared only by nodes that hold the same weights, the larger group of them; an embedding
 * model only by nodes whose engine computes alike too.
 * @returns full model names by node id
 */
export function sharedModels(
  nodes: readonly NodeModels[],
  embedModel: string,
): ReadonlyMap<string, readonly string[]> {
  const names = new Set(
    nodes.flatMap((node) => node.installed.map(({ name }) => fullModelName(name))),
  );
  const serving = new Map<string, ReadonlySet<string>>();
  for (const name of names)
    serving.set(
      name,
      new Set(sameModel(name, embedModel) ? embeddingNodes(nodes, name) : digestNodes(nodes, name)),
    );
  return new Map(
    nodes.map((node) => [
      node.id,
      node.installed
        .map(({ name }) => name)
        .filter((name) => serving.get(fullModelName(name))?.has(node.id) ?? false),
    ]),
  );
}

const embeddingNodes = (nodes: readonly NodeModels[], model: string): readonly string[] =>
  embeddingGroup(nodes, model)?.nodeIds ?? [];

/** The engine's version does not matter to a chat model, so it counts as the same for all. */
const digestNodes = (nodes: readonly NodeModels[], model: string): readonly string[] =>
  embeddingGroup(
    nodes.map((node) => ({ ...node, version: "" })),
    model,
  )?.nodeIds ?? [];

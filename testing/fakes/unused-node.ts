import type { ModelNode } from "#lib/ports/model-node.ts";

/** A node by its name only: whatever is asked of it is a mistake of the test. */
export function unusedNode(id: string): ModelNode {
  const unscripted = (): never => {
    throw new Error(`node ${id}: this call was not expected`);
  };
  return {
    id,
    chat: unscripted,
    continueText: unscripted,
    renderPrompt: unscripted,
    embed: unscripted,
    rerank: unscripted,
    version: unscripted,
    installedModels: unscripted,
    loadedModels: unscripted,
    load: unscripted,
    unload: unscripted,
    pull: unscripted,
    removeModel: unscripted,
  };
}

/** An answer in the tree of a conversation: what was asked again or edited has the same parent. */
export interface BranchNode {
  readonly answerId: string;
  readonly parentId: string | null;
  readonly startedAtMs: number;
}

const byAge = (one: BranchNode, other: BranchNode): number =>
  one.startedAtMs - other.startedAtMs || (one.answerId < other.answerId ? -1 : 1);

const childrenOf = (nodes: readonly BranchNode[]): ReadonlyMap<string | null, BranchNode[]> => {
  const known = new Set(nodes.map(({ answerId }) => answerId));
  // A parent that is gone leaves its children at the beginning.
  return Map.groupBy([...nodes].sort(byAge), ({ parentId }) =>
    parentId !== null && known.has(parentId) ? parentId : null,
  );
};

/** The last answer below `answerId`, always along the newest branch; `null` begins at the top. */
export function newestLeaf(nodes: readonly BranchNode[], answerId: string | null): string | null {
  const children = childrenOf(nodes);
  let at = answerId;
  for (let step = 0; step <= nodes.length; step += 1) {
    const next = children.get(at)?.at(-1);
    if (next === undefined) return at;
    at = next.answerId;
  }
  return at;
}

export interface BranchStep {
  readonly answerId: string;
  /** Every answer at this place of the conversation, the oldest first, itself among them. */
  readonly siblings: readonly string[];
}

/** The branch that ends at `tipId`, from its first answer on; without that answer the newest branch. */
export function branchTo(
  nodes: readonly BranchNode[],
  tipId: string | null,
): readonly BranchStep[] {
  const byId = new Map(nodes.map((node) => [node.answerId, node]));
  const children = childrenOf(nodes);
  const path: BranchStep[] = [];
  let at = byId.get(tipId ?? "") ?? byId.get(newestLeaf(nodes, null) ?? "");
  while (at !== undefined && path.length < nodes.length) {
    const { answerId, parentId } = at;
    at = parentId === null ? undefined : byId.get(parentId);
    const siblings = children.get(at?.answerId ?? null) ?? [];
    path.push({ answerId, siblings: siblings.map((sibling) => sibling.answerId) });
  }
  return path.reverse();
}

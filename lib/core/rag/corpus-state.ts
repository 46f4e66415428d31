/** Corpus generation of every collection that is asked and that the asker may read, by id: what a search saw, and for whom. */
export type Generations = ReadonlyMap<string, number>;

/** Whether two looks saw the same collections in the same state. */
export const sameState = (one: Generations, other: Generations): boolean =>
  one.size === other.size && [...one].every(([id, generation]) => other.get(id) === generation);

/** One text for one state, whatever the order. */
export const stateText = (generations: Generations): string =>
  JSON.stringify([...generations].sort(([one], [other]) => (one < other ? -1 : 1)));

import type { Waiter } from "./waiter.ts";
import { workClasses, type WorkClass, type WorkKind } from "./work-class.ts";

/** Everyone who waits, by kind and class, the oldest first. */
export interface WaitingLists {
  readonly add: (waiter: Waiter) => void;
  readonly remove: (id: string) => Waiter | undefined;
  readonly get: (id: string) => Waiter | undefined;
  readonly of: (kind: WorkKind, workClass: WorkClass) => readonly Waiter[];
  readonly classes: (kind: WorkKind) => readonly WorkClass[];
  readonly count: (kind: WorkKind) => number;
  readonly all: () => readonly Waiter[];
}

export function createWaitingLists(): WaitingLists {
  const byId = new Map<string, Waiter>();
  const lists = new Map<string, Waiter[]>();
  const listOf = (kind: WorkKind, workClass: WorkClass): Waiter[] => {
    const key = `${kind} ${workClass}`;
    const list = lists.get(key) ?? [];
    lists.set(key, list);
    return list;
  };

  return {
    add(waiter) {
      byId.set(waiter.id, waiter);
      const list = listOf(waiter.kind, waiter.class);
      let at = list.length;
      // Nearly everyone goes to the end; a request that comes back after a failure keeps its age.
      while (at > 0 && (list[at - 1]?.since ?? 0) > waiter.since) at -= 1;
      list.splice(at, 0, waiter);
    },
    remove(id) {
      const waiter = byId.get(id);
      if (waiter === undefined) return undefined;
      byId.delete(id);
      const list = listOf(waiter.kind, waiter.class);
      list.splice(list.indexOf(waiter), 1);
      return waiter;
    },
    get: (id) => byId.get(id),
    of: listOf,
    classes: (kind) => workClasses.filter((workClass) => listOf(kind, workClass).length > 0),
    count: (kind) =>
      workClasses.reduce((sum, workClass) => sum + listOf(kind, workClass).length, 0),
    all: () => [...byId.values()],
  };
}

/** What is to happen, by time; what was entered first comes first at equal times. */
export interface Agenda<T> {
  readonly add: (at: number, event: T) => void;
  readonly isEmpty: () => boolean;
  readonly next: () => { readonly at: number; readonly event: T } | undefined;
}

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly event: T;
}

/** A binary heap. */
export function createAgenda<T>(): Agenda<T> {
  const heap: Entry<T>[] = [];
  let added = 0;
  const before = (one: Entry<T>, other: Entry<T>): boolean =>
    one.at < other.at || (one.at === other.at && one.order < other.order);
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  };

  return {
    isEmpty: () => heap.length === 0,
    add(at, event) {
      heap.push({ at, order: (added += 1), event });
      for (let index = heap.length - 1; index > 0;) {
        const parent = (index - 1) >> 1;
        if (!before(heap[index]!, heap[parent]!)) break;
        swap(index, parent);
        index = parent;
      }
    },
    next() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        for (let index = 0; ;) {
          let least = index;
          for (const child of [2 * index + 1, 2 * index + 2])
            if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
          if (least === index) break;
          swap(index, least);
          index = least;
        }
      }
      return first;
    },
  };
}

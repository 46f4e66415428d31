export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>;

/** Each piece of work begins when the one given before it has ended, however that ended. */
export function createOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

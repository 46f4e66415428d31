/**
 * The values of all sources as they come. Each source is asked for its next value only when its last one was taken, so a reader
 * that does not read holds one value a source. Ends when all sources have ended; leaving early ends them.
 */
export async function* mergeEvents<T>(
  sources: readonly AsyncGenerator<T, void>[],
): AsyncGenerator<T, void> {
  const arrived: (() => T | null)[] = [];
  let wake: () => void = () => undefined;
  let open = sources.length;
  const put = (take: () => T | null): void => {
    arrived.push(take);
    wake();
  };
  const askFor = (source: AsyncGenerator<T, void>): void => {
    source.next().then(
      (step) => {
        put(() => {
          if (step.done === true) {
            open -= 1;
            return null;
          }
          askFor(source);
          return step.value;
        });
      },
      (error: unknown) => {
        put(() => {
          throw error;
        });
      },
    );
  };
  for (const source of sources) askFor(source);
  try {
    while (open > 0) {
      const take = arrived.shift();
      if (take === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      else {
        const value = take();
        if (value !== null) yield value;
      }
    }
  } finally {
    // Not awaited: a source that waits for its next value returns only after it.
    for (const source of sources) source.return().catch(() => undefined);
  }
}

/** Streams that several readers follow at once, one for each key. */
export interface SharedStreams<T> {
  /**
   * The stream of `key` from its beginning: one that runs already, or what `open` begins. It ends when its last reader has left; what
   * it fails of everybody sees who still reads.
   * @throws the reason of `signal` when the reader leaves
   */
  join(
    key: string,
    open: (signal: AbortSignal) => AsyncGenerator<T, void>,
    signal: AbortSignal,
  ): AsyncGenerator<T, void>;
}

interface Stream<T> {
  readonly parts: T[];
  readonly controller: AbortController;
  readers: number;
  end: { readonly error?: unknown } | null;
  /** Resolves with the next part or the end. */
  next: PromiseWithResolvers<undefined>;
}

export function createSharedStreams<T>(): SharedStreams<T> {
  const streams = new Map<string, Stream<T>>();

  const begin = (
    key: string,
    open: (signal: AbortSignal) => AsyncGenerator<T, void>,
  ): Stream<T> => {
    const stream: Stream<T> = {
      ...{ parts: [], controller: new AbortController(), readers: 0, end: null },
      next: Promise.withResolvers(),
    };
    streams.set(key, stream);
    void pump(stream, open).finally(() => {
      if (streams.get(key) === stream) streams.delete(key);
    });
    return stream;
  };

  return {
    async *join(key, open, signal) {
      signal.throwIfAborted();
      const stream = streams.get(key) ?? begin(key, open);
      stream.readers += 1;
      try {
        yield* follow(stream, signal);
      } finally {
        stream.readers -= 1;
        if (stream.readers === 0 && stream.end === null) {
          // Who comes now begins anew: this one is on its way out.
          if (streams.get(key) === stream) streams.delete(key);
          stream.controller.abort(new Error("the last reader has left"));
        }
      }
    },
  };
}

function told<T>(stream: Stream<T>): void {
  stream.next.resolve(undefined);
  stream.next = Promise.withResolvers();
}

async function pump<T>(
  stream: Stream<T>,
  open: (signal: AbortSignal) => AsyncGenerator<T, void>,
): Promise<void> {
  try {
    for await (const part of open(stream.controller.signal)) {
      stream.parts.push(part);
      told(stream);
    }
    stream.end = {};
  } catch (error) {
    stream.end = { error };
  }
  told(stream);
}

async function* follow<T>(stream: Stream<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  const left = Promise.withResolvers<undefined>();
  const leave = (): void => {
    left.resolve(undefined);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    for (let at = 0; ;) {
      signal.throwIfAborted();
      const part = stream.parts[at];
      if (at < stream.parts.length) {
        at += 1;
        yield part as T;
      } else if (stream.end !== null) {
        if ("error" in stream.end) throw stream.end.error;
        return;
      } else await Promise.race([stream.next.promise, left.promise]);
    }
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** An event with its number; the browser names the last one it has when it comes back. */
export interface Numbered {
  readonly seq: number;
  readonly event: unknown;
}

export interface EventStreamOptions {
  /** Ends the connection, never the answer. */
  readonly signal: AbortSignal;
  /** Comment lines keep proxies from closing a quiet connection. */
  readonly heartbeatMs?: number;
  /** A connection ends after this long; the browser reconnects from its last number. */
  readonly longestMs?: number;
  /** Sent in front of everything, as `event: started`. */
  readonly started?: object | undefined;
  /** Called once when the connection is over, however it ended. */
  readonly onEnd?: () => void;
}

const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);

const frame = ({ seq, event }: Numbered): Uint8Array =>
  encode(`id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`);

const startedFrame = (started: object): string =>
  `event: started\ndata: ${JSON.stringify(started)}`;

type Step =
  | { readonly kind: "event"; readonly result: IteratorResult<Numbered, void> }
  | { readonly kind: "quiet" };

/** The next event, or `quiet` after `heartbeatMs`; a wait that was interrupted by quiet goes on in the next call. */
function stepper(events: AsyncGenerator<Numbered, void>, heartbeatMs: number) {
  let next: Promise<Step> | null = null;
  return async (): Promise<Step> => {
    next ??= events.next().then((result) => ({ kind: "event", result }));
    let timer: NodeJS.Timeout | undefined;
    const quiet = new Promise<Step>((resolve) => {
      timer = setTimeout(() => {
        resolve({ kind: "quiet" });
      }, heartbeatMs);
    });
    try {
      const step = await Promise.race([next, quiet]);
      if (step.kind === "event") next = null;
      return step;
    } finally {
      clearTimeout(timer);
    }
  };
}

function bytesOf(step: Step): Uint8Array {
  if (step.kind === "quiet") return encode(": waiting\n\n");
  return step.result.done === true ? encode("event: end\ndata: {}\n\n") : frame(step.result.value);
}

/** One connection's end, whoever causes it: the generator, the browser, the signal, the time. */
function connection(events: AsyncGenerator<Numbered, void>, options: EventStreamOptions) {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    clearTimeout(longest);
    options.signal.removeEventListener("abort", end);
    // Not awaited: a generator that waits for its next event returns only after it.
    events.return().catch(() => undefined);
    try {
      controller?.close();
    } catch {
      // The browser has cancelled it already.
    }
    options.onEnd?.();
  };
  const longest = setTimeout(end, options.longestMs ?? 600_000);
  options.signal.addEventListener("abort", end, { once: true });
  return {
    end,
    over: () => over,
    opened: (opened: ReadableStreamDefaultController<Uint8Array>) => {
      controller = opened;
    },
  };
}

/**
 * Server-sent events from a generator. Pulled: a reader that does not read holds one event and nothing more, for the log
 * it reads from keeps the rest. The end of the generator is `event: end`; leaving early only ends the reading.
 */
export function eventStream(
  events: AsyncGenerator<Numbered, void>,
  options: EventStreamOptions,
): Response {
  const nextStep = stepper(events, options.heartbeatMs ?? 15_000);
  const { end, over, opened } = connection(events, options);
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        opened(controller);
        // Headers leave at once, so that the browser knows the connection stands.
        const { started } = options;
        const first = started === undefined ? ": open" : startedFrame(started);
        controller.enqueue(encode(`${first}\n\n`));
        if (options.signal.aborted) end();
      },
      async pull(controller) {
        try {
          const step = await nextStep();
          if (over()) return;
          controller.enqueue(bytesOf(step));
          if (step.kind === "event" && step.result.done === true) end();
        } catch {
          // The browser reconnects from the last number it has.
          end();
        }
      },
      cancel: end,
    },
    { highWaterMark: 1 },
  );
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "private, no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

import { Worker } from "node:worker_threads";
import { AppError } from "../../core/errors/app-error.ts";

export type PasswordTask =
  | { readonly kind: "hash"; readonly password: string }
  | { readonly kind: "verify"; readonly password: string; readonly hash: string };

export type PasswordTaskResult =
  | { readonly ok: true; readonly value: string | boolean }
  | { readonly ok: false; readonly reason: string };

/** Throws AppError `rate_limited` when too many passwords wait already. */
export interface PasswordHasher {
  readonly hash: (password: string) => Promise<string>;
  /** False for a stored text that is no hash. */
  readonly verify: (password: string, hash: string) => Promise<boolean>;
  dispose(): Promise<void>;
}

interface Waiting {
  readonly task: PasswordTask;
  readonly resolve: (value: string | boolean) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  /** Throws away the thread's current task, if any, and takes no other. */
  stop(): Promise<unknown>;
  run(waiting: Waiting): void;
  readonly busy: () => boolean;
}

/** How soon the next place may be free: a hash takes about 25 ms. */
const retryAfterMs = 1_000;
const failed = (reason: string) => new AppError("internal", { reason });

/** One worker with at most one task. It keeps the process alive only while it works. */
function startThread(
  workerFile: string,
  events: { readonly onFree: () => void; readonly onEnd: (thread: Thread) => void },
): Thread {
  const worker = new Worker(workerFile, { execArgv: [] });
  let current: Waiting | null = null;
  const settle = (result: PasswordTaskResult): void => {
    const done = current;
    current = null;
    worker.unref();
    if (result.ok) done?.resolve(result.value);
    else done?.reject(failed(result.reason));
  };
  const thread: Thread = {
    busy: () => current !== null,
    stop: () => worker.terminate(),
    run(waiting) {
      current = waiting;
      worker.ref();
      worker.postMessage(waiting.task);
    },
  };
  worker.unref();
  worker.on("message", (result: PasswordTaskResult) => {
    settle(result);
    events.onFree();
  });
  worker.on("error", (error: unknown) => {
    settle({ ok: false, reason: error instanceof Error ? error.message : "the worker failed" });
  });
  worker.on("exit", () => {
    settle({ ok: false, reason: "the password worker ended" });
    events.onEnd(thread);
  });
  return thread;
}

/**
 * Hashes in worker threads of its own, so that neither the event loop nor libuv's pool ever waits for one. Threads start
 * at first use.
 * @param deps.workerFile absolute path of `password.worker.ts`, run unbundled
 * @param deps.threads hashes at the same time, 1 or 2
 * @param deps.longestQueue passwords waiting beyond those; more are refused
 */
export function createPasswordHasher(deps: {
  readonly workerFile: string;
  readonly threads?: number;
  readonly longestQueue?: number;
}): PasswordHasher {
  const limit = deps.threads ?? 2;
  const longestQueue = deps.longestQueue ?? 16;
  const threads = new Set<Thread>();
  const queue: Waiting[] = [];
  let disposed = false;

  const freeThread = (): Thread | undefined => {
    for (const thread of threads) if (!thread.busy()) return thread;
    if (threads.size >= limit) return undefined;
    const thread = startThread(deps.workerFile, {
      onFree: pump,
      onEnd: (ended) => {
        threads.delete(ended);
        pump();
      },
    });
    threads.add(thread);
    return thread;
  };

  function pump(): void {
    while (queue.length > 0) {
      const thread = freeThread();
      const next = thread === undefined ? undefined : queue.shift();
      if (next === undefined) return;
      thread?.run(next);
    }
  }

  const run = (task: PasswordTask): Promise<string | boolean> =>
    new Promise((resolve, reject) => {
      if (disposed) reject(failed("the password hasher is stopped"));
      else if (queue.length >= longestQueue) reject(new AppError("rate_limited", { retryAfterMs }));
      else {
        queue.push({ task, resolve, reject });
        pump();
      }
    });

  return {
    hash: async (password) => String(await run({ kind: "hash", password })),
    verify: async (password, hash) => (await run({ kind: "verify", password, hash })) === true,
    async dispose() {
      disposed = true;
      for (const waiting of queue.splice(0))
        waiting.reject(failed("the password hasher is stopped"));
      await Promise.all([...threads].map((thread) => thread.stop()));
    },
  };
}

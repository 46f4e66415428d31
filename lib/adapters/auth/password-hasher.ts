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
  hash(password: string): Promise<string>;
  /** False for a stored text that is no hash. */
  verify(password: string, hash: string): Promise<boolean>;
  dispose(): Promise<void>;
}

interface Waiting {
  readonly task: PasswordTask;
  readonly resolve: (value: string | boolean) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  current: Waiting | null;
}

/** How soon the next place may be free: a hash takes about 25 ms. */
const retryAfterMs = 1_000;

/**
 * Hashes in worker threads of its own, so that neither the event loop nor libuv's pool ever waits for one. Threads start
 * at first use and do not keep the process alive.
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
  const threads: Thread[] = [];
  const queue: Waiting[] = [];
  let disposed = false;

  const settle = (thread: Thread, result: PasswordTaskResult): void => {
    const done = thread.current;
    thread.current = null;
    thread.worker.unref();
    if (result.ok) done?.resolve(result.value);
    else done?.reject(new AppError("internal", { reason: result.reason }));
    pump();
  };

  const start = (): Thread => {
    const worker = new Worker(deps.workerFile, { execArgv: [], stdout: false, stderr: false });
    const thread: Thread = { worker, current: null };
    worker.unref();
    worker.on("message", (result: PasswordTaskResult) => {
      settle(thread, result);
    });
    worker.on("error", (error) => {
      fail(thread, error.message);
    });
    worker.on("exit", () => {
      fail(thread, "the password worker ended");
    });
    threads.push(thread);
    return thread;
  };

  const fail = (thread: Thread, reason: string): void => {
    const index = threads.indexOf(thread);
    if (index >= 0) threads.splice(index, 1);
    if (thread.current !== null) settle(thread, { ok: false, reason });
  };

  const pump = (): void => {
    while (queue.length > 0) {
      const thread =
        threads.find((candidate) => candidate.current === null) ??
        (threads.length < limit ? start() : undefined);
      const next = thread === undefined ? undefined : queue.shift();
      if (thread === undefined || next === undefined) return;
      thread.current = next;
      thread.worker.ref();
      thread.worker.postMessage(next.task);
    }
  };

  const run = (task: PasswordTask): Promise<string | boolean> =>
    new Promise((resolve, reject) => {
      if (disposed) reject(new AppError("internal", { reason: "the password hasher is stopped" }));
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
        waiting.reject(new AppError("internal", { reason: "the password hasher is stopped" }));
      await Promise.all(threads.splice(0).map((thread) => thread.worker.terminate()));
    },
  };
}

import { failureOf, type Failure } from "#components/api/failure.ts";
import { createStore, type Store } from "#components/ui/store.ts";

export interface Upload {
  readonly id: number;
  readonly fileName: string;
  readonly collectionId: string;
  readonly bytes: number;
  readonly sentBytes: number;
  readonly phase: "waiting" | "sending" | "failed";
  readonly failure: Failure | null;
}

export interface UploadDeps {
  /** Sends one file. Rejects with an ApiFailure, or with anything once `signal` aborts. */
  readonly send: (
    file: File,
    collectionId: string,
    onSent: (bytes: number) => void,
    signal: AbortSignal,
  ) => Promise<{ readonly duplicate: boolean }>;
  /** A file has arrived. */
  readonly onDone: (upload: Upload, duplicate: boolean) => void;
}

export interface Uploads {
  readonly list: Store<readonly Upload[]>;
  readonly add: (files: Iterable<File>, collectionId: string) => void;
  /** Ends or forgets an upload; what the server has accepted by then stays. */
  readonly cancel: (id: number) => void;
  readonly retry: (id: number) => void;
}

/** More at once would only share the same connection. */
const atOnce = 2;

const waiting = (id: number, file: File, collectionId: string): Upload => ({
  id,
  fileName: file.name,
  collectionId,
  bytes: file.size,
  sentBytes: 0,
  phase: "waiting",
  failure: null,
});

/** The files and what is known of each; an entry lives until it has arrived or is given up. */
const createQueue = () => {
  const list = createStore<readonly Upload[]>([]);
  const files = new Map<number, File>();
  let lastId = 0;
  return {
    list,
    fileOf: (id: number) => files.get(id),
    add: (file: File, collectionId: string): void => {
      lastId += 1;
      files.set(lastId, file);
      const upload = waiting(lastId, file, collectionId);
      list.set((all) => [...all, upload]);
    },
    change: (id: number, next: Partial<Upload>): void => {
      list.set((all) => all.map((upload) => (upload.id === id ? { ...upload, ...next } : upload)));
    },
    forget: (id: number): void => {
      files.delete(id);
      list.set((all) => all.filter((upload) => upload.id !== id));
    },
  };
};

/** Sends files in order, two at a time; what fails stays in the list with its reason. */
export const createUploads = (deps: UploadDeps): Uploads => {
  const queue = createQueue();
  const running = new Map<number, AbortController>();

  const send = async (upload: Upload, file: File): Promise<void> => {
    const { id } = upload;
    const leave = new AbortController();
    const onSent = (sentBytes: number): void => {
      queue.change(id, { sentBytes });
    };
    running.set(id, leave);
    queue.change(id, { phase: "sending", sentBytes: 0, failure: null });
    try {
      const { duplicate } = await deps.send(file, upload.collectionId, onSent, leave.signal);
      queue.forget(id);
      deps.onDone(upload, duplicate);
    } catch (error) {
      if (leave.signal.aborted) queue.forget(id);
      else queue.change(id, { phase: "failed", failure: failureOf(error) });
    } finally {
      running.delete(id);
      startNext();
    }
  };

  const startNext = (): void => {
    for (const upload of queue.list.get()) {
      if (running.size >= atOnce) return;
      const file = queue.fileOf(upload.id);
      if (upload.phase === "waiting" && file !== undefined) void send(upload, file);
    }
  };

  return {
    list: queue.list,
    add: (added, collectionId) => {
      for (const file of added) queue.add(file, collectionId);
      startNext();
    },
    cancel: (id) => {
      const leave = running.get(id);
      if (leave === undefined) queue.forget(id);
      else leave.abort();
    },
    retry: (id) => {
      queue.change(id, { phase: "waiting", failure: null });
      startNext();
    },
  };
};

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

/** Sends files in order, two at a time; what fails stays in the list with its reason. */
export const createUploads = (deps: UploadDeps): Uploads => {
  const list = createStore<readonly Upload[]>([]);
  const files = new Map<number, File>();
  const running = new Map<number, AbortController>();
  let lastId = 0;

  const change = (id: number, next: Partial<Upload>): void => {
    list.set((all) => all.map((upload) => (upload.id === id ? { ...upload, ...next } : upload)));
  };
  const forget = (id: number): void => {
    files.delete(id);
    list.set((all) => all.filter((upload) => upload.id !== id));
  };

  const send = async (upload: Upload, file: File): Promise<void> => {
    const leave = new AbortController();
    running.set(upload.id, leave);
    change(upload.id, { phase: "sending", sentBytes: 0, failure: null });
    try {
      const { duplicate } = await deps.send(
        file,
        upload.collectionId,
        (sentBytes) => {
          change(upload.id, { sentBytes });
        },
        leave.signal,
      );
      forget(upload.id);
      deps.onDone(upload, duplicate);
    } catch (error) {
      if (leave.signal.aborted) forget(upload.id);
      else change(upload.id, { phase: "failed", failure: failureOf(error) });
    } finally {
      running.delete(upload.id);
      startNext();
    }
  };

  const startNext = (): void => {
    for (const upload of list.get()) {
      if (running.size >= atOnce) return;
      const file = files.get(upload.id);
      if (upload.phase === "waiting" && file !== undefined) void send(upload, file);
    }
  };

  return {
    list,
    add: (added, collectionId) => {
      for (const file of added) {
        lastId += 1;
        const id = lastId;
        files.set(id, file);
        const { name, size } = file;
        list.set((all) => [
          ...all,
          {
            id,
            fileName: name,
            collectionId,
            bytes: size,
            sentBytes: 0,
            phase: "waiting",
            failure: null,
          },
        ]);
      }
      startNext();
    },
    cancel: (id) => {
      const leave = running.get(id);
      if (leave === undefined) forget(id);
      else leave.abort();
    },
    retry: (id) => {
      change(id, { phase: "waiting", failure: null });
      startNext();
    },
  };
};

import { Readable } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../core/errors/app-error.ts";
import type { SourceDocument, SyncedSource } from "../ports/source-store.ts";
import { createSyncSource, type SyncSourceDeps } from "./sync-source.ts";

const source: SyncedSource = {
  ...{ id: "s", collectionId: "c", kind: "folder", location: "/f", everyHours: 1 },
  ...{ onVanished: "remove", documentCount: 0, lastRunAt: null, lastResult: null },
  ...{ lastFailed: false, isWaiting: true },
};
const due = { source, actor: { userId: "u", workspaceId: "w", role: "admin" } } as const;

let known: SourceDocument[];
/** Paths with the hash of what is there now. */
let there: Record<string, string>;
let uploading: (name: string) => Promise<void>;
let done: string[];

const run = () => {
  const reader = {
    check: () => Promise.resolve(),
    async *items() {
      for (const [path, sha256] of Object.entries(there))
        yield await Promise.resolve({
          ...{ path, fileName: path, sha256 },
          open: () => Promise.resolve(Readable.from([])),
        });
    },
  };
  const deps: SyncSourceDeps = {
    store: {
      documents: () => Promise.resolve(known),
      setVanished: (id, isVanished) => {
        done.push(`${id} ${isVanished ? "vanished" : "is back"}`);
        return Promise.resolve();
      },
      finish: () => Promise.resolve(),
    },
    readers: { folder: reader, web: reader },
    upload: async (_actor, { fileName }) => {
      await uploading(fileName);
      done.push(`${fileName} uploaded`);
      return { documentId: fileName, duplicate: false } as never;
    },
    replace: (_actor, id) => {
      done.push(`${id} replaced`);
      return Promise.resolve(undefined as never);
    },
    documents: {
      remove: (_actor, id) => {
        done.push(`${id} removed`);
        return Promise.resolve(undefined as never);
      },
    },
  };
  return createSyncSource(deps)(due, new AbortController().signal);
};

beforeEach(() => {
  known = [{ id: "old", path: "old.txt", contentHash: "1", isVanished: false }];
  there = {};
  uploading = () => Promise.resolve();
  done = [];
});

describe("a run of a followed source", () => {
  it("leaves out a file that is refused, and goes on", async () => {
    there = { "bad.exe": "2", "new.txt": "3", "old.txt": "1" };
    uploading = (name) =>
      name === "bad.exe" ? Promise.reject(new AppError("unsupported_type", {})) : Promise.resolve();
    expect(await run()).toMatchObject({ failed: false, added: 1, unchanged: 1, skipped: 1 });
    expect(done).toEqual(["new.txt uploaded"]);
  });

  it("ends where no further file could be taken either, and removes nothing then", async () => {
    there = { "new.txt": "2", "other.txt": "3" };
    uploading = () => Promise.reject(new AppError("disk_full", {}));
    expect(await run()).toMatchObject({ failed: true, gone: 0, skipped: 0 });
    expect(done).toEqual([]);
  });

  it("takes the mark off a document whose file is there again", async () => {
    known = [{ id: "old", path: "old.txt", contentHash: "1", isVanished: true }];
    there = { "old.txt": "1" };
    expect(await run()).toMatchObject({ failed: false, unchanged: 1 });
    expect(done).toEqual(["old is back"]);
  });
});

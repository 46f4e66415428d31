import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import type { CollectionSummary } from "../ports/collection-store.ts";
import { createUploadDocument } from "./upload-document.ts";

const actor: Actor = { userId: "u", workspaceId: "w", role: "member" };
const collection: CollectionSummary = {
  ...{ id: "c", name: "C", description: "", language: "auto", isDemo: false, documentCount: 0 },
  ...{ answerMode: "strict", refusalText: "", systemPrompt: "", answerStyle: "balanced" },
  ...{ answerLanguage: "question", retentionDays: null, right: "write" },
};

/** Which files are still there after an upload whose row could not be written for this reason. */
async function keptAfter(fault: Error): Promise<readonly string[]> {
  const kept = new Set<string>();
  const upload = createUploadDocument({
    collections: { get: () => Promise.resolve(collection) },
    documents: {
      create: () => Promise.reject(fault),
      replace: () => Promise.reject(fault),
      get: () => Promise.reject(fault),
      usage: () => Promise.resolve({ personBytes: 0, workspaceBytes: 0 }),
    },
    files: {
      put: () => {
        kept.add("key");
        return Promise.resolve({ key: "key", bytes: 1, sha256: "h" });
      },
      remove: (key) => {
        kept.delete(key);
        return Promise.resolve();
      },
      path: (key) => key,
      open: () => Promise.reject(fault),
      keysBefore: () => Promise.resolve([]),
    },
    parser: { detect: () => Promise.resolve("text/plain") },
    limits: () => defaultSettings.documents,
    onQueued: () => undefined,
  });
  const content = Readable.from([Buffer.from("a")]);
  const given = { collectionId: "c", fileName: "a.txt", content };
  await expect(upload(actor, given, AbortSignal.any([]))).rejects.toBe(fault);
  return [...kept];
}

describe("an upload whose row is not written", () => {
  it("leaves no file when it was refused", async () => {
    expect(await keptAfter(new AppError("not_found", {}))).toEqual([]);
  });

  it("leaves the file when the database went away: the row may be there", async () => {
    expect(await keptAfter(new Error("Connection terminated unexpectedly"))).toEqual(["key"]);
  });
});

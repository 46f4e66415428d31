import { beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../core/errors/app-error.ts";
import type { Settings } from "../core/settings/settings.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import type { NewSource, SourceKind } from "../ports/source-store.ts";
import { createFollowSources, type FollowSourcesDeps } from "./follow-sources.ts";

const actor = { userId: "u", workspaceId: "w", role: "member" } as const;
const source: NewSource = {
  ...{ kind: "folder", location: "/f", everyHours: 1, onVanished: "keep" },
};
const never = new AbortController().signal;

let allowed: Settings["sources"];
let mayManage: boolean;
let done: string[];
/** Kinds that each look for due runs asked for. */
let asked: (readonly SourceKind[])[];

const followed = (stopping: AbortController = new AbortController()) => {
  const reader = {
    check: (location: string) => {
      done.push(`looked at ${location}`);
      return Promise.resolve();
    },
    async *items() {
      // Nothing is there.
    },
  };
  return createFollowSources({
    settings: () => allowed,
    readers: { folder: reader, web: reader },
    clock: {
      sleep: () => {
        stopping.abort();
        return Promise.resolve();
      },
    },
    audit: { record: () => Promise.resolve() },
    store: {
      list: () => (mayManage ? Promise.resolve([]) : Promise.reject(new AppError("not_found", {}))),
      add: () => {
        done.push("added");
        return Promise.resolve({} as never);
      },
      takeDue: (kinds: readonly SourceKind[]) => {
        asked.push(kinds);
        return Promise.resolve(null);
      },
    },
  } as unknown as FollowSourcesDeps);
};

beforeEach(() => {
  allowed = { ...defaultSettings.sources, folders: true, webPages: false };
  mayManage = true;
  done = [];
  asked = [];
});

describe("followed sources", () => {
  it("are added only when an admin has allowed their kind", async () => {
    await followed().add(actor, "c", source, never);
    expect(done).toEqual(["looked at /f", "added"]);
    done = [];
    await expect(
      followed().add(actor, "c", { ...source, kind: "web" }, never),
    ).rejects.toMatchObject({ code: "source_refused" });
    expect(done).toEqual([]);
  });

  it("are not looked at on behalf of who may not manage the collection", async () => {
    mayManage = false;
    await expect(followed().add(actor, "c", source, never)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(done).toEqual([]);
  });

  it("run only while their kind is allowed", async () => {
    for (const [folders, webPages, kinds] of [
      [true, false, [["folder"]]],
      [true, true, [["folder", "web"]]],
      [false, false, []],
    ] as const) {
      allowed = { ...allowed, folders, webPages };
      asked = [];
      const stopping = new AbortController();
      await followed(stopping).run(stopping.signal);
      expect(asked).toEqual(kinds);
    }
  });
});

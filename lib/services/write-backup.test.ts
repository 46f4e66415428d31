import { Readable } from "node:stream";
import { beforeEach, describe, expect, it } from "vitest";
import type { OriginalReference, RowTexts } from "../ports/backup.ts";
import { restoreBackup } from "./restore-backup.ts";
import { writeBackup } from "./write-backup.ts";

const never = new AbortController().signal;
const tables = [
  { name: "users", columns: ["id", "name"], rows: [["u", "Uma"]] },
  { name: "accounts", columns: ["id", "access_token"], rows: [["a", "a secret token"]] },
  { name: "sessions", columns: ["id", "token"], rows: [["s", "a secret session"]] },
];

let originals: OriginalReference[];
let stored: Record<string, string>;
let written: Record<string, readonly RowTexts[]>;
let ended: string[];

const write = () =>
  writeBackup(
    {
      snapshot: {
        steps: () => Promise.resolve([]),
        tables: () => Promise.resolve(tables),
        originals: () => Promise.resolve(originals),
        close: () => Promise.resolve(),
        async *rows({ name }) {
          yield await Promise.resolve(tables.find((table) => table.name === name)?.rows ?? []);
        },
      },
      files: {
        open: (key) => {
          const text = stored[key];
          if (text === undefined) return Promise.reject(new Error("not there"));
          return Promise.resolve(Readable.from([text]) as never);
        },
      },
      writer: {
        async table({ name }, pieces) {
          const rows: RowTexts[] = [];
          for await (const piece of pieces) rows.push(...piece);
          written[name] = rows;
          return { rows: rows.length, digest: "", sha256: "" };
        },
        original: (key) => {
          ended.push(`original ${key}`);
          return Promise.resolve({ sha256: "", bytes: 1 });
        },
        finish: () => {
          ended.push("finished");
          return Promise.resolve({ folder: "/b", bytes: 1 });
        },
        abandon: () => {
          ended.push("abandoned");
          return Promise.resolve();
        },
      },
      clock: { wallTime: () => new Date(0) },
      onProgress: () => undefined,
    },
    never,
  );

beforeEach(() => {
  originals = [];
  stored = {};
  written = {};
  ended = [];
});

describe("writing a backup", () => {
  it("holds every row, but nothing that would let anyone sign in", async () => {
    await write();
    expect(written).toEqual({ users: [["u", "Uma"]], accounts: [["a", null]], sessions: [] });
    expect(ended).toEqual(["finished"]);
  });

  it("goes on without the original of a document that was deleted, and not without one that readers need", async () => {
    originals = ["gone", "there"].map((key) => ({ key, sha256: "", isLive: key === "there" }));
    stored = { there: "text" };
    await write();
    expect(ended).toEqual(["original there", "finished"]);
    ended = [];
    stored = {};
    await expect(write()).rejects.toMatchObject({ code: "backup_damaged" });
    expect(ended).toEqual(["abandoned"]);
  });
});

it("changes nothing for a backup that does not hold what it says", async () => {
  const done: string[] = [];
  const backup = {
    verify: () => Promise.reject(new Error("damaged")),
    manifest: { originals: [] },
  };
  const target = { replace: () => Promise.resolve(done.push("replaced")) };
  const shelf = { add: () => Promise.resolve(done.push("added")) };
  const deps = { target, originals: shelf, onProgress: () => undefined };
  await expect(restoreBackup(deps as never, backup as never, never)).rejects.toThrow("damaged");
  expect(done).toEqual([]);
});

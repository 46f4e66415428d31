import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  finishRestore,
  markRestored,
  replacedFolder,
  restoringFolder,
} from "./restored-database.ts";

let dataDir: string;

const put = (folder: string, content: string): void => {
  mkdirSync(join(folder, "database"), { recursive: true });
  writeFileSync(join(folder, "database", "content"), content);
};
const contentOf = (folder: string): string | null => {
  const path = join(folder, "database", "content");
  return existsSync(path) ? readFileSync(path, "utf8") : null;
};
const outcome = () => ({
  current: contentOf(dataDir),
  replaced: contentOf(replacedFolder(dataDir)),
  restoring: existsSync(restoringFolder(dataDir)),
});

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "drover-restored-"));
  put(dataDir, "old");
  put(restoringFolder(dataDir), "new");
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

describe("finishRestore", () => {
  const whole = { current: "new", replaced: "old", restoring: false };

  it("clears away a restored database that was not whole", () => {
    finishRestore(dataDir);
    expect(outcome()).toEqual({ current: "old", replaced: null, restoring: false });
  });

  it("puts a whole one in place and the old one aside, once", async () => {
    put(replacedFolder(dataDir), "older");
    await markRestored(dataDir);
    finishRestore(dataDir);
    finishRestore(dataDir);
    expect(outcome()).toEqual(whole);
  });

  it("goes on where it was cut off after the old one was put aside", async () => {
    await markRestored(dataDir);
    mkdirSync(replacedFolder(dataDir), { recursive: true });
    renameSync(join(dataDir, "database"), join(replacedFolder(dataDir), "database"));
    finishRestore(dataDir);
    expect(outcome()).toEqual(whole);
  });

  it("goes on where it was cut off after the new one was in place", async () => {
    await markRestored(dataDir);
    mkdirSync(replacedFolder(dataDir), { recursive: true });
    renameSync(join(dataDir, "database"), join(replacedFolder(dataDir), "database"));
    renameSync(join(restoringFolder(dataDir), "database"), join(dataDir, "database"));
    finishRestore(dataDir);
    expect(outcome()).toEqual(whole);
  });

  it("fills a data folder that had no database", async () => {
    rmSync(join(dataDir, "database"), { recursive: true });
    await markRestored(dataDir);
    finishRestore(dataDir);
    expect(outcome()).toEqual({ current: "new", replaced: null, restoring: false });
  });
});

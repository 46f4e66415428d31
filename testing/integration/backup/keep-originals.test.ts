import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepOriginals } from "../../../embedded/database/keep-originals.ts";

let folder: string;
const original = "ab/abcdef";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-originals-"));
  await mkdir(join(folder, "files/ab"), { recursive: true });
  await writeFile(join(folder, "files", original), "text");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the originals beside a copy of the database", () => {
  it("keeps what is cleared away later, at no cost, and may be called again", async () => {
    await keepOriginals(join(folder, "files"), join(folder, "kept"));
    await keepOriginals(join(folder, "files"), join(folder, "kept"));
    expect((await stat(join(folder, "kept", original))).nlink).toBe(2);
    await rm(join(folder, "files"), { recursive: true });
    expect(await readFile(join(folder, "kept", original), "utf8")).toBe("text");
  });

  it.each(["EPERM", "EOPNOTSUPP", "EMLINK"])("copies where a link ends in %s", async (code) => {
    const refuse = () => Promise.reject(Object.assign(new Error(code), { code }));
    await keepOriginals(join(folder, "files"), join(folder, "kept"), refuse);
    await keepOriginals(join(folder, "files"), join(folder, "kept"), refuse);
    expect((await stat(join(folder, "kept", original))).nlink).toBe(1);
    expect(await readFile(join(folder, "kept", original), "utf8")).toBe("text");
  });

  it("does not hide that the disk is full", async () => {
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    const refuse = () => Promise.reject(full);
    await expect(keepOriginals(join(folder, "files"), join(folder, "kept"), refuse)).rejects.toBe(
      full,
    );
  });
});

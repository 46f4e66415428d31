import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withInstallLock } from "./install-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-install-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const lock = () => join(folder, ".install-lock");
const taken = (patienceMs: number): Promise<string> =>
  withInstallLock(folder, () => Promise.resolve("done"), AbortSignal.timeout(patienceMs));

it("takes over a lock whose owner died before it had written its number", async () => {
  await writeFile(lock(), "");
  const before = new Date(Date.now() - 60_000);
  await utimes(lock(), before, before);
  expect(await taken(10_000)).toBe("done");
  expect(await readdir(folder)).toEqual([]);
});

it("leaves an empty lock alone whose owner may just be writing its number", async () => {
  await writeFile(lock(), "");
  await expect(taken(300)).rejects.toThrow();
});

it("leaves the lock of a living process alone", async () => {
  await writeFile(lock(), String(process.pid));
  await expect(taken(300)).rejects.toThrow();
});

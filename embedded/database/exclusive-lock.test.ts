import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock, lockHolder, socketFolder } from "./exclusive-lock.mjs";

const lockModule = fileURLToPath(new URL("./exclusive-lock.mjs", import.meta.url));
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "drover-lock-"));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const lockFiles = async (): Promise<string[]> =>
  (await readdir(dir)).filter((name) => name.includes("lock") || name.includes("draft"));

/** Takes the lock in another process and dies there by SIGKILL. */
async function killedHolder(): Promise<string> {
  const program = `const { acquireLock } = await import(${JSON.stringify(lockModule)});
    const lock = await acquireLock(process.argv[1], "thing");
    process.stdout.write(lock.holder === undefined ? "held" : "refused");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  child.kill("SIGKILL");
  await once(child, "close");
  return said.toString();
}

describe("acquireLock", () => {
  it("refuses everyone else while it is held, tells who holds it, and leaves nothing when released", async () => {
    const lock = await acquireLock(dir, "thing", { address: "here" });
    if (lock.holder !== undefined) throw new Error("a new folder was locked");
    expect(await acquireLock(dir, "thing")).toMatchObject({
      holder: { pid: process.pid, info: { address: "here" } },
    });
    lock.publish({ address: "there" });
    expect((await lockHolder(dir, "thing"))?.info).toEqual({ address: "there" });
    lock.release();
    expect(await lockHolder(dir, "thing")).toBeUndefined();
    expect(await lockFiles()).toEqual([]);
    expect(await readdir(socketFolder(dir))).toEqual([]);
  });

  it("gives a free lock to exactly one of many that ask at once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const asked = await Promise.all(Array.from({ length: 20 }, () => acquireLock(dir, "thing")));
      const winners = asked.filter((outcome) => outcome.holder === undefined);
      expect(winners).toHaveLength(1);
      winners[0]?.release();
    }
  });

  it("gives the lock of a killed process to exactly one of many that ask at once", async () => {
    expect(await killedHolder()).toBe("held");
    expect(await lockFiles()).toHaveLength(1);
    const asked = await Promise.all(Array.from({ length: 50 }, () => acquireLock(dir, "thing")));
    const winners = asked.filter((outcome) => outcome.holder === undefined);
    expect(winners).toHaveLength(1);
    winners[0]?.release();
    expect(await lockFiles()).toEqual([]);
  });

  it("is not fooled by a stranger who got the dead holder's pid", async () => {
    await killedHolder();
    const [name] = await lockFiles();
    const path = join(dir, name ?? "");
    const record = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...record, pid: process.pid })); // alive, but began at another time
    expect(await lockHolder(dir, "thing")).toBeUndefined();
  });

  it("does not carry over to a copy of the folder", async () => {
    const copy = `${dir}-copy`;
    const lock = await acquireLock(dir, "thing");
    if (lock.holder !== undefined) throw new Error("a new folder was locked");
    await cp(dir, copy, { recursive: true, filter: (source) => !source.includes("/th-") });
    const second = await acquireLock(copy, "thing");
    expect(second.holder).toBeUndefined();
    expect((await lockHolder(dir, "thing"))?.pid).toBe(process.pid);
    if (second.holder === undefined) second.release();
    lock.release();
    await rm(copy, { recursive: true, force: true });
  });

  it("keeps socket paths short in a folder with a long name", async () => {
    const deep = join(dir, "a long name with spaces ".repeat(8).trim());
    const lock = await acquireLock(deep, "thing");
    expect(lock.holder).toBeUndefined();
    const folder = socketFolder(deep);
    expect(Buffer.byteLength(folder)).toBeLessThan(90);
    expect((await readFile(join(deep, "run/location"), "utf8")).trim()).toBe(folder);
    expect((await acquireLock(deep, "thing")).holder?.pid).toBe(process.pid);
    if (lock.holder === undefined) lock.release();
    await rm(folder, { recursive: true, force: true });
  });
});

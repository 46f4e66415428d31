import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contentsOf, fillWithWork, withEmbedded } from "./filled-data.ts";
import { runNpm, startNpm } from "./run-npm.ts";

let folder: string;
let source: string;
let backup: string;
let contents: Readonly<Record<string, string>>;

const inData = (dataDir: string): Record<string, string> => ({ DROVER_DATA_DIR: dataDir });
/** Waits without a clock: the turn after this one, until it is so. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};
const holds = (path: string, part: string): boolean =>
  existsSync(path) && readdirSync(path).some((name) => name.includes(part));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-backup-"));
  source = join(folder, "source");
  backup = join(folder, "backup");
  await fillWithWork(source);
  contents = await withEmbedded(source, contentsOf);
  expect(await runNpm("backup", [backup], inData(source))).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** When what is killed has come so far. */
const steps: Readonly<Record<string, (dataDir: string) => boolean>> = {
  "begins the new database": (dataDir) => existsSync(join(dataDir, "restoring")),
  "has an empty database": (dataDir) => existsSync(join(dataDir, "restoring/database/PG_VERSION")),
  "puts the originals in place": (dataDir) => holds(join(dataDir, "files"), ""),
  "is about to end": (dataDir) =>
    existsSync(join(dataDir, "restoring/whole")) || holds(join(dataDir, "snapshots"), "before"),
};

const isLong = process.env["TEST_LONG"] === "1";
const chosen = Object.entries(steps).filter(([step]) => isLong || step === "is about to end");

describe("a restore that is killed", { timeout: 240_000 }, () => {
  it.each(chosen)("when it %s leaves all of the old or all of the new", async (_, isThere) => {
    const dataDir = join(folder, "target");
    await rm(dataDir, { recursive: true, force: true });
    await fillWithWork(dataDir, "work before");
    const before = await withEmbedded(dataDir, contentsOf);
    await rm(join(dataDir, "files"), { recursive: true });
    const restore = startNpm("restore", [backup, "--yes"], inData(dataDir));
    await until(() => isThere(dataDir) || restore.child.exitCode !== null);
    restore.kill();
    await restore.ended;
    const after = await withEmbedded(dataDir, contentsOf);
    const isNew = after["documents"] === contents["documents"];
    const expected = {
      ...(isNew ? contents : before),
      sessions: after["sessions"],
      accounts: after["accounts"],
    };
    expect(after).toEqual(expected);
    expect(existsSync(join(dataDir, "restoring"))).toBe(false);
    expect(await runNpm("restore", [backup, "--yes"], inData(dataDir))).toMatchObject({
      code: 0,
    });
  });
});

describe("a backup that does not come to its end", { timeout: 120_000 }, () => {
  it("when it is killed is none, and is in nobody's way", async () => {
    const target = join(folder, "cut");
    const cut = startNpm("backup", [target], inData(source));
    await until(() => holds(`${target}.partial/tables`, ".zst"));
    cut.kill();
    await cut.ended;
    expect(existsSync(target)).toBe(false);
    const refused = await runNpm("restore", [`${target}.partial`], inData(join(folder, "empty")));
    expect([refused.code, refused.said]).toEqual([1, expect.stringContaining("no whole backup")]);
    expect(await runNpm("backup", [target], inData(source))).toMatchObject({ code: 0 });
  });

  const program = fileURLToPath(
    new URL("../../../embedded/supervisor/run-backup.ts", import.meta.url),
  );
  /** Runs a backup onto a disk of 40 kB, which only it sees. */
  const onSmallDisk = (at: string, ...words: readonly string[]) =>
    spawnSync(
      "unshare",
      [
        "-rm",
        "sh",
        "-c",
        'mount -t tmpfs -o size=40k none "$0" && "$@"; code=$?; ls -A "$0"; exit $code',
        at,
        ...words,
      ],
      { encoding: "utf8", env: { PATH: process.env["PATH"], NODE_ENV: "test", ...inData(source) } },
    );
  const allowed = onSmallDisk(tmpdir(), "true").status === 0;
  const skipped = !allowed && process.env["CI"] === undefined;
  it.skipIf(skipped)("when the disk is full says so and leaves nothing on it", async () => {
    const disk = join(folder, "disk");
    await mkdir(disk);
    const { status, stdout, stderr } = onSmallDisk(
      disk,
      process.execPath,
      program,
      join(disk, "backup"),
    );
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^The disk is full\. Nothing was changed/),
    ]);
    expect(stdout.trim()).toBe("");
    expect(await withEmbedded(source, contentsOf)).toEqual(contents);
  });
  if (skipped) console.warn("Skipped: a full disk needs unshare, which this machine refuses.");
});

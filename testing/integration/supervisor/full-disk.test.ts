import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../../embedded/supervisor/main.ts", import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover full "));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program with a disk of 50 MB at `folder`, which only that program sees. */
const onSmallDisk = (at: string, ...program: readonly string[]) =>
  spawnSync(
    "unshare",
    ["-rm", "sh", "-c", 'mount -t tmpfs -o size=50m none "$0" && exec "$@"', at, ...program],
    { encoding: "utf8", env: { ...process.env, DROVER_DATA_DIR: at, DROVER_MODELS_DIR: at } },
  );

const allowed = onSmallDisk(tmpdir(), "true").status === 0;
const skipped = !allowed && process.env["CI"] === undefined;

describe.skipIf(skipped)("on a disk that is nearly full", () => {
  it("starts nothing and says in one line how much room is needed", () => {
    const { status, stdout, stderr } = onSmallDisk(folder, process.execPath, main);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The disk that holds .* has only \d\d MB left\. Free at least 200 MB/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
  });
});

if (skipped) console.warn("Skipped: a nearly full disk needs unshare, which this machine refuses.");

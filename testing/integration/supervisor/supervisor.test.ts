import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { processStartOf } from "../../../embedded/database/exclusive-lock.mjs";
import { defaultBackoffMs } from "../../../embedded/supervisor/part.ts";
import {
  currentBootId,
  endOrphans,
  readState,
  writeState,
  type PartState,
} from "../../../embedded/supervisor/state-file.ts";
import { createSupervisor, type Supervisor } from "../../../embedded/supervisor/supervisor.ts";
import { startProgram } from "../../services/child-program.ts";
import { journalOf, standInParts } from "./stand-in-parts.ts";

const supervised = fileURLToPath(new URL("./supervised.ts", import.meta.url));
let dataDir: string;
let said: string[];
let running: Supervisor | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover supervisor "));
  said = [];
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

function supervise(options: Parameters<typeof standInParts>[1] = {}): Supervisor {
  running = createSupervisor({
    dataDir,
    parts: standInParts(dataDir, options),
    databaseUrl: "postgres://somewhere",
    report: (sentence) => said.push(sentence),
    backoffMs: (restarts) => restarts * 20,
  });
  return running;
}

const never = new AbortController().signal;
const partNamed = (name: string): PartState => {
  const part = readState(dataDir)?.parts.find((one) => one.name === name);
  if (part === undefined) throw new Error(`no part ${name} in the state file`);
  return part;
};
const runs = ({ pid, processStart }: PartState): boolean =>
  pid !== null && processStart !== null && processStartOf(pid) === processStart;
const pidOf = (name: string): number => partNamed(name).pid ?? 0;

describe("the supervisor", () => {
  it("starts in order, writes down what runs, and stops in the opposite order leaving nothing", async () => {
    const supervisor = supervise();
    await supervisor.start(never);
    supervisor.publishAddress("http://127.0.0.1:3000");
    const state = readState(dataDir);
    expect(state).toMatchObject({
      pid: process.pid,
      address: "http://127.0.0.1:3000",
      databaseUrl: "postgres://somewhere",
    });
    expect(state?.parts.map(({ name, status, restarts }) => [name, status, restarts])).toEqual([
      ["database", "running", 0],
      ["node", "running", 0],
      ["app", "running", 0],
    ]);
    expect(getPriority(pidOf("node")) - getPriority(pidOf("app"))).toBe(5);
    const parts = state?.parts ?? [];
    await supervisor.stop();
    expect(journalOf(dataDir)).toEqual([
      "database started",
      "node started",
      "app started",
      "app stopped",
      "node stopped",
      "database stopped",
    ]);
    expect(parts.filter(runs)).toEqual([]);
    expect(readState(dataDir)).toBeUndefined();
  });

  it("restarts what dies on the same port, says so, and counts it", async () => {
    await supervise().start(never);
    const before = partNamed("node");
    process.kill(before.pid ?? 0, "SIGKILL");
    await vi.waitFor(() => {
      expect(partNamed("node")).toMatchObject({
        status: "running",
        restarts: 1,
        port: before.port,
      });
    });
    expect(said).toEqual([
      expect.stringContaining("node ended unexpectedly") as unknown,
      "node runs again.",
    ]);
    expect(partNamed("database").restarts).toBe(0);
  });

  it("calls it no surprise when a part ends because it was told to, as by a restore", async () => {
    await supervise().start(never);
    process.kill(pidOf("node"), "SIGTERM");
    await vi.waitFor(() => {
      expect(partNamed("node")).toMatchObject({ status: "running", restarts: 1 });
    });
    expect(said).toEqual([
      expect.stringMatching(/^node has ended; it starts again in .* s\.$/) as unknown,
      "node runs again.",
    ]);
  });

  it("ends and restarts what hangs without dying, and leaves what answers alone", async () => {
    await supervise().start(never);
    const frozen = partNamed("node");
    process.kill(frozen.pid ?? 0, "SIGSTOP");
    await vi.waitFor(
      () => {
        expect(partNamed("node")).toMatchObject({ status: "running", restarts: 1 });
      },
      { timeout: 10_000 },
    );
    expect(runs(frozen)).toBe(false);
    expect(said).toEqual([
      "node does not answer any more.",
      expect.stringContaining("node ended unexpectedly") as unknown,
      "node runs again.",
    ]);
    expect([partNamed("database").restarts, partNamed("app").restarts]).toEqual([0, 0]);
  });

  it("waits longer before each restart in a row", async () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(defaultBackoffMs)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    await supervise().start(never);
    for (const restarts of [1, 2, 3]) {
      process.kill(pidOf("app"), "SIGKILL");
      await vi.waitFor(() => {
        expect(partNamed("app")).toMatchObject({ status: "running", restarts });
      });
    }
    const waits = said.flatMap((sentence) => /in ([\d.]+) s/.exec(sentence)?.[1] ?? []);
    expect(waits).toEqual(["0", "0", "0.1"]);
  });

  it("ends a part that does not listen, and what that part started", async () => {
    const supervisor = supervise({ deaf: true });
    await supervisor.start(never);
    const parts = readState(dataDir)?.parts ?? [];
    await supervisor.stop();
    expect(journalOf(dataDir)).toContain("app heard SIGTERM");
    expect(parts.filter(runs)).toEqual([]);
  });

  it("stops everything again when a part does not come up, and repeats its reason", async () => {
    const start = supervise({ fail: "the disk is made of cheese" }).start(never);
    await expect(start).rejects.toThrow("app did not start: the disk is made of cheese");
    expect(journalOf(dataDir).slice(-2)).toEqual(["node stopped", "database stopped"]);
  });
});

it("ends a part that runs and never answers, says so, and stops everything again", async () => {
  const start = supervise({ mute: true }).start(never);
  await expect(start).rejects.toThrow("app did not start: it ran for 0.5 s without an answer");
  expect(journalOf(dataDir).slice(-2)).toEqual(["node stopped", "database stopped"]);
});

describe("after kill -9 of the supervisor", () => {
  it("its parts end by themselves, and the next start takes over", async () => {
    const first = await startProgram([supervised, dataDir]);
    const parts = readState(dataDir)?.parts ?? [];
    await first.kill();
    await vi.waitFor(() => {
      expect(parts.filter(runs)).toEqual([]);
    });
    expect(journalOf(dataDir).filter((line) => line.endsWith("lost its supervisor"))).toHaveLength(
      3,
    );
    const second = await startProgram([supervised, dataDir]);
    expect(second.firstLine).toMatchObject({ ready: true });
    await second.stop();
    expect((await readdir(dataDir)).filter((name) => name.includes("lock"))).toEqual([]);
  });

  it("ends what is left, and never a stranger who got the pid later", async () => {
    await supervise().start(never);
    const [database, , app] = readState(dataDir)?.parts ?? [];
    if (database === undefined || app === undefined) throw new Error("the parts do not run");
    const other = await mkdtemp(join(tmpdir(), "drover-orphans-"));
    const stranger = { ...app, processStart: "1" };
    const left = { pid: 1, bootId: currentBootId(), address: null, databaseUrl: null };
    writeState(other, { ...left, parts: [database, stranger] });
    expect(await endOrphans(other)).toEqual(["database"]);
    expect(runs(app)).toBe(true);

    writeState(other, { ...left, bootId: "another boot", parts: [app] });
    expect(await endOrphans(other)).toEqual([]);
    await writeFile(join(other, "run/state.json"), '{"pid": 12, "par');
    expect(await endOrphans(other)).toEqual([]);
    expect(runs(app)).toBe(true);
    await rm(other, { recursive: true });
  });
});

describe("two at once", () => {
  it("refuses the second and names the first", async () => {
    const first = await startProgram([supervised, dataDir]);
    const second = await startProgram([supervised, dataDir]);
    expect(second.firstLine).toEqual({ refused: first.pid });
    await second.stop();
    await first.stop();
    expect(journalOf(dataDir).filter((line) => line.endsWith("started"))).toHaveLength(3);
  });
});

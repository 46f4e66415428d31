import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProcessStatus } from "./process-status.ts";

describe("process status", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "drover-status-"));
    await mkdir(join(dataDir, "run"));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const written = async (text: string) => {
    await writeFile(join(dataDir, "run", "state.json"), text);
    return createProcessStatus(dataDir).read();
  };

  it("reads the parts that the supervisor wrote and ignores what else it says", async () => {
    const part = { name: "node-1", status: "restarting", restarts: 3 };
    const state = { pid: 1, parts: [{ ...part, since: "2026-01-01T00:00:00Z", port: 1 }] };
    expect(await written(JSON.stringify(state))).toEqual([part]);
  });

  it("says nothing of a file that is absent, half written or foreign", async () => {
    expect(await createProcessStatus(dataDir).read()).toEqual([]);
    expect(await written('{"parts":[{"na')).toEqual([]);
    expect(await written('{"parts":[{"name":"x","status":"dancing","restarts":0}]}')).toEqual([]);
  });
});
